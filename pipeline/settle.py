"""What becomes of a delivery after an attempt. Pure: the outcome, the kind's abilities and `now` in, a Settlement out.

The one rule that must never be loosened: an attempt that may have arrived goes back to *pending* on no path. It stays
uncertain until the platform has been asked again with the same key, has been looked up, or a person has decided.
"""

from datetime import datetime, timedelta

from pipeline.model import (
    Capabilities,
    DeliveryState,
    Lease,
    Outcome,
    Receipt,
    Rejected,
    Settlement,
    Unauthorised,
    Unavailable,
    Uncertain,
)
from pipeline.wording import counted

BASE = timedelta(seconds=30)  # the first wait of a retry …
CAP = timedelta(hours=1)  # … doubles up to this,
GIVE_UP = timedelta(hours=24)  # and ends here: after a day it is no news (reliability: max age)
# Longer than a slow server needs to store what it took: Mastodon wrote its key late (mastodon#21840).
DOUBT = timedelta(seconds=15)
LAPSES = 3  # workers lost over a delivery before anything left: then it is its own fault, for that takes a moment
# Workers lost while a platform was waited for: seconds, in which whatever kills workers meets somebody. Being there
# says little of a delivery, so it is tried longer, at growing distances, each time alone, and where the platform can be
# asked it is asked before anything is sent.
LOSSES = 10


def settle(
    lease: Lease,
    outcome: Outcome,
    can: Capabilities,
    now: datetime,
    jitter: float = 0.5,
    refused_since: datetime | None = None,
) -> Settlement:
    """The settlement of an attempt; `jitter` in 0…1 spreads the retries.

    `refused_since`: when the platform first put it off; without it the delivery's own age counts.
    """
    match outcome:
        case Receipt():
            degraded = f"; without {', '.join(outcome.degraded)}" if outcome.degraded else ""
            return Settlement(DeliveryState.DELIVERED, f"posted{degraded}", receipt=outcome)
        case Rejected():
            return Settlement(DeliveryState.DEAD, outcome.reason, failure=outcome.name)
        case Unauthorised():
            return _open(lease, now, outcome.reason, outcome.name, pauses=outcome.reason)
        case Unavailable():
            return _later(lease, outcome, now, jitter, refused_since or lease.delivery.created_at)
        case Uncertain(for_a_person=True):
            return for_a_person(outcome.reason)
        case Uncertain():
            return doubt(lease, can, now, outcome.reason)
        case _:
            return doubt(lease, can, now, outcome.reason)


def backoff(failures: int, jitter: float) -> timedelta:
    """How long to wait after so many refusals: exponential, half of it by chance."""
    whole = min(CAP, BASE * float(2 ** min(failures, 12)))
    return whole * (0.5 + jitter / 2)


def _later(lease: Lease, refusal: Unavailable, now: datetime, jitter: float, since: datetime) -> Settlement:
    delivery = lease.delivery
    if now - since > GIVE_UP and not lease.uncertain_before:
        reason = f"given up after {counted(delivery.attempt, 'attempt')} in a day; the last: {refusal.reason}"
        return Settlement(DeliveryState.DEAD, reason, failure=refusal.name)
    due = now + max(refusal.retry_after or timedelta(0), backoff(delivery.failures, jitter))
    if refusal.retry_after is not None:
        due = now + refusal.retry_after
    waits = due if refusal.channel_wide else None
    return _open(lease, due, refusal.reason, refusal.name, counts=True, waits=waits)


def _open(
    lease: Lease,
    due: datetime,
    reason: str,
    failure: str,
    *,
    counts: bool = False,
    waits: datetime | None = None,
    pauses: str | None = None,
) -> Settlement:
    # Refused now says nothing about an earlier attempt that may have arrived.
    state = DeliveryState.UNCERTAIN if lease.uncertain_before else DeliveryState.PENDING
    return Settlement(
        state, reason, due_at=due, failure=failure, counts=counts, channel_waits_until=waits, channel_pauses=pauses
    )


def doubt(lease: Lease, can: Capabilities, now: datetime, reason: str) -> Settlement:
    """It may have arrived: resolved by the machine where the kind can, else held for a person."""
    since = lease.delivery.intent_at or now
    return in_doubt(can, since, now, reason, lease.delivery.failures)


def in_doubt(can: Capabilities, since: datetime, now: datetime, reason: str, failures: int) -> Settlement:
    """The settlement of something that left at `since` and was not answered."""
    wait = min(CAP, DOUBT * float(2 ** min(failures, 10)))
    if can.lookup or replays(can, since, now + wait):
        return Settlement(DeliveryState.UNCERTAIN, reason, due_at=now + wait, failure=Uncertain.name, counts=True)
    return for_a_person(reason)


def for_a_person(reason: str) -> Settlement:
    """A doubt that the machine cannot resolve: without a time at which it is taken up again."""
    return Settlement(
        DeliveryState.UNCERTAIN,
        f"{reason}; look at the account and say whether it is there",
        failure=Uncertain.name,
        counts=True,
    )


def replays(can: Capabilities, since: datetime, at: datetime) -> bool:
    """Whether the same key sent again at `at` still means the same post."""
    return can.replays is not None and at - since < can.replays


def taken_over(
    intent_at: datetime | None, lapses: int, can: Capabilities | None, leased_until: datetime, now: datetime
) -> Settlement | None:
    """What becomes at once of a delivery whose worker died, before its lease ends; None: it waits for that end.

    What had not left is anybody's now. What may have left is looked up or repeated no sooner than it would have been,
    for the worker may only be cut off from the store; but its mailbox goes on. What a person must settle waits.
    """
    to = lapse(intent_at, lapses, can, now if intent_at is None else leased_until)
    return to if intent_at is None or to.due_at is not None else None


def lapse(intent_at: datetime | None, lapses: int, can: Capabilities | None, now: datetime) -> Settlement:
    """What becomes of a delivery whose worker was lost: nothing had left, or it may have."""
    if lapses + 1 >= (LAPSES if intent_at is None else LOSSES):
        state = DeliveryState.DEAD if intent_at is None else DeliveryState.UNCERTAIN
        return Settlement(state, f"its worker was lost {lapses + 1} times while sending it", failure=Uncertain.name)
    if intent_at is None:
        return Settlement(DeliveryState.PENDING, "its worker was lost before anything left", due_at=now)
    reason = "its worker was lost after the post may have left"
    if can is None:
        return Settlement(DeliveryState.UNCERTAIN, reason, failure=Uncertain.name)
    if lapses == 0:
        return in_doubt(can, intent_at, max(now - DOUBT, intent_at), reason, 0)
    return in_doubt(can, intent_at, now, reason, min(lapses, 2))
