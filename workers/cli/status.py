"""status · pause · resume: how it goes, at a glance."""

from typing import Annotated

import typer

from workers.cli import output
from workers.cli.opening import AsJson, ConfigPath, Key, world


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(status)
    app.command()(pause)
    app.command()(resume)


Name = Annotated[str, typer.Argument(metavar="NAME", help="A channel or a feed.")]


def status(config: ConfigPath = None, json: AsJson = False) -> None:
    """Show how it goes and what needs a person.

    The exit code is 1 when it does not run, or something needs a person.
    """
    from workers.cli import glance

    with world(config) as found:
        seen = glance.look(found)
    if json:
        output.as_json(seen)
    else:
        glance.show(seen)
    if not glance.in_order(seen):
        raise typer.Exit(1)


def pause(name: Name, config: ConfigPath = None, key: Key = "") -> None:
    """Pause a channel (its queue is kept) or a feed."""
    from workers.cli import resting

    with world(config) as found:
        output.say(resting.pause(found, name, key=key))


def resume(
    name: Name,
    config: ConfigPath = None,
    skip: Annotated[bool, typer.Option("--skip", help="Send nothing of what waited for the channel.")] = False,
    key: Key = "",
) -> None:
    """Let a channel or a feed go on."""
    from workers.cli import resting

    with world(config) as found:
        output.say(resting.resume(found, name, skip=skip, key=key))
