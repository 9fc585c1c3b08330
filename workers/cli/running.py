"""run · worker · sweep · console: the processes."""

from typing import Annotated

import typer

from workers.cli.opening import ConfigPath, configured


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(run)
    app.command()(worker)
    app.command()(sweep)
    app.command()(console)


def run(config: ConfigPath = None) -> None:
    """Everything in one process: workers, sweep and console. Needs nothing else."""
    from workers import embedded

    raise typer.Exit(embedded.run(configured(config)) or 0)


def worker(
    config: ConfigPath = None,
    queues: Annotated[str | None, typer.Option("--queues", "-Q", help="Only these, such as poll,deliver.")] = None,
    concurrency: Annotated[int | None, typer.Option("--concurrency", min=1, help="How many at once.")] = None,
) -> None:
    """A worker of a newsroom, as `celery -A workers.app worker`."""
    raise NotImplementedError(config, queues, concurrency)


def sweep(config: ConfigPath = None) -> None:
    """The sweep of a newsroom: turns due rows into messages, every second."""
    raise NotImplementedError(config)


def console(config: ConfigPath = None) -> None:
    """The console alone: pages, API, health, metrics."""
    raise NotImplementedError(config)
