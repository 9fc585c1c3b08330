"""Statements on channels: their mailbox's row, and what they keep between attempts."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from pipeline.feeds.cadence import spoken
from pipeline.store import Tx
from pipeline.store.tables import among, channels, deliveries


def sync(tx: Tx, configured: Iterable[tuple[str, str]], now: datetime) -> None:
    """Give every configured (name, kind) its row; mark the rows of others as retired. Loses no queue."""
    known = {row.name: row for row in tx.execute(sa.select(channels))}
    wanted = dict(configured)
    for name, kind in wanted.items():
        if name not in known:
            tx.execute(channels.insert().values(name=name, kind=kind))
        elif known[name].kind != kind or known[name].retired_at is not None:
            tx.execute(channels.update().where(channels.c.name == name).values(kind=kind, retired_at=None))
    gone = [name for name, row in known.items() if name not in wanted and row.retired_at is None]
    if gone:
        tx.execute(channels.update().where(channels.c.name.in_(gone)).values(retired_at=now))


def get(tx: Tx, name: str) -> Any | None:
    """The row of a channel."""
    return tx.execute(sa.select(channels).where(channels.c.name == name)).one_or_none()


def lock(tx: Tx, name: str) -> None:
    """Nobody else counts or leases in this mailbox until the transaction ends."""
    tx.execute(sa.select(channels.c.name).where(channels.c.name == name).with_for_update())


def due(tx: Tx, now: datetime) -> list[str]:
    """Channels whose mailbox may be worked on now: not paused, not waiting, something due."""
    waiting = sa.exists().where(
        deliveries.c.channel == channels.c.name,
        among(deliveries.c.state, "pending", "uncertain"),
        deliveries.c.due_at <= now,
    )
    rows = tx.execute(
        sa.select(channels.c.name).where(
            channels.c.paused_at.is_(None),
            channels.c.retired_at.is_(None),
            sa.or_(channels.c.next_send_at.is_(None), channels.c.next_send_at <= now),
            waiting,
        )
    )
    return [row.name for row in rows]


def pause(tx: Tx, name: str, reason: str, now: datetime) -> bool:
    """Stop a mailbox and keep its queue; False when it was stopped already."""
    done = tx.execute(
        channels.update()
        .where(channels.c.name == name, channels.c.paused_at.is_(None))
        .values(paused_at=now, paused_reason=reason)
    )
    return done.rowcount == 1


def resume(tx: Tx, name: str, now: datetime) -> bool:
    """Let a mailbox go on from now; False when it was not paused."""
    done = tx.execute(
        channels.update()
        .where(channels.c.name == name, channels.c.paused_at.is_not(None))
        .values(paused_at=None, paused_reason="", failures=0, next_send_at=now, rest_reason="")
    )
    return done.rowcount == 1


def wait(tx: Tx, name: str, until: datetime, reason: str) -> None:
    """Send nothing through this channel before `until`; `reason` says why, after “it rests: ”."""
    sooner = sa.or_(channels.c.next_send_at.is_(None), channels.c.next_send_at < until)
    tx.execute(channels.update().where(channels.c.name == name, sooner).values(next_send_at=until, rest_reason=reason))


def resting(tx: Tx, now: datetime) -> dict[str, tuple[datetime, str]]:
    """The channels that send nothing for now, though nobody paused them: until when, and why."""
    chosen = sa.select(channels).where(channels.c.paused_at.is_(None), channels.c.next_send_at > now)
    return {row.name: (row.next_send_at, row.rest_reason) for row in tx.execute(chosen)}


def refused(tx: Tx, name: str) -> int:
    """Count one more refusal in a row of the whole channel; gives the count."""
    row = tx.execute(
        channels.update()
        .where(channels.c.name == name)
        .values(failures=channels.c.failures + 1)
        .returning(channels.c.failures)
    ).one_or_none()
    return int(row.failures) if row else 0


def delivered(tx: Tx, name: str, now: datetime, spacing: timedelta) -> None:
    """Note a success: the refusals are forgotten, the spacing begins."""
    rest = f"its posts are {spoken(spacing)} apart (spacing)" if spacing else ""
    tx.execute(
        channels.update()
        .where(channels.c.name == name)
        .values(delivered_at=now, failures=0, next_send_at=now + spacing if spacing else None, rest_reason=rest)
    )
