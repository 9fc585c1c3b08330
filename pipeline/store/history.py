"""Statements on what happened: an article's steps, a delivery's attempts."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pipeline.model import Step, Unavailable
from pipeline.store import Tx
from pipeline.store.tables import attempts, steps


def note(
    tx: Tx, article_seq: int, now: datetime, stage: str, decision: str, reason: str = "", channel: str | None = None
) -> None:
    """Keep one decision, for `explain`."""
    tx.execute(
        steps.insert().values(
            article_seq=article_seq, at=now, stage=stage, decision=decision, reason=reason, channel=channel
        )
    )


def of_article(tx: Tx, article_seq: int) -> list[Step]:
    """Every decision on an article, in order."""
    rows = tx.execute(sa.select(steps).where(steps.c.article_seq == article_seq).order_by(steps.c.id))
    return [Step(at=r.at, stage=r.stage, decision=r.decision, reason=r.reason, channel=r.channel) for r in rows]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try of a delivery and how it ended."""

    delivery_id: int
    attempt: int
    started_at: datetime
    ended_at: datetime
    outcome: str
    reason: str
    status: int | None = None


def attempted(tx: Tx, tries: Sequence[Attempt]) -> None:
    """Keep them."""
    if tries:
        tx.execute(attempts.insert(), [asdict(one) for one in tries])


def of_delivery(tx: Tx, delivery: int) -> list[dict[str, Any]]:
    """Every try of a delivery, in order."""
    rows = tx.execute(sa.select(attempts).where(attempts.c.delivery_id == delivery).order_by(attempts.c.attempt))
    return [dict(row._mapping) for row in rows]


def refused_since(tx: Tx, delivery: int) -> datetime | None:
    """When a platform first put the delivery off; None when none has."""
    refused = sa.select(sa.func.min(attempts.c.started_at)).where(
        attempts.c.delivery_id == delivery, attempts.c.outcome == Unavailable.name
    )
    found: datetime | None = tx.scalar(refused)
    return found
