"""A worker that hangs ends itself, so that whoever supervises it starts another.

A worker may be connected, answer, and take no messages: after a reconnect that went wrong (celery#8030, #8091, #8990,
#10205, #10302). Only a message shows it. A worker that has heard nothing for a minute sends one to itself, over a queue
of its own; when three of them went out and none came in, the worker is deaf.
"""

import os
import threading
from collections.abc import Callable
from time import monotonic, time
from typing import Any

import structlog
from celery import signals
from celery.worker import state as celery_state
from kombu.entity import Exchange, Queue

from workers import alone, mended
from workers.app import app, config, task_name

log = structlog.get_logger()

SILENT = 60.0  # seconds after which a worker speaks to itself
LATE = 180.0  # seconds of silence, in spite of that, after which it is deaf
STUCK = 420.0  # seconds for a task that has long passed its hard limit: the pool does not end it
EVERY = 5.0  # seconds between looks
GRACE = 40.0  # seconds for an orderly end before a hard one
FAILURE = 1


class Watchdog:
    """Decides whether its worker is deaf. `speak` sends it a message and raises when the broker is away."""

    def __init__(
        self,
        speak: Callable[[], object],
        *,
        silent: float = SILENT,
        late: float = LATE,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._speak = speak
        self._clock = clock
        self._silent = silent
        self._late = late
        self._heard = self._spoke = clock()
        self._unanswered = 0
        self._since = 0.0

    def heard(self, **_: Any) -> None:
        """A message came in."""
        self._heard = self._clock()
        self._unanswered = 0

    def look(self) -> str | None:
        """Speak when it is time; what is wrong, if anything."""
        now = self._clock()
        if now - self._heard < self._silent:
            return None
        if self._unanswered and now - self._since > self._late:
            return f"it has taken no message for {now - self._heard:.0f} s, although {self._unanswered} were sent to it"
        if now - self._spoke >= self._silent:
            self._spoke = now
            self._try()
        return None

    def _try(self) -> None:
        try:
            self._speak()
        except Exception:  # the broker is away: that is no deafness, and the hints have said so
            self._unanswered = 0
            return
        if self._unanswered == 0:
            self._since = self._clock()
        self._unanswered += 1


def stuck(requests: Any, now: float) -> str | None:
    """A task that should have been ended by its time limit long ago."""
    for request in list(requests):
        began = getattr(request, "time_start", None)
        if began and now - began > STUCK:
            return f"{request.name} has run for {now - began:.0f} s and cannot be ended"
    return None


def end(reason: str) -> None:
    """End this worker, orderly if it still can, with an exit code that says that something was wrong."""
    log.critical("worker_stalled", reason=reason)
    celery_state.should_stop = FAILURE
    timer = threading.Timer(GRACE, os._exit, (FAILURE,))
    timer.daemon = True
    timer.start()


# --- in a worker of its own; `standfirst run` is watched by its main thread ------------------------------------------


def own_queue(hostname: str) -> str:
    """The queue over which a worker speaks to itself."""
    return f"pulse.{hostname}"


@signals.celeryd_after_setup.connect(weak=False)
def _listen(sender: str, **_: Any) -> None:
    try:
        alone.share(config().settings.store)
    except alone.Occupied as error:
        log.critical("store_occupied", reason=str(error))
        raise SystemExit(FAILURE) from None
    mended.broker(str(app.conf.broker_url))
    make: Any = Queue
    exchange: Any = Exchange
    name = own_queue(sender)
    # RabbitMQ removes it ten minutes after the worker; on Redis an empty list is no list.
    queue = make(name, exchange(""), routing_key=name, expires=600.0)
    app.amqp.queues.select_add(queue)


@signals.worker_ready.connect(weak=False)
def _watch(sender: Any = None, **_: Any) -> None:
    queue = own_queue(sender.hostname)
    dog = Watchdog(lambda: app.send_task(task_name("pulse"), args=[queue], queue=queue, ignore_result=True))
    signals.task_received.connect(dog.heard, weak=False)
    threading.Thread(target=_patrol, args=(dog,), name="watchdog", daemon=True).start()


def _patrol(dog: Watchdog) -> None:
    wait = threading.Event()
    while not wait.wait(EVERY):
        trouble = dog.look() or stuck(celery_state.active_requests, time())
        if trouble:
            end(trouble)
            return
