"""What an operator should know without looking: raised once, cleared once, never in public.

`conditions` says what holds now; `Watch` tells the difference to the log and to `alert_url`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from pipeline.model import Error, FeedState
from pipeline.store import overview
from pipeline.world import World
from workers.health import examine

log = structlog.get_logger()

FAILING = timedelta(hours=1)  # a site may be down for a while
QUIETEST = timedelta(hours=2)  # a feed is never called silent before
PATIENCE = 1.5  # times the longest pause of the last weeks, nights and weekends included
DEADLINE = 10.0
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
        pauses = overview.longest_pauses(tx, now)
        waiting = overview.person_counts(tx, now)
    found = [Alert("not_ready", "standfirst", problem) for problem in examine(world).problems]
    found += [alert for row in feeds if row["name"] in world.config.feeds for alert in of_feed(row, pauses, now)]
    found += [Alert("channel_paused", row["name"], row["paused_reason"]) for row in channels if row["paused_at"]]
    found += [
        Alert(f"deliveries_{row['state']}", row["channel"], f"{row['n']} {WAITING[row['state']]}") for row in waiting
    ]
    found += [Alert("articles_held", name, f"{count} articles wait for release") for name, count in held.items()]
    return found


def of_feed(row: Mapping[str, Any], pauses: Mapping[str, timedelta], now: datetime) -> Iterable[Alert]:
    """A feed that cannot be read, or says nothing for longer than it ever did."""
    name, state = row["name"], row["state"]
    if state in RESTING:
        yield Alert("feed_refused", name, row["reason"] or f"it is {state}")
    elif row["failing_since"] and now - row["failing_since"] > FAILING:
        yield Alert("feed_failing", name, row["error"] or row["reason"])
    elif is_silent(row["changed_at"], pauses.get(name), now):
        yield Alert("feed_silent", name, f"nothing new since {row['changed_at']:%Y-%m-%d %H:%M} UTC, which is unusual")


def is_silent(changed: datetime | None, pause: timedelta | None, now: datetime) -> bool:
    """Whether it has been quiet for longer than its own habits explain."""
    return bool(changed and pause and now - changed > max(QUIETEST, pause * PATIENCE))


class Watch:
    """Remembers what was told. Each alert is told when it begins and when it is over."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._told: dict[tuple[str, str], Alert] = {}

    def look(self) -> None:
        """Tell what is new and what is over."""
        found = {alert.key: alert for alert in conditions(self._world)}
        for key, alert in found.items():
            if key not in self._told:
                log.warning("alert_raised", alert=alert.kind, subject=alert.subject, reason=alert.reason)
                self._send("alert.raised", alert)
        for key in self._told.keys() - found.keys():
            alert = self._told[key]
            log.info("alert_cleared", alert=alert.kind, subject=alert.subject)
            self._send("alert.cleared", alert)
        self._told = found

    def _send(self, kind: str, alert: Alert) -> None:
        url = self._world.config.settings.alert_url
        if url is None:
            return
        body = {
            "type": kind,
            "timestamp": self._world.now().isoformat(),
            "data": {"alert": alert.kind, "subject": alert.subject, "reason": alert.reason},
        }
        try:
            self._world.http.post(url.reveal(), json=body, deadline=DEADLINE)
        except Error as error:
            log.warning("alert_unsent", alert=alert.kind, subject=alert.subject, reason=str(error))
