"""Apprise says yes or no; a no leaves it open whether some of it arrived."""

import logging
from typing import Any

import pytest

from pipeline import channels
from pipeline.model import Receipt
from tests.channels.play import KEY, config, outcome, post_of, sending
from tests.channels.scripted import platform

pytest.importorskip("apprise", reason='needs: pip install "standfirst[apprise]"')
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of what its hundred plug-ins import


def send(url: str) -> Any:
    channel = channels.build(config("apprise", {"url": url}))
    return outcome(lambda: channel.send(post_of("apprise"), sending(None)))


def test_a_message_arrives_through_the_library() -> None:
    with platform({"POST /notify": {"status": 200}}) as stage:
        result = send(stage.url.replace("http://", "json://") + "/notify")
    assert result == Receipt(KEY)
    assert stage.asked[0].json["title"] == "Council votes to rebuild the mill bridge"
    assert "https://news.example/2026/mill-bridge" in stage.asked[0].json["message"]


def test_a_no_is_a_person_s_to_settle(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    with platform({"POST /notify": {"status": 500}}) as stage:
        result = send(stage.url.replace("http://", "json://user:apprise-password@") + "/notify")
    assert type(result).__name__ == "Uncertain"
    assert "apprise-password" not in str(result)


def test_an_address_that_apprise_does_not_know_pauses_the_channel() -> None:
    assert type(send("nonsense://x")).__name__ == "Unauthorised"


def test_check_names_the_service() -> None:
    channel = channels.build(config("apprise", {"url": "json://localhost/x"}))
    assert channel.check(sending(None)).startswith("JSON")
    assert not channel.CAN.resolves
