"""Ask the feed once and read what came: a document, nothing new, or a failure as a sentence."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.feeds import cadence
from pipeline.feeds.fetch import FeedRequest, Fetched, fetch
from pipeline.feeds.parse import read
from pipeline.http import Answer
from pipeline.model import Document, Error
from pipeline.stages import follow
from pipeline.stages.poll.visit import DISPLAY, Visit
from pipeline.store import feeds
from pipeline.world import World

ACCEPTED_ILL = 3  # so often in a row the same half document is the whole one


@dataclass(frozen=True, slots=True)
class Hearing:
    """What one poll brought."""

    fetched: Fetched
    document: Document | None = None
    digest: bytes | None = None  # of the body
    error: str | None = None
    probed: bool = False  # asked without validators although there are some
    pushed: bool = False  # a hub brought the body

    @property
    def partial(self) -> bool:
        """Whether the document is not the feed's whole one: absence from it means nothing."""
        return self.pushed or self.fetched.partial

    @property
    def ok(self) -> bool:
        """Whether the server gave the feed or said that it has not changed."""
        return self.error is None


def hear(world: World, visit: Visit, body: bytes | None) -> Hearing:
    """Fetch and parse. Whatever goes wrong is a sentence: a poll always ends in a line of the log."""
    try:
        if body is not None:
            return _pushed(world, visit, body)
        return _asked(world, visit, world.now())
    except Exception as error:
        url = visit.feed.url
        sentence = str(error) if isinstance(error, Error) else f"the poll broke off: {type(error).__name__}"
        return Hearing(Fetched(url=url, final_url=url, error=sentence), error=sentence)


def _asked(world: World, visit: Visit, now: datetime) -> Hearing:
    row = visit.feed
    probe = _looks(world, visit, now) or cadence.probes(
        has_validators=bool(row.etag or row.last_modified),
        used_to_change=bool(visit.memory.arrivals),
        last_new=row.changed_at,
        probed=row.probed_at,
        now=now,
    )
    etag, last_modified = (None, None) if probe else (row.etag, row.last_modified)
    http = world.http.allowing(visit.config.allow_networks)
    request = FeedRequest(url=row.url, etag=etag, last_modified=last_modified, deltas=visit.config.deltas)
    fetched = fetch(http, request)
    if probe and fetched.status == 304:  # it says so whatever it is asked: it is believed for another week
        fetched = replace(fetched, not_modified=True, error=None, etag=row.etag, last_modified=row.last_modified)
    if fetched.error or fetched.not_modified or fetched.answer is None:
        return Hearing(fetched, error=fetched.error, probed=probe)
    return replace(_read(world, visit, fetched, fetched.answer), probed=probe)


def _looks(world: World, visit: Visit, now: datetime) -> bool:
    """Whether it is asked without validators because a post of it would follow its delete."""
    row = visit.feed
    validators = bool(row.etag or row.last_modified)
    if not cadence.looks(has_validators=validators, probed=row.probed_at, now=now):
        return False
    if not follow.deletes(world, visit.name):
        return False
    with world.store.read() as tx:
        return bool(feeds.on_display(tx, visit.name, now - DISPLAY))


def _pushed(world: World, visit: Visit, body: bytes) -> Hearing:
    answer = Answer(status=200, headers={}, body=body, url=visit.feed.url)
    fetched = Fetched(url=visit.feed.url, status=200, body=body, final_url=visit.feed.url, bytes=len(body))
    return replace(_read(world, visit, fetched, answer), pushed=True)


def _read(world: World, visit: Visit, fetched: Fetched, answer: Answer) -> Hearing:
    digest = hashlib.blake2b(answer.body, digest_size=16).digest()
    if digest == visit.feed.body_hash:
        return Hearing(fetched, digest=digest)
    try:
        document = read(world.bounded, answer)
    except Error as error:
        return Hearing(fetched, error=str(error))
    if document.truncated and _seen_before(visit, digest) + 1 >= ACCEPTED_ILL:
        document = replace(document, truncated=False)
    return Hearing(fetched, document=document, digest=digest)


def _seen_before(visit: Visit, digest: bytes) -> int:
    """How often in a row this very document came truncated."""
    last, times = visit.memory.ill
    return times if last == digest.hex() else 0
