"""Statements on what is remembered of texts: the candidate search by index, inside a window, on both databases."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pipeline.dedupe import Candidate, Known, Memory, Reading, fingerprint, unpack
from pipeline.dedupe import boilerplate as recurring
from pipeline.dedupe.links import page
from pipeline.dedupe.titles import headline
from pipeline.store import Tx
from pipeline.store.tables import KEYS, Instant, articles, fingerprints, recurrences, verdicts

PER_KEY = 8  # the newest articles under one key: a standing headline has thousands
MOST = 16  # articles that are judged: those that more keys lead to come first
TEXT = KEYS[2:]


def keys_of(title: str, link: str, reading: Reading) -> dict[str, int | None]:
    """What the article is found by later."""
    keys = reading.keys
    return {
        "link": _short("page", page(link)[0]),
        "title": _short("title", " ".join(headline(title).words)),
        **dict(zip(TEXT, (*keys.heads, *keys.bins), strict=True)),
    }


def remember(tx: Tx, number: int, candidate: Candidate, now: datetime) -> None:
    """Remember an article that was decided on. Remembering it again replaces what was known."""
    print_ = candidate.reading.fingerprint
    values = keys_of(candidate.title, candidate.link, candidate.reading)
    tx.execute(REMEMBER, {**values, "number": number, "at": now, "digest": None, "sketch": print_.pack()})


def candidates(tx: Tx, candidate: Candidate, window_start: datetime) -> list[Known]:
    """The remembered articles that the candidate may repeat: those of the window, and older ones of the same text."""
    rows = tx.execute(SEARCH, _probes(candidate, window_start))
    return [_known(row) for row in rows if row.id != candidate.id]


def of(tx: Tx, numbers: Sequence[int]) -> dict[int, Known]:
    """What is remembered of these articles."""
    rows = tx.execute(SELECTED.where(fingerprints.c.number.in_(numbers)))
    return {row.number: _known(row) for row in rows}


def apart(tx: Tx, ident: str) -> set[str]:
    """The articles that a person said are other stories."""
    rows = tx.execute(
        sa.select(verdicts.c.article, verdicts.c.other).where(
            sa.or_(verdicts.c.article == ident, verdicts.c.other == ident), verdicts.c.verdict == "different"
        )
    )
    return {name for row in rows for name in row if name != ident}


def set_apart(tx: Tx, one: str, other: str, now: datetime) -> None:
    """A person's word that these are different stories; it stands for ever."""
    first, second = sorted((one, other))
    tx.execute(sa.delete(verdicts).where(verdicts.c.article == first, verdicts.c.other == second))
    tx.execute(verdicts.insert().values(article=first, other=second, verdict="different", at=now))


def memory(tx: Tx, feed: str) -> Memory:
    """What recurs in the feed."""
    data = tx.scalar(sa.select(recurrences.c.memory).where(recurrences.c.feed == feed))
    return recurring.unpack(data) if data else Memory()


def keep(tx: Tx, memories: Mapping[str, Memory]) -> None:
    """Store what recurs in these feeds."""
    for feed, each in memories.items():
        tx.execute(KEEP, {"feed": feed, "memory": each.pack()})


def age(tx: Tx, window_start: datetime, limit: int = 500) -> int:
    """What left the window is found by its exact text only. Gives how many; call again while it is `limit`."""
    old = sa.select(fingerprints.c.number, fingerprints.c.sketch)
    rows = tx.execute(old.where(fingerprints.c.at < window_start, fingerprints.c.digest.is_(None)).limit(limit)).all()
    for row in rows:
        values: dict[str, Any] = dict.fromkeys(KEYS)
        values["digest"] = digest_key(fingerprint.unpack(row.sketch).digest)
        tx.execute(fingerprints.update().where(fingerprints.c.number == row.number).values(**values))
    return len(rows)


def forget(tx: Tx, before: datetime, limit: int = 5000) -> int:
    """Forget what is older than the longest memory. Gives how many; call again while it is `limit`."""
    old = sa.select(fingerprints.c.number).where(fingerprints.c.at < before, fingerprints.c.digest.is_not(None))
    return tx.execute(sa.delete(fingerprints).where(fingerprints.c.number.in_(old.limit(limit)))).rowcount


def forgotten(tx: Tx, numbers: Iterable[int]) -> None:
    """Forget these articles, where a person said that they were no stories."""
    tx.execute(sa.delete(fingerprints).where(fingerprints.c.number.in_(list(numbers))))


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
    probes: dict[str, Any] = {name: keys[name] for name in KEYS[:4]}
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
    *((key, key) for key in (*KEYS[:4], "digest")),
    *((f"bin{n}", f"bin{n}_{i}") for n in range(fingerprint.BINS) for i in range(fingerprint.PROBES)),
]
SEARCH = (
    sa.text(
        "select f.number, f.at, f.sketch, a.id, a.feed, a.title, a.link, a.joined_to, a.published_at from ("  # noqa: S608
        "select number, count(*) as hits from ("
        + " union all ".join(_lookup(*lookup) for lookup in LOOKUPS)
        + f") as found group by number order by hits desc, number desc limit {MOST}) as best "
        "join fingerprints f on f.number = best.number join articles a on a.seq = best.number "
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
