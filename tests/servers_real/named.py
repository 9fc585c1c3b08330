"""The servers that a run is told of: a TOML file, named by STANDFIRST_SERVERS, with a table for each.

A table holds the settings of the channel, as in standfirst.toml but with the secrets written out, and beside them what
only the tests need. tests/README.md shows one of each.
"""

import os
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

from pipeline import channels

FILE = os.environ.get("STANDFIRST_SERVERS", "")
NAMED: dict[str, dict[str, Any]] = tomllib.loads(Path(FILE).read_text("utf-8")) if FILE else {}

SERVERS = {
    "bluesky": "a Bluesky PDS",
    "mastodon": "a server that speaks Mastodon's API",
    "matrix": "a Matrix homeserver",
    "wordpress": "a WordPress site",
    "ghost": "a Ghost site",
    "nostr": "a Nostr relay",
    "telegram": "a server that speaks Telegram's Bot API",
    "websub": "a WebSub hub",
}
UNKNOWN = sorted(set(NAMED) - set(SERVERS))


def left_out(server: str) -> str:
    """Why nothing was asked of a server, in one sentence."""
    where = f"has no [{server}]" if FILE else "is not named by STANDFIRST_SERVERS"
    return f"Left out: {SERVERS[server]}, because the file of servers {where}."


def settings_of(server: str) -> dict[str, Any]:
    """The settings of the channel among what the table holds."""
    known = {field.name for field in fields(channels.channel_class(server))}
    given = {name: value for name, value in NAMED.get(server, {}).items() if name in known}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}


def beside(server: str) -> dict[str, Any]:
    """What the table holds for the tests alone."""
    return {name: value for name, value in NAMED.get(server, {}).items() if name not in settings_of(server)}
