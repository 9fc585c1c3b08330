"""What an operator should know without looking: raised once, cleared once, never in public.

`workers/needs.py` says what needs a person now; `Watch` writes it down and tells what changed to the log and to
`alert_url`. What was told is in the store: any number of sweeps may watch, and a restart repeats nothing.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from pipeline.model import Error, Unavailable
from pipeline.store import alerts as rows
from pipeline.store.alerts import News
from pipeline.world import World
from workers.needs import needs

log = structlog.get_logger()

DEADLINE = 10.0
TELLING = timedelta(minutes=5)  # how long one sweep has for what it claimed
TRIES = 60  # looks, one a minute, after which a receiver that is away is no longer told


class Watch:
    """Tells each alert when it begins and when it is over; of all sweeps, the one that claims it."""

    def __init__(self, world: World) -> None:
        self._world = world

    def look(self) -> None:
        """Tell what is new and what is over."""
        looked = self._world.now()
        found = {need.key: (need.kind, need.subject, need.reason) for need in needs(self._world)}
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
