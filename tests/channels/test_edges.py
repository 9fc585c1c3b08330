"""The corners of the kinds: settings that cannot be, platforms that are slow, names that come from outside."""

import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipeline import channels, graph, lookback, oauth, schnorr
from pipeline.channels import reddit, telegram
from pipeline.http import Answer
from pipeline.model import Capabilities, Receipt, Rejected, Unauthorised, Unavailable, UsageError
from pipeline.preparation import kept_limits
from tests.channels.play import NOW, WITH_IMAGE, Vault, config, door, outcome, post_of, sending
from tests.channels.scripted import platform
from tests.channels.test_conformance import CASES


def send(
    kind: str, settings: dict[str, Any], routes: dict[str, Any], article: Any = None, **more: Any
) -> tuple[Any, Any]:
    with platform(routes) as stage, closing(door()) as http:
        given = {name: stage.url if value == "$SERVER" else value for name, value in settings.items()}
        post = post_of(kind, article) if article else post_of(kind)
        channel = channels.build(config(kind, given))
        return outcome(lambda: channel.send(post, sending(http, **more))), stage


# --- finding and building kinds


@pytest.mark.parametrize(
    ("kind", "settings", "words"),
    [
        ("nonsense", {}, 'no kind "nonsense"'),
        ("_private", {}, "no kind"),
        ("mastodon", {"instance": "https://x.example"}, "token"),
        ("mastodon", {"instance": "x", "token": "t", "colour": "red"}, "colour"),
        ("discord", {}, "webhook"),
        ("slack", {"token": "t"}, "channel"),
    ],
)
def test_settings_that_cannot_be_are_named(kind: str, settings: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        channels.build(config(kind, settings))


def test_a_secret_is_opened_for_the_channel_and_hidden_from_everyone_else() -> None:
    secret = SimpleNamespace(reveal=lambda: "the-token")
    channel = channels.build(config("mastodon", {"instance": "https://x.example", "token": secret}))
    assert channel.token == "the-token"
    assert "the-token" not in repr(channel)


def test_an_outside_kind_is_used_only_when_the_operator_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "fax-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: fax\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[standfirst.channels]\nfax = faxmachine\n")
    (tmp_path / "faxmachine.py").write_text("class Channel:\n    CAN = 'a fax'\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert "fax" not in channels.kinds()
    monkeypatch.setenv("STANDFIRST_KINDS", "fax, other")
    assert "fax" in channels.kinds()
    assert channels.channel_class("fax").CAN == "a fax"
    channels.channel_class.cache_clear()
    sys.modules.pop("faxmachine", None)


def test_a_kind_says_how_long_it_may_repeat() -> None:
    told = {
        channels.in_doubt(Capabilities("", replays=timedelta(minutes=20))): "replays for 20 min",
        channels.in_doubt(Capabilities("", replays=timedelta(hours=36))): "replays for 36 h",
        channels.in_doubt(Capabilities("", replays=timedelta(days=7))): "replays for 7 d",
        channels.in_doubt(Capabilities("", replays=timedelta(days=3650), lookup=True)): "replays, looks up",
        channels.in_doubt(Capabilities("")): "asks a person",
    }
    assert list(told) == list(told.values())


def test_a_flow_is_there_for_the_kinds_that_have_one() -> None:
    assert channels.flow_of("x") is not None
    assert channels.flow_of("mastodon") is None


# --- what is asked before and found after


def test_limits_are_asked_once_a_day_for_all_workers() -> None:
    vault = Vault()
    routes = {
        "GET /api/v2/instance": {"json": {"version": "4.4", "configuration": {"statuses": {"max_characters": 7}}}}
    }
    with platform(routes) as stage, closing(door()) as http:
        channel = channels.build(config("mastodon", {"instance": stage.url, "token": "t"}))
        limits = [channel.limits(sending(http, vault=vault)).limit for _ in range(3)]
    assert limits == [7, 7, 7]
    assert len(stage.asked) == 1
    assert vault.kept["limits"][1] == NOW + timedelta(days=1)
    assert kept_limits(sending(None, vault=vault), stage.url, lambda: 1 / 0).limit == 7  # type: ignore[arg-type,return-value]


@pytest.mark.parametrize(
    ("told", "ours"),
    [
        ("2026-03-01T12:00:30Z", True),
        ("2026-03-01T11:55:00+0000", True),
        ("2026-03-01T11:00:00", False),
        (NOW.timestamp(), True),
        (0, False),
        ("yesterday", True),
        (None, True),
        (1e30, True),
    ],
)
def test_an_earlier_post_of_the_same_article_is_not_this_one(told: Any, ours: bool) -> None:
    made = lookback.at(told)
    assert (made is None or made >= lookback.reach(post_of("mastodon"), sending(None))) == ours


# --- kinds


def test_a_webhook_with_a_bad_secret_pauses_its_channel_and_sends_nothing() -> None:
    result, stage = send("webhook", {"url": "$SERVER", "secret": "whsec_!"}, {"POST ": {"status": 200}})
    assert isinstance(result, Unauthorised)
    assert not stage.asked


def test_a_webhook_can_carry_a_header_of_its_receiver_s() -> None:
    _, stage = send("webhook", {"url": "$SERVER", "authorization": "Bearer x"}, {"POST /": {"status": 200}})
    assert stage.asked[0].headers["authorization"] == "Bearer x"
    channel = channels.build(config("webhook", {"url": "https://x.example", "secret": "whsec_YQ=="}))
    assert "cannot be asked" in channel.check(sending(None))


def test_an_article_elsewhere_is_not_told_to_indexnow() -> None:
    result, stage = send("indexnow", {"host": "other.example", "key": "k" * 8, "api_url": "$SERVER"}, {})
    assert isinstance(result, Rejected)
    assert not stage.asked


@pytest.mark.parametrize(("text", "expected"), [("0123456789abcdef\n", str), ("nothing", Rejected)])
def test_indexnow_s_key_file_is_looked_at(text: str, expected: type) -> None:
    with platform({"GET /key.txt": {"text": text}}) as stage, closing(door()) as http:
        settings = {"host": "news.example", "key": "0123456789abcdef", "key_url": f"{stage.url}/key.txt"}
        channel = channels.build(config("indexnow", settings))
        assert isinstance(outcome(lambda: channel.check(sending(http))), expected)


def test_pinterest_and_reddit_need_what_they_show() -> None:
    assert isinstance(send("pinterest", {"board": "b", "token": "t"}, {})[0], Rejected)
    nowhere = replace(WITH_IMAGE, link="")
    assert isinstance(send("reddit", {"subreddit": "s", "client_id": "c"}, {}, nowhere)[0], Rejected)
    assert reddit.wait("try again in 9 minutes.") == timedelta(minutes=9)
    assert reddit.wait("later") is None


def test_ghost_s_key_must_be_one() -> None:
    assert isinstance(send("ghost", {"site": "$SERVER", "admin_key": "1:xyz"}, {})[0], Unauthorised)


def test_telegram_gives_up_on_a_group_that_keeps_moving() -> None:
    moved = {"status": 400, "json": {"description": "moved", "parameters": {"migrate_to_chat_id": -5}}}
    result, _ = send("telegram", {"chat": "1", "token": "t", "api_url": "$SERVER"}, {"POST /bott/sendMessage": moved})
    assert isinstance(result, Rejected)
    assert telegram.Refused("words", None).words == "words"


@pytest.mark.parametrize("state", ["ERROR", "IN_PROGRESS"])
def test_threads_takes_its_time_or_says_no(state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    routes = {**CASES["threads"]["routes"], "GET /v1.0/c1": {"json": {"status": state}}}
    result, stage = send("threads", {"user": "55", "token": "t", "api_url": "$SERVER"}, routes)
    assert isinstance(result, Rejected if state == "ERROR" else Unavailable)
    assert not stage.to("POST /v1.0/55/threads_publish")


def test_threads_goes_without_a_picture_that_it_cannot_fetch() -> None:
    refused = {"status": 400, "json": {"error": {"code": 100, "message": "image could not be fetched"}}}
    routes = {**CASES["threads"]["routes"], "POST /v1.0/55/threads": [refused, {"json": {"id": "c1"}}]}
    result, stage = send("threads", {"user": "55", "token": "t", "api_url": "$SERVER"}, routes, WITH_IMAGE)
    assert isinstance(result, Receipt)
    assert "no picture" in result.degraded[0]
    assert [one.form["media_type"] for one in stage.to("POST /v1.0/55/threads")] == ["IMAGE", "TEXT"]


def test_threads_renews_its_token_long_before_the_end() -> None:
    vault = Vault()
    mark = oauth.Client("", "", access_token="t").mark
    vault.put(oauth.NAME, {"access": "old", "mark": mark, "look": NOW.isoformat()})
    told = {"json": {"access_token": "new", "expires_in": 5_184_000}}
    routes = {**CASES["threads"]["routes"], "GET /refresh_access_token": told}
    result, stage = send("threads", {"user": "55", "token": "t", "api_url": "$SERVER"}, routes, vault=vault)
    assert isinstance(result, Receipt)
    assert len(stage.to("GET /refresh_access_token")) == 1
    assert stage.to("POST /v1.0/55/threads_publish")[0].form["access_token"] == "new"
    assert oauth.expiry(vault) == NOW + timedelta(days=60)


def test_f79_a_threads_token_that_cannot_be_renewed_yet_is_used_and_tried_tomorrow() -> None:
    vault = Vault()
    routes = {**CASES["threads"]["routes"], "GET /refresh_access_token": {"status": 400, "json": {}}}
    result, stage = send("threads", {"user": "55", "token": "t", "api_url": "$SERVER"}, routes, vault=vault)
    assert isinstance(result, Receipt)
    assert len(stage.to("GET /refresh_access_token")) == 1
    assert stage.to("POST /v1.0/55/threads_publish")[0].form["access_token"] == "t"
    assert oauth.expiry(vault) is None


def test_meta_s_usage_header_says_when_calls_are_welcome_again() -> None:
    usage = '{"1":[{"estimated_time_to_regain_access":17}]}'
    assert graph.regained(Answer(400, {"x-business-use-case-usage": usage}, b"")) == timedelta(minutes=17)
    assert graph.regained(Answer(400, {"x-business-use-case-usage": "x"}, b"")) is None
    assert graph.regained(Answer(400, {}, b"")) is None


def test_linkedin_waits_for_the_next_day_when_it_gives_no_hint() -> None:
    routes = {"POST /rest/posts": {"status": 429, "json": {"message": "limit"}}}
    result, _ = send("linkedin", {"author": "urn:li:person:1", "token": "t", "api_url": "$SERVER"}, routes)
    assert isinstance(result, Unavailable)
    assert result.retry_after is not None
    assert timedelta(0) < result.retry_after <= timedelta(days=1)


def test_an_encrypted_matrix_room_is_refused_with_a_reason() -> None:
    room = "/_matrix/client/v3/rooms/%21r%3Ae/state/m.room.encryption"
    routes = {f"GET {room}": {"json": {"algorithm": "m.megolm.v1.aes-sha2"}}}
    result, _ = send("matrix", {"homeserver": "$SERVER", "room": "!r:e", "token": "t"}, routes)
    assert "encrypted" in str(result)


def test_bad_keys_and_points_are_no_signature() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        schnorr.public_key(bytes(32))
    assert not schnorr.verify(bytes(32), b"\xff" * 32, bytes(64))
    assert not schnorr.verify(bytes(32), bytes(31) + b"\x05", bytes(64))


def test_what_x_makes_clickable() -> None:
    from pipeline.text.counting import x

    text = "@ana @b_c/list #town #1 $GOOG #a#b http://x.com/#no mail@b.example RT @rui"
    assert [one.text for one in x.mentions(text)] == ["ana", "rui"]
    assert [one.text for one in x.hashtags(text)] == ["town"]
    assert [one.text for one in x.cashtags(text)] == ["GOOG"]
    assert [text[one.start : one.end] for one in x.mentions(text)] == ["@ana", "@rui"]


def test_the_clock_of_the_cases_is_the_one_they_name() -> None:
    assert datetime(2026, 3, 1, 12, tzinfo=UTC) == NOW
