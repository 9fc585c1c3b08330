"""F95: the operator is told, once, and told again when it is over; the audience never is."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from pipeline.config import Config, load
from pipeline.model import ArticleState, Entry
from pipeline.store import articles, channels, feeds, pulses
from pipeline.world import World
from workers.alerts import Watch, conditions
from workers.health import examine

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
TOML = """
[standfirst]
store = "sqlite:///standfirst.db"
[[feeds]]
name = "herald"
url = "https://herald.example/feed.xml"
[[channels]]
name = "desk"
kind = "webhook"
url = "https://desk.example/hook"
[[routes]]
feeds = ["herald"]
channels = ["desk"]
"""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    path = tmp_path / "standfirst.toml"
    path.write_text(TOML)
    config: Config = load(path, {})
    made = World.open(config)
    yield replace(made, now=lambda: NOW)
    made.close()


def kinds(world: World) -> set[tuple[str, str]]:
    return {alert.key for alert in conditions(world)}


def seen(world: World, *ages: timedelta, state: ArticleState = ArticleState.FANNED) -> None:
    """Articles first seen so long ago."""
    with world.store.begin() as tx:
        for age in sorted(ages, reverse=True):
            name = str(age)
            entry = Entry(entry_id=name, link=f"https://herald.example/{name}", title=name)
            articles.add(tx, "herald", entry, seed=name, state=state, now=NOW - age, trace="t", reason="")
        feeds.change(tx, "herald", changed_at=NOW - min(ages))


def test_nothing_wants_a_person_in_a_new_installation(world: World) -> None:
    assert conditions(world) == []


def test_an_alert_is_told_once_and_once_more_when_it_is_over(world: World) -> None:
    watch = Watch(world)
    with world.store.begin() as tx:
        channels.pause(tx, "desk", "the token was revoked", NOW)
    with capture_logs() as said:
        for _ in range(3):
            watch.look()
        with world.store.begin() as tx:
            channels.resume(tx, "desk")
        for _ in range(3):
            watch.look()
    assert [(line["event"], line["alert"], line["subject"]) for line in said] == [
        ("alert_raised", "channel_paused", "desk"),
        ("alert_cleared", "channel_paused", "desk"),
    ]


@pytest.mark.parametrize(
    ("pause", "silence", "told"),
    [
        (timedelta(hours=1), timedelta(hours=1, minutes=50), False),  # never before two hours
        (timedelta(hours=1), timedelta(hours=3), True),  # an hourly feed, silent for three
        (timedelta(hours=9), timedelta(hours=12), False),  # it sleeps at night
        (timedelta(hours=9), timedelta(hours=14), True),
        (timedelta(days=3), timedelta(days=4), False),  # a weekly magazine
    ],
)
def test_a_feed_is_silent_by_its_own_habits(world: World, pause: timedelta, silence: timedelta, told: bool) -> None:
    ages = [silence + timedelta(minutes=10 * number) for number in range(12)]
    seen(world, *ages, ages[-1] + pause)
    assert (("feed_silent", "herald") in kinds(world)) is told


def test_a_feed_with_few_articles_is_never_called_silent(world: World) -> None:
    seen(world, timedelta(days=9), timedelta(days=10))
    assert kinds(world) == set()


def test_a_feed_that_fails_for_an_hour_or_refuses_us_is_told(world: World) -> None:
    with world.store.begin() as tx:
        feeds.change(tx, "herald", state="failing", failing_since=NOW - timedelta(minutes=50), error="timed out")
    assert kinds(world) == set()
    with world.store.begin() as tx:
        feeds.change(tx, "herald", failing_since=NOW - timedelta(hours=2))
    assert kinds(world) == {("feed_failing", "herald")}
    with world.store.begin() as tx:
        feeds.change(tx, "herald", state="gone", reason="410")
    assert kinds(world) == {("feed_refused", "herald")}


def test_articles_held_for_release_are_told(world: World) -> None:
    seen(world, timedelta(minutes=5), timedelta(minutes=6), state=ArticleState.HELD)
    [alert] = conditions(world)
    assert (alert.kind, alert.reason) == ("articles_held", "2 articles wait for release")


def beat(world: World, queue: str, *, sent: timedelta, taken: timedelta) -> None:
    with world.store.begin() as tx:
        pulses.claim(tx, queue, NOW - taken, NOW)
        pulses.seen(tx, queue, NOW - taken)
        pulses.claim(tx, queue, NOW - sent, NOW)


@pytest.mark.parametrize(
    ("sent", "taken", "problem"),
    [
        (timedelta(seconds=10), timedelta(seconds=70), None),
        (timedelta(seconds=10), timedelta(minutes=4), "nobody works on the queue poll"),
        (timedelta(minutes=5), timedelta(minutes=5), "no sweep has run"),
    ],
)
def test_queues_that_nobody_works_on_and_sweeps_that_do_not_run_are_found(
    world: World, sent: timedelta, taken: timedelta, problem: str | None
) -> None:
    beat(world, "poll", sent=sent, taken=taken)
    health = examine(world)
    assert health.ready is (problem is None)
    assert problem is None or problem in health.problems[0]


def test_the_alert_s_address_gets_it_as_json_and_its_failure_is_no_trouble(world: World) -> None:
    from pipeline.config import Secret

    sent: list[dict[str, Any]] = []

    class Door:
        def post(self, url: str, *, json: dict[str, Any], **_: Any) -> None:
            sent.append(json)

    settings = replace(world.config.settings, alert_url=Secret("https://pager.example/x"))
    told = replace(world, config=replace(world.config, settings=settings), http=Door())  # type: ignore[arg-type]
    with world.store.begin() as tx:
        channels.pause(tx, "desk", "the token was revoked", NOW)
    Watch(told).look()
    assert sent[0]["type"] == "alert.raised"
    assert sent[0]["data"] == {"alert": "channel_paused", "subject": "desk", "reason": "the token was revoked"}
