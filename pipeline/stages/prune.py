"""Prune: let go of what is older than the retention, in small steps that keep nobody waiting."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from pipeline.store import feeds, orders, retention
from pipeline.world import World

log = structlog.get_logger()

STEP = 500
ORDERS_KEPT = timedelta(days=7)  # a repeated order is recognised for so long

Told = Callable[[int], None]


def prune(world: World, shown: Told = lambda _: None) -> dict[str, int]:
    """Forget old texts, histories, polls, sessions and keys of orders; how many. `shown` hears how far it is."""
    now = world.now()
    found = {
        "articles": _texts(world, now - world.config.settings.retention, shown),
        "polls": _polls(world, now),
        "expired": _expired(world, now),
        "orders": _orders(world, now - ORDERS_KEPT),
    }
    if any(found.values()):
        log.info("store_pruned", **found)
    return found


def _texts(world: World, before: datetime, shown: Told) -> int:
    done, last = 0, 0
    while True:
        with world.store.read() as tx:
            seqs = retention.finished_before(tx, before, last, STEP)
        if not seqs:
            return done
        with world.store.begin() as tx:
            retention.forget_texts(tx, seqs)
        done, last = done + len(seqs), seqs[-1]
        shown(done)


def _polls(world: World, now: datetime) -> int:
    done = 0
    while True:
        with world.store.begin() as tx:
            gone = feeds.prune_polls(tx, now, STEP)
        done += gone
        if gone < STEP:
            return done


def _expired(world: World, now: datetime) -> int:
    with world.store.begin() as tx:
        return retention.forget_expired(tx, now)


def _orders(world: World, before: datetime) -> int:
    with world.store.begin() as tx:
        return orders.forget(tx, before)
