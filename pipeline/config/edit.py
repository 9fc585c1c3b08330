"""Changing standfirst.toml for a person: comments, order and every line that is not meant stay as they are."""

import os
import tempfile
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import AoT, Array

from pipeline.config.lines import key_lines
from pipeline.config.load import source
from pipeline.model import UsageError

Table = Mapping[str, Any]


def add_tables(path: Path, section: str, tables: Sequence[Table]) -> None:
    """Write further tables of a section (`feeds`, `routes`) below those that are there."""
    text = source(path)
    before = parsed(path, text)
    at = end_of(section, text)
    lines = text.split("\n")
    written = "\n".join(written_table(section, table) for table in tables)
    head = "\n".join(lines[:at]).rstrip("\n")
    tail = "\n".join(lines[at:]).lstrip("\n")
    new = f"{head}\n\n{written}" if head else written
    new = f"{new}\n{tail}" if tail else new
    expected = dict(before) | {section: [*before.get(section, []), *map(dict, tables)]}
    save(path, new, expected, f"write [[{section}]], with two brackets, above each of them")


def written_table(section: str, table: Table) -> str:
    """One table as TOML."""
    document = tomlkit.document()
    tables = tomlkit.aot()
    tables.append(tomlkit.item(dict(table)))
    document.append(section, tables)
    return tomlkit.dumps(document)


def end_of(section: str, text: str) -> int:
    """The line (counted from 0) before which the next table of a section belongs."""
    found = key_lines(text)
    lines = text.split("\n")
    mine = [line for path, line in found.items() if path and path[0] == section]
    if not mine:
        return len(lines)
    later = [line for path, line in found.items() if path and path[0] != section and line > max(mine)]
    at = min(later) - 1 if later else len(lines)
    while at > max(mine) and later and (not lines[at - 1].strip() or lines[at - 1].lstrip().startswith("#")):
        at -= 1  # what is remarked above the next table belongs to that
    return at


def remove_feed(path: Path, name: str) -> None:
    """Take a feed out, and out of the routes that name it; a route without any feed goes too."""
    document = tomlkit.parse(source(path))
    feeds, routes = document.get("feeds"), document.get("routes")
    if not isinstance(feeds, AoT) or not any(feed.get("name") == name for feed in feeds):
        raise UsageError(f"there is no [[feeds]] with the name “{name}” in {path.name}")
    drop(feeds, [index for index, feed in enumerate(feeds) if feed.get("name") == name])
    for route in routes or []:
        if isinstance(route.get("feeds"), Array):
            drop(route["feeds"], [index for index, one in enumerate(route["feeds"]) if one == name])
    drop(routes or [], [index for index, route in enumerate(routes or []) if "feeds" in route and not route["feeds"]])
    for section, tables in (("feeds", feeds), ("routes", routes)):
        if tables is not None and not tables:
            document.remove(section)
    save(path, tomlkit.dumps(document), None, "mend it by hand")


def drop(items: Any, indexes: Iterable[int]) -> None:
    """Take the items at these places out."""
    for index in sorted(indexes, reverse=True):
        del items[index]


def parsed(path: Path, text: str) -> Mapping[str, Any]:
    """The text as TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path.name} is not TOML ({error}); see: standfirst check") from None


def save(path: Path, text: str, expected: Mapping[str, Any] | None, remedy: str) -> None:
    """Put the new text in place at once, but only when it says what it should."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        data = {}
    if (expected is not None and data != dict(expected)) or (expected is None and not data and text.strip()):
        raise UsageError(f"{path.name} is written in a way that cannot be added to; {remedy}")
    target = path.resolve()
    try:
        line_end = "\r\n" if b"\r\n" in target.read_bytes() else ""
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", newline=line_end) as file:
            file.write(text)
        Path(name).chmod(target.stat().st_mode & 0o777)
        Path(name).replace(target)
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror}); mend its permissions") from None
