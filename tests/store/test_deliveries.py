"""The mailbox's statements, on both databases: once, in order, and behind the fence."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
import sqlalchemy as sa

from pipeline.model import Action, Article, ArticleState, DeliveryState, Entry, Post, Receipt, Settlement
from pipeline.store import Store, articles, channels, deliveries
from pipeline.store.tables import deliveries as table

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=2)
S = DeliveryState
POST = Post("a1", "Title", "https://town.example/1", "Teaser.", "Title\n\nTeaser.", NOW, NOW)


def an_article(store: Store, n: int = 1) -> Article:
    with store.begin() as tx:
        _, ident = articles.add(
            tx,
            "news",
            Entry(entry_id=f"id{n}", link=f"https://town.example/{n}", title=f"Title {n}"),
            seed=f"id{n}",
            state=ArticleState.READY,
            now=NOW,
            trace=f"t{n}",
        )
        article = articles.get(tx, ident)
    assert article is not None
    return article


@pytest.fixture
def mailbox(store: Store) -> Store:
    """A store with a channel that has three deliveries due."""
    with store.begin() as tx:
        channels.sync(tx, [("toots", "mastodon")], NOW)
    for n in (1, 2, 3):
        article = an_article(store, n)
        with store.begin() as tx:
            deliveries.add(tx, article, "toots", state=S.PENDING, due_at=NOW, now=NOW)
    return store


def take(store: Store, now: datetime = NOW, **how: int) -> list[Any]:
    with store.begin() as tx:
        return deliveries.lease(tx, "toots", now, now + timedelta(minutes=2), by="test", **how)


def settle(store: Store, lease: Any, state: S = S.DELIVERED, **what: Any) -> bool:
    with store.begin() as tx:
        return deliveries.settle(tx, lease, Settlement(state, "as told", **what), NOW)


def test_one_article_has_one_delivery_to_a_channel_however_often_it_is_written(store: Store) -> None:
    article = an_article(store)
    with store.begin() as tx:
        first = deliveries.add(tx, article, "toots", state=S.PENDING, due_at=NOW, now=NOW)
        again = deliveries.add(tx, article, "toots", state=S.PENDING, due_at=NOW, now=NOW)
    assert first is not None
    assert again is None


def test_the_database_itself_refuses_a_second_delivery(store: Store) -> None:
    article = an_article(store)
    row = {
        "article_seq": article.seq,
        "channel": "toots",
        "ordinal": 0,
        "action": Action.POST,
        "state": S.PENDING,
        "created_at": NOW,
    }
    with pytest.raises(sa.exc.IntegrityError), store.begin() as tx:
        tx.execute(table.insert().values(**row, key="k1"))
        tx.execute(table.insert().values(**row, key="k2"))


def test_the_key_of_a_delivery_is_the_same_in_a_restored_store() -> None:
    assert deliveries.key_of("a1", "toots", 0) == deliveries.key_of("a1", "toots", 0)
    assert len({deliveries.key_of(a, c, n) for a in ("a1", "a2") for c in ("toots", "sky") for n in (0, 1)}) == 8


def test_a_mailbox_is_leased_in_order_one_at_a_time(mailbox: Store) -> None:
    (first,) = take(mailbox)
    assert take(mailbox) == []  # one lane: while one is being sent nobody else sends
    assert settle(mailbox, first, receipt=Receipt("r1"))
    (second,) = take(mailbox)
    assert (first.article.title, second.article.title) == ("Title 1", "Title 2")


def test_a_batch_keeps_the_order(mailbox: Store) -> None:
    assert [one.article.title for one in take(mailbox, limit=10)] == ["Title 1", "Title 2", "Title 3"]


def test_several_lanes_send_side_by_side(mailbox: Store) -> None:
    assert [len(take(mailbox, lanes=2)) for _ in range(3)] == [1, 1, 0]


def test_a_paused_or_waiting_channel_leases_nothing(mailbox: Store) -> None:
    with mailbox.begin() as tx:
        channels.wait(tx, "toots", LATER, "it asked to wait")
    assert take(mailbox) == []
    assert len(take(mailbox, LATER)) == 1
    with mailbox.begin() as tx:
        channels.pause(tx, "toots", "told to", NOW)
        deliveries.lapse_all(tx, NOW)
    assert take(mailbox, LATER + timedelta(hours=1)) == []


def test_a_worker_that_lost_its_lease_can_change_nothing(mailbox: Store) -> None:
    (stalled,) = take(mailbox)
    late = NOW + timedelta(minutes=5)
    with mailbox.begin() as tx:
        (row,) = deliveries.lapsed(tx, late)
        assert deliveries.reclaim(tx, row, Settlement(S.PENDING, "lost", due_at=late))
    (fresh,) = take(mailbox, late, limit=1)
    while fresh.delivery.id != stalled.delivery.id:
        settle(mailbox, fresh, receipt=Receipt("r"))
        (fresh,) = take(mailbox, late)
    assert not settle(mailbox, stalled, S.DEAD)
    with mailbox.begin() as tx:
        assert not deliveries.intend(tx, [(stalled, POST)], late)
        assert not deliveries.give_back(tx, stalled, "no")
    assert settle(mailbox, fresh, receipt=Receipt("r9", "https://x.example/9"))
    with mailbox.read() as tx:
        kept = deliveries.get(tx, stalled.delivery.id)
    assert kept is not None
    assert (kept.state, kept.remote_id) == (S.DELIVERED, "r9")


def test_the_intent_keeps_the_post_byte_for_byte_and_the_moment_of_the_first_one(mailbox: Store) -> None:
    (one,) = take(mailbox)
    with mailbox.begin() as tx:
        deliveries.intend(tx, [(one, POST)], NOW)
        deliveries.intend(tx, [(one, POST)], LATER)
        kept = deliveries.get(tx, one.delivery.id)
    assert kept is not None
    assert (kept.post, kept.intent_at) == (POST, NOW)


def test_pending_again_means_that_nothing_is_on_its_way(mailbox: Store) -> None:
    (one,) = take(mailbox)
    with mailbox.begin() as tx:
        deliveries.intend(tx, [(one, POST)], NOW)
    settle(mailbox, one, S.PENDING, due_at=LATER)
    with mailbox.read() as tx:
        kept = deliveries.get(tx, one.delivery.id)
    assert kept is not None
    assert kept.intent_at is None


def test_an_uncertain_delivery_is_leased_again_as_one(mailbox: Store) -> None:
    (one,) = take(mailbox)
    settle(mailbox, one, S.UNCERTAIN, due_at=NOW)
    again = [lease for lease in take(mailbox, limit=3) if lease.delivery.id == one.delivery.id]
    assert [lease.uncertain_before for lease in again] == [True]


def test_an_uncertain_delivery_for_a_person_is_leased_by_nobody(mailbox: Store) -> None:
    (one,) = take(mailbox)
    settle(mailbox, one, S.UNCERTAIN, due_at=None)
    assert one.delivery.id not in [lease.delivery.id for lease in take(mailbox, LATER, limit=9)]


def test_many_workers_at_one_mailbox_take_each_delivery_once(mailbox: Store) -> None:
    taken: list[int] = []
    start = Barrier(4)

    def work() -> None:
        start.wait()
        for _ in range(20):
            for lease in take(mailbox, lanes=4):
                taken.append(lease.delivery.id)
                settle(mailbox, lease, receipt=Receipt("r"))

    threads = [Thread(target=work) for _ in range(4)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert sorted(taken) == sorted(set(taken))
    assert len(taken) == 3


def test_a_channel_that_left_the_configuration_keeps_its_queue(mailbox: Store) -> None:
    with mailbox.begin() as tx:
        channels.sync(tx, [], NOW)
    assert take(mailbox) == []
    with mailbox.begin() as tx:
        channels.sync(tx, [("toots", "mastodon")], NOW)
    assert len(take(mailbox)) == 1


PLANS = {
    "the next due of a mailbox": (
        "select id from deliveries where deliveries.state in ('pending', 'uncertain') and deliveries.channel = 'toots' "
        "and deliveries.due_at <= 5 order by deliveries.due_at, deliveries.id limit 1",
        "ix_deliveries_due",
    ),
    "lapsed leases": (
        "select id from deliveries where deliveries.state = 'leased' and deliveries.leased_until < 5",
        "ix_deliveries_leased",
    ),
    "articles a stage may take": (
        "select id from articles where articles.state in ('new', 'teased', 'ready') "
        "and articles.state = 'new' and articles.due_at <= 5 order by articles.seq limit 5",
        "ix_articles_open",
    ),
}


@pytest.mark.parametrize("question", PLANS)
def test_what_is_asked_every_second_is_answered_by_an_index(store: Store, question: str) -> None:
    query, index = PLANS[question]
    with store.begin() as tx:
        if not store.embedded:
            tx.execute(sa.text("set local enable_seqscan = off"))
        plan = tx.execute(sa.text(("explain query plan " if store.embedded else "explain ") + query)).all()
    assert index in str(plan)
