"""A newsroom whose store can hold every state that a page shows, and its console, really listening."""

import shutil
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline import stages
from pipeline.config import load
from pipeline.model import Action, Article, ArticleState, Delivery, DeliveryState, Entry
from pipeline.store import articles, channels, deliveries, feeds, fingerprints, overview
from pipeline.world import World
from workers.console.server import Console

TOKEN = "t0ken-of-this-test"
REFUSED = "mastodon.example: 401 The access token was revoked"

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
[[channels]]
name = "toots"
kind = "mastodon"
instance = "https://mastodon.example"
token = { env = "TOOTS" }
[[routes]]
feeds = ["herald", "courier"]
channels = ["desk", "wire"]
"""

BRIDGE = "The council of Wrenbridge voted on Tuesday to rebuild the old mill bridge. "


class Newsroom:
    """Its store, its console, and a clock that stands still until a test moves it."""

    def __init__(self, folder: Path, template: Iterable[Path] = ()) -> None:
        for part in template:
            shutil.copy(part, folder)
        path = folder / "standfirst.toml"
        path.write_text(TOML)
        self.config = load(path, {"TOKEN": TOKEN, "TOOTS": "t00t-token"})
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

    def article(self, state: ArticleState = ArticleState.READY, *, reason: str = "", **more: Any) -> str:
        """A new article; its id."""
        self._numbers += 1
        number = str(self._numbers)
        title = more.pop("title", f"The bridge, part {number}")
        entry = Entry(entry_id=number, link=f"https://herald.example/{number}", title=title, **more)
        why = reason or f"a test, number {number}"
        with self.world.store.begin() as tx:
            _, ident = articles.add(tx, "herald", entry, seed=number, state=state, now=self.now, trace="t", reason=why)
        return ident

    def fanned(self) -> str:
        """An article that is on its way to desk and wire; its id."""
        ident = self.article()
        stages.fanout(self.world)
        return ident

    def settled(self, state: str, reason: str = "a test", **changes: Any) -> tuple[str, int]:
        """An article whose delivery on desk came to this state; its id and the delivery's."""
        ident = self.fanned()
        first = next(one.id for one in self.deliveries(ident) if one.channel == "desk")
        with self.world.store.begin() as tx:
            for one in deliveries.of_article(tx, self.read(ident).seq):
                if one.id == first:
                    deliveries.change(tx, one.id, ["pending"], state, reason, None, **changes)
                else:
                    deliveries.change(tx, one.id, ["pending"], "delivered", "", None, delivered_at=self.now)
        return ident, first

    def delivered(self) -> str:
        """An article that was posted on both channels; its id."""
        return self.settled("delivered", delivered_at=self.now)[0]

    def arrive(self) -> None:
        """All that is on its way arrives."""
        with self.world.store.begin() as tx:
            for row in overview.deliveries_list(tx, self.now, states=["pending"]):
                deliveries.change(tx, row["id"], ["pending"], "delivered", "", None, delivered_at=self.now)

    def paused(self, channel: str = "desk", reason: str = "paused by a person") -> None:
        """A channel that a person has paused."""
        with self.world.store.begin() as tx:
            channels.pause(tx, channel, reason, self.now)

    def locked_out(self) -> int:
        """A channel whose platform takes its token no longer, with a post that waits; the delivery's number."""
        ident = self.article(ArticleState.FANNED)
        with self.world.store.begin() as tx:
            one = deliveries.add(
                tx, self.read(ident), "toots", state=DeliveryState.PENDING, due_at=self.now, now=self.now, reason=""
            )
            assert one
            deliveries.change(tx, one, ["pending"], "pending", REFUSED, self.now, failure="unauthorised")
            channels.pause(tx, "toots", REFUSED, self.now)
        return one

    def flood(self, number: int = 3) -> list[str]:
        """Articles of one feed that wait for one reason; their ids."""
        reason = f"{number} new articles in one poll are more than flood = 2"
        return [self.article(ArticleState.HELD, reason=reason) for _ in range(number)]

    def doubtful(self) -> tuple[str, str]:
        """An article, and one that is held to be compared with it."""
        first = self.article(ArticleState.FANNED, summary=BRIDGE + "Work begins in May & ends in spring.")
        held = self.article(ArticleState.HELD, summary=BRIDGE + "The ferry takes on a second captain.")
        with self.world.store.begin() as tx:
            fingerprints.set_apart(tx, held, first, "asked", self.now)
        return first, held

    def silenced(self) -> tuple[str, str]:
        """An article that was there before us, and one that joined it: no channel has a post of either."""
        first = self.article(ArticleState.ARCHIVED, summary=BRIDGE + "Work begins in May & ends in spring.")
        second = self.article(ArticleState.TEASED, summary=BRIDGE + "The ferry takes on a second captain.")
        with self.world.store.begin() as tx:
            articles.move(tx, self.read(second), ArticleState.JOINED, "the same text", joined_to=first)
        return first, second

    # --- what became of it -------------------------------------------------------------------------------------------

    def read(self, ident: str) -> Article:
        """The article as it is stored now."""
        with self.world.store.read() as tx:
            found = articles.get(tx, ident)
        assert found
        return found

    def state(self, ident: str) -> str:
        """The article's state."""
        return str(self.read(ident).state)

    def deliveries(self, ident: str) -> list[Delivery]:
        """The article's deliveries as they are stored now."""
        with self.world.store.read() as tx:
            return deliveries.of_article(tx, self.read(ident).seq)

    def delivery(self, number: int) -> str:
        """A delivery's state."""
        with self.world.store.read() as tx:
            found = deliveries.get(tx, number)
        assert found
        return str(found.state)

    def posts(self, ident: str, channel: str = "desk") -> int:
        """How many posts of the article there are or will be on a channel."""
        return sum(one.channel == channel and one.action == Action.POST for one in self.deliveries(ident))

    def is_paused(self, channel: str = "desk") -> bool:
        """Whether a channel is paused."""
        with self.world.store.read() as tx:
            return any(row["name"] == channel and row["paused_at"] for row in overview.channels_list(tx, self.now))

    def why_polled(self, feed: str = "herald") -> str:
        """Why a feed is polled next."""
        with self.world.store.read() as tx:
            row = feeds.get(tx, feed)
        return str(row.due_reason) if row else ""
