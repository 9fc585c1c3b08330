"""How many more posts a channel may take now: readers leave, and platforms ban, who posts too many (F80)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pipeline.model import Capabilities
from pipeline.wording import counted

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Room:
    """What a channel may take now; where that is nothing, until when, and why."""

    posts: int
    until: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The most posts within a time."""

    posts: int
    within: timedelta
    setting: str

    def room(self, times: Sequence[datetime], now: datetime) -> Room:
        """What it leaves after posts at these times, the latest first."""
        lately = sum(at > now - self.within for at in times)
        if lately < self.posts:
            return Room(self.posts - lately)
        span = "hour" if self.within == HOUR else "day"
        return Room(
            0,
            times[self.posts - 1] + self.within,
            f"the channel takes {counted(self.posts, 'post')} in {'an' if span == 'hour' else 'a'} {span}"
            f" ({self.setting}); this one waits",
        )


def ceilings(config: Any, can: Capabilities) -> list[Ceiling]:
    """Those of a channel: as it is set, else as is usual for its kind; none where it is 0."""
    asked = (
        (config.per_hour, can.per_hour, HOUR, "per_hour"),
        (config.per_day, can.per_day, DAY, "per_day"),
    )
    chosen = [(usual if own is None else own, within, name) for own, usual, within, name in asked]
    return [Ceiling(*one) for one in chosen if one[0]]


def room(limits: Sequence[Ceiling], times: Sequence[datetime], now: datetime) -> Room:
    """What all of them leave: the least, and for the longest time."""
    rooms = [limit.room(times, now) for limit in limits]
    full = [one for one in rooms if one.until is not None]
    return max(full, key=lambda one: one.until or now) if full else min(rooms, key=lambda one: one.posts)
