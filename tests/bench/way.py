"""The whole way, on Redis and PostgreSQL with two worker processes: a burst of 1,000 articles to five channels, and
how long an article takes from poll to receipt at 20 articles a second to ten channels.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pipeline.store import Store
from pipeline.store.tables import articles, deliveries
from tests import servers
from tests.bench.deliveries import sink
from tests.storm.sky import Paper, _handler

BURST, RATE, SECONDS = 1000, 20, 20

HEAD = """
[standfirst]
store = "{store}"
broker = "{broker}"
delay = "0s"
flood = 100000
fetch_pages = false
allow_networks = ["127.0.0.0/8"]
log = "json"
"""
CHANNEL = '[[channels]]\nname = "c{n}"\nkind = "webhook"\nurl = "http://127.0.0.1:{port}/c{n}"\n'
FEED = """[[feeds]]
name = "{name}"
url = "{url}/feed/0"
every = "1s"
dedupe = "off"
[[routes]]
feeds = ["{name}"]
channels = [{channels}]
"""


class Pile(Paper):
    """A paper of one feed that shows up to two thousand entries."""

    def numbers(self, feed: int) -> list[int]:
        with self.lock:
            return list(range(self.out))[-2000:]


@contextmanager
def paper(first: int) -> Iterator[tuple[Pile, str]]:
    """A paper on loopback whose marks begin at `first`."""
    made = Pile(1, 10**6)
    made.numbers = lambda feed, show=made.numbers: [first + n for n in show(feed)]  # type: ignore[method-assign,misc]
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(made))
    threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
    yield made, f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@contextmanager
def running(folder: Path, environment: dict[str, str]) -> Iterator[None]:
    """Two workers and a sweep."""
    command = str(Path(sys.executable).with_name("standfirst"))
    with (folder / "log").open("wb") as log:
        started = [
            subprocess.Popen([command, *words], env=environment, cwd=folder, stdout=log, stderr=log)
            for words in (["worker", "--concurrency", "6"], ["worker", "--concurrency", "6"], ["sweep"])
        ]
        time.sleep(10)  # all are up, and both feeds have their baseline
        yield
        for one in started:
            one.terminate()
        for one in started:
            one.wait()


def rows(store: Store, feed: str) -> list[Any]:
    """Moments of first sight and receipt of the feed's deliveries."""
    query = (
        sa.select(articles.c.first_seen_at, deliveries.c.delivered_at)
        .join(deliveries)
        .where(articles.c.feed == feed, deliveries.c.delivered_at.is_not(None))
    )
    with store.read() as tx:
        return list(tx.execute(query).all())


def wait(store: Store, feed: str, count: int) -> list[Any]:
    """Until the feed has that many receipts."""
    ends = time.monotonic() + 300
    while len(found := rows(store, feed)) < count:
        if time.monotonic() > ends:
            raise SystemExit(f"{feed}: {len(found)} of {count} after 300 s")
        time.sleep(0.5)
    return found


def main() -> None:
    """Print the figures."""
    with (
        sink() as port,
        servers.Postgres() as postgres,
        servers.Redis() as redis,
        paper(0) as burst,
        paper(10**5) as stream,
        tempfile.TemporaryDirectory() as name,
    ):
        url = postgres.url(postgres.create())
        text = HEAD.format(store=url, broker=redis.url)
        text += "".join(CHANNEL.format(n=n, port=port) for n in range(10))
        for feed, address, count in (("burst", burst[1], 5), ("stream", stream[1], 10)):
            listed = ", ".join(f'"c{n}"' for n in range(count))
            text += FEED.format(name=feed, url=address, channels=listed)
        path = Path(name) / "standfirst.toml"
        path.write_text(text)
        burst[0].publish(1)
        stream[0].publish(1)
        with running(Path(name), os.environ | {"STANDFIRST_CONFIG": str(path)}):
            store = Store.open(url)
            _stream(store, stream[0])
            _burst(store, burst[0])
            store.close()


def _burst(store: Store, pile: Pile) -> None:
    began = time.time()
    pile.publish(BURST)
    found = wait(store, "burst", BURST * 5)
    took = max(row.delivered_at.timestamp() for row in found) - began
    print(f"burst: {BURST} articles to 5 channels in {took:.1f} s from appearing; {BURST * 5 / took:.0f} deliveries/s")


def _stream(store: Store, pile: Pile) -> None:
    for _ in range(SECONDS * 4):
        pile.publish(RATE // 4)
        time.sleep(0.25)
    found = wait(store, "stream", RATE * SECONDS * 10)
    spent = sorted((row.delivered_at - row.first_seen_at).total_seconds() for row in found)
    p50, p99 = spent[len(spent) // 2], spent[len(spent) * 99 // 100]
    print(f"stream: {RATE} articles/s to 10 channels: poll to receipt p50 {p50:.2f} s, p99 {p99:.2f} s")


if __name__ == "__main__":
    main()
