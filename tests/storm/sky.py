"""What stands outside the newsroom in a storm: a paper with many feeds, and platforms that lie."""

import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.crash.platforms import opened
from workers.demo.sandbox import Fault, Request, Sandbox

WORDS = """harbour bridge council bakery tram school library orchard ferry meadow market choir garden station museum
clinic river valley theatre square chapel lantern winter summer carpenter sailor teacher baker gardener mayor weaver
painter drummer shepherd mason tailor printer potter miller joiner cooper smith fiddler ranger""".split()
VERBS = "opens closes rebuilds measures paints counts repairs plants lights moves borrows sells finds keeps".split()


def text_of(number: int) -> tuple[str, str]:
    """A title and a standfirst that no other number has; the mark in the title is the article's name."""
    chance = random.Random(number)
    subject, thing, verb = chance.choice(WORDS), chance.choice(WORDS), chance.choice(VERBS)
    title = f"Mk{number}x {subject} {verb} the {thing}"
    sentences = []
    for _ in range(3):
        some = chance.sample(WORDS, 9)
        sentences.append(" ".join(some).capitalize() + f" {chance.randint(100, 99999)}.")
    return title, " ".join(sentences)


class Paper:
    """Feeds that gain articles while the storm goes on; each is served with a validator."""

    def __init__(self, feeds: int, articles: int) -> None:
        self.feeds, self.articles, self.out = feeds, articles, 0
        self.began = datetime.now(UTC)
        self.lock = threading.Lock()

    def publish(self, count: int) -> None:
        """Let `count` more articles appear."""
        with self.lock:
            self.out = min(self.articles, self.out + count)

    def numbers(self, feed: int) -> list[int]:
        """What the feed shows now: its newest forty."""
        with self.lock:
            return [n for n in range(self.out) if n % self.feeds == feed][-40:]

    def document(self, feed: int) -> bytes:
        """The feed as RSS 2.0."""
        items = "".join(self._item(n) for n in reversed(self.numbers(feed)))
        head = f"<title>Paper {feed}</title><link>http://paper.example/{feed}</link><description>d</description>"
        return (
            f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()
        )

    def _item(self, number: int) -> str:
        title, text = text_of(number)
        when = format_datetime(self.began + timedelta(seconds=number / 100))
        link = f"http://paper.example/{number}"
        return (
            f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid><pubDate>{when}</pubDate>"
            f"<description>{text}</description></item>"
        )


def _handler(paper: Paper) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle(self) -> None:
            with suppress(ConnectionError):  # its readers are killed
                super().handle()

        def do_GET(self) -> None:
            number = int(self.path.strip("/").split("/")[1])
            etag = f'"{number}-{len(paper.numbers(number))}-{paper.out}"'
            same = self.headers.get("If-None-Match") == etag
            body = b"" if same else paper.document(number)
            self.send_response(304 if same else 200)
            self.send_header("ETag", etag)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


class Weather:
    """What a platform does with a request that would make a post: mostly its duty."""

    def __init__(self, seed: int, rate: float) -> None:
        self.chance = random.Random(seed)
        self.rate = rate
        self.calm = False
        self.struck: Counter[str] = Counter()
        self.lock = threading.Lock()

    def __call__(self, platform: Sandbox, request: Request) -> Fault | None:
        """The fault of this request, or none."""
        if self.calm or not platform.publishes(request):
            return None
        with self.lock:
            if self.chance.random() > self.rate:
                return None
            name = self.chance.choice(list(FAULTS))
            self.struck[name] += 1
            return FAULTS[name]


FAULTS = {
    "taken and no answer": Fault(),
    "taken and 500": Fault(status=500),
    "not taken, no answer": Fault(stored=False),
    "503 before taking": Fault(stored=False, status=503),
    "429 with a wish": Fault(stored=False, status=429, headers={"Retry-After": "1"}),
    "slow": Fault(honest=True, delay=1.5),
}


@contextmanager
def outside(feeds: int, articles: int, weather: Weather) -> Iterator[tuple[Paper, str, dict[str, Any]]]:
    """The paper with its address, and the platforms by the names of their channels."""
    paper = Paper(feeds, articles)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(paper))
    threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
    with opened() as made:
        for platform in made.values():
            platform.script = lambda request, platform=platform: weather(platform, request)
        yield paper, f"http://127.0.0.1:{server.server_address[1]}", made
    server.shutdown()
    server.server_close()
