"""What identity remembers of a feed between two polls: small, and kept in the feed's row. Pure."""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pipeline.feeds.absence import Asked

WORTHLESS_KEPT = 400  # keys; with more of one kind, the whole kind is worthless in that feed
ARRIVALS_KEPT = 40
AHEAD_KEPT = 20


@dataclass(frozen=True, slots=True)
class Memory:
    """A feed's memory. `worthless`: digests of ids, links and texts that repeated within one document."""

    worthless: frozenset[str] = frozenset()
    worthless_kinds: frozenset[str] = frozenset()
    renumbered: int = 0  # polls in which known articles came with unknown ids
    fleeting: int = 0  # documents in a row of which no id or link was known before, nor seen again since
    oldest: datetime | None = None  # of what was there when we began
    newest: datetime | None = None  # of all that was dated sanely, and not ahead of its poll (F25)
    empty_baseline: bool = False  # nothing was there when we began, and nothing came since
    largest: int = 0  # entries of the largest document
    on_top: int = 0  # documents with news above all that was known, less those with news beneath it
    arrivals: tuple[datetime, ...] = ()  # when the last articles were first seen
    hour: tuple[int, int] = (0, 0)  # the hour (since 1970) and how many articles came in it
    ill: tuple[str, int] = ("", 0)  # hash of a document that came truncated, and how often in a row
    ahead: tuple[datetime, ...] = ()  # dates until which entries of the document are to wait, the nearest first
    missing: tuple[tuple[int, datetime], ...] = ()  # posted articles that are no longer shown, and since when
    asked: tuple[Asked, ...] = ()  # those of them whose pages were asked, and did not say that they are gone
    other: Mapping[str, Any] = field(default_factory=dict)  # what a newer version wrote

    @property
    def trusts_ids(self) -> bool:
        """False once ids were found to change by themselves: links, titles and texts decide alone."""
        return self.renumbered < 2 and "id" not in self.worthless_kinds

    def at(self, now: datetime) -> "Memory":
        """The same without dates that are ahead of now: a clock gone wrong is no measure of what comes after it."""
        oldest, newest = (None if moment and moment > now else moment for moment in (self.oldest, self.newest))
        return self if (oldest, newest) == (self.oldest, self.newest) else replace(self, oldest=oldest, newest=newest)

    def is_worthless(self, kind: str, key: bytes) -> bool:
        """Whether this key says nothing in this feed."""
        return kind in self.worthless_kinds or key.hex() in self.worthless

    def disqualify(self, found: Iterable[tuple[str, bytes]]) -> "Memory":
        """Remember keys that repeated within one document."""
        fresh = {(kind, key.hex()) for kind, key in found} - {("", "")}
        kinds = {kind for kind, _ in fresh}
        crowded = {kind for kind in kinds if sum(k == kind for k, _ in fresh) > WORTHLESS_KEPT // 4}
        kept = self.worthless | {key for kind, key in fresh if kind not in crowded}
        if len(kept) > WORTHLESS_KEPT:
            return replace(self, worthless_kinds=self.worthless_kinds | kinds)
        return replace(self, worthless=kept, worthless_kinds=self.worthless_kinds | crowded)

    def arrived(self, count: int, now: datetime) -> "Memory":
        """Remember that new articles came."""
        if not count:
            return self
        hour = (_hour(now), self.within_hour(now) + count)
        return replace(self, arrivals=(*self.arrivals, now)[-ARRIVALS_KEPT:], hour=hour)

    def within_hour(self, now: datetime) -> int:
        """How many articles came in the running hour."""
        return self.hour[1] if self.hour[0] == _hour(now) else 0

    def usual_gap(self) -> timedelta | None:
        """The median time between two arrivals; None while there were fewer than three."""
        moments = sorted(set(self.arrivals))
        gaps = sorted(b - a for a, b in itertools.pairwise(moments))
        return gaps[len(gaps) // 2] if len(gaps) >= 2 else None


_PLAIN = ("renumbered", "fleeting", "empty_baseline", "largest", "on_top")
_SETS = ("worthless", "worthless_kinds")
_MOMENTS = ("oldest", "newest")
_LISTS = ("arrivals", "ahead")


def dump(memory: Memory) -> dict[str, Any]:
    """For the JSON column; what is at its default is left out."""
    values: dict[str, Any] = {name: getattr(memory, name) for name in _PLAIN}
    values |= {name: sorted(getattr(memory, name)) for name in _SETS}
    values |= {name: _out(getattr(memory, name)) for name in _MOMENTS}
    values |= {name: [_out(moment) for moment in getattr(memory, name)] for name in _LISTS}
    values["ill"] = list(memory.ill) if memory.ill[1] else None
    values["hour"] = list(memory.hour) if memory.hour[1] else None
    values["missing"] = [[seq, _out(since)] for seq, since in memory.missing]
    values["asked"] = [[one.seq, _out(one.at), one.times, one.said] for one in memory.asked]
    return dict(memory.other) | {name: value for name, value in values.items() if value}


def load(values: Mapping[str, Any] | None) -> Memory:
    """From the JSON column."""
    values = values or {}
    mine = {*_PLAIN, *_SETS, *_MOMENTS, *_LISTS, "ill", "hour", "missing", "asked"}
    known: dict[str, Any] = {name: values[name] for name in _PLAIN if name in values}
    known |= {name: frozenset(values[name]) for name in _SETS if name in values}
    known |= {name: _in(values[name]) for name in _MOMENTS if name in values}
    known |= {name: tuple(_in(moment) for moment in values.get(name, ())) for name in _LISTS}
    known["ill"] = tuple(values.get("ill") or ("", 0))
    known["hour"] = tuple(values.get("hour") or (0, 0))
    known["missing"] = tuple((seq, _in(since)) for seq, since in values.get("missing", ()))
    known["asked"] = tuple(Asked(seq, _in(at), times, said) for seq, at, times, said in values.get("asked", ()))
    return Memory(**known, other={name: value for name, value in values.items() if name not in mine})


def _hour(now: datetime) -> int:
    return int(now.timestamp() // 3600)


def _out(moment: datetime | None) -> int | None:
    return None if moment is None else int((moment - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))


def _in(value: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=value)
