"""Articles that leave their feed before, or after, they were sent; and those that come back."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from pipeline.feeds import absence, cadence
from pipeline.feeds.absence import Asked, Said
from pipeline.feeds.identity import Memory
from pipeline.model import ArticleState, DeliveryState
from pipeline.stages import follow
from pipeline.stages.poll.absent import SURE
from pipeline.stages.poll.planning import Plan
from pipeline.stages.poll.visit import Visit
from pipeline.store import Tx, articles, deliveries, feeds, history
from pipeline.world import World

VANISHED = "it vanished from its feed"
BACK = "it is in its feed again"


def follow_up(
    world: World, tx: Tx, visit: Visit, plan: Plan | None, said: Mapping[int, Said], channels: list[str], now: datetime
) -> Memory:
    """Withdraw what vanished unsent, at once; what was sent, once that is sure. Gives the memory to keep."""
    memory = plan.memory if plan else replace(visit.memory, fleeting=0)  # nothing new was said: its ids last
    asked = {one.seq: one for one in memory.asked}
    since = dict(memory.missing)
    if plan is not None and plan.whole:
        for seq, when in plan.set_back:
            articles.redate(tx, seq, when)
        # What is missed stays in question until it is back, whatever the window shows meanwhile.
        kept = {seq: first for seq, first in since.items() if seq not in plan.present}
        since = kept | {seq: since.get(seq, now) for seq in plan.missing if not _withdrawn(tx, seq, now)}
    for seq in [seq for seq, first in since.items() if now - first >= SURE]:
        settled, told = _judged(world, tx, seq, said.get(seq), now, since[seq], asked.get(seq))
        channels += told
        if settled:
            del since[seq]
    asked |= {seq: _again(asked.get(seq), seq, one, now) for seq, one in said.items()}
    left = tuple(since.items())
    questions = tuple(asked[seq] for seq in since if seq in asked)
    memory = replace(memory, missing=left, asked=questions)
    return visit.memory if memory == visit.memory else memory


def _again(before: Asked | None, seq: int, said: Said, now: datetime) -> Asked:
    return Asked(seq, now, before.times + 1 if before else 1, said.words)


def _judged(
    world: World, tx: Tx, seq: int, said: Said | None, now: datetime, since: datetime, before: Asked | None
) -> tuple[bool, list[str]]:
    """What becomes of one that stays away: whether that is settled, and the channels with something to do."""
    article = articles.by_seq(tx, [seq])[seq]
    if not follow.would_delete(world, tx, article):
        return True, list(_gone(world, tx, seq, VANISHED, now))
    if said is None:
        return False, []  # its page was not asked yet, or not again
    if said.gone:
        return True, list(_gone(world, tx, seq, f"{VANISHED}, and {said.words}", now))
    if now - since >= absence.PATIENCE:
        reason = f"{VANISHED} {cadence.spoken(now - since)} ago, but {said.words}: its posts stay"
        feeds.vanished(tx, [seq], now)
        history.note(tx, seq, now, "poll", "posts stay", reason)
        return True, []
    if before is None or before.said != said.words:
        reason = f"{VANISHED}, but {said.words}: its posts stay; it is asked again, ever more rarely"
        history.note(tx, seq, now, "poll", "not deleted", reason)
    return False, []


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


def _gone(world: World, tx: Tx, seq: int, reason: str, now: datetime) -> Iterable[str]:
    feeds.vanished(tx, [seq], now)
    history.note(tx, seq, now, "poll", "vanished", reason)
    return follow.vanished(world, tx, articles.by_seq(tx, [seq])[seq], reason, now)


def back(world: World, tx: Tx, seq: int, now: datetime) -> list[str]:
    """An article is in its feed again: what was withdrawn for that reason goes on. Gives the channels to hint."""
    feeds.vanished(tx, [seq], None)
    history.note(tx, seq, now, "poll", "returned", BACK)
    if articles.set_state(tx, seq, [ArticleState.WITHDRAWN], ArticleState.NEW, BACK, now):
        article = articles.by_seq(tx, [seq])[seq]
        due = max(now, article.first_seen + world.config.delay(article.feed))
        for one in deliveries.of_article(tx, seq):
            if one.state is DeliveryState.CANCELLED and one.reason == VANISHED:
                deliveries.change(tx, one.id, [one.state], DeliveryState.PENDING, BACK, due)
        return []
    return follow.returned(world, tx, articles.by_seq(tx, [seq])[seq], BACK, now)
