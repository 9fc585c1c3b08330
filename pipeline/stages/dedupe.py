"""The dedupe stage: teased → ready, or joined to an earlier article. Serial, in the order of first sight."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import structlog

from pipeline.model import Article, ArticleState, Stage
from pipeline.store import Tx, articles, deliveries, history, locks
from pipeline.world import World

log = structlog.get_logger()

BATCH = 50
# How long an article waits for earlier ones of its feed that still have no teaser, so that posts keep their order.
PATIENCE = timedelta(seconds=60)


def dedupe(world: World) -> None:
    """Decide on everything that is teased. Serial across all workers: two copies arriving together cannot both win."""
    while _batch(world):
        pass


def _batch(world: World) -> bool:
    now = world.now()
    with world.store.begin() as tx:
        locks.serial(tx, "dedupe")
        found = articles.open_before(tx, ArticleState.TEASED, now, BATCH)
        decided = [(article, *_decide(tx, article, now)) for article in _in_order(tx, found, now)]
    for article, decision, reason in decided:
        log.info(
            "article_judged",
            article=article.id,
            feed=article.feed,
            decision=decision,
            reason=reason,
            trace=article.trace,
        )
    if decided:
        world.hint(Stage.FANOUT, "")
    return len(decided) == BATCH


def _in_order(tx: Tx, found: list[Article], now: datetime) -> Iterator[Article]:
    waiting: set[str] = set()
    for article in found:
        if article.feed in waiting:
            continue
        if articles.unfinished(tx, ArticleState.NEW, article.feed, article.seq, now - PATIENCE):
            waiting.add(article.feed)
            continue
        yield article


def _decide(tx: Tx, article: Article, now: datetime) -> tuple[str, str]:
    if article.revision > 1 and deliveries.of_article(tx, article.seq):
        articles.move(tx, article, ArticleState.READY, "an edit of an article that has its deliveries", due_at=now)
        return "revised", "an edit of an article that has its deliveries"
    first = articles.same_link_elsewhere(tx, article)
    if first is None:
        articles.move(tx, article, ArticleState.READY, "a story of its own", due_at=now)
        history.note(tx, article.seq, now, "dedupe", "its own story", "no earlier article has its address")
        return "different", "no earlier article has its address"
    reason = f"the same address as {first.id} from {first.feed}"
    join(tx, article, first, reason, now)
    return "same", reason


def join(tx: Tx, article: Article, first: Article, reason: str, now: datetime) -> None:
    """Make the article part of an earlier one: its feeds' routes add up there, no channel gets it twice."""
    articles.move(tx, article, ArticleState.JOINED, reason, joined_to=first.id)
    history.note(tx, article.seq, now, "dedupe", f"joined {first.id}", reason)
    fresh = articles.seen_through(tx, first.seq, articles.feeds_of(tx, article.seq), now)
    if fresh:
        history.note(tx, first.seq, now, "dedupe", f"{article.id} joined", f"it also came through {', '.join(fresh)}")
        articles.set_state(
            tx, first.seq, [ArticleState.FANNED], ArticleState.READY, "further routes through a feed that joined", now
        )
