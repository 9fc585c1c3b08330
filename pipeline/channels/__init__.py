"""The kinds of channels, found by the names of their files. A kind is imported when it is first used."""

import dataclasses
import importlib
import importlib.metadata
import os
import pkgutil
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache
from typing import Any, Protocol

from pipeline.model import Capabilities, UsageError
from pipeline.oauth import Flow

ENTRY_POINTS = "standfirst.channels"
ALLOWED = "STANDFIRST_KINDS"  # environment: outside packages' kinds that may be loaded, separated by commas


class Configured(Protocol):
    """What `build` needs; `pipeline.config.ChannelConfig` is one."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def settings(self) -> Mapping[str, Any]: ...


def kinds() -> list[str]:
    """The names of all kinds, by file name; nothing is imported."""
    own = [module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_")]
    return sorted({*own, *_outside()})


def _outside() -> dict[str, importlib.metadata.EntryPoint]:
    """The kinds of outside packages that the operator allows by name."""
    allowed = {name.strip() for name in os.environ.get(ALLOWED, "").split(",") if name.strip()}
    if not allowed:
        return {}
    return {point.name: point for point in importlib.metadata.entry_points(group=ENTRY_POINTS) if point.name in allowed}


@cache
def channel_class(kind: str) -> Any:
    """The class of a kind, with its capabilities in `CAN`."""
    if is_own(kind):
        return importlib.import_module(f"{__name__}.{kind}").Channel
    point = _outside().get(kind)
    if point is None:
        raise UsageError(f'there is no kind "{kind}": see standfirst channels --kinds')
    loaded = point.load()
    return getattr(loaded, "Channel", loaded)


def is_own(kind: str) -> bool:
    """Whether a kind is one of ours: all that it sends goes through our doors."""
    return kind in {module.name for module in pkgutil.iter_modules(__path__)} and not kind.startswith("_")


def settings_of(kind: str) -> tuple[dataclasses.Field[Any], ...]:
    """The settings of a kind: the fields of its dataclass. A field without `repr` is a secret."""
    return dataclasses.fields(channel_class(kind))


def build(config: Configured) -> Any:
    """The channel of a configuration, ready to send. Secrets are opened here and stay out of `repr`."""
    settings = {name: _opened(value) for name, value in config.settings.items()}
    try:
        return channel_class(config.kind)(**settings)
    except TypeError as error:
        raise UsageError(f'channel "{config.name}": {error}'.replace("Channel.__init__()", config.kind)) from None


def _opened(value: Any) -> Any:
    reveal: Callable[[], Any] | None = getattr(value, "reveal", None)
    return reveal() if callable(reveal) else value


def flow_of(kind: str) -> Flow | None:
    """The OAuth code flow of a kind, for `standfirst channels connect`; None for kinds that have none."""
    return getattr(channel_class(kind), "CONNECT", None)


def how(kind: str) -> str:
    """How a person gets the credentials of a kind, in a sentence or two."""
    told: str = getattr(channel_class(kind), "HOW", "")
    return told


# --- for people ------------------------------------------------------------------------------------------------------


def table() -> str:
    """All kinds and what each can do, as a Markdown table."""
    head = "| kind | for | limit | picture | card | edit | delete | thread | in doubt | lanes | in an hour, a day |"
    rows = [head, "|---|---|---|---|---|---|---|---|---|---|---|"]
    return "\n".join(rows + [_row(kind, channel_class(kind).CAN) for kind in kinds()])


def _row(kind: str, can: Capabilities) -> str:
    yes = {True: "yes", False: "–"}
    cells = [f"`{kind}`", can.summary, _limit(can), str(can.media or "–"), "–" if can.card == "none" else can.card]
    cells += [yes[can.edit], yes[can.delete], yes[can.thread], in_doubt(can), str(can.lanes), _ceiling(can)]
    return f"| {' | '.join(cells)} |"


def _limit(can: Capabilities) -> str:
    if can.limit is None:
        return "–"
    more = f" and {can.byte_limit:,} bytes" if can.byte_limit else ""
    return f"{can.limit:,} {COUNTED.get(can.counting, can.counting)}{more}"


def _ceiling(can: Capabilities) -> str:
    both = (can.per_hour, can.per_day)
    return ", ".join(str(most) if most else "any" for most in both) if any(both) else "–"


COUNTED = {
    "x": "weighted characters",
    "mastodon": "characters, a link is 23",
    "utf16": "UTF-16 units",
    "threads": "characters, an emoji is its bytes",
}


def in_doubt(can: Capabilities) -> str:
    """What happens when an answer is lost, in a few words."""
    ways = []
    if can.replays is not None:
        ways.append("replays" if can.replays > timedelta(days=365) else f"replays for {_duration(can.replays)}")
    if can.lookup:
        ways.append("looks up")
    return ", ".join(ways) or "asks a person"


def _duration(window: timedelta) -> str:
    minutes = int(window.total_seconds() // 60)
    for size, unit in ((1440, "d"), (60, "h")):
        if minutes % size == 0:
            return f"{minutes // size} {unit}"
    return f"{minutes} min"
