"""What most commands begin with: the configuration, the store, the world; and the options they share."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.store import Store
    from pipeline.world import World

T = TypeVar("T")
ConfigPath = Annotated[
    Path | None,
    typer.Option(
        "--config", "-c", help="The configuration [./standfirst.toml, or $STANDFIRST_CONFIG].", show_default=False
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document instead of a table.")]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, max=100_000, help="At most so many rows.")]
ArticleWords = Annotated[str, typer.Argument(metavar="ARTICLE", help="Its id, the beginning of it, or its link.")]
FeedName = Annotated[str, typer.Argument(metavar="FEED", help="Its name in the configuration.")]
ChannelName = Annotated[str, typer.Argument(metavar="CHANNEL", help="Its name in the configuration.")]
DeliveryId = Annotated[int, typer.Argument(metavar="DELIVERY", help="Its number in: standfirst deliveries")]
Channels = Annotated[list[str] | None, typer.Option("--channel", help="Only this channel; may be repeated.")]
Key = Annotated[
    str,
    typer.Option("--key", help="The order's own key: given again with it, it is carried out once.", show_default=False),
]

chosen: list[Path] = []  # by `standfirst --config PATH COMMAND`


def where(path: Path | None) -> Path:
    """The file of the configuration, whether it is there or not."""
    from workers import configuration

    return configuration.path(path or (chosen[-1] if chosen else None))


def configured(path: Path | None) -> "Config":
    """The checked configuration; its secrets are kept out of everything this process says."""
    from workers import configuration, logs

    config = configuration.read(where(path))
    logs.configure(config.settings.log, config.secrets(), level="warning")
    return config


@contextmanager
def world(path: Path | None) -> Iterator["World"]:
    """The world of a configuration, its store migrated."""
    with opened(configured(path)) as found:
        yield found


@contextmanager
def opened(config: "Config") -> Iterator["World"]:
    """The world of a configuration that is read already."""
    from pipeline.world import World

    found = World.open(config)
    try:
        yield found
    finally:
        found.close()


@dataclass(frozen=True)
class Shelf:
    """The store and the time: all that a listing needs, and quickly there."""

    config: "Config"
    store: "Store"

    def now(self) -> datetime:
        """The time as the database has it."""
        return datetime.fromtimestamp(self.store.clock(), UTC)


@contextmanager
def stored(path: Path | None) -> Iterator[Shelf]:
    """The store of a configuration, migrated."""
    from pipeline.store import Store

    config = configured(path)
    store = Store.open(config.settings.store)
    try:
        store.migrate()
        yield Shelf(config, store)
    finally:
        store.close()


def ordered(world: "World", key: str, order: str, arguments: Mapping[str, Any], act: Callable[["World"], T]) -> T:
    """Carry out an order, once for each key; the API's keys are the same."""
    from pipeline.stages.once import key_for, once

    return once(world, key_for("order", key), order, arguments, act)


def group(name: str, about: str) -> typer.Typer:
    """A group of commands that lists when none of them is named."""
    return typer.Typer(name=name, help=about, invoke_without_command=True, rich_markup_mode=None)


def serving(path: Path | None) -> "Config":
    """The configuration of a process that goes on: its children find it too, and it logs all that it does."""
    import os

    from workers import configuration, logs

    config = configured(path)
    os.environ[configuration.VARIABLE] = str(config.path)
    logs.whole(config.settings.log, config.secrets())
    return config
