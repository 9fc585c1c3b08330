"""`standfirst status`: the health of the machinery, the queues, the channels, and what waits for a person."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.store import overview, pulses
from pipeline.world import World
from workers import alone, health
from workers.cli import output

Seen = dict[str, Any]


def look(world: World) -> Seen:
    """Everything at one moment."""
    now = world.now()
    found = health.examine(world)
    with world.store.read() as tx:
        queues, counts = overview.queues(tx, now), overview.counts(tx, now)
        channels = [_channel(row) for row in overview.channels_list(tx, now)]
        feeds = [row for row in overview.feeds_list(tx) if row["name"] in world.config.feeds]
        beats = [pulse.sent_at for pulse in pulses.listing(tx) if pulse.sent_at]
    return {
        "at": now,
        "state": _state(world.config.settings.store, found.problems, beats, now),
        "problems": list(found.problems),
        "counts": counts,
        "queues": queues,
        "channels": channels,
        "feeds": {"configured": len(world.config.feeds)} | _by_state(feeds),
        "feeds_in_trouble": [_feed(row) for row in feeds if row["state"] != "active" or row["error"]],
    }


def _state(store: str, problems: tuple[str, ...], beats: list[Any], now: Any) -> str:
    if not beats or now - max(beats) > health.LATE or _deserted(store):
        return "stopped"
    return "failing" if problems else "running"


def _deserted(store: str) -> bool:
    """Whether the process that had an SQLite store for itself is gone."""
    file = alone.lock_file(store)
    try:
        owner = file.read_text().strip() if file else ""
        return owner.isdigit() and not Path(f"/proc/{owner}").exists() and Path("/proc/self").exists()
    except OSError:
        return False


def _by_state(feeds: list[Seen]) -> dict[str, int]:
    states = [str(row["state"]) for row in feeds]
    return {state: states.count(state) for state in dict.fromkeys(states)}


def _channel(row: Mapping[str, Any]) -> Seen:
    names = (
        "name",
        "kind",
        "pending",
        "leased",
        "uncertain",
        "held",
        "dead",
        "oldest_s",
        "delivered_at",
        "next_send_at",
    )
    return {name: row[name] for name in (*names, "state", "reason")}


def _feed(row: Mapping[str, Any]) -> Seen:
    return {name: row[name] for name in ("name", "state", "reason", "error", "failures", "polled_at", "due_at")}


def show(seen: Seen) -> None:
    """The same for people: what is wrong first."""
    states = {
        "stopped": ("Standfirst is not running; start it with: standfirst run", "red"),
        "failing": ("Standfirst runs, with problems", "yellow"),
        "running": ("Standfirst runs", "green"),
    }
    print(output.painted(*states[seen["state"]]))
    for problem in seen["problems"]:
        print(f"  {output.painted(problem, 'red')}")
    _numbers(seen)
    _for_a_person(seen["counts"])
    output.heading("queues")
    rows = [row | {"oldest": output.span(row["oldest_s"]) if row["depth"] else ""} for row in seen["queues"]]
    output.listing(rows, {"queue": "queue", "depth": "due", "oldest": "oldest", "resting": "resting"})
    output.heading("channels")
    _channels(seen)
    if seen["feeds_in_trouble"]:
        output.heading("feeds that need a look")
        rows = [row | {"why": row["error"] or row["reason"]} for row in seen["feeds_in_trouble"]]
        output.listing(rows, {"name": "feed", "state": "state", "why": "why"})


def _numbers(seen: Seen) -> None:
    counts, feeds = seen["counts"], output.counted(seen["feeds"]["configured"], "feed", "feeds")
    output.say(
        f"  {feeds}, {counts['delivered_hour']} delivered in the last hour, "
        f"{counts['delivered_day']} in the last day, {counts['pending']} waiting, {counts['leased']} being sent"
    )


def _for_a_person(counts: Mapping[str, int]) -> None:
    waits = {
        "articles_held": ("article held", "articles held", "articles --state held"),
        "articles_set_aside": ("article set aside", "articles set aside", "articles --state set_aside"),
        "uncertain": ("delivery uncertain", "deliveries uncertain", "deliveries --state uncertain"),
        "held": ("delivery held", "deliveries held", "deliveries --state held"),
        "dead": ("dead letter", "dead letters", "deliveries --state dead"),
    }
    for key, (one, many, command) in waits.items():
        if counts[key]:
            print(f"  {output.painted(output.counted(counts[key], one, many), 'yellow')}: standfirst {command}")


def _channels(seen: Seen) -> None:
    columns = {"name": "channel", "kind": "kind", "state": "state", "pending": "waiting", "uncertain": "uncertain"}
    columns |= {"held": "held", "dead": "dead", "last": "last post", "reason": "reason"}
    rows = [
        row | {"last": output.ago(row["delivered_at"], seen["at"]), "reason": _why(row)} for row in seen["channels"]
    ]
    output.listing(rows, columns, empty="  none")


def _why(row: Seen) -> str:
    """Why a channel sends nothing now, and until when."""
    return f"until {output.cell(row['next_send_at'])}: {row['reason']}" if row["state"] == "resting" else row["reason"]
