"""audit: the ledger beside what the accounts show."""

from typing import Annotated

import typer

from workers.cli import output
from workers.cli.opening import AsJson, ConfigPath, world


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(audit)


def audit(
    channel: Annotated[list[str] | None, typer.Argument(metavar="[CHANNEL]...", help="Only these.")] = None,
    config: ConfigPath = None,
    days: Annotated[int, typer.Option("--days", min=1, max=365, help="How far back.")] = 7,
    remove: Annotated[
        bool, typer.Option("--remove", help="Delete what is there twice, where that can be done.")
    ] = False,
    settle: Annotated[
        bool, typer.Option("--settle", help="Settle doubtful deliveries that turn out to be there.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Compare what was sent with what each account shows."""
    from workers.cli import auditing
    from workers.cli.main import DONE, FAILED

    with world(config) as found:
        told = auditing.audit(found, channel or [], days, remove=remove, settle=settle)
    if json:
        output.as_json(told)
    else:
        auditing.show(told)
    raise typer.Exit(DONE if all(one["done"] for one in told["findings"]) and not told["failed"] else FAILED)
