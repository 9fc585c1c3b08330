"""Every setting with its default and one line on it, as Markdown: `python -m pipeline.config.reference`."""

from dataclasses import MISSING, Field
from datetime import timedelta
from typing import Any

from pipeline.config import values
from pipeline.config.fields import readable
from pipeline.config.tables import ChannelConfig, FeedConfig, RouteConfig, Settings
from pipeline.config.values import spoken

TABLES = {"[standfirst]": Settings, "[[feeds]]": FeedConfig, "[[channels]]": ChannelConfig, "[[routes]]": RouteConfig}


def markdown() -> str:
    """A table of settings for each table of the configuration."""
    return "\n".join(section(name, cls) for name, cls in TABLES.items())


def section(name: str, cls: type) -> str:
    """One table's settings."""
    head = f"### `{name}`\n\n| setting | default | what it does |\n|---|---|---|\n"
    return head + "".join(row(field) for field in readable(cls))


def row(field: Field[Any]) -> str:
    """One setting."""
    return f"| `{field.name}` | {default(field)} | {field.metadata['about']} |\n"


def default(field: Field[Any]) -> str:
    """What holds when it is not given, as it would be written."""
    if field.metadata.get("inherits"):
        return "inherited"
    if field.metadata.get("secret"):
        return "none; by reference only"
    if field.default is MISSING:
        return "must be given" if field.default_factory is MISSING else "none"
    if field.default == 0 and field.metadata["read"] is values.first_run:
        return '`"none"`'
    return f"`{written(field.default)}`" if field.default not in (None, "", ()) else "none"


def written(value: object) -> str:
    """A value as TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, timedelta):
        return f'"{spoken(value)}"'
    return str(value) if isinstance(value, int) else f'"{value}"'


if __name__ == "__main__":
    print(markdown())  # noqa: T201 - this is what it is for
