"""A document laid out for judging: repeats folded, worthless keys struck out, oldest first. Pure."""

import itertools
from collections import Counter
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipeline.feeds.identity import keys, likeness
from pipeline.feeds.identity.keys import Algorithm, Alias
from pipeline.feeds.identity.likeness import Face, Likeness
from pipeline.feeds.identity.memory import Memory
from pipeline.model import Entry

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
    whole: bool = False  # its weak keys are among the aliases

    def of(self, kind: str) -> tuple[Alias, ...]:
        """Its keys of one kind."""
        return tuple(alias for alias in self.aliases if alias.kind == kind)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The document's lines, oldest first, and the feed's memory with what this document taught."""

    lines: tuple[Line, ...]
    memory: Memory
    algorithms: Mapping[int, Algorithm]
    nameless: int = 0  # entries that were left out

    def strong(self) -> list[bytes]:
        """The keys that decide in a feed that behaves."""
        return [a.key for line in self.lines for a in line.aliases if a.kind in ("id", "link", "exact")]


def lay_out(
    entries: Sequence[Entry], memory: Memory, now: datetime, algorithms: Mapping[int, Algorithm] = keys.ALGORITHMS
) -> Sheet:
    """Fold, strike out, sort; by ids and links only. An entry that has nothing to be recognised by is left out."""
    memory = memory.at(now)
    lines = [Line(entry, n, keys.strong(entry, algorithms), sane(entry, now)) for n, entry in enumerate(entries)]
    named = [line for line in lines if line.aliases or keys.weak(line.entry, algorithms)]
    nameless = len(lines) - len(named)
    lines, repeated = named, _repeated(named, keys.STRONG)
    if repeated:  # else nothing is to be folded, and nothing new to be struck out
        lines = _fold(named)
        memory = memory.disqualify(_repeated(lines, keys.STRONG))
    if memory.worthless or memory.worthless_kinds:
        lines = [_with_exact(_strike(line, memory)) for line in lines]
        memory = memory.disqualify(_repeated(lines, ("exact",)))
        lines = [_strike(line, memory) for line in lines]
    return Sheet(tuple(_sorted(lines, _newest_first(lines))), memory, algorithms, nameless)


def complete(sheet: Sheet, places: Container[int]) -> Sheet:
    """The same with every key of these lines: those that are not plainly known."""
    lines = [_whole(line, sheet.algorithms) if line.place in places else line for line in sheet.lines]
    memory = sheet.memory.disqualify(_repeated(lines, ("text",)))
    here = set(_repeated(lines, ("dated", "tail")))  # worthless in this document only
    return replace(sheet, lines=tuple(_strike(line, memory, here) for line in lines), memory=memory)


def completed(line: Line, sheet: Sheet) -> Line:
    """One line with every key."""
    return line if line.whole else _strike(_whole(line, sheet.algorithms), sheet.memory)


def _whole(line: Line, algorithms: Mapping[int, Algorithm]) -> Line:
    entries = (line.entry, *line.folded)
    fresh = tuple(alias for entry in entries for alias in keys.weak(entry, algorithms))
    return replace(line, aliases=tuple(dict.fromkeys((*line.aliases, *fresh))), whole=True)


def sane(entry: Entry, now: datetime) -> datetime | None:
    """The entry's date; None for one that cannot be meant: before the web, or more than a year ahead (F25)."""
    when = keys.date(entry)
    return None if when is None or when.year < EARLIEST or when > now + FAR else when


def _repeated(lines: Iterable[Line], kinds: tuple[str, ...]) -> list[tuple[str, bytes]]:
    seen = Counter(one for line in lines for one in {(a.kind, a.key) for a in line.aliases if a.kind in kinds})
    return [pair for pair, times in seen.items() if times > 1]


def _strike(line: Line, memory: Memory, here: Collection[tuple[str, bytes]] = ()) -> Line:
    """Leave the keys that say something."""
    if not (memory.worthless or memory.worthless_kinds or here):
        return line
    good = (a for a in line.aliases if not memory.is_worthless(a.kind, a.key) and (a.kind, a.key) not in here)
    return replace(line, aliases=tuple(good))


def _with_exact(line: Line) -> Line:
    """A link that says nothing may still do so as it stands: "#v2", "?campaign_id=2" (F16)."""
    if not line.entry.link or any(alias.kind == "link" for alias in line.aliases):
        return line
    return replace(line, aliases=(*line.aliases, keys.exact(line.entry.link)))


def _fold(lines: list[Line]) -> list[Line]:
    """One line for entries that are one: an id or link shared, one headline, and nothing that says they are two."""
    groups: dict[tuple[str, bytes, str], int] = {}
    kept: list[Line] = []
    for line in lines:
        title = keys.headline(line.entry.title)
        shared = [(a.kind, a.key, title) for a in line.aliases]
        at = next((groups[one] for one in shared if one in groups), None)
        if at is not None and _one(kept[at].entry, line.entry):
            kept[at] = _folded(kept[at], line)
        else:
            at = len(kept)
            kept.append(line)
        groups |= dict.fromkeys(shared, at)
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
