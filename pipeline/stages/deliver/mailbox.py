"""A channel's mailbox: who it is, and how its next deliveries are leased and composed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, TypeVar

import structlog

from pipeline import channels as kinds
from pipeline import compose, departure
from pipeline.model import Action, Capabilities, Error, Lease, Post, Rejected, Sending, UsageError
from pipeline.settle import DOUBT, backoff
from pipeline.stages.deliver import ceiling, lanes
from pipeline.store import Tx, deliveries
from pipeline.store import channels as rows
from pipeline.store.vault import StoredVault
from pipeline.world import World

log = structlog.get_logger()
T = TypeVar("T")

LEASE = timedelta(seconds=120)  # longer than a delivery may take: its requests have deadlines
FIXED_SUM = "mastodon"  # the counting in which a link costs a fixed sum
QUIET = "these are its quiet hours (quiet)"
LIMITS_KEPT = timedelta(minutes=10)  # in a process: what an instance says of itself; the vault keeps it for a day


@dataclass(frozen=True)
class Mailbox:
    """A channel at work: its configuration, its class, and the world."""

    world: World
    name: str
    config: Any
    channel: Any
    can: Capabilities
    limits: Any = None

    @property
    def spacing(self) -> timedelta:
        """The least time between two posts."""
        return lanes.spacing(self.config, self.can)

    @property
    def lanes(self) -> int:
        """How many workers may send at once."""
        return lanes.lanes(self.config, self.can)

    @property
    def batch(self) -> int:
        """How many deliveries are leased at once."""
        return lanes.batch(self.config, self.can)

    @property
    def vault(self) -> StoredVault:
        """What the channel keeps between attempts."""
        return StoredVault(self.world.store, self.name, self.world.now, self.world.config.settings.key)

    @property
    def home(self) -> str:
        """The console's address, as far as the configuration tells."""
        settings = self.world.config.settings
        listens = "127.0.0.1:8080" if settings.console == "off" else settings.console
        return str(settings.public_url or f"http://{listens}").rstrip("/")

    def sending(self, now: datetime, until: datetime | None = None, **of_the_delivery: Any) -> Sending:
        """What the channel's class is given beside the post; after `until` nothing more leaves."""
        return Sending(
            **({"key": ""} | of_the_delivery),
            http=self.world.http if until is None else self._door(until),
            now=now,
            vault=self.vault,
            channel=self.name,
            bounded=self.world.bounded,
            home=self.home,
        )

    def carried(self, act: Callable[[], T], **facts: Any) -> T:
        """What `act` gives; a fault that nobody foresaw becomes one of the four failures, and is logged."""

        def faulty(where: str) -> None:
            log.error("channel_failed", channel=self.name, reason="its code did not foresee this", at=where, **facts)

        return departure.carried(act, doors=kinds.is_own(self.config.kind), told=faulty)

    def renewed(self) -> "Mailbox | None":
        """The channel with the secrets that stand in its files now; None where they are the ones it has."""
        renew(self.world, self.config)
        channel = kinds.build(self.config)
        return replace(self, channel=channel) if channel != self.channel else None

    def refitted(self, one: Lease, post: Post, now: datetime) -> Post | None:
        """The post by the full length of its links, where the instance says that they cost a fixed sum; or None."""
        said = self.limits or compose.Limits()
        if (said.counting or self.can.counting) != FIXED_SUM:
            return None
        full = replace(said, counting="characters", link=None)
        try:
            made = compose.compose(one.article, self.config, self.can, full, now)
        except Rejected:
            return None
        return replace(made, created=post.created) if (made.text, made.parts) != (post.text, post.parts) else None

    def counts_in_full(self) -> None:
        """Remember that the instance counts links in full, whatever it says."""
        known = _known_limits.get(self.channel, _Known())
        full = replace(known.limits or compose.Limits(), counting="characters", link=None)
        _known_limits[self.channel] = replace(known, limits=full)

    def _door(self, until: datetime) -> Any:
        """The door closes before the lease ends: a worker that was stopped past it wakes to find that it may not send.

        By as much as a slow server may need to store what it took: whoever has the next lease looks there at once.
        """
        began = monotonic()  # read first: if we are stopped between the two, the door closes earlier, never later
        return self.world.http.until(began + (until - DOUBT - self.world.now()).total_seconds())


@dataclass(frozen=True, slots=True)
class Ready:
    """A lease and its post, or why there is none."""

    lease: Lease
    post: Post | Rejected | None  # None: composed right before sending


def mailbox(world: World, name: str) -> Mailbox | None:
    """The channel's mailbox; None when it is not (or no longer) configured: its queue stays as rows."""
    config = world.config.channels.get(name)
    if config is None:
        log.warning("channel_unknown", channel=name, reason="not in the configuration; its queue is kept")
        return None
    renew(world, config)
    try:
        channel: Any = kinds.build(config)
    except UsageError as error:
        _cannot_be_built(world, name, str(error))
        return None
    box = Mailbox(world, name, config, channel, channel.CAN)
    return replace(box, limits=_limits(box))


def renew(world: World, config: Any) -> None:
    """Read a channel's secrets anew where they stand in files that were changed."""
    if fresh := config.renew():
        world.http.hide(fresh)
        log.info("secrets_renewed", channel=config.name, count=len(fresh))


def _cannot_be_built(world: World, name: str, reason: str) -> None:
    """Wrong settings are for a person: the channel pauses and keeps its queue."""
    with world.store.begin() as tx:
        rows.pause(tx, name, reason, world.now())
    log.error("channel_paused", channel=name, reason=reason)


@dataclass(frozen=True, slots=True)
class _Known:
    """What a process knows of an instance's limits, and when it asks again."""

    limits: Any = None
    again: datetime | None = None
    failures: int = 0


_known_limits: dict[Any, _Known] = {}  # by the channel with its settings: of others nothing is known


def _limits(box: Mailbox) -> Any:
    """What the instance publishes of itself; what its kind declares while it does not answer, or not to be read."""
    if not hasattr(box.channel, "limits"):
        return None
    now, known = box.world.now(), _known_limits.get(box.channel, _Known())
    if known.again is None or now >= known.again:
        known = _known_limits[box.channel] = _asked(box, known, now)
    return known.limits


def _asked(box: Mailbox, known: _Known, now: datetime) -> _Known:
    try:
        limits = box.carried(lambda: box.channel.limits(box.sending(now)))
    except Error as error:
        wait = backoff(known.failures, 1.0)
        log.warning("limits_unknown", channel=box.name, reason=str(error), again_in=int(wait.total_seconds()))
        return _Known(known.limits, now + wait, known.failures + 1)
    return _Known(limits, now + LIMITS_KEPT)


def resting(box: Mailbox) -> bool:
    """Whether these are the channel's quiet hours; then it waits until they end."""
    now = box.world.now()
    until = box.config.quiet.ends(now) if box.config.quiet else None
    if until is None:
        return False
    with box.world.store.begin() as tx:
        rows.wait(tx, box.name, until, QUIET)
    log.info("channel_rests", channel=box.name, until=until.isoformat(), reason=QUIET)
    return True


def first(box: Mailbox) -> list[Ready]:
    """Lease the first ones."""
    with box.world.store.begin() as tx:
        return lease(box, tx, box.world.now())


def lease(box: Mailbox, tx: Tx, now: datetime) -> list[Ready]:
    """Lease what is next; for a kind that resolves its doubts, with the intent."""
    most = min(box.batch, room(box, tx, now))
    process = box.world.process
    taken = deliveries.lease(tx, box.name, now, now + LEASE, by=process, limit=most, lanes=box.lanes)
    if not box.can.resolves:
        return [Ready(one, None) for one in taken]
    ready = [prepared(box, one, now) for one in taken]
    deliveries.intend(tx, written(ready), now)
    return ready


def room(box: Mailbox, tx: Tx, now: datetime) -> int:
    """How many posts the channel may take; at its ceiling those that are due are put off, edits and deletes are not."""
    limits = ceiling.ceilings(box.config, box.can)
    if not limits:
        return box.batch
    rows.lock(tx, box.name)
    times = deliveries.posted(tx, box.name, now, now - ceiling.DAY, max(limit.posts for limit in limits))
    left = ceiling.room(limits, times, now)
    if left.until is None:
        return left.posts
    if put_off := deliveries.put_off(tx, box.name, now, left.until, left.reason):
        log.info("channel_full", channel=box.name, count=put_off, until=left.until.isoformat(), reason=left.reason)
    return box.batch


def prepared(box: Mailbox, one: Lease, now: datetime) -> Ready:
    """The lease with its post, as it will be once the intent is written down."""
    post = compose_once(box, one, now)
    if isinstance(post, Rejected):
        return Ready(one, post)
    since = one.delivery.intent_at or now
    return Ready(replace(one, delivery=replace(one.delivery, post=post, intent_at=since)), post)


def written(ready: Sequence[Ready]) -> list[tuple[Lease, Post]]:
    """What is to be written down of them."""
    return [(one.lease, one.post) for one in ready if isinstance(one.post, Post)]


def compose_once(box: Mailbox, one: Lease, now: datetime) -> Post | Rejected:
    """The post that was written down before, if it may have left; else composed now, with the latest revision."""
    before = one.delivery.post
    if before is not None and (one.uncertain_before or one.delivery.intent_at or one.delivery.action == Action.DELETE):
        return before
    try:
        post = compose.compose(one.article, box.config, box.can, box.limits, now)
        # Ids that are made of it (a record key) stay the same on every attempt.
        return replace(post, created=before.created) if before is not None else post
    except Rejected as nothing_fits:
        return nothing_fits
    except Exception as error:  # a post that cannot be composed must not stop the mailbox
        log.exception("compose_failed", channel=box.name, delivery=one.delivery.id, article=one.article.id)
        return Rejected(f"it could not be composed ({type(error).__name__}); the log says more")
