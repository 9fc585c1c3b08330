"""Each worker process says every two seconds that it is alive; a sweep takes over what a silent one held.

Leases end by themselves, but late: they are as long as a fetch or a delivery may take. A process that was killed is
known to be gone within seconds, and what it held without effect (polls, teasers, batches, deliveries that had not left)
goes on at once. The runtime in one process needs none of this: what the process before it held is freed at its start.
"""

import threading
from datetime import datetime, timedelta

import structlog

from pipeline import stages
from pipeline.model import StoreError
from pipeline.store import processes
from pipeline.world import World

log = structlog.get_logger()

EVERY = 2.0
DEAD = timedelta(seconds=6)  # three beats missed
BLIND = timedelta(seconds=3)  # between two looks: a longer gap means that the store, or the sweep, was away


class Heartbeat:
    """This process is alive: says so at once, then in a thread until it is stopped."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._stop = threading.Event()

    def start(self) -> None:
        """Begin."""
        threading.Thread(target=self._run, name="heartbeat", daemon=True).start()

    def stop(self) -> None:
        """The process ends in order: what it still holds may be taken over."""
        self._stop.set()

    def _run(self) -> None:
        while True:
            try:
                self._beat()
            except StoreError:
                pass  # whoever needs the store says that it is away
            except Exception:
                log.exception("heartbeat_failed")
            if self._stop.wait(EVERY):
                return

    def _beat(self) -> None:
        with self._world.store.begin(durable=False) as tx:
            processes.alive(tx, self._world.process, self._world.now())


class Takeover:
    """Looks for silent processes. While the store is away nobody can say anything: silence counts from its return."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._last: datetime | None = None
        self._since = world.now()

    def look(self) -> int:
        """Take over what silent processes held; gives how many rows."""
        now = self._world.now()
        if self._last is None or now - self._last > BLIND:
            self._since = now
        self._last = now
        return stages.take_over(self._world, now - DEAD) if now - self._since >= DEAD else 0
