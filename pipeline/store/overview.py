"""Statements that only look: listings and counts for the command line and the console."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from pipeline.model import ArticleState, DeliveryState, Stage, Unauthorised
from pipeline.store import Tx
from pipeline.store import articles as article_statements
from pipeline.store.tables import among, articles, attempts, channels, deliveries, feeds, polls

Row = dict[str, Any]

_STAGE_OF = {ArticleState.NEW: Stage.TEASER, ArticleState.TEASED: Stage.DEDUPE, ArticleState.READY: Stage.FANOUT}


DEAD_IS_NEWS = timedelta(days=3)  # an older dead letter is in the listing and no longer asks for attention


def _rows(tx: Tx, query: sa.Select[Any]) -> list[Row]:
    return [dict(row._mapping) for row in tx.execute(query)]


def queues(tx: Tx, now: datetime) -> list[Row]:
    """Each stage's `depth` (rows that are due), the age in seconds of the oldest, and `resting`.

    What is due to a channel that rests is counted in `resting` alone, what is due to a paused one nowhere: the one
    waits for its time, the other for a person, and neither for a worker.
    """
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
    found.append(_mailboxes(tx, now))
    return found


def _mailboxes(tx: Tx, now: datetime) -> Row:
    """The queue of deliveries: all mailboxes together."""
    due = sa.select(deliveries.c.channel, sa.func.count().label("n"), sa.func.min(deliveries.c.due_at).label("oldest"))
    due = due.where(among(deliveries.c.state, "pending", "uncertain"), deliveries.c.due_at <= now)
    rests = {row.name: row for row in tx.execute(sa.select(channels).where(channels.c.paused_at.is_(None)))}
    depth, resting, ages = 0, 0, [0.0]
    for row in tx.execute(due.group_by(deliveries.c.channel)):
        channel = rests.get(row.channel)
        if channel is None:
            continue
        if rests_until(channel.next_send_at, now):
            resting += row.n
            continue
        depth += row.n
        ages.append(overdue(row.oldest, channel.next_send_at, now))
    return {"queue": str(Stage.DELIVER), "depth": depth, "oldest_s": round(max(ages), 1), "resting": resting}


def rests_until(next_send_at: datetime | None, now: datetime) -> datetime | None:
    """When a channel that sends nothing now goes on; None when it does not rest."""
    return next_send_at if next_send_at and next_send_at > now else None


def overdue(due_at: datetime | None, next_send_at: datetime | None, now: datetime) -> float:
    """For how many seconds a delivery could have been sent: since it was due, or since its channel's rest ended."""
    since = max((moment for moment in (due_at, next_send_at) if moment), default=now)
    return max(0.0, (now - since).total_seconds()) if due_at else 0.0


def _depth(tx: Tx, table: sa.Table, due: Any, now: datetime, which: Any) -> tuple[int, datetime | None]:
    row = tx.execute(sa.select(sa.func.count(), sa.func.min(due)).select_from(table).where(which, due <= now)).one()
    return row[0], row[1]


def _queue(stage: Stage, depth: int, oldest: datetime | None, now: datetime) -> Row:
    age = (now - oldest).total_seconds() if oldest else 0.0
    return {"queue": str(stage), "depth": depth, "oldest_s": round(max(age, 0.0), 1), "resting": 0}


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
    """Rows (channel, state, n, oldest due) of everything that is not at its end."""
    found: list[Any] = []
    for part, *states in _OPEN_PARTS:
        query = sa.select(
            deliveries.c.channel,
            deliveries.c.state,
            sa.func.count().label("n"),
            sa.func.min(deliveries.c.due_at).label("oldest"),
        ).where(part, deliveries.c.state.in_(states))
        found += tx.execute(query.group_by(deliveries.c.channel, deliveries.c.state)).all()
    return found


def _delivered_since(tx: Tx, since: datetime) -> int:
    return tx.scalar(sa.select(sa.func.count()).where(deliveries.c.delivered_at >= since)) or 0


def feeds_list(tx: Tx) -> list[Row]:
    """Every feed's row."""
    return _rows(tx, sa.select(feeds).order_by(feeds.c.name))


def channels_list(tx: Tx, now: datetime) -> list[Row]:
    """Every configured channel's row with its queue: waiting, uncertain, dead; `state`: active, resting or paused."""
    found = _rows(tx, sa.select(channels).where(channels.c.retired_at.is_(None)).order_by(channels.c.name))
    grouped = _open_deliveries(tx)
    for row in found:
        mine = {g.state: g for g in grouped if g.channel == row["name"]}
        row |= {state: mine[state].n if state in mine else 0 for state in _OPEN_STATES}
        oldest = mine["pending"].oldest if "pending" in mine else None
        row["oldest_s"] = round(overdue(oldest, row["next_send_at"], now), 1)
        resting = rests_until(row["next_send_at"], now)
        row["state"] = "paused" if row["paused_at"] else "resting" if resting else "active"
        row["reason"] = row["paused_reason"] if row["paused_at"] else row["rest_reason"] if resting else ""
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
    tx: Tx,
    now: datetime,
    *,
    channel: str | None = None,
    states: Sequence[str] = (),
    limit: int = 50,
    before: int | None = None,
) -> list[Row]:
    """Deliveries, newest first, each with its article's id and title.

    `rests_until` and `rest_reason` are set where a delivery waits for nothing but the end of its channel's rest.
    """
    rest = (channels.c.next_send_at.label("rests_until"), channels.c.rest_reason, channels.c.paused_at)
    query = sa.select(*_DELIVERY, *rest).join(articles)
    query = query.outerjoin(channels, channels.c.name == deliveries.c.channel)
    if channel:
        query = query.where(deliveries.c.channel == channel)
    if states:
        query = query.where(deliveries.c.state.in_(states))
    if before:
        query = query.where(deliveries.c.id < before)
    return [_resting(row, now) for row in _rows(tx, query.order_by(deliveries.c.id.desc()).limit(limit))]


def _resting(row: Row, now: datetime) -> Row:
    waits = row.pop("paused_at") is None and row["state"] == DeliveryState.PENDING
    until = rests_until(row["rests_until"], now) if waits else None
    if until is None or row["due_at"] >= until:
        row |= {"rests_until": None, "rest_reason": ""}
    return row


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


def deliveries_for_a_person(tx: Tx, now: datetime) -> list[Row]:
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


def left_to_a_person(tx: Tx, article_seq: int) -> set[int]:
    """The article's deliveries in doubt that no machine looks for any more."""
    mine = sa.select(deliveries.c.id).where(deliveries.c.article_seq == article_seq, deliveries.c.due_at.is_(None))
    return set(tx.scalars(mine.where(deliveries.c.state == DeliveryState.UNCERTAIN)))


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


def held_articles(
    tx: Tx, feed: str | None = None, *, reason: str | None = None, upto: int | None = None, limit: int = 1000
) -> list[Any]:
    """Articles that wait for a person, oldest first: of a feed, for a reason, first seen no later than this seq."""
    query = sa.select(articles).where(articles.c.state == ArticleState.HELD)
    if feed:
        query = query.where(articles.c.feed == feed)
    if reason:
        query = query.where(articles.c.reason == reason)
    if upto:
        query = query.where(articles.c.seq <= upto)
    return [article_statements.from_row(row) for row in tx.execute(query.order_by(articles.c.seq).limit(limit))]


def held_count(tx: Tx, feed: str) -> int:
    """How many articles of a feed wait for release."""
    held = among(articles.c.state, "held", "set_aside") & (articles.c.state == ArticleState.HELD)
    return tx.scalar(sa.select(sa.func.count()).where(held, articles.c.feed == feed)) or 0


def held_together(tx: Tx, limit: int = 10, shown: int = 20) -> list[Row]:
    """Articles that wait for a person, newest first; those of one feed that wait for one reason are one row.

    Each row has their number `n`, the newest one's seq `upto`, and up to `shown` of them, oldest first, as `articles`.
    """
    held = among(articles.c.state, "held", "set_aside") & (articles.c.state == ArticleState.HELD)
    newest = sa.func.max(articles.c.seq)
    groups = sa.select(articles.c.feed, articles.c.reason, sa.func.count().label("n"), newest.label("upto"))
    groups = groups.where(held).group_by(articles.c.feed, articles.c.reason).order_by(newest.desc()).limit(limit)
    found = _rows(tx, groups)
    names = ("id", "feed", "state", "title", "link", "reason", "first_seen_at")
    for row in found:
        mine = sa.select(*(articles.c[name] for name in names))
        mine = mine.where(held, articles.c.feed == row["feed"], articles.c.reason == row["reason"])
        row["articles"] = _rows(tx, mine.order_by(articles.c.seq).limit(shown))
    return found


def without_credentials(tx: Tx) -> set[str]:
    """Channels that are paused because their platform takes their credentials no longer."""
    query = sa.select(channels.c.name).join(deliveries, deliveries.c.channel == channels.c.name).distinct()
    lost = deliveries.c.failure == Unauthorised.name
    why = deliveries.c.reason == channels.c.paused_reason
    waiting = among(deliveries.c.state, "pending", "uncertain")
    return set(tx.scalars(query.where(waiting, channels.c.paused_at.is_not(None), lost, why)))


def ledger(tx: Tx, channel: str) -> dict[str, int]:
    """How many deliveries of a channel stand in each state: the whole book, so it takes its time."""
    rows = tx.execute(
        sa.select(deliveries.c.state, sa.func.count().label("n"))
        .where(deliveries.c.channel == channel)
        .group_by(deliveries.c.state)
    )
    found = {row.state: row.n for row in rows}
    return {str(state): found.get(state, 0) for state in DeliveryState}


def articles_for_a_person(tx: Tx) -> list[Row]:
    """How many articles of each feed wait for release or were set aside."""
    counted = sa.select(articles.c.feed, articles.c.state, sa.func.count().label("n"))
    return _rows(
        tx, counted.where(among(articles.c.state, "held", "set_aside")).group_by(articles.c.feed, articles.c.state)
    )
