"""What a person may order of a feed: pause, resume."""

import structlog

from pipeline.model import FeedState, Stage, UsageError
from pipeline.store import Tx, feeds
from pipeline.world import World

log = structlog.get_logger()


def pause_feed(world: World, name: str, reason: str = "paused by a person") -> bool:
    """Poll a feed no more until it is resumed; whether it was polled before."""
    _known_feed(world, name)
    with world.store.begin() as tx:
        _sync(world, tx)
        row = feeds.get(tx, name)
        was = row is not None and row.state != FeedState.PAUSED
        if was:
            feeds.change(tx, name, state=FeedState.PAUSED, reason=reason)
    log.info("feed_paused", feed=name, reason=reason)
    return was


def resume_feed(world: World, name: str) -> bool:
    """Poll a paused, refused or gone feed again, now; whether it rested before."""
    _known_feed(world, name)
    now = world.now()
    with world.store.begin() as tx:
        _sync(world, tx)
        row = feeds.get(tx, name)
        rested = row is not None and row.state not in feeds.POLLED
        if rested:
            feeds.change(
                tx,
                name,
                state=FeedState.ACTIVE,
                reason="",
                failures=0,
                failing_since=None,
                due_at=now,
                due_reason="resumed by a person",
            )
    log.info("feed_resumed", feed=name)
    world.hint(Stage.POLL, name)
    return rested


def _sync(world: World, tx: Tx) -> None:
    feeds.sync(tx, ((feed.name, feed.url) for feed in world.config.feeds.values()), world.now())


def _known_feed(world: World, name: str) -> None:
    if name not in world.config.feeds:
        raise UsageError(f"no feed “{name}” is configured; there are {', '.join(world.config.feeds) or 'none'}")
