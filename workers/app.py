"""The one Celery application, the same for `standfirst run`, `standfirst worker` and `celery -A workers.app worker`.

Messages are hints and rows are the truth: a setting below may lose or double a message, none may lose or double a post.
The configuration is read when the first setting is needed: importing this module costs nothing and needs no file.
"""

import os
import signal
import sys
from typing import Any
from urllib.parse import parse_qs

from celery import Celery, signals
from kombu.entity import Exchange, Queue

from pipeline.config import Config
from pipeline.model import Stage, UsageError
from workers import configuration

QUEUES = tuple(stage.value for stage in Stage)
EMBEDDED = "memory://"

app = Celery("standfirst", include=["workers.tasks", "workers.watchdog"])

_config: Config | None = None


def config() -> Config:
    """The configuration this process runs on: the one given to `use`, else the file $STANDFIRST_CONFIG names."""
    global _config
    if _config is None:
        _config = configuration.read()
    return _config


def use(given: Config) -> Celery:
    """Run on this configuration. Call it before the first task or worker."""
    global _config
    _config = given
    if app.configured:
        app.conf.update(settings(given))
    return app


def queue_of(name: str) -> Any:
    """A queue with an exchange of its own, as Celery makes them."""
    make: Any = Queue
    exchange: Any = Exchange
    return make(name, exchange(name), routing_key=name)


def task_name(stage: str) -> str:
    """The name a stage's task travels under."""
    return f"standfirst.{stage}"


def settings(config: Config) -> dict[str, Any]:
    """Every Celery setting that is not Celery's default, with its reason."""
    broker = str(config.settings.broker)
    return {
        "broker_url": "memory://localhost//" if broker == EMBEDDED else without_master(broker),  # kombu wants a host
        "broker_transport_options": transport_options(broker),
        **MESSAGES,
        **CONNECTION,
        **WORKER,
    }


MESSAGES: dict[str, Any] = {
    # Queues by name over the anonymous exchange: no binding table that a FLUSHALL could wipe, after which publishing
    # would quietly go to `ae.undeliver` (kombu keeps bindings in Redis and declares them once a connection).
    "task_queues": tuple(map(queue_of, QUEUES)),
    "task_default_queue": Stage.POLL.value,
    "task_create_missing_queues": True,
    # JSON only: unpickling a stranger's message is code execution. Anything else is refused and the worker lives on.
    "task_serializer": "json",
    "accept_content": ["json"],
    "result_accept_content": ["json"],
    # No results: state is in the store; results in Redis fill its memory and chords lose their counter (celery#4207).
    "result_backend": None,
    "task_ignore_result": True,
    "task_store_errors_even_if_ignored": False,
    # Acknowledge after the work: an early ack loses the hint of a killed worker (celery#1628, PR#2840). A doubled one
    # is harmless, the lease in the store decides. A task that kills its worker comes back at once (PR#3053), but the
    # tries are counted in the store when work is claimed, so it cannot go round for ever.
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "task_acks_on_failure": True,
    "task_acks_on_timeout": True,
    # One attempt to publish and no waiting: the row is already committed and the sweep hints again. With Celery's
    # default `delay()` hung for more than 45 s before a broker that accepts and never answers (celery#4296, #6911).
    "task_publish_retry": False,
    # Prefork kills what hangs. A delivery gives itself 30 s, parsing 10 s, a mailbox 20 s: this is for the rest.
    "task_soft_time_limit": 150,
    "task_time_limit": 180,
}

CONNECTION: dict[str, Any] = {
    # A broker that is away at start or for an hour is waited for, without end (the default gives up after 100 tries).
    "broker_connection_retry": True,
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    "broker_connection_timeout": 2,
    "broker_channel_error_retry": True,  # a redis master that becomes a replica answers with channel errors
    "broker_heartbeat": 20,  # AMQP: a half-open connection is found in 40 s instead of minutes
    "broker_pool_limit": 16,  # at least one a thread: publishers never wait for each other
    "broker_pool_acquire_timeout": 2,  # a hint that cannot be sent soon is left to the sweep
    "worker_cancel_long_running_tasks_on_connection_loss": False,  # finish the post; a second run is a no-op
    "worker_enable_prefetch_count_reduction": True,
    # No events, no control bus: both pile up in Redis when nobody listens (kombu#593); orders are rows.
    "worker_enable_remote_control": False,
    "worker_send_task_events": False,
    "task_send_sent_event": False,
}

WORKER: dict[str, Any] = {
    # Take only what can be started: prefetched messages of a dead worker hide for the visibility time (celery#4984).
    "worker_prefetch_multiplier": 1,
    # Grace for what is being sent: on Redis 4 of 15 warm stops took 32 s. Give containers 90 s.
    "worker_soft_shutdown_timeout": 30,
    "worker_enable_soft_shutdown_on_idle": True,
    # Memory that grows is given back: a child ends after this many tasks, or beyond 512 MiB once its task is done
    # (celery#4809: never relied on alone; the container has its own limit).
    "worker_max_tasks_per_child": 5000,
    "worker_max_memory_per_child": 512 * 1024,
    # Our log lines are ours (see logs.py): Celery neither replaces handlers nor captures stdout.
    "worker_hijack_root_logger": False,
    "worker_redirect_stdouts": False,
    "worker_log_color": False,
    "enable_utc": True,
    "timezone": "UTC",
}

REDIS: dict[str, Any] = {
    # Redelivery only for messages whose worker died; longer than the hard limit, or a long task runs again and again
    # (kombu#337, celery#3270, #7009). Nothing waits for it: the sweep has hinted anew long before.
    "visibility_timeout": 900,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    # A Redis that accepts and does not answer is given up in seconds (celery#4556, #6911, kombu#1463).
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "retry_on_timeout": False,
    "health_check_interval": 25,  # finds half-open connections, the BRPOP's too (celery#8030 and its family)
    "priority_steps": [0],  # one list a queue: its length is LLEN, and no starving lists
    "global_keyprefix": "standfirst:",  # a neighbour in the same database is left alone
}
AMQP: dict[str, Any] = {"write_timeout": 5, "confirm_publish": False}
MEMORY: dict[str, Any] = {"polling_interval": 0.01}  # idle latency; the default second would delay every hint


def transport_options(broker: str) -> dict[str, Any]:
    """The options that the broker's kind of transport knows."""
    kind = broker.split(":", 1)[0].split("+", 1)[0]
    known = {"redis": REDIS, "rediss": REDIS, "sentinel": REDIS, "memory": MEMORY, "amqp": AMQP, "amqps": AMQP}
    named = parse_qs(broker.partition("?")[2]).get("master_name") if kind == "sentinel" else None
    return {**known.get(kind, {}), **({"master_name": named[0]} if named else {})}


def without_master(broker: str) -> str:
    """The broker's address as kombu wants it: the name of a sentinel's master is an option beside it."""
    return broker.partition("?")[0] if broker.startswith("sentinel:") else broker


def _settings_when_needed() -> dict[str, Any]:
    """What Celery asks for with its first question; a mistake in the file ends the process with its sentence."""
    try:
        return settings(config())
    except UsageError as error:
        print(error, file=sys.stderr)  # noqa: T201 - nothing is set up yet that could log it
        raise SystemExit(2) from None


app.add_defaults(_settings_when_needed)


@signals.setup_logging.connect(weak=False)
@signals.celeryd_init.connect(weak=False)
def _log_our_way(**_: Any) -> None:
    """`celery -A workers.app worker` logs as `standfirst worker` does, from its first line."""
    from workers import logs

    logs.whole(config().settings.log, config().secrets())


@signals.celeryd_init.connect(weak=False)
def _without_banner(instance: Any, **_: Any) -> None:
    """Celery's banner is no line of a log for machines."""
    instance.quiet = instance.quiet or config().settings.log == "json"


@signals.celeryd_after_setup.connect(weak=False)
def _hang_up_as_terminate(instance: Any, **_: Any) -> None:
    """SIGHUP ends the worker as SIGTERM does, where Celery would start it anew; `nohup` keeps it going."""
    instance._isatty = True  # Celery's handler of SIGHUP, set after this, is for workers without a terminal
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))


@signals.worker_process_init.connect(weak=False)
def _leave_the_end_to_the_parent(**_: Any) -> None:
    """A closed terminal reaches the whole group; a child finishes what it sends and ends when its parent says so."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
