"""`standfirst db check`: the store's files, its version, and that its promises hold in its rows."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from pipeline.model import Error
from pipeline.store import Store, Tx
from pipeline.store.tables import articles, deliveries, metadata
from pipeline.wording import counted
from workers.cli.output import progress

Check = Callable[[Store, Tx], str]


class Wrong(Error):
    """What a check found."""


def examine(url: str) -> list[dict[str, Any]]:
    """Every check and what it found."""
    store = Store.open(url)
    found = []
    try:
        with progress("checking", len(CHECKS)) as shown:
            for what, check in CHECKS.items():
                found.append(one(store, what, check))
                shown(len(found))
    finally:
        store.close()
    return found


def one(store: Store, what: str, check: Check) -> dict[str, Any]:
    """One check and what it found."""
    try:
        with store.read() as tx:
            return {"what": what, "ok": True, "said": check(store, tx)}
    except Error as error:
        return {"what": what, "ok": False, "said": str(error)}


def files(store: Store, tx: Tx) -> str:
    """The database's own word on its files."""
    if not store.embedded:
        return f"PostgreSQL {tx.scalar(sa.text('show server_version'))}"
    said = [row[0] for row in tx.execute(sa.text("pragma integrity_check(10)"))]
    if said != ["ok"]:
        raise Wrong(f"damaged: {'; '.join(said)}; bring back a backup with: standfirst db restore FILE")
    return "whole"


def tables(_store: Store, tx: Tx) -> str:
    """Every table is there."""
    missing = set(metadata.tables) - set(sa.inspect(tx).get_table_names())
    if missing:
        raise Wrong(f"{', '.join(sorted(missing))} missing; run: standfirst db migrate")
    return counted(len(metadata.tables), "table", "tables")


def references(_store: Store, tx: Tx) -> str:
    """Every delivery has its article."""
    orphans = (
        sa.select(sa.func.count())
        .select_from(deliveries.outerjoin(articles, articles.c.seq == deliveries.c.article_seq))
        .where(articles.c.seq.is_(None))
    )
    count = tx.scalar(orphans) or 0
    if count:
        raise Wrong(f"{counted(count, 'delivery', 'deliveries')} without an article")
    return "every delivery has its article"


def once(_store: Store, tx: Tx) -> str:
    """No article has two first deliveries on a channel, nor two under one key."""
    firsts = sa.select(sa.literal(1)).select_from(deliveries).where(deliveries.c.ordinal == 0)
    twice = firsts.group_by(deliveries.c.article_seq, deliveries.c.channel).having(sa.func.count() > 1)
    keys = sa.select(sa.literal(1)).select_from(deliveries).group_by(deliveries.c.key).having(sa.func.count() > 1)
    count = sum(tx.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0 for query in (twice, keys))
    if count:
        raise Wrong(f"{counted(count, 'delivery', 'deliveries')} written twice")
    return "no article twice on a channel"


def receipts(_store: Store, tx: Tx) -> str:
    """What is delivered says since when, what is on its way has its lease, what is pending is due some time."""
    state = deliveries.c.state
    broken = sa.or_(
        sa.and_(state == "delivered", deliveries.c.delivered_at.is_(None)),
        sa.and_(state == "leased", deliveries.c.leased_until.is_(None)),
        sa.and_(state == "pending", deliveries.c.due_at.is_(None)),
    )
    count = tx.scalar(sa.select(sa.func.count()).select_from(deliveries).where(broken)) or 0
    if count:
        raise Wrong(f"{counted(count, 'delivery is', 'deliveries are')} in no state that can be")
    total = tx.scalar(sa.select(sa.func.count()).select_from(deliveries)) or 0
    return counted(total, "delivery", "deliveries")


CHECKS: dict[str, Check] = {
    "files": files,
    "tables": tables,
    "references": references,
    "once": once,
    "states": receipts,
}
