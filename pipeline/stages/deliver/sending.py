"""Carrying leased deliveries to their platform. What comes back is a value, whatever was raised."""

import random
import re
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from pipeline import form, postings
from pipeline.lookback import MARGIN as CLOCKS
from pipeline.model import (
    Action,
    Delivery,
    DeliveryError,
    Lease,
    Outcome,
    Post,
    Receipt,
    Rejected,
    Sending,
    Settlement,
    StoreError,
    Unauthorised,
    Unavailable,
    Uncertain,
)
from pipeline.settle import GIVE_UP, replays, settle
from pipeline.stages import follow
from pipeline.stages.deliver.breaker import watched
from pipeline.stages.deliver.mailbox import Mailbox, Ready, prepared, written
from pipeline.store import deliveries, history

log = structlog.get_logger()

# What servers say of a token that is void, and of a text that is too long.
CREDENTIALS = re.compile(r"(?i)token|bearer|credential|unauthori|authenticat|api.?key|log ?in|signed in|session")
LENGTH = re.compile(r"(?i)too long|length|characters?\b|exceed|shorter")
NOTHING = timedelta(0)
STORED_BY = timedelta(seconds=40)  # after it left; longer than we wait for an answer
STILL = timedelta(hours=1)  # so long what an article's page said holds
MARGIN = timedelta(seconds=50)  # what must be left of a lease before another send begins


@dataclass(frozen=True, slots=True)
class Done:
    """A lease and what became of it; without an outcome it was not tried and is given back."""

    lease: Lease
    started: datetime
    ended: datetime
    outcome: Outcome | None = None
    to: Settlement | None = None


def carry_all(box: Mailbox, ready: list[Ready]) -> list[Done]:
    """Carry each, in order. A refusal of the whole channel, a lease near its end or a stop gives the rest back."""
    done: list[Done] = []
    stop = False
    for one in ready:
        now = box.world.now()
        if stop or box.world.stopping() or one.lease.until - now < MARGIN:
            done.append(Done(one.lease, now, now))
            continue
        done.append(_watched(box, _carry(box, one, now), done))
        to = done[-1].to
        stop = to is not None and bool(to.channel_waits_until or to.channel_pauses)
    return done


def _carry(box: Mailbox, one: Ready, started: datetime) -> Done:
    if one.post is None:
        one = prepared(box, one.lease, started)
        with box.world.store.begin() as tx:
            kept = deliveries.intend(tx, written([one]), started)
        if not kept:
            return Done(one.lease, started, started)
    outcome = one.post if isinstance(one.post, Rejected) else _attempt(box, one, started)
    ended = box.world.now()
    since = _refused_since(box, one.lease, started)
    return Done(one.lease, started, ended, outcome, settle(one.lease, outcome, box.can, ended, random.random(), since))


def _refused_since(box: Mailbox, lease: Lease, now: datetime) -> datetime | None:
    """When the platform first put an old one off: what it waited here, for room or a person, is no refusal."""
    if now - lease.delivery.created_at <= GIVE_UP:
        return None
    with suppress(StoreError), box.world.store.read() as tx:
        return history.refused_since(tx, lease.delivery.id) or now
    return now


def _watched(box: Mailbox, one: Done, before: list[Done]) -> Done:
    if not isinstance(one.outcome, Rejected) or one.to is None:
        return one
    with box.world.store.read() as tx:
        return replace(one, to=watched(tx, one.lease, one.outcome, one.to, [other.to for other in before]))


def _attempt(box: Mailbox, one: Ready, now: datetime) -> Outcome:
    """One try, and one more where its refusal can be mended: by a file with newer credentials, or by a shorter post."""
    outcome = _tried(box, one, now)
    if isinstance(outcome, Rejected) and outcome.status is not None:
        if CREDENTIALS.search(outcome.reason):
            outcome = _suspected(box, outcome, one.lease, now)
        elif LENGTH.search(outcome.reason):
            return _shorter(box, one, outcome, now)
    if isinstance(outcome, Unauthorised) and (fresh := box.renewed()) is not None:
        return _tried(fresh, one, now)
    return outcome


def _suspected(box: Mailbox, refusal: Rejected, lease: Lease, now: datetime) -> Outcome:
    """A refusal that speaks of credentials: some servers name a void token with a 400, so the credentials are asked."""
    try:
        box.carried(lambda: box.channel.check(box.sending(now, lease.until)), delivery=lease.delivery.id)
    except Unauthorised as error:
        return box.world.http.cleaned(error)
    except Rejected as error:
        void = CREDENTIALS.search(error.reason)
        return Unauthorised(refusal.reason, status=refusal.status) if void else refusal
    except DeliveryError as error:
        words = f"{refusal.reason}; whether the credentials are good is not known: {error.reason}"
        return box.world.http.cleaned(Unavailable(words, status=refusal.status))
    return refusal


def _shorter(box: Mailbox, one: Ready, refusal: Rejected, now: datetime) -> Outcome:
    """Too long, although it fits by what the instance says of links: once more, fitted by their full length."""
    lease, post = one.lease, one.post
    assert isinstance(post, Post)
    shorter = None if lease.delivery.action == Action.DELETE else box.refitted(lease, post, now)
    if shorter is None or _begun(box, lease):
        return refusal
    lease = replace(lease, delivery=replace(lease.delivery, post=shorter))
    with box.world.store.begin() as tx:
        if not deliveries.intend(tx, [(lease, shorter)], now):
            return refusal
    outcome = _tried(box, Ready(lease, shorter), now)
    if isinstance(outcome, Receipt):
        box.counts_in_full()
    return outcome


def _begun(box: Mailbox, lease: Lease) -> bool:
    """Whether parts of a thread are there already."""
    with box.world.store.read() as tx:
        return bool(deliveries.progress_of(tx, lease.delivery.id))


def _tried(box: Mailbox, one: Ready, now: datetime) -> Outcome:
    """One try; what came of it as a value, whatever was raised."""
    post = one.post
    assert isinstance(post, Post)
    lease = one.lease
    try:
        return box.carried(
            lambda: _resolve(box, lease, post, now) if lease.uncertain_before else _act(box, one, now),
            delivery=lease.delivery.id,
        )
    except DeliveryError as error:
        return box.world.http.cleaned(error)


def _act(box: Mailbox, one: Ready, now: datetime) -> Outcome:
    to = _sending(box, one.lease, now)
    if one.lease.delivery.action == Action.DELETE:
        _ask_again(box, one.lease, now)
        box.channel.delete(to)
        return Receipt(one.lease.delivery.remote_id or "", None)
    act = box.channel.edit if one.lease.delivery.action == Action.EDIT else box.channel.send
    receipt: Receipt = act(one.post, to)
    return sound(receipt) or Uncertain("the platform said yes but gave no id")  # F51


def sound(receipt: Receipt) -> Receipt | None:
    """The receipt as it can be kept and shown; None without an id."""
    try:
        ident = form.ident(receipt.remote_id)
    except form.Misread:
        return None
    return replace(receipt, remote_id=ident, url=form.address(receipt.url))


def _ask_again(box: Mailbox, lease: Lease, now: datetime) -> None:
    """A delete that waited long (for a paused channel, say) asks the page once more whether the article is gone.

    One that a person ordered or let go is from now. Once it has begun, it is finished.
    """
    one = lease.delivery
    if now - one.created_at < STILL or lease.uncertain_before or one.parts:
        return
    said = follow.page_says(box.world, lease.article)
    if said.gone:
        return
    reason = f"its article was gone when this was ordered, but now {said.words}: the post stays"
    raise Unavailable(reason, retry_after=STILL, channel_wide=False)


def _resolve(box: Mailbox, lease: Lease, post: Post, now: datetime) -> Outcome:
    """It may be there: look first where the platform lets us, then send the same key, else leave it to a person."""
    one = Ready(lease, post)
    if lease.delivery.action != Action.POST:
        return _again(box, one, now)
    if box.can.lookup:
        return _look_up(box, one, post, now) or _patience(lease, now) or _act(box, one, now)
    if _safe_again(box, lease, now):
        return _act(box, one, now)
    return Uncertain("the time in which the same key is safe has passed")


def _again(box: Mailbox, one: Ready, now: datetime) -> Outcome:
    """An edit or a delete twice is the same as once; but an edit may add parts to a thread: those are looked for."""
    adds = one.lease.delivery.action == Action.EDIT and box.can.thread
    return (_patience(one.lease, now) if adds else None) or _act(box, one, now)


def _patience(lease: Lease, now: datetime) -> Unavailable | None:
    """A server that is slow stores late, its key too (F53): what is not there is believed when it had its time."""
    left = STORED_BY - (now - (lease.delivery.intent_at or now))
    if left <= NOTHING:
        return None
    return Unavailable("not there yet; a slow server may still be at it", retry_after=left, channel_wide=False)


def _look_up(box: Mailbox, one: Ready, post: Post, now: datetime) -> Receipt | None:
    """The post, if it is there; None if it is not, or if the same key is safe whether it is there or not."""
    try:
        found: Receipt | None = box.channel.look_up(post, _sending(box, one.lease, now))
    except Rejected as refusal:  # it is the question that was refused: nothing is known of the post
        raise Uncertain(f"the platform would not be asked: {refusal.reason}", for_a_person=True) from None
    except Uncertain as error:
        if not error.for_a_person or not _safe_again(box, one.lease, now):
            raise
        return None
    return None if found is None else sound(found)


def _safe_again(box: Mailbox, lease: Lease, now: datetime) -> bool:
    return replays(box.can, lease.delivery.intent_at or now, now)


def _sending(box: Mailbox, lease: Lease, now: datetime) -> Sending:
    delivery = lease.delivery
    return box.sending(
        now,
        lease.until,
        key=delivery.key,
        attempt=delivery.attempt,
        delivery=str(delivery.id),
        remote_id=delivery.remote_id,
        article=delivery.article,
        link=lease.article.link,
        **_before(box, lease),
        progress=_Progress(box, lease) if box.can.thread else {},
        since=delivery.intent_at if lease.uncertain_before else None,
        taken=lambda remote_id: _taken(box, delivery, remote_id),
    )


def _before(box: Mailbox, lease: Lease) -> dict[str, Any]:
    """Of the post to edit or delete: the receipts of all its parts, and the key under which it was sent."""
    one = lease.delivery
    if one.action == Action.POST:
        return {}
    with box.world.store.read() as tx:
        mine = postings.by_channel(deliveries.of_article(tx, lease.article.seq))[one.channel]
    made = postings.of_delivery(one, mine)
    return {"parts": made.parts, "first": made.post.key}


def _taken(box: Mailbox, delivery: Delivery, remote_id: str) -> bool:
    """Whether that post is another delivery's: an earlier one of the same article, say."""
    with box.world.store.read() as tx:
        return deliveries.is_receipt(tx, box.name, remote_id, _earliest(delivery), but=delivery.id)


def _earliest(delivery: Delivery) -> datetime:
    """From when on a receipt can be of a post that could be taken for this one."""
    made = delivery.post.created if delivery.post else delivery.created_at
    return made - 2 * CLOCKS


class _Progress(dict[str, Any]):
    """How far a thread has come: each part is committed when it is there (F58)."""

    def __init__(self, box: Mailbox, lease: Lease) -> None:
        self._store = box.world.store
        self._lease = lease
        with self._store.read() as tx:
            super().__init__(deliveries.progress_of(tx, lease.delivery.id))

    def __setitem__(self, name: str, value: Any) -> None:
        super().__setitem__(name, value)
        with self._store.begin() as tx:
            deliveries.progress(tx, self._lease, dict(self))
