"""What a person does when a platform takes a channel's credentials no longer."""

import tomllib
from collections.abc import Iterator
from typing import Any

from pipeline import channels
from pipeline.config import ChannelConfig, Config, is_secret


def steps(config: Config, channel: ChannelConfig) -> list[str]:
    """What to do, in order; the last is to resume the channel."""
    found = []
    if channels.flow_of(channel.kind) is not None:
        found.append(f"On the machine that runs Standfirst: standfirst channels connect {channel.name}")
    else:
        found += filter(None, [channels.how(channel.kind)])
        found += _places(config, channel)
    return [*found, "Then resume the channel: what waits is sent."]


def _places(config: Config, channel: ChannelConfig) -> Iterator[str]:
    """Where each secret of the channel is kept, as the configuration says it; never what it is."""
    table = _table(config, channel.name)
    for field in channels.settings_of(channel.kind):
        reference = table.get(field.name)
        if not is_secret(field) or not isinstance(reference, dict):
            continue
        if "file" in reference:
            yield f"Write the new {field.name} into the file {reference['file']}; it is read anew when you resume."
        elif "env" in reference:
            yield f"Set the environment variable {reference['env']} to the new {field.name} and restart Standfirst."


def _table(config: Config, name: str) -> dict[str, Any]:
    try:
        data = tomllib.loads(config.path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):  # it was changed since, and is being written
        return {}
    tables = [table for table in data.get("channels", []) if isinstance(table, dict)]
    return next((table for table in tables if table.get("name") == name), {})
