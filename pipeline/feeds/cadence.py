"""When a feed is asked again, and why then. Pure: the answer, the feed's past and a number for the jitter go in.

Rules and their ids: P11–P18, P32, P33 of the polling criteria; RFC 9111 for max-age, RSS 2.0 for ttl and skipHours.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pipeline.model import FeedState
from pipeline.wording import counted

CEILING = timedelta(hours=24)  # no header makes us wait longer (P16)
JITTER = 0.1  # of the interval, added only: the set interval is a minimum (P12)
GROWTH = 1.5
OWN_CEILING = timedelta(minutes=1)  # of the back-off on one's own site
GONE_AFTER = 12  # answers 404
OWN_GONE_AFTER = timedelta(days=14)
REFUSED_AFTER = 3  # answers 401 or 403
FAILING_AFTER = 3
PUSHED = timedelta(hours=12)  # the safety net under a living push subscription (P43)
LOOK = timedelta(hours=1)  # the same where deletes are followed: unpublishing leaves WordPress' validators unchanged
PROBE = timedelta(days=7)  # between two unconditional requests to a server that only ever says 304 (P37)
SILENCE = timedelta(days=7)
MANUAL = timedelta(minutes=1)  # between two polls that persons asked for (P45)


class Heard(StrEnum):
    """What a poll brought."""

    NEWS = "news"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the server and the document ask for."""

    retry_after: timedelta | None = None
    max_age: timedelta | None = None
    ttl: timedelta | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    validators: bool = True  # it gives ETag or Last-Modified
    ended: bool = False  # JSON Feed: expired


@dataclass(frozen=True, slots=True)
class Pace:
    """The operator's word and the feed's past."""

    every: timedelta
    own: bool = False  # one's own site: `every` is an order, not the least of several wishes
    chosen: bool = False  # `every` was set by hand
    pushed: bool = False  # a hub tells us of news
    renew_at: datetime | None = None  # when the hub is to be asked again
    interval: timedelta = timedelta(0)
    failures: int = 0  # in a row, without this one
    failing_since: datetime | None = None
    last_new: datetime | None = None
    gap: timedelta | None = None  # usual, between two articles


@dataclass(frozen=True, slots=True)
class Next:
    """When the feed is due, and how it stands."""

    at: datetime
    interval: timedelta
    reason: str
    state: FeedState = FeedState.ACTIVE
    failures: int = 0


def after(heard: Heard, status: int | None, pace: Pace, wishes: Wishes, now: datetime, jitter: float) -> Next:
    """The next due time; `jitter` is a number from 0 to 1."""
    if wishes.ended:
        return Next(now + CEILING, CEILING, "the feed says that it has ended", FeedState.GONE)
    if heard is Heard.FAILED:
        return _after_failure(status, pace, wishes, now, jitter)
    interval, reason = _interval(heard, pace)
    floor, wish = _floor(pace, wishes)
    at = now + _jittered(interval, jitter)
    if now + floor > at:
        at, reason = now + _jittered(floor, jitter), wish
    if not pace.own:
        at, reason = _skip(at, reason, wishes)
    if pace.pushed and pace.renew_at and pace.renew_at < at:  # the hub is asked beside a poll
        at, reason = max(pace.renew_at, now + pace.every), "its push subscription is to be renewed"
    return Next(at, interval, reason)


def _interval(heard: Heard, pace: Pace) -> tuple[timedelta, str]:
    every = pace.every
    if pace.pushed:
        return max(every, PUSHED), f"its hub tells us of news; a safety net every {spoken(max(every, PUSHED))}"
    if pace.own:
        return every, f"every {spoken(every)}, as set for a site of one's own"
    if heard is Heard.NEWS or not pace.interval:
        return every, f"every {spoken(every)}, as set"
    longest = max(every, CEILING)
    grown = min(longest, max(every, pace.interval) * GROWTH)
    if pace.gap is not None:  # never slower than half of its usual gap, while it keeps that pace
        grown = min(grown, max(every, pace.gap / 2, pace.interval if pace.interval > pace.gap / 2 else every))
    if grown <= every:
        return every, f"every {spoken(every)}, as set"
    return grown, f"nothing new: it is asked every {spoken(grown)} until something is"


def _floor(pace: Pace, wishes: Wishes) -> tuple[timedelta, str]:
    """The longest of the wishes that bind, capped; each with its sentence."""
    none = timedelta(0)
    found = [
        (wishes.max_age or none, "its answer is good for {} (Cache-Control or Expires)"),
        (wishes.retry_after or none, "the server asks to come back in {} (Retry-After)"),
    ]
    if not pace.own:
        found.append((wishes.ttl or none, "its document asks for {} (ttl)"))
        if not wishes.validators and not pace.chosen:
            found.append((CEILING, "the server gives no ETag and no Last-Modified: once in {}, unless `every` is set"))
    longest, sentence = max(found, key=lambda pair: pair[0])
    capped = min(longest, CEILING)
    text = sentence.format(spoken(capped))
    return capped, text if capped == longest else f"{text}, capped from {spoken(longest)}"


def _skip(at: datetime, reason: str, wishes: Wishes) -> tuple[datetime, str]:
    """Past the hours and days (GMT) at which the document wants no visit; lists that leave nothing are ignored."""
    hours = {hour % 24 for hour in wishes.skip_hours}
    days = {day % 7 for day in wishes.skip_days}
    hours = hours if len(hours) < 24 else set()
    days = days if len(days) < 7 else set()
    moved = at
    while moved - at < timedelta(days=7) and (moved.hour in hours or moved.weekday() in days):
        moved = moved.replace(minute=at.minute) + timedelta(hours=1)
    if moved == at or moved - at > CEILING:
        return (at, reason) if moved == at else (at + CEILING, "its document asks for quiet (skipDays), capped")
    return moved, "its document asks for quiet at that hour (skipHours, skipDays)"


def _after_failure(status: int | None, pace: Pace, wishes: Wishes, now: datetime, jitter: float) -> Next:
    failures = pace.failures + 1
    final = _final(status, pace, failures, now)
    if final:
        return Next(now + CEILING, CEILING, final[1], final[0], failures)
    state = FeedState.FAILING if failures >= FAILING_AFTER else FeedState.ACTIVE
    if status in (429, 503) and wishes.retry_after is not None:
        wish = min(wishes.retry_after, CEILING)
        capped = "" if wish == wishes.retry_after else f", capped from {spoken(wishes.retry_after)}"
        interval = max(pace.every, wish)
        reason = f"the server answered {status} and asks to come back in {spoken(wish)}{capped} (Retry-After)"
        return Next(now + _jittered(interval, jitter), interval, reason, state, failures)
    interval = _backed_off(status, pace, failures)
    said = f"the server answered {status}" if status and status >= 400 else "the poll failed"
    reason = f"{said}, {failures} in a row: again in {spoken(interval)}"
    return Next(now + _jittered(interval, jitter), interval, reason, state, failures)


def _final(status: int | None, pace: Pace, failures: int, now: datetime) -> tuple[FeedState, str] | None:
    """Answers after which nobody asks again until a person says so (P32)."""
    if status == 410:
        return FeedState.GONE, "the server says that the feed is gone for good (410)"
    if status == 451:
        return FeedState.REFUSED, "the server may not show the feed (451)"
    if status in (401, 403) and failures >= REFUSED_AFTER:
        return FeedState.REFUSED, f"the server refused us {counted(failures, 'time')} in a row ({status})"
    patient = pace.own and (pace.failing_since is None or now - pace.failing_since < OWN_GONE_AFTER)
    if status == 404 and failures >= GONE_AFTER and not patient:
        return FeedState.GONE, f"the feed was not found {counted(failures, 'time')} in a row (404)"
    return None


def _backed_off(status: int | None, pace: Pace, failures: int) -> timedelta:
    ceiling = max(pace.every, OWN_CEILING if pace.own else CEILING)
    steps = min(failures, 20)
    if status in (401, 403, 429, 503):
        return min(ceiling, pace.every * (1 << 2 * min(steps, 12)))  # four times as long each time (P14)
    return min(ceiling, pace.every * (1 << (steps - 1)))


def probes(
    *, has_validators: bool, used_to_change: bool, last_new: datetime | None, probed: datetime | None, now: datetime
) -> bool:
    """Whether this poll leaves the validators out, to see behind a server that says 304 for ever (P37, F87)."""
    if not has_validators or not used_to_change or last_new is None:
        return False
    quiet = now - last_new > PROBE * 2
    return quiet and (probed is None or now - probed >= PROBE)


def looks(*, has_validators: bool, probed: datetime | None, now: datetime) -> bool:
    """Whether it is time for an unconditional look where what vanishes is to be deleted."""
    return has_validators and (probed is None or now - probed >= LOOK)


@dataclass(frozen=True, slots=True)
class Move:
    """What is remembered of a permanent redirect; `adopt`: store the target as the feed's address."""

    to: str | None = None
    since: datetime | None = None
    seen: int = 0
    adopt: bool = False


def moved(before: Move, target: str | None, *, safe: bool, now: datetime) -> Move:
    """A permanent redirect whose target parsed once more (P29). `safe`: the same host, from http to https."""
    if target is None:
        return Move()
    if before.to != target or before.since is None:
        return Move(target, now, 1, adopt=safe)
    seen, held = before.seen + 1, now - before.since
    return Move(
        target, before.since, seen, adopt=safe or held >= timedelta(days=7) or (seen >= 3 and held >= timedelta(days=2))
    )


def silent(last_new: datetime | None, gap: timedelta | None, now: datetime, least: timedelta = SILENCE) -> str:
    """A sentence when nothing new came for suspiciously long, else empty (P38)."""
    if last_new is None or gap is None:
        return ""
    quiet, allowed = now - last_new, max(3 * gap, least)
    if quiet <= allowed:
        return ""
    return f"nothing new for {spoken(quiet)}, while an article came every {spoken(gap)} before"


def spoken(length: timedelta) -> str:
    """A duration for people: "90 s", "45 min", "3 h", "2 d"."""
    seconds = round(length.total_seconds())
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size or (seconds >= size and seconds % size == 0):
            amount = seconds / size
            return f"{amount:.0f} {unit}" if amount >= 10 or amount == int(amount) else f"{amount:.1f} {unit}"
    return f"{seconds} s"


def _jittered(interval: timedelta, jitter: float) -> timedelta:
    return min(interval * (1 + JITTER * jitter), max(interval, CEILING))
