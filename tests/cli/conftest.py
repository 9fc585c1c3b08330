"""A paper, a sink and a configuration on this machine, and the command itself, run as a person runs it."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from pipeline import stages
from pipeline.model import Stage
from pipeline.world import World
from workers import configuration, logs
from workers.cli.main import run

ITEM = """<item><title>{title}</title><link>{root}/{n}</link><guid isPermaLink="false">{n}</guid>
<pubDate>Sat, 21 Nov 2026 0{n}:00:00 GMT</pubDate><description>{text}</description></item>"""
TEXTS = (
    "The council has voted to repair the old bridge by the mill before the winter begins, after engineers found cracks "
    "in two of its five arches. Traffic will be led over the market square until the work is done in spring.",
    "Forty children from three schools have painted the walls of the new library, and every picture shows a book that "
    "the child has read this year. The reading room opens on Monday, and the first loans are free of charge for all.",
    "The harbour fog horn fell silent on Tuesday night for the first time since the war, when a mouse bit through its "
    "cable. The keeper blew a trumpet until morning, and no ship was lost; the mouse has been given a cheese.",
)
TITLES = ("Bridge to be repaired", "Children paint the library", "Mouse silences fog horn")


@dataclass
class Site:
    """What the paper's server gives, and what it was sent."""

    root: str = ""
    pages: dict[str, tuple[str, str]] = field(default_factory=dict)
    sent: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def feed(self, count: int) -> str:
        """An RSS feed of so many items."""
        items = [ITEM.format(root=self.root, n=n, title=TITLES[n - 1], text=TEXTS[n - 1]) for n in range(1, count + 1)]
        head = "<title>The Town</title><link>/</link><description>d</description>"
        return f'<rss version="2.0"><channel>{head}{"".join(reversed(items))}</channel></rss>'

    def show(self, count: int) -> None:
        """Put so many items into the feed."""
        self.pages["/feed.xml"] = ("application/rss+xml", self.feed(count))


def handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            kind, text = site.pages.get(self.path, ("", ""))
            self.answer(200 if kind else 404, kind or "text/plain", text)

        def do_POST(self) -> None:
            site.sent.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.answer(200, "application/json", "{}")

        def answer(self, status: int, kind: str, text: str) -> None:
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@pytest.fixture
def site() -> Iterator[Site]:
    """A server that gives a feed of three items and takes what a webhook sends."""
    site = Site()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(site))
    site.root = f"http://127.0.0.1:{server.server_port}"
    site.show(3)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield site
    server.shutdown()
    thread.join()
    server.server_close()


CONFIG = """\
[standfirst]
store = "sqlite:///standfirst.db"
allow_networks = ["127.0.0.0/8"]
delay = "0s"
fetch_pages = false

[[feeds]]
name = "news"
url = "{root}/feed.xml"
every = "1s"
first_run = "last 3"

[[channels]]
name = "hook"
kind = "webhook"
url = "{root}/hook"

[[routes]]
feeds = ["news"]
channels = ["hook"]
"""


@pytest.fixture(autouse=True)
def undisturbed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Commands run in a folder of their own, without the environment of whoever tests; logging is put back."""
    import os

    for name in [name for name in os.environ if name.startswith("STANDFIRST_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    yield
    logs.configure()


@pytest.fixture
def path(site: Site, tmp_path: Path) -> Path:
    """A configuration of one feed and one webhook."""
    file = tmp_path / "standfirst.toml"
    file.write_text(CONFIG.format(root=site.root))
    return file


@dataclass(frozen=True)
class Said:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Command:
    """`standfirst …` in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *args: str) -> Said:
        """Run it; what it said."""
        self._capsys.readouterr()
        code = run([str(arg) for arg in args])
        out, err = self._capsys.readouterr()
        return Said(code, out, err)

    def ok(self, *args: str) -> Said:
        """Run it; it must be done without a word of complaint."""
        said = self(*args)
        assert said.code == 0, said
        assert not said.err.startswith("standfirst:"), said
        return said

    def ids(self, *args: str) -> list[str]:
        """The ids of articles, the oldest first."""
        return [row["id"] for row in reversed(self.ok("articles", "--json", *args).json)]


@pytest.fixture
def standfirst(capsys: pytest.CaptureFixture[str]) -> Command:
    """The command."""
    return Command(capsys)


@pytest.fixture
def work(path: Path) -> Any:
    """A function that does all that is due, as workers would."""

    def work(*, only: tuple[Stage, ...] = tuple(Stage)) -> None:
        world = World.open(configuration.read(path))
        carry = {
            Stage.POLL: lambda ident: stages.poll(world, ident),
            Stage.TEASER: lambda ident: stages.teaser(world, ident),
            Stage.DEDUPE: lambda _: stages.dedupe(world),
            Stage.FANOUT: lambda _: stages.fanout(world),
            Stage.DELIVER: lambda ident: stages.deliver(world, ident),
        }
        try:
            while found := [(stage, ident) for stage, ident in stages.due(world) if stage in only]:
                for stage, ident in found:
                    carry[stage](ident)
        finally:
            world.close()

    return work
