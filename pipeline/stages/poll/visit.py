"""A feed's lease, and its host's: one request at a time, politely spaced."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any

from pipeline.config import FeedConfig
from pipeline.feeds import canonical, identity
from pipeline.feeds.identity import Memory
from pipeline.store import feeds, subscriptions
from pipeline.world import World

LEASE = timedelta(seconds=90)  # longer than a fetch and a child's time limit together
GAP = timedelta(seconds=1)  # between two requests to one host
SHORTEST = timedelta(minutes=5)  # whoever sets less speaks of his own site
DEFAULT = timedelta(hours=1)
DISPLAY = timedelta(days=7)  # for so long an article that vanishes from its feed is missed
MANUAL = timedelta(minutes=1)  # between two polls that persons ask for (P45)


@dataclass(frozen=True)
class Visit:
    """One poll under way."""

    name: str
    by: str
    feed: Any  # the leased row
    config: FeedConfig
    memory: Memory
    began: datetime
    ticks: float
    own: bool
    host: str | None  # to be left; None when hosts are not paced
    subscription: Any = None  # the row of its push subscription …
    unwanted: Any = None  # … or of one that the feed's settings do not want any more

    @property
    def first(self) -> bool:
        """Whether nothing of this feed was ever parsed."""
        return self.feed.baseline_at is None

    def took(self) -> int:
        """Milliseconds so far."""
        return round((time.monotonic() - self.ticks) * 1000)


def begin(world: World, name: str, by: str, *, asks: bool = True) -> Visit | None:
    """Lease the feed and, if it `asks` there, its host; None when it is not its turn."""
    config = world.config.feeds.get(name)
    if config is None:
        return None
    now, ticks = world.now(), time.monotonic()
    own = is_own(config)
    with world.store.begin(durable=False) as tx:  # a lease that a power failure undoes was a lease of nobody
        row = feeds.claim(tx, name, now, now + LEASE, by=world.process, asked=by != "schedule")
        if row is None:
            return None
        if by == "person" and row.polled_at and now - row.polled_at < min(MANUAL, config.every):
            feeds.settle(tx, row)
            return None
        host = canonical.host(row.url) if asks and not own else None
        if host:
            turn = feeds.visit(tx, host, now, now + LEASE, GAP, by=world.process)
            if not turn.now:
                feeds.settle(tx, row, due_at=turn.at, due_reason=turn.reason)
                return None
        told = subscriptions.of_feed(tx, name) if world.config.settings.public_url else None
    pushes = (told, None) if config.push else (None, told)
    return Visit(name, by, row, config, identity.load(row.memory), now, ticks, own, host, *pushes)


def is_own(config: FeedConfig) -> bool:
    """Whether the feed is on a site of one's own: in an allowed private network, or polled as only an owner may."""
    if config.every < SHORTEST:
        return True
    parts = canonical.split(config.url)
    name = (parts.hostname or "") if parts else ""
    if name == "localhost":
        return bool(config.allow_networks)
    try:
        address = ip_address(name)
    except ValueError:
        return False
    return any(address in network for network in config.allow_networks)
