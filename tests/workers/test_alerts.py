"""F95: the operator is told, once, and told again when it is over; the audience never is."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from pipeline import oauth
from pipeline.config import ChannelConfig, Config, load
from pipeline.feeds import identity
from pipeline.model import ArticleState, Entry, Sending, Unavailable
from pipeline.store import articles, channels, feeds, overview, pulses
from pipeline.store.vault import StoredVault
from pipeline.world import World
from workers.alerts import Watch
from workers.health import examine
from workers.needs import needs

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
    return {alert.key for alert in needs(world)}


def test_f79_credentials_that_end_within_a_week_are_told_ahead(world: World) -> None:
    paper = ChannelConfig(name="paper", kind="linkedin", settings={"author": "urn:li:person:x"})
    world = replace(world, config=replace(world.config, channels={**world.config.channels, "paper": paper}))
    vault = StoredVault(world.store, "paper", world.now)
    told = Sending(http=None, key="", now=NOW, vault=vault)
    assert ("channel_expiring", "paper") not in kinds(world)
    oauth.keep({"access_token": "a", "expires_in": 86_400 * 60}, "", told)
    assert ("channel_expiring", "paper") not in kinds(world)
    oauth.keep({"access_token": "a", "expires_in": 86_400 * 6}, "", told)
    alert = next(one for one in needs(world) if one.kind == "channel_expiring")
    assert "2026-05-10 12:00 UTC: standfirst channels connect paper" in alert.reason
    oauth.keep({"access_token": "a", "expires_in": 3600, "refresh_token": "r"}, "", told)  # it is refreshed by itself
    assert ("channel_expiring", "paper") not in kinds(world)


def seen(world: World, *ages: timedelta, state: ArticleState = ArticleState.FANNED) -> None:
    """Articles first seen so long ago."""
    with world.store.begin() as tx:
        for age in sorted(ages, reverse=True):
            name = str(age)
            entry = Entry(entry_id=name, link=f"https://herald.example/{name}", title=name)
            articles.add(tx, "herald", entry, seed=name, state=state, now=NOW - age, trace="t", reason="")
        feeds.change(tx, "herald", changed_at=NOW - min(ages))


def arrives(world: World, *moments: datetime) -> None:
    """Polls that brought an article each."""
    memory = identity.Memory()
    for moment in sorted(moments):
        memory = memory.arrived(1, moment)
    with world.store.begin() as tx:
        feeds.change(tx, "herald", changed_at=max(moments), memory=identity.dump(memory))


def test_nothing_wants_a_person_in_a_new_installation(world: World) -> None:
    assert needs(world) == []


def passing(world: World) -> World:
    """The same world; a second passes with each question for the time."""
    seconds = itertools.count()
    return replace(world, now=lambda: NOW + timedelta(seconds=next(seconds)))


def test_an_alert_is_told_once_and_once_more_when_it_is_over(world: World) -> None:
    watching = passing(world)
    with world.store.begin() as tx:
        channels.pause(tx, "desk", "the token was revoked", NOW)
    with capture_logs() as said:
        for _ in range(3):
            Watch(watching).look()
        with world.store.begin() as tx:
            channels.resume(tx, "desk", NOW)
        for _ in range(3):
            Watch(watching).look()
    assert [(line["event"], line["alert"], line["subject"]) for line in said] == [
        ("alert_raised", "channel_paused", "desk"),
        ("alert_cleared", "channel_paused", "desk"),
    ]


@pytest.mark.parametrize(
    ("gap", "silence", "told"),
    [
        (timedelta(hours=1), timedelta(days=6), False),  # a week is never suspicious
        (timedelta(hours=1), timedelta(days=8), True),
        (timedelta(days=7), timedelta(days=20), False),  # a weekly magazine
        (timedelta(days=7), timedelta(days=22), True),
        (timedelta(days=7), timedelta(days=90), True),  # and it stays so, however long it lasts
    ],
)
def test_a_feed_is_silent_by_its_own_habits(world: World, gap: timedelta, silence: timedelta, told: bool) -> None:
    arrives(world, *(NOW - silence - gap * number for number in range(6)))
    assert (("feed_silent", "herald") in kinds(world)) is told


def test_a_feed_whose_habits_are_not_known_is_never_called_silent(world: World) -> None:
    arrives(world, NOW - timedelta(days=90), NOW - timedelta(days=91))
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
    [alert] = needs(world)
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


def test_f95_the_operator_is_told_and_no_channel_gets_a_word(world: World) -> None:
    from pipeline.config import Secret

    sent: list[tuple[str, str, str]] = []

    class Door:
        def post(self, url: str, *, json: dict[str, Any], **_: Any) -> None:
            sent.append((url, json["type"], json["data"]["alert"]))

    settings = replace(world.config.settings, alert_url=Secret("https://pager.example/x"))
    told = passing(replace(world, config=replace(world.config, settings=settings), http=Door()))  # type: ignore[arg-type]
    with world.store.begin() as tx:
        feeds.change(tx, "herald", state="failing", failing_since=NOW - timedelta(hours=2), error="timed out")
        channels.pause(tx, "desk", "the token was revoked", NOW)
    for _ in range(3):
        Watch(told).look()
    with world.store.begin() as tx:
        feeds.change(tx, "herald", state="active", failing_since=None, error=None)
        channels.resume(tx, "desk", NOW)
    for _ in range(3):
        Watch(told).look()
    raised = {("alert.raised", "feed_failing"), ("alert.raised", "channel_paused")}
    assert {(kind, alert) for _, kind, alert in sent[:2]} == raised
    assert {(kind, alert) for _, kind, alert in sent[2:]} == {("alert.cleared", alert) for _, alert in raised}
    assert (len(sent), {url for url, _, _ in sent}) == (4, {"https://pager.example/x"})
    with world.store.read() as tx:
        assert overview.deliveries_list(tx, NOW) == []


def test_an_address_that_is_away_is_told_when_it_is_back(world: World) -> None:
    from pipeline.config import Secret

    sent: list[str] = []
    there = [False]

    class Door:
        def post(self, url: str, *, json: dict[str, Any], **_: Any) -> None:
            if not there[0]:
                raise Unavailable("refused")
            sent.append(json["type"])

    settings = replace(world.config.settings, alert_url=Secret("https://pager.example/x"))
    told = passing(replace(world, config=replace(world.config, settings=settings), http=Door()))  # type: ignore[arg-type]
    with world.store.begin() as tx:
        channels.pause(tx, "desk", "the token was revoked", NOW)
    with capture_logs() as said:
        for _ in range(2):
            Watch(told).look()
        there[0] = True
        for _ in range(2):
            Watch(told).look()
    assert sent == ["alert.raised"]
    assert [line["event"] for line in said] == ["alert_raised", "alert_unsent", "alert_unsent"]
