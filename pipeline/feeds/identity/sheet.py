"""A document laid out for judging: repeats folded, worthless keys struck out, oldest first. Pure."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipeline.feeds.identity import keys, likeness
from pipeline.feeds.identity.keys import Algorithm, Alias
from pipeline.feeds.identity.likeness import Face, Likeness
from pipeline.feeds.identity.memory import Memory
from pipeline.model import Entry

REPEATING = ("id", "link", "text")  # worthless from then on; a repeated title is worthless in this document only
EARLIEST = 1990
FAR = timedelta(days=366)
NEAR_FUTURE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the document with its keys. `when` is its date if that is a sane one."""

    entry: Entry
    place: int  # in the document
    aliases: tuple[Alias, ...]  # what it may be recognised by
    when: datetime | None = None
    folded: tuple[Entry, ...] = ()  # the same entry, listed again

    def of(self, kind: str) -> tuple[Alias, ...]:
        """Its keys of one kind."""
        return tuple(alias for alias in self.aliases if alias.kind == kind)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The document's lines, oldest first, and the feed's memory with what this document taught."""

    lines: tuple[Line, ...]
    memory: Memory
    newest_first: bool = True

    def strong(self) -> list[bytes]:
        """The keys that decide in a feed that behaves."""
        return [a.key for line in self.lines for a in line.aliases if a.kind in ("id", "link", "exact")]


def lay_out(
    entries: Sequence[Entry], memory: Memory, now: datetime, algorithms: Mapping[int, Algorithm] = keys.ALGORITHMS
) -> Sheet:
    """Fold, strike out, sort. An entry that has nothing to be recognised by is left out."""
    lines = [Line(entry, n, keys.aliases(entry, algorithms), sane(entry, now)) for n, entry in enumerate(entries)]
    lines = _fold([line for line in lines if line.aliases])
    memory = memory.disqualify(_repeated(lines, REPEATING))
    struck = set(_repeated(lines, ("dated", "tail")))
    lines = [_strike(line, memory, struck) for line in lines]
    memory = memory.disqualify(_repeated(lines, ("exact",)))
    lines = [_strike(line, memory, struck, last=True) for line in lines]
    newest_first = _newest_first(lines)
    return Sheet(tuple(_sorted(lines, newest_first)), memory, newest_first)


def sane(entry: Entry, now: datetime) -> datetime | None:
    """The entry's date; None for one that cannot be meant: before the web, or more than a year ahead (F25)."""
    when = keys.date(entry)
    return None if when is None or when.year < EARLIEST or when > now + FAR else when


def _repeated(lines: Iterable[Line], kinds: tuple[str, ...]) -> list[tuple[str, bytes]]:
    seen = Counter((a.kind, a.key) for line in lines for a in set(line.aliases) if a.kind in kinds)
    return [pair for pair, times in seen.items() if times > 1]


def _strike(line: Line, memory: Memory, struck: set[tuple[str, bytes]], *, last: bool = False) -> Line:
    """Leave what says something. A link that does not may still do so as it stands: "#v2", "?campaign_id=2"."""

    def kept(alias: Alias) -> bool:
        return not memory.is_worthless(alias.kind, alias.key) and (alias.kind, alias.key) not in struck

    good = tuple(filter(kept, line.aliases))
    if line.entry.link and not last and not any(a.kind == "link" for a in good):
        good += (keys.exact(line.entry.link),)
    return replace(line, aliases=good)


def _fold(lines: list[Line]) -> list[Line]:
    """One line for entries that are one: an id or link shared, and nothing that says they are two."""
    groups: dict[tuple[str, bytes], list[int]] = defaultdict(list)
    kept: list[Line] = []
    for line in lines:
        shared = [(a.kind, a.key) for a in line.aliases if a.kind in keys.STRONG]
        at = next((n for pair in shared for n in groups[pair] if _one(kept[n].entry, line.entry)), None)
        if at is None:
            kept.append(line)
        else:
            kept[at] = _folded(kept[at], line)
        for pair in shared:
            groups[pair].append(len(kept) - 1 if at is None else at)
    return kept


def _one(a: Entry, b: Entry) -> bool:
    if a == b:
        return True
    one, other = Face(a), Face(b)
    title, text = likeness.titles(one, other), likeness.texts(one, other)
    both = one.ident == other.ident and one.link == other.link
    return title is Likeness.SAME and (text is Likeness.SAME or (both and text is not Likeness.OTHER))


def _folded(line: Line, again: Line) -> Line:
    # RFC 4287 §4.1.1: of entries with one id, the one updated last counts.
    def fresh(x: Line) -> float:
        moment = x.entry.updated or x.entry.published
        return moment.timestamp() if moment else 0.0

    newer, older = (again, line) if fresh(again) > fresh(line) else (line, again)
    aliases = tuple(dict.fromkeys((*newer.aliases, *older.aliases)))
    return replace(newer, place=line.place, aliases=aliases, folded=(*line.folded, older.entry))


def _newest_first(lines: Sequence[Line]) -> bool:
    pairs = [(a.when, b.when) for a, b in itertools.pairwise(lines) if a.when and b.when]
    rising = sum(a < b for a, b in pairs)
    falling = sum(a > b for a, b in pairs)
    return falling >= rising


def _sorted(lines: list[Line], newest_first: bool) -> list[Line]:
    """Oldest first; equal dates keep the document's order; an undated entry stays beside its neighbour (F27, P47)."""
    ordered = lines[::-1] if newest_first else lines
    before: datetime | None = None
    moments: list[datetime | None] = []
    for line in ordered:
        before = line.when or before
        moments.append(before)
    first = next((m for m in moments if m), None)
    ranks = [(m or first, n) for n, m in enumerate(moments)]
    if first is None:
        return ordered
    return [line for _, line in sorted(zip(ranks, ordered, strict=True), key=lambda pair: pair[0])]
