"""What most commands begin with: the configuration, the store, the world; and the options they share."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.world import World

ConfigPath = Annotated[
    Path | None,
    typer.Option(
        "--config", "-c", help="The configuration [./standfirst.toml, or $STANDFIRST_CONFIG].", show_default=False
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document instead of a table.")]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, max=100_000, help="At most so many rows.")]

chosen: list[Path] = []  # by `standfirst --config PATH COMMAND`


def configured(path: Path | None) -> "Config":
    """The checked configuration; its secrets are kept out of everything this process says."""
    from workers import configuration, logs

    config = configuration.read(path or (chosen[-1] if chosen else None))
    logs.configure(config.settings.log, config.secrets(), level="warning")
    return config


@contextmanager
def world(path: Path | None) -> Iterator["World"]:
    """The world of a configuration, its store migrated."""
    from pipeline.world import World

    opened = World.open(configured(path))
    try:
        yield opened
    finally:
        opened.close()
