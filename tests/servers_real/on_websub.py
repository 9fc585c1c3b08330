"""A real hub between Standfirst's own feed and Standfirst's own subscription: the two halves of WebSub."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from pipeline import channels
from pipeline.feeds import websub
from pipeline.feeds.parse import parse
from pipeline.http import Http
from tests.channels.play import ARTICLE, config, post_of, sending
from tests.servers import until
from tests.servers_real.conftest import TEASER, TITLE
from tests.servers_real.named import NAMED, left_out

SECRET = "a-secret-of-the-subscription"


@dataclass
class Site:
    """Serves a folder with its hub in the Link header, and is called back by the hub."""

    folder: Path
    hub: str
    url: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)
    pushed: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def topic(self) -> str:
        return f"{self.url}/feed.xml"


@contextmanager
def site(folder: Path, hub: str) -> Iterator[Site]:
    state = Site(folder, hub)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path)
            if path.path == "/callback":
                state.asked.append(dict(parse_qsl(path.query)))
                intent = websub.intent(state.asked[-1])
                return self.say(200, intent.challenge.encode() if intent else b"", "text/plain")
            file = state.folder / path.path.strip("/")
            return self.say(200, file.read_bytes(), "application/rss+xml") if file.is_file() else self.say(404, b"", "")

        do_HEAD = do_GET

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"] or 0))
            state.pushed.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.say(202, b"", "text/plain")

        def say(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Link", f'<{state.hub}>; rel="hub", <{state.topic}>; rel="self"')
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        state.url = f"http://127.0.0.1:{server.server_address[1]}"
        yield state
        server.shutdown()


@pytest.fixture
def hub() -> str:
    """The hub's address."""
    if "websub" not in NAMED:
        pytest.skip(left_out("websub"))
    return str(NAMED["websub"]["hub"])


def publish(there: Site, http: Http, key: str, **more: Any) -> Any:
    settings = {"folder": str(there.folder), "public_url": there.url, "hub_url": there.hub, "title": "Town"}
    post = post_of("outfeed", replace(ARTICLE, title=TITLE, teaser=TEASER, **more))
    return channels.build(config("outfeed", settings)).send(post, sending(http, key=key, now=datetime.now(UTC)))


def subscribe(there: Site, mode: str = "subscribe") -> int:
    """What we send for a subscription. The secret is for https alone: here it is told nevertheless, to be looked at."""
    form = websub.request(websub.Offer(there.hub, there.topic), f"{there.url}/callback", SECRET, mode)
    assert "hub.secret" not in form
    asked = {**form, "hub.secret": SECRET} if mode == "subscribe" else form
    return requests.post(there.hub, data=asked, timeout=20).status_code


def test_news_reach_a_subscriber_signed_and_whole(tmp_path: Path, http: Http, hub: str) -> None:
    with site(tmp_path, hub) as there:
        publish(there, http, "sf_1")
        assert subscribe(there) == 202
        until(lambda: bool(there.asked), "the hub's question")
        intent = websub.intent(there.asked[0])
        assert intent is not None
        assert (intent.mode, intent.topic) == ("subscribe", there.topic)
        assert timedelta(hours=1) <= intent.lease <= websub.LONGEST
        receipt = publish(there, http, "sf_2", link="https://news.example/2")
        assert [words for words in receipt.degraded if "feed.xml" in words] == []
        until(lambda: any(b"news.example/2" in body for _, body in there.pushed), "the news")
        headers, body = next(one for one in there.pushed if b"news.example/2" in one[1])
        assert websub.genuine(SECRET, headers["x-hub-signature"], body)
        assert not websub.genuine(SECRET, headers["x-hub-signature"], body + b" ")
        document = parse(body, url=there.topic, content_type=headers["content-type"])
        assert [entry.title for entry in document.entries] == [TITLE, TITLE]
        assert (document.hubs, document.self_link) == ((hub,), there.topic)
        assert hashlib.sha256(body).digest() == hashlib.sha256((tmp_path / "feed.xml").read_bytes()).digest()
        assert subscribe(there, "unsubscribe") == 202
        until(lambda: there.asked[-1]["hub.mode"] == "unsubscribe", "the hub's second question")


def test_a_hub_that_knows_nobody_takes_the_word_all_the_same(tmp_path: Path, http: Http, hub: str) -> None:
    with site(tmp_path, hub) as there:
        assert publish(there, http, "sf_1").remote_id
    assert there.pushed == []
