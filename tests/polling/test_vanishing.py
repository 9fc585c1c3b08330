"""Entries that leave their feed, come back, or say one thing and another."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from pipeline.model import ArticleState, DeliveryState
from pipeline.store import articles, deliveries
from pipeline.store.tables import articles as table
from tests.polling.bench import Bench, feed, same


def article(bench: Bench, mark: str = "Mkx0") -> Any:
    with bench.store.read() as tx:
        return tx.execute(sa.select(table).where(table.c.link.contains(mark))).one()


def sent(bench: Bench, mark: str = "Mkx0") -> None:
    """As if the article had been posted."""
    seq = article(bench, mark).seq
    with bench.store.begin() as tx:
        one = articles.by_seq(tx, [seq])[seq]
        state = DeliveryState.DELIVERED
        deliveries.add(tx, one, "one", state=state, due_at=None, now=bench.clock(), reason="", remote_id="1")
        articles.set_state(tx, seq, [ArticleState.NEW], ArticleState.FANNED, "", bench.clock())


@pytest.fixture
def known(bench: Bench) -> Bench:
    """A feed that has just brought x0."""
    bench.configure('every = "5m"')
    bench.script(feed("b0", "b1"), feed("x0", "b0", "b1", etag='"2"'))
    bench.poll()
    bench.poll()
    return bench


def test_what_vanishes_unsent_is_withdrawn_and_returns_when_it_is_back(known: Bench) -> None:
    known.script(feed("b0", "b1", etag='"3"'), feed("x0", "b0", "b1", etag='"4"'))
    known.poll()
    assert (article(known).state, article(known).vanished_at is None) == ("withdrawn", False)
    known.poll()
    assert (article(known).state, article(known).vanished_at) == ("new", None)
    assert known.articles() == ["Mkb1", "Mkb0", "Mkx0"]


def test_what_a_person_withdrew_stays_withdrawn(known: Bench) -> None:
    with known.store.begin() as tx:
        articles.set_state(tx, article(known).seq, [ArticleState.NEW], ArticleState.WITHDRAWN, "no", known.clock())
    known.script(feed("b0", "b1", etag='"3"'), feed("x0", "b0", "b1", etag='"4"'))
    known.poll()
    known.poll()
    assert article(known).state == "withdrawn"


def test_a_window_that_moved_on_withdraws_nothing(known: Bench) -> None:
    known.script(feed("x1", "x2", etag='"3"'))
    known.poll()
    assert article(known).state == "new"


def test_what_was_sent_is_missed_only_when_it_stays_away(known: Bench) -> None:
    sent(known)
    known.script(feed("b0", "b1", etag='"3"'), same())
    known.poll()
    assert article(known).vanished_at is None, "a server that lags behind another hides it for a moment"
    known.clock.now += timedelta(minutes=10)
    known.poll()
    assert article(known).vanished_at
    assert article(known).state == "fanned"


def test_what_was_sent_and_is_back_in_time_was_never_missed(known: Bench) -> None:
    sent(known)
    known.script(feed("b0", "b1", etag='"3"'), feed("x0", "b0", "b1", etag='"4"'), same())
    for _ in range(5):
        known.poll()
    assert article(known).vanished_at is None


def test_two_servers_that_disagree_do_not_revise_an_article_for_ever(known: Bench) -> None:
    one, two = ({"is": "x0", "text": f"<p>{' '.join([word] * 30)}</p>"} for word in ("old", "new"))
    for n in range(12):
        known.script(feed(two if n % 2 else one, "b0", "b1", etag=f'"{n + 3}"'))
        known.poll()
    assert article(known).revision <= 5
