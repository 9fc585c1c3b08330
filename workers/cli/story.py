"""`standfirst explain`: each step's decision on an article, each delivery, each attempt, and what is next."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pipeline.model import Article, ArticleState, Delivery, DeliveryState
from pipeline.stages import orders
from pipeline.store import articles, channels, deliveries, history, overview
from pipeline.wording import counted
from pipeline.world import World
from workers.cli import output

Told = dict[str, Any]

NEXT: Mapping[ArticleState, str] = {
    ArticleState.NEW: "its teaser is written",
    ArticleState.TEASED: "it is compared with earlier articles",
    ArticleState.READY: "its deliveries are written",
    ArticleState.HELD: "it waits for a person: standfirst release {id}, or standfirst discard {id}",
    ArticleState.SET_ASIDE: "it waits for a person: standfirst release {id} tries again",
    ArticleState.ARCHIVED: "nothing: it was in the feed before we were; standfirst release {id} posts it all the same",
    ArticleState.WITHDRAWN: "nothing: it will not be sent",
}


def of(world: World, words: str) -> Told:
    """Everything known of an article."""
    article = orders.the_article(world, words)
    now = world.now()
    with world.store.read() as tx:
        mine = deliveries.of_article(tx, article.seq)
        rows = {name: channels.get(tx, name) for name in {one.channel for one in mine}}
        told: Told = {
            "article": _about(article, articles.feeds_of(tx, article.seq)),
            "steps": [_step(step) for step in history.of_article(tx, article.seq)],
            "deliveries": [_delivery(one, rows[one.channel], now) for one in mine],
            "attempts": [_attempt(row) for row in overview.attempts_of(tx, article.seq)],
        }
    return told | {"next": next_of(article, mine)}


def _about(article: Article, feeds: list[str]) -> Told:
    names = ("id", "feed", "state", "reason", "title", "link", "published", "first_seen", "language", "authors", "tags")
    more = ("teaser", "teaser_source", "teaser_reason", "revision", "joined_to", "trace")
    about = {name: getattr(article, name) for name in (*names, *more)}
    return about | {"feeds": feeds, "image": article.image.url if article.image else None}


def _step(step: Any) -> Told:
    return {name: getattr(step, name) for name in ("at", "stage", "decision", "reason", "channel")}


def _attempt(row: Mapping[str, Any]) -> Told:
    names = ("delivery_id", "channel", "attempt", "started_at", "ended_at", "outcome", "status", "reason")
    return {name: row[name] for name in names}


def _delivery(one: Delivery, channel: Any, now: datetime) -> Told:
    names = ("id", "channel", "state", "action", "reason", "due_at", "attempt", "delivered_at", "remote_url", "key")
    return {name: getattr(one, name) for name in names} | {
        "text": one.post.text if one.post else None,
        "next": next_of_delivery(one, channel, now),
    }


def next_of(article: Article, mine: list[Delivery]) -> str:
    """What happens to an article next, in words."""
    if article.state == ArticleState.JOINED:
        return f"nothing: it is the same story as {article.joined_to}; standfirst explain {article.joined_to}"
    if article.state in NEXT:
        return NEXT[article.state].format(id=article.id)
    if not mine:
        return "nothing: no route leads from it to a channel"
    unsettled = [one for one in mine if one.state in (DeliveryState.PENDING, DeliveryState.LEASED)]
    if unsettled:
        return f"{counted(len(unsettled), 'delivery is', 'deliveries are')} on the way"
    waiting = [one for one in mine if one.state in (DeliveryState.UNCERTAIN, DeliveryState.DEAD, DeliveryState.HELD)]
    return (
        f"{counted(len(waiting), 'delivery waits', 'deliveries wait')} for a person"
        if waiting
        else "nothing: all is done"
    )


def next_of_delivery(one: Delivery, channel: Any, now: datetime) -> str:
    """What happens to a delivery next, in words."""
    match one.state:
        case DeliveryState.PENDING:
            return _when_sent(one, channel, now)
        case DeliveryState.LEASED:
            return "it is being sent"
        case DeliveryState.UNCERTAIN:
            return f"it is looked up, or a person says: standfirst resolve {one.id} --there (or --not-there)"
        case DeliveryState.DEAD | DeliveryState.HELD:
            return f"a person decides: standfirst retry {one.id}"
        case DeliveryState.DELIVERED:
            return ""
    return f"nothing; standfirst retry {one.id} sends it all the same"


def _when_sent(one: Delivery, channel: Any, now: datetime) -> str:
    if channel is None or channel.retired_at:
        return "it waits: its channel is not in the configuration"
    if channel.paused_at:
        return f"it waits: its channel is paused ({channel.paused_reason}); standfirst resume {one.channel}"
    due, goes_on = one.due_at or now, channel.next_send_at or now
    if goes_on > max(due, now):
        return f"it waits: {output.resting(goes_on, channel.rest_reason)}"
    return "it is sent as soon as its turn comes" if due <= now else f"it is sent {output.ago(due, now)}"


def tell(told: Told) -> None:
    """The same for people."""
    article = told["article"]
    print(output.painted(article["title"] or article["link"], "bold"))
    output.say(article["link"])
    reason = f" ({article['reason']})" if article["reason"] else ""
    output.say(f"{article['id']} · {article['feed']} · {article['state']}{reason} · trace {article['trace']}")
    if article["teaser"]:
        output.gap()
        output.say(f"teaser, from the {article['teaser_source']} ({article['teaser_reason']}):")
        output.say(f"  {article['teaser']}")
    output.heading("what happened")
    for step in told["steps"]:
        _tell_step(step)
    if told["deliveries"]:
        output.heading("deliveries")
    for one in told["deliveries"]:
        _tell_delivery(one, [row for row in told["attempts"] if row["delivery_id"] == one["id"]])
    output.gap()
    output.say(f"next: {told['next']}")


def _tell_step(step: Told) -> None:
    channel = f" [{step['channel']}]" if step["channel"] else ""
    reason = f": {step['reason']}" if step["reason"] else ""
    output.say(f"  {output.cell(step['at'])}  {step['stage']:<8} {step['decision']}{channel}{reason}")


def _tell_delivery(one: Told, attempts: list[Told]) -> None:
    state = output.coloured(one["state"])
    reason = f": {output.clean(one['reason'])}" if one["reason"] else ""
    action = "" if one["action"] == "post" else f" ({one['action']})"
    print(f"  {one['id']} {output.clean(one['channel'])}{action}  {state}{reason}")
    if one["remote_url"]:
        output.say(f"      {one['remote_url']}")
    for row in attempts:
        status = f" {row['status']}" if row["status"] else ""
        said = f": {row['reason']}" if row["reason"] else ""
        output.say(
            f"      attempt {row['attempt']} at {output.cell(row['started_at'])}: {row['outcome']}{status}{said}"
        )
    if one["next"]:
        output.say(f"      next: {one['next']}")
