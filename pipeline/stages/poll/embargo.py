"""An embargo follows the feed's later word until its post is sent (F25)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from pipeline import routes
from pipeline.feeds.cadence import Next
from pipeline.model import Action, Article, Delivery, DeliveryState
from pipeline.store import Tx, articles, deliveries, history
from pipeline.world import World

ASKED = timedelta(minutes=2)  # so long before an embargo ends, the feed is asked what it says now


def follow(world: World, tx: Tx, seq: int, published: datetime, now: datetime) -> list[str]:
    """Write the article's other date, and let what is not sent of it wait for it; gives the channels to hint."""
    before = articles.by_seq(tx, [seq])[seq]
    articles.redate(tx, seq, published)
    moved = []
    for one in deliveries.of_article(tx, seq):
        if one.state != DeliveryState.PENDING or one.action != Action.POST:
            continue
        due = _due(world, before, one, published, now)
        if due == one.due_at:
            continue
        reason = _told(published, now)
        if deliveries.change(tx, one.id, [one.state], one.state, reason, due):
            history.note(tx, seq, now, "poll", "redated", reason, one.channel)
            moved.append(one.channel)
    return moved


def _due(world: World, article: Article, one: Delivery, published: datetime, now: datetime) -> datetime:
    """When it may leave. One that waited for the old date waits for the new one, however near that is."""
    waited = one.due_at == article.published
    until = published if waited and published > now else None
    until = until or routes.embargo(published, now, world.config.feed_embargo(article.feed))
    if waited:
        return routes.when(article.first_seen, world.config.delay(article.feed), now, until)
    return max(one.due_at, until) if until else one.due_at


def _told(published: datetime, now: datetime) -> str:
    at = f"{published:%Y-%m-%d %H:%M} UTC"
    if published > now:
        return f"its feed dates it {at} now: it waits until then"
    return f"its feed dates it {at} now: it waits no longer"


def asked_before(ends: Iterable[datetime], after: Next, now: datetime) -> Next:
    """The next poll, or one shortly before the next embargo ends, if that is sooner."""
    asked = min((end - ASKED for end in ends if end - ASKED > now), default=after.at)
    if asked >= after.at:
        return after
    return replace(after, at=asked, reason="an article waits for its date: the feed is asked again shortly before")
