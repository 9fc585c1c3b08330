"""Statements that only look: listings and counts for the command line and the console."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from pipeline.model import ArticleState, DeliveryState, Stage
from pipeline.store import Tx
from pipeline.store import articles as article_statements
from pipeline.store.tables import among, articles, attempts, channels, deliveries, feeds, polls

Row = dict[str, Any]

_STAGE_OF = {ArticleState.NEW: Stage.TEASER, ArticleState.TEASED: Stage.DEDUPE, ArticleState.READY: Stage.FANOUT}


DEAD_IS_NEWS = timedelta(days=3)  # an older dead letter is in the listing and no longer asks for attention


def _rows(tx: Tx, query: sa.Select[Any]) -> list[Row]:
    return [dict(row._mapping) for row in tx.execute(query)]


def queues(tx: Tx, now: datetime) -> list[Row]:
    """Each stage's depth (rows due) and the age in seconds of its oldest one."""
    found = [
        _queue(Stage.POLL, *_depth(tx, feeds, feeds.c.due_at, now, among(feeds.c.state, "active", "failing")), now)
    ]
    for state, stage in _STAGE_OF.items():
        found.append(
            _queue(
                stage,
                *_depth(
                    tx,
                    articles,
                    articles.c.due_at,
                    now,
                    among(articles.c.state, *_STAGE_OF) & (articles.c.state == state),
                ),
                now,
            )
        )
    # What waits behind a paused channel waits for a person: it is no backlog of the workers.
    paused = sa.select(channels.c.name).where(channels.c.paused_at.is_not(None))
    waiting = among(deliveries.c.state, "pending", "uncertain") & deliveries.c.channel.not_in(paused)
    found.append(_queue(Stage.DELIVER, *_depth(tx, deliveries, deliveries.c.due_at, now, waiting), now))
    return found


def _depth(tx: Tx, table: sa.Table, due: Any, now: datetime, which: Any) -> tuple[int, datetime | None]:
    row = tx.execute(sa.select(sa.func.count(), sa.func.min(due)).select_from(table).where(which, due <= now)).one()
    return row[0], row[1]


def _queue(stage: Stage, depth: int, oldest: datetime | None, now: datetime) -> Row:
    age = (now - oldest).total_seconds() if oldest else 0.0
    return {"queue": str(stage), "depth": depth, "oldest_s": round(max(age, 0.0), 1)}


def counts(tx: Tx, now: datetime) -> Row:
    """The numbers of `status`: open, held, uncertain and dead rows; what was delivered in the last hour and day."""
    open_ = _open_deliveries(tx)
    held, aside = (
        tx.scalar(
            sa.select(sa.func.count()).where(among(articles.c.state, "held", "set_aside"), articles.c.state == state)
        )
        for state in ("held", "set_aside")
    )
    return {name: sum(row.n for row in open_ if row.state == name) for name in _OPEN_STATES} | {
        "articles_held": held,
        "articles_set_aside": aside,
        "delivered_hour": _delivered_since(tx, now - timedelta(hours=1)),
        "delivered_day": _delivered_since(tx, now - timedelta(days=1)),
    }


_OPEN_STATES = ("pending", "leased", "held", "uncertain", "dead")
# Each is answered by a partial index of its own, so that counting does not walk through what was delivered.
_OPEN_PARTS = (
    (among(deliveries.c.state, "pending", "uncertain"), "pending", "uncertain"),
    (deliveries.c.state == sa.literal_column("'leased'"), "leased"),
    (among(deliveries.c.state, "held", "dead", "uncertain"), "held", "dead"),
)


def _open_deliveries(tx: Tx) -> list[Any]:
    """Rows (channel, state, n, oldest) of everything that is not at its end."""
    found: list[Any] = []
    for part, *states in _OPEN_PARTS:
        query = sa.select(
            deliveries.c.channel,
            deliveries.c.state,
            sa.func.count().label("n"),
            sa.func.min(deliveries.c.created_at).label("oldest"),
        ).where(part, deliveries.c.state.in_(states))
        found += tx.execute(query.group_by(deliveries.c.channel, deliveries.c.state)).all()
    return found


def _delivered_since(tx: Tx, since: datetime) -> int:
    return tx.scalar(sa.select(sa.func.count()).where(deliveries.c.delivered_at >= since)) or 0


def feeds_list(tx: Tx) -> list[Row]:
    """Every feed's row."""
    return _rows(tx, sa.select(feeds).order_by(feeds.c.name))


def channels_list(tx: Tx, now: datetime) -> list[Row]:
    """Every configured channel's row with its queue: waiting, uncertain, dead."""
    found = _rows(tx, sa.select(channels).where(channels.c.retired_at.is_(None)).order_by(channels.c.name))
    grouped = _open_deliveries(tx)
    for row in found:
        mine = {g.state: g for g in grouped if g.channel == row["name"]}
        row |= {state: mine[state].n if state in mine else 0 for state in _OPEN_STATES}
        oldest = mine["pending"].oldest if "pending" in mine else None
        row["oldest_s"] = round((now - oldest).total_seconds(), 1) if oldest else 0.0
    return found


def articles_list(
    tx: Tx, *, feed: str | None = None, states: Sequence[str] = (), limit: int = 50, before: int | None = None
) -> list[Row]:
    """Articles, newest first; `before` is the seq to go on from."""
    query = sa.select(
        articles.c.seq,
        articles.c.id,
        articles.c.feed,
        articles.c.state,
        articles.c.title,
        articles.c.link,
        articles.c.published_at,
        articles.c.first_seen_at,
        articles.c.reason,
        articles.c.revision,
        articles.c.joined_to,
    )
    if feed:
        query = query.where(articles.c.feed == feed)
    if states:
        query = query.where(articles.c.state.in_(states))
    if before:
        query = query.where(articles.c.seq < before)
    return _rows(tx, query.order_by(articles.c.seq.desc()).limit(limit))


def deliveries_list(
    tx: Tx, *, channel: str | None = None, states: Sequence[str] = (), limit: int = 50, before: int | None = None
) -> list[Row]:
    """Deliveries, newest first, each with its article's id and title."""
    query = sa.select(*_DELIVERY).join(articles)
    if channel:
        query = query.where(deliveries.c.channel == channel)
    if states:
        query = query.where(deliveries.c.state.in_(states))
    if before:
        query = query.where(deliveries.c.id < before)
    return _rows(tx, query.order_by(deliveries.c.id.desc()).limit(limit))


_DELIVERY = (
    deliveries.c.id,
    deliveries.c.key,
    deliveries.c.channel,
    deliveries.c.state,
    deliveries.c.action,
    deliveries.c.attempt,
    deliveries.c.failures,
    deliveries.c.reason,
    deliveries.c.due_at,
    deliveries.c.created_at,
    deliveries.c.delivered_at,
    deliveries.c.remote_id,
    deliveries.c.remote_url,
    deliveries.c.ordinal,
    articles.c.id.label("article"),
    articles.c.title,
)


def for_a_person(tx: Tx, now: datetime, limit: int = 10) -> list[Row]:
    """Deliveries that go on by a person's word only, newest first."""
    query = sa.select(*_DELIVERY).join(articles).where(_needs_a_person(now))
    return _rows(tx, query.order_by(deliveries.c.id.desc()).limit(limit))


def person_counts(tx: Tx, now: datetime) -> list[Row]:
    """How many of them there are, by channel and state."""
    counted = sa.select(deliveries.c.channel, deliveries.c.state, sa.func.count().label("n"))
    return _rows(tx, counted.where(_needs_a_person(now)).group_by(deliveries.c.channel, deliveries.c.state))


def _needs_a_person(now: datetime) -> sa.ColumnElement[bool]:
    """Held; in doubt for good, not until the machine has looked; dead, as long as that is news."""
    state = deliveries.c.state
    return among(state, "held", "dead", "uncertain") & sa.or_(
        state == "held",
        sa.and_(state == "uncertain", deliveries.c.due_at.is_(None)),
        sa.and_(state == "dead", deliveries.c.created_at > now - DEAD_IS_NEWS),
    )


def attempts_of(tx: Tx, article_seq: int) -> list[Row]:
    """Every attempt of every delivery of an article."""
    return _rows(
        tx,
        sa.select(attempts, deliveries.c.channel)
        .join(deliveries, deliveries.c.id == attempts.c.delivery_id)
        .where(deliveries.c.article_seq == article_seq)
        .order_by(attempts.c.started_at),
    )


def polls_of(tx: Tx, feed: str, limit: int = 100) -> list[Row]:
    """A feed's poll log, newest first (P46)."""
    return _rows(tx, sa.select(polls).where(polls.c.feed == feed).order_by(polls.c.at.desc()).limit(limit))


def held_articles(tx: Tx, feed: str | None = None, limit: int = 1000) -> list[Any]:
    """Articles that wait for a person, oldest first."""
    query = sa.select(articles).where(articles.c.state == ArticleState.HELD)
    if feed:
        query = query.where(articles.c.feed == feed)
    return [article_statements.from_row(row) for row in tx.execute(query.order_by(articles.c.seq).limit(limit))]


def ledger(tx: Tx, channel: str) -> dict[str, int]:
    """How many deliveries of a channel stand in each state: the whole book, so it takes its time."""
    rows = tx.execute(
        sa.select(deliveries.c.state, sa.func.count().label("n"))
        .where(deliveries.c.channel == channel)
        .group_by(deliveries.c.state)
    )
    found = {row.state: row.n for row in rows}
    return {str(state): found.get(state, 0) for state in DeliveryState}


def held_by_feed(tx: Tx) -> dict[str, int]:
    """How many articles of each feed wait for release."""
    query = sa.select(articles.c.feed, sa.func.count()).where(articles.c.state == ArticleState.HELD)
    return {row[0]: row[1] for row in tx.execute(query.group_by(articles.c.feed))}
