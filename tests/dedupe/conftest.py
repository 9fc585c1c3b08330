"""A newsroom with three feeds, its store on either database, and a clock that stands."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import Config, load
from pipeline.model import Article, ArticleState, Entry
from pipeline.stages.dedupe import dedupe
from pipeline.store import Store, articles
from pipeline.world import World
from tests.dedupe.writing import NOON

CONFIG = """
[[feeds]]
name = "town"
url = "https://paper.example/town.xml"

[[feeds]]
name = "county"
url = "https://paper.example/county.xml"

[[feeds]]
name = "wire"
url = "https://wire.example/feed.xml"
"""


def config_at(folder: Path, text: str = CONFIG) -> Config:
    """The configuration, read from a file as it always is."""
    path = folder / "standfirst.toml"
    path.write_text(text, encoding="utf-8")
    return load(path, {})


@dataclass
class Newsroom:
    """Articles come in teased; the stage decides."""

    world: World
    hints: list[str] = field(default_factory=list)
    clock: list[datetime] = field(default_factory=lambda: [NOON])

    def add(self, text: str, feed: str = "town", state: ArticleState = ArticleState.TEASED, **entry: Any) -> Article:
        """An article as poll and teaser leave it."""
        made = Entry(
            entry_id=entry.pop("entry_id", f"{feed}-{text[:40]}"),
            link=entry.pop("link", f"https://{feed}.example/{abs(hash(text)) % 10**9}/an-article-of-ours"),
            title=entry.pop("title", " ".join(text.split()[:6])),
            content=text,
            published=self.clock[0],
        )
        with self.world.store.begin() as tx:
            seq, _ = articles.add(
                tx, feed, made, seed=str(made.entry_id), state=state, now=self.clock[0], trace="t", content_hash=b"h"
            )
            return articles.by_seq(tx, [seq])[seq]

    def decide(self) -> None:
        """Run the stage."""
        dedupe(self.world)

    def now(self, article: Article) -> Article:
        """Where the article stands now."""
        with self.world.store.read() as tx:
            found = articles.get(tx, article.id)
        assert found is not None
        return found

    def later(self, passed: timedelta) -> None:
        """Let time pass."""
        self.clock[0] += passed


@pytest.fixture
def open_newsroom(tmp_path: Path) -> Callable[[Store], Newsroom]:
    """A newsroom on a store."""

    def opened(store: Store, text: str = CONFIG) -> Newsroom:
        clock = [NOON]
        world = World(config_at(tmp_path, text), store, None, None, lambda: clock[0])  # type: ignore[arg-type]
        room = Newsroom(world, clock=clock)
        room.world = replace(world, hint=lambda stage, _: room.hints.append(str(stage)))
        return room

    return opened


@pytest.fixture
def newsroom(store: Store, open_newsroom: Callable[[Store], Newsroom]) -> Newsroom:
    """A newsroom, once for each database."""
    return open_newsroom(store)


@pytest.fixture
def small_newsroom(sqlite_store: Store, open_newsroom: Callable[[Store], Newsroom]) -> Newsroom:
    """A newsroom on SQLite: for what does not depend on the database."""
    return open_newsroom(sqlite_store)
