"""Statements on feeds: who is due, who has the lease, what was heard, and under which keys articles are known."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from pipeline.feeds.identity import Alias, Known, Outline
from pipeline.model import ArticleState, Entry, FeedState
from pipeline.store import Tx
from pipeline.store.articles import entry_columns, public_id
from pipeline.store.tables import (
    Instant,
    aliases,
    among,
    articles,
    feeds,
    hosts,
    polls,
    read_instant,
    revisions,
    sightings,
    steps,
)

POLLED = (FeedState.ACTIVE, FeedState.FAILING)
KEPT = timedelta(hours=72)  # of the poll log (P46)
AT_ONCE = 20  # new feeds whose first poll falls into the same second (P22)
CHUNK = 500
UNDER_WAY = "a request is under way"
NOT_CONFIGURED = "no longer in the configuration"
_DUE_STATES = sa.text("feeds.state in ('active','failing')")  # written out: both databases see the partial index


def sync(tx: Tx, configured: Iterable[tuple[str, str]], now: datetime) -> None:
    """Give every configured (name, url) its row. A new address drops validators, never what is known of articles."""
    c = feeds.c
    rows = {row.name: row for row in tx.execute(sa.select(c.name, c.configured_url, c.state, c.reason))}
    wanted = dict(configured)
    fresh = [name for name in wanted if name not in rows]
    if fresh:
        tx.execute(feeds.insert(), [_new(name, wanted[name], now, n) for n, name in enumerate(fresh)])
    for name, row in rows.items():
        if name not in wanted:
            _rest(tx, row)
        elif row.configured_url != wanted[name] or row.reason == NOT_CONFIGURED:
            _wake(tx, row, wanted[name], now)


def _new(name: str, url: str, now: datetime, place: int) -> dict[str, Any]:
    first = now + timedelta(seconds=place // AT_ONCE)
    return {"name": name, "url": url, "configured_url": url, "due_at": first, "due_reason": "its first poll"}


def _rest(tx: Tx, row: Any) -> None:
    if row.reason != NOT_CONFIGURED:
        change(tx, row.name, state=FeedState.PAUSED, reason=NOT_CONFIGURED)


def _wake(tx: Tx, row: Any, url: str, now: datetime) -> None:
    moved: dict[str, Any] = {}
    if row.configured_url != url:
        moved = _nothing_heard() | {
            "url": url,
            "configured_url": url,
            "due_at": now,
            "due_reason": "its address changed",
        }
    state = FeedState.ACTIVE if moved or row.reason == NOT_CONFIGURED else row.state
    change(tx, row.name, state=state, reason="", failures=0, failing_since=None, error=None, **moved)


def _nothing_heard() -> dict[str, Any]:
    names = ("etag", "last_modified", "body_hash", "probed_at", "moved_to", "moved_since")
    return dict.fromkeys(names) | {"moved_seen": 0}


def get(tx: Tx, name: str) -> Any | None:
    """The row of a feed."""
    return tx.execute(sa.select(feeds).where(feeds.c.name == name)).one_or_none()


def change(tx: Tx, name: str, **columns: Any) -> None:
    """Write columns of a feed that nobody is polling, or that a person orders."""
    tx.execute(feeds.update().where(feeds.c.name == name).values(**columns))


def due(tx: Tx, now: datetime, limit: int) -> list[str]:
    """Feeds that may be polled now, the longest due first. Costs the same however many feeds there are."""
    rows = tx.execute(
        sa.select(feeds.c.name)
        .where(_DUE_STATES, feeds.c.due_at <= now, _unleased(now))
        .order_by(feeds.c.due_at)
        .limit(limit)
    )
    return [row.name for row in rows]


def _unleased(now: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(feeds.c.leased_until.is_(None), feeds.c.leased_until < now)


def claim(tx: Tx, name: str, now: datetime, until: datetime, *, by: str, asked: bool = False) -> Any | None:
    """Lease a feed for one poll; None when it is not due, not polled, or another worker has it. `asked`: due or not."""
    values = {"named": name, "now": now, "until": until, "by": by}
    return tx.execute(_CLAIM if asked else _CLAIM_DUE, values).one_or_none()


def _claiming(*conditions: sa.ColumnElement[bool]) -> Any:
    free = sa.or_(feeds.c.leased_until.is_(None), feeds.c.leased_until < sa.bindparam("now", type_=Instant))
    claimed = feeds.update().where(feeds.c.name == sa.bindparam("named"), free, _DUE_STATES, *conditions)
    until = sa.bindparam("until", type_=Instant)
    return claimed.values(leased_until=until, leased_by=sa.bindparam("by"), attempt=feeds.c.attempt + 1).returning(
        feeds
    )


# Built once: what every poll asks is not composed anew each time.
_CLAIM = _claiming()
_CLAIM_DUE = _claiming(feeds.c.due_at <= sa.bindparam("now", type_=Instant))


def settle(tx: Tx, row: Any, **columns: Any) -> bool:
    """Write what a poll brought and give the lease back; False when it was lost, and then nothing is changed.

    What was ordered meanwhile stands: a pause, an earlier poll.
    """
    values = {f"new_{name}": value for name, value in columns.items()}
    fence = {"named": row.name, "mine": row.attempt, "was_due": row.due_at}
    return tx.execute(_settling(tuple(columns)), values | fence).rowcount == 1


@cache
def _settling(names: tuple[str, ...]) -> sa.Update:
    untouched = feeds.c.due_at == sa.bindparam("was_due", type_=Instant)
    polled = feeds.c.state.in_(POLLED)
    ours = {"due_at": untouched, "due_reason": untouched, "state": polled, "reason": polled}
    new = {name: sa.bindparam(f"new_{name}", type_=feeds.c[name].type) for name in names}
    values = {
        name: sa.case((ours[name], new[name]), else_=feeds.c[name]) if name in ours else new[name] for name in names
    }
    fence = feeds.c.attempt == sa.bindparam("mine")
    return feeds.update().where(feeds.c.name == sa.bindparam("named"), fence).values(leased_until=None, **values)


def free_all(tx: Tx) -> None:
    """End every lease: the process that held them is gone."""
    tx.execute(feeds.update().where(feeds.c.leased_until.is_not(None)).values(leased_until=None))
    tx.execute(hosts.update().where(hosts.c.busy_until.is_not(None)).values(busy_until=None, next_at=None))


def free_of(tx: Tx, processes: Sequence[str], now: datetime) -> int:
    """End the leases on feeds, and the visits of hosts, of processes that died; gives how many polls."""
    leased = (feeds.c.leased_by.in_(processes), feeds.c.leased_until > now)
    freed = tx.execute(feeds.update().where(*leased).values(leased_until=None))
    visited = (hosts.c.busy_by.in_(processes), hosts.c.busy_until > now, hosts.c.reason == UNDER_WAY)
    tx.execute(hosts.update().where(*visited).values(busy_until=now, next_at=None))
    return int(freed.rowcount)


# --- one host, one visitor (P19) -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Turn:
    """Whether a host may be visited now; else when this feed's turn is, and why it waits."""

    now: bool
    at: datetime
    reason: str = ""


def visit(tx: Tx, host: str, now: datetime, until: datetime, gap: timedelta, *, by: str) -> Turn:
    """Take the host for one request, until `until` at the latest, or be given the next free turn."""
    tx.execute(
        sa.text("insert into hosts (host, reason) values (:host, '') on conflict (host) do nothing"), {"host": host}
    )
    taken = tx.execute(
        hosts.update()
        .where(hosts.c.host == host, sa.or_(hosts.c.busy_until.is_(None), hosts.c.busy_until <= now))
        .values(busy_until=until, busy_by=by, reason=UNDER_WAY)
    )
    if taken.rowcount == 1:
        return Turn(True, now)
    row = tx.execute(sa.select(hosts).where(hosts.c.host == host)).one()
    waiting = row.next_at if row.next_at and row.next_at > now else now
    # A request that is under way usually ends soon; a host that asked for quiet gets it.
    free = row.busy_until if row.reason != UNDER_WAY else now + gap
    at = max(waiting, free) + gap
    tx.execute(hosts.update().where(hosts.c.host == host).values(next_at=at))
    return Turn(False, at, f"its host is visited one request at a time: {row.reason}")


def leave(tx: Tx, host: str, free_at: datetime, reason: str) -> None:
    """End a visit; the next may begin at `free_at`."""
    tx.execute(hosts.update().where(hosts.c.host == host).values(busy_until=free_at, reason=reason))


_NEW_ALIAS = "insert into aliases (feed, key, kind, version, article_seq) values (:feed, :key, :kind, :version, :seq)"
_LEARN = sa.text(_NEW_ALIAS + " on conflict (feed, key) do nothing")
_TAKE = sa.text(_NEW_ALIAS + " on conflict (feed, key) do update set article_seq = excluded.article_seq")

# --- identity --------------------------------------------------------------------------------------------------------


def recognised(tx: Tx, feed: str, keys: Iterable[bytes]) -> tuple[dict[bytes, int], dict[int, Known]]:
    """Which of these keys are known in the feed, of which article, and what a ruling needs of those articles."""
    found: dict[bytes, int] = {}
    named: dict[int, Known] = {}
    wanted = list(dict.fromkeys(keys))
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        rows = tx.exec_driver_sql(_recognising(len(part), tx.dialect.paramstyle), (feed, *part))
        for key, seq, content_hash, state, vanished_at, published in rows:
            found[bytes(key)] = seq
            if state is not None and seq not in named:
                named[seq] = _known(seq, content_hash, state, vanished_at, read_instant(published))
    return found, named


@cache  # asked at every poll with a key or two for each entry: composed for each number of keys once
def _recognising(count: int, style: str) -> str:
    mark = "?" if style == "qmark" else "%s"
    return _RECOGNISED.replace("MARKS", ", ".join([mark] * count)).replace("MARK", mark)


_RECOGNISED = (
    "select a.key, a.article_seq, n.content_hash, n.state, n.vanished_at, n.published_at"
    " from aliases a left join articles n on n.seq = a.article_seq where a.feed = MARK and a.key in (MARKS)"
)


def known_by_link(tx: Tx, key: bytes) -> list[tuple[str, int]]:
    """The (feed, article) pairs of every feed that knows this link, the earliest article first."""
    rows = tx.execute(
        sa.select(aliases.c.feed, aliases.c.article_seq)
        .where(aliases.c.key == key, sa.text("kind = 'link'"))
        .order_by(aliases.c.article_seq)
    )
    return [(row.feed, row.article_seq) for row in rows]


def sharing_their_links(tx: Tx, seqs: Sequence[int]) -> set[int]:
    """Those of the articles that came through a feed and are not known by their link there: others have the same."""
    rows = tx.execute(sa.select(aliases.c.article_seq, aliases.c.kind).where(aliases.c.article_seq.in_(seqs)))
    known = [(row.article_seq, row.kind) for row in rows]
    return {seq for seq, _ in known} - {seq for seq, kind in known if kind == "link"}


def learn(tx: Tx, feed: str, seq: int, keys: Sequence[Alias], *, take: bool = False) -> None:
    """Add keys of an article. `take`: a key that named another article names this one from now on."""
    if not keys:
        return
    tx.execute(_TAKE if take else _LEARN, [_alias_row(feed, seq, alias) for alias in keys])


def _alias_row(feed: str, seq: int, alias: Alias) -> dict[str, Any]:
    return {"feed": feed, "key": alias.key, "kind": alias.kind, "version": alias.version, "seq": seq}


@dataclass(frozen=True, slots=True)
class Archived:
    """An article that was in its feed before we were."""

    entry: Entry
    seed: str
    content_hash: bytes
    aliases: Sequence[Alias]


def archive(tx: Tx, feed: str, entries: Sequence[Archived], now: datetime, reason: str) -> None:
    """Store the archive of a new feed, however long, in a few statements."""
    ids: dict[str, int] = {}
    rows = []
    for one in entries:
        again = ids[one.seed] = ids.get(one.seed, -1) + 1
        ident = public_id(feed, f"{one.seed}\n{again}" if again else one.seed)
        common = {"feed": feed, "state": ArticleState.ARCHIVED, "reason": reason, "first_seen_at": now, "due_at": now}
        rows.append(entry_columns(one.entry) | common | {"id": ident, "content_hash": one.content_hash})
    for start in range(0, len(rows), CHUNK):
        part = tx.execute(
            articles.insert().returning(articles.c.seq, sort_by_parameter_order=True), rows[start : start + CHUNK]
        )
        seqs = [row.seq for row in part]
        tx.execute(sightings.insert(), [{"article_seq": seq, "feed": feed, "at": now} for seq in seqs])
        note = {"at": now, "stage": "poll", "decision": "archived", "reason": reason}
        tx.execute(steps.insert(), [note | {"article_seq": seq} for seq in seqs])
        pairs = zip(seqs, entries[start : start + CHUNK], strict=True)
        found = [_alias_row(feed, seq, alias) for seq, one in pairs for alias in one.aliases]
        if found:
            tx.execute(_TAKE, found)


def outlines(tx: Tx, feed: str, limit: int) -> list[Outline]:
    """The feed's last articles, the newest last: only what tells whether a closer look is worth it."""
    c = articles.c
    rows = tx.execute(
        sa.select(c.seq, c.title, c.entry_id, c.link, c.published_at, c.updated_at)
        .where(c.feed == feed)
        .order_by(c.seq.desc())
        .limit(limit)
    )
    found = [Outline(r.seq, r.title, r.entry_id, r.link or None, r.published_at, r.updated_at) for r in rows]
    return found[::-1]


def known(tx: Tx, seqs: Iterable[int]) -> dict[int, Known]:
    """What a ruling needs of these articles."""
    wanted, found = list(seqs), {}
    for start in range(0, len(wanted), CHUNK):
        c = articles.c
        columns = sa.select(c.seq, c.content_hash, c.state, c.vanished_at, c.published_at)
        for row in tx.execute(columns.where(c.seq.in_(wanted[start : start + CHUNK]))):
            found[row.seq] = _known(*row)
    return found


def _known(seq: int, content_hash: bytes | None, state: str, vanished_at: object, published: datetime | None) -> Known:
    missing = vanished_at is not None
    withdrawn = missing and state == ArticleState.WITHDRAWN
    return Known(seq, content_hash, published, missing=missing, withdrawn=withdrawn)


def has_articles(tx: Tx, feed: str) -> bool:
    """Whether articles of the feed are stored; if so and its own state is not, that state was lost (F32)."""
    return tx.scalar(sa.select(articles.c.seq).where(articles.c.feed == feed).limit(1)) is not None


def on_display(tx: Tx, feed: str, since: datetime) -> dict[int, datetime | None]:
    """Articles first seen after `since` that are expected in the feed's document, with their dates."""
    rows = tx.execute(_ON_DISPLAY, {"named": feed, "since": since})
    return {row.seq: row.published_at for row in rows}


_EXPECTED = (ArticleState.NEW, ArticleState.TEASED, ArticleState.READY, ArticleState.FANNED, ArticleState.HELD)
_ON_DISPLAY = (
    sa.select(articles.c.seq, articles.c.published_at)
    .where(
        articles.c.feed == sa.bindparam("named"),
        articles.c.first_seen_at >= sa.bindparam("since", type_=Instant),
        among(articles.c.state, *_EXPECTED),
        articles.c.vanished_at.is_(None),
    )
    .order_by(articles.c.seq.desc())
    .limit(200)
)


def vanished(tx: Tx, seqs: Sequence[int], at: datetime | None) -> None:
    """Note that articles are no longer in their feed, or (None) are there again."""
    tx.execute(articles.update().where(articles.c.seq.in_(seqs)).values(vanished_at=at))


def says_again(tx: Tx, seq: int, entry: Entry) -> bool:
    """Whether the entry says what the article said before its last revision."""
    c = revisions.c
    before = tx.scalar(sa.select(c.before).where(c.article_seq == seq).order_by(c.revision.desc()).limit(1)) or {}
    return bool(before) and all(getattr(entry, name) == value for name, value in before.items())


# --- the log of polls ------------------------------------------------------------------------------------------------


_NOTE = polls.insert()


def note_poll(tx: Tx, **columns: Any) -> None:
    """Add a line to the log of polls."""
    tx.execute(_NOTE, columns)


def polls_of(tx: Tx, feed: str, limit: int = 50) -> list[Mapping[str, Any]]:
    """The last polls of a feed, the newest first."""
    rows = tx.execute(sa.select(polls).where(polls.c.feed == feed).order_by(polls.c.at.desc()).limit(limit))
    return [dict(row._mapping) for row in rows]


def prune_polls(tx: Tx, now: datetime, limit: int = 5000) -> int:
    """Forget polls older than 72 hours, at most `limit`; gives how many."""
    old = sa.select(polls.c.id).where(polls.c.at < now - KEPT).limit(limit).scalar_subquery()
    return tx.execute(polls.delete().where(polls.c.id.in_(old))).rowcount
