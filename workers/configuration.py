"""The configuration, checked with all that the channels know of their kinds. Workers and command line load it here."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import Field
from pathlib import Path
from typing import Any

from pipeline.config import ChannelConfig, Config, Knowledge, load
from pipeline.model import UsageError

DEFAULT = "standfirst.toml"
VARIABLE = "STANDFIRST_CONFIG"


def path(given: Path | str | None = None, env: Mapping[str, str] = os.environ) -> Path:
    """Where the configuration is: as given, else where $STANDFIRST_CONFIG says, else in the current folder."""
    return Path(given or env.get(VARIABLE) or DEFAULT)


def read(given: Path | str | None = None, env: Mapping[str, str] = os.environ) -> Config:
    """The checked configuration at that path."""
    return load(path(given, env), env, knowledge())


def knowledge() -> Knowledge:
    """What to ask of the channels; each kind's module is imported when a channel of that kind is checked."""
    return Knowledge(kinds=kinds, settings_of=settings_of, template=template, complete=complete)


def kinds() -> Sequence[str]:
    """The names of all kinds."""
    from pipeline import channels

    return channels.kinds()


def settings_of(kind: str) -> Sequence[Field[Any]]:
    """The settings that a kind takes."""
    from pipeline import channels

    return channels.settings_of(kind)


def template(_kind: str, text: str) -> str | None:
    """What is wrong with a channel's template."""
    from pipeline.compose.template import mistake

    return mistake(text)


def complete(channel: ChannelConfig) -> str | None:
    """What a kind says of its settings taken together."""
    from pipeline import channels

    try:
        channels.build(channel)
    except UsageError as error:
        return str(error)
    return None
