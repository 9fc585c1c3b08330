"""`python -m tests.bench.polls`: what polling costs, beside a bare conditional-GET loop and feedparser, in one run.

The promises: unchanged polls at 0.5 of the bare loop or better; a changed feed at 1.3 of feedparser's own time or less;
choosing the due feeds among 100,000 at 1.5 of the cost among 1,000 or less; memory flat.

A changed feed costs what its entries cost and about a millisecond besides. The headline is a typical feed: twenty
entries of some three hundred words of HTML each. The promise is kept for forty short summaries as well; feeds of a few
short entries are shown and not promised, for there that millisecond is more than feedparser's own time.
`python -m tests.bench.polls FOLDER` reads real feeds from a folder beside: what it says of them is shown, too.
"""

import io
import logging
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import feedparser
import requests
import structlog

from pipeline import config, stages
from pipeline.http import Http
from pipeline.store import Store, feeds
from pipeline.store.tables import feeds as table
from pipeline.world import World, user_agent
from tests.histories.replay import START, Clock, InProcess, Play, rss

FEEDS, THREADS = 400, 4
SENTENCE = 'The council has <a href="https://town.example/x?a=1&amp;b=2">decided</a> on the <b>bridge</b> of NAME. '
USUAL = f'<p>{SENTENCE * 4}</p><p><img src="https://town.example/i.jpg" alt="a picture"></p>' * 5
WHOLE = f'<p>{SENTENCE * 6}<img src="https://town.example/i.jpg" alt="a picture"></p>' * 12
SERVER = """
from http.server import *
class Handler(BaseHTTPRequestHandler):
    protocol_version, wbufsize = "HTTP/1.1", -1
    def log_message(self, *_): pass
    def do_GET(self):
        body = b'<rss version="2.0"><channel><title>t</title></channel></rss>'
        known = self.headers.get("If-None-Match")
        self.send_response(304 if known else 200)
        self.send_header("ETag", '"1"')
        if not known:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if not known:
            self.wfile.write(body)
        self.wfile.flush()
class Server(ThreadingHTTPServer):
    request_queue_size = 256
server = Server(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
"""


def bare(url: str, count: int) -> None:
    """What the simplest client would do."""
    with requests.Session() as session:
        for n in range(count):
            session.get(f"{url}/f{n}", headers={"If-None-Match": '"1"'}, timeout=10).close()


def rate(work: Callable[[int], object], count: int) -> float:
    """How many a second, with the same number of threads for all."""
    with ThreadPoolExecutor(THREADS) as pool:
        began = time.perf_counter()
        list(pool.map(work, range(count)))
        return count / (time.perf_counter() - began)


def world(folder: Path, url: str) -> World:
    """Feeds of that server, in a store on the disk."""
    lines = ['[standfirst]\nallow_networks = ["127.0.0.0/8"]']
    lines += [f'[[feeds]]\nname = "f{n}"\nurl = "{url}/f{n}"\nevery = "1s"' for n in range(FEEDS)]
    path = folder / "standfirst.toml"
    path.write_text("\n".join(lines))
    loaded, clock = config.load(path, {}), Clock()
    store = Store.open(f"sqlite:///{folder / 'standfirst.db'}")
    store.migrate()
    with store.begin() as tx:
        feeds.sync(tx, ((one.name, one.url) for one in loaded.feeds.values()), clock())
    http = Http(allow_networks=loaded.settings.allow_networks, user_agent=user_agent(loaded))
    return World(loaded, store, http, InProcess(), clock)  # type: ignore[arg-type]


def unchanged(folder: Path, url: str) -> float:
    """Unchanged polls a second by those of the bare loop; the best of five."""
    ours = world(folder, url)

    def round_trip() -> float:
        ours.now.move(100)  # type: ignore[attr-defined]
        return rate(lambda n: stages.poll(ours, f"f{n}"), FEEDS)

    first, ratios = round_trip(), []
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(5):
        simple = rate(lambda _: bare(url, FEEDS // THREADS), THREADS) * (FEEDS // THREADS)
        mine = round_trip()
        ratios.append(mine / simple)
        print(f"  {mine:5.0f} unchanged polls a second, {simple:5.0f} of the bare loop, {first:5.0f} first polls")
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"  memory grew by {(after - before) / 1024:.1f} MiB over {5 * FEEDS} polls")
    ours.store.close()
    return max(ratios)


def changed(count: int, text: str | None) -> float:
    """Reading and deciding on a changed feed of so many entries by feedparser's own time for it."""
    names = [f"Pb{n}" for n in range(count)]
    entries = [{"is": name, "text": text.replace("NAME", name)} if text else {"is": name} for name in names]
    return of_bodies([rss({})({"entries": entries, "channel": f"<ttl>{k}</ttl>"}) for k in range(12 if text else 40)])


def of_bodies(bodies: Sequence[bytes]) -> float:
    """The same for a feed that gives one of these bodies after the other; writing them is its server's work."""
    steps = [{"number": n} for n in range(len(bodies))]
    alone, mine = [], []
    with tempfile.TemporaryDirectory() as folder:
        play = Play({"channels": ["one"], "feeds": {"news": steps}}, Path(folder))
        play.transport.render = lambda step: bodies[step["number"]]
        for body in bodies:
            alone.append(timed(lambda body=body: feedparser.parse(io.BytesIO(body))))  # type: ignore[misc]
            play.clock.move(200_000)
            mine.append(timed(lambda: stages.poll(play.world, "news")))
        play.close()
    return min(mine[1:]) / min(alone)


def real(folder: Path) -> None:
    """The same for the real feeds of a folder: each is given again and again with a comment that changes."""
    ratios = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        body = path.read_bytes()
        ends = [found.end() for found in re.finditer(rb"</(item|entry)>", body)]
        if len(ends) < 5:
            continue
        bodies = [body[: ends[0]] + b"<!-- %d -->" % n + body[ends[0] :] for n in range(8)]
        ratios.append(of_bodies(bodies))
        print(f"  {ratios[-1]:5.2f}  {len(ends):3} entries, {len(body) / 1024:4.0f} KiB  {path.name}")
    if ratios:
        middle, good = sorted(ratios)[len(ratios) // 2], sum(ratio <= 1.3 for ratio in ratios)
        print(f"  {middle:5.2f}  in the middle of {len(ratios)} real feeds; {good} of them are at 1.3 or less")


def timed(work: Callable[[], object]) -> float:
    """Seconds of this thread on a processor: what else the machine does has no part in it."""
    began = time.thread_time()
    work()
    return time.thread_time() - began


def choosing(folder: Path) -> float:
    """The cost of choosing the due feeds among 100,000 by that among 1,000."""
    best = {}
    for count in (1_000, 100_000):
        store = Store.open(f"sqlite:///{folder / f'{count}.db'}")
        store.migrate()
        step = timedelta(hours=1) / count
        rows = [
            {"name": f"f{n}", "url": "u", "configured_url": "u", "due_at": START + n * step, "due_reason": ""}
            for n in range(count)
        ]
        with store.begin() as tx:
            tx.execute(table.insert(), rows)
        best[count] = min(timed(lambda store=store: _choose(store)) for _ in range(50))  # type: ignore[misc]
        store.close()
    print(f"  {best[1_000] * 1000:.2f} ms among 1,000 feeds, {best[100_000] * 1000:.2f} ms among 100,000")
    return best[100_000] / best[1_000]


def _choose(store: Store) -> None:
    with store.read() as tx:
        feeds.due(tx, START + timedelta(hours=1), 200)


def main() -> int:
    """Measure and compare with what is promised."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    server = subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        url = f"http://127.0.0.1:{int(server.stdout.readline())}"
        with tempfile.TemporaryDirectory() as folder:
            results = [("unchanged polls by the bare loop", unchanged(Path(folder), url), 0.5, True)]
            results += [("choosing among 100,000 by 1,000", choosing(Path(folder)), 1.5, False)]
        results += [("a changed, typical feed by feedparser", changed(20, USUAL), 1.3, False)]
        results += [("… of 30 whole texts", changed(30, WHOLE), 1.3, False)]
        results += [("… of 40 short summaries", changed(40, None), 1.3, False)]
        for count in (20, 10, 5, 1):
            print(f"  {changed(count, None):5.2f}  a changed feed of {count} short summaries (not promised)")
        for folder in sys.argv[1:]:
            real(Path(folder))
    finally:
        server.kill()
        server.wait()
    kept = True
    for name, value, promised, least in results:
        good = value >= promised if least else value <= promised
        kept &= good
        print(f"{name:48} {value:5.2f}   promised {'≥' if least else '≤'} {promised}{'' if good else '   SHORT'}")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
