"""Statements on worker processes: each says now and then that it is alive, and whose leases end when it does not."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from pipeline.store import Tx
from pipeline.store.tables import processes


def alive(tx: Tx, ident: str, now: datetime) -> None:
    """The process is alive."""
    # ON CONFLICT is spelt the same for both databases; SQLite understands PostgreSQL's.
    fresh = insert(processes).values(id=ident, seen_at=now)
    tx.execute(fresh.on_conflict_do_update(index_elements=["id"], set_={"seen_at": now}))


def silent(tx: Tx, before: datetime) -> list[str]:
    """Those that were last alive before that moment."""
    return [row.id for row in tx.execute(sa.select(processes.c.id).where(processes.c.seen_at < before))]


def forget(tx: Tx, idents: Sequence[str]) -> None:
    """They ended; one that did not says so again."""
    tx.execute(processes.delete().where(processes.c.id.in_(idents)))
