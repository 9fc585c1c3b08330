"""What a poll leaves in the feed's row, on its host and in the log: validators, address, the next due time and why."""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from pipeline.feeds import cadence, canonical, identity
from pipeline.feeds.cadence import Heard
from pipeline.feeds.identity import Verdict
from pipeline.model import FeedState
from pipeline.stages.poll import absent, embargo
from pipeline.stages.poll.hearing import Hearing
from pipeline.stages.poll.planning import Plan
from pipeline.stages.poll.visit import DEFAULT, Visit
from pipeline.store import subscriptions


def columns(
    visit: Visit, hearing: Hearing, plan: Plan | None, memory: identity.Memory, now: datetime
) -> dict[str, Any]:
    row = visit.feed
    new = plan.decision.count(Verdict.NEW) if plan else 0
    after = _next(visit, hearing, plan, memory, new, now)
    columns: dict[str, Any] = {
        "due_at": after.at,
        "due_reason": after.reason,
        "interval_s": max(1, round(after.interval.total_seconds())),
        "state": after.state,
        "reason": "" if after.state is FeedState.ACTIVE else after.reason,
        "failures": after.failures,
        "failing_since": None if hearing.ok else row.failing_since or now,
        "error": hearing.error,
        "polled_at": now,
    }
    if hearing.probed or not (row.etag or row.last_modified):
        columns["probed_at"] = visit.began
    if memory is not visit.memory:
        columns["memory"] = identity.dump(memory)
    if new:
        columns["changed_at"] = now
    if hearing.ok:
        columns |= _validators(hearing, plan) | _address(visit, hearing, now)
    elif row.moved_to and hearing.fetched.status in (404, 410):
        columns |= {
            "url": row.moved_to,
            "moved_to": None,
            "state": FeedState.ACTIVE,
            "due_at": now + visit.config.every,
        }
    if plan is not None:
        columns |= {"title": plan.document.title, "language": plan.document.language}
    if plan is not None and plan.baseline:
        columns |= {"baseline_at": now, "changed_at": now}
    return columns


def _validators(hearing: Hearing, plan: Plan | None) -> dict[str, Any]:
    """A pair from one answer, stored with the articles it brought; never of half a document, never from a hub."""
    fetched = hearing.fetched
    if hearing.pushed or (plan is not None and plan.document.truncated):
        return {}
    columns: dict[str, Any] = {"etag": fetched.etag, "last_modified": fetched.last_modified}
    if hearing.digest is not None and not fetched.partial:  # a part is no body to compare the next one with
        columns["body_hash"] = hearing.digest
    return columns


def _address(visit: Visit, hearing: Hearing, now: datetime) -> dict[str, Any]:
    """What a permanent redirect teaches (P29)."""
    row, target = visit.feed, hearing.fetched.permanent_url
    if hearing.pushed or (target is None and row.moved_to is None):
        return {}
    safe = target is not None and canonical.key(target) == canonical.key(row.url) and target.startswith("https:")
    before = cadence.Move(row.moved_to, row.moved_since, row.moved_seen)
    move = cadence.moved(before, target if target != row.url else None, safe=safe, now=now)
    if move.adopt:
        return {"url": move.to, "moved_to": None, "moved_since": None, "moved_seen": 0}
    return {"moved_to": move.to, "moved_since": move.since, "moved_seen": move.seen}


def _next(
    visit: Visit, hearing: Hearing, plan: Plan | None, memory: identity.Memory, new: int, now: datetime
) -> cadence.Next:
    row, fetched, document = visit.feed, hearing.fetched, plan.document if plan else None
    heard = Heard.FAILED if not hearing.ok else Heard.NEWS if new else Heard.UNCHANGED
    pace = cadence.Pace(
        every=visit.config.every,
        own=visit.own,
        chosen=visit.config.every != DEFAULT,
        interval=timedelta(seconds=row.interval_s),
        failures=row.failures,
        failing_since=row.failing_since,
        last_new=row.changed_at,
        gap=memory.usual_gap(),
        pushed=subscriptions.lives(visit.subscription, now) and not (new and visit.by == "schedule"),
        renew_at=visit.subscription.renew_at if visit.subscription else None,
    )
    wishes = cadence.Wishes(
        retry_after=fetched.retry_after,
        max_age=fetched.max_age,
        ttl=document.ttl if document else None,
        skip_hours=document.skip_hours if document else (),
        skip_days=document.skip_days if document else (),
        validators=bool(fetched.etag or fetched.last_modified) or hearing.pushed,
        ended=bool(document and document.expired),
    )
    after = cadence.after(heard, fetched.status or None, pace, wishes, now, random.random())
    if not hearing.ok or after.state is not FeedState.ACTIVE:
        return after
    return absent.asked_soon(memory, embargo.asked_before(memory.ahead, after, now), now + visit.config.every)


def quiet(hearing: Hearing, now: datetime) -> tuple[datetime, str]:
    """When the host may be visited again: after a moment, or as long as it asked for (P19)."""
    fetched = hearing.fetched
    if fetched.status in (429, 503) and fetched.retry_after:
        wait = min(fetched.retry_after, cadence.CEILING)
        return now + wait, f"it asked for quiet ({fetched.status}, {cadence.spoken(wait)})"
    return now + timedelta(seconds=1), "it was visited a moment ago"


# --- the log's line --------------------------------------------------------------------------------------------------


def line(visit: Visit, hearing: Hearing, plan: Plan | None, columns: Mapping[str, Any]) -> dict[str, Any]:
    count = plan.decision.count if plan else lambda *_: 0
    return {
        "by": visit.by,
        "status": hearing.fetched.status or None,
        "not_modified": hearing.fetched.not_modified,
        "bytes": hearing.fetched.bytes,
        "entries": len(plan.document.entries) if plan else 0,
        "new": count(Verdict.NEW),
        "held": count(Verdict.HELD),
        "revised": count(Verdict.REVISED),
        "duration_ms": visit.took(),
        "reason": columns["due_reason"],
        "error": hearing.error,
    }


def logged(line: Mapping[str, Any], columns: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in line.items() if name != "revised"} | {"next_due_at": columns["due_at"]}
