"""The poll stage: ask a feed, decide on its entries, keep articles and validators in one transaction.

`visit` takes and settles the feed's lease, `hearing` asks and reads, `archives` fills a gap, `absent` asks the pages of
what left the feed, `keeping` writes what was decided.
"""

import structlog

from pipeline.model import Stage
from pipeline.stages.poll import absent, archives, hearing, keeping, subscribing, visit
from pipeline.stages.poll.keeping import Kept
from pipeline.stages.poll.visit import Visit
from pipeline.world import World

log = structlog.get_logger()

__all__ = ["poll"]


def poll(world: World, name: str, by: str = "schedule", body: bytes | None = None) -> bool:
    """Poll one feed if it is due, or if somebody asked (`push`, `person`). `body`: what a hub pushed and signed.

    False: it was not its turn, or another worker has it.
    """
    began = visit.begin(world, name, by, asks=body is None)
    if began is None:
        return False
    heard = archives.fill(world, began, hearing.hear(world, began, body))
    kept = keeping.keep(world, began, heard, absent.ask(world, began, heard))
    if kept is None:
        log.warning("feed_lease_lost", feed=name, attempt=began.feed.attempt)
        return False
    for article in kept.new:
        world.hint(Stage.TEASER, article.ident)
    for channel in kept.channels:
        world.hint(Stage.DELIVER, channel)
    _say(began, kept)
    if subscribing.possible(world, began):
        subscribing.upkeep(world, name)
    elif began.unwanted is not None:
        subscribing.leave(world, began)
    return True


def _say(began: Visit, kept: Kept) -> None:
    """One line for the poll, one for each article that came or was held."""
    fields = dict(kept.line)
    if kept.line["error"]:
        log.warning("feed_failed", feed=began.name, **fields)
    else:
        log.info("feed_polled", feed=began.name, **fields)
    for article in kept.new:
        log.info("article_new", feed=began.name, article=article.ident, reason=article.reason, trace=article.trace)
    for article in kept.held[:20]:
        log.warning("article_held", feed=began.name, article=article.ident, reason=article.reason, trace=article.trace)
    for warning in kept.warnings:
        log.warning("feed_warned", feed=began.name, reason=warning)
