"""`python -m tests.bench.push`: from a CMS's call of the hook to the post at a webhook, in one embedded process.

Forty articles, one at a time and a moment apart, without a delay; and one more when nothing has happened for longer
than a parser's child waits for work. The receiver's clock is the caller's: it is the same process.
"""

import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import requests

from pipeline.bounded import IDLE
from tests.storm.sky import Paper, _handler, text_of

N, FEEDS, PAUSE = 40, 12, 0.5  # a feed is asked at most every five seconds
SECRET = "bench"

HEAD = """
[standfirst]
store = "sqlite:///standfirst.db"
delay = "0s"
flood = 100000
allow_networks = ["127.0.0.0/8"]
console = "127.0.0.1:0"
log = "json"
[[channels]]
name = "desk"
kind = "webhook"
url = "http://127.0.0.1:{port}/desk"
[[routes]]
feeds = ["*"]
channels = ["*"]
"""
# An address of its own each: a host is left alone for a moment after a visit.
FEED = """[[feeds]]
name = "f{n}"
url = "http://127.0.0.{host}:{port}/feed/{n}"
every = "1h"
hook = {{ env = "HOOK" }}
"""


class Town(Paper):
    """A paper whose articles have their pages where its feeds are."""

    port = 0

    def document(self, feed: int) -> bytes:
        """The feed, with addresses that answer."""
        return (
            super().document(feed).replace(b"http://paper.example", f"http://127.0.0.{feed + 2}:{self.port}".encode())
        )

    def page(self, number: int) -> bytes:
        """An article's page, as long as pages are."""
        title, text = text_of(number)
        head = f'<title>{title}</title><meta name="description" content="{text}">'
        paragraphs = "".join(f"<p>{text_of(10**7 + 99 * number + n)[1]}</p>" for n in range(12))
        menu = "".join(f'<li><a href="/s{n}">Section {n}</a></li>' for n in range(60))
        return (
            f"<html><head>{head}</head><body><ul>{menu}</ul><article><h1>{title}</h1>{paragraphs}</article></body></html>"
        ).encode()


def source(town: Town) -> type[BaseHTTPRequestHandler]:
    """Serves the feeds, and beside them the pages."""

    class Handler(_handler(town)):  # type: ignore[misc]
        def do_GET(self) -> None:
            if self.path.startswith("/feed/"):
                super().do_GET()
                return
            body = town.page(int(self.path.strip("/")))
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


class Desk:
    """A receiver that notes when each article's mark arrived."""

    def __init__(self) -> None:
        self.arrived: dict[int, float] = {}
        self.news = threading.Condition()

    def took(self, body: bytes) -> None:
        """A post has come."""
        now = time.perf_counter()
        with self.news:
            for mark in re.findall(rb"Mk(\d+)x", body):
                self.arrived.setdefault(int(mark), now)
            self.news.notify_all()

    def wait(self, mark: int, seconds: float = 20.0) -> float:
        """When the article arrived."""
        with self.news:
            if not self.news.wait_for(lambda: mark in self.arrived, seconds):
                raise SystemExit(f"article {mark} has not arrived after {seconds:.0f} s")
            return self.arrived[mark]


def receiver(desk: Desk) -> type[BaseHTTPRequestHandler]:
    """Answers every POST with 200."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version, wbufsize = "HTTP/1.1", -1

        def do_POST(self) -> None:
            desk.took(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()
            self.wfile.flush()

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@contextmanager
def served(handler: type[BaseHTTPRequestHandler]) -> Iterator[int]:
    """The port of a server on every loopback address."""
    server = ThreadingHTTPServer(("", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@contextmanager
def standfirst(folder: Path) -> Iterator[tuple[str, int]]:
    """`standfirst run`: its console's address and process id, once every feed has been asked."""
    command = [str(Path(sys.executable).with_name("standfirst")), "run"]
    environment = os.environ | {"STANDFIRST_CONFIG": str(folder / "standfirst.toml"), "HOOK": SECRET}
    path = folder / "log"
    with path.open("wb") as log:
        process = subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log)
    try:
        told = r'"console": ?"(http[^"]+)"'
        ends = time.monotonic() + 60
        while (said := path.read_text()).count('"feed_polled"') < FEEDS or not re.search(told, said):
            if time.monotonic() > ends or process.poll() is not None:
                raise SystemExit(said[-2000:])
            time.sleep(0.1)
        found = re.search(told, said)
        assert found
        yield found[1].rstrip("/"), process.pid
    finally:
        process.terminate()
        process.wait()


def push(paper: Paper, desk: Desk, console: requests.Session, address: str) -> float:
    """Seconds from the call of the hook to the article's arrival."""
    mark = paper.out
    paper.publish(1)
    began = time.perf_counter()
    url = f"{address}/hooks/feeds/f{mark % FEEDS}"
    console.post(url, headers={"Authorization": f"Bearer {SECRET}"}, timeout=10).raise_for_status()
    return desk.wait(mark) - began


def memory(pid: int) -> float:
    """MiB of a process and its children, shared pages by their part."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for task in Path(f"/proc/{pid}/task").iterdir():
        children += (task / "children").read_text().split()
    rolls = []
    for one in {str(pid), *children}:
        with suppress(OSError):  # it has just ended
            rolls.append(Path(f"/proc/{one}/smaps_rollup").read_text())
    return sum(int(re.search(r"^Pss:\s+(\d+)", roll, re.MULTILINE)[1]) for roll in rolls) / 1024  # type: ignore[index]


def main() -> None:
    """Print the figures."""
    paper, desk = Town(FEEDS, 10**6), Desk()
    paper.publish(FEEDS)  # what stands there at the beginning
    with served(source(paper)) as paper.port, served(receiver(desk)) as sink, tempfile.TemporaryDirectory() as name:
        text = HEAD.format(port=sink) + "".join(FEED.format(n=n, host=n + 2, port=paper.port) for n in range(FEEDS))
        Path(name, "standfirst.toml").write_text(text)
        with standfirst(Path(name)) as (address, pid), requests.Session() as console:
            time.sleep(6)  # until every feed may be asked again
            spent = []
            for _ in range(N):
                time.sleep(PAUSE)
                spent.append(push(paper, desk, console, address) * 1000)
            spent.sort()
            print(f"push: hook to post, {N} articles: p50 {spent[N // 2]:.0f} ms, p99 {spent[N * 99 // 100]:.0f} ms")
            time.sleep(IDLE + 5)
            idle = memory(pid)
            print(f"push: after {IDLE + 5:.0f} s of nothing: {push(paper, desk, console, address) * 1000:.0f} ms")
            print(f"push: idle memory {idle:.0f} MiB")


if __name__ == "__main__":
    main()
