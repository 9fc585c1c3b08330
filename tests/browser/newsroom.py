"""A newsroom whose store holds every state that a page can show, and its console, really listening."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline import stages
from pipeline.config import load
from pipeline.model import Article, ArticleState, Delivery, Entry
from pipeline.store import articles, channels, deliveries
from pipeline.world import World
from workers.console.server import Console

TOKEN = "t0ken-of-this-test"

TOML = """
[standfirst]
store = "sqlite:///standfirst.db"
delay = "0s"
console = "127.0.0.1:0"
console_token = { env = "TOKEN" }
[[feeds]]
name = "herald"
url = "https://herald.example/feed.xml"
[[feeds]]
name = "courier"
url = "https://courier.example/feed.xml"
[[channels]]
name = "desk"
kind = "webhook"
url = "https://desk.example/hook"
[[channels]]
name = "wire"
kind = "webhook"
url = "https://wire.example/hook"
[[routes]]
feeds = ["herald", "courier"]
channels = ["desk", "wire"]
"""


class Newsroom:
    """Its store, its console, and a clock that stands still until a test moves it."""

    def __init__(self, folder: Path) -> None:
        path = folder / "standfirst.toml"
        path.write_text(TOML)
        self.config = load(path, {"TOKEN": TOKEN})
        self.now = datetime.now(UTC)
        self.world = replace(World.open(self.config), now=lambda: self.now)
        self.console = Console(self.config, self.world)
        self.console.start()
        self._numbers = 0

    @property
    def address(self) -> str:
        """Where the console listens."""
        return self.console.address

    def later(self, seconds: float) -> None:
        """Move the clock."""
        self.now += timedelta(seconds=seconds)

    def close(self) -> None:
        """Stop the console and let go of the store."""
        self.console.stop()
        self.world.close()

    # --- what is in the store ----------------------------------------------------------------------------------------

    def article(self, state: ArticleState = ArticleState.READY, *, reason: str = "a test", **more: Any) -> str:
        """A new article; its id."""
        self._numbers += 1
        number = str(self._numbers)
        title = more.pop("title", f"The bridge, part {number}")
        entry = Entry(entry_id=number, link=f"https://herald.example/{number}", title=title, **more)
        with self.world.store.begin() as tx:
            _, ident = articles.add(
                tx, "herald", entry, seed=number, state=state, now=self.now, trace="t", reason=reason
            )
        return ident

    def fanned(self) -> str:
        """An article that is on its way to both channels; its id."""
        ident = self.article()
        stages.fanout(self.world)
        return ident

    def settled(self, state: str, reason: str = "a test", **changes: Any) -> tuple[str, int]:
        """An article whose delivery on desk came to this state; its id and the delivery's."""
        ident = self.fanned()
        first = self.deliveries(ident)[0].id
        with self.world.store.begin() as tx:
            for one in deliveries.of_article(tx, self.read(ident).seq):
                end = (state, reason) if one.id == first else ("delivered", "")
                deliveries.change(tx, one.id, ["pending"], *end, None, **changes)
        return ident, first

    def delivered(self) -> str:
        """An article that was posted on both channels; its id."""
        return self.settled("delivered", delivered_at=self.now)[0]

    def paused(self, channel: str = "desk", reason: str = "paused by a person") -> None:
        """Pause a channel."""
        with self.world.store.begin() as tx:
            channels.pause(tx, channel, reason, self.now)

    # --- what became of it -------------------------------------------------------------------------------------------

    def read(self, ident: str) -> Article:
        """The article as it is stored now."""
        with self.world.store.read() as tx:
            found = articles.get(tx, ident)
        assert found
        return found

    def deliveries(self, ident: str) -> list[Delivery]:
        """The article's deliveries as they are stored now."""
        with self.world.store.read() as tx:
            return deliveries.of_article(tx, self.read(ident).seq)
