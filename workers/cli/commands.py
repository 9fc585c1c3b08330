"""All commands, in the order in which `standfirst --help` shows them."""

from pathlib import Path
from typing import Annotated

import typer

from workers.cli import opening
from workers.cli.groups import GROUPS

app = typer.Typer(
    name="standfirst",
    help="Watches your feeds, writes a teaser for each new article and posts it to every channel you have, once.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def version(asked: bool) -> None:
    """`--version`."""
    if asked:
        from importlib.metadata import version as installed

        print(f"standfirst {installed('standfirst')}")
        raise typer.Exit


@app.callback()
def begin(
    config: Annotated[Path | None, typer.Option("--config", "-c", help="The configuration of any command.")] = None,
    _version: Annotated[
        bool, typer.Option("--version", callback=version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    """Watches your feeds, writes a teaser for each new article and posts it to every channel you have, once."""
    opening.chosen[:] = [config] if config else []


for register in GROUPS:
    register(app)
