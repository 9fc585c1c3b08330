"""How many workers may be at one mailbox at once, and how many more of them there is work for."""

from datetime import datetime, timedelta
from typing import Any

from pipeline import channels as kinds
from pipeline.model import Capabilities, UsageError
from pipeline.store import Tx, deliveries

BATCH = 20  # a kind whose key replays may be leased and settled in batches: the same key again is the same post


def spacing(config: Any, can: Capabilities) -> timedelta:
    """The least time between two posts."""
    given: timedelta | None = config.spacing
    return can.spacing if given is None else given


def lanes(config: Any, can: Capabilities) -> int:
    """How many workers may send at once; one where posts keep their distance."""
    return 1 if spacing(config, can) else config.lanes or can.lanes


def batch(config: Any, can: Capabilities) -> int:
    """How many deliveries a worker leases at once."""
    return BATCH if can.replays is not None and not spacing(config, can) else 1


def of(config: Any) -> tuple[int, int]:
    """Lanes and batch of a configured channel; of one that is gone or wrongly set, what finds that out."""
    if config is None:
        return 1, 1
    try:
        can: Capabilities = kinds.build(config).CAN
    except UsageError:
        return 1, 1
    return lanes(config, can), batch(config, can)


def wanted(tx: Tx, config: Any, name: str, now: datetime) -> int:
    """How many workers to call to a mailbox with work: one, or one for each free lane as far as the work goes."""
    most, size = of(config)
    if most == 1:
        return 1  # it may be taken already: whoever comes finds that out
    waiting, busy = deliveries.load(tx, name, now, most * size)
    return max(0, min(most - -(-busy // size), -(-waiting // size)))
