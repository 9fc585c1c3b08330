"""What others tell us: a hub answers and brings news, a CMS calls its hook.

Nothing depends on it: a feed that is pushed is still polled, only more rarely, and at once when somebody says so.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog

from pipeline.feeds import websub
from pipeline.feeds.websub import Intent
from pipeline.model import Stage
from pipeline.stages.poll import poll
from pipeline.store import Tx, feeds, subscriptions
from pipeline.world import World

log = structlog.get_logger()

HOOK_GAP = timedelta(seconds=5)  # between two polls that a hook asks for
PERSON_GAP = timedelta(minutes=1)  # between two polls that persons ask for (P45)
LIMIT = 20 * 1024 * 1024  # bytes of a body that is read; a longer one is a hint only


def confirm(world: World, token: str, parameters: Mapping[str, str]) -> str | None:
    """Answer a hub's GET at the callback with its challenge, as text/plain; None: 404. Only what we asked for (P41)."""
    asked = websub.intent(parameters)
    with world.store.begin() as tx:
        row = subscriptions.by_token(tx, token)
        if row is None or asked is None or asked.topic != row.topic or not _agree(world, tx, row, asked):
            return None
    log.info("push_confirmed", feed=row.feed, decision=asked.mode, reason=asked.reason)
    return asked.challenge


def _agree(world: World, tx: Tx, row: Any, asked: Intent) -> bool:
    """Whether a hub's question is about something we asked for; writes what follows from it."""
    if asked.mode == "unsubscribe":
        return bool(row.state == subscriptions.ENDED)
    if asked.mode == "denied":
        reason = f"the hub says no: {asked.reason or 'without a reason'}"
        subscriptions.change(tx, row.token, state=subscriptions.DENIED, asked_at=None, renew_at=None, reason=reason)
        return True
    if row.asked_at is None or row.state == subscriptions.ENDED:
        return False
    subscriptions.granted(tx, row.token, world.now(), asked.lease, websub.renewal(asked.lease))
    return True


def pushed(world: World, token: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Take what a hub POSTs to the callback; False: 410, there is no such subscription. A forgery is ignored."""
    with world.store.begin() as tx:
        row = subscriptions.by_token(tx, token)
        if row is None or row.state in (subscriptions.ENDED, subscriptions.DENIED):
            return False
        config = world.config.feeds.get(row.feed)
        if config is None or not config.push:  # nobody wants it any more, and the hub may know
            return False
        genuine = websub.genuine(row.secret, headers.get("x-hub-signature", ""), body)
        expected = row.protocol == websub.WEBSUB and websub.keeps_secret(row.hub)
        if genuine or not expected:
            # A hub that was slow once and tells again is relied on again.
            healed = {"state": subscriptions.ACTIVE} if row.state == subscriptions.UNHEALTHY and genuine else {}
            subscriptions.change(tx, token, pushed_at=world.now(), **healed)
    if expected and not genuine:
        log.warning("push_ignored", feed=row.feed, reason="its signature is missing or wrong")
        return True
    log.info("push_received", feed=row.feed, bytes=len(body), signed=genuine)
    # A signed body is read as it is; any other push only says that something is new.
    if not (genuine and 0 < len(body) <= LIMIT and poll(world, row.feed, "push", body)):
        soon(world, row.feed, HOOK_GAP if not genuine else timedelta(0), "a hub told us of news")
    return True


def ping(world: World, name: str) -> str:
    """A CMS says that the feed has news: it is polled at once, conditionally, at most every five seconds."""
    return soon(world, name, HOOK_GAP, "its hook was called")


def poll_now(world: World, name: str, reason: str = "asked for by a person") -> str:
    """A person wants the feed polled now; it is, conditionally, at most once a minute or as often as it is set to."""
    return soon(world, name, min(PERSON_GAP, world.config.feed(name).every), reason)


def soon(world: World, name: str, gap: timedelta, reason: str) -> str:
    """Poll the feed now, or `gap` after its last poll: a further hint is never lost, it moves the next poll there."""
    now = world.now()
    with world.store.begin() as tx:
        row = feeds.get(tx, name)
        if row is None or row.state not in feeds.POLLED:
            return "this feed is not polled"
        at = max(now, row.polled_at + gap) if row.polled_at else now
        under_way = row.leased_until is not None and row.leased_until > now
        # A poll under way may have asked too early: whoever settles it sees that the due time was changed.
        due = max(at, row.due_at + timedelta(microseconds=1)) if under_way and at >= row.due_at else min(at, row.due_at)
        feeds.change(tx, name, due_at=due, due_reason=reason)
    if at > now:
        return f"it is polled in {(at - now).total_seconds():.0f} s"
    world.hint(Stage.POLL, name)
    return "it is polled now"
