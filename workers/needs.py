"""What needs a person now: the one place that says so.

The console's headline, list and count, `status` and its exit code, `/readyz`, the metrics and the alerts all ask
`needs`, so that none of them can say “all is in order” above another's trouble.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from pipeline import channels as kinds
from pipeline import oauth
from pipeline.feeds import identity
from pipeline.feeds.cadence import SILENCE, silent
from pipeline.model import ArticleState, FeedState, StoreError
from pipeline.store import joins, overview
from pipeline.store.vault import StoredVault
from pipeline.wording import counted
from pipeline.world import World
from workers.health import examine
from workers.joins import Silent
from workers.joins import silent as silent_joins

FAILING = timedelta(hours=1)  # a site may be down for a while
REFUSED = (FeedState.REFUSED, FeedState.GONE)
MACHINERY = "not_ready"

# What waits for a person, said of one and of many.
WAITING = {
    "deliveries_uncertain": ("delivery may or may not be there", "deliveries may or may not be there"),
    "deliveries_dead": ("delivery was refused for good", "deliveries were refused for good"),
    "deliveries_held": ("delivery waits for release", "deliveries wait for release"),
    "articles_held": ("article waits for release", "articles wait for release"),
    "articles_set_aside": ("article was set aside", "articles were set aside"),
    "articles_doubtful": (
        "article may be an earlier one's story: look, and say so",
        "articles may be earlier ones' stories: look, and say so",
    ),
    "joins_silent": (
        "article joined an earlier one, and neither was posted",
        "articles joined earlier ones, and neither was posted",
    ),
}
# Every kind, with the command that shows or mends it.
NEXT = {
    "deliveries_uncertain": "deliveries --state uncertain --channel {}",
    "deliveries_dead": "deliveries --state dead --channel {}",
    "deliveries_held": "deliveries --state held --channel {}",
    "articles_held": "articles --state held --feed {}",
    "articles_set_aside": "articles --state set_aside --feed {}",
    "articles_doubtful": "articles --state held --feed {}",
    "joins_silent": "dedupe silent",
    "feed_failing": "feeds log {}",
    "feed_refused": "feeds resume {}",
    "feed_silent": "feeds log {}",
    "channel_paused": "resume {}",
    "channel_expiring": "channels connect {}",
    MACHINERY: "status",
}


@dataclass(frozen=True, slots=True)
class Need:
    """One thing, or several of one kind and subject, that go on by a person only."""

    kind: str  # feed_failing, feed_silent, channel_paused …
    subject: str  # the feed or channel
    reason: str
    count: int = 1

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same need a minute later."""
        return self.kind, self.subject

    @property
    def next(self) -> str:
        """The command that shows or mends it."""
        return NEXT[self.kind].format(self.subject)


def needs(world: World) -> list[Need]:
    """Everything that needs a person now."""
    problems = examine(world).problems
    found = [Need(MACHINERY, "standfirst", "; ".join(problems), len(problems))] if problems else []
    try:
        return found + _in_store(world) + expiring(world, world.now())
    except StoreError:
        return found  # that is among the problems


def _in_store(world: World) -> list[Need]:
    now = world.now()
    with world.store.read() as tx:
        feeds, channels = overview.feeds_list(tx), overview.channels_list(tx, now)
        deliveries, articles = overview.deliveries_for_a_person(tx, now), overview.articles_for_a_person(tx)
        doubtful, silenced = Counter(one.feed for one in joins.doubted(tx)), silent_joins(world, tx)
    configured = [(row, world.config.feed(row["name"])) for row in feeds if row["name"] in world.config.feeds]
    found = [need for row, config in configured for need in of_feed(row, now, config.silence)]
    found += [Need("channel_paused", row["name"], row["paused_reason"]) for row in channels if row["paused_at"]]
    found += [waiting(f"deliveries_{row['state']}", row["channel"], row["n"]) for row in deliveries]
    for row in articles:
        asked = doubtful[row["feed"]] if row["state"] == ArticleState.HELD else 0
        found += [waiting("articles_doubtful", row["feed"], asked)] if asked else []
        found += [waiting(f"articles_{row['state']}", row["feed"], row["n"] - asked)] if row["n"] > asked else []
    return found + list(_silent(silenced))


def _silent(found: Iterable[Silent]) -> Iterable[Need]:
    by_feed: dict[str, list[Silent]] = {}
    for one in found:
        by_feed.setdefault(one.article.feed, []).append(one)
    for feed, ones in by_feed.items():
        where = sorted({channel for one in ones for channel in one.channels})
        need = waiting("joins_silent", feed, len(ones))
        yield replace(need, reason=f"{need.reason} on {', '.join(where)}")


def total(found: Iterable[Need]) -> int:
    """How many things that is."""
    return sum(need.count for need in found)


def by_kind(found: Iterable[Need]) -> dict[str, int]:
    """How many of each kind."""
    counts: Counter[str] = Counter()
    for need in found:
        counts[need.kind] += need.count
    return dict(counts)


def waiting(kind: str, subject: str, count: int) -> Need:
    """Articles of a feed or deliveries to a channel that wait for a person."""
    return Need(kind, subject, counted(count, *WAITING[kind]), count)


def of_feed(row: Mapping[str, Any], now: datetime, silence: timedelta = SILENCE) -> Iterable[Need]:
    """A feed that cannot be read, or has said nothing for suspiciously long."""
    name, state = row["name"], row["state"]
    if state == FeedState.PAUSED:
        return  # a person did so
    if state in REFUSED:
        yield Need("feed_refused", name, row["reason"] or f"it is {state}")
    elif row["failing_since"] and now - row["failing_since"] > FAILING:
        yield Need("feed_failing", name, row["error"] or row["reason"])
    elif quiet := silent(row["changed_at"], identity.load(row["memory"]).usual_gap(), now, silence):
        yield Need("feed_silent", name, quiet)


def expiring(world: World, now: datetime) -> list[Need]:
    """Channels whose credentials end for good within a week, as far as their platforms told (F79)."""
    found = []
    for name, config in world.config.channels.items():
        if kinds.flow_of(config.kind) is None:
            continue
        ends = oauth.expiry(StoredVault(world.store, name, world.now, world.config.settings.key))
        if ends is not None and ends - now < oauth.WEEK:
            reason = f"its credentials end on {ends:%Y-%m-%d %H:%M} UTC: standfirst channels connect {name}"
            found.append(Need("channel_expiring", name, reason))
    return found
