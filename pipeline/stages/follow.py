"""What follows a change of a posted article: an edit or a delete, as a delivery of its own.

Only where the channel's configuration says so (`edits = "follow"`, `deletes = "follow" | "ask"`) and its kind can.
"""

from collections.abc import Sequence
from datetime import datetime

from pipeline import channels as kinds
from pipeline import routes
from pipeline.config import ChannelConfig
from pipeline.feeds import absence
from pipeline.feeds.absence import Said
from pipeline.model import Action, Article, Capabilities, DeliveryState, Error
from pipeline.postings import Posting, by_channel, postings
from pipeline.store import Tx, articles, deliveries, history
from pipeline.text import stubs
from pipeline.world import World

S = DeliveryState
_WAITING = (S.PENDING, S.HELD)
_THERE_OR_COMING = (S.DELIVERED, S.PENDING, S.LEASED, S.UNCERTAIN)
DEADLINE = 6.0  # seconds for a page that is asked whether it is gone
BYTES = 2 * 1024 * 1024
AGAIN = "it is posted again"
BY_ITSELF = 1  # so often what was deleted is posted again without asking: a page that flaps is for a person


def page_says(world: World, article: Article) -> Said:
    """Ask an article's page whether it is gone."""
    if not article.link:
        return absence.silent("it has no address")
    try:
        http = world.http.allowing(world.config.feed(article.feed).allow_networks)
        answer = http.get(article.link, limit=BYTES, deadline=DEADLINE)
    except Error as error:
        return absence.silent(str(error))
    return absence.said(article.link, answer.status, answer.url)


def revised(world: World, tx: Tx, article: Article, now: datetime) -> list[str]:
    """Order an edit of every post that shows an older revision; gives the channels."""
    ordered = []
    for made in _postings(tx, article):
        config = world.config.channels.get(made.post.channel)
        if config is None or config.edits != "follow" or not made.stands or not _can(config).edit:
            continue
        shown = max(one.revision for one in made.all if one.state in _THERE_OR_COMING)
        if shown >= article.revision:
            continue
        if why := stubs.turned(_told(articles.as_of(tx, article, shown)), _told(article)):
            _keep_as_it_is(tx, article, made, f"{why}: the post stays as it is", now)
            continue
        _order(tx, article, made, Action.EDIT, S.PENDING, f"revision {article.revision}", now)
        ordered.append(made.post.channel)
    return ordered


def _told(article: Article) -> stubs.Told:
    return stubs.Told(article.title, article.summary, article.content)


def _keep_as_it_is(tx: Tx, article: Article, made: Posting, reason: str, now: datetime) -> None:
    """No edit into a stub; one that waits would be composed of the stub too."""
    for one in made.since:
        if one.action == Action.EDIT:
            deliveries.change(tx, one.id, _WAITING, S.CANCELLED, reason, None)
    history.note(tx, article.seq, now, "fanout", "not edited", reason, made.post.channel)


def deletes(world: World, feed: str) -> bool:
    """Whether a channel that a feed leads to deletes, or asks to, what vanishes from it."""
    names = list(world.config.channels)
    reached = {name for route in world.config.routes if _is_of(feed, route) for name in _channels(route, names)}
    return any(_follows(world.config.channels.get(name)) for name in reached)


def would_delete(world: World, tx: Tx, article: Article) -> bool:
    """Whether a post of the article stands, or waits, where it would be deleted if the article vanished."""
    mine = _postings(tx, article)
    return any(_follows(world.config.channels.get(made.post.channel)) and _deletable(made) for made in mine)


def vanished(world: World, tx: Tx, article: Article, reason: str, now: datetime) -> list[str]:
    """Its entry is gone: order the delete of each post, or ask a person; gives the channels to hint."""
    ordered = []
    for made in _postings(tx, article):
        config = world.config.channels.get(made.post.channel)
        if not _follows(config) or not _deletable(made):
            continue
        assert config is not None
        asks = config.deletes == "ask"
        _order(tx, article, made, Action.DELETE, S.HELD if asks else S.PENDING, reason, now)
        if not asks:
            ordered.append(made.post.channel)
    return ordered


def returned(world: World, tx: Tx, article: Article, reason: str, now: datetime) -> list[str]:
    """It is in its feed again: what waits to delete its posts is off, and what was deleted is posted again.

    By itself once, where the channel follows deletes; after that, and where it asks, it waits for a person: a page that
    comes and goes would be posted each time.
    """
    ordered = []
    for channel, found in _by_channel(_postings(tx, article)).items():
        made, config = found[-1], world.config.channels.get(channel)
        for one in made.since:
            if one.action == Action.DELETE and deliveries.change(tx, one.id, _WAITING, S.CANCELLED, reason, None):
                history.note(tx, article.seq, now, "poll", "not deleted", reason, channel)
        if config is None or config.deletes == "ignore" or not made.sent or made.stands:
            continue
        waits = config.deletes == "ask" or config.approval or len(found) > BY_ITSELF
        _post_again(tx, article, made, reason, now, waits=waits)
        ordered += [] if waits else [channel]
    return ordered


def _post_again(tx: Tx, article: Article, made: Posting, reason: str, now: datetime, *, waits: bool) -> None:
    said = f"{reason}, and its post was deleted: " + ("a person decides whether it is posted again" if waits else AGAIN)
    deliveries.add(
        tx,
        article,
        made.post.channel,
        state=S.HELD if waits else S.PENDING,
        due_at=None if waits else now,
        now=now,
        reason=said,
        ordinal=deliveries.next_ordinal(tx, article.seq, made.post.channel),
        republish_of=made.post.id,
    )
    history.note(tx, article.seq, now, "fanout", "waits" if waits else "will be posted", said, made.post.channel)


def retagged(world: World, tx: Tx, article: Article, now: datetime) -> None:
    """Keep back what waits for a channel from which the article's tags keep it now (F82): a route said so."""
    feeds = articles.feeds_of(tx, article.seq)
    ways = routes.ways(feeds, article.tags, world.config.routes, list(world.config.channels))
    refused = {way.channel: way.reason for way in ways if not way.goes}
    for one in deliveries.of_article(tx, article.seq):
        if one.channel not in refused or one.action != Action.POST or one.intent_at is not None:
            continue
        reason = refused[one.channel]
        if deliveries.change(tx, one.id, _WAITING, DeliveryState.FILTERED, reason, None):
            history.note(tx, article.seq, now, "poll", "filtered", reason, one.channel)


def _postings(tx: Tx, article: Article) -> list[Posting]:
    """The posts of an article on every channel."""
    mine = by_channel(deliveries.of_article(tx, article.seq))
    return [made for found in mine.values() for made in postings(found)]


def _by_channel(made: list[Posting]) -> dict[str, list[Posting]]:
    found: dict[str, list[Posting]] = {}
    for one in made:
        found.setdefault(one.post.channel, []).append(one)
    return found


def _deletable(made: Posting) -> bool:
    """Whether it stands and nothing was ordered about its delete; one that was refused is for a person."""
    return made.stands and all(one.action != Action.DELETE or one.state == S.CANCELLED for one in made.since)


def _follows(config: ChannelConfig | None) -> bool:
    return config is not None and config.deletes != "ignore" and _can(config).delete


def _is_of(feed: str, route: routes.Route) -> bool:
    return feed in route.feeds or routes.EVERYTHING in route.feeds


def _channels(route: routes.Route, names: list[str]) -> Sequence[str]:
    return names if routes.EVERYTHING in route.channels else route.channels


def _order(
    tx: Tx, article: Article, made: Posting, action: Action, state: DeliveryState, reason: str, now: datetime
) -> None:
    deliveries.add(
        tx,
        article,
        made.post.channel,
        state=state,
        due_at=now if state == S.PENDING else None,
        now=now,
        reason=reason,
        ordinal=deliveries.next_ordinal(tx, article.seq, made.post.channel),
        action=action,
        remote_id=made.last.remote_id,
        republish_of=made.last.id,
    )
    history.note(tx, article.seq, now, "fanout", f"{action} of the post", reason, made.post.channel)


def _can(config: kinds.Configured) -> Capabilities:
    can: Capabilities = kinds.build(config).CAN
    return can
