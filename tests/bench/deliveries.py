"""Deliveries per second with two worker processes on Redis and PostgreSQL, beside two bare `requests` loops.

And what one delivery costs as the store grows from ten thousand deliveries to a million, and how many commits and
messages it takes.
"""

import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import structlog

from pipeline import config, stages
from pipeline.model import ArticleState, DeliveryState, Entry
from pipeline.store import articles, deliveries
from pipeline.store.tables import deliveries as table
from pipeline.world import World
from tests import servers

N = 3000  # deliveries of each of two channels
BODY = "Two sisters have opened a bakery in the waiting room of the station, which had been empty for years. " * 3

TOML = """
[standfirst]
store = "{store}"
broker = "{broker}"
delay = "0s"
allow_networks = ["127.0.0.0/8"]
log = "json"
[[feeds]]
name = "news"
url = "https://town.example/feed.xml"
[[channels]]
name = "one"
kind = "webhook"
url = "http://127.0.0.1:{port}/one"
[[channels]]
name = "two"
kind = "webhook"
url = "http://127.0.0.1:{port}/two"
[[routes]]
feeds = ["news"]
channels = ["*"]
"""

LOOP = """
import sys, requests, time
url, n, body = sys.argv[1], int(sys.argv[2]), {"data": sys.argv[3]}
session = requests.Session()
session.post(url, json=body)
print("ready", flush=True); sys.stdin.readline(); began = time.monotonic()
for _ in range(n):
    session.post(url, json=body).raise_for_status()
print(time.monotonic() - began, flush=True)
"""


@contextmanager
def sink() -> Iterator[int]:
    """The receiver, in a process of its own."""
    process = subprocess.Popen([sys.executable, "-m", "tests.bench._sink"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()


def bare(port: int) -> float:
    """Posts per second of two processes that do nothing else."""
    command = [sys.executable, "-c", LOOP, f"http://127.0.0.1:{port}/bare", str(N), BODY]
    loops = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    for loop in loops:
        assert loop.stdout is not None
        assert loop.stdout.readline() == "ready\n"
    began = time.monotonic()
    for loop in loops:
        assert loop.stdin
        loop.stdin.write("\n")
        loop.stdin.flush()
    for loop in loops:
        loop.wait()
    return 2 * N / (time.monotonic() - began)


def fill(world: World, count: int) -> None:
    """That many articles, each with a pending delivery to both channels."""
    now = datetime.now(UTC)
    with world.store.begin() as tx:
        for n in range(count):
            link = (
                f"https://town.example/{world.store.clock()}/{n}"
                if n == 0
                else f"https://town.example/{now.timestamp()}/{n}"
            )
            entry = Entry(link=link, title=f"Title {n}", entry_id=link)
            _, ident = articles.add(tx, "news", entry, seed=link, state=ArticleState.FANNED, now=now, trace="bench")
            article = articles.get(tx, ident)
            assert article is not None
            articles.write_teaser(tx, article.seq, BODY, "summary", "")
            for channel in ("one", "two"):
                deliveries.add(tx, article, channel, state=DeliveryState.PENDING, due_at=now, now=now)


def ours(folder: Path, environment: dict[str, str], world: World, redis: servers.Redis) -> tuple[float, float, float]:
    """Deliveries per second of two worker processes and a sweep; commits and messages a delivery."""
    command = str(Path(sys.executable).with_name("standfirst"))
    with (folder / "log").open("wb") as log:
        workers = [
            subprocess.Popen(
                [command, "worker", "--concurrency", "2"], env=environment, cwd=folder, stdout=log, stderr=log
            )
            for _ in range(2)
        ]
        time.sleep(8)  # both are up; they find nothing to do
        fill(world, N)
        commits, messages = _commits(world), _messages(redis)
        workers.append(subprocess.Popen([command, "sweep"], env=environment, cwd=folder, stdout=log, stderr=log))
        first, last = _span(world)
        commits, messages = _commits(world) - commits, _messages(redis) - messages
        for one in workers:
            one.terminate()
        for one in workers:
            one.wait()
    return 2 * N / (last - first), commits / (2 * N), messages / (2 * N)


def _commits(world: World) -> int:
    with world.store.read() as tx:
        return int(
            tx.scalar(sa.text("select xact_commit from pg_stat_database where datname = current_database()")) or 0
        )


def _messages(redis: servers.Redis) -> int:
    """How many Redis was given: each is one LPUSH."""
    with redis.client() as client:
        return int(client.info("commandstats").get("cmdstat_lpush", {}).get("calls", 0))


def _span(world: World) -> tuple[float, float]:
    while True:
        time.sleep(0.5)
        with world.store.read() as tx:
            row = tx.execute(
                sa.select(sa.func.count(), sa.func.min(table.c.delivered_at), sa.func.max(table.c.delivered_at)).where(
                    table.c.delivered_at.is_not(None)
                )
            ).one()
        if row[0] == 2 * N:
            return row[1].timestamp(), row[2].timestamp()


def grown(world: World, count: int) -> float:
    """Milliseconds of one delivery with that many delivered ones in the store."""
    pad(world, count)
    fill(world, 400)
    began = time.perf_counter()
    for channel in ("one", "two"):
        stages.deliver(world, channel, seconds=600)
    return (time.perf_counter() - began) / 800 * 1000


def pad(world: World, count: int) -> None:
    """Delivered rows until there are `count`."""
    with world.store.begin() as tx:
        have = tx.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        seq = tx.scalar(sa.text("select min(seq) from articles"))
        series = (
            "with recursive n(i) as (select :a union all select i + 1 from n where i < :b) select i from n"
            if world.store.embedded
            else "select generate_series(cast(:a as integer), cast(:b as integer)) as i"
        )
        tx.execute(
            sa.text(
                "insert into deliveries (key, article_seq, channel, ordinal, action, state, reason, created_at,"
                " delivered_at, attempt, failures, lapses, trace, revision)"
                " select 'pad' || i, :seq, 'one', i, 'post', 'delivered', 'posted', i, i, 1, 0, 0, '', 1"
                f" from ({series}) as s"
            ),
            {"a": have + 1000, "b": count + 1000, "seq": seq},
        )
    with world.store.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(sa.text("analyze"))


def world_of(folder: Path, store: str, broker: str, port: int) -> World:
    """The real one."""
    path = folder / "standfirst.toml"
    path.write_text(TOML.format(store=store, broker=broker, port=port))
    return World.open(config.load(path, {}))


def main() -> None:
    """Print the figures."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with (
        sink() as port,
        servers.Postgres() as postgres,
        servers.Redis() as redis,
        tempfile.TemporaryDirectory() as name,
    ):
        folder = Path(name)
        reference = bare(port)
        world = world_of(folder, postgres.url(postgres.create()), redis.url, port)
        environment = os.environ | {"STANDFIRST_CONFIG": str(folder / "standfirst.toml")}
        rate, commits, messages = ours(folder, environment, world, redis)
        print(
            f"deliveries/s, two workers: {rate:.0f}; two bare requests loops: {reference:.0f};"
            f" ratio {rate / reference:.2f}"
        )
        print(f"a delivery: {commits:.2f} commits, {messages:.3f} messages (all processes)")
        _growth("postgresql", world)
        small = Path(name) / "sqlite"
        small.mkdir()
        _growth("sqlite", world_of(small, f"sqlite:///{small}/standfirst.db", "memory://", port))


def _growth(database: str, world: Any) -> None:
    fill(world, 1)
    few, many = grown(world, 10_000), grown(world, 1_000_000)
    print(
        f"{database}: a delivery with 10,000 in the store {few:.2f} ms, with 1,000,000 {many:.2f} ms;"
        f" ratio {many / few:.2f}"
    )
    world.close()


if __name__ == "__main__":
    main()
