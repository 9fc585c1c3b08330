"""An order with a key is carried out once, by whichever door and however often it comes; the second republish asks."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline import stages
from pipeline.config import load
from pipeline.model import Article, ArticleState, Entry, Stage, UsageError
from pipeline.stages import orders
from pipeline.stages.once import KeyReused, key_for, once, once_outside
from pipeline.stages.prune import ORDERS_KEPT, prune
from pipeline.store import articles, channels, deliveries, history
from pipeline.world import World

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
TOML = """
[standfirst]
store = { env = "STORE" }
delay = "0s"
[[feeds]]
name = "herald"
url = "https://herald.example/feed.xml"
[[channels]]
name = "desk"
kind = "webhook"
url = "https://desk.example/hook"
[[channels]]
name = "wire"
kind = "webhook"
url = "https://wire.example/hook"
[[routes]]
feeds = ["herald"]
channels = ["desk"]
"""


class Clock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(tmp_path: Path, migrated_url: str, clock: Clock) -> Iterator[World]:
    path = tmp_path / "standfirst.toml"
    path.write_text(TOML)
    made = World.open(load(path, {"STORE": migrated_url}))
    yield replace(made, now=clock)
    made.close()


@pytest.fixture
def posted(world: World) -> Article:
    """An article that was posted on desk."""
    entry = Entry(entry_id="1", link="https://herald.example/1", title="The bridge")
    with world.store.begin() as tx:
        _, ident = articles.add(
            tx, "herald", entry, seed="1", state=ArticleState.READY, now=NOW, trace="t", reason="a test"
        )
    stages.fanout(world)
    return arrived(world, ident)


def arrived(world: World, ident: str) -> Article:
    """The article, with all that was on its way now delivered."""
    with world.store.begin() as tx:
        found = articles.get(tx, ident)
        assert found
        for one in deliveries.of_article(tx, found.seq):
            deliveries.change(tx, one.id, ["pending"], "delivered", "", None, delivered_at=world.now())
    return found


def posts(world: World, article: Article) -> int:
    with world.store.read() as tx:
        return len(deliveries.of_article(tx, article.seq))


def given(world: World, article: Article, key: str, *, again: bool = False) -> list[int]:
    told = {"article": article.id, "channels": ["desk"]}
    return once(world, key, "republish", told, lambda w: orders.republish(w, article, ["desk"], again=again))


def test_the_same_key_acts_once_and_gets_the_same_answer(world: World, posted: Article) -> None:
    first = given(world, posted, "k")
    arrived(world, posted.id)
    assert given(world, posted, "k") == first
    assert given(world, posted, "k", again=True) == first
    assert posts(world, posted) == 2


def test_another_key_is_another_order(world: World, posted: Article, clock: Clock) -> None:
    given(world, posted, "k")
    arrived(world, posted.id)
    clock.now += timedelta(minutes=2)
    given(world, posted, "l")
    assert posts(world, posted) == 3


def test_a_key_belongs_to_one_order(world: World, posted: Article) -> None:
    given(world, posted, "k")
    with pytest.raises(KeyReused):
        once(world, "k", "hold", {"article": posted.id}, lambda w: orders.hold(w, posted))
    with pytest.raises(KeyReused):
        once(world, "k", "republish", {"article": posted.id, "channels": ["wire"]}, lambda w: [])


def test_an_order_that_fails_half_way_leaves_nothing_and_may_be_given_again(world: World, posted: Article) -> None:
    def breaks(within: World) -> list[int]:
        orders.republish(within, posted, ["desk"])
        raise RuntimeError("the power fails")

    told = {"article": posted.id, "channels": ["desk"]}
    with pytest.raises(RuntimeError):
        once(world, "k", "republish", told, breaks)
    assert posts(world, posted) == 1
    assert len(given(world, posted, "k")) == 1
    assert posts(world, posted) == 2


def test_an_order_that_is_refused_may_be_given_again_with_its_key(world: World, posted: Article) -> None:
    def resume(within: World) -> int:
        return orders.resume_channel(within, "desk" if posts(within, posted) > 1 else "nobody")

    with pytest.raises(UsageError):
        once(world, "k", "resume", {}, resume)
    given(world, posted, "l")
    assert once(world, "k", "resume", {}, resume) == 0


def test_workers_hear_of_an_order_when_it_is_written_down(world: World, posted: Article) -> None:
    heard: list[tuple[Stage, str]] = []

    def hint(stage: Stage, ident: str) -> None:
        assert posts(world, posted) == 2
        heard.append((stage, ident))

    given(replace(world, hint=hint), posted, "k")
    given(replace(world, hint=hint), posted, "k")
    assert heard == [(Stage.DELIVER, "desk")]


def test_many_at_the_same_moment_are_one_order(world: World, posted: Article) -> None:
    answers: list[list[int]] = []
    start = threading.Barrier(8)

    def press() -> None:
        start.wait()
        answers.append(given(world, posted, "k", again=True))

    together(press, 8)
    assert len({tuple(one) for one in answers}) == 1
    assert len(answers) == 8
    assert posts(world, posted) == 2


def test_many_without_a_key_at_the_same_moment_are_one_post_on_its_way(world: World, posted: Article) -> None:
    together(lambda: orders.republish(world, posted, ["desk"], again=True), 8)
    assert posts(world, posted) == 2


def together(act: Callable[[], Any], number: int) -> None:
    threads = [threading.Thread(target=act) for _ in range(number)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)


def test_an_order_that_asks_the_network_keeps_no_transaction_open(world: World, posted: Article) -> None:
    def act(within: World) -> str:
        with within.store.begin() as tx:  # would wait for ever inside another one
            channels.pause(tx, "desk", "a test", NOW)
        return posted.id

    assert [once_outside(world, "k", "publish", {}, act) for _ in range(2)] == [posted.id] * 2
    with pytest.raises(KeyReused):
        once_outside(world, "k", "publish", {"url": "another"}, act)


def test_a_second_republish_within_a_minute_asks_first(world: World, posted: Article, clock: Clock) -> None:
    orders.republish(world, posted, ["desk"])
    arrived(world, posted.id)
    clock.now += timedelta(seconds=20)
    with pytest.raises(orders.AsksFirst, match="20 s ago on desk"):
        orders.republish(world, posted, ["desk"])
    with pytest.raises(orders.AsksFirst):
        orders.republish(world, posted, ["desk", "wire"])
    assert posts(world, posted) == 2
    orders.republish(world, posted, ["wire"])  # it was not republished there
    orders.republish(world, posted, ["desk"], again=True)
    arrived(world, posted.id)
    assert posts(world, posted) == 4
    clock.now += timedelta(seconds=61)
    orders.republish(world, posted, ["desk", "wire"])
    assert posts(world, posted) == 6


def test_an_order_inside_another_s_transaction_is_in_the_history_once(world: World, posted: Article) -> None:
    for _ in range(3):
        given(world, posted, "k")
    with world.store.read() as tx:
        steps = history.of_article(tx, posted.seq)
    assert [step.decision for step in steps].count("republish") == 1


def test_keys_are_forgotten_after_their_time(world: World, posted: Article, clock: Clock) -> None:
    given(world, posted, "k")
    arrived(world, posted.id)
    clock.now += ORDERS_KEPT - timedelta(seconds=1)
    prune(world)
    given(world, posted, "k")
    assert posts(world, posted) == 2
    clock.now += timedelta(seconds=2)
    assert prune(world)["orders"] == 1
    given(world, posted, "k")
    assert posts(world, posted) == 3


def test_doors_do_not_share_keys_and_a_key_has_a_length() -> None:
    assert key_for("hook:herald", "k") != key_for("order", "k")
    assert key_for("order", "") == ""
    with pytest.raises(UsageError):
        key_for("order", "k" * 201)
