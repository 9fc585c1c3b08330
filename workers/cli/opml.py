"""import · export: lists of feeds as OPML."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from workers.cli import output
from workers.cli.opening import AsJson, ConfigPath


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("import")(take_in)
    app.command("export")(give_out)


def take_in(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An OPML file; - reads standard input.")],
    config: ConfigPath = None,
    every: Annotated[str | None, typer.Option("--every", help="How often to poll them at most, such as 1h.")] = None,
    first_run: Annotated[str | None, typer.Option("--first-run", help='"none" or "last 3".')] = None,
    to: Annotated[list[str] | None, typer.Option("--to", metavar="CHANNEL", help="A route to this channel.")] = None,
    dry: Annotated[bool, typer.Option("--dry-run", help="Only show what would be written.")] = False,
    json: AsJson = False,
) -> None:
    """Write the feeds of an OPML list into the configuration."""
    from workers.cli import lists
    from workers.cli.adding import Wishes

    told = lists.take_in(config, file, Wishes(every=every, first_run=first_run, to=tuple(to or ()), dry=dry))
    if json:
        output.as_json(told)
    else:
        lists.tell(told)


def give_out(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Where to; else standard output.")] = None,
    config: ConfigPath = None,
    force: Annotated[bool, typer.Option("--force", help="Replace what is there.")] = False,
) -> None:
    """Write the configured feeds as an OPML list."""
    from pipeline.model import UsageError
    from workers.cli import lists

    body = lists.give_out(config)
    if file is None:
        sys.stdout.buffer.write(body)
        return
    if file.exists() and not force:
        raise UsageError(f"{file} is there already; choose another file, or replace it with --force")
    try:
        file.write_bytes(body)
    except OSError as error:
        raise UsageError(f"{file} cannot be written ({error.strerror})") from None
    output.note(f"{file} is written")
