"""Pulses: a message through each queue once a minute, and the moment a worker took it."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from pipeline.store import Tx
from pipeline.store.tables import pulses


@dataclass(frozen=True, slots=True)
class Pulse:
    """What is known of one queue."""

    queue: str
    sent_at: datetime | None = None
    seen_at: datetime | None = None


def claim(tx: Tx, queue: str, now: datetime, before: datetime) -> bool:
    """Whether this sweep sends the queue's pulse: the last one was sent before the given moment."""
    # ON CONFLICT is spelt the same for both databases; SQLite understands PostgreSQL's.
    # A queue that is new counts as just seen: nobody had the time to be late.
    values = {"queue": queue, "sent_at": now, "seen_at": now}
    fresh = insert(pulses).values(**values).on_conflict_do_nothing(index_elements=["queue"])
    if tx.execute(fresh).rowcount == 1:
        return True
    stale = sa.or_(pulses.c.sent_at.is_(None), pulses.c.sent_at < before)
    changed = tx.execute(sa.update(pulses).where(pulses.c.queue == queue, stale).values(sent_at=now))
    return changed.rowcount == 1


def seen(tx: Tx, queue: str, now: datetime) -> None:
    """A worker took the queue's pulse."""
    tx.execute(sa.update(pulses).where(pulses.c.queue == queue).values(seen_at=now))


def listing(tx: Tx) -> list[Pulse]:
    """All queues' pulses."""
    rows = tx.execute(sa.select(pulses).order_by(pulses.c.queue))
    return [Pulse(row.queue, row.sent_at, row.seen_at) for row in rows]
