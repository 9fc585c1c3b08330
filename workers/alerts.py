"""What an operator should know without looking: raised once, cleared once, never in public.

`conditions` says what holds now; `Watch` writes it down and tells what changed to the log and to `alert_url`. What was
told is in the store: any number of sweeps may watch, and a restart repeats nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from pipeline import channels as kinds
from pipeline import oauth
from pipeline.feeds import identity
from pipeline.feeds.cadence import SILENCE, silent
from pipeline.model import Error, FeedState, Unavailable
from pipeline.store import alerts as rows
from pipeline.store import overview
from pipeline.store.alerts import News
from pipeline.store.vault import StoredVault
from pipeline.world import World
from workers.health import examine

log = structlog.get_logger()

FAILING = timedelta(hours=1)  # a site may be down for a while
DEADLINE = 10.0
TELLING = timedelta(minutes=5)  # how long one sweep has for what it claimed
TRIES = 60  # looks, one a minute, after which a receiver that is away is no longer told
WAITING = {
    "uncertain": "may or may not be there: look, and say so",
    "dead": "were refused for good",
    "held": "wait for release",
}
RESTING = (FeedState.REFUSED, FeedState.GONE)


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing that wants a person."""

    kind: str  # feed_failing, feed_silent, channel_paused …
    subject: str  # the feed, channel or queue
    reason: str

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same alert a minute later."""
        return self.kind, self.subject


def conditions(world: World) -> list[Alert]:
    """Everything that wants a person now."""
    now = world.now()
    with world.store.read() as tx:
        feeds, channels = overview.feeds_list(tx), overview.channels_list(tx, now)
        held = overview.held_by_feed(tx)
        waiting = overview.person_counts(tx, now)
    problems = "; ".join(examine(world).problems)
    found = [Alert("not_ready", "standfirst", problems)] if problems else []
    configured = [(row, world.config.feed(row["name"])) for row in feeds if row["name"] in world.config.feeds]
    found += [alert for row, config in configured for alert in of_feed(row, now, config.silence)]
    found += [Alert("channel_paused", row["name"], row["paused_reason"]) for row in channels if row["paused_at"]]
    found += [
        Alert(f"deliveries_{row['state']}", row["channel"], f"{row['n']} {WAITING[row['state']]}") for row in waiting
    ]
    found += expiring(world, now)
    found += [Alert("articles_held", name, f"{count} articles wait for release") for name, count in held.items()]
    return found


def of_feed(row: Mapping[str, Any], now: datetime, silence: timedelta = SILENCE) -> Iterable[Alert]:
    """A feed that cannot be read, or has said nothing for suspiciously long."""
    name, state = row["name"], row["state"]
    if state in RESTING:
        yield Alert("feed_refused", name, row["reason"] or f"it is {state}")
    elif row["failing_since"] and now - row["failing_since"] > FAILING:
        yield Alert("feed_failing", name, row["error"] or row["reason"])
    elif quiet := silent(row["changed_at"], identity.load(row["memory"]).usual_gap(), now, silence):
        yield Alert("feed_silent", name, quiet)


def expiring(world: World, now: datetime) -> list[Alert]:
    """Channels whose credentials end for good within a week, as far as their platforms told (F79)."""
    found = []
    for name, config in world.config.channels.items():
        if kinds.flow_of(config.kind) is None:
            continue
        ends = oauth.expiry(StoredVault(world.store, name, world.now, world.config.settings.key))
        if ends is not None and ends - now < oauth.WEEK:
            reason = f"its credentials end on {ends:%Y-%m-%d %H:%M} UTC: standfirst channels connect {name}"
            found.append(Alert("channel_expiring", name, reason))
    return found


class Watch:
    """Tells each alert when it begins and when it is over; of all sweeps, the one that claims it."""

    def __init__(self, world: World) -> None:
        self._world = world

    def look(self) -> None:
        """Tell what is new and what is over."""
        looked = self._world.now()
        found = {alert.key: (alert.kind, alert.subject, alert.reason) for alert in conditions(self._world)}
        with self._world.store.begin(durable=False) as tx:
            rows.saw(tx, found.values(), looked)
        with self._world.store.begin() as tx:
            claimed = rows.claim(tx, looked, looked + TELLING)
        self._tell(claimed, looked + TELLING - timedelta(seconds=2 * DEADLINE))

    def _tell(self, claimed: Sequence[News], ends: datetime) -> None:
        reachable = True
        for news in claimed:
            if not news.tries:
                _say(news)
            reachable = reachable and self._world.now() < ends and self._reached(news)
            with self._world.store.begin() as tx:
                if reachable or news.tries >= TRIES:
                    rows.told(tx, news, self._world.now())
                else:
                    rows.untold(tx, news)

    def _reached(self, news: News) -> bool:
        """Send it to the operator's address; False when that is away, so that it is to be tried again."""
        url = self._world.config.settings.alert_url
        if url is None:
            return True
        body = {
            "type": "alert.raised" if news.holds else "alert.cleared",
            "timestamp": self._world.now().isoformat(),
            "data": {"alert": news.kind, "subject": news.subject, "reason": news.reason},
        }
        try:
            self._world.http.post(url.reveal(), json=body, deadline=DEADLINE)
        except Error as error:
            log.warning("alert_unsent", alert=news.kind, subject=news.subject, reason=str(error))
            return not isinstance(error, Unavailable)
        return True


def _say(news: News) -> None:
    if news.holds:
        log.warning("alert_raised", alert=news.kind, subject=news.subject, reason=news.reason)
    else:
        log.info("alert_cleared", alert=news.kind, subject=news.subject)
