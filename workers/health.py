"""Whether the machinery runs: the store answers, sweeps are in time, each queue's pulse is taken.

Feeds and channels are the business of alerts.py.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.model import StoreError
from pipeline.store import pulses
from pipeline.store.pulses import Pulse
from pipeline.world import World
from workers import tasks

LATE = timedelta(minutes=3)  # three pulses missed


@dataclass(frozen=True, slots=True)
class Health:
    """What does not run, in sentences; nothing when all is well."""

    problems: tuple[str, ...] = ()
    pulses: tuple[Pulse, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether work goes on."""
        return not self.problems


def examine(world: World) -> Health:
    """Look at store, broker, sweep and queues."""
    try:
        now = world.now()
        with world.store.read() as tx:
            found = tuple(pulses.listing(tx))
    except StoreError as error:
        return Health((str(error),))
    problems = [*late_sweep(found, now), *stalled(found)]
    if tasks.hints.broker.away:
        problems.append("the broker does not answer: hints wait, nothing is lost")
    return Health(tuple(problems), found)


def late_sweep(found: tuple[Pulse, ...], now: datetime) -> list[str]:
    """No sweep has sent a pulse for three minutes."""
    sent = [pulse.sent_at for pulse in found if pulse.sent_at]
    if not sent or now - max(sent) <= LATE:
        return []
    return [f"no sweep has run since {max(sent):%H:%M} UTC: start `standfirst sweep`"]


def stalled(found: tuple[Pulse, ...]) -> list[str]:
    """Queues whose pulses nobody has taken for three minutes."""
    return [f"nobody works on the queue {pulse.queue}: start a worker for it" for pulse in found if is_stalled(pulse)]


def is_stalled(pulse: Pulse) -> bool:
    """Whether pulses were sent for three minutes and none was taken."""
    return bool(pulse.sent_at and (pulse.seen_at is None or pulse.sent_at - pulse.seen_at > LATE))
