"""Orders that were given with a key, and what they were answered."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from pipeline.store import Tx
from pipeline.store.tables import orders


def take(tx: Tx, key: str, asked: str, now: datetime) -> bool:
    """Take the key for this transaction; False when it was taken. Waits for another transaction that is taking it."""
    # ON CONFLICT is spelt the same for both databases; SQLite understands PostgreSQL's.
    fresh = insert(orders).values(key=key, asked=asked, at=now)
    return tx.scalar(fresh.on_conflict_do_nothing(index_elements=["key"]).returning(orders.c.key)) is not None


def get(tx: Tx, key: str) -> Any | None:
    """The key's order and its answer."""
    return tx.execute(sa.select(orders).where(orders.c.key == key)).one_or_none()


def answer(tx: Tx, key: str, answer: Any) -> None:
    """Keep what became of it."""
    tx.execute(orders.update().where(orders.c.key == key).values(answer=answer))


def forget(tx: Tx, before: datetime) -> int:
    """Let go of the keys that were used before a moment; how many."""
    return tx.execute(orders.delete().where(orders.c.at < before)).rowcount
