"""`standfirst feeds add`: find the feed of an address, show what was found, write it down."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pipeline.bounded import Bounded
from pipeline.config import EVERYTHING, Bad, Config, values
from pipeline.config.edit import add_tables
from pipeline.feeds.discover import Candidate, Discovery, discover
from pipeline.feeds.fetch import FeedRequest, fetch
from pipeline.feeds.parse import read
from pipeline.http import Http
from pipeline.model import Document, Error, UsageError
from pipeline.wording import counted
from pipeline.world import user_agent
from workers.cli import output
from workers.cli.opening import configured

Found = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person said beside the address."""

    name: str | None = None
    every: str | None = None
    first_run: str | None = None
    to: tuple[str, ...] = ()
    choose: int | None = None
    dry: bool = False


def add(path: Path | None, url: str, wishes: Wishes, *, json: bool) -> None:
    """Find, show, write."""
    config = configured(path)
    refuse_nonsense(config, wishes)
    with doors(config) as (http, bounded):
        found = discovered(http, bounded, whole(url))
        chosen = choice(found.candidates, wishes.choose)
        document = chosen.document or fetched(http, bounded, chosen.url)
    table = table_of(config, chosen.url, document.title or chosen.title, wishes)
    known = next((feed.name for feed in config.feeds.values() if feed.url == chosen.url), None)
    if known:
        raise UsageError(f"{chosen.url} is configured already, as “{known}”")
    if not wishes.dry:
        add_tables(config.path, "feeds", [table])
        if wishes.to:
            add_tables(config.path, "routes", [{"feeds": [table["name"]], "channels": list(wishes.to)}])
    if json:
        output.as_json(
            {"found": shown(found), "feed": table, "entries": len(document.entries), "written": not wishes.dry}
        )
    else:
        tell(config, found, chosen, document, table, wishes)


def refuse_nonsense(config: Config, wishes: Wishes) -> None:
    """Raise UsageError where a wish cannot be met, before anything is asked of the network."""
    try:
        if wishes.name is not None:
            values.name(wishes.name)
        if wishes.every is not None:
            values.at_least("1s", "30d")(wishes.every)
        if wishes.first_run is not None:
            values.first_run(wishes.first_run)
    except Bad as error:
        raise UsageError(f"{error.message}; {error.remedy}") from None
    if wishes.name in config.feeds:
        raise UsageError(f"there is a feed “{wishes.name}” already; choose another --name")
    for channel in wishes.to:
        if channel not in config.channels:
            raise UsageError(f"no channel “{channel}” is configured; there are {', '.join(config.channels) or 'none'}")


@contextmanager
def doors(config: Config) -> Iterator[tuple[Http, Bounded]]:
    """The door to the network and the parsing child, without a store."""
    bounded = Bounded(1)
    try:
        yield Http(allow_networks=config.networks(), user_agent=user_agent(config)), bounded
    finally:
        bounded.close()


def whole(url: str) -> str:
    """The address with its scheme."""
    try:
        return values.url(url if "://" in url else f"https://{url}")
    except Bad as error:
        raise UsageError(f"{error.message}; {error.remedy}") from None


def discovered(http: Http, bounded: Bounded, url: str) -> Discovery:
    """The feeds at an address, at least one."""
    found = discover(http, bounded, url)
    if not found.candidates:
        asked = f" (asked: {', '.join(found.asked)})" if len(found.asked) > 1 else ""
        raise Error(f"{url}: {found.error or 'no feed was found there'}{asked}; give the feed's own address")
    return found


def choice(candidates: tuple[Candidate, ...], number: int | None) -> Candidate:
    """The candidate of that number, or the best."""
    if number is not None and number > len(candidates):
        raise UsageError(f"only {counted(len(candidates), 'feed was', 'feeds were')} found; choose one of them")
    return candidates[(number or 1) - 1]


def fetched(http: Http, bounded: Bounded, url: str) -> Document:
    """The feed that was announced, which must be one."""
    answer = fetch(http, FeedRequest(url))
    if answer.error or answer.answer is None:
        raise Error(f"{url}: {answer.error or 'it gave no answer'}")
    return read(bounded, answer.answer)


def table_of(config: Config, url: str, title: str, wishes: Wishes) -> dict[str, Any]:
    """The [[feeds]] table to write."""
    table: dict[str, Any] = {"name": wishes.name or free_name(title, url, config.feeds), "url": url}
    table |= {"every": wishes.every} if wishes.every else {}
    return table | ({"first_run": wishes.first_run} if wishes.first_run else {})


def free_name(title: str, url: str, taken: Iterable[str]) -> str:
    """A short name made of the feed's title, else of its host, that no other feed has."""
    host = (urlsplit(url).hostname or "feed").removeprefix("www.")
    words = re.findall(r"\w+", title.lower())[:4] if "://" not in title else []
    name = "-".join(words)[:40].strip("-_") or host
    taken, number, free = set(taken), 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return free


def shown(found: Discovery) -> Found:
    """What was found, as rows."""
    return [{"number": n, "url": c.url, "title": c.title, "how": c.how} for n, c in enumerate(found.candidates, 1)]


def tell(
    config: Config, found: Discovery, chosen: Candidate, document: Document, table: dict[str, Any], wishes: Wishes
) -> None:
    """What was found and what became of it."""
    if len(found.candidates) > 1:
        output.listing(shown(found), {"number": "", "title": "title", "url": "feed", "how": "found"})
        output.note(f"taken: {chosen.url}; another one with --choose NUMBER")
    entries = counted(len(document.entries), "entry", "entries")
    output.say(f"{document.title or chosen.url}: {document.kind}, {entries}")
    if wishes.dry:
        output.say("nothing was written")
        return
    output.say(
        f"written to {config.path.name} as “{table['name']}”; `standfirst run` takes it up when it is started again"
    )
    if not wishes.to and not any(EVERYTHING in route.feeds for route in config.routes):
        output.note(f"no route leads from it yet: add one to {config.path.name}, or use --to CHANNEL")
