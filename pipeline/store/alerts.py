"""What an operator was told of: any number of sweeps look at the same moment, and exactly one tells.

A row's change is its own claim: whoever's conditional statement changed it is the one. The rows are bounded by what
there is to be told of, and stay when it is over.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from pipeline.store import Tx
from pipeline.store.tables import Instant, alerts


@dataclass(frozen=True, slots=True)
class News:
    """Something that began (`holds`) or is over, for the one who claimed it to tell."""

    kind: str
    subject: str
    reason: str
    holds: bool
    since: datetime
    tries: int  # how often it was tried to tell before


_HOLDS = alerts.c.over_at.is_(None)
_UNTOLD = alerts.c.told != _HOLDS


def saw(tx: Tx, found: Iterable[tuple[str, str, str]], looked: datetime) -> None:
    """Note what (kind, subject, reason) a look found, and that all else is over; an older look changes nothing."""
    for kind, subject, reason in sorted(found):
        _saw(tx, kind, subject, reason, looked)
    over = sa.update(alerts).where(_HOLDS, alerts.c.seen_at < looked)
    tx.execute(over.values(over_at=looked, tries=0))


def _saw(tx: Tx, kind: str, subject: str, reason: str, looked: datetime) -> None:
    # ON CONFLICT is spelt the same for both databases; SQLite understands PostgreSQL's.
    fresh = insert(alerts).values(kind=kind, subject=subject, reason=reason, since=looked, seen_at=looked)
    again = {
        "reason": reason,
        "seen_at": looked,
        "over_at": None,
        "since": sa.case((_HOLDS, alerts.c.since), else_=sa.literal(looked, Instant)),
        "tries": sa.case((_HOLDS, alerts.c.tries), else_=0),
    }
    newer = sa.and_(alerts.c.seen_at < looked, sa.or_(_HOLDS, alerts.c.over_at < looked))
    tx.execute(fresh.on_conflict_do_update(index_elements=["kind", "subject"], set_=again, where=newer))


def claim(tx: Tx, now: datetime, until: datetime) -> list[News]:
    """What is to be told and nobody is telling: the caller's to tell before `until`, after which it is free again."""
    free = sa.and_(_UNTOLD, sa.or_(alerts.c.taken_until.is_(None), alerts.c.taken_until < now))
    waiting = sa.select(alerts.c.kind, alerts.c.subject).where(free).order_by(alerts.c.kind, alerts.c.subject)
    taken = [
        tx.execute(
            sa.update(alerts)
            .where(alerts.c.kind == row.kind, alerts.c.subject == row.subject, free)
            .values(taken_until=until, tries=alerts.c.tries + 1)
            .returning(alerts)
        ).one_or_none()
        for row in tx.execute(waiting).all()
    ]
    return [
        News(row.kind, row.subject, row.reason, row.over_at is None, row.since, row.tries - 1) for row in taken if row
    ]


def told(tx: Tx, news: News, now: datetime) -> None:
    """It was told. What has changed since is news again."""
    tx.execute(_row(news).values(told=news.holds, told_at=now, taken_until=None))


def untold(tx: Tx, news: News) -> None:
    """It could not be told: the next look tries again."""
    tx.execute(_row(news).values(taken_until=None))


def _row(news: News) -> sa.Update:
    return sa.update(alerts).where(alerts.c.kind == news.kind, alerts.c.subject == news.subject)
