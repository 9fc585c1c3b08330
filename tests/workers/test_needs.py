"""What needs a person is said by one function: headline, list, count, `status`, its exit code and `/readyz` agree."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline import stages
from pipeline.config import Config, load
from pipeline.feeds import identity
from pipeline.model import ArticleState, DeliveryState
from pipeline.store import channels, deliveries, feeds, pulses
from pipeline.world import World
from tests.workers.http_client import NOW, TOKEN, TOML, HttpClient, article, fanned
from workers.cli import glance
from workers.needs import Need, needs, total


@pytest.fixture
def config(tmp_path: Path, migrated_url: str) -> Config:
    """On each database."""
    path = tmp_path / "standfirst.toml"
    path.write_text(TOML.replace("sqlite:///standfirst.db", migrated_url))
    return load(path, {"HOOK": "hook-s3cret", "TOKEN": TOKEN})


@pytest.fixture
def world(config: Config) -> Iterator[World]:
    """A world whose sweep is in time."""
    made = World.open(config)
    with made.store.begin() as tx:
        pulses.claim(tx, "poll", NOW - timedelta(minutes=1), NOW)
        pulses.seen(tx, "poll", NOW)
    yield replace(made, now=lambda: NOW)
    made.close()


def refused(world: World) -> None:
    with world.store.begin() as tx:
        feeds.change(tx, "herald", state="refused", reason="the server may not show the feed (451)")


def failing(world: World) -> None:
    with world.store.begin() as tx:
        since = NOW - timedelta(hours=2)
        feeds.change(tx, "herald", state="failing", failing_since=since, failures=5, error="the host is not found")


def silent(world: World) -> None:
    memory = identity.Memory()
    for days in (32, 31, 30):
        memory = memory.arrived(1, NOW - timedelta(days=days))
    with world.store.begin() as tx:
        feeds.change(tx, "herald", changed_at=NOW - timedelta(days=30), memory=identity.dump(memory))


def paused(world: World) -> None:
    with world.store.begin() as tx:
        channels.pause(tx, "desk", "the token was revoked", NOW)


def held(world: World) -> None:
    article(world, 1, ArticleState.HELD)


def set_aside(world: World) -> None:
    for number in range(3):
        article(world, number, ArticleState.SET_ASIDE)


def delivery(state: DeliveryState) -> Callable[[World], None]:
    def bring(world: World) -> None:
        for number in range(14):
            _, ident = fanned(world, number)
            with world.store.begin() as tx:
                deliveries.change(tx, ident, [DeliveryState.PENDING], state, "it said no", None)

    return bring


TROUBLE: list[tuple[Callable[[World], None], str, int, str]] = [
    (refused, "feed_refused", 1, "the server may not show the feed (451)"),
    (failing, "feed_failing", 1, "the host is not found"),
    (silent, "feed_silent", 1, "herald"),
    (paused, "channel_paused", 1, "the token was revoked"),
    (held, "articles_held", 1, "The bridge, part 1"),
    (set_aside, "articles_set_aside", 3, "The bridge, part 2"),
    (delivery(DeliveryState.DEAD), "deliveries_dead", 14, "14 deliveries were refused for good"),
    (delivery(DeliveryState.HELD), "deliveries_held", 14, "14 deliveries wait for release"),
    (delivery(DeliveryState.UNCERTAIN), "deliveries_uncertain", 14, "14 deliveries may or may not be there"),
]


def headline(editor: HttpClient) -> str:
    page = editor.get("/").text
    return page[page.index("<h1>") + 4 : page.index("</h1>")]


def waiting_list(editor: HttpClient) -> str:
    page = editor.get("/").text
    return page[page.index("<h2>Waits for you</h2>") : page.index("<h2>Just posted</h2>")]


@pytest.mark.parametrize(("bring", "kind", "count", "words"), TROUBLE, ids=[row[1] for row in TROUBLE])
def test_whatever_needs_a_person_is_told_alike_everywhere(
    world: World, editor: HttpClient, bring: Callable[[World], None], kind: str, count: int, words: str
) -> None:
    bring(world)
    [need] = needs(world)
    assert (need.kind, need.count) == (kind, count)
    assert headline(editor) == ("One thing waits for you" if count == 1 else f"{count} things wait for you")
    assert words in waiting_list(editor)
    assert "Nothing waits" not in editor.get("/").text
    seen = glance.look(world)
    assert [(row["kind"], row["count"]) for row in seen["needs"]] == [(kind, count)]
    assert not glance.in_order(seen)
    assert editor.get("/readyz").json() == {"ready": True, "problems": [], "needs_a_person": {kind: count}}
    assert [row["kind"] for row in editor.get("/api/overview").json()["needs"]] == [kind]
    assert f'standfirst_needs_a_person{{kind="{kind}"}} {count}.0' in editor.get("/metrics").text


def test_where_nothing_needs_a_person_everything_says_so(world: World, editor: HttpClient) -> None:
    fanned(world)
    assert needs(world) == []
    assert headline(editor) == "All is in order"
    assert "Nothing." in waiting_list(editor)
    assert glance.in_order(glance.look(world))
    assert editor.get("/readyz").json() == {"ready": True, "problems": [], "needs_a_person": {}}


def test_what_does_not_run_is_told_first_and_is_not_ready(world: World, editor: HttpClient) -> None:
    late = replace(world, now=lambda: NOW + timedelta(hours=1))
    browser = HttpClient(world.config, late)
    browser.get("/login", params={"token": TOKEN})
    assert headline(browser) == "Something does not run"
    assert "no sweep has run" in waiting_list(browser)
    answer = browser.get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (503, False)
    assert not glance.in_order(glance.look(late))
    browser.close()


def test_a_feed_that_fails_for_minutes_is_named_and_waits_for_nobody(world: World, editor: HttpClient) -> None:
    with world.store.begin() as tx:
        since = NOW - timedelta(minutes=5)
        feeds.change(tx, "herald", state="failing", failing_since=since, failures=1, error="timed out")
    assert needs(world) == []
    assert headline(editor) == "All is in order"
    assert "1 feed could not be read just now and is tried again by itself" in editor.get("/").text
    assert waiting_list(editor).count("herald") == 0


def test_a_feed_that_a_person_paused_waits_for_nobody(world: World) -> None:
    failing(world)
    with world.store.begin() as tx:
        feeds.change(tx, "herald", state="paused", reason="paused by a person")
    assert needs(world) == []


def test_the_commands_that_a_need_names_exist() -> None:
    from typer.main import get_command

    from workers.cli.commands import app
    from workers.needs import NEXT

    known = get_command(app).commands  # type: ignore[attr-defined]
    assert {words.split()[0] for words in NEXT.values()} <= set(known)


def test_things_are_counted_one_by_one() -> None:
    assert total([Need("articles_held", "herald", "", 12), Need("channel_paused", "desk", "")]) == 13


def test_a_single_thing_is_said_in_the_singular(world: World, editor: HttpClient) -> None:
    ident = article(world, 1, ArticleState.HELD)
    assert needs(world)[0].reason == "1 article waits for release"
    stages.orders.discard(world, stages.orders.the_article(world, ident))
    _, posted = fanned(world, 2)
    with world.store.begin() as tx:
        deliveries.change(tx, posted, [DeliveryState.PENDING], DeliveryState.DELIVERED, "", None, delivered_at=NOW)
    assert "1 post in the last day" in editor.get("/").text
