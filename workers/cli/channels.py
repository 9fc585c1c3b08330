"""channels: list · --kinds · test · connect · pause · resume."""

from pathlib import Path
from typing import Annotated

import typer

from workers.cli import output
from workers.cli.opening import AsJson, ChannelName, ConfigPath, Key, group, world

app = group("channels", "Channels: list, kinds, test, connect, pause, resume.")

COLUMNS = {"name": "channel", "kind": "kind", "state": "state", "pending": "waiting", "uncertain": "uncertain"}
COLUMNS |= {"held": "held", "dead": "dead", "last": "last post", "reason": "reason"}


def register(root: typer.Typer) -> None:
    """Add these commands."""
    root.add_typer(app)


@app.callback()
def channels(
    context: typer.Context,
    config: ConfigPath = None,
    kinds: Annotated[bool, typer.Option("--kinds", help="All kinds, and what each of them can do.")] = False,
    kind: Annotated[str | None, typer.Option("--kind", help="The settings of one kind.")] = None,
    json: AsJson = False,
) -> None:
    """Channels: list, kinds, test, connect, pause, resume."""
    from workers.cli import kinds as known

    if context.invoked_subcommand is not None:
        return
    if kind is not None:
        output.listing(known.settings(kind), known.SETTINGS, json=json, empty=f"{kind} has no settings")
    elif kinds:
        output.listing(known.every(), known.COLUMNS, json=json)
    else:
        listed(config, json)


@app.command("list")
def listed(config: ConfigPath = None, json: AsJson = False) -> None:
    """List the configured channels and their queues."""
    from pipeline.store import overview

    with world(config) as found, found.store.read() as tx:
        now = found.now()
        rows = overview.channels_list(tx, now)
    for row in rows:
        row |= {"state": "paused" if row["paused_at"] else "active", "reason": row["paused_reason"]}
        row |= {} if json else {"last": output.ago(row["delivered_at"], now)}
    output.listing(rows, COLUMNS, json=json, empty="no channels; see: standfirst channels --kinds")


@app.command("test")
def try_out(name: ChannelName, config: ConfigPath = None) -> None:
    """Post a test post, and delete it where the platform lets us."""
    from workers.cli import trying

    with world(config) as found:
        output.say(trying.post(found, name))


@app.command()
def connect(
    name: ChannelName,
    config: ConfigPath = None,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Where the browser comes back to.")] = 8917,
    redirect: Annotated[str | None, typer.Option("--redirect", help="Another address that it comes back to.")] = None,
    save: Annotated[Path | None, typer.Option("--save", help="The file for a token that is not kept by us.")] = None,
    browser: Annotated[bool, typer.Option(help="Open the browser.")] = True,
) -> None:
    """Walk through getting the credentials of a channel."""
    from workers.cli import connecting

    open_page = connecting.in_browser if browser else connecting.nowhere
    connecting.connect(config, name, connecting.How(port, redirect, save, open_page))


@app.command()
def pause(name: ChannelName, config: ConfigPath = None, key: Key = "") -> None:
    """Pause a channel; its queue is kept."""
    from workers.cli import resting

    with world(config) as found:
        output.say(resting.pause_channel(found, name, key=key))


@app.command()
def resume(
    name: ChannelName,
    config: ConfigPath = None,
    skip: Annotated[bool, typer.Option("--skip", help="Send nothing of what waited.")] = False,
    key: Key = "",
) -> None:
    """Let a channel go on, with what waited or without it."""
    from workers.cli import resting

    with world(config) as found:
        output.say(resting.resume_channel(found, name, skip=skip, key=key))
