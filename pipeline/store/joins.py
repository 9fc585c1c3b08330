"""Statements on articles that joined another: which, to which story, and what was posted of either."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pipeline.model import Action, Article, ArticleState
from pipeline.store import Tx
from pipeline.store.articles import from_row
from pipeline.store.tables import articles, deliveries, sightings, verdicts

CHUNK = 500
MOST = 5000
# A story in one of these states gets no further post by itself.
DECIDED = (ArticleState.FANNED, ArticleState.ARCHIVED, ArticleState.WITHDRAWN)
_JOINED = articles.c.state == sa.literal_column("'joined'")  # written as in the index


def since(tx: Tx, moment: datetime, limit: int = MOST) -> list[Article]:
    """Articles first seen since then that joined another, the newest first."""
    query = sa.select(articles).where(_JOINED, articles.c.first_seen_at >= moment)
    return [from_row(row) for row in tx.execute(query.order_by(articles.c.first_seen_at.desc()).limit(limit))]


def stories(tx: Tx, joined: Sequence[Article]) -> dict[str, Article]:
    """The articles that these joined, by id."""
    wanted = sorted({one.joined_to for one in joined if one.joined_to})
    rows = (row for part in _parts(wanted) for row in tx.execute(sa.select(articles).where(articles.c.id.in_(part))))
    return {row.id: from_row(row) for row in rows}


def posted(tx: Tx, seqs: Iterable[int]) -> list[Any]:
    """Rows (article_seq, channel, state, reason) of the posts that were meant for these articles."""
    columns = (deliveries.c.article_seq, deliveries.c.channel, deliveries.c.state, deliveries.c.reason)
    query = sa.select(*columns).where(deliveries.c.action == Action.POST)
    return [row for part in _parts(sorted(seqs)) for row in tx.execute(query.where(deliveries.c.article_seq.in_(part)))]


def feeds(tx: Tx, seqs: Iterable[int]) -> dict[int, list[str]]:
    """The feeds through which these articles came."""
    found: dict[int, list[str]] = {}
    for part in _parts(sorted(seqs)):
        for row in tx.execute(sa.select(sightings).where(sightings.c.article_seq.in_(part)).order_by(sightings.c.at)):
            found.setdefault(row.article_seq, []).append(row.feed)
    return found


def members(tx: Tx, story: str, before: int) -> list[int]:
    """The numbers of a story's articles that came before this one: the first, and what joined it."""
    mine = sa.or_(articles.c.id == story, sa.and_(_JOINED, articles.c.joined_to == story))
    return [row.seq for row in tx.execute(sa.select(articles.c.seq).where(mine, articles.c.seq < before))]


def doubted(tx: Tx) -> list[Article]:
    """Articles that are held because a person is asked whether they are an earlier one's story."""
    query = sa.select(articles).where(articles.c.state == ArticleState.HELD, _asked())
    return [from_row(row) for row in tx.execute(query.order_by(articles.c.seq.desc()))]


def said(tx: Tx, idents: Sequence[str], verdict: str) -> set[frozenset[str]]:
    """The pairs among which one of these is, on which a person has said so."""
    found: set[frozenset[str]] = set()
    for part in _parts(sorted(idents)):
        mine = sa.or_(verdicts.c.article.in_(part), verdicts.c.other.in_(part))
        rows = tx.execute(sa.select(verdicts.c.article, verdicts.c.other).where(mine, verdicts.c.verdict == verdict))
        found |= {frozenset(row) for row in rows}
    return found


def _asked() -> sa.ColumnElement[bool]:
    pair = sa.or_(verdicts.c.article == articles.c.id, verdicts.c.other == articles.c.id)
    return sa.exists().where(pair, verdicts.c.verdict == "asked")


def _parts(wanted: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (wanted[start : start + CHUNK] for start in range(0, len(wanted), CHUNK))
