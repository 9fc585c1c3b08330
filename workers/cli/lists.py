"""Lists of feeds: OPML into the configuration and out of it."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pipeline.bounded import Bounded
from pipeline.config import Bad, Config, values
from pipeline.config.edit import add_tables
from pipeline.feeds import opml
from pipeline.feeds.opml import Outline
from pipeline.model import UsageError
from pipeline.wording import counted
from workers.cli import output
from workers.cli.adding import Wishes, free_name, refuse_nonsense
from workers.cli.opening import configured

LARGEST = 20 * 1024 * 1024
Told = dict[str, Any]


def take_in(path: Path | None, file: Path, wishes: Wishes) -> Told:
    """Write the feeds of a list that are not configured yet; what was added, known and refused."""
    config = configured(path)
    refuse_nonsense(config, wishes)
    tables, known, refused = sorted_out(config, outlines(source(file)), wishes)
    if tables and not wishes.dry:
        add_tables(config.path, "feeds", tables)
        if wishes.to:
            names = [table["name"] for table in tables]
            add_tables(config.path, "routes", [{"feeds": names, "channels": list(wishes.to)}])
    return {"added": tables, "known": known, "refused": refused, "written": bool(tables) and not wishes.dry}


def source(file: Path) -> bytes:
    """The bytes of the list."""
    try:
        body = sys.stdin.buffer.read(LARGEST + 1) if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be read ({error.strerror})") from None
    if len(body) > LARGEST:
        raise UsageError(f"{file} is larger than 20 MiB; this is no list of feeds")
    return body


def outlines(body: bytes) -> tuple[Outline, ...]:
    """The feeds of the list, read in a child process: it is foreign."""
    bounded = Bounded(1)
    try:
        return opml.read(bounded, body)
    finally:
        bounded.close()


def sorted_out(
    config: Config, outlines: Iterable[Outline], wishes: Wishes
) -> tuple[list[dict[str, Any]], list[str], list[Told]]:
    """The tables to write, the addresses that are configured already, and those that cannot be used."""
    tables: list[dict[str, Any]] = []
    known: list[str] = []
    refused: list[Told] = []
    urls, names = {feed.url for feed in config.feeds.values()}, set(config.feeds)
    outlines = list(outlines)
    with output.progress("importing", len(outlines)) as shown:
        for number, outline in enumerate(outlines, 1):
            shown(number)
            if outline.url in urls:
                known.append(outline.url)
                continue
            try:
                table = table_of(outline, names, wishes)
            except Bad as error:
                refused.append({"url": outline.url, "why": f"{error.message}; {error.remedy}"})
                continue
            tables.append(table)
            urls.add(outline.url)
            names.add(table["name"])
    return tables, known, refused


def table_of(outline: Outline, names: set[str], wishes: Wishes) -> dict[str, Any]:
    """The [[feeds]] table of an outline; raises Bad where its address cannot be polled."""
    url = values.url(outline.url)
    own = outline.title if values.NAME.fullmatch(outline.title) and outline.title not in names else ""
    table = {"name": own or free_name(outline.title, url, names), "url": url}
    table |= {"every": wishes.every} if wishes.every else {}
    return table | ({"first_run": wishes.first_run} if wishes.first_run else {})


def tell(told: Told) -> None:
    """What became of the list, for people."""
    for one in told["refused"]:
        output.note(f"left out: {output.clipped(one['url'], 100)}: {one['why']}")
    if not told["written"]:
        output.listing(told["added"], {"name": "feed", "url": "url"}, empty="nothing to add")
    added = counted(len(told["added"]), "feed", "feeds")
    verb = "added" if told["written"] else "to add"
    output.say(f"{added} {verb}, {len(told['known'])} known already, {len(told['refused'])} left out")


def give_out(path: Path | None) -> bytes:
    """The configured feeds as OPML."""
    feeds = configured(path).feeds.values()
    return opml.write(Outline(feed.url, feed.name) for feed in feeds)
