"""The ledger as an audit reads it: what was sent, or may have been, with its article's address."""

from datetime import datetime

import sqlalchemy as sa

from pipeline.audit import Entry
from pipeline.store import Tx
from pipeline.store.deliveries import from_row
from pipeline.store.tables import articles, deliveries


def ledger(tx: Tx, channel: str, since: datetime) -> list[Entry]:
    """Every delivery of the channel since then, whatever became of it, and what went before of the same articles."""
    touched = sa.or_(deliveries.c.delivered_at >= since, deliveries.c.created_at >= since)
    # An older post of an article that was posted again is no second one of it.
    theirs = sa.select(deliveries.c.article_seq).where(deliveries.c.channel == channel, touched)
    rows = tx.execute(
        sa.select(deliveries, articles.c.id.label("article"), articles.c.link, articles.c.title)
        .join(articles, articles.c.seq == deliveries.c.article_seq)
        .where(deliveries.c.channel == channel, deliveries.c.article_seq.in_(theirs))
        .order_by(deliveries.c.id)
    )
    return [Entry(from_row(row, row.article), row.link, row.title) for row in rows]
