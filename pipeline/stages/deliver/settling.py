"""Recording what became of leased deliveries, and leasing the next, in one transaction."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from time import sleep

import structlog

from pipeline.model import DeliveryState, Receipt, StoreError
from pipeline.stages.deliver.mailbox import Mailbox, Ready, lease
from pipeline.stages.deliver.sending import Done
from pipeline.store import Tx, deliveries, history
from pipeline.store import channels as rows

log = structlog.get_logger()

Settled = tuple[list[bool], list[Ready]]


def record(box: Mailbox, done: list[Done], *, more: bool) -> list[Ready]:
    """Settle every lease; with `more` gives the next ones."""
    kept, ready = _insist(box, lambda: _settle(box, done, more=more), until=min(one.lease.until for one in done))
    for one, was_kept in zip(done, kept, strict=True):
        _say(box, one, kept=was_kept)
    return ready


def _settle(box: Mailbox, done: list[Done], *, more: bool) -> Settled:
    now = box.world.now()
    with suppress(_Lost), box.world.store.begin() as tx:
        _settle_together(box, tx, done, now)
        return [True] * len(done), lease(box, tx, now) if more else []
    with box.world.store.begin() as tx:
        kept = [_settle_one(box, tx, one, now) for one in done]
        # A lost lease means that another worker has this mailbox now: leave it to that one.
        return kept, lease(box, tx, now) if more and all(kept) else []


class _Lost(Exception):
    """A lease was lost: nothing of the transaction is kept."""


def _settle_together(box: Mailbox, tx: Tx, done: list[Done], now: datetime) -> None:
    """The usual case in few round trips: the receipts together, the others one by one."""
    receipts = [one for one in done if isinstance(one.outcome, Receipt) and one.to is not None]
    together = [(one.lease, one.to, one.ended) for one in receipts if one.to is not None]
    if not deliveries.settle_delivered(tx, together):
        raise _Lost
    history.attempted(tx, [_attempt(one) for one in receipts])
    if receipts:
        rows.delivered(tx, box.name, now, box.spacing)
    if not all(_settle_one(box, tx, one, now) for one in done if one not in receipts):
        raise _Lost


def _attempt(one: Done) -> history.Attempt:
    what, to = one.outcome, one.to
    assert what is not None
    assert to is not None
    name, status = ("receipt", None) if isinstance(what, Receipt) else (what.name, what.status)
    ident = one.lease.delivery
    return history.Attempt(ident.id, ident.attempt, one.started, one.ended, name, to.reason, status)


def _settle_one(box: Mailbox, tx: Tx, one: Done, now: datetime) -> bool:
    if one.outcome is None or one.to is None:
        return deliveries.give_back(tx, one.lease, "waits with its channel")
    if not deliveries.settle(tx, one.lease, one.to, one.ended):
        return False
    to = one.to
    history.attempted(tx, [_attempt(one)])
    if to.state == DeliveryState.DELIVERED:
        rows.delivered(tx, box.name, now, box.spacing)
    if to.channel_waits_until:
        rows.refused(tx, box.name)
        rows.wait(tx, box.name, to.channel_waits_until, f"the platform asked to wait: {to.reason}")
    if to.channel_pauses:
        rows.pause(tx, box.name, to.channel_pauses, now)
    return True


def _insist(box: Mailbox, act: Callable[[], Settled], until: datetime) -> Settled:
    """Settle in spite of a store that is away: what was sent must be written down while the lease holds."""
    wait = 0.1
    while True:
        try:
            return act()
        except StoreError as error:
            if box.world.now() + timedelta(seconds=wait) >= until:
                raise
            log.warning("settle_waits", channel=box.name, reason=str(error))
            sleep(wait)
            wait = min(wait * 2, 5.0)


def _say(box: Mailbox, one: Done, *, kept: bool) -> None:
    delivery = one.lease.delivery
    facts = {"channel": box.name, "delivery": delivery.id, "article": delivery.article, "attempt": delivery.attempt}
    if one.to is None:
        log.info("delivery_given_back", **facts, reason="waits with its channel", trace=delivery.trace)
        return
    level = log.info if one.to.state == DeliveryState.DELIVERED else log.warning
    took = round((one.ended - one.started).total_seconds() * 1000)
    level(
        "delivery_settled",
        **facts,
        state=str(one.to.state),
        kept=kept,
        reason=one.to.reason,
        duration_ms=took,
        trace=delivery.trace,
    )
    if one.to.channel_pauses:
        log.error("channel_paused", channel=box.name, reason=one.to.channel_pauses)
