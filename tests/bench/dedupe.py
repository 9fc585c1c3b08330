"""`python -m tests.bench.dedupe`: what a decision costs with many articles in the window, and what an article takes.

Beside each figure the same for datasketch's MinHashLSH, in memory, on the same articles in the same run. Articles are
made of a vocabulary with the frequencies of a natural text, with names and numbers; a fifth of those that are decided
on are edited copies of remembered ones, a fifth follow one template. The first articles are remembered as they come;
most of a million are made of those by turning every hash, and inserted one by one like the others.

`p50_ms` and `p99_ms` are by the clock, with a batch's commit shared by its articles; `cpu_p99_ms` is the processor's
time of this process alone, which neighbours on the machine do not lengthen.
"""

import argparse
import gc
import json
import random
import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa

from pipeline.dedupe import Memory, Policy
from pipeline.model import Article, ArticleState
from pipeline.stages.recognise import Desk, candidate
from pipeline.store import Store, fingerprints
from pipeline.store.tables import KEYS, articles

START = datetime(2026, 1, 1, tzinfo=UTC)
WINDOW = timedelta(days=365)
BATCH = 50
FEEDS = 500
REAL = 10_000  # articles that are read; the others are turned out of them
TEMPLATE = "The office in {} has issued a warning for {} until {}:{}. Radar showed winds up to {} miles an hour. {}"


class Newsroom:
    """Articles without end, the same in every run."""

    def __init__(self, seed: int = 1) -> None:
        self.random = random.Random(seed)
        letters = "etaoinshrdlucmfwypvbgkjqxz"
        self.words = ["".join(self.random.choices(letters, k=self.random.randint(2, 11))) for _ in range(30_000)]
        self.weights = list(accumulate(1 / (rank + 3) for rank in range(len(self.words))))

    def text(self, words: int) -> str:
        """Sentences with a capital, some names and some numbers."""
        chosen = self.random.choices(self.words, cum_weights=self.weights, k=words)
        for at in range(6, words, 11):
            chosen[at] = chosen[at].capitalize() if at % 3 else str(self.random.randint(2, 99_999))
        return ". ".join(" ".join(chosen[at : at + 17]).capitalize() for at in range(0, words, 17)) + "."

    def article(self, seq: int, text: str | None = None, words: int = 150) -> Article:
        """The article of a number."""
        content = self.text(words) if text is None else text
        title = content[:60].rsplit(" ", 1)[0]
        return Article(
            seq=seq, id=f"a{seq:012d}", feed=f"feed{seq % FEEDS}", state=ArticleState.FANNED, title=title,
            link=f"https://site{seq % FEEDS}.example/{seq}/{title.replace(' ', '-')[:40]}", content=content,
            first_seen=START + timedelta(seconds=seq),
        )  # fmt: skip

    def edited(self, text: str) -> str:
        """The text with every fortieth word replaced."""
        words = text.split(" ")
        for at in range(self.random.randint(0, 39), len(words), 40):
            words[at] = self.random.choice(self.words)
        return " ".join(words)

    def arriving(self, first: int, count: int, remembered: dict[int, str]) -> Iterator[Article]:
        """What is decided on: new articles, edited copies, reports of one template."""
        known = sorted(remembered)
        for seq in range(first, first + count):
            kind = self.random.random()
            if kind < 0.2:
                yield self.article(seq, self.edited(remembered[self.random.choice(known)]))
            elif kind < 0.4:
                facts = (self.random.choice(self.words).capitalize() for _ in range(2))
                numbers = (self.random.randint(10, 99) for _ in range(3))
                yield self.article(seq, TEMPLATE.format(*facts, *numbers, " ".join(self.words[:60])))
            else:
                yield self.article(seq, words=450)


class Ours:
    """The product's memory on one database."""

    def __init__(self, url: str) -> None:
        self.cpu: list[float] = []
        self.store = Store.open(url)
        self.store.migrate()

    def fill(self, made: list[Article]) -> list[Any]:
        """Remember these as if they had come by; gives what was remembered."""
        rows = [
            {"seq": a.seq, "id": a.id, "feed": a.feed, "state": a.state, "title": a.title, "link": a.link,
             "content": a.content, "first_seen_at": a.first_seen} for a in made
        ]  # fmt: skip
        remembered = [fingerprints.row(a.seq, candidate(a, Memory()), a.first_seen) for a in made]
        with self.store.begin() as tx:
            tx.execute(articles.insert(), rows)
            tx.execute(fingerprints.REMEMBER, remembered)
        return remembered

    def turn(self, remembered: list[Any], first: int, by: int) -> None:
        """As many others: every key turned by an odd factor."""
        numbered = list(enumerate(remembered, first))
        with self.store.begin() as tx:
            tx.execute(articles.insert(), [
                {"seq": n, "id": f"a{n:012d}", "feed": f"feed{n % FEEDS}", "state": ArticleState.FANNED,
                 "title": "A headline of some words", "link": "https://site.example/1",
                 "first_seen_at": START + timedelta(seconds=n)} for n, _ in numbered
            ])  # fmt: skip
            rows = [row | {key: turned(row[key], by) for key in KEYS} for row in remembered]
            at = [START + timedelta(seconds=n) for n, _ in numbered]
            rows = [
                row | {"number": n, "at": at[i]} for i, ((n, _), row) in enumerate(zip(numbered, rows, strict=True))
            ]
            tx.execute(fingerprints.REMEMBER, rows)

    def settle(self) -> None:
        """Let the database know what it has, as it does by itself within minutes."""
        with self.store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("analyze"))

    def decide(self, arriving: Iterable[Article]) -> list[float]:
        """Seconds each decision took: read, search, judge, remember, and its share of the batch's commit."""
        took: list[float] = []
        queue = iter(arriving)
        while batch := list(islice(queue, BATCH)):
            with self.store.begin() as tx:
                tx.execute(articles.insert(), [{"seq": a.seq, "id": a.id, "feed": a.feed, "state": a.state,
                    "title": a.title, "link": a.link, "first_seen_at": a.first_seen} for a in batch])  # fmt: skip
            begun = time.perf_counter()
            with self.store.begin() as tx:
                desk = Desk(tx, WINDOW)
                desk.open(batch)
                for article in batch:
                    start, cpu = time.perf_counter(), time.thread_time()
                    read = desk.read(article)
                    decision = desk.decide(read, Policy.NORMAL, article.first_seen)
                    desk.remember(article, read, own_story=not decision.joins)
                    took.append(time.perf_counter() - start)
                    self.cpu.append(time.thread_time() - cpu)
                inside = time.perf_counter()
                desk.close()
            rest = (time.perf_counter() - inside + max(0.0, inside - begun - sum(took[-len(batch) :]))) / len(batch)
            took[-len(batch) :] = [each + rest for each in took[-len(batch) :]]
        return took

    def bytes(self) -> int:
        """What the table and its indexes take."""
        with self.store.read() as tx:
            if not self.store.embedded:
                return int(tx.scalar(sa.text("select pg_total_relation_size('fingerprints')")) or 0)
            names = "select name from sqlite_master where tbl_name = 'fingerprints'"
            return int(tx.scalar(sa.text(f"select sum(pgsize) from dbstat where name in ({names})")) or 0)


class Datasketch:
    """MinHashLSH in memory: 128 permutations, Jaccard .5, runs of three words."""

    def __init__(self) -> None:
        from datasketch import MinHashLSH

        self.cpu: list[float] = []
        self.before = resident()
        self.index = MinHashLSH(threshold=0.5, num_perm=128)

    def print(self, article: Article) -> Any:
        from datasketch import MinHash

        words = article.content.lower().split()
        runs = [" ".join(words[at : at + 3]).encode() for at in range(max(1, len(words) - 2))]
        made = MinHash(num_perm=128)
        made.update_batch(runs)
        return made

    def fill(self, made: list[Article]) -> list[Any]:
        """Remember these; gives what was remembered."""
        remembered = [self.print(article) for article in made]
        for article, each in zip(made, remembered, strict=True):
            self.index.insert(article.id, each, check_duplication=False)
        return remembered

    def turn(self, remembered: list[Any], first: int, by: int) -> None:
        """As many others: every hash turned by an odd factor."""
        import numpy
        from datasketch import MinHash

        for n, each in enumerate(remembered, first):
            hashes = each.hashvalues * numpy.uint32(by)  # wraps, as an odd factor may
            self.index.insert(
                f"a{n:012d}", MinHash(num_perm=128, hashvalues=hashes, scheme=each.scheme), check_duplication=False
            )

    def settle(self) -> None:
        """Nothing to do."""

    def decide(self, arriving: Iterable[Article]) -> list[float]:
        """Seconds each look-up took with the insert that follows."""
        took = []
        for article in arriving:
            start, cpu = time.perf_counter(), time.thread_time()
            made = self.print(article)
            self.index.query(made)
            self.index.insert(article.id, made, check_duplication=False)
            took.append(time.perf_counter() - start)
            self.cpu.append(time.thread_time() - cpu)
        return took

    def bytes(self) -> int:
        """What this process has grown by."""
        return resident() - self.before


def measure(made: Any, sizes: list[int], decisions: int) -> Iterator[dict[str, Any]]:
    """Fill up to each size, then decide."""
    room, remembered, kept, seq = Newsroom(), {}, [], 0
    for size in sizes:
        begun = time.perf_counter()
        while seq < size:
            count = min(2000, size - seq)
            if seq < REAL:
                chunk = [room.article(number) for number in range(seq + 1, seq + count + 1)]
                remembered.update((a.seq, a.content) for a in chunk)
                kept.append(made.fill(chunk))
            else:
                made.turn(kept[seq // 2000 % len(kept)][:count], seq + 1, 2 * (seq // 2000) + 3)
            seq += count
        made.settle()
        filled = time.perf_counter() - begun
        each = made.bytes() / seq
        made.decide(room.arriving(seq + 1, 200, remembered))  # the first pages, the prepared statements
        seq += 200
        gc.collect()
        made.cpu.clear()
        took = sorted(made.decide(room.arriving(seq + 1, decisions, remembered)))
        seq += decisions
        yield {
            "articles": size, "p50_ms": ms(took, 0.5), "p99_ms": ms(took, 0.99),
            "cpu_p50_ms": ms(sorted(made.cpu), 0.5), "cpu_p99_ms": ms(sorted(made.cpu), 0.99),
            "per_second": round(len(took) / sum(took)), "bytes": round(each), "filled_s": round(filled),
        }  # fmt: skip


def turned(key: int | None, by: int) -> int | None:
    """Another key, as evenly spread."""
    return None if key is None else (key * by + (1 << 31)) % (1 << 32) - (1 << 31)


def resident() -> int:
    """Bytes of memory that this process has."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def ms(took: list[float], share: float) -> float:
    """A percentile in milliseconds."""
    return round(took[min(len(took) - 1, int(len(took) * share))] * 1000, 2)


@contextmanager
def sqlite() -> Iterator[Ours]:
    """On SQLite, in a folder of its own."""
    with TemporaryDirectory() as folder:
        yield Ours(f"sqlite:///{Path(folder) / 'bench.db'}")


@contextmanager
def postgresql() -> Iterator[Ours]:
    """On a private PostgreSQL."""
    from tests.servers import Postgres

    with Postgres() as server, server.database() as url:
        ours = Ours(url)
        yield ours
        ours.store.close()


@contextmanager
def datasketch() -> Iterator[Datasketch]:
    """In memory."""
    yield Datasketch()


CANDIDATES: dict[str, Callable[[], Any]] = {"sqlite": sqlite, "postgresql": postgresql, "datasketch": datasketch}


def main(args: list[str] | None = None) -> None:
    """Print one JSON line for each candidate and size."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.dedupe", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument("--decisions", type=int, default=2000)
    parser.add_argument("--on", nargs="+", choices=list(CANDIDATES), default=list(CANDIDATES))
    chosen = parser.parse_args(args)
    for name in chosen.on:
        with CANDIDATES[name]() as made:
            for line in measure(made, sorted(chosen.sizes), chosen.decisions):
                print(json.dumps({"on": name, **line}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
