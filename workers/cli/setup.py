"""demo · init · check: from nothing to a configuration in order."""

from pathlib import Path
from typing import Annotated

import typer

from workers.cli.opening import AsJson, ConfigPath

STARTING = Path(__file__).with_name("starting.toml")


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(demo)
    app.command()(init)
    app.command()(check)


def demo(
    lasting: Annotated[str | None, typer.Option("--for", help="End by itself after this long, such as 30s.")] = None,
    folder: Annotated[Path | None, typer.Option("--folder", help="Keep the demo's files here.")] = None,
) -> None:
    """Publish a made-up town newspaper to sandboxes on this machine."""
    from pipeline.config import Bad, duration
    from pipeline.model import UsageError
    from workers.demo import run

    try:
        seconds = duration(lasting).total_seconds() if lasting else None
    except Bad as error:
        raise UsageError(f"--for: {error.message}; {error.remedy}") from None
    raise typer.Exit(run(seconds=seconds, folder=folder) or 0)


def init(
    path: Annotated[Path, typer.Argument(help="Where to write it.")] = Path("standfirst.toml"),
    force: Annotated[bool, typer.Option("--force", help="Replace what is there.")] = False,
) -> None:
    """Write a commented configuration to start from."""
    from pipeline.model import UsageError
    from workers.cli.output import say

    if path.exists() and not force:
        raise UsageError(f"{path} is there already; choose another path, or replace it with --force")
    try:
        path.write_text(STARTING.read_text(encoding="utf-8"), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror}); choose another path") from None
    say(f"{path} is written: put in your feeds and channels, then: standfirst check")


def check(
    config: ConfigPath = None,
    live: Annotated[
        bool, typer.Option("--live", help="Also try each feed and each channel's credentials; nothing is posted.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Check the configuration: every mistake with its remedy."""
    from workers.cli import checking

    raise typer.Exit(checking.check(config, live=live, json=json))
