"""What the sweep asks every second: which rows are due, and which leases have run out."""

from datetime import datetime, timedelta
from typing import Any

import structlog

from pipeline import channels as kinds
from pipeline.config import Config
from pipeline.model import ArticleState, Capabilities, Settlement, Stage
from pipeline.settle import lapse, taken_over
from pipeline.stages.deliver import lanes
from pipeline.store import Tx, articles, deliveries, feeds, history, processes
from pipeline.store import channels as rows
from pipeline.world import World

log = structlog.get_logger()


def due(world: World, limit: int = 200) -> list[tuple[Stage, str]]:
    """Everything that a message should be sent for now, at most `limit` a stage; a channel once for each free lane."""
    now = world.now()
    with world.store.read() as tx:
        found = [(Stage.POLL, name) for name in feeds.due(tx, now, limit)]
        found += [(Stage.TEASER, ident) for ident in articles.due(tx, ArticleState.NEW, now, limit)]
        for state, stage in ((ArticleState.TEASED, Stage.DEDUPE), (ArticleState.READY, Stage.FANOUT)):
            if articles.any_due(tx, state, now):
                found.append((stage, ""))
        for name in rows.due(tx, now):
            found += [(Stage.DELIVER, name)] * lanes.wanted(tx, world.config.channels.get(name), name, now)
    return found


def hands(config: Config, stage: Stage, ident: str) -> int:
    """How many workers one message's subject can use at once."""
    return lanes.of(config.channels.get(ident))[0] if stage == Stage.DELIVER else 1


def recover(world: World) -> int:
    """Settle deliveries whose worker was lost; gives how many. Cheap when there are none."""
    now = world.now()
    with world.store.read() as tx:
        if not deliveries.lapsed(tx, now, 1):
            return 0
    with world.store.begin() as tx:
        found = [row for row in deliveries.lapsed(tx, now) if _reclaim(world, tx, row)]
    for row in found:
        log.warning("lease_lapsed", delivery=row.id, channel=row.channel, attempt=row.attempt)
    return len(found)


def take_over(world: World, before: datetime) -> int:
    """Free what processes held that were last alive before that moment; gives how many rows. Cheap when there are none.

    Each lease is fenced by its row's attempt: a process that was only slow finds its lease lost and changes nothing.
    """
    with world.store.read() as tx:
        if not processes.silent(tx, before):
            return 0
    with world.store.begin() as tx:
        dead = processes.silent(tx, before)
        now = world.now()
        freed = feeds.free_of(tx, dead, now) + articles.free_of(tx, dead, now)
        freed += sum(_taken_over(world, tx, row, now) for row in deliveries.leased_of(tx, dead))
        processes.forget(tx, dead)
    log.warning("worker_lost", processes=dead, freed=freed)
    return freed


def _taken_over(world: World, tx: Tx, row: Any, now: datetime) -> bool:
    to = taken_over(row.intent_at, row.lapses, _can(world, row.channel), row.leased_until, now)
    return to is not None and _reclaimed(world, tx, row, to)


def reboot(world: World) -> None:
    """At the start of the only process of a store: every lease in it belongs to a process that is gone."""
    now = world.now()
    with world.store.begin() as tx:
        deliveries.lapse_all(tx, now - timedelta(microseconds=1))
        articles.free_all(tx)
        feeds.free_all(tx)
    recover(world)


def _reclaim(world: World, tx: Tx, row: Any) -> bool:
    return _reclaimed(world, tx, row, lapse(row.intent_at, row.lapses, _can(world, row.channel), world.now()))


def _reclaimed(world: World, tx: Tx, row: Any, to: Settlement) -> bool:
    if not deliveries.reclaim(tx, row, to):
        return False
    history.note(tx, row.article_seq, world.now(), "deliver", str(to.state), to.reason, row.channel)
    return True


def _can(world: World, channel: str) -> Capabilities | None:
    config = world.config.channels.get(channel)
    if config is None:
        return None
    can: Capabilities = kinds.build(config).CAN  # of this channel: a kind may do more with other settings
    return can
