"""Joins that nobody would notice: the article joined another, and a channel that it reaches has neither post.

A join is right where the channel has the first article's post. Where that was never written (the first one was in the
feed before we were), was cancelled, or kept away by its tags, the story is in no post there, and a person is told.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pipeline import routes
from pipeline.model import Article, ArticleState, DeliveryState
from pipeline.stages import orders
from pipeline.store import Tx, joins
from pipeline.world import World

NEWS = timedelta(days=7)  # an older one is in the listing and no longer asks for attention
UNSENT = (DeliveryState.CANCELLED, DeliveryState.FILTERED)


@dataclass(frozen=True, slots=True)
class Silent:
    """An article that joined another, and the channels that have a post of neither."""

    article: Article
    story: Article
    channels: tuple[str, ...]


def silent(world: World, tx: Tx, news: timedelta = NEWS) -> list[Silent]:
    """The newest first. What a person decided (one story, discarded, skipped) is not among them."""
    pairs = _undecided(tx, joins.since(tx, world.now() - news))
    numbers = {article.seq for pair in pairs for article in pair}
    feeds = joins.feeds(tx, numbers)
    posted = {(row.article_seq, row.channel) for row in joins.posted(tx, numbers) if _counts(row)}
    found = []
    for article, story in pairs:
        reached = _reached(world, article, feeds.get(article.seq, []))
        lost = [name for name in reached if not {(article.seq, name), (story.seq, name)} & posted]
        if lost:
            found.append(Silent(article, story, tuple(lost)))
    return found


def _undecided(tx: Tx, joined: list[Article]) -> list[tuple[Article, Article]]:
    """Each with its story, where that gets no further post by itself and no person has said that they are one."""
    stories = joins.stories(tx, joined)
    same = joins.said(tx, [one.id for one in joined], "same")
    pairs = [(one, stories[one.joined_to]) for one in joined if one.joined_to in stories]
    return [(one, story) for one, story in pairs if _is_decided(story) and frozenset((one.id, story.id)) not in same]


def _counts(row: Any) -> bool:
    """Whether it is a post, or a person has decided that there is none."""
    return row.state not in UNSENT or row.reason == orders.SKIPPED


def _is_decided(story: Article) -> bool:
    discarded = story.state == ArticleState.WITHDRAWN and story.reason == orders.DISCARDED
    return story.state in joins.DECIDED and not discarded


def _reached(world: World, article: Article, feeds: list[str]) -> list[str]:
    ways = routes.ways(feeds, article.tags, world.config.routes, list(world.config.channels))
    return [way.channel for way in ways if way.goes and way.channel in world.config.channels]
