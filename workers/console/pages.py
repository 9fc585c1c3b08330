"""The pages: overview, feeds, channels, articles, deliveries, and one article's history."""

from collections import Counter
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from pipeline.model import Article, ArticleState, DeliveryState
from pipeline.store import Tx, articles, deliveries, history, overview
from pipeline.store import channels as mailboxes
from pipeline.store import joins as joined
from pipeline.wording import counted
from workers import comparing, joins, logs, needs, renewing
from workers.console.desk import Desk, Known
from workers.console.parameters import Before, Filter, Name
from workers.health import examine

PAGE = 50
# Where all of a kind are listed that the overview shows the first of.
LISTED = {
    "deliveries_uncertain": "/deliveries?state=uncertain",
    "deliveries_dead": "/deliveries?state=dead",
    "deliveries_held": "/deliveries?state=held",
    "articles_held": "/articles?state=held",
    "articles_doubtful": "/articles?state=held",
    "articles_set_aside": "/articles?state=set_aside",
}


router = APIRouter(include_in_schema=False)


@router.get("/")
def front(request: Request, desk: Known) -> Response:
    """What runs, what waits for a person, what was just posted."""
    world = desk.world
    found = needs.needs(world)
    with world.store.read() as tx:
        values = front_page(tx, desk, found)
    return desk.page(request, "overview.html", health=examine(world), **values)


@router.get("/feeds")
def feeds(request: Request, desk: Known) -> Response:
    """Every feed."""
    world = desk.world
    with world.store.read() as tx:
        rows = configured_feeds(tx, desk)
    return desk.page(request, "feeds.html", feeds=rows)


@router.get("/feed/{name}")
def feed(request: Request, desk: Known, name: Name) -> Response:
    """One feed: when and why it is polled, and what came."""
    world = desk.world
    with world.store.read() as tx:
        row = next((row for row in configured_feeds(tx, desk) if row["name"] == name), None)
        polls = overview.polls_of(tx, name, 50)
        found = overview.articles_list(tx, feed=name, limit=20)
        held = overview.held_count(tx, name)
    if row is None:
        return missing(desk, request, f"There is no feed called “{name}”.")
    return desk.page(request, "feed.html", feed=row, polls=polls, articles=found, held=held)


@router.get("/channels")
def channels(request: Request, desk: Known) -> Response:
    """Every channel."""
    world = desk.world
    with world.store.read() as tx:
        rows = told_channels(tx, desk)
    return desk.page(request, "channels.html", channels=rows)


@router.get("/channel/{name}")
def channel(request: Request, desk: Known, name: Name) -> Response:
    """One channel: its mailbox."""
    world = desk.world
    with world.store.read() as tx:
        row = next((row for row in told_channels(tx, desk) if row["name"] == name), None)
        found = overview.deliveries_list(tx, world.now(), channel=name, limit=PAGE)
    if row is None:
        return missing(desk, request, f"There is no channel called “{name}”.")
    return desk.page(request, "channel.html", channel=row, deliveries=found)


@router.get("/articles")
def article_list(request: Request, desk: Known, feed: Filter = "", state: Filter = "", before: Before = 0) -> Response:
    """Articles, newest first."""
    world = desk.world
    states = [state] if state in set(ArticleState) else []
    with world.store.read() as tx:
        rows = overview.articles_list(tx, feed=feed or None, states=states, limit=PAGE + 1, before=before or None)
    return desk.page(
        request,
        "articles.html",
        articles=rows[:PAGE],
        more=rows[PAGE - 1]["seq"] if len(rows) > PAGE else None,
        feed=feed,
        state=state,
        feeds=list(desk.config.feeds),
        states=list(ArticleState),
    )


@router.get("/deliveries")
def delivery_list(
    request: Request, desk: Known, channel: Filter = "", state: Filter = "", before: Before = 0
) -> Response:
    """Deliveries, newest first."""
    world = desk.world
    states = [state] if state in set(DeliveryState) else []
    with world.store.read() as tx:
        rows = overview.deliveries_list(
            tx, world.now(), channel=channel or None, states=states, limit=PAGE + 1, before=before or None
        )
    return desk.page(
        request,
        "deliveries.html",
        deliveries=rows[:PAGE],
        more=rows[PAGE - 1]["id"] if len(rows) > PAGE else None,
        channel=channel,
        state=state,
        channels=list(desk.config.channels),
        states=list(DeliveryState),
    )


@router.get("/article/{ident}")
def article(request: Request, desk: Known, ident: Name) -> Response:
    """One article's history."""
    world = desk.world
    with world.store.read() as tx:
        found = articles.get(tx, ident)
        values = story(tx, found, world.now()) if found else {}
    if found is None:
        return missing(desk, request, "There is no such article.")
    pair = comparing.asked(world, found)
    compared = comparing.explained(world, pair) if pair else None
    channels = list(desk.config.channels)
    return desk.page(request, "article.html", article=found, channels=channels, compared=compared, **values)


def missing(desk: Desk, request: Request, what: str) -> Response:
    """A page that is not there."""
    return desk.page(request, "problem.html", status=404, title="Not here", words=what, back="")


def configured_feeds(tx: Tx, desk: Desk) -> list[dict[str, Any]]:
    """Every configured feed with its row, also before its first poll."""
    rows = {row["name"]: row for row in overview.feeds_list(tx)}
    unpolled = dict.fromkeys(
        ("polled_at", "due_at", "changed_at", "error", "title", "failing_since", "baseline_at"), None
    ) | {"state": "active", "reason": "", "due_reason": "", "failures": 0, "interval_s": 0}
    found = [
        unpolled | {"name": name, "url": feed.url} | rows.get(name, {}) | {"every_s": feed.every.total_seconds()}
        for name, feed in desk.config.feeds.items()
    ]
    for row in found:
        row["url"] = logs.redact(str(row["url"]))  # an address may hold a token
    return found


def told_channels(tx: Tx, desk: Desk) -> list[dict[str, Any]]:
    """Every channel with its mailbox; where its credentials work no longer, with what to do as `renew`."""
    rows = overview.channels_list(tx, desk.world.now())
    lost = overview.without_credentials(tx)
    for row in rows:
        config = desk.config.channels.get(row["name"])
        row["renew"] = renewing.steps(desk.config, config) if config and row["name"] in lost else []
    return rows


def front_page(tx: Tx, desk: Desk, found: list[needs.Need]) -> dict[str, Any]:
    """What the overview shows, read at one moment; `found` is what needs a person."""
    now = desk.world.now()
    channels = told_channels(tx, desk)
    wanting = {need.key for need in found}
    troubled = {need.subject for need in found if need.kind.startswith("feed_")}
    cards = {
        "waiting": overview.for_a_person(tx, now),
        "held": overview.held_together(tx),
        "aside": overview.articles_list(tx, states=[ArticleState.SET_ASIDE], limit=10),
    }
    silenced = joins.silent(desk.world, tx)
    doubtful = {one.id for one in joined.doubted(tx)}
    return cards | {
        "needs": found,
        "needs_count": needs.total(found),
        "more": more(found, cards, doubtful),
        "doubtful": doubtful,
        "silenced": silenced[:10],
        "silenced_count": len(silenced),
        "counts": overview.counts(tx, now),
        "queues": overview.queues(tx, now),
        "channels": channels,
        "paused": [row for row in channels if ("channel_paused", row["name"]) in wanting],
        "retried": [row for row in configured_feeds(tx, desk) if row["failures"] and row["name"] not in troubled],
        "feed_count": len(desk.config.feeds),
        "latest": overview.deliveries_list(tx, now, states=[DeliveryState.DELIVERED], limit=12),
    }


def more(found: list[needs.Need], cards: dict[str, list[dict[str, Any]]], doubtful: set[str]) -> list[tuple[str, str]]:
    """Where the rest is (an address and its words) of what has more than the page shows."""
    shown = Counter(f"deliveries_{row['state']}" for row in cards["waiting"])
    shown |= Counter(f"articles_{row['state']}" for row in cards["aside"])
    held = [row for group in cards["held"] for row in group["articles"]]
    shown["articles_doubtful"] = sum(row["id"] in doubtful for row in held)
    shown["articles_held"] = sum(row["n"] for row in cards["held"]) - shown["articles_doubtful"]
    return [
        (LISTED[kind], counted(count, *needs.WAITING[kind]))
        for kind, count in needs.by_kind(found).items()
        if kind in LISTED and count > shown[kind]
    ]


def story(tx: Tx, article: Article, now: datetime) -> dict[str, Any]:
    """One article's whole history."""
    attempts: dict[int, list[dict[str, Any]]] = {}
    for row in overview.attempts_of(tx, article.seq):
        attempts.setdefault(row["delivery_id"], []).append(row)
    return {
        "steps": history.of_article(tx, article.seq),
        "deliveries": deliveries.of_article(tx, article.seq),
        "rests": mailboxes.resting(tx, now),
        "attempts": attempts,
        "left": overview.left_to_a_person(tx, article.seq),
        "through": articles.feeds_of(tx, article.seq),
    }
