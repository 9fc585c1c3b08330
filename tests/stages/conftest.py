"""A newsroom without feeds: articles that are ready, real stages, a real store, platforms that can be made to fail."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline import config, stages
from pipeline.bounded import Bounded
from pipeline.http import Http
from pipeline.model import Article, ArticleState, Delivery, Entry, Stage
from pipeline.store import Store, articles, deliveries
from pipeline.world import World
from tests.crash import platforms

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

TEXT = "Two sisters have opened a bakery in the waiting room of the station, which had been empty for years."


@dataclass
class Newsroom:
    """A world whose time is in our hands."""

    config: config.Config
    store: Store
    platforms: dict[str, Any]
    bounded: Bounded
    now: datetime = START
    worlds: list[World] = field(default_factory=list)

    def world(self, store: Store | None = None) -> World:
        """One process's world."""
        http = Http(allow_networks=self.config.settings.allow_networks, user_agent="Test/1")
        made = World(self.config, store or self.store, http, self.bounded, lambda: self.now)
        made.register()
        self.worlds.append(made)
        return made

    def article(self, n: int = 1, state: ArticleState = ArticleState.READY, **entry: Any) -> Article:
        """An article that waits for fan-out."""
        link = f"https://town.example/{n}"
        given = Entry(entry_id=link, link=link, title=f"Bakery number {n} opens", **entry)
        with self.store.begin() as tx:
            seq, ident = articles.add(tx, "news", given, seed=link, state=state, now=self.now, trace=f"t{n}")
            articles.write_teaser(tx, seq, TEXT, "summary", "the feed's summary")
            found = articles.get(tx, ident)
        assert found is not None
        return found

    def work(self, world: World | None = None, *, rounds: int = 40, step: float = 20.0, until: float = 3600.0) -> None:
        """Do what is due and let time pass until nothing more comes."""
        acting, ends = world or self.world(), self.now + timedelta(seconds=until)
        quiet = 0
        for _ in range(rounds):
            stages.recover(acting)
            found = [one for one in stages.due(acting) if one[0] != Stage.POLL]
            for stage, ident in found:
                DO[stage](acting, ident)
            quiet = 0 if found else quiet + 1
            if self.now >= ends or quiet > 20:
                return
            self.now += timedelta(seconds=0 if found else step)

    def deliveries(self, article: Article) -> dict[str, Delivery]:
        """The last delivery of each channel."""
        with self.store.read() as tx:
            return {one.channel: one for one in deliveries.of_article(tx, article.seq)}

    def clock(self) -> float:
        """What its platforms date their posts by."""
        return self.now.timestamp()

    def only(self, *channels: str) -> None:
        """Route to these channels alone."""
        from dataclasses import replace

        route = replace(self.config.routes[0], channels=channels)
        self.config = replace(self.config, routes=(route,))


DO: dict[Stage, Callable[[World, str], None]] = {
    Stage.TEASER: stages.teaser,
    Stage.DEDUPE: lambda world, _: stages.dedupe(world),
    Stage.FANOUT: lambda world, _: stages.fanout(world),
    Stage.DELIVER: stages.deliver,
}


@pytest.fixture(scope="session")
def bounded() -> Iterator[Bounded]:
    """One child for all."""
    pool = Bounded(1)
    yield pool
    pool.close()


@pytest.fixture
def newsroom(store: Store, tmp_path: Path, bounded: Bounded) -> Iterator[Newsroom]:
    """On each database."""
    feed = {"name": "news", "url": "https://town.example/feed.xml"}
    with platforms.opened() as made:
        follows = {"replays": {"edits": "follow", "deletes": "follow"}}
        path, secrets = platforms.configured(tmp_path, made, feeds=[feed], channels=follows)
        room = Newsroom(config.load(path, secrets), store, made, bounded)
        for platform in made.values():
            platform.clock = room.clock
        yield room
        for world in room.worlds:
            if world.store is not store:
                world.store.close()
