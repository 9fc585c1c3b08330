"""What crashes a worker is set aside by its id and with the reason; what only was there is not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pipeline import stages
from pipeline.bounded import BoundedError
from pipeline.model import Article, ArticleState, Stage
from pipeline.stages.suspects import LOST
from pipeline.stages.sweep import reboot
from pipeline.store import Store, articles, history
from pipeline.store.deliveries import lease
from pipeline.world import World
from tests.crash.points import Crash
from tests.stages.conftest import DO, Newsroom

POISON = "Bakery number 3 opens"
BATCH = (Stage.DEDUPE, Stage.FANOUT)
STATES = {Stage.TEASER: ArticleState.NEW, Stage.DEDUPE: ArticleState.TEASED, Stage.FANOUT: ArticleState.READY}


class Parser:
    """A bounded child whose caller dies over some articles."""

    def __init__(self, bounded: Any, dies: Callable[[str], bool], *, blame: bool = True) -> None:
        self._bounded, self._dies, self._blame = bounded, dies, blame

    def run(self, job: str, payload: Any, **more: Any) -> Any:
        if self._dies(str(payload.get("summary", ""))):
            if self._blame and job == "teaser":  # all of it is done in the child: we live
                raise BoundedError("its parser broke down", reason="crash")
            raise Crash(job)
        return self._bounded.run(job, payload, **more)


def deadly(store: Store, dies: Callable[[str, Any], bool]) -> Store:
    """A process's own store, in which some statements are the process's last."""
    made = Store.open(store.engine.url.render_as_string(hide_password=False))
    execute = made.engine.dialect.do_execute

    def last(cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        if dies(statement, parameters):
            cursor.close()
            raise Crash(statement)
        execute(cursor, statement, parameters, context)

    made.engine.dialect.do_execute = last  # type: ignore[method-assign]
    return made


def poisoned(newsroom: Newsroom, stage: Stage, made: list[Article]) -> World:
    """A process that dies whenever this stage looks closely at the poisoned article."""
    seq = next(one.seq for one in made if one.title == POISON)
    if stage is Stage.TEASER:
        return replace(newsroom.world(), bounded=Parser(newsroom.bounded, lambda text: "poison" in text))  # type: ignore[arg-type]
    return newsroom.world(
        deadly(
            newsroom.store,
            lambda statement, values: _decides(seq, statement, values),
        )
    )


def _decides(seq: int, statement: str, values: Any) -> bool:
    """Whether a stage writes down what it decided of the article."""
    given = list(values.values()) if isinstance(values, dict) else list(values or ())
    return "INSERT INTO steps" in statement and seq in given and "set aside" not in given


def due(world: World) -> list[tuple[Stage, str]]:
    return [one for one in stages.due(world) if one[0] in DO]


def live(newsroom: Newsroom, world: World, *, lives: int = 20) -> int:
    """Processes, one after another, until one comes to its end; how many died."""
    for died in range(lives):
        if newsroom.store.embedded:
            reboot(world)  # it knows that it is alone
        else:
            newsroom.now += timedelta(minutes=2)  # the leases of the dead end
        try:
            for _ in range(6):
                for stage, ident in due(world):
                    DO[stage](world, ident)
                newsroom.now += timedelta(seconds=61)
        except Crash:
            continue
        return died
    raise AssertionError("it dies for ever")


def state(newsroom: Newsroom, article: Article) -> ArticleState:
    with newsroom.store.read() as tx:
        return articles.by_seq(tx, [article.seq])[article.seq].state


@pytest.mark.parametrize("stage", STATES)
def test_an_article_that_kills_its_worker_is_set_aside_and_the_others_go_on(newsroom: Newsroom, stage: Stage) -> None:
    newsroom.only("replays")
    summaries = {3: "<p>poison</p>"}
    made = [newsroom.article(n, STATES[stage], summary=summaries.get(n, "<p>Bread.</p>")) for n in range(1, 6)]
    witnessed = stage is Stage.TEASER  # the third time it kills a child of ours
    assert live(newsroom, poisoned(newsroom, stage, made)) == (2 if witnessed else LOST)
    poison = next(one for one in made if one.title == POISON)
    with newsroom.store.read() as tx:
        found = articles.by_seq(tx, [poison.seq])[poison.seq]
        told = [(step.stage, step.decision) for step in history.of_article(tx, poison.seq)]
    assert found.state == ArticleState.SET_ASIDE
    why = "after 3 tries: its parser broke down" if witnessed else f"its worker was lost {LOST} times in a row"
    assert found.reason.endswith(why)
    assert told[-1] == (stage.value, "set aside")
    newsroom.work()
    assert {state(newsroom, one) for one in made if one is not poison} == {ArticleState.FANNED}
    assert len(newsroom.platforms["replays"].posts()) == 4


@pytest.mark.parametrize("stage", BATCH)
def test_a_fault_of_ours_over_one_article_stops_no_other(newsroom: Newsroom, stage: Stage) -> None:
    newsroom.only("replays")
    made = [newsroom.article(n, STATES[stage]) for n in range(1, 6)]
    seq = made[2].seq

    def broken(statement: str, values: Any) -> bool:
        if _decides(seq, statement, values):
            raise ValueError("a fault of ours")
        return False

    world = newsroom.world(deadly(newsroom.store, broken))
    for _ in range(20):
        for found, ident in due(world):
            try:
                DO[found](world, ident)
            except ValueError:
                continue
        newsroom.now += timedelta(seconds=5)
    assert state(newsroom, made[2]) == ArticleState.SET_ASIDE
    assert [state(newsroom, one) for one in made if one.seq != seq] == [ArticleState.FANNED] * 4
    with newsroom.store.read() as tx:
        assert "ValueError" in articles.by_seq(tx, [seq])[seq].reason


@pytest.mark.parametrize("stage", BATCH)
def test_a_store_that_is_away_again_and_again_blames_no_article(newsroom: Newsroom, stage: Stage) -> None:
    from sqlalchemy.exc import OperationalError

    from pipeline.model import StoreError

    newsroom.only("replays")
    made = [newsroom.article(n, STATES[stage]) for n in range(1, 4)]
    away = [True]

    def full(statement: str, _: Any) -> bool:
        if away[0] and "INSERT INTO steps" in statement:
            raise OperationalError(statement, {}, Exception("database or disk is full"))
        return False

    world = newsroom.world(deadly(newsroom.store, full))
    for _ in range(8):
        for found, ident in due(world):
            with pytest.raises(StoreError):
                DO[found](world, ident)
    away[0] = False
    newsroom.work(world)
    assert {state(newsroom, one) for one in made} == {ArticleState.FANNED}


def test_articles_that_were_there_when_their_workers_were_killed_are_read_and_go_on(newsroom: Newsroom) -> None:
    newsroom.only("replays")
    made = [newsroom.article(n, ArticleState.NEW, summary="<p>Bread.</p>") for n in range(1, 4)]
    kills = [True] * 10

    def killed(_: str) -> bool:
        return bool(kills) and kills.pop()

    live(newsroom, replace(newsroom.world(), bounded=Parser(newsroom.bounded, killed, blame=False)))  # type: ignore[arg-type]
    newsroom.work()
    assert {state(newsroom, one) for one in made} == {ArticleState.FANNED}
    with newsroom.store.read() as tx:
        assert {one.tries for one in articles.by_seq(tx, [one.seq for one in made]).values()} == {0}


def test_the_last_try_is_made_without_the_page_which_may_be_the_culprit(newsroom: Newsroom) -> None:
    article = newsroom.article(1, ArticleState.NEW, summary="<p>Bread.</p>")
    feeds = {name: replace(feed, fetch_pages=True) for name, feed in newsroom.config.feeds.items()}
    newsroom.config = replace(newsroom.config, feeds=feeds)

    class Door:
        def allowing(self, _: object) -> "Door":
            return self

        def get(self, url: str, **_: object) -> Any:
            raise Crash(url)

    newsroom.only()
    assert live(newsroom, replace(newsroom.world(), http=Door()), lives=4) == 2  # type: ignore[arg-type]
    with newsroom.store.read() as tx:
        found = articles.by_seq(tx, [article.seq])[article.seq]
    assert found.state in (ArticleState.READY, ArticleState.FANNED)
    assert "its page was left out after 2 tries" in found.teaser_reason


def test_a_delivery_that_lost_a_worker_is_sent_alone_and_takes_nobody_along(newsroom: Newsroom) -> None:
    newsroom.only("replays")
    suspect = newsroom.article(1)
    stages.fanout(newsroom.world())

    def leased() -> list[int]:
        with newsroom.store.begin() as tx:
            taken = lease(tx, "replays", newsroom.now, newsroom.now + timedelta(seconds=60), by="a worker", limit=20)
        return [one.article.seq for one in taken]

    def lost() -> None:
        newsroom.now += timedelta(seconds=61)
        stages.recover(newsroom.world())

    assert leased() == [suspect.seq]
    lost()
    others = [newsroom.article(n) for n in range(2, 6)]
    stages.fanout(newsroom.world())
    assert leased() == [suspect.seq], "alone, although four more are due"
    lost()
    assert leased() == [one.seq for one in others], "together, and without it"
    lost()
    newsroom.now += timedelta(seconds=1)
    assert leased() == [suspect.seq]
    lost()
    dead = newsroom.deliveries(suspect)["replays"]
    assert (str(dead.state), dead.reason) == ("dead", "its worker was lost 3 times while sending it")
    newsroom.work()
    assert len(newsroom.platforms["replays"].posts()) == 4
