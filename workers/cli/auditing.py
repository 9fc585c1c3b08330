"""Asking each account what it shows, laying the ledger beside it, and putting right what can be."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from pipeline.audit import Finding, What, compare
from pipeline.model import Error, UsageError
from pipeline.settle import GIVE_UP
from pipeline.stages import orders
from pipeline.stages.deliver import Mailbox, mailbox
from pipeline.store import audit as ledgers
from pipeline.wording import counted
from pipeline.world import World
from workers.cli import output

Told = dict[str, Any]


def audit(world: World, names: Sequence[str], days: int, *, remove: bool, settle: bool) -> Told:
    """Every channel's findings; which channels cannot be asked, and which did not answer."""
    unknown = [name for name in names if name not in world.config.channels]
    if unknown:
        raise UsageError(
            f"no channel “{unknown[0]}” is configured; there are {', '.join(world.config.channels) or 'none'}"
        )
    told: Told = {"days": days, "asked": [], "silent": [], "failed": [], "findings": []}
    chosen = list(names or world.config.channels)
    with output.progress("auditing", len(chosen)) as shown:
        for number, name in enumerate(chosen, 1):
            box = mailbox(world, name)
            assert box is not None
            if hasattr(box.channel, "recent") and box.can.lookup:
                _one(box, days, told, remove=remove, settle=settle)
            else:
                told["silent"].append(name)
            shown(number)
    return told


def _one(box: Mailbox, days: int, told: Told, *, remove: bool, settle: bool) -> None:
    now = box.world.now()
    since = now - timedelta(days=days)
    try:
        begin = since - GIVE_UP  # some are dated by their first try
        seen = box.carried(lambda: box.channel.recent(box.sending(now, key="audit"), begin))
    except Error as error:
        told["failed"].append({"channel": box.name, "said": str(error)})
        return
    with box.world.store.read() as tx:
        ledger = ledgers.ledger(tx, box.name, since)
    told["asked"].append({"channel": box.name, "posts": len(seen), "deliveries": len(ledger)})
    for finding in compare(ledger, seen, since, now):
        done = _removed(box, finding) if remove else ""
        done = done or (_settled(box.world, finding) if settle else "")
        told["findings"].append(_row(box.name, finding, done))


def _row(channel: str, finding: Finding, done: str) -> Told:
    names = ("delivery", "article", "said", "remote_id", "url")
    row = {name: getattr(finding, name) for name in names}
    return {"channel": channel, "what": str(finding.what), **row, "done": done}


def _removed(box: Mailbox, finding: Finding) -> str:
    """Delete the second post of two, and a part that its thread left behind; what is in the ledger stays."""
    if finding.what not in (What.DOUBLED, What.ORPHANED) or not box.can.delete:
        return ""
    key = f"audit-{finding.remote_id}"
    box.channel.delete(box.sending(box.world.now(), key=key, remote_id=finding.remote_id))
    return "removed"


def _settled(world: World, finding: Finding) -> str:
    """Note that a doubtful delivery is there."""
    if finding.what != What.ARRIVED:
        return ""
    orders.resolve(world, finding.delivery, there=True, url=finding.url, remote_id=finding.remote_id)
    return "settled"


def show(told: Told) -> None:
    """The same for people."""
    for one in told["asked"]:
        posts = counted(one["posts"], "post", "posts")
        deliveries = counted(one["deliveries"], "delivery", "deliveries")
        output.say(f"{one['channel']}: {posts} seen, {deliveries} in the ledger")
    for one in told["failed"]:
        output.note(f"{one['channel']}: {one['said']}")
    if told["silent"]:
        output.note(f"these kinds do not show what they hold: {', '.join(told['silent'])}")
    columns = {
        "channel": "channel",
        "what": "what",
        "said": "which",
        "delivery": "delivery",
        "url": "post",
        "done": "done",
    }
    output.listing(
        told["findings"], columns, empty="ledger and accounts agree" if told["asked"] else "nothing could be asked"
    )
    advice = {
        What.DOUBLED: "standfirst audit --remove deletes what is there twice",
        What.ORPHANED: "standfirst audit --remove deletes what threads left behind",
        What.ARRIVED: "standfirst audit --settle settles what is there after all",
    }
    for what, say in advice.items():
        if any(one["what"] == what and not one["done"] for one in told["findings"]):
            output.say(say)
