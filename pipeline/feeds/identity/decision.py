"""The ruling on each entry: news, known, edited, held for a person, or archive. Pure."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from pipeline.feeds.identity import keys
from pipeline.feeds.identity.keys import Alias
from pipeline.feeds.identity.matching import FEWEST, Claim
from pipeline.feeds.identity.memory import AHEAD_KEPT, Memory
from pipeline.feeds.identity.sheet import NEAR_FUTURE, Line, Sheet, completed
from pipeline.model import Entry
from pipeline.wording import counted

STEADY_FLOODS = 10  # so many times `flood` within an hour is a flood too, whatever each poll brought
LATE_ARCHIVE = timedelta(days=1)
SLACK = timedelta(days=7)
FEW = 1  # entries from which on ids that never last mean something
STEADY_ORDER = 5  # documents after which it is settled on which side of a document the news stands


class Verdict(StrEnum):
    """What becomes of an entry."""

    NEW = "new"
    KNOWN = "known"
    REVISED = "revised"  # known, and edited
    RETURNED = "returned"  # known, was missing, and is back
    HELD = "held"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class Policy:
    """What the operator set for the feed."""

    first_run: int = 0
    flood: int = 12
    max_age: timedelta = timedelta(days=7)
    embargo: timedelta | None = NEAR_FUTURE  # so far ahead a date is an embargo; None where no date is one


@dataclass(frozen=True, slots=True)
class Known:
    """A stored article as far as a ruling needs it."""

    seq: int
    content_hash: bytes | None = None
    published: datetime | None = None
    missing: bool = False  # it was no longer in the feed
    withdrawn: bool = False  # and therefore withdrawn before it was sent


@dataclass(frozen=True, slots=True)
class Ruling:
    """One entry's ruling, in the order in which articles are to be stored."""

    verdict: Verdict
    entry: Entry
    reason: str
    seq: int | None = None
    aliases: tuple[Alias, ...] = ()  # to be added
    content_hash: bytes = b""
    edited: bool = False
    retagged: bool = False
    redated: bool = False  # its date is, or was, ahead of now, and the feed says another one

    @property
    def changes(self) -> bool:
        """Whether anything is to be written because of it."""
        other = self.edited or self.retagged or self.redated
        return self.verdict is not Verdict.KNOWN or other or bool(self.aliases)


@dataclass(frozen=True, slots=True)
class Decision:
    """All rulings of one document, and what the feed's memory is now."""

    rulings: tuple[Ruling, ...]
    memory: Memory
    warnings: tuple[str, ...] = ()

    def count(self, *verdicts: Verdict) -> int:
        """How many entries were ruled so."""
        return sum(ruling.verdict in verdicts for ruling in self.rulings)


def decide(
    sheet: Sheet,
    claims: Mapping[int, Claim],
    known: Mapping[int, Known],
    policy: Policy,
    now: datetime,
    *,
    baseline: bool = False,
    state_lost: bool = False,
    renamed: bool = False,
) -> Decision:
    """Rule on every line. `baseline`: the first document of the feed; `state_lost`: but articles of it are stored.

    `renamed`: the document has quite another title than the one before.
    """
    fresh = [line for line in sheet.lines if line.place not in claims]
    memory, renumbered = _renumbering(sheet, claims)
    if baseline and not state_lost:
        rulings = _archive(fresh, policy)
    else:
        whole = _hold_all(sheet, fresh, claims, now, state_lost=state_lost, renamed=renamed)
        rulings = _news(sheet, fresh, claims, policy, now, whole=whole, renumbered=renumbered)
    told = {line.place: ruling for line, ruling in zip(fresh, rulings, strict=True)}
    claimed = [line for line in sheet.lines if line.place in claims]
    told |= {line.place: _known(line, sheet, claims[line.place], known, now) for line in claimed}
    ordered = tuple(told[line.place] for line in sheet.lines)
    warnings = ("the feed gives known articles new ids: links, titles and texts decide now",) if renumbered else ()
    memory = replace(memory, ahead=_ahead(sheet, policy, now))
    return Decision(ordered, _learnt(memory, sheet, claims, ordered, now, baseline=baseline), warnings)


def _known(line: Line, sheet: Sheet, claim: Claim, known: Mapping[int, Known], now: datetime) -> Ruling:
    if claim.doubt:
        return _ruling(Verdict.HELD, line, claim.reason)
    article = known.get(claim.seq) or Known(claim.seq)
    edited = article.content_hash is not None and not claim.repeat and keys.edited(line.entry, article.content_hash)
    verdict = Verdict.RETURNED if article.missing else Verdict.REVISED if edited else Verdict.KNOWN
    fresh: tuple[Alias, ...] = ()
    if edited or not (claim.plain or claim.repeat):
        fresh = completed(line, sheet).aliases
    if not sheet.memory.trusts_ids:
        fresh = tuple(alias for alias in fresh if alias.kind not in ("id", "tail"))
    retagged = None if claim.repeat else keys.retagged(line.entry, article.content_hash or b"")
    digest = keys.content_hash(line.entry) if edited else retagged or b""
    entry = _dated(line)
    return Ruling(
        verdict,
        entry,
        claim.reason,
        claim.seq,
        fresh,
        digest,
        edited=edited,
        retagged=retagged is not None,
        redated=not claim.repeat and _redated(entry.published, article.published, now),
    )


def _redated(said: datetime | None, before: datetime | None, now: datetime) -> bool:
    """Whether the feed moved a date that keeps, or is to keep, the article; no date at all says nothing of it."""
    return said is not None and said != before and (said > now or (before is not None and before > now))


def _ruling(verdict: Verdict, line: Line, reason: str) -> Ruling:
    entry = _dated(line)
    return Ruling(verdict, entry, reason, None, line.aliases, keys.content_hash(entry))


def _dated(line: Line) -> Entry:
    """The line's entry; an absurd date is none (F25)."""
    absurd = line.when is None and keys.date(line.entry)
    return replace(line.entry, published=None, updated=None) if absurd else line.entry


def _archive(fresh: Sequence[Line], policy: Policy) -> list[Ruling]:
    """First run: the newest `first_run` are posted, oldest first; the rest is known from now on (F29)."""
    chosen = len(fresh) - policy.first_run
    reason = f"one of the newest {policy.first_run}, as first_run asks"
    return [
        _ruling(Verdict.NEW, line, reason) if n >= chosen else _ruling(Verdict.ARCHIVED, line, "was there before us")
        for n, line in enumerate(fresh)
    ]


def _news(
    sheet: Sheet,
    fresh: Sequence[Line],
    claims: Mapping[int, Claim],
    policy: Policy,
    now: datetime,
    *,
    whole: str,
    renumbered: bool,
) -> list[Ruling]:
    if whole:
        return [_ruling(Verdict.HELD, line, whole) for line in fresh]
    first, end = min(claims, default=0), _end(sheet, claims)
    rulings = [
        _one(line, sheet, policy, now, end=end, unsure=renumbered and not _newer(line, sheet.memory, first))
        for line in fresh
    ]
    return _dam(rulings, sheet.memory, policy, now)


def _newer(line: Line, memory: Memory, first: int) -> bool:
    """Whether a line is plainly newer than what is known: dated later, or above all of it and not dated before."""
    if not (line.when and memory.newest):
        return line.place < first
    return line.when > memory.newest or (line.when == memory.newest and line.place < first)


def _end(sheet: Sheet, claims: Mapping[int, Claim]) -> int | None:
    """The place of the last known entry, in a document of the newest first; None where the order says nothing."""
    seqs = [claims[place].seq for place in sorted(claims)]
    falling = sum(a > b for a, b in itertools.pairwise(seqs))
    if sheet.memory.on_top <= 0 or falling * 2 < len(seqs) - 1 or len(seqs) < 2:
        return None
    return max(claims)


def renamed(before: str, title: str) -> bool:
    """Whether two titles of a feed have no word in common; a date or a number in them may change."""
    old, new = (set(keys.headline(text).split()) for text in (before, title))
    return bool(old and new) and not old & new


def _hold_all(
    sheet: Sheet,
    fresh: Sequence[Line],
    claims: Mapping[int, Claim],
    now: datetime,
    *,
    state_lost: bool,
    renamed: bool,
) -> str:
    """A reason to hold every unknown entry of this document; empty for none."""
    memory = sheet.memory
    if state_lost:
        return "the feed's state was lost while articles of it are known: look before anything is posted again"
    dates = [line.when for line in fresh if line.when]
    if memory.empty_baseline and sum(when < now - LATE_ARCHIVE for when in dates) >= FEWEST:
        return "the feed was empty when we began and now shows its archive"
    if len(fresh) >= FEWEST and not claims and memory.newest and dates and max(dates) <= memory.newest:
        return "every entry looks new, yet none is newer than what is known"
    if renamed and memory.largest and not claims:
        return "the document has another title and nothing that is known: it may be another feed's"
    return ""


def _one(line: Line, sheet: Sheet, policy: Policy, now: datetime, *, end: int | None, unsure: bool) -> Ruling:
    memory, when = sheet.memory, line.when
    if when is None and end is not None and line.place > end:  # F34
        return _ruling(Verdict.HELD, line, "it has no date and stands beneath all that is known, as older ones do")
    if when and memory.oldest and when < memory.oldest:
        return _ruling(Verdict.HELD, line, "it is dated before the oldest article known of this feed")
    newest = max((other.when for other in sheet.lines if other.when and other.when <= now), default=None)
    reference = max((moment for moment in (newest, memory.newest) if moment), default=None)
    if when and reference and when < min(reference, now) - policy.max_age:
        return _ruling(Verdict.HELD, line, f"it is dated {_days(min(reference, now) - when)} before the feed's newest")
    if unsure:
        return _ruling(Verdict.HELD, line, "the feed renumbered its articles and this one is not newer than the rest")
    if when and policy.embargo is not None and when > now + policy.embargo:
        return _ruling(Verdict.NEW, line, f"it is dated {_days(when - now)} ahead and waits until then")
    return _ruling(Verdict.NEW, line, "neither its id nor its link, title and date or text is known")


def _dam(rulings: list[Ruling], memory: Memory, policy: Policy, now: datetime) -> list[Ruling]:
    """Hold a flood (F37): too many at once, or far too many within an hour."""
    new = sum(ruling.verdict is Verdict.NEW for ruling in rulings)
    hour = memory.within_hour(now) + new
    if new <= policy.flood and hour <= STEADY_FLOODS * policy.flood:
        return rulings
    found = counted(new, "new article in one poll is", "new articles in one poll are")
    reason = f"{found} more than flood = {policy.flood}"
    if new <= policy.flood:
        found = counted(hour, "new article within an hour is", "new articles within an hour are")
        reason = f"{found} more than ten times flood = {policy.flood}"
    return [
        replace(ruling, verdict=Verdict.HELD, reason=reason) if ruling.verdict is Verdict.NEW else ruling
        for ruling in rulings
    ]


def _renumbering(sheet: Sheet, claims: Mapping[int, Claim]) -> tuple[Memory, bool]:
    """F05: most lines have an id nobody knows, and are known all the same."""
    memory = sheet.memory
    if all(_plain(claim) for claim in claims.values()):
        return memory, False
    bearing = [line for line in sheet.lines if any(alias.kind == "id" for alias in line.aliases)]
    changed = sum(line.place in claims and not _plain(claims[line.place]) for line in bearing)
    fewest = FEW if memory.fleeting else FEWEST  # each of a few entries may be edited, but not at every poll
    if len(bearing) < fewest or changed * 2 <= len(bearing) or not memory.trusts_ids:
        return memory, False
    return replace(memory, renumbered=memory.renumbered + 1), True


def _plain(claim: Claim) -> bool:
    return claim.plain or claim.repeat or claim.doubt or claim.by_id


def _learnt(
    memory: Memory,
    sheet: Sheet,
    claims: Mapping[int, Claim],
    rulings: Sequence[Ruling],
    now: datetime,
    *,
    baseline: bool,
) -> Memory:
    dates = [line.when for line in sheet.lines if line.when and line.when <= now]
    new = sum(ruling.verdict is Verdict.NEW for ruling in rulings)
    return replace(
        memory.arrived(new, now),
        fleeting=0 if any(claim.plain or claim.by_id for claim in claims.values()) else memory.fleeting + 1,
        oldest=_oldest(memory, dates, baseline=baseline),
        newest=max((moment for moment in (*dates, memory.newest) if moment), default=None),
        empty_baseline=not sheet.lines if baseline else memory.empty_baseline and not sheet.lines,
        largest=max(memory.largest, len(sheet.lines)),
        on_top=max(-STEADY_ORDER, min(STEADY_ORDER, memory.on_top + _side(sheet, claims, rulings))),
    )


def _ahead(sheet: Sheet, policy: Policy, now: datetime) -> tuple[datetime, ...]:
    """The dates that are embargoes, or were found to be when they were further ahead."""
    dates = {line.when for line in sheet.lines if line.when and line.when > now}
    wait = {when for when in dates if policy.embargo is not None and when > now + policy.embargo}
    return tuple(sorted(wait | (dates & set(sheet.memory.ahead)))[:AHEAD_KEPT])


def _side(sheet: Sheet, claims: Mapping[int, Claim], rulings: Sequence[Ruling]) -> int:
    """1 where the news stands above all that is known, -1 where it stands beneath, else 0."""
    lines = zip(sheet.lines, rulings, strict=True)
    places = [line.place for line, ruling in lines if ruling.verdict is Verdict.NEW]
    if not places or not claims:
        return 0
    return (max(places) < min(claims)) - (min(places) > max(claims))


def _oldest(memory: Memory, dates: Sequence[datetime], *, baseline: bool) -> datetime | None:
    if memory.oldest or not dates:
        return memory.oldest
    if baseline:
        return min(dates)
    return min(dates) - SLACK if memory.empty_baseline else None  # the first news need not be the oldest of the day


def _days(length: timedelta) -> str:
    return counted(length.days, "day") if length.days > 1 else counted(round(length.total_seconds() / 3600), "hour")
