"""The sweep: each second, due rows become messages. Any number may run; none of them knows anything the store does not.

It also sends a pulse through each queue once a minute, settles what lost workers left, looks for what an operator
should know, and prunes.
"""

import threading
from collections.abc import Callable, Iterable
from datetime import timedelta
from time import monotonic

import structlog

from pipeline import stages
from pipeline.model import StoreError
from pipeline.store import pulses
from pipeline.world import World
from workers.alerts import Watch
from workers.alone import share
from workers.app import QUEUES, app, task_name
from workers.heartbeat import Takeover
from workers.hints import Outstanding, Sent

log = structlog.get_logger()

EVERY = 1.0
LIMIT = 500  # hints a sweep: what is due beyond them is due a second later
PULSE = timedelta(seconds=60)
LATE = timedelta(minutes=3)  # a queue whose pulse nobody took for so long is stalled
HANGS = 120.0  # seconds without a full round after which a sweep has stopped being one
STOPPING = 20.0
REST = 5.0  # seconds between sweeps while the store is away
PRUNE = 3600.0
ALERTS = 60.0  # seconds between looks for what a person should know
RECOVER = 5.0  # seconds between looks for workers that were lost with a delivery


class Sweep:
    """One sweep loop. `beat` is the moment of its last full round, for whoever watches over it."""

    def __init__(
        self, world: World, hints: Sent | Outstanding, *, every: float = EVERY, also: "Iterable[Chore]" = ()
    ) -> None:
        self.world = world
        self.hints = hints
        self.beat = monotonic()
        self._every = every
        self._stop = threading.Event()
        self._store_away = False
        self._chores = [
            Chore(PULSE.total_seconds() / 2, self.pulse, first=0.0),
            Chore(RECOVER, lambda: stages.recover(world), first=0.0),
            Chore(0.0, Takeover(world).look, first=0.0),
            Chore(ALERTS, Watch(world).look, first=ALERTS / 4, aside=True),
            Chore(PRUNE, lambda: stages.prune(world), first=PRUNE / 12, aside=True),
            *also,
        ]

    def run(self) -> None:
        """Sweep until told to stop."""
        while not self._stop.is_set():
            began = monotonic()
            pause = self._every if self.once() else REST
            self._stop.wait(max(0.0, pause - (monotonic() - began)))

    def stop(self) -> None:
        """End after the present round."""
        self._stop.set()

    def once(self) -> bool:
        """One round; whether the store answered."""
        try:
            self.hints.offer(stages.due(self.world, LIMIT), monotonic())
            for chore in self._chores:
                chore.when_due(monotonic())
        except StoreError as error:
            self._lost(error)
            return False
        except Exception:  # a sweep that ends would stop everything: say so and go on
            log.exception("sweep_failed")
        self._found()
        self.beat = monotonic()
        return True

    def pulse(self) -> None:
        """Send each queue's pulse, unless another sweep has."""
        now = self.world.now()
        with self.world.store.begin() as tx:
            mine = [queue for queue in QUEUES if pulses.claim(tx, queue, now, now - PULSE * 0.9)]
        for queue in mine:
            try:
                app.send_task(task_name("pulse"), args=[queue], queue=queue, ignore_result=True)
            except Exception:
                return  # the broker is away: the hints say so

    def _lost(self, error: StoreError) -> None:
        self.beat = monotonic()  # the sweep is alive; the store is not
        if not self._store_away:
            self._store_away = True
            log.error("store_unreachable", reason=str(error))

    def _found(self) -> None:
        if self._store_away:
            self._store_away = False
            log.info("store_reachable")


def run(world: World, hints: Sent | Outstanding, stop: threading.Event) -> int:
    """Sweep until told to stop; the exit code: 1 when the sweep hangs, so that whoever supervises starts another."""
    share(world.config.settings.store)
    sweep = Sweep(world, hints)
    thread = threading.Thread(target=sweep.run, name="sweep", daemon=True)
    thread.start()
    log.info("started", store=world.config.settings.store.split(":", 1)[0])
    while not stop.wait(1.0):
        if not thread.is_alive() or monotonic() - sweep.beat > HANGS:
            log.critical("runtime_stalled", reason="the sweep hangs")
            return 1
    sweep.stop()
    thread.join(STOPPING)
    log.info("stopped")
    return 0


class Chore:
    """Something the sweep does now and then; `aside` in a thread of its own, so that hints never wait for it."""

    def __init__(self, every: float, work: Callable[[], object], *, first: float, aside: bool = False) -> None:
        self._every = every
        self._work = work
        self._next = monotonic() + first
        self._aside = aside
        self._thread: threading.Thread | None = None

    def when_due(self, now: float) -> None:
        """Do it when its time has come."""
        if now < self._next:
            return
        self._next = now + self._every
        if not self._aside:
            self._work()
        elif self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._quietly, name="chore", daemon=True)
            self._thread.start()

    def _quietly(self) -> None:
        try:
            self._work()
        except StoreError:
            return  # the sweep says that the store is away
        except Exception:
            log.exception("sweep_failed")
