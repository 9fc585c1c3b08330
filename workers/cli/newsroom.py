"""The processes of a newsroom on several machines: workers, sweeps, consoles over one broker and one database."""

import threading
from collections.abc import Callable

from pipeline.config import Config
from pipeline.model import UsageError
from pipeline.world import World
from workers import beat, tasks
from workers.app import EMBEDDED, QUEUES, app, use
from workers.embedded import Signals


def shared(config: Config, what: str) -> Config:
    """The configuration, whose broker other processes can reach too."""
    if str(config.settings.broker).startswith(EMBEDDED):
        raise UsageError(
            f'a {what} of its own needs a broker that others reach: set broker = "redis://…", or use `standfirst run`'
        )
    return config


def worker(config: Config, queues: str | None, concurrency: int | None) -> int:
    """A Celery worker of these queues, until it is told to stop."""
    use(shared(config, "worker"))
    unknown = set(filter(None, (queues or "").split(","))) - set(QUEUES)
    if unknown:
        raise UsageError(f"there is no queue “{min(unknown)}”; there are {', '.join(QUEUES)}")
    arguments = ["worker", "--queues", queues or ",".join(QUEUES)]
    return started([*arguments, *(["--concurrency", str(concurrency)] if concurrency else [])])


def started(arguments: list[str]) -> int:
    """Celery's own command line on our application; its exit code, which `app.worker_main` would keep to itself."""
    from celery.bin.celery import celery

    celery.params[0].default = app
    return int(celery.main(args=arguments, standalone_mode=False) or 0)


def sweep(config: Config) -> int:
    """A sweep, until it is told to stop."""
    use(shared(config, "sweep"))
    stop = threading.Event()
    world = World.open(config, hint=tasks.hint)
    with Signals(stop):
        code = beat.run(world, tasks.hints, stop)
    world.close()
    return code


def console(config: Config, announce: Callable[[str], None]) -> int:
    """The console, until it is told to stop."""
    from workers.console.server import Console

    use(config)
    stop = threading.Event()
    world = World.open(config, hint=tasks.hint)
    serving = Console(config, world)
    with Signals(stop):
        serving.start()
        announce(serving.entrance)
        stop.wait()
    serving.stop()
    world.close()
    return 0
