"""What a stage may touch: configuration, store, the doors, the clock. Tests hand in their own clock and hints."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from pipeline.bounded import Bounded
from pipeline.config import Config
from pipeline.http import Http
from pipeline.model import Stage
from pipeline.store import Store, channels, feeds

Hint = Callable[[Stage, str], None]


def _silent(stage: Stage, ident: str) -> None:
    """No messages: the sweep finds the rows."""


def _never() -> bool:
    """Nobody asked this process to stop."""
    return False


@dataclass(frozen=True)
class World:
    """The one thing every stage is given."""

    config: Config
    store: Store
    http: Http
    bounded: Bounded
    now: Callable[[], datetime]
    hint: Hint = field(default=_silent)
    stopping: Callable[[], bool] = field(default=_never)  # a mailbox ends after the post it is sending
    process: str = field(default_factory=lambda: secrets.token_hex(8))  # whose the leases are

    @classmethod
    def open(cls, config: Config, hint: Hint = _silent, stopping: Callable[[], bool] = _never) -> "World":
        """The real one: migrated, with a row for every feed and channel; clocks agree with the database's."""
        store = Store.open(config.settings.store)
        store.migrate()
        http = Http(
            allow_networks=config.settings.allow_networks, user_agent=user_agent(config), secrets=config.secrets()
        )
        world = cls(config, store, http, Bounded(), DatabaseClock(store), hint, stopping)
        world.register()
        return world

    def register(self) -> None:
        """Give every configured feed and channel its row."""
        now = self.now()
        with self.store.begin() as tx:
            channels.sync(tx, ((channel.name, channel.kind) for channel in self.config.channels.values()), now)
            feeds.sync(tx, ((feed.name, feed.url) for feed in self.config.feeds.values()), now)

    def close(self) -> None:
        """End the children, let go of the connections."""
        self.bounded.close()
        self.http.close()
        self.store.close()


def user_agent(config: Config) -> str:
    """Who we are, with an address to ask (P24)."""
    from importlib.metadata import version

    contact = config.settings.user_agent_contact
    return f"Standfirst/{version('standfirst')}" + (f" (+{contact})" if contact else "")


class DatabaseClock:
    """The time in UTC as the database has it, so that leases mean the same on every machine.

    Reads the machine's monotonic clock and sets it by the database's once a minute: a jump of the machine's clock
    moves nothing, a jump of the database's is taken over within the minute.
    """

    EVERY = 60.0

    def __init__(self, store: Store) -> None:
        self._store = store
        self._base = 0.0
        self._set_at = float("-inf")

    def __call__(self) -> datetime:
        """Now."""
        ticks = time.monotonic()
        if ticks - self._set_at > self.EVERY:
            self._base = self._store.clock() - ticks
            self._set_at = ticks
        return datetime.fromtimestamp(0, UTC) + timedelta(seconds=self._base + ticks)
