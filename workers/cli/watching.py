"""Feeds as people see them: the configured ones with what the store knows of them."""

from typing import Any

from pipeline import stages
from pipeline.config import FeedConfig, spoken
from pipeline.model import Error, UsageError
from pipeline.store import overview
from pipeline.world import World
from workers.cli import output

Row = dict[str, Any]
KNOWN = (
    "state",
    "reason",
    "polled_at",
    "changed_at",
    "due_at",
    "due_reason",
    "interval_s",
    "failures",
    "error",
    "title",
)


def feeds(world: World) -> list[Row]:
    """Every configured feed."""
    now = world.now()
    with world.store.read() as tx:
        rows = {row["name"]: row for row in overview.feeds_list(tx)}
    return [feed(one, rows.get(one.name), now) for one in world.config.feeds.values()]


def feed(config: FeedConfig, row: Row | None, now: Any) -> Row:
    """One feed; before its first poll nothing is known of it."""
    known = {name: row[name] for name in KNOWN} if row else dict.fromkeys(KNOWN)
    return {
        "name": config.name,
        "url": config.url,
        "every": spoken(config.every),
        **known,
        "state": known["state"] or "new",
        "polled": output.ago(known["polled_at"], now),
        "next": output.ago(known["due_at"], now) if known["state"] in ("active", "failing") else "",
        "why": known["error"] or known["reason"] or known["due_reason"] or "",
    }


def poll(world: World, name: str) -> Row:
    """Poll a feed now; the line of its log."""
    if name not in world.config.feeds:
        raise UsageError(f"no feed “{name}” is configured; there are {', '.join(world.config.feeds) or 'none'}")
    with world.store.read() as tx:
        before = overview.polls_of(tx, name, 1)
    stages.poll(world, name, by="person")
    with world.store.read() as tx:
        after = overview.polls_of(tx, name, 1)
    if after == before:
        raise Error(f"{name} was not polled: it is paused or another worker is at it; see: standfirst feeds list")
    return after[0]


def polled(row: Row) -> str:
    """The line of a poll log in words."""
    if row["error"]:
        return f"{row['feed']}: {row['error']}; {row['reason']}"
    if row["not_modified"]:
        return f"{row['feed']}: nothing new (it has not changed)"
    held = f", {row['held']} held for a person" if row["held"] else ""
    return f"{row['feed']}: {output.counted(row['entries'], 'entry', 'entries')}, {row['new']} new{held}"
