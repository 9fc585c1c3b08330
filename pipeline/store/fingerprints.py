"""Statements on what is remembered of texts: the candidate search by index, inside a window, on both databases."""

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from pipeline.dedupe import Candidate, Known, Memory, Reading, fingerprint, unpack
from pipeline.dedupe import boilerplate as recurring
from pipeline.dedupe.links import page
from pipeline.dedupe.titles import headline
from pipeline.model import Article, ArticleState
from pipeline.store import Tx
from pipeline.store.articles import from_row
from pipeline.store.tables import KEYS, Instant, articles, fingerprints, recurrences, verdicts

PER_KEY = 8  # the newest articles under one key: a standing headline has thousands
MOST = 12  # articles that are judged: those that more keys lead to come first
TEXT = KEYS[2:]
ONCE = 3  # keys that are looked up as they are; the bins are probed
SETTLES = timedelta(minutes=10)
UPKEEP = ""  # no feed has this name
PROGRESS = struct.Struct(">BQQQ")


def keys_of(title: str, link: str, reading: Reading) -> dict[str, int | None]:
    """What the article is found by later."""
    keys = reading.keys
    return {
        "link": _short("page", page(link)[0]),
        "title": _short("title", " ".join(headline(title).words)),
        **dict(zip(TEXT, (keys.head, *keys.bins), strict=True)),
    }


def remember(tx: Tx, number: int, candidate: Candidate, now: datetime) -> None:
    """Remember an article that was decided on. Remembering it again replaces what was known."""
    tx.execute(REMEMBER, row(number, candidate, now))


def row(number: int, candidate: Candidate, now: datetime) -> dict[str, Any]:
    """The row of an article."""
    keys = keys_of(candidate.title, candidate.link, candidate.reading)
    return {**keys, "number": number, "at": now, "digest": None, "sketch": candidate.reading.fingerprint.pack()}


def candidates(tx: Tx, candidate: Candidate, window_start: datetime) -> list[Known]:
    """The remembered articles that the candidate may repeat: those of the window, and older ones of the same text."""
    rows = tx.execute(SEARCH, _probes(candidate, window_start))
    return [_known(row) for row in rows if row.id != candidate.id]


def of(tx: Tx, numbers: Sequence[int]) -> dict[int, Known]:
    """What is remembered of these articles."""
    rows = tx.execute(SELECTED.where(fingerprints.c.number.in_(numbers)))
    return {row.number: _known(row) for row in rows}


def apart(tx: Tx, ident: str) -> set[str]:
    """The articles that a person said are other stories, or let pass when we asked."""
    return apart_of_all(tx, [ident])[ident]


def apart_of_all(tx: Tx, idents: Sequence[str]) -> dict[str, set[str]]:
    """The same for several articles at once."""
    found: dict[str, set[str]] = {ident: set() for ident in idents}
    mine = sa.or_(verdicts.c.article.in_(idents), verdicts.c.other.in_(idents))
    different = verdicts.c.verdict != "same"
    for pair in tx.execute(sa.select(verdicts.c.article, verdicts.c.other).where(mine, different)):
        for one, other in (pair, pair[::-1]):
            if one in found:
                found[one].add(other)
    return found


def asked_about(tx: Tx, ident: str) -> list[str]:
    """The articles with which a person was asked to compare this one, the latest first."""
    mine = sa.or_(verdicts.c.article == ident, verdicts.c.other == ident)
    rows = tx.execute(
        sa.select(verdicts.c.article, verdicts.c.other)
        .where(mine, verdicts.c.verdict == "asked")
        .order_by(verdicts.c.at.desc())
    )
    return [other if one == ident else one for one, other in rows]


def said_apart(tx: Tx, one: str, other: str) -> bool:
    """Whether a person said that these are different."""
    first, second = sorted((one, other))
    found = sa.select(verdicts.c.verdict).where(verdicts.c.article == first, verdicts.c.other == second)
    return tx.scalar(found) == "different"


def set_apart(tx: Tx, one: str, other: str, verdict: str, now: datetime) -> None:
    """Keep that these are different: a person's word, which stands for ever, or that a person was asked ("asked")."""
    first, second = sorted((one, other))
    tx.execute(SET_APART, {"article": first, "other": second, "verdict": verdict, "at": now})


def set_together(tx: Tx, one: str, other: str, now: datetime) -> None:
    """Keep a person's word that these are one story; that they are different is taken back."""
    set_apart(tx, one, other, "same", now)


def said_together(tx: Tx, one: str, other: str) -> bool:
    """Whether a person said that these are one story."""
    first, second = sorted((one, other))
    found = sa.select(verdicts.c.verdict).where(verdicts.c.article == first, verdicts.c.other == second)
    return tx.scalar(found) == "same"


def memories(tx: Tx, feeds: Iterable[str]) -> dict[str, Memory]:
    """What recurs in these feeds; nothing in one that is new."""
    names = sorted(set(feeds))
    rows = tx.execute(sa.select(recurrences).where(recurrences.c.feed.in_(names)))
    return {name: Memory() for name in names} | {row.feed: recurring.unpack(row.memory) for row in rows}


def keep(tx: Tx, memories: Mapping[str, Memory]) -> None:
    """Store what recurs in these feeds."""
    for feed, each in memories.items():
        tx.execute(KEEP, {"feed": feed, "memory": each.pack()})


def last_seen(tx: Tx, first: int, now_there: int) -> tuple[bool, bytes | None]:
    """Whether the first article's entry has left its feed, and the hash of what is there in its place."""
    gone = tx.scalar(sa.select(articles.c.vanished_at).where(articles.c.seq == first)) is not None
    return gone, tx.scalar(sa.select(articles.c.content_hash).where(articles.c.seq == now_there))


def returned(tx: Tx, seq: int) -> None:
    """The article is in its feed again, under another id."""
    tx.execute(articles.update().where(articles.c.seq == seq).values(vanished_at=None))


# --- upkeep ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the upkeep is: the fingerprints' version, and the numbers up to which each task is done."""

    version: int = 0
    renewed: int = 0
    aged: int = 0
    taken_in: int = 0


def progress(tx: Tx) -> Progress:
    """How far the upkeep is; a store that remembers nothing yet has nothing to renew."""
    data = tx.scalar(sa.select(recurrences.c.memory).where(recurrences.c.feed == UPKEEP))
    return Progress(*PROGRESS.unpack(data)) if data else Progress(fingerprint.VERSION)


def note_progress(tx: Tx, reached: Progress) -> None:
    """Keep how far the upkeep is."""
    packed = PROGRESS.pack(reached.version, reached.renewed, reached.aged, reached.taken_in)
    tx.execute(KEEP, {"feed": UPKEEP, "memory": packed})


def age(tx: Tx, reached: Progress, window_start: datetime, limit: int) -> tuple[Progress, int]:
    """From now on, what left the window is found by its exact text only. Gives how many were looked at."""
    rows = _after(tx, reached.aged, limit)
    old = [row for row in rows if row.at < window_start]
    for row in old:
        values: dict[str, Any] = dict.fromkeys(KEYS)
        values["digest"] = digest_key(unpack(row.sketch).digest)
        tx.execute(fingerprints.update().where(fingerprints.c.number == row.number).values(**values))
    return replace(reached, aged=old[-1].number if old else reached.aged), len(old)


def forget(tx: Tx, before: datetime, limit: int) -> int:
    """Forget what is older than the longest memory. Gives how many."""
    gone = [row.number for row in _after(tx, 0, limit) if row.at < before]
    drop(tx, gone)
    return len(gone)


def drop(tx: Tx, numbers: Sequence[int]) -> None:
    """Forget these articles."""
    if numbers:
        tx.execute(sa.delete(fingerprints).where(fingerprints.c.number.in_(numbers)))


def numbers_after(tx: Tx, number: int, limit: int) -> list[int]:
    """The next remembered articles."""
    return [row.number for row in _after(tx, number, limit)]


def not_taken_in(tx: Tx, after: int, window_start: datetime, limit: int) -> list[Article]:
    """Articles of the archive that are not remembered yet."""
    rows = tx.execute(
        sa.select(articles)
        .join(fingerprints, fingerprints.c.number == articles.c.seq, isouter=True)
        .where(articles.c.seq > after, articles.c.state == ArticleState.ARCHIVED, fingerprints.c.number.is_(None))
        .where(articles.c.first_seen_at >= window_start)
        .order_by(articles.c.seq)
        .limit(limit)
    )
    return [from_row(row) for row in rows]


def settled_before(tx: Tx, after: int, now: datetime) -> int:
    """The number up to which no article can appear any more: a transaction may commit after a later number."""
    newest = sa.select(sa.func.max(articles.c.seq)).where(articles.c.seq > after)
    return int(tx.scalar(newest.where(articles.c.first_seen_at < now - SETTLES)) or after)


def _after(tx: Tx, number: int, limit: int) -> Sequence[Any]:
    columns = (fingerprints.c.number, fingerprints.c.at, fingerprints.c.sketch)
    found = sa.select(*columns).where(fingerprints.c.number > number).order_by(fingerprints.c.number).limit(limit)
    return tx.execute(found).all()


def digest_key(digest: bytes) -> int:
    """The exact text's key in eight bytes."""
    return int.from_bytes(digest, "big")


def _short(what: str, text: str) -> int | None:
    if not text:
        return None
    value = fingerprint.mixed(f"{what} {text}")
    return value - (1 << 32) if value >= 1 << 31 else value


def _probes(candidate: Candidate, window_start: datetime) -> dict[str, Any]:
    keys = keys_of(candidate.title, candidate.link, candidate.reading)
    probes: dict[str, Any] = {name: keys[name] for name in KEYS[:ONCE]}
    for n, each in enumerate(candidate.reading.keys.probes):
        padded = (*each, *[None] * fingerprint.PROBES)[: fingerprint.PROBES]
        probes.update({f"bin{n}_{i}": value for i, value in enumerate(padded)})
    digest = digest_key(candidate.reading.fingerprint.digest) if candidate.reading.words else None
    return {**probes, "digest": digest, "start": window_start}


def _known(row: Any) -> Known:
    at = min(row.published_at or row.at, row.at)
    return Known(row.id, row.feed, row.title, row.link, at, unpack(row.sketch), row.joined_to or row.id)


def _lookup(key: str, probe: str) -> str:
    window = "" if key == "digest" else "and at >= :start "
    return (
        f"select number from (select number from fingerprints where {key} = :{probe} {window}"  # noqa: S608
        f"order by number desc limit {PER_KEY}) as by_{probe}"
    )


LOOKUPS = [
    *((key, key) for key in (*KEYS[:ONCE], "digest")),
    *((f"bin{n}", f"bin{n}_{i}") for n in range(fingerprint.BINS) for i in range(fingerprint.PROBES)),
]
SEARCH = (
    sa.text(
        "select f.number, f.at, f.sketch, a.id, a.feed, a.title, a.link, a.joined_to, a.published_at from ("  # noqa: S608
        "select number, count(*) as hits from ("
        + " union all ".join(_lookup(*lookup) for lookup in LOOKUPS)
        + f") as found group by number order by hits desc, number desc limit {MOST}) as best "
        "join fingerprints f on f.number = best.number join articles a on a.seq = best.number "
        "join articles s on s.id = coalesce(a.joined_to, a.id) "
        "where s.state not in ('withdrawn', 'set_aside') "
        "order by best.hits desc, f.number desc"
    )
    .bindparams(sa.bindparam("start", type_=Instant))
    .columns(fingerprints.c.number, fingerprints.c.at, fingerprints.c.sketch, *(
        articles.c[name] for name in ("id", "feed", "title", "link", "joined_to", "published_at")
    ))
)  # fmt: skip
SELECTED = sa.select(
    *(fingerprints.c[name] for name in ("number", "at", "sketch")),
    *(articles.c[name] for name in ("id", "feed", "title", "link", "joined_to", "published_at")),
).join_from(fingerprints, articles, articles.c.seq == fingerprints.c.number)
NAMES = ("number", *KEYS, "at", "digest", "sketch")
REMEMBER = sa.text(
    f"insert into fingerprints ({', '.join(NAMES)}) values ({', '.join(':' + name for name in NAMES)}) "  # noqa: S608
    f"on conflict (number) do update set {', '.join(f'{name} = excluded.{name}' for name in NAMES[1:])}"
).bindparams(sa.bindparam("at", type_=Instant), sa.bindparam("digest", type_=sa.BigInteger))
KEEP = sa.text(
    "insert into recurrences (feed, memory) values (:feed, :memory) "
    "on conflict (feed) do update set memory = excluded.memory"
)
SET_APART = sa.text(
    "insert into verdicts (article, other, verdict, at) values (:article, :other, :verdict, :at) "
    "on conflict (article, other) do update set verdict = excluded.verdict, at = excluded.at"
).bindparams(sa.bindparam("at", type_=Instant))
