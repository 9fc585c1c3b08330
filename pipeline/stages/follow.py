"""What follows a change of a posted article: an edit or a delete, as a delivery of its own.

Only where the channel's configuration says so (`edits = "follow"`, `deletes = "follow" | "ask"`) and its kind can.
"""

from datetime import datetime

from pipeline import channels as kinds
from pipeline import routes
from pipeline.model import Action, Article, Capabilities, Delivery, DeliveryState
from pipeline.store import Tx, articles, deliveries, history
from pipeline.world import World

_WAITING = (DeliveryState.PENDING, DeliveryState.HELD)
_THERE_OR_COMING = (DeliveryState.DELIVERED, DeliveryState.PENDING, DeliveryState.LEASED, DeliveryState.UNCERTAIN)


def revised(world: World, tx: Tx, article: Article, now: datetime) -> list[str]:
    """Order an edit of every post that shows an older revision; gives the channels."""
    ordered = []
    for channel, mine in _posted(tx, article).items():
        config = world.config.channels.get(channel)
        last = max(d.revision for d in mine if d.state in _THERE_OR_COMING)
        if config is None or config.edits != "follow" or last >= article.revision or not _can(config).edit:
            continue
        _order(tx, article, mine, Action.EDIT, DeliveryState.PENDING, f"revision {article.revision}", now)
        ordered.append(channel)
    return ordered


def vanished(world: World, tx: Tx, article: Article, reason: str, now: datetime) -> list[str]:
    """Its entry is gone: order the post's delete, or ask a person; gives the channels to hint."""
    ordered = []
    for channel, mine in _posted(tx, article).items():
        config = world.config.channels.get(channel)
        if config is None or config.deletes == "ignore" or not _can(config).delete:
            continue
        if any(d.action == Action.DELETE for d in mine):
            continue
        asks = config.deletes == "ask"
        _order(tx, article, mine, Action.DELETE, DeliveryState.HELD if asks else DeliveryState.PENDING, reason, now)
        if not asks:
            ordered.append(channel)
    return ordered


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


def _posted(tx: Tx, article: Article) -> dict[str, list[Delivery]]:
    """Deliveries by channel, where there is a post with a remote id."""
    found: dict[str, list[Delivery]] = {}
    for one in deliveries.of_article(tx, article.seq):
        found.setdefault(one.channel, []).append(one)
    return {name: mine for name, mine in found.items() if _remote(mine)}


def _remote(mine: list[Delivery]) -> Delivery | None:
    there = [d for d in mine if d.state == DeliveryState.DELIVERED and d.remote_id and d.action != Action.DELETE]
    return there[-1] if there else None


def _order(
    tx: Tx, article: Article, mine: list[Delivery], action: Action, state: DeliveryState, reason: str, now: datetime
) -> None:
    post = _remote(mine)
    assert post is not None
    deliveries.add(
        tx,
        article,
        post.channel,
        state=state,
        due_at=now if state == DeliveryState.PENDING else None,
        now=now,
        reason=reason,
        ordinal=deliveries.next_ordinal(tx, article.seq, post.channel),
        action=action,
        remote_id=post.remote_id,
        republish_of=post.id,
    )
    history.note(tx, article.seq, now, "fanout", f"{action} of the post", reason, post.channel)


def _can(config: kinds.Configured) -> Capabilities:
    can: Capabilities = kinds.build(config).CAN
    return can
