"""Ask the pages of posted articles that left their feed: nothing is deleted that is still there."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from pipeline.feeds import canonical
from pipeline.feeds.absence import Asked, Said
from pipeline.feeds.cadence import Next
from pipeline.feeds.identity import Memory
from pipeline.model import Article, StoreError
from pipeline.stages import follow
from pipeline.stages.poll.hearing import Hearing
from pipeline.stages.poll.visit import GAP, Visit
from pipeline.store import articles, feeds
from pipeline.world import World

log = structlog.get_logger()

SURE = timedelta(minutes=10)  # a server that lags behind another hides an entry for a moment; a post stays that long
PAGES = 3  # asked at one poll: the feed is leased meanwhile


def ask(world: World, visit: Visit, hearing: Hearing) -> dict[int, Said]:
    """What the pages say of those that are missed for long enough, where a post of them would be deleted."""
    now, memory = world.now(), visit.memory
    if not hearing.ok or not memory.missing:
        return {}
    before = {one.seq: one for one in memory.asked}
    due = [seq for seq, since in memory.missing if now - since >= SURE and _due(before.get(seq), now)]
    with world.store.read() as tx:
        found = articles.by_seq(tx, due)
        wanted = [found[seq] for seq in due if seq in found and follow.would_delete(world, tx, found[seq])]
    return dict(_asked(world, visit, wanted[:PAGES]))


def _due(before: Asked | None, now: datetime) -> bool:
    return before is None or before.due_at <= now


def asked_soon(memory: Memory, after: Next, earliest: datetime) -> Next:
    """The next poll, or one at which the page of something that left the feed can be asked, if that is sooner."""
    before = {one.seq: one.due_at for one in memory.asked}
    at = min((before.get(seq, since + SURE) for seq, since in memory.missing), default=after.at)
    if max(at, earliest) >= after.at:
        return after
    return replace(after, at=max(at, earliest), reason="an article left the feed: whether it is gone is asked soon")


def _asked(world: World, visit: Visit, wanted: list[Article]) -> Iterator[tuple[int, Said]]:
    for article in wanted:
        with _turn(world, visit, canonical.host(article.link)) as ours:
            if ours:
                said = follow.page_says(world, article)
                log.info("page_asked", feed=visit.name, article=article.id, gone=said.gone, reason=said.words)
                yield article.seq, said


@contextmanager
def _turn(world: World, visit: Visit, host: str) -> Iterator[bool]:
    """One request at a time to a host, a second apart; one's own site is not paced (P19)."""
    if visit.own or not host:
        yield True
        return
    if host == visit.host:  # it is ours for this poll
        time.sleep(GAP.total_seconds())
        yield True
        return
    now = world.now()
    with world.store.begin(durable=False) as tx:
        ours = feeds.visit(tx, host, now, now + 2 * timedelta(seconds=follow.DEADLINE), GAP, by=world.process).now
    try:
        yield ours
    finally:
        if ours:
            with suppress(StoreError), world.store.begin(durable=False) as tx:
                feeds.leave(tx, host, world.now() + GAP, "it was visited a moment ago")
