"""Which article goes to which channel, and when. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

EVERYTHING = "*"
CLOCKS = timedelta(hours=1)  # so far ahead a date may be because clocks differ …
ZONES = timedelta(hours=24)  # … and so far because a time zone was left out


class Route(Protocol):
    """What is asked of a configured route."""

    @property
    def feeds(self) -> Sequence[str]: ...
    @property
    def channels(self) -> Sequence[str]: ...
    @property
    def tags(self) -> Sequence[str]: ...
    @property
    def without_tags(self) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Way:
    """One channel of an article: whether it goes there, and the sentence why."""

    channel: str
    goes: bool
    reason: str


def ways(feeds: Iterable[str], tags: Iterable[str], routes: Sequence[Route], channels: Sequence[str] = ()) -> list[Way]:
    """Every channel that the routes of these feeds reach, each once; a channel is reached if any route lets it."""
    have = {tag.casefold() for tag in tags}
    found: dict[str, Way] = {}
    for feed in feeds:
        for route in routes:
            if feed not in route.feeds and EVERYTHING not in route.feeds:
                continue
            stop = _filtered(have, route)
            for channel in channels if EVERYTHING in route.channels else route.channels:
                if channel not in found or (not found[channel].goes and not stop):
                    found[channel] = Way(channel, not stop, stop or f"the route from {feed}")
    return list(found.values())


def _filtered(have: set[str], route: Route) -> str:
    refused = [tag for tag in route.without_tags if tag.casefold() in have]
    if refused:
        return f"its tag “{refused[0]}” is one the route leaves out"
    if route.tags and not any(tag.casefold() in have for tag in route.tags):
        return "it has none of the tags the route asks for"
    return ""


def embargo(published: datetime | None, now: datetime, wished: bool | None) -> datetime | None:
    """Until when its date keeps an article. `wished` None: less than a day ahead is a clock or a zone gone wrong."""
    allowed = patience(wished)
    return published if published is not None and allowed is not None and published - now > allowed else None


def patience(wished: bool | None) -> timedelta | None:
    """How far ahead a date may be without being an embargo; None where it never is one."""
    return None if wished is False else CLOCKS if wished else ZONES


def when(first_seen: datetime, delay: timedelta, now: datetime, not_before: datetime | None = None) -> datetime:
    """When a delivery may leave: after the article has rested, and not before its embargo ends."""
    due = max(now, first_seen + delay)
    return max(due, not_before) if not_before else due
