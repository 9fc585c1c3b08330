"""One thin task a stage: an id in, one stage, nothing out. No retry, no countdown, no result: a retry is a row.

A message may come twice, late, from an older version or from a stranger: whatever is in it, the worker lives on.
"""

import mmap
import os
import threading
from collections.abc import Callable
from time import monotonic
from typing import Any

import structlog
from celery import signals
from structlog.contextvars import bound_contextvars

from pipeline import stages
from pipeline.model import Stage, StoreError
from pipeline.store import pulses
from pipeline.world import World
from workers import mended
from workers.app import QUEUES, app, config, task_name
from workers.heartbeat import Heartbeat
from workers.hints import Broker, Outstanding, Sent

log = structlog.get_logger()

LONGEST_IDENT = 200
NAMES = {Stage.POLL: "feed", Stage.TEASER: "article", Stage.DELIVER: "channel"}  # what a stage's ident is called


class Flag:
    """A yes or no that forked children see too: an anonymous page of memory, shared across the fork."""

    def __init__(self) -> None:
        self._page = mmap.mmap(-1, 1)

    def set(self) -> None:
        """Yes."""
        self._page[0] = 1

    def clear(self) -> None:
        """No."""
        self._page[0] = 0

    def is_set(self) -> bool:
        """Whether it is yes."""
        return self._page[0] == 1


stopping = Flag()  # this worker takes no more work: a mailbox ends after the post it is sending


def publish(stage: Stage, ident: str) -> None:
    """Send one hint. It raises what the broker raises."""
    app.send_task(task_name(stage), args=[ident] if ident else [], queue=stage.value, ignore_result=True)


def waiting(stage: Stage) -> int | None:
    """How many messages wait in the stage's queue; None when the broker does not say."""
    mended.broker(str(app.conf.broker_url))
    try:
        with app.connection_for_read() as connection, connection.channel() as channel:
            return int(channel.queue_declare(stage.value, passive=True).message_count)
    except Exception as error:
        # Every transport has its own error for "no such queue": nothing waits there. Other errors mean: not known.
        return 0 if "404" in str(error) or "NOT_FOUND" in str(error) else None


hints: Sent | Outstanding = Sent(Broker(publish), waiting)


class _Here:
    """This process's world. A forked child opens its own: connections do not survive a fork."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._world: World | None = None
        self._owner = 0
        self._heartbeat: Heartbeat | None = None

    def world(self) -> World:
        """The world, opened by the first task that needs it."""
        with self._lock:
            if self._world is None or self._owner != os.getpid():
                self._world, self._owner = World.open(config(), hint, stopping.is_set), os.getpid()
                self._heartbeat = Heartbeat(self._world)
                self._heartbeat.start()
            return self._world

    def give(self, world: World | None) -> None:
        """Use a world that is open already."""
        with self._lock:
            self._world, self._owner = world, os.getpid()

    def close(self) -> None:
        """Let go of connections and child processes."""
        with self._lock:
            world, self._world = self._world, None
            heartbeat, self._heartbeat = self._heartbeat, None
        if heartbeat is not None:
            heartbeat.stop()
        if world is not None and self._owner == os.getpid():
            world.close()


here = _Here()


def hint(stage: Stage, ident: str = "") -> None:
    """Say that there may be work; what the stages call after their commit."""
    hints.hint(stage, ident)


def guarded(stage: Stage, ident: Any, work: Callable[[World], object]) -> None:
    """Run a stage for a message: nothing that happens in it reaches Celery."""
    if not isinstance(ident, str) or len(ident) > LONGEST_IDENT or bool(ident) != (stage in NAMES):
        log.warning("message_refused", stage=stage.value, reason="its argument is not what this stage takes")
        return
    started = getattr(hints, "started", None)
    if started:
        started(stage, ident)
    try:
        if not stopping.is_set():
            _run(stage, ident, work)
    finally:
        if started:
            hints.ended(stage, ident)  # type: ignore[union-attr]


def _run(stage: Stage, ident: str, work: Callable[[World], object]) -> None:
    bound = {NAMES[stage]: ident} if ident else {}
    began = monotonic()
    with bound_contextvars(**bound):
        try:
            work(here.world())
        except StoreError as error:
            log.warning(
                "stage_postponed", stage=stage.value, reason=str(error)
            )  # the row is as it was: the sweep comes back to it
        except Exception:  # the row is leased or counted: it comes back, and is set aside after a few tries
            log.exception("stage_failed", stage=stage.value, duration_ms=round((monotonic() - began) * 1000))


def task(name: str) -> Any:
    """A task whose arguments are looked at by itself, and whose message may be anything."""
    return app.task(name=task_name(name), typing=False, Request="workers.mended:Request")


@task(Stage.POLL)
def poll(feed: Any = "", *_: Any, **__: Any) -> None:
    """Look at one feed."""
    guarded(Stage.POLL, feed, lambda world: stages.poll(world, feed))


@task(Stage.TEASER)
def teaser(article: Any = "", *_: Any, **__: Any) -> None:
    """Write one article's teaser."""
    guarded(Stage.TEASER, article, lambda world: stages.teaser(world, article))


@task(Stage.DEDUPE)
def dedupe(*_: Any, **__: Any) -> None:
    """Compare what has its teaser with what came before."""
    guarded(Stage.DEDUPE, "", stages.dedupe)


@task(Stage.FANOUT)
def fanout(*_: Any, **__: Any) -> None:
    """Write the deliveries of what is ready."""
    guarded(Stage.FANOUT, "", stages.fanout)


@task(Stage.DELIVER)
def deliver(channel: Any = "", *_: Any, **__: Any) -> None:
    """Empty one channel's mailbox, as far as it is due."""
    guarded(Stage.DELIVER, channel, lambda world: stages.deliver(world, channel))


@task("pulse")
def pulse(queue: Any = "", *_: Any, **__: Any) -> None:
    """Show that somebody takes messages from the queue."""
    if stopping.is_set() or queue not in QUEUES:
        return  # a worker's own pulse: that it was received is all that it was sent for
    try:
        world = here.world()
        with world.store.begin() as tx:
            pulses.seen(tx, str(queue), world.now())
    except StoreError as error:
        log.warning("pulse_lost", queue=str(queue), reason=str(error))


@signals.task_unknown.connect(weak=False)
def _unknown(name: str = "", **_: Any) -> None:
    """A message of a newer version, or a stranger's: it is dropped, and the row it hinted at is found by the sweep."""
    log.warning("message_refused", task=name, reason="no task of this version has that name")


@signals.worker_shutting_down.connect(weak=False)
def _stops(**_: Any) -> None:
    stopping.set()


@signals.worker_process_shutdown.connect(weak=False)
def _child_ends(**_: Any) -> None:
    here.close()
