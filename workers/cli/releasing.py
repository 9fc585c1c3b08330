"""Letting held articles, and the held deliveries of articles, go on."""

from collections.abc import Sequence
from typing import Any

from pipeline.model import Article, DeliveryState
from pipeline.stages import orders
from pipeline.store import deliveries, overview
from pipeline.world import World
from workers.cli.output import progress


def release(world: World, words: Sequence[str], feed: str | None) -> int:
    """Release these articles, or everything held (of a feed); how many go on."""
    if words:
        return sum(_one(world, orders.the_article(world, word)) for word in words)
    with world.store.read() as tx:
        found = overview.held_articles(tx, feed, limit=1_000_000)
    done = 0
    with progress("releasing", len(found)) as shown:
        for start in range(0, len(found), 100):
            done += len(orders.release(world, found[start : start + 100]))
            shown(start + 100)
    return done


def _one(world: World, article: Article) -> bool:
    """An article is released itself; of one that has gone on, the deliveries that are held."""
    if orders.release(world, [article]):
        return True
    with world.store.read() as tx:
        held = [one.id for one in deliveries.of_article(tx, article.seq) if one.state == DeliveryState.HELD]
    for ident in held:
        orders.retry(world, ident)
    return bool(held)


def meant(world: World, words: Sequence[str] | None, feed: str | None) -> dict[str, Any]:
    """What tells this order from others; of one article, as the API says it."""
    idents = [orders.the_article(world, word).id for word in words or []]
    return {"article": idents[0]} if len(idents) == 1 else {"articles": idents, "feed": feed}
