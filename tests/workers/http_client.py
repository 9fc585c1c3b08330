"""A console that really listens, an HTTP client of it, and articles to look at: what its suites share.

A real browser is in tests/browser; here every header is the test's own.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from pipeline import stages
from pipeline.config import Config, load
from pipeline.model import ArticleState, Entry
from pipeline.store import articles, deliveries
from pipeline.world import World
from workers.console.server import Console

TOKEN = "t0ken-of-this-test"
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)

TOML = """
[standfirst]
store = "sqlite:///standfirst.db"
delay = "0s"
console = "127.0.0.1:0"
console_token = { env = "TOKEN" }
[[feeds]]
name = "herald"
url = "https://herald.example/feed.xml"
hook = { env = "HOOK" }
[[channels]]
name = "desk"
kind = "webhook"
url = "https://desk.example/hook"
[[channels]]
name = "own"
kind = "outfeed"
folder = "public"
[[routes]]
feeds = ["herald"]
channels = ["desk"]
"""


@pytest.fixture
def config(tmp_path: Path) -> Config:
    path = tmp_path / "standfirst.toml"
    path.write_text(TOML)
    return load(path, {"HOOK": "hook-s3cret", "TOKEN": TOKEN})


@pytest.fixture
def world(config: Config) -> Iterator[World]:
    made = World.open(config)
    yield replace(made, now=lambda: NOW)
    made.close()


class HttpClient:
    """Requests to a console that really listens, with cookies; orders say where they come from as a browser does."""

    def __init__(self, config: Config, world: World) -> None:
        self.console = Console(config, world)
        self.console.start()
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["accept"] = "text/html"
        self.cookies = self._session.cookies

    def get(self, path: str, **more: Any) -> requests.Response:
        return self._session.get(self.console.address + path, allow_redirects=False, timeout=20, **more)

    def post(self, path: str, *, headers: dict[str, Any] | None = None, **more: Any) -> requests.Response:
        """A POST; a header of the test replaces ours, and None leaves it out."""
        sent = {"origin": self.console.address} | (headers or {})
        return self._session.post(self.console.address + path, headers=sent, allow_redirects=False, timeout=20, **more)

    def hang_up(self) -> None:
        """Close what is kept open: the next request comes on a new connection. (Browsers ask again by themselves.)"""
        self._session.close()

    def close(self) -> None:
        self.hang_up()
        self.console.stop()


@pytest.fixture
def stranger(config: Config, world: World) -> Iterator[HttpClient]:
    """A client that has not shown the token."""
    made = HttpClient(config, world)
    yield made
    made.close()


@pytest.fixture
def editor(stranger: HttpClient) -> HttpClient:
    """A client that has."""
    assert stranger.get("/login", params={"token": TOKEN}).headers["location"] == "/"
    return stranger


def article(world: World, number: int = 1, state: ArticleState = ArticleState.READY, **more: Any) -> str:
    """One article, written and not yet fanned out."""
    entry = Entry(
        entry_id=str(number), link=f"https://herald.example/{number}", title=f"The bridge, part {number}", **more
    )
    with world.store.begin() as tx:
        _, ident = articles.add(tx, "herald", entry, seed=str(number), state=state, now=NOW, trace="t", reason="a test")
    return ident


def fanned(world: World, number: int = 1) -> tuple[str, int]:
    """An article with its delivery."""
    ident = article(world, number)
    stages.fanout(world)
    with world.store.read() as tx:
        found = articles.get(tx, ident)
        assert found
        return ident, deliveries.of_article(tx, found.seq)[0].id


def csrf(client: HttpClient) -> str:
    found = re.search(r'name="csrf" value="(\w+)"', client.get("/").text)
    assert found
    return found[1]
