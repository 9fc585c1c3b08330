"""Statements on push subscriptions: who was asked, until when, who told us last. `asked_at`: a question is open."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from pipeline.feeds.websub import Offer
from pipeline.store import Tx
from pipeline.store.tables import subscriptions as table

WANTED, PENDING, ACTIVE, UNHEALTHY, DENIED, ENDED = "wanted", "pending", "active", "unhealthy", "denied", "ended"
ALIVE = (WANTED, PENDING, ACTIVE, UNHEALTHY)


def of_feed(tx: Tx, feed: str) -> Any | None:
    """The feed's subscription that is alive or was denied."""
    rows = tx.execute(sa.select(table).where(table.c.feed == feed, table.c.state != ENDED).limit(1))
    return rows.one_or_none()


def by_token(tx: Tx, token: str) -> Any | None:
    """The subscription behind a callback's path."""
    return tx.execute(sa.select(table).where(table.c.token == token)).one_or_none()


def want(tx: Tx, feed: str, offer: Offer, token: str, secret: str, now: datetime) -> bool:
    """Note what a feed offers; another hub or topic than before ends the old subscription. True when it is news."""
    known = of_feed(tx, feed)
    if known is not None and (known.hub, known.topic, known.protocol) == (offer.hub, offer.topic, offer.protocol):
        return False
    if known is not None:
        change(tx, known.token, state=ENDED, reason="the feed names another hub now", renew_at=None)
    tx.execute(
        table.insert().values(
            token=token,
            feed=feed,
            protocol=offer.protocol,
            hub=offer.hub,
            topic=offer.topic,
            secret=secret,
            state=WANTED,
            renew_at=now,
            reason="the feed names a hub",
        )
    )
    return True


def is_due(row: Any, now: datetime) -> bool:
    """Whether it is time to ask the hub, for the first time or again."""
    return row.state in ALIVE and row.renew_at is not None and bool(row.renew_at <= now)


def take(tx: Tx, row: Any, now: datetime, again: datetime) -> bool:
    """Open a question to the hub; False when another worker did."""
    state = PENDING if row.state == WANTED else row.state
    done = tx.execute(
        table.update()
        .where(table.c.token == row.token, table.c.renew_at == row.renew_at)
        .values(asked_at=now, renew_at=again, state=state, failures=table.c.failures + 1)
    )
    return done.rowcount == 1


def change(tx: Tx, token: str, **columns: Any) -> None:
    """Write columns of a subscription."""
    tx.execute(table.update().where(table.c.token == token).values(**columns))


def granted(tx: Tx, token: str, now: datetime, lease: timedelta, renewal: timedelta) -> None:
    """The hub confirmed: the question is closed, the lease runs."""
    change(
        tx,
        token,
        state=ACTIVE,
        asked_at=None,
        lease_until=now + lease,
        renew_at=now + renewal,
        failures=0,
        reason="the hub confirmed",
    )


def lives(row: Any | None, now: datetime) -> bool:
    """Whether pushes can be relied on: confirmed, not run out, and one came already."""
    if row is None or row.state != ACTIVE or row.pushed_at is None:
        return False
    return row.lease_until is not None and bool(row.lease_until > now)


def listing(tx: Tx) -> list[dict[str, Any]]:
    """Every subscription, without its secret and token."""
    rows = tx.execute(sa.select(table).order_by(table.c.feed))
    return [{k: v for k, v in row._mapping.items() if k not in ("secret", "token")} for row in rows]
