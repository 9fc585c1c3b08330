"""A town for the crash sweep: one feed, three channels of three classes, and lives that end at a point."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from pipeline import config, stages
from pipeline.bounded import Bounded
from pipeline.http import Http
from pipeline.model import DeliveryState, Stage
from pipeline.stages.sweep import reboot
from pipeline.store import Store, overview
from pipeline.world import World
from tests.crash import platforms
from tests.crash.points import Crash, Points, WatchedHttp, watch_store

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MARKS = ("ferry", "bakery")

FEED = b"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Town</title>
<link>https://town.example/</link><description>News of the town</description>
<item><title>The ferry runs again</title><link>https://town.example/ferry</link><guid>ferry</guid>
<pubDate>Sun, 22 Nov 2026 10:00:00 GMT</pubDate><description>After three weeks of repairs the small ferry crosses the
harbour again, the town said on Sunday. It leaves every half hour from the old pier, and the first day is free for
everyone who lives on either side of the water.</description></item>
<item><title>A bakery opens at the station</title><link>https://town.example/bakery</link><guid>bakery</guid>
<pubDate>Sun, 22 Nov 2026 09:00:00 GMT</pubDate><description>Two sisters have opened a bakery in the waiting room of the
station, which had been empty for years. They begin at four in the morning, so that the first train finds fresh bread,
and they close when the shelves are bare.</description></item>
</channel></rss>"""


class Feed(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(FEED)))
        self.end_headers()
        self.wfile.write(FEED)

    def log_message(self, *_: object) -> None:
        pass


@dataclass
class Town:
    """The outside world: it outlives every crash."""

    store_url: str
    config: config.Config
    platforms: dict[str, Any]
    bounded: Bounded
    now: datetime = START

    def clock(self) -> float:
        """What its platforms date their posts by."""
        return self.now.timestamp()

    def life(self, points: Points) -> None:
        """One process: works off what is due, lets time pass, until nothing is left to do; or dies at a point."""
        store = watch_store(Store.open(self.store_url), points)
        http: Any = WatchedHttp(Http(allow_networks=self.config.settings.allow_networks, user_agent="Test/1"), points)
        world = World(self.config, store, http, self.bounded, lambda: self.now)
        try:
            world.register()
            if store.embedded:
                reboot(world)  # the embedded process knows that it is alone; others wait for the leases to end
            self._work(world)
        except Crash:
            pass
        finally:
            points.bury()

    def _work(self, world: World) -> None:
        for _ in range(200):
            stages.recover(world)
            found = stages.due(world)
            for stage, ident in found:
                DO[stage](world, ident)
            if not found and self._settled(world):
                return
            # What waits for its turn stays due, so time passes while there is work, too.
            self.now += timedelta(seconds=2 if found else 30)
        raise AssertionError(f"never came to rest: {self.ledger(world.store)}")

    def _settled(self, world: World) -> bool:
        with world.store.read() as tx:
            n = overview.counts(tx, self.now)
            rows = overview.deliveries_list(tx, self.now)
        waiting = [row for row in rows if row["state"] == "uncertain" and row["due_at"] is not None]
        return len(rows) == len(MARKS) * len(self.platforms) and not n["pending"] and not n["leased"] and not waiting

    def ledger(self, store: Store) -> dict[tuple[str, str], tuple[str, str]]:
        """(channel, mark) → (state, reason)."""
        with store.read() as tx:
            rows = overview.deliveries_list(tx, self.now)
        return {(row["channel"], mark_of(row["title"])): (row["state"], row["reason"]) for row in rows}

    def books(self, channel: str) -> Counter[str]:
        """How often each article stands on the platform."""
        return Counter(mark_of(post.title + post.text) for post in self.platforms[channel].posts())

    def wrongs(self) -> list[str]:
        """What breaks the promise: posts twice, posts lost, ledgers that say what is not so."""
        store = Store.open(self.store_url)
        ledger = self.ledger(store)
        store.close()
        return [wrong for channel in self.platforms for mark in MARKS if (wrong := self._wrong(ledger, channel, mark))]

    def _wrong(self, ledger: dict[tuple[str, str], tuple[str, str]], channel: str, mark: str) -> str:
        there = self.books(channel)[mark]
        state, reason = ledger.get((channel, mark), ("missing", ""))
        held = channel == "neither" and state == DeliveryState.UNCERTAIN and bool(reason)
        good = there == 1 if state == DeliveryState.DELIVERED else held and there <= 1
        return "" if good else f"{channel}/{mark}: {there} posts, the ledger says {state} ({reason})"


def mark_of(words: str) -> str:
    """Which article this is."""
    return next(mark for mark in MARKS if mark in words)


DO: dict[Stage, Any] = {
    Stage.POLL: stages.poll,
    Stage.TEASER: stages.teaser,
    Stage.DEDUPE: lambda world, _: stages.dedupe(world),
    Stage.FANOUT: lambda world, _: stages.fanout(world),
    Stage.DELIVER: stages.deliver,
}


@contextmanager
def town(store_url: str, folder: Path, bounded: Bounded) -> Iterator[Town]:
    """A town with its platforms and its feed, on loopback."""
    feed = ThreadingHTTPServer(("127.0.0.1", 0), Feed)
    Thread(target=feed.serve_forever, args=(0.02,), daemon=True).start()
    address = f"http://127.0.0.1:{feed.server_address[1]}/feed.xml"
    news = {"name": "news", "url": address, "every": "30d", "first_run": "last 5"}
    with platforms.opened(platforms.CLASSES) as made:
        path, secrets = platforms.configured(folder, made, feeds=[news], store=store_url)
        outside = Town(store_url, config.load(path, secrets), made, bounded)
        for platform in made.values():
            platform.clock = outside.clock
        yield outside
    feed.shutdown()
    feed.server_close()
