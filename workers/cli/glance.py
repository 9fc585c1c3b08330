"""`standfirst status`: the health of the machinery, what needs a person, the queues and the channels."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.store import overview, pulses
from pipeline.wording import counted
from pipeline.world import World
from workers import alone, health, needs
from workers.cli import output

Seen = dict[str, Any]


def look(world: World) -> Seen:
    """Everything at one moment."""
    now = world.now()
    found, wanting = health.examine(world), needs.needs(world)
    with world.store.read() as tx:
        queues, counts = overview.queues(tx, now), overview.counts(tx, now)
        channels = [_channel(row) for row in overview.channels_list(tx, now)]
        feeds = [row for row in overview.feeds_list(tx) if row["name"] in world.config.feeds]
        beats = [pulse.sent_at for pulse in pulses.listing(tx) if pulse.sent_at]
    return {
        "at": now,
        "state": _state(world.config.settings.store, found.problems, beats, now),
        "problems": list(found.problems),
        "needs": [_need(need) for need in wanting],
        "needs_total": needs.total(wanting),
        "counts": counts,
        "queues": queues,
        "channels": channels,
        "feeds": {"configured": len(world.config.feeds)} | _by_state(feeds),
        "feeds_in_trouble": [_feed(row) for row in feeds if row["state"] != "active" or row["error"]],
    }


def _need(need: needs.Need) -> Seen:
    return {"kind": need.kind, "subject": need.subject, "count": need.count, "reason": need.reason, "next": need.next}


def in_order(seen: Seen) -> bool:
    """Whether it runs and nothing needs a person."""
    return bool(seen["state"] == "running" and not seen["needs"])


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
    _for_a_person(seen)
    output.heading("queues")
    rows = [row | {"oldest": output.span(row["oldest_s"]) if row["depth"] else ""} for row in seen["queues"]]
    output.listing(rows, {"queue": "queue", "depth": "due", "oldest": "oldest", "resting": "resting"})
    output.heading("channels")
    _channels(seen)
    if seen["feeds_in_trouble"]:
        output.heading("feeds in trouble")
        rows = [row | {"why": row["error"] or row["reason"]} for row in seen["feeds_in_trouble"]]
        output.listing(rows, {"name": "feed", "state": "state", "why": "why"})


def _numbers(seen: Seen) -> None:
    counts, feeds = seen["counts"], counted(seen["feeds"]["configured"], "feed")
    output.say(
        f"  {feeds}, {counts['delivered_hour']} delivered in the last hour, "
        f"{counts['delivered_day']} in the last day, {counts['pending']} waiting, {counts['leased']} being sent"
    )


def _for_a_person(seen: Seen) -> None:
    """What needs a person; the machinery's problems were said above."""
    rows = [row for row in seen["needs"] if row["kind"] != needs.MACHINERY]
    if not rows:
        return
    output.heading(f"needs a person: {counted(sum(row['count'] for row in rows), 'thing')}")
    for row in rows:
        print(f"  {output.painted(row['subject'], 'yellow')}: {output.clean(row['reason'])}")
        output.say(f"    standfirst {row['next']}")


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
