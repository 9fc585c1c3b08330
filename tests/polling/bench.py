"""A scripted local server that records what it is asked, and a feed polled by the real stage against it."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from pipeline import config, stages
from pipeline.http import Http
from pipeline.model import Stage
from pipeline.store import Store, channels, feeds
from pipeline.store.tables import articles
from pipeline.world import World, user_agent
from tests.histories.replay import MARK, Clock, InProcess, rss

LOOPBACK = ip_network("127.0.0.0/8")


@dataclass
class Said:
    """One answer of the script."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    at: datetime


class Server:
    """Answers each path by its script; the last answer is given for ever."""

    def __init__(self, clock: Clock) -> None:
        self.asked: list[Asked] = []
        self.scripts: dict[str, list[Said]] = {}
        self.before: Callable[[], None] = lambda: None  # runs while a request is in flight
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: Any) -> None: ...

            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                sent = {name.lower(): value for name, value in self.headers.items()}
                outer.asked.append(Asked(self.command, self.path, sent, body, clock()))
                outer.before()
                said = outer.next(self.path.partition("?")[0])
                self.send_response(said.status)
                for name, value in said.headers.items():
                    self.send_header(name, value)
                if said.status not in (204, 304):
                    self.send_header("Content-Length", str(len(said.body)))
                self.end_headers()
                if said.status not in (204, 304) and self.command != "HEAD":
                    self.wfile.write(said.body)

            do_GET = do_POST = do_HEAD = handle_any

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def next(self, path: str) -> Said:
        """The next answer of the path's script."""
        script = self.scripts.get(path) or [Said(404)]
        return script.pop(0) if len(script) > 1 else script[0]

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Bench:
    """Feeds of a scripted server, polled by hand."""

    def __init__(self, folder: Path, url: str, clock: Clock, server: Server) -> None:
        self.folder, self.clock, self.server = folder, clock, server
        self.store = Store.open(url)
        self.hints: list[tuple[str, str]] = []

    def configure(self, settings: str = "", *, names: tuple[str, ...] = ("news",), top: str = "") -> None:
        """Set feeds up as an operator would; loopback counts as a foreign host here."""
        lines = ["[standfirst]", "fetch_pages = false", 'user_agent_contact = "https://operator.example/bot"', top]
        for name in names:
            lines += ["[[feeds]]", f'name = "{name}"', f'url = "{self.server.url}/{name}"', settings]
        path = self.folder / "standfirst.toml"
        path.write_text("\n".join(lines))
        self.start(config.load(path, {}))

    def start(self, loaded: config.Config) -> None:
        """Start the product, or start it again."""
        with self.store.begin() as tx:
            feeds.sync(tx, ((one.name, one.url) for one in loaded.feeds.values()), self.clock())
            channels.sync(tx, ((one.name, one.kind) for one in loaded.channels.values()), self.clock())
        http = Http(allow_networks=(LOOPBACK,), user_agent=user_agent(loaded))
        hint = lambda stage, ident: self.hints.append((stage, ident))  # noqa: E731
        self.world = World(loaded, self.store, http, InProcess(), self.clock, hint)  # type: ignore[arg-type]

    def script(self, *said: Said, path: str = "/news") -> None:
        """What the server answers from now on."""
        self.server.scripts[path] = list(said)

    def poll(self, name: str = "news", *, by: str = "schedule", wait: bool = True) -> Any:
        """Wait until the feed is due, poll it; gives its row."""
        if wait and by == "schedule":
            self.clock.now = max(self.clock.now, self.row(name).due_at)
        stages.poll(self.world, name, by)
        return self.row(name)

    def work(self) -> None:
        """Do what is due but polls."""
        while found := [(stage, ident) for stage, ident in stages.due(self.world) if stage is not Stage.POLL]:
            for stage, ident in found:
                run: Callable[..., None] = getattr(stages, stage.value)
                run(self.world, *([ident] if ident else []))

    def row(self, name: str = "news") -> Any:
        """The feed's row."""
        with self.store.read() as tx:
            return feeds.get(tx, name)

    def log(self, name: str = "news") -> list[Mapping[str, Any]]:
        """The feed's polls, the newest first."""
        with self.store.read() as tx:
            return feeds.polls_of(tx, name)

    def articles(self, *states: str) -> list[str]:
        """The marks of the stored articles in these states, in the order of first sight."""
        with self.store.read() as tx:
            rows = tx.execute(articles.select().order_by(articles.c.seq))
            kept = [row for row in rows if not states or row.state in states]
            return [MARK.findall(f"{row.title} {row.link}")[0] for row in kept]

    def wait(self, name: str = "news") -> timedelta:
        """How long until the feed is due."""
        return self.row(name).due_at - self.clock()

    def last(self) -> Mapping[str, str]:
        """The headers of the last request."""
        return self.server.asked[-1].headers


def feed(*names: Any, etag: str | None = '"1"', modified: str | None = None, channel: str = "", **headers: str) -> Said:
    """A 200 with an RSS document of these entries."""
    body = rss({})({"entries": list(names), "channel": channel})
    given = {"Content-Type": "application/rss+xml"}
    given |= {"ETag": etag} if etag else {}
    given |= {"Last-Modified": modified} if modified else {}
    return Said(200, given | {name.replace("_", "-"): value for name, value in headers.items()}, body)


def same(**headers: str) -> Said:
    """A 304."""
    return Said(304, {name.replace("_", "-"): value for name, value in headers.items()})


def http_date(moment: datetime) -> str:
    """A date as HTTP writes it."""
    return format_datetime(moment, usegmt=True)


def longer(said: Said, **headers: str) -> Said:
    """The same answer with further headers."""
    return replace(said, headers=said.headers | {name.replace("_", "-"): value for name, value in headers.items()})


@contextmanager
def bench(folder: Path, url: str) -> Iterator[Bench]:
    """A server and a feed called `news`."""
    clock = Clock()
    server = Server(clock)
    made = Bench(folder, url, clock, server)
    made.configure()
    try:
        yield made
    finally:
        made.world.http.close()
        made.store.close()
        server.close()
