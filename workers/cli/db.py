"""db: migrate · backup · restore · check · prune."""

from pathlib import Path
from typing import Annotated

import typer

from workers.cli import output
from workers.cli.opening import AsJson, ConfigPath, configured, world

app = typer.Typer(name="db", help="The store: migrate, back up, restore, check, prune.", no_args_is_help=True)

Force = Annotated[bool, typer.Option("--force", help="Replace what is there.")]


def register(root: typer.Typer) -> None:
    """Add these commands."""
    root.add_typer(app)


@app.command()
def migrate(config: ConfigPath = None) -> None:
    """Bring the store's tables to this version."""
    from pipeline.store import Store

    store = Store.open(configured(config).settings.store)
    store.migrate()
    store.close()
    output.say("the store is up to date")


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it.")],
    config: ConfigPath = None,
    force: Force = False,
) -> None:
    """Write a consistent copy of the store, while it is at work."""
    from workers.cli import backups

    size = backups.write(configured(config).settings.store, file, force=force)
    output.say(f"{file} is written ({size / 1_000_000:.1f} MB); bring it back with: standfirst db restore {file}")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    config: ConfigPath = None,
    force: Force = False,
) -> None:
    """Put a backup in place of the store, and post nothing twice."""
    from workers.cli import restoring

    told = restoring.restore(configured(config), file, force=force)
    for line in told:
        output.say(line)


@app.command()
def check(config: ConfigPath = None, json: AsJson = False) -> None:
    """Examine the store: its files, its version, its promises."""
    from workers.cli import backups, examining
    from workers.cli.main import DONE, FAILED

    store = configured(config).settings.store
    backups.must_be_there(store)
    found = examining.examine(store)
    if json:
        output.as_json({"ok": not any(not one["ok"] for one in found), "checks": found})
    else:
        for one in found:
            mark = output.painted("ok    ", "green") if one["ok"] else output.painted("failed", "red")
            print(f"{mark} {output.clean(one['what'])}: {output.clean(one['said'])}")
    raise typer.Exit(DONE if all(one["ok"] for one in found) else FAILED)


@app.command()
def prune(config: ConfigPath = None) -> None:
    """Let go of texts and histories older than the retention."""
    from pipeline import stages

    with world(config) as found, output.progress("pruning") as shown:
        gone = stages.prune(found, shown)
    output.say(f"pruned: {output.summed(gone)}")
