"""Statements that let go of what is old: texts and histories. Identities and receipts stay for ever."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pipeline.store import Tx
from pipeline.store.tables import articles, attempts, deliveries, revisions, steps, vault

OPEN_ARTICLES = ("new", "teased", "ready", "held")
OPEN_DELIVERIES = ("held", "pending", "leased", "uncertain")


def finished_before(tx: Tx, before: datetime, after: int, limit: int) -> list[int]:
    """Articles first seen before a moment that still have texts or a history and wait for nothing, by their seq."""
    waits = sa.exists().where(deliveries.c.article_seq == articles.c.seq, deliveries.c.state.in_(OPEN_DELIVERIES))
    told = sa.exists().where(steps.c.article_seq == articles.c.seq)
    query = (
        sa.select(articles.c.seq)
        .where(articles.c.seq > after, articles.c.first_seen_at < before, articles.c.state.not_in(OPEN_ARTICLES))
        .where(sa.or_(articles.c.content != "", articles.c.summary != "", told), ~waits)
        .order_by(articles.c.seq)
        .limit(limit)
    )
    return list(tx.scalars(query))


def forget_texts(tx: Tx, seqs: list[int]) -> None:
    """Empty these articles: their title, link, teaser and everything that recognises them stay."""
    tx.execute(articles.update().where(articles.c.seq.in_(seqs)).values(summary="", content=""))
    mine = sa.select(deliveries.c.id).where(deliveries.c.article_seq.in_(seqs))
    tx.execute(attempts.delete().where(attempts.c.delivery_id.in_(mine)))
    nothing: dict[str, Any] = {"post": sa.null()}  # the receipts of a thread's parts stay, as receipts do
    tx.execute(deliveries.update().where(deliveries.c.article_seq.in_(seqs)).values(nothing))
    for table in (steps, revisions):
        tx.execute(table.delete().where(table.c.article_seq.in_(seqs)))


def forget_expired(tx: Tx, before: datetime) -> int:
    """Take out of the vaults what ran out before a moment; how many."""
    free = sa.or_(vault.c.busy_until.is_(None), vault.c.busy_until < before)
    return tx.execute(vault.delete().where(vault.c.until < before, free)).rowcount
