"""Articles that leave their feed before, or after, they were sent; and those that come back."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from pipeline.feeds.identity import Memory
from pipeline.model import ArticleState, DeliveryState
from pipeline.stages import follow
from pipeline.stages.poll.planning import Plan
from pipeline.stages.poll.visit import Visit
from pipeline.store import Tx, articles, deliveries, feeds, history
from pipeline.world import World

VANISHED = "it vanished from its feed"
BACK = "it is in its feed again"
SURE = timedelta(minutes=10)  # a server that lags behind another hides an entry for a moment; a post stays that long


def follow_up(world: World, tx: Tx, visit: Visit, plan: Plan | None, channels: list[str], now: datetime) -> Memory:
    """Withdraw what vanished unsent, at once; what was sent, once that is sure. Gives the memory to keep."""
    memory = plan.memory if plan else replace(visit.memory, fleeting=0)  # nothing new was said: its ids last
    since = dict(memory.missing)
    if plan is not None and plan.whole:
        since = {seq: since.get(seq, now) for seq in plan.missing if not _withdrawn(tx, seq, now)}
    sure = [seq for seq, first in since.items() if now - first >= SURE]
    channels += [name for seq in sure for name in _gone(world, tx, seq, now)]
    left = tuple((seq, first) for seq, first in since.items() if seq not in sure)
    memory = memory if left == memory.missing else replace(memory, missing=left)
    return visit.memory if memory == visit.memory else memory


def _withdrawn(tx: Tx, seq: int, now: datetime) -> bool:
    """Withdraw an article of which nothing was sent; False when something was."""
    article = articles.by_seq(tx, [seq])[seq]
    if any(one.remote_id or one.attempt for one in deliveries.of_article(tx, seq)):
        return False
    feeds.vanished(tx, [seq], now)
    deliveries.cancel_unsent(tx, seq, VANISHED)
    reason = f"{VANISHED} before it was sent"
    articles.set_state(tx, seq, [article.state], ArticleState.WITHDRAWN, reason, now)
    history.note(tx, seq, now, "poll", "withdrawn", reason)
    return True


def _gone(world: World, tx: Tx, seq: int, now: datetime) -> Iterable[str]:
    feeds.vanished(tx, [seq], now)
    history.note(tx, seq, now, "poll", "vanished", VANISHED)
    return follow.vanished(world, tx, articles.by_seq(tx, [seq])[seq], VANISHED, now)


def back(world: World, tx: Tx, seq: int, now: datetime) -> None:
    """An article is in its feed again: what was withdrawn for that reason goes on."""
    feeds.vanished(tx, [seq], None)
    if articles.set_state(tx, seq, [ArticleState.WITHDRAWN], ArticleState.NEW, BACK, now):
        article = articles.by_seq(tx, [seq])[seq]
        due = max(now, article.first_seen + world.config.delay(article.feed))
        for one in deliveries.of_article(tx, seq):
            if one.state is DeliveryState.CANCELLED and one.reason == VANISHED:
                deliveries.change(tx, one.id, [one.state], DeliveryState.PENDING, BACK, due)
    history.note(tx, seq, now, "poll", "returned", BACK)
