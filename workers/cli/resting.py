"""Pausing and resuming, a channel or a feed by its name."""

from pipeline.model import UsageError
from pipeline.stages import feed_orders, orders
from pipeline.wording import counted
from pipeline.world import World
from workers.cli.opening import ordered


def pause(world: World, name: str, *, key: str = "") -> str:
    """Pause what has the name; what became of it, in words."""
    return pause_channel(world, name, key=key) if is_channel(world, name) else pause_feed(world, name, key=key)


def resume(world: World, name: str, *, skip: bool = False, key: str = "") -> str:
    """Let what has the name go on; what became of it, in words."""
    if is_channel(world, name):
        return resume_channel(world, name, skip=skip, key=key)
    if skip:
        raise UsageError(f"{name} is a feed; --skip is for channels")
    return resume_feed(world, name, key=key)


def pause_channel(world: World, name: str, *, key: str = "") -> str:
    """Stop a channel's mailbox."""
    done = ordered(world, key, "pause", {"channel": name}, lambda within: orders.pause_channel(within, name))
    return f"the channel {name} is paused; its queue is kept" if done else f"the channel {name} was paused already"


def resume_channel(world: World, name: str, *, skip: bool = False, key: str = "") -> str:
    """Let a channel's mailbox go on."""
    told = {"channel": name, "skip": skip}
    skipped = ordered(world, key, "resume", told, lambda within: orders.resume_channel(within, name, skip_backlog=skip))
    rest = f"; {counted(skipped, 'delivery', 'deliveries')} that waited cancelled" if skip else ""
    return f"the channel {name} goes on{rest}"


def pause_feed(world: World, name: str, *, key: str = "") -> str:
    """Poll a feed no more."""
    done = ordered(world, key, "pause feed", {"feed": name}, lambda within: feed_orders.pause_feed(within, name))
    return f"the feed {name} is paused" if done else f"the feed {name} was paused already"


def resume_feed(world: World, name: str, *, key: str = "") -> str:
    """Poll a feed again."""
    rested = ordered(world, key, "resume feed", {"feed": name}, lambda within: feed_orders.resume_feed(within, name))
    return f"the feed {name} is polled again, now" if rested else f"the feed {name} was not paused"


def is_channel(world: World, name: str) -> bool:
    """Whether a name means a channel; raises UsageError where it means nothing, or both."""
    channel, feed = name in world.config.channels, name in world.config.feeds
    if channel and feed:
        raise UsageError(f"{name} is a channel and a feed: use `standfirst channels …` or `standfirst feeds …`")
    if not channel and not feed:
        known = [*world.config.channels, *world.config.feeds]
        raise UsageError(f"there is neither a channel nor a feed “{name}”; there are {', '.join(known) or 'none'}")
    return channel
