"""`standfirst run`: worker threads, sweep and console in one process over `memory://`; nothing to install.

The same application and tasks as in a newsroom. What is not sent when the process ends stays as rows.
"""

import dataclasses
import logging
import os
import signal
import threading
from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import Any

import structlog
from celery import signals
from celery.worker import state as celery_state

from pipeline import stages
from pipeline.bounded import IDLE
from pipeline.config import Config
from pipeline.world import World
from workers import tasks
from workers.alone import Alone
from workers.app import EMBEDDED, QUEUES, app, task_name, use
from workers.beat import HANGS, LATE, Chore, Sweep
from workers.hints import Broker, Outstanding

log = structlog.get_logger()

THREADS = 8
ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
WARM = IDLE / 2  # seconds between two looks after the warm parser
GRACE = 40.0  # a request has a deadline of 30 s: what is being sent has ended by then


def run(config: Config, *, seconds: float | None = None, ready: Callable[[str], None] | None = None) -> int:
    """Run everything until told to stop, or for so many seconds; the exit code. `ready` gets the console's entrance."""
    stop = threading.Event()
    with Signals(stop):
        embedded = Embedded(config)
        embedded.start()
        try:
            if ready:
                ready(embedded.entrance)
            code = embedded.watch(stop, seconds)
        finally:
            finished = embedded.stop()
        if not finished:
            log.error("stop_forced", reason=f"something was still being sent after {GRACE:.0f} s; its row tells what")
            os._exit(1)
    return code


class Signals:
    """SIGTERM, SIGINT and SIGHUP set the event; a second one ends the process at once. `nohup` keeps SIGHUP away."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._before: dict[int, Any] = {}

    def __enter__(self) -> "Signals":
        if threading.current_thread() is threading.main_thread():
            detached = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
            heard = [number for number in ENDING if not (number == signal.SIGHUP and detached)]
            self._before = {number: signal.signal(number, self._told) for number in heard}
        return self

    def __exit__(self, *_: object) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)

    def _told(self, number: int, _frame: object) -> None:
        if self._stop.is_set():
            os._exit(128 + number)
        self._stop.set()


class Embedded:
    """Everything in one process. Start it, watch over it, stop it."""

    def __init__(self, config: Config) -> None:
        settings = dataclasses.replace(config.settings, broker=EMBEDDED)
        self.config = dataclasses.replace(config, settings=settings)
        self.address = ""
        self.entrance = ""  # the console's address that logs in: for the terminal, not for a log
        self._alone = Alone(settings.store)
        self._worker = Worker(THREADS)
        self._world: World | None = None
        self._sweep: Sweep | None = None
        self._console: Any = None
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Ready when it returns. Raises an Error of one sentence when it cannot be."""
        self._alone.take()
        try:
            self._open()
        except BaseException:
            self._close()
            raise
        log.info("started", console=self.address, store=self.config.settings.store.split(":", 1)[0])

    def _open(self) -> None:
        from pipeline.stages.sweep import reboot
        from workers.console.server import Console

        use(self.config)
        tasks.stopping.clear()
        outstanding = Outstanding(Broker(tasks.publish), partial(stages.hands, self.config))
        tasks.hints = outstanding
        self._world = World.open(self.config, tasks.hint, tasks.stopping.is_set)
        tasks.here.give(self._world)
        if self.config.settings.store.startswith("sqlite"):
            reboot(self._world)  # the lock says that nobody else is at work on it
        self._console = Console(self.config, self._world)
        self._console.start()
        self.address, self.entrance = self._console.address, self._console.entrance
        self._worker.start()
        # A parser's start takes half a second: one is always at hand for the article that a desk waits for.
        warm = Chore(WARM, self._world.bounded.warm, first=0.0, aside=True)
        self._sweep = Sweep(self._world, outstanding, also=[warm])
        self._threads = [threading.Thread(target=self._sweep.run, name="sweep", daemon=True)]
        for thread in self._threads:
            thread.start()

    def watch(self, stop: threading.Event, seconds: float | None) -> int:
        """Wait for the end: 0 when asked to stop or when the time is over, 1 when something in here hangs."""
        ends = None if seconds is None else monotonic() + seconds
        while not stop.wait(_pause(ends)):
            trouble = self.trouble()
            if trouble:
                log.critical("runtime_stalled", reason=trouble)
                return 1
            if ends is not None and monotonic() >= ends:
                return 0
        log.info("stopping", reason="asked to: what is being sent is finished, the rest stays")
        return 0

    def trouble(self) -> str | None:
        """What in here no longer works, in words."""
        if not self._worker.alive:
            return "the worker ended"
        if self._worker.silent_for() > LATE.total_seconds():
            return "the worker takes no more messages"
        if self._sweep is None or not self._threads[0].is_alive():
            return "the sweep ended"
        if monotonic() - self._sweep.beat > HANGS:
            return "the sweep hangs"
        return None

    def stop(self, grace: float = GRACE) -> bool:
        """Take nothing more, finish what is being sent, let go of everything; whether all had ended in time."""
        until = monotonic() + grace
        tasks.stopping.set()
        if self._sweep is not None:
            self._sweep.stop()
        finished = self._worker.stop(until)
        for thread in self._threads:
            thread.join(max(0.1, until - monotonic()))
            finished = finished and not thread.is_alive()
        if finished:
            self._close()
        log.info("stopped")
        return finished

    def _close(self) -> None:
        if self._console is not None:
            self._console.stop()
        tasks.here.give(None)
        if self._world is not None:
            self._world.close()
        self._alone.release()


class Worker:
    """Celery's own worker in a thread: a pool of threads, every message handed to it at once."""

    def __init__(self, threads: int) -> None:
        self._size = threads
        self._thread: threading.Thread | None = None
        self._ready = threading.Event()
        self._heard = monotonic()

    @property
    def alive(self) -> bool:
        """Whether its thread runs."""
        return self._thread is not None and self._thread.is_alive()

    def silent_for(self) -> float:
        """Seconds since it last took a message. A pulse comes every minute."""
        return monotonic() - self._heard

    def start(self) -> None:
        """It takes messages when this returns."""
        celery_state.should_stop = None
        signals.task_received.connect(self._hear, weak=False)
        self._thread = threading.Thread(target=self._run, name="worker", daemon=True)
        self._thread.start()
        self._ready.wait(20.0)

    def _run(self) -> None:
        logging.getLogger("celery.worker.consumer.connection").setLevel(logging.WARNING)  # memory:// is always there
        controller = app.WorkController(
            app=app,
            hostname="embedded@localhost",
            pool_cls="threads",
            concurrency=self._size,
            # 0: no limit. With 1 a threads pool takes one batch a polling interval: 77 tasks a second instead of 2,000.
            prefetch_multiplier=0,
            queues=list(QUEUES),
            max_tasks_per_child=None,
            max_memory_per_child=None,
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
            ready_callback=self._say_ready,
        )
        controller.start()

    def _hear(self, **_: Any) -> None:
        self._heard = monotonic()

    def _say_ready(self, *_: Any) -> None:
        self._ready.set()

    def stop(self, until: float) -> bool:
        """Finish what is running; whether it had ended in time."""
        if self._thread is None:
            return True
        celery_state.should_stop = 0
        # Its loop looks at that after the next message, or after two seconds; and once more for good measure.
        for _ in range(2):
            app.send_task(task_name("pulse"), args=[QUEUES[0]], queue=QUEUES[0], ignore_result=True)
        self._thread.join(max(0.1, until - monotonic()))
        signals.task_received.disconnect(self._hear)
        return not self._thread.is_alive()


def _pause(ends: float | None) -> float:
    return 1.0 if ends is None else max(0.05, min(1.0, ends - monotonic()))
