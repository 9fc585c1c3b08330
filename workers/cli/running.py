"""run · worker · sweep · console: the processes."""

from typing import Annotated

import typer

from workers.cli.opening import ConfigPath, serving


def register(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (run, worker, sweep, console):
        app.command()(command)


def run(config: ConfigPath = None) -> None:
    """Run everything in one process: workers, sweep and console."""
    from workers import embedded

    raise typer.Exit(embedded.run(serving(config), ready=_announce) or 0)


def worker(
    config: ConfigPath = None,
    queues: Annotated[str | None, typer.Option("--queues", "-Q", help="Only these, such as poll,deliver.")] = None,
    concurrency: Annotated[int | None, typer.Option("--concurrency", min=1, help="How many at once.")] = None,
) -> None:
    """Run a worker, as `celery -A workers.app worker` does."""
    from workers.cli import newsroom

    raise typer.Exit(newsroom.worker(serving(config), queues, concurrency))


def sweep(config: ConfigPath = None) -> None:
    """Run the sweep, which turns due rows into messages."""
    from workers.cli import newsroom

    raise typer.Exit(newsroom.sweep(serving(config)))


def console(config: ConfigPath = None) -> None:
    """Run the console alone: pages, API, health, metrics."""
    from workers.cli import newsroom

    raise typer.Exit(newsroom.console(serving(config), _announce))


def _announce(address: str) -> None:
    from workers import logs
    from workers.cli.output import clean

    if address:
        logs.announce(clean(f"console: {address}"))
