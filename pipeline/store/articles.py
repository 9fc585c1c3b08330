"""Statements on articles: what was seen, where it stands, which stage may have it."""

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pipeline.model import Article, ArticleState, Entry
from pipeline.store import Tx
from pipeline.store.codec import image_in, image_out
from pipeline.store.tables import aliases, among, articles, revisions, sightings

OPEN = (ArticleState.NEW, ArticleState.TEASED, ArticleState.READY)
_IS_OPEN = among(articles.c.state, *OPEN)


def public_id(feed: str, seed: str) -> str:
    """The article's id for people and platforms: the same feed and seed give it again, even in a new store."""
    digest = hashlib.blake2b(f"{feed}\n{seed}".encode("utf-8", "surrogatepass"), digest_size=10).digest()
    return "a" + base64.b32encode(digest).decode().lower()[:12]


def from_row(row: Any) -> Article:
    """The model's article of a row of the table."""
    return Article(
        seq=row.seq,
        id=row.id,
        feed=row.feed,
        state=ArticleState(row.state),
        title=row.title,
        link=row.link,
        first_seen=row.first_seen_at,
        entry_id=row.entry_id,
        summary=row.summary,
        content=row.content,
        published=row.published_at,
        updated=row.updated_at,
        language=row.language,
        authors=tuple(row.authors),
        tags=tuple(row.tags),
        image=image_in(row.image),
        teaser=row.teaser,
        teaser_source=row.teaser_source,
        teaser_reason=row.teaser_reason,
        revision=row.revision,
        reason=row.reason,
        trace=row.trace,
        joined_to=row.joined_to,
        tries=row.tries,
    )


def entry_columns(entry: Entry) -> dict[str, Any]:
    """What is stored of an entry as its feed gave it."""
    return {
        "title": entry.title,
        "link": entry.link or "",
        "entry_id": entry.entry_id,
        "summary": entry.summary,
        "content": entry.content,
        "published_at": entry.published,
        "updated_at": entry.updated,
        "language": entry.language,
        "authors": list(entry.authors),
        "tags": list(entry.tags),
        "image": image_out(entry.image),
    }


def add(
    tx: Tx,
    feed: str,
    entry: Entry,
    *,
    seed: str,
    state: ArticleState,
    now: datetime,
    trace: str,
    reason: str = "",
    content_hash: bytes | None = None,
    due_at: datetime | None = None,
) -> tuple[int, str]:
    """Store an article at first sight, whole: it can be sent after its entry has left the feed. Gives seq and id."""
    ident = public_id(feed, seed)
    n = 0
    while tx.scalar(sa.select(articles.c.seq).where(articles.c.id == ident)) is not None:
        n += 1  # an id that its publisher used for another article before
        ident = public_id(feed, f"{seed}\n{n}")
    seq = tx.execute(
        articles.insert().values(
            **entry_columns(entry),
            id=ident,
            feed=feed,
            state=state,
            reason=reason,
            first_seen_at=now,
            trace=trace,
            content_hash=content_hash,
            due_at=due_at or now,
        )
    ).inserted_primary_key[0]  # type: ignore[index]
    tx.execute(sightings.insert().values(article_seq=seq, feed=feed, at=now))
    return int(seq), ident


def seen_through(tx: Tx, seq: int, feeds: Iterable[str], now: datetime) -> list[str]:
    """Note that the article came through these feeds too; gives those that are news."""
    known = set(feeds_of(tx, seq))
    fresh = [name for name in dict.fromkeys(feeds) if name not in known]
    for name in fresh:
        tx.execute(sightings.insert().values(article_seq=seq, feed=name, at=now))
    return fresh


def feeds_of(tx: Tx, seq: int) -> list[str]:
    """The feeds an article came through, the first one first."""
    rows = tx.execute(sa.select(sightings.c.feed).where(sightings.c.article_seq == seq).order_by(sightings.c.at))
    return [row.feed for row in rows]


def get(tx: Tx, ident: str) -> Article | None:
    """The article of an id."""
    row = tx.execute(sa.select(articles).where(articles.c.id == ident)).one_or_none()
    return None if row is None else from_row(row)


def by_seq(tx: Tx, seqs: Sequence[int]) -> dict[int, Article]:
    """Several articles by their numbers."""
    rows = tx.execute(sa.select(articles).where(articles.c.seq.in_(seqs)))
    return {row.seq: from_row(row) for row in rows}


def lock(tx: Tx, seq: int) -> None:
    """Keep other transactions that lock this article waiting until this one ends."""
    tx.execute(sa.select(articles.c.seq).where(articles.c.seq == seq).with_for_update())


def find(tx: Tx, words: str) -> list[Article]:
    """What a person may mean: an id, the beginning of one, a link. At most ten."""
    exact = get(tx, words)
    if exact:
        return [exact]
    like = words.replace("%", "").replace("_", "") + "%"
    match = sa.or_(articles.c.link == words, articles.c.entry_id == words)
    if len(words) >= 4:
        match = sa.or_(match, articles.c.id.like(like))
    rows = tx.execute(sa.select(articles).where(match).order_by(articles.c.seq.desc()).limit(10))
    return [from_row(row) for row in rows]


def overriding(tx: Tx, seq: int) -> Mapping[str, Any]:
    """What an editor said of this article: `teaser`, `title`."""
    return tx.scalar(sa.select(articles.c.override).where(articles.c.seq == seq)) or {}


def override(tx: Tx, seq: int, words: Mapping[str, Any]) -> None:
    """Keep what an editor says of this article."""
    tx.execute(articles.update().where(articles.c.seq == seq).values(override=dict(words)))


def revise(tx: Tx, seq: int, entry: Entry, changed: Mapping[str, Any], content_hash: bytes, now: datetime) -> int:
    """Write an edit over the article and keep what it replaced. Gives the new revision's number."""
    row = tx.execute(sa.select(articles).where(articles.c.seq == seq)).one()
    number: int = row.revision + 1
    before = {name: getattr(row, name) for name in changed if name in ("title", "link", "summary", "content")}
    tx.execute(
        revisions.insert().values(article_seq=seq, revision=number, at=now, changed=sorted(changed), before=before)
    )
    tx.execute(
        articles.update()
        .where(articles.c.seq == seq)
        .values(**entry_columns(entry), revision=number, content_hash=content_hash)
    )
    return number


def as_of(tx: Tx, article: Article, revision: int) -> Article:
    """The article as it was at a revision, as far as what replaced it is kept."""
    c = revisions.c
    later = sa.select(c.before).where(c.article_seq == article.seq, c.revision > revision).order_by(c.revision.desc())
    fields = {name: value for before in tx.scalars(later) for name, value in before.items()}
    return replace(article, **fields) if fields else article


def give_place(tx: Tx, seq: int, ident: str) -> None:
    """Let another article stand for the story of one that was there before us: what repeats it joins the other."""
    tx.execute(articles.update().where(articles.c.seq == seq).values(joined_to=ident))


def redate(tx: Tx, seq: int, published: datetime) -> None:
    """Write the date that its feed gives an article now."""
    tx.execute(articles.update().where(articles.c.seq == seq).values(published_at=published))


def retag(tx: Tx, seq: int, tags: Sequence[str], content_hash: bytes | None) -> None:
    """Write the tags that its feed gives an article now; without a content hash the present one stays."""
    kept = {} if content_hash is None else {"content_hash": content_hash}
    tx.execute(articles.update().where(articles.c.seq == seq).values(tags=list(tags), **kept))


# --- stages --------------------------------------------------------------------------------------------------------


def due(tx: Tx, state: ArticleState, now: datetime, limit: int) -> list[str]:
    """Ids of open articles that a stage may take now, oldest first."""
    rows = tx.execute(sa.select(articles.c.id).where(_free(state, now)).order_by(articles.c.seq).limit(limit))
    return [row.id for row in rows]


def any_due(tx: Tx, state: ArticleState, now: datetime) -> bool:
    """Whether a stage has anything to take."""
    return bool(due(tx, state, now, 1))


def _free(state: ArticleState, now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        _IS_OPEN,
        articles.c.state == sa.literal_column(f"'{state.value}'"),
        articles.c.due_at <= now,
        sa.or_(articles.c.leased_until.is_(None), articles.c.leased_until < now),
    )


def claim(tx: Tx, ident: str, state: ArticleState, now: datetime, until: datetime, *, by: str) -> Article | None:
    """Lease one article for the stage that follows `state`. A claim counts as a try, whatever becomes of it."""
    row = tx.execute(
        articles.update()
        .where(articles.c.id == ident, _free(state, now))
        .values(leased_until=until, leased_by=by, tries=articles.c.tries + 1)
        .returning(articles)
    ).one_or_none()
    return None if row is None else from_row(row)


def claim_all(tx: Tx, found: Sequence[Article], until: datetime, *, by: str) -> None:
    """Lease several articles that this transaction has found free; it counts as a try for each."""
    seqs = [article.seq for article in found]
    values = {"leased_until": until, "leased_by": by, "tries": articles.c.tries + 1}
    tx.execute(articles.update().where(articles.c.seq.in_(seqs)).values(**values))


def free(tx: Tx, seqs: Sequence[int], by: int, reason: str) -> None:
    """End the leases of what was claimed together, and count its tries on by `by`."""
    mine = sa.and_(articles.c.seq.in_(seqs), _IS_OPEN, articles.c.leased_until.is_not(None))
    tx.execute(articles.update().where(mine).values(leased_until=None, tries=articles.c.tries + by, reason=reason))


def claimed(tx: Tx, state: ArticleState, seqs: Sequence[int]) -> list[Article]:
    """Those of the claimed ones that are still in that state, in the order of first sight."""
    rows = tx.execute(
        sa.select(articles).where(articles.c.seq.in_(seqs), articles.c.state == state).order_by(articles.c.seq)
    )
    return [from_row(row) for row in rows]


def open_before(tx: Tx, state: ArticleState, now: datetime, limit: int) -> list[Article]:
    """Open articles of one state in the order of first sight, for the stages that work in batches."""
    rows = tx.execute(sa.select(articles).where(_free(state, now)).order_by(articles.c.seq).limit(limit))
    return [from_row(row) for row in rows]


def undecided_before(tx: Tx, feed: str, before: int, since: datetime, but: Sequence[int] = ()) -> bool:
    """Whether an earlier article of the feed, first seen after `since`, has not passed dedupe: order waits for it.

    Those of `but` are decided on before this one, in the same batch.
    """
    found = tx.scalar(
        sa.select(articles.c.seq)
        .where(
            _IS_OPEN,
            articles.c.state.in_([ArticleState.NEW, ArticleState.TEASED]),
            articles.c.feed == feed,
            articles.c.seq < before,
            articles.c.seq.not_in(but),
            articles.c.first_seen_at >= since,
        )
        .limit(1)
    )
    return found is not None


def move(tx: Tx, article: Article, to: ArticleState, reason: str = "", **columns: Any) -> bool:
    """Move an article on from the state and try it was taken in; False when somebody else was faster."""
    done = tx.execute(
        articles.update()
        .where(articles.c.seq == article.seq, articles.c.state == article.state, articles.c.tries == article.tries)
        .values(state=to, reason=reason, tries=0, leased_until=None, **columns)
    )
    return done.rowcount == 1


def put_back(tx: Tx, article: Article, due_at: datetime, reason: str, tries: int = 0) -> None:
    """Take the stage up again later; `tries=-1` where the article is not to blame."""
    tx.execute(
        articles.update()
        .where(articles.c.seq == article.seq, articles.c.state == article.state, articles.c.tries == article.tries)
        .values(due_at=due_at, leased_until=None, reason=reason, tries=articles.c.tries + tries)
    )


def set_state(tx: Tx, seq: int, of: Sequence[ArticleState], to: ArticleState, reason: str, now: datetime) -> bool:
    """A person's or the poll's word: move the article if it is in one of these states."""
    done = tx.execute(
        articles.update()
        .where(articles.c.seq == seq, articles.c.state.in_(of))
        .values(state=to, reason=reason, due_at=now, tries=0, leased_until=None)
    )
    return done.rowcount == 1


def same_link_elsewhere(tx: Tx, article: Article) -> Article | None:
    """The earliest article of another feed under the same canonical address, among those that were taken.

    One that was seen later counts too when it was decided on first: a slow teaser must not make a second post.
    """
    decided = sa.or_(articles.c.state.not_in([ArticleState.NEW, ArticleState.TEASED]), articles.c.revision > 1)
    mine, other = aliases.alias("mine"), aliases.alias("other")
    link: sa.ColumnElement[str] = sa.literal_column("'link'")
    found = tx.execute(
        sa.select(articles)
        .select_from(mine)
        .join(other, sa.and_(other.c.key == mine.c.key, other.c.kind == link, other.c.feed != mine.c.feed))
        .join(articles, articles.c.seq == other.c.article_seq)
        .where(
            mine.c.article_seq == article.seq,
            mine.c.kind == link,
            sa.or_(articles.c.seq < article.seq, decided),
            articles.c.state.not_in([ArticleState.SET_ASIDE, ArticleState.WITHDRAWN, ArticleState.JOINED]),
        )
        .order_by(articles.c.seq)
        .limit(1)
    ).one_or_none()
    return None if found is None else from_row(found)


def free_all(tx: Tx) -> None:
    """End every lease on an article: the process that held them is gone."""
    tx.execute(articles.update().where(_IS_OPEN, articles.c.leased_until.is_not(None)).values(leased_until=None))


def free_of(tx: Tx, processes: Sequence[str], now: datetime) -> int:
    """End the leases of processes that died; gives how many. What they were at counts as a try, as ever."""
    leased = (_IS_OPEN, articles.c.leased_by.in_(processes), articles.c.leased_until > now)
    return int(tx.execute(articles.update().where(*leased).values(leased_until=None)).rowcount)


def write_teaser(tx: Tx, seq: int, teaser: str, source: str, reason: str) -> None:
    """Replace the article's teaser."""
    tx.execute(
        articles.update().where(articles.c.seq == seq).values(teaser=teaser, teaser_source=source, teaser_reason=reason)
    )
