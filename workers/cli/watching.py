"""Feeds as people see them: the configured ones with what the store knows of them."""

from typing import Any

from pipeline import stages
from pipeline.config import FeedConfig, spoken
from pipeline.model import Error, UsageError
from pipeline.stages.poll.visit import MANUAL
from pipeline.store import feeds as rows
from pipeline.store import overview
from pipeline.wording import counted
from pipeline.world import World
from workers.cli import output
from workers.logs import redact

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
        known = {row["name"]: row for row in overview.feeds_list(tx)}
    return [feed(one, known.get(one.name), now) for one in world.config.feeds.values()]


def feed(config: FeedConfig, row: Row | None, now: Any) -> Row:
    """One feed; before its first poll nothing is known of it."""
    known = {name: row[name] for name in KNOWN} if row else dict.fromkeys(KNOWN)
    return {
        "name": config.name,
        "url": redact(config.url),  # an address that came by reference stays unsaid
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
    if not stages.poll(world, name, by="person"):
        raise Error(f"{name} was not polled: {why_not(world, name)}")
    with world.store.read() as tx:
        return overview.polls_of(tx, name, 1)[0]


def why_not(world: World, name: str) -> str:
    """Why it was not a feed's turn."""
    with world.store.read() as tx:
        row = rows.get(tx, name)
    if row is not None and row.state not in rows.POLLED:
        return f"it is {row.state} ({row.reason}); let it go on with: standfirst feeds resume {name}"
    if row is not None and row.polled_at and world.now() - row.polled_at < MANUAL:
        return f"it was polled {output.ago(row.polled_at, world.now())}; a good guest waits a minute"
    return f"another worker is at it, or its host rests; see: standfirst feeds log {name}"


def polled(row: Row) -> str:
    """The line of a poll log in words."""
    if row["error"]:
        return f"{row['feed']}: {row['error']}; {row['reason']}"
    if row["not_modified"]:
        return f"{row['feed']}: nothing new (it has not changed)"
    held = f", {row['held']} held for a person" if row["held"] else ""
    return f"{row['feed']}: {counted(row['entries'], 'entry', 'entries')}, {row['new']} new{held}"
