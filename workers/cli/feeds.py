"""feeds: list · add · remove · pause · resume · poll · log."""

from typing import Annotated

import typer

from workers.cli import output
from workers.cli.opening import AsJson, ConfigPath, FeedName, Key, Limit, group, stored, world

app = group("feeds", "Feeds: list, add, remove, pause, resume, poll, log.")

COLUMNS = {"name": "feed", "state": "state", "polled": "polled", "next": "next", "why": "why", "url": "url"}
LOG = {"at": "at", "by": "by", "status": "status", "new": "new", "held": "held", "bytes": "bytes"}
LOG |= {"duration_ms": "ms", "next_due_at": "next", "why": "why"}


def register(root: typer.Typer) -> None:
    """Add these commands."""
    root.add_typer(app)


@app.callback()
def feeds(context: typer.Context, config: ConfigPath = None, json: AsJson = False) -> None:
    """Feeds: list, add, remove, pause, resume, poll, log."""
    if context.invoked_subcommand is None:
        listed(config, json)


@app.command("list")
def listed(config: ConfigPath = None, json: AsJson = False) -> None:
    """List the configured feeds and how they fare."""
    from workers.cli import watching

    with world(config) as found:
        rows = watching.feeds(found)
    output.listing(rows, COLUMNS, json=json, empty="no feeds; add one with: standfirst feeds add URL")


@app.command()
def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="A feed, or a site that has one.")],
    config: ConfigPath = None,
    name: Annotated[str | None, typer.Option("--name", help="What to call it.")] = None,
    every: Annotated[str | None, typer.Option("--every", help="How often to poll it at most, such as 30m.")] = None,
    first_run: Annotated[str | None, typer.Option("--first-run", help='"none" or "last 3".')] = None,
    to: Annotated[list[str] | None, typer.Option("--to", metavar="CHANNEL", help="A route to this channel.")] = None,
    choose: Annotated[int | None, typer.Option("--choose", min=1, help="Which one, where several are found.")] = None,
    dry: Annotated[bool, typer.Option("--dry-run", help="Only show what is found.")] = False,
    json: AsJson = False,
) -> None:
    """Find the feed of an address and write it into the configuration."""
    from workers.cli import adding

    wishes = adding.Wishes(name, every, first_run, tuple(to or ()), choose, dry)
    adding.add(config, url, wishes, json=json)


@app.command()
def remove(name: FeedName, config: ConfigPath = None) -> None:
    """Take a feed out of the configuration; what it brought stays known."""
    from pipeline.config import edit
    from workers.cli.opening import where

    edit.remove_feed(where(config), name)
    output.say(f"{name} is no longer in {where(config).name}; what it brought stays known")


@app.command()
def pause(name: FeedName, config: ConfigPath = None, key: Key = "") -> None:
    """Poll a feed no more until it is resumed."""
    from workers.cli import resting

    with world(config) as found:
        output.say(resting.pause_feed(found, name, key=key))


@app.command()
def resume(name: FeedName, config: ConfigPath = None, key: Key = "") -> None:
    """Poll a feed again, now."""
    from workers.cli import resting

    with world(config) as found:
        output.say(resting.resume_feed(found, name, key=key))


@app.command()
def poll(name: FeedName, config: ConfigPath = None, json: AsJson = False) -> None:
    """Poll a feed now and say what it brought."""
    from workers.cli import watching

    with world(config) as found:
        row = watching.poll(found, name)
    if json:
        output.as_json(row)
    else:
        output.say(watching.polled(row))


@app.command("log")
def history(name: FeedName, config: ConfigPath = None, limit: Limit = 50, json: AsJson = False) -> None:
    """Show a feed's polls of the last days, newest first."""
    from pipeline.store import overview

    with stored(config) as found, found.store.read() as tx:
        rows = overview.polls_of(tx, name, limit)
    shown = rows if json else [row | {"why": row["error"] or row["reason"]} for row in rows]
    output.listing(shown, LOG, json=json, empty=f"no polls of {name} are remembered")
