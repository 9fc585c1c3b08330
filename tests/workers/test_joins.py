"""A join that leaves a channel without either post is told, and can be undone; so is a doubt."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline import stages
from pipeline.config import Config, load
from pipeline.model import ArticleState, DeliveryState, Entry
from pipeline.stages import orders
from pipeline.store import Tx, articles, deliveries, fingerprints
from pipeline.world import World
from tests.workers.http_client import NOW, TOKEN, TOML, HttpClient, article, csrf
from tests.workers.test_needs import headline, waiting_list
from workers import comparing, joins
from workers.needs import needs

NEW = "The mill bridge opens at last"


@pytest.fixture
def config(tmp_path: Path, migrated_url: str) -> Config:
    """On each database."""
    path = tmp_path / "standfirst.toml"
    path.write_text(TOML.replace("sqlite:///standfirst.db", migrated_url))
    return load(path, {"HOOK": "hook-s3cret", "TOKEN": TOKEN})


def story(world: World, state: ArticleState = ArticleState.ARCHIVED, reason: str = "", **more: Any) -> str:
    """The first article."""
    ident = article(world, 1, state, **more)
    with world.store.begin() as tx:
        found = articles.get(tx, ident)
        assert found
        articles.set_state(tx, found.seq, [state], state, reason, NOW)
    return ident


def joined(world: World, to: str, number: int = 2, *, age: timedelta = timedelta(0), **more: Any) -> str:
    """An article that joined it."""
    entry = Entry(entry_id=f"j{number}", link=f"https://herald.example/j{number}", title=f"{NEW} {number}", **more)
    with world.store.begin() as tx:
        seq, ident = articles.add(
            tx, "herald", entry, seed=f"j{number}", state=ArticleState.TEASED, now=NOW - age, trace="t"
        )
        articles.write_teaser(tx, seq, "A teaser of long ago.", "summary", "")
        found, first = articles.get(tx, ident), articles.get(tx, to)
        assert found
        assert first
        articles.move(tx, found, ArticleState.JOINED, "the same text", joined_to=first.id)
    return ident


def delivery(world: World, ident: str, state: DeliveryState, reason: str = "") -> None:
    with world.store.begin() as tx:
        found = articles.get(tx, ident)
        assert found
        made = deliveries.add(tx, found, "desk", state=DeliveryState.PENDING, due_at=NOW, now=NOW)
        assert made
        deliveries.change(tx, made, [DeliveryState.PENDING], state, reason, None)


def silent(world: World) -> list[tuple[str, tuple[str, ...]]]:
    with world.store.read() as tx:
        return [(one.article.id, one.channels) for one in joins.silent(world, tx)]


def archived(world: World) -> str:
    return story(world)


def cancelled(world: World) -> str:
    ident = story(world, ArticleState.FANNED)
    delivery(world, ident, DeliveryState.CANCELLED, "it left the feed")
    return ident


def filtered(world: World) -> str:
    ident = story(world, ArticleState.FANNED)
    delivery(world, ident, DeliveryState.FILTERED, "its tag is one the route leaves out")
    return ident


def vanished(world: World) -> str:
    return story(world, ArticleState.WITHDRAWN, "it left its feed")


@pytest.mark.parametrize("first", [archived, cancelled, filtered, vanished])
def test_a_join_that_leaves_a_channel_without_either_post_is_told_everywhere(
    world: World,
    editor: HttpClient,
    first: Callable[[World], str],
) -> None:
    ident = joined(world, first(world))
    assert silent(world) == [(ident, ("desk",))]
    [need] = needs(world)
    assert (need.kind, need.count) == ("joins_silent", 1)
    assert need.reason == "1 article joined an earlier one, and neither was posted on desk"
    assert headline(editor) == "One thing waits for you"
    assert f'href="/article/{ident}#pair"' in waiting_list(editor)
    page = editor.get(f"/article/{ident}").text
    assert 'id="pair"' in page
    assert "Two stories: post this one too" in page


def test_a_join_whose_story_is_posted_is_nobodys_business(world: World) -> None:
    for number, state in enumerate(("pending", "delivered", "uncertain", "held", "dead")):
        first = article(world, number, ArticleState.FANNED)
        delivery(world, first, DeliveryState(state))
        joined(world, first, 10 + number)
    assert silent(world) == []


def test_a_join_to_a_story_that_is_on_its_way_is_not_told(world: World) -> None:
    for number, state in enumerate(("new", "teased", "ready", "held", "set_aside")):
        joined(world, article(world, number, ArticleState(state)), 10 + number)
    assert silent(world) == []


def test_what_a_person_decided_is_not_told_again(world: World) -> None:
    discarded = story(world, ArticleState.WITHDRAWN, orders.DISCARDED)
    joined(world, discarded)
    skipped = article(world, 5, ArticleState.FANNED)
    delivery(world, skipped, DeliveryState.CANCELLED, orders.SKIPPED)
    joined(world, skipped, 6)
    same = article(world, 7, ArticleState.ARCHIVED)
    ident = joined(world, same, 8)
    assert silent(world) == [(ident, ("desk",))]
    comparing.together(world, comparing.pair(world, ident, same))
    assert silent(world) == []


def test_an_old_join_is_in_the_listing_and_asks_for_nobody(world: World) -> None:
    ident = joined(world, story(world), age=timedelta(days=9))
    assert silent(world) == []
    with world.store.read() as tx:
        assert [one.article.id for one in joins.silent(world, tx, timedelta(days=30))] == [ident]


def everything(world: World) -> None:
    """Every stage but sending, until nothing is due."""
    for _ in range(3):
        with world.store.read() as tx:
            due = articles.due(tx, ArticleState.NEW, world.now(), 10)
        for ident in due:
            stages.teaser(world, ident)
        stages.dedupe(world)
        stages.fanout(world)


def posts(tx: Tx, ident: str) -> list[str]:
    found = articles.get(tx, ident)
    assert found
    return [one.channel for one in deliveries.of_article(tx, found.seq)]


def test_two_stories_said_later_posts_what_was_missed_once(world: World, editor: HttpClient) -> None:
    first = story(world)
    text = "The council of Wrenbridge has opened the mill bridge after three years of work on its arches and its piers."
    ident = joined(world, first, summary=text)
    form = {"article": ident, "other": first, "back": "/"}
    for _ in range(2):
        editor.post("/orders/apart", data={**form, "csrf": csrf(editor)})
        everything(world)
    with world.store.read() as tx:
        found = articles.get(tx, ident)
        assert found
        assert (found.state, found.joined_to) == ("fanned", None)
        assert found.teaser.startswith("The council of Wrenbridge")
        assert posts(tx, ident) == ["desk"]
        assert posts(tx, first) == []
    assert needs(world) == []


def test_one_story_said_later_is_kept_and_asked_no_more(world: World, editor: HttpClient) -> None:
    first = story(world)
    ident = joined(world, first)
    editor.post("/orders/together", data={"csrf": csrf(editor), "article": ident, "other": first, "back": "/"})
    assert "stays joined" in editor.get("/").text
    assert headline(editor) == "All is in order"
    assert "One story or two?" not in editor.get(f"/article/{ident}").text
    comparing.apart(world, comparing.pair(world, ident, first))  # a person may think again
    with world.store.read() as tx:
        assert articles.get(tx, ident).state == "new"  # type: ignore[union-attr]


def test_a_doubt_is_an_alert_of_its_own_and_shows_both_texts(world: World, editor: HttpClient) -> None:
    first = article(world, 1, ArticleState.FANNED)
    doubtful, flood = article(world, 2, ArticleState.HELD), article(world, 3, ArticleState.HELD)
    with world.store.begin() as tx:
        fingerprints.set_apart(tx, doubtful, first, "asked", NOW)
    assert {(need.kind, need.count) for need in needs(world)} == {("articles_doubtful", 1), ("articles_held", 1)}
    cards = waiting_list(editor)
    assert f'href="/article/{doubtful}#pair"' in cards
    assert f'href="/article/{flood}#pair"' not in cards
