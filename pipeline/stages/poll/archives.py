"""Walk back through a feed's archives where its document has a gap (RFC 5005): nothing of a burst is lost.

A gap: no entry of the document is known, and the oldest of them is newer than anything that ever was.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from pipeline.feeds import canonical
from pipeline.feeds.fetch import FeedRequest, fetch
from pipeline.feeds.identity import keys
from pipeline.feeds.parse import read
from pipeline.model import Document, Entry, Error
from pipeline.stages.poll.hearing import Hearing
from pipeline.stages.poll.visit import GAP, Visit
from pipeline.store import feeds
from pipeline.wording import counted
from pipeline.world import World

PAGES = 10
ENTRIES = 1000
DEADLINE = 10.0  # seconds for one page …
PATIENCE = timedelta(seconds=40)  # … and for all of them: the feed is leased meanwhile


def fill(world: World, visit: Visit, hearing: Hearing) -> Hearing:
    """The same, with the entries between its document and what is known, as far as the archives have them."""
    document, newest = hearing.document, visit.memory.newest
    if document is None or document.previous is None or newest is None or hearing.partial or document.truncated:
        return hearing
    if not _gapes(world, visit, document.entries, newest):
        return hearing
    older = _walk(world, visit, document, newest)
    said = f"none of its entries was known: {counted(len(older), 'more was', 'more were')} found in its archives"
    filled = replace(document, entries=(*document.entries, *older), warnings=(*document.warnings, said))
    return replace(hearing, document=filled)


def _gapes(world: World, visit: Visit, entries: Sequence[Entry], newest: datetime) -> bool:
    if not entries or len(_after(entries, newest)) < len(entries):
        return False
    with world.store.read() as tx:  # a feed that gave all its articles new dates has no gap
        return not feeds.recognised(tx, visit.name, [alias.key for entry in entries for alias in keys.strong(entry)])[0]


def _after(entries: Sequence[Entry], newest: datetime) -> list[Entry]:
    dated = ((entry, keys.date(entry)) for entry in entries)
    return [entry for entry, when in dated if when is not None and when > newest]


def _walk(world: World, visit: Visit, document: Document, newest: datetime) -> list[Entry]:
    found: list[Entry] = []
    ends = time.monotonic() + PATIENCE.total_seconds()
    seen, url = {visit.feed.url}, document.previous
    while url and url not in seen and len(seen) <= PAGES and len(found) < ENTRIES and time.monotonic() < ends:
        seen.add(url)
        page = _page(world, visit, url)
        if page is None:
            break
        fresh = _after(page.entries, newest)
        found += fresh
        url = page.previous if len(fresh) == len(page.entries) else None
    return found[:ENTRIES]


def _page(world: World, visit: Visit, url: str) -> Document | None:
    """One page of the archives, of the feed's own host only; None where there is nothing to be read."""
    if canonical.host(url) != canonical.host(visit.feed.url):
        return None
    if visit.host:  # one request at a time, and politely spaced: the host is ours meanwhile
        time.sleep(GAP.total_seconds())
    http = world.http.allowing(visit.config.allow_networks)
    fetched = fetch(http, FeedRequest(url=url, deadline=DEADLINE))
    if fetched.error or fetched.answer is None:
        return None
    try:
        return read(world.bounded, fetched.answer)
    except Error:
        return None
