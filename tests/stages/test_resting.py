"""A channel that rests is no stuck queue: it says until when and why, and what waits there is late for nobody."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from pipeline.config.values import Quiet
from pipeline.model import DeliveryState, Stage
from pipeline.stages import orders
from pipeline.store import channels, overview
from tests.stages.conftest import DO, START, Newsroom
from workers.cli import story
from workers.demo.sandbox import Fault

CHANNEL = "mastodon"


def settle(newsroom: Newsroom, **settings: Any) -> None:
    """Route to the one channel, with these settings, and send what is there."""
    newsroom.only(CHANNEL)
    given = replace(newsroom.config.channels[CHANNEL], **settings)
    newsroom.config = replace(newsroom.config, channels=newsroom.config.channels | {CHANNEL: given})
    world = newsroom.world()
    for stage in (Stage.FANOUT, Stage.DELIVER):
        DO[stage](world, CHANNEL)


def queue(newsroom: Newsroom) -> dict[str, Any]:
    with newsroom.store.read() as tx:
        return next(row for row in overview.queues(tx, newsroom.now) if row["queue"] == "deliver")


def channel(newsroom: Newsroom) -> dict[str, Any]:
    with newsroom.store.read() as tx:
        return next(row for row in overview.channels_list(tx, newsroom.now) if row["name"] == CHANNEL)


def test_quiet_hours_are_no_backlog_and_say_until_when_and_why(newsroom: Newsroom) -> None:
    made = newsroom.article()
    settle(newsroom, quiet=Quiet(time(11), time(14)))
    newsroom.now += timedelta(minutes=90)
    assert queue(newsroom) == {"queue": "deliver", "depth": 0, "oldest_s": 0.0, "resting": 1}
    row = channel(newsroom)
    assert (row["state"], row["oldest_s"]) == ("resting", 0.0)
    assert row["next_send_at"] == datetime(2026, 11, 22, 14, tzinfo=UTC)
    assert "quiet hours" in row["reason"]
    with newsroom.store.read() as tx:
        listed = overview.deliveries_list(tx, newsroom.now)[0]
    assert (listed["rests_until"], listed["rest_reason"]) == (row["next_send_at"], row["reason"])
    told = story.of(newsroom.world(), made.id)
    assert "rests until" in told["deliveries"][0]["next"]
    assert "quiet hours" in told["deliveries"][0]["next"]


def test_what_waited_for_the_end_of_a_rest_is_late_from_that_end_on_only(newsroom: Newsroom) -> None:
    newsroom.article()
    settle(newsroom, quiet=Quiet(time(11), time(14)))
    newsroom.now = datetime(2026, 11, 22, 14, 0, 5, tzinfo=UTC)
    assert queue(newsroom) == {"queue": "deliver", "depth": 1, "oldest_s": 5.0, "resting": 0}
    assert channel(newsroom)["oldest_s"] == 5.0


def test_posts_that_keep_their_distance_rest(newsroom: Newsroom) -> None:
    for n in range(3):
        newsroom.article(n)
    settle(newsroom, spacing=timedelta(minutes=10))
    newsroom.now += timedelta(minutes=9)
    assert queue(newsroom)["resting"] == 2
    assert "10 min apart" in channel(newsroom)["reason"]


def test_what_waits_for_room_under_the_ceiling_is_not_due(newsroom: Newsroom) -> None:
    for n in range(3):
        newsroom.article(n)
    settle(newsroom, per_hour=1, per_day=0, spacing=timedelta(0))
    newsroom.now += timedelta(minutes=30)
    assert (queue(newsroom)["depth"], queue(newsroom)["oldest_s"]) == (0, 0.0)
    with newsroom.store.read() as tx:
        waiting = overview.deliveries_list(tx, newsroom.now, states=[DeliveryState.PENDING])
    assert {row["due_at"] for row in waiting} == {START + timedelta(hours=1)}
    assert all("in an hour" in row["reason"] for row in waiting)


def test_a_platform_that_asks_for_patience_is_named_as_the_reason(newsroom: Newsroom) -> None:
    newsroom.article()
    newsroom.platforms[CHANNEL].fail(Fault(stored=False, status=429, headers={"Retry-After": "1800"}))
    settle(newsroom)
    newsroom.now += timedelta(minutes=20)
    assert queue(newsroom)["depth"] == 0
    assert channel(newsroom)["reason"].startswith("the platform asked to wait: ")


@pytest.mark.parametrize("hours", [1, 30])
def test_a_channel_that_is_resumed_is_late_from_then_on_only(newsroom: Newsroom, hours: int) -> None:
    newsroom.article()
    newsroom.only(CHANNEL)
    world = newsroom.world()
    orders.pause_channel(world, CHANNEL)
    DO[Stage.FANOUT](world, "")
    newsroom.now += timedelta(hours=hours)
    assert channel(newsroom)["state"] == "paused"
    orders.resume_channel(world, CHANNEL)
    assert (queue(newsroom)["depth"], queue(newsroom)["oldest_s"]) == (1, 0.0)
    with newsroom.store.read() as tx:
        assert channels.resting(tx, newsroom.now) == {}
