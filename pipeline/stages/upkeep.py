"""What the memory of texts needs now and then: the archive taken in, the old forgotten, upgrades caught up with.

Small steps in transactions of their own before anything is decided. An upgrade that changes the fingerprint is caught
up with first, so that no article is decided on by a memory that cannot be read.
"""

from datetime import datetime, timedelta

import structlog

from pipeline.dedupe import VERSION
from pipeline.stages.recognise import EXACT, Desk
from pipeline.store import Store, articles, fingerprints, locks
from pipeline.store.fingerprints import Progress

log = structlog.get_logger()

STEP = 200


def upkeep(store: Store, window: timedelta, now: datetime) -> None:
    """Everything that is to be done, in small steps."""
    while _step(store, window, now):
        pass


def _step(store: Store, window: timedelta, now: datetime) -> bool:
    with store.begin() as tx:
        locks.serial(tx, "dedupe")
        desk = Desk(tx, window)
        before = fingerprints.progress(tx)
        after, renewed = _renew(desk, before)
        after, taken = _take_in(desk, after, now)
        after, aged = fingerprints.age(tx, after, now - window, STEP)
        gone = fingerprints.forget(tx, now - EXACT * window, STEP)
        desk.close()
        if after != before:
            fingerprints.note_progress(tx, after)
    if renewed:
        log.info("fingerprints_renewed", count=renewed)
    return STEP in (renewed, taken, aged, gone)


def _renew(desk: Desk, progress: Progress) -> tuple[Progress, int]:
    """Take the fingerprints anew where an earlier version took them."""
    if progress.version == VERSION:
        return progress, 0
    numbers = fingerprints.numbers_after(desk.tx, progress.renewed, STEP)
    found = articles.by_seq(desk.tx, numbers)
    desk.open(list(found.values()))
    for article in found.values():
        desk.remember(article, desk.read(article), own_story=False)
    fingerprints.drop(desk.tx, [number for number in numbers if number not in found])
    if len(numbers) < STEP:
        return Progress(VERSION, 0, 0, progress.taken_in), len(numbers)
    return Progress(progress.version, numbers[-1], progress.aged, progress.taken_in), len(numbers)


def _take_in(desk: Desk, progress: Progress, now: datetime) -> tuple[Progress, int]:
    """Remember what was in a feed before we were, and so never came by here."""
    found = fingerprints.not_taken_in(desk.tx, progress.taken_in, now - desk.window, STEP)
    desk.open(found)
    for article in found:
        desk.remember(article, desk.read(article), own_story=True)
    reached = fingerprints.settled_before(desk.tx, progress.taken_in, now) if len(found) < STEP else progress.taken_in
    return Progress(progress.version, progress.renewed, progress.aged, reached), len(found)
