"""All commands, in the order in which `standfirst --help` shows them."""

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from workers.cli import opening
from workers.cli.groups import GROUPS

ORDER = (
    *(
        "demo",
        "init",
        "check",
        "run",
        "worker",
        "sweep",
        "console",
        "status",
        "feeds",
        "channels",
        "articles",
        "deliveries",
    ),
    *("explain", "preview", "publish", "republish", "edit", "hold", "release", "discard", "retry", "resolve", "pause"),
    *("resume", "dedupe", "backtest", "audit", "import", "export", "db"),
)


class Ordered(TyperGroup):
    """Lists commands and groups in the order in which they are met."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names, as `--help` shows them."""
        return sorted(super().list_commands(ctx), key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))


app = typer.Typer(
    cls=Ordered,
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
