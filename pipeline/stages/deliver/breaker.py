"""A wrong address refuses every post alike: after a few in a row the channel waits for a person, with its queue."""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.model import DeliveryState, Lease, Outcome, Rejected, Settlement
from pipeline.store import Tx, deliveries

IN_A_ROW = 5  # articles refused with the same words: it is hardly the articles


def watched(tx: Tx, lease: Lease, outcome: Outcome, to: Settlement, others: Sequence[Settlement | None]) -> Settlement:
    """The settlement, with the channel paused when the platform refused it and those before with the same words.

    `others` are the settlements of the same batch, which are not written down yet.
    """
    if not isinstance(outcome, Rejected) or outcome.status is None or to.state != DeliveryState.DEAD:
        return to
    recent = [(one.state, one.reason) for one in reversed(others) if one is not None]
    missing = IN_A_ROW - 1 - len(recent)
    if missing > 0:
        recent += deliveries.last_settled(tx, lease.delivery.channel, missing, but=lease.delivery.id)
    alike = [one for one in recent[: IN_A_ROW - 1] if one == (to.state, to.reason)]
    return replace(to, channel_pauses=_words(to.reason)) if len(alike) == IN_A_ROW - 1 else to


def _words(reason: str) -> str:
    return (
        f"{IN_A_ROW} articles in a row were refused with the same words: {reason}; look at the channel's settings, "
        f"resume it and retry what was refused"
    )
