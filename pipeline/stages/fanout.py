"""The fan-out stage: a ready article → one delivery for each channel its routes reach, and when it is due."""

from datetime import datetime

import structlog

from pipeline import channels as kinds
from pipeline import routes
from pipeline.compose import template
from pipeline.config import ChannelConfig
from pipeline.model import Article, ArticleState, DeliveryState, Stage
from pipeline.stages import follow, suspects
from pipeline.store import Tx, articles, deliveries, history, locks
from pipeline.world import World

log = structlog.get_logger()

BATCH = 50
NO_ADDRESS = "the feed gave no address, and this channel's template shows one: retry sends it without"


def fanout(world: World) -> None:
    """Write the deliveries of everything that is ready, in the order of first sight."""
    while _batch(world):
        pass


def _batch(world: World) -> bool:
    taken, more = suspects.take(world, Stage.FANOUT, ArticleState.READY, BATCH, lambda _tx, found, _now: found)
    if not taken:
        return more
    with suspects.claimed(world, taken), world.store.begin() as tx:
        locks.serial(tx, "fanout")
        now = world.now()
        found = articles.claimed(tx, ArticleState.READY, taken)
        told = [(article, _fan(world, tx, article, now)) for article in found]
    for article, channels in told:
        log.info("article_fanned", article=article.id, feed=article.feed, channels=channels, trace=article.trace)
    for channel in dict.fromkeys(name for _, channels in told for name in channels):
        world.hint(Stage.DELIVER, channel)
    return more


def _fan(world: World, tx: Tx, article: Article, now: datetime) -> list[str]:
    """One delivery a channel; those that are there already stay as they are. Gives the channels that got one."""
    feeds = articles.feeds_of(tx, article.seq)
    ways = routes.ways(feeds, article.tags, world.config.routes, list(world.config.channels))
    due = routes.when(article.first_seen, world.config.delay(article.feed), now, _embargo(world, article, now))
    sent = [way.channel for way in ways if _write(world, tx, article, way, due, now)]
    sent += follow.revised(world, tx, article, now)
    reason = "" if ways else f"no route leads from {', '.join(feeds)}"
    if articles.move(tx, article, ArticleState.FANNED, reason) and not ways:
        history.note(tx, article.seq, now, "fanout", "goes nowhere", reason)
    return sent


def _write(world: World, tx: Tx, article: Article, way: routes.Way, due: datetime, now: datetime) -> bool:
    """Write the delivery of one way; True when a new one will be sent."""
    state, decision, reason = _fate(world, article, way)
    at = due if state == DeliveryState.PENDING else None
    if deliveries.add(tx, article, way.channel, state=state, due_at=at, now=now, reason=reason) is None:
        return False
    history.note(tx, article.seq, now, "fanout", decision, reason, way.channel)
    return state == DeliveryState.PENDING


def _fate(world: World, article: Article, way: routes.Way) -> tuple[DeliveryState, str, str]:
    if not way.goes:
        return DeliveryState.FILTERED, "filtered", way.reason
    channel = world.config.channels.get(way.channel)
    if channel and channel.approval:
        return DeliveryState.HELD, "waits for approval", "every post here waits for a person"
    if channel and not article.link and _shows_link(channel):
        return DeliveryState.HELD, "waits for a person", NO_ADDRESS
    return DeliveryState.PENDING, "will be posted", way.reason


def _shows_link(channel: ChannelConfig) -> bool:
    """Whether the post's text has the article's address in it, and nothing that stands in for one.

    A kind that sends the address as a field of its own shows one in its text only where the operator's template does.
    """
    can = kinds.channel_class(channel.kind).CAN
    source = channel.template or (can.template if can.link_in_text else "")
    pieces = (piece for piece in template.read(source).pieces if piece.field == "link")
    return any(all(name != "or" for name, _ in piece.filters) for piece in pieces)


def _embargo(world: World, article: Article, now: datetime) -> datetime | None:
    """A date in the future is an embargo as the feed's settings say."""
    return routes.embargo(article.published, now, world.config.feed_embargo(article.feed))
