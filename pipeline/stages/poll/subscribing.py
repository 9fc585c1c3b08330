"""Ask a feed's hub to tell us of news, and again before it forgets us. Done beside polls: rows, no timer of its own."""

import secrets
from datetime import datetime, timedelta
from typing import Any

import structlog

from pipeline.feeds import canonical, websub
from pipeline.feeds.websub import Offer
from pipeline.model import Error
from pipeline.stages.poll.hearing import Hearing
from pipeline.stages.poll.visit import Visit
from pipeline.store import Tx, subscriptions
from pipeline.world import World

log = structlog.get_logger()

LATE = timedelta(minutes=10)  # a hub that told of something so shortly before is awake
OFF = "the feed is not to be pushed any more"
PATH = "/websub/"  # and the token: unguessable, one for each subscription


def possible(world: World, visit: Visit) -> bool:
    """Whether a hub could reach us, and may."""
    return bool(world.config.settings.public_url) and visit.config.push


def note(tx: Tx, visit: Visit, hearing: Hearing, now: datetime) -> None:
    """Remember what hub the feed names."""
    document, fetched = hearing.document, hearing.fetched
    if document is None or hearing.pushed:
        return
    offer = websub.offered(
        visit.feed.url,
        header_hubs=fetched.hubs,
        header_self=fetched.self_link,
        hubs=document.hubs,
        self_link=document.self_link,
        cloud=document.cloud,
    )
    if offer is not None:
        subscriptions.want(tx, visit.name, offer, secrets.token_urlsafe(32), secrets.token_urlsafe(32), now)


def doubt(tx: Tx, visit: Visit, new: int) -> None:
    """An article that a poll found before the hub told of it: the hub is not to be relied on (P43)."""
    told = visit.subscription
    if (
        new
        and visit.by == "schedule"
        and subscriptions.lives(told, visit.began)
        and told.pushed_at < visit.began - LATE
    ):
        reason = "a poll found an article that the hub had not told of"
        subscriptions.change(tx, visit.subscription.token, state=subscriptions.UNHEALTHY, reason=reason)


def upkeep(world: World, name: str) -> None:
    """Ask for the feed's subscription, or renew it, when that is due."""
    now = world.now()
    with world.store.begin() as tx:
        row = subscriptions.of_feed(tx, name)
        if row is None or not subscriptions.is_due(row, now):
            return
        if not subscriptions.take(tx, row, now, now + websub.retry(row.failures)):
            return
    _ask(world, row)


def _ask(world: World, row: Any) -> None:
    offer, host = Offer(row.hub, row.topic, row.protocol), canonical.host(row.hub)
    try:
        answer = world.http.post(row.hub, data=websub.request(offer, callback(world, row.token), row.secret))
    except Error as error:
        with world.store.begin() as tx:
            subscriptions.change(tx, row.token, asked_at=None, reason=f"{host}: {error}")
        log.warning("push_refused", feed=row.feed, hub=host, reason=str(error))
        return
    if row.protocol == websub.RSSCLOUD:  # it has asked our callback meanwhile, or asks nothing
        with world.store.begin() as tx:
            subscriptions.granted(tx, row.token, world.now(), websub.CLOUD, websub.CLOUD - timedelta(hours=1))
    log.info("push_asked", feed=row.feed, hub=host, status=answer.status)


def leave(world: World, visit: Visit) -> None:
    """Tell the hub that we want to hear no more. It is asked once: what it still sends is answered with 410."""
    row = visit.unwanted
    if row.state not in subscriptions.ALIVE:
        return
    with world.store.begin() as tx:
        subscriptions.change(tx, row.token, state=subscriptions.ENDED, renew_at=None, asked_at=None, reason=OFF)
    if row.protocol == websub.RSSCLOUD or row.state == subscriptions.WANTED:
        return  # a cloud forgets us by itself; a hub that was never asked knows nothing
    host = canonical.host(row.hub)
    form = websub.request(Offer(row.hub, row.topic), callback(world, row.token), "", mode="unsubscribe")
    try:
        status = world.http.post(row.hub, data=form).status
    except Error as error:
        log.warning("push_refused", feed=row.feed, hub=host, reason=str(error))
        return
    log.info("push_asked", feed=row.feed, hub=host, status=status, reason=OFF)


def callback(world: World, token: str) -> str:
    """The address a hub calls."""
    return f"{(world.config.settings.public_url or '').rstrip('/')}{PATH}{token}"
