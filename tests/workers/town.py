"""A made-up town for the workers' tests: a site with a feed, a platform with a book of what was posted, processes."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

PATIENCE = 60.0  # seconds until something that must happen is given up; a busy machine is slow, never this slow
WORDS = ("harbour", "market", "bridge", "school", "river", "museum", "council", "library", "orchard", "station")


def until(true: Callable[[], Any], what: str, seconds: float = PATIENCE) -> Any:
    """What `true` gave once it was true."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        with suppress(AssertionError, OSError, ValueError):
            if found := true():
                return found
        time.sleep(0.02)
    raise AssertionError(f"after {seconds:.0f} s it is still not so: {what}")


def told(number: int) -> tuple[str, str]:
    """The headline and summary of article number so-and-so, unlike those of any other."""
    name = WORDS[number % len(WORDS)]
    marks = " ".join(f"{word}{(number * 7919 + place * 104729) % 99991}" for place, word in enumerate(WORDS))
    title = f"The {name} opens for the {number}th time"
    return (
        title,
        f"In the year {number} the {name} had visitors who counted {marks} and who said that all was well there.",
    )


class Town:
    """A site at `/feed.xml` with `articles` entries, and a platform at `/hook` that keeps a book."""

    def __init__(self) -> None:
        self.articles = 3
        self.posted: list[dict[str, Any]] = []
        self.answer: Callable[[int], int] = lambda _: 200  # by the number of the request
        self.asked = 0
        self.slow = 0.0  # seconds until the platform answers
        self.sending = threading.Event()  # a post has arrived and is not answered yet
        self.hangs = False  # the feed is asked and does not answer
        self.polled: list[float] = []  # when it was asked
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def titles(self) -> list[str]:
        """The headlines in the book, in order of arrival."""
        return [post["data"]["article"]["title"] for post in list(self.posted)]

    def feed(self) -> bytes:
        items = "".join(self._item(number) for number in range(self.articles, 0, -1))
        return f"<rss version='2.0'><channel><title>Town</title>{items}</channel></rss>".encode()

    def _item(self, number: int) -> str:
        title, text = told(number)
        at = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() - 600 + number))
        link = f"{self.url}/a/{number}"
        return (
            f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid>"
            f"<pubDate>{at}</pubDate><description>{text}</description></item>"
        )

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        town = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: Any) -> None:
                pass

            def do_GET(self) -> None:
                town.polled.append(time.monotonic())
                while town.hangs:
                    time.sleep(0.05)
                with suppress(OSError):
                    self.reply(200, town.feed(), "application/rss+xml")

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                town.asked += 1
                status = town.answer(town.asked)
                town.sending.set()
                time.sleep(town.slow)
                if status == 200:
                    town.posted.append(body)
                with suppress(OSError):
                    self.reply(status, b"{}", "application/json")

            def reply(self, status: int, body: bytes, kind: str) -> None:
                self.send_response(status)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        return Handler

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def configured(
    folder: Path, town: Town, *, store: str = "sqlite:///standfirst.db", broker: str = "memory://", **more: str
) -> Path:
    """A configuration file: one feed polled each second, one webhook channel."""
    settings = {"delay": '"0s"', "console": '"127.0.0.1:0"', "log": '"json"', **more}
    lines = "\n".join(f"{name} = {value}" for name, value in settings.items())
    path = folder / "standfirst.toml"
    path.write_text(f"""
[standfirst]
store = "{store}"
broker = "{broker}"
allow_networks = ["127.0.0.0/8"]
{lines}

[[feeds]]
name = "town"
url = "{town.url}/feed.xml"
every = "1s"
first_run = "last 100"
flood = 1000
fetch_pages = false

[[channels]]
name = "book"
kind = "webhook"
url = "{town.url}/hook"

[[routes]]
feeds = ["town"]
channels = ["book"]
""")
    return path


class Process:
    """A real process of ours, with what it said."""

    def __init__(self, config: Path, *arguments: str, first: str = "pass", **env: str) -> None:
        self.said = config.parent / f"{arguments[0]}-{time.monotonic_ns()}.log"
        command = (
            [sys.executable, "-m", "celery", *arguments[1:]]
            if arguments[0] == "celery"
            else [sys.executable, "-c", f"{first}\nfrom workers.cli import main; main()", *arguments]
        )
        with self.said.open("wb") as log:
            self.running = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=config.parent,
                start_new_session=True,
                env={**os.environ, "STANDFIRST_CONFIG": str(config), "PYTHONPATH": str(Path.cwd()), **env},
            )

    @property
    def log(self) -> str:
        """Everything it said so far."""
        return self.said.read_text(errors="replace")

    def events(self, name: str) -> list[dict[str, Any]]:
        """Its log lines of one event."""
        return [line for line in map(parsed, self.log.splitlines()) if line.get("event") == name]

    def tell(self, number: int) -> None:
        self.running.send_signal(number)

    def ended(self, seconds: float = PATIENCE) -> int:
        """Its exit code."""
        return self.running.wait(seconds)

    def kill(self) -> None:
        """End it and its children, whatever state they are in."""
        with suppress(ProcessLookupError):
            os.killpg(self.running.pid, signal.SIGKILL)
        self.running.wait(PATIENCE)


def parsed(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


@contextmanager
def process(config: Path, *arguments: str, **env: str) -> Any:
    """A process that does not outlive its test."""
    made = Process(config, *arguments, **env)
    try:
        yield made
    finally:
        made.kill()
