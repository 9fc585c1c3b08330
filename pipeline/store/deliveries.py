"""Statements on deliveries: the mailbox, its leases, and the fence behind which they are settled.

Two of them carry the promise. `lease` takes what is due with one conditional UPDATE that raises `attempt`; `settle`
changes a row only while it is still leased under that attempt. A worker that lost its lease can change nothing.
"""

import base64
import hashlib
from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile
from typing import Any

import sqlalchemy as sa

from pipeline.model import Action, Article, Delivery, DeliveryState, Lease, Post, Settlement
from pipeline.store import Tx
from pipeline.store import articles as article_statements
from pipeline.store.codec import post_in, post_out
from pipeline.store.tables import Instant, Json, among, articles, channels, deliveries

S = DeliveryState
_DUE_STATES = among(deliveries.c.state, S.PENDING, S.UNCERTAIN)
_LEASED = deliveries.c.state == sa.literal_column("'leased'")


def key_of(article: str, channel: str, ordinal: int) -> str:
    """A delivery's idempotency key: the same for the same (article, channel, ordinal), even in a restored store."""
    digest = hashlib.sha256(f"{article}|{channel}|{ordinal}".encode()).digest()
    return "sf_" + base64.b32encode(digest).decode().lower()[:26]


def from_row(row: Any, article: str) -> Delivery:
    """The model's delivery of a row of the table."""
    return Delivery(
        id=row.id,
        key=row.key,
        article=article,
        channel=row.channel,
        state=S(row.state),
        action=Action(row.action),
        due_at=row.due_at or row.created_at,
        created_at=row.created_at,
        ordinal=row.ordinal,
        attempt=row.attempt,
        failures=row.failures,
        leased_until=row.leased_until,
        intent_at=row.intent_at,
        post=post_in(row.post),
        remote_id=row.remote_id,
        remote_url=row.remote_url,
        reason=row.reason,
        trace=row.trace,
        republish_of=row.republish_of,
        revision=row.revision,
        delivered_at=row.delivered_at,
        parts=row.progress or {},
    )


def add(
    tx: Tx,
    article: Article,
    channel: str,
    *,
    state: DeliveryState,
    due_at: datetime | None,
    now: datetime,
    reason: str = "",
    ordinal: int = 0,
    action: Action = Action.POST,
    republish_of: int | None = None,
    remote_id: str | None = None,
) -> int | None:
    """Write the delivery of one article to one channel; None when there is one already: once."""
    there = sa.select(deliveries.c.id).where(
        deliveries.c.article_seq == article.seq, deliveries.c.channel == channel, deliveries.c.ordinal == ordinal
    )
    if tx.scalar(there) is not None:
        return None
    done = tx.execute(
        deliveries.insert().values(
            key=key_of(article.id, channel, ordinal),
            article_seq=article.seq,
            channel=channel,
            ordinal=ordinal,
            action=action,
            state=state,
            reason=reason,
            due_at=due_at,
            created_at=now,
            trace=article.trace,
            revision=article.revision,
            republish_of=republish_of,
            remote_id=remote_id,
        )
    )
    return int(done.inserted_primary_key[0])  # type: ignore[index]


def next_ordinal(tx: Tx, article_seq: int, channel: str) -> int:
    """The ordinal of a further delivery of the article to the channel."""
    last = tx.scalar(
        sa.select(sa.func.max(deliveries.c.ordinal)).where(
            deliveries.c.article_seq == article_seq, deliveries.c.channel == channel
        )
    )
    return 0 if last is None else int(last) + 1


def lease(
    tx: Tx, channel: str, now: datetime, until: datetime, *, by: str, limit: int = 1, lanes: int = 1
) -> list[Lease]:
    """Take the channel's next due deliveries in order; none while the channel is paused, waiting or at its lanes."""
    if not _mailbox_open(tx, channel, now):
        return []
    busy = _busy(tx, channel, now)
    if busy and (lanes <= 1 or busy >= lanes * limit):
        return []
    chosen = (
        sa.select(deliveries.c.id)
        .where(_DUE_STATES, deliveries.c.channel == channel, deliveries.c.due_at <= now)
        .order_by(deliveries.c.due_at, deliveries.c.id)
        .limit(limit)
    )
    rows = _together(tx.execute(chosen.add_columns(deliveries.c.state, deliveries.c.lapses)).all())
    if not rows:
        return []
    was_uncertain = {row.id for row in rows if row.state == S.UNCERTAIN}
    taken = tx.execute(
        deliveries.update()
        .where(deliveries.c.id.in_([row.id for row in rows]))
        .values(state=S.LEASED, attempt=deliveries.c.attempt + 1, leased_until=until, leased_by=by)
        .returning(deliveries)
    ).all()
    found = article_statements.by_seq(tx, [row.article_seq for row in taken])
    leases = [
        Lease(from_row(row, found[row.article_seq].id), found[row.article_seq], until, row.id in was_uncertain)
        for row in taken
    ]
    order = {row.id: n for n, row in enumerate(rows)}
    return sorted(leases, key=lambda one: order[one.delivery.id])


def _together(rows: Sequence[Any]) -> list[Any]:
    """Those that may share a worker: one that lost a worker before takes nobody along when it loses another."""
    return list(rows[:1]) if rows and rows[0].lapses else list(takewhile(lambda row: not row.lapses, rows))


def load(tx: Tx, channel: str, now: datetime, most: int) -> tuple[int, int]:
    """How many of a channel's deliveries are due, counted up to `most`, and how many are being sent."""
    due = sa.select(deliveries.c.id).where(_DUE_STATES, deliveries.c.channel == channel, deliveries.c.due_at <= now)
    waiting = tx.scalar(sa.select(sa.func.count()).select_from(due.limit(most).subquery()))
    return waiting or 0, _busy(tx, channel, now)


def _busy(tx: Tx, channel: str, now: datetime) -> int:
    mine = sa.select(sa.func.count()).select_from(deliveries)
    return tx.scalar(mine.where(_LEASED, deliveries.c.channel == channel, deliveries.c.leased_until >= now)) or 0


def _mailbox_open(tx: Tx, channel: str, now: datetime) -> bool:
    # The row lock makes leasing from one mailbox serial on PostgreSQL; on SQLite every writer is alone anyway.
    row = tx.execute(sa.select(channels).where(channels.c.name == channel).with_for_update()).one_or_none()
    return (
        row is not None
        and row.paused_at is None
        and row.retired_at is None
        and (row.next_send_at is None or row.next_send_at <= now)
    )


def posted(tx: Tx, channel: str, now: datetime, since: datetime, most: int) -> list[datetime]:
    """When the channel's latest posts were sent, the newest first; those that are being sent count as sent now."""
    mine = (deliveries.c.channel == channel, deliveries.c.action == Action.POST)
    sending = tx.scalar(sa.select(sa.func.count()).select_from(deliveries).where(_LEASED, *mine)) or 0
    sent = sa.select(deliveries.c.delivered_at).where(deliveries.c.delivered_at > since, *mine)
    rows = tx.execute(sent.order_by(deliveries.c.delivered_at.desc()).limit(most))
    return [now] * sending + [row.delivered_at for row in rows]


def put_off(tx: Tx, channel: str, now: datetime, until: datetime, reason: str) -> int:
    """Let the channel's posts that are due and never left wait; gives how many."""
    done = tx.execute(
        deliveries.update()
        .where(
            deliveries.c.channel == channel,
            deliveries.c.action == Action.POST,
            deliveries.c.state == sa.literal_column("'pending'"),
            deliveries.c.due_at <= now,
        )
        .values(due_at=until, reason=reason)
    )
    return int(done.rowcount)


_BY_LEASE = deliveries.update().where(
    deliveries.c.id == sa.bindparam("of"), _LEASED, deliveries.c.attempt == sa.bindparam("under")
)
_INTEND = _BY_LEASE.values(
    post=sa.bindparam("what", type_=Json),
    intent_at=sa.func.coalesce(deliveries.c.intent_at, sa.bindparam("since", type_=Instant)),
)
_DELIVERED = _BY_LEASE.values(
    state=S.DELIVERED,
    reason=sa.bindparam("why"),
    failure=None,
    due_at=None,
    leased_until=None,
    remote_id=sa.bindparam("remote"),
    remote_url=sa.bindparam("address"),
    delivered_at=sa.bindparam("then", type_=Instant),
)


def intend(tx: Tx, posts: Sequence[tuple[Lease, Post]], now: datetime) -> bool:
    """Write down what is about to leave, and that it is; False when one of the leases was lost."""
    if not posts:
        return True
    rows = [_of(lease) | {"what": post_out(post), "since": now} for lease, post in posts]
    return tx.execute(_INTEND, rows).rowcount == len(rows)


def _of(lease: Lease) -> dict[str, Any]:
    return {"of": lease.delivery.id, "under": lease.delivery.attempt}


def settle_delivered(tx: Tx, receipts: Sequence[tuple[Lease, Settlement, datetime]]) -> bool:
    """Settle several receipts in one round trip; False when one of the leases was lost: then settle one by one."""
    rows = [
        _of(lease) | {"why": to.reason, "remote": to.receipt.remote_id, "address": to.receipt.url, "then": at}
        for lease, to, at in receipts
        if to.receipt is not None
    ]
    return not rows or tx.execute(_DELIVERED, rows).rowcount == len(rows)


def settle(tx: Tx, lease: Lease, to: Settlement, now: datetime) -> bool:
    """Record what became of a lease; False when it was lost, and then nothing is changed."""
    values: dict[str, Any] = {
        "state": to.state,
        "reason": to.reason,
        "failure": to.failure,
        "due_at": to.due_at,
        "leased_until": None,
        "failures": deliveries.c.failures + (1 if to.counts else 0),
    }
    if to.state == S.PENDING:
        values["intent_at"] = None  # it was refused or never left: nothing is on its way
    if to.receipt is not None:
        values |= {"remote_id": to.receipt.remote_id, "remote_url": to.receipt.url, "delivered_at": now}
    return tx.execute(_fenced(lease).values(**values)).rowcount == 1


def last_settled(tx: Tx, channel: str, most: int, *, but: int) -> list[tuple[DeliveryState, str]]:
    """States and reasons of a channel's latest posts that were taken or refused, the newest first."""
    done = deliveries.c.state.in_([S.DELIVERED, S.DEAD])
    mine = sa.select(deliveries.c.state, deliveries.c.reason).where(deliveries.c.channel == channel, done)
    rows = tx.execute(mine.where(deliveries.c.id != but).order_by(deliveries.c.id.desc()).limit(most))
    return [(S(row.state), row.reason) for row in rows]


def give_back(tx: Tx, lease: Lease, reason: str) -> bool:
    """Return a lease that was not used: pending (or uncertain) as before."""
    state = S.UNCERTAIN if lease.uncertain_before else S.PENDING
    values: dict[str, Any] = {"state": state, "leased_until": None, "reason": reason}
    if not lease.uncertain_before:
        values["intent_at"] = None
    return tx.execute(_fenced(lease).values(**values)).rowcount == 1


def _fenced(lease: Lease) -> sa.Update:
    return deliveries.update().where(
        deliveries.c.id == lease.delivery.id, _LEASED, deliveries.c.attempt == lease.delivery.attempt
    )


def progress(tx: Tx, lease: Lease, parts: dict[str, Any]) -> bool:
    """Keep how far a thread has come."""
    return tx.execute(_fenced(lease).values(progress=parts)).rowcount == 1


def progress_of(tx: Tx, delivery: int) -> dict[str, Any]:
    """How far a thread had come."""
    return tx.scalar(sa.select(deliveries.c.progress).where(deliveries.c.id == delivery)) or {}


def lapsed(tx: Tx, now: datetime, limit: int = 200) -> list[Any]:
    """Rows whose lease ran out: their worker is dead, stalled or cut off."""
    ended = _LEASES.where(deliveries.c.leased_until < now)
    return list(tx.execute(ended.order_by(deliveries.c.leased_until).limit(limit)))


def leased_of(tx: Tx, processes: Sequence[str]) -> list[Any]:
    """Rows that processes have leased."""
    return list(tx.execute(_LEASES.where(deliveries.c.leased_by.in_(processes)).order_by(deliveries.c.id)))


_LEASES = sa.select(
    deliveries.c.id,
    deliveries.c.channel,
    deliveries.c.attempt,
    deliveries.c.intent_at,
    deliveries.c.lapses,
    deliveries.c.article_seq,
    deliveries.c.leased_until,
).where(_LEASED)


def reclaim(tx: Tx, row: Any, to: Settlement) -> bool:
    """Take a lapsed row from its lost worker; the fence keeps out whoever is faster."""
    values: dict[str, Any] = {
        "state": to.state,
        "reason": to.reason,
        "due_at": to.due_at,
        "failure": to.failure,
        "leased_until": None,
        "lapses": deliveries.c.lapses + 1,
    }
    done = tx.execute(
        deliveries.update()
        .where(deliveries.c.id == row.id, _LEASED, deliveries.c.attempt == row.attempt)
        .values(**values)
    )
    return done.rowcount == 1


def get(tx: Tx, ident: int) -> Delivery | None:
    """The delivery of a number."""
    row = tx.execute(_with_article().where(deliveries.c.id == ident)).one_or_none()
    return None if row is None else from_row(row, row.article)


def is_receipt(tx: Tx, channel: str, remote_id: str, since: datetime, *, but: int) -> bool:
    """Whether a post on the channel is the receipt, given since then, of a delivery other than this one.

    A part of another delivery's thread counts too: its receipt is in that one's progress.
    """
    others = (deliveries.c.channel == channel, deliveries.c.id != but)
    whole = sa.and_(deliveries.c.delivered_at >= since, deliveries.c.remote_id == remote_id)
    parts = sa.cast(deliveries.c.progress, sa.Text)
    part = sa.and_(deliveries.c.created_at >= since, parts.contains(f'"{remote_id}"', autoescape=True))
    found = (sa.select(deliveries.c.id).where(*others, one).limit(1) for one in (whole, part))
    return any(tx.scalar(one) is not None for one in found)


def of_article(tx: Tx, article_seq: int) -> list[Delivery]:
    """Every delivery of an article, by channel and ordinal."""
    rows = tx.execute(
        _with_article()
        .where(deliveries.c.article_seq == article_seq)
        .order_by(deliveries.c.channel, deliveries.c.ordinal)
    )
    return [from_row(row, row.article) for row in rows]


def _with_article() -> sa.Select[Any]:
    return sa.select(deliveries, articles.c.id.label("article")).join(articles)


def change(
    tx: Tx,
    ident: int,
    of: Sequence[DeliveryState],
    to: DeliveryState,
    reason: str,
    due_at: datetime | None,
    **columns: Any,
) -> bool:
    """A person's or a stage's word on a delivery nobody is sending; False when it is in none of these states."""
    done = tx.execute(
        deliveries.update()
        .where(deliveries.c.id == ident, deliveries.c.state.in_(of))
        .values(state=to, reason=reason, due_at=due_at, **columns)
    )
    return done.rowcount == 1


def cancel_unsent(tx: Tx, article_seq: int, reason: str) -> int:
    """Cancel what has not been sent of an article; gives how many."""
    done = tx.execute(
        deliveries.update()
        .where(
            deliveries.c.article_seq == article_seq,
            deliveries.c.state.in_([S.PENDING, S.HELD]),
            deliveries.c.intent_at.is_(None),
        )
        .values(state=S.CANCELLED, reason=reason, due_at=None)
    )
    return int(done.rowcount)


def skip_backlog(tx: Tx, channel: str, reason: str) -> int:
    """A person's choice on resuming: cancel what waited in the channel's mailbox; gives how many."""
    done = tx.execute(
        deliveries.update()
        .where(deliveries.c.channel == channel, deliveries.c.state == S.PENDING)
        .values(state=S.CANCELLED, reason=reason, due_at=None)
    )
    return int(done.rowcount)


def lapse_all(tx: Tx, at: datetime) -> None:
    """End every lease: the process that held them is gone."""
    tx.execute(deliveries.update().where(_LEASED).values(leased_until=at))
