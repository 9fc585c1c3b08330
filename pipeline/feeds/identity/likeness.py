"""How alike an entry and a stored article are, and whether that makes them one. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Protocol

from pipeline.feeds import canonical
from pipeline.feeds.identity import keys

NEAR = 0.6  # of the words of two titles, of the three-word runs of two texts
UNLIKE = 0.3
NOTE = 100  # words that a note in a text's place may have
LONG_TEXT = 40  # words that do not come together twice by chance
WINDOW = timedelta(days=2)  # how far an edit moves a date, when the text says it is one
DEVELOPS = timedelta(hours=6)  # so long a page is written on until nothing of its first text is left


_NUMBER = re.compile(r"\d+")


class Likeness(StrEnum):
    """What one part of an entry says about a stored article."""

    SAME = "same"
    NEAR = "near"
    OTHER = "other"
    SILENT = "silent"  # one of them does not have it


class Likened(Protocol):
    """What entries and stored articles have in common."""

    @property
    def entry_id(self) -> str | None: ...
    @property
    def link(self) -> str | None: ...
    @property
    def title(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def content(self) -> str: ...
    @property
    def published(self) -> datetime | None: ...
    @property
    def updated(self) -> datetime | None: ...


class Face:
    """What is compared of an entry or of a stored article; the text only when it is asked for."""

    def __init__(self, of: Likened) -> None:
        ident, link = (of.entry_id or "").strip(), of.link or ""
        self._of = of
        self.ident = canonical.bare(ident)
        self.tail = canonical.tail(ident)
        self.link = canonical.key(link) if link else ""
        self.exact = canonical.bare(link.strip())
        self.page = _NUMBER.sub("0", canonical.page(link)) if link else ""
        self.tracked = canonical.tracked(link)
        self.title = keys.headline(of.title)
        self.date = keys.date(of)

    @cached_property
    def text(self) -> tuple[str, ...]:
        """The words of its text."""
        return tuple(keys.words(keys.body(self._of)))

    @cached_property
    def runs(self) -> frozenset[tuple[str, ...]]:
        """The text's runs of three words."""
        return frozenset(zip(self.text, self.text[1:], self.text[2:], strict=False))

    @cached_property
    def title_words(self) -> frozenset[str]:
        """The words of its title."""
        return frozenset(self.title.split())


@dataclass(frozen=True, slots=True)
class Comparison:
    """Each part's word."""

    ident: Likeness
    link: Likeness
    title: Likeness
    text: Likeness
    tail: bool
    same_date: bool
    later: bool  # the entry is dated after the article
    dated: bool  # both have a date
    apart: timedelta
    long_text: bool
    same_numbers: bool
    same_page: bool  # the addresses are one but for numbers and parameters
    tracked: bool  # they are one only because parameters are left out
    company: bool = False  # the document has other entries, with ids of their own
    absent: bool = False  # the article is not in the document, which still shows older ones: something took its place


@dataclass(frozen=True, slots=True)
class Match:
    """Whether they are one. `score` orders several candidates; `doubt` asks a person."""

    same: bool
    score: int
    reason: str
    firm: bool = False  # so sure that it holds even when another entry is nearer
    doubt: bool = False
    by_id: bool = False
    weak: bool = False  # it gives way where another entry is that article


NO = Match(False, 0, "")


def compare(entry: Face, article: Face, *, trust_ids: bool, trusted: frozenset[str]) -> Comparison:
    """Look at every part. `trusted`: kinds of keys that say something here; `trust_ids`: a new id means something."""
    ident = _equal(entry.ident, article.ident) if "id" in trusted else Likeness.SILENT
    if ident is Likeness.OTHER and not trust_ids:
        ident = Likeness.SILENT
    link = Likeness.SILENT
    if trusted & {"link", "exact"}:
        link = _equal(entry.link, article.link) if "link" in trusted else _equal(entry.exact, article.exact)
    dated = entry.date is not None and article.date is not None
    apart = abs(entry.date - article.date) if entry.date and article.date else timedelta(0)
    return Comparison(
        ident=ident,
        link=link,
        title=titles(entry, article),
        text=texts(entry, article) if "text" in trusted else Likeness.SILENT,
        tail=bool("id" in trusted and entry.tail and entry.tail == article.tail),
        same_date=dated and not apart,
        later=bool(entry.date and article.date and entry.date > article.date),
        dated=dated,
        apart=apart,
        long_text=len(entry.text) >= LONG_TEXT,
        same_numbers=_numbers(entry) == _numbers(article),
        same_page=entry.page == article.page != "",
        tracked=entry.exact != article.exact and (entry.tracked or article.tracked),
    )


def judge(c: Comparison, at: datetime | None) -> Match:
    """Whether an entry dated `at` is the article it was compared with."""
    if c.ident is Likeness.SAME and c.link is Likeness.SAME:
        return Match(True, 100, "its id and link are known", firm=True, by_id=True)
    if c.ident is Likeness.SAME:
        return _by_id(c)
    if c.link is Likeness.SAME:
        return _by_link(c)
    return _by_looks(c, at)


def _by_id(c: Comparison) -> Match:
    firm = _title_agrees(c) or _text_agrees(c)
    if c.link is not Likeness.OTHER or firm:
        return Match(True, 80 + _agreement(c), "its id is known", firm=firm, by_id=True)
    # F06: an id is used again when nothing else agrees and the date moved on; without dates the texts must differ. A
    # live blog keeps its id while headline, text, date and the post that it leads to are others each time.
    moved_on = c.later if c.dated else c.text is Likeness.OTHER
    lives = c.company and c.same_page and c.apart <= WINDOW
    if c.title is Likeness.OTHER and moved_on and not lives:
        return NO
    return Match(True, 35, "its id is known", by_id=True, weak=True)


def _by_link(c: Comparison) -> Match:
    if _next_on_page(c):
        return NO
    return Match(True, 70 + _agreement(c), "its link is known", firm=_title_agrees(c) or _text_agrees(c))


def _next_on_page(c: Comparison) -> bool:
    """F09: a page that carries one article after the other, or one page of a site that names them by a parameter."""
    if _text_agrees(c):
        return False
    if c.title is Likeness.OTHER and (c.later or not c.dated):
        return c.ident is Likeness.OTHER or (c.tracked and c.text is Likeness.OTHER)
    another = c.ident is Likeness.OTHER and c.text is Likeness.OTHER
    return another and c.later and c.apart >= DEVELOPS  # the weather at its one address, each day's


def _by_looks(c: Comparison, at: datetime | None) -> Match:
    for holds, score, reason in (
        (c.tail and (_title_agrees(c) or _text_agrees(c) or c.same_date), 60, "its id is known from another host"),
        (_dated(c, at), 55, "an article of this title and date is known"),
        (_worded(c), 50, "an article with this text is known"),
        (_reworded(c, at), 40, "a known article was edited and got a new address"),
    ):
        if holds:
            return Match(True, score + _agreement(c), reason)
    if c.text is Likeness.SAME and c.long_text:
        return Match(False, 20, "its text is that of a known article, but nothing else is", doubt=True)
    return NO


def _dated(c: Comparison, at: datetime | None) -> bool:
    if c.title is not Likeness.SAME or (c.text is Likeness.OTHER and (not c.dated or _day_only(at))):
        return False
    if c.same_date:
        return True
    undated = not c.dated and at is None
    return undated and (c.text is not Likeness.SILENT or c.ident is not Likeness.OTHER or c.link is not Likeness.OTHER)


def _worded(c: Comparison) -> bool:
    return c.text is Likeness.SAME and (_title_agrees(c) or c.same_date)


def _reworded(c: Comparison, at: datetime | None) -> bool:
    """Near is not enough by itself: reports of one form are near to each other. The article must be amiss, too."""
    if c.text is Likeness.NEAR and c.same_date:
        return c.absent or _title_agrees(c)
    if c.text is Likeness.NEAR and _title_agrees(c):
        return c.absent and c.same_numbers and c.apart <= WINDOW
    near = c.title is Likeness.NEAR and c.same_date and not _day_only(at)
    return near and c.absent and c.text is not Likeness.OTHER


def _title_agrees(c: Comparison) -> bool:
    return c.title in (Likeness.SAME, Likeness.NEAR)


def _text_agrees(c: Comparison) -> bool:
    return c.text in (Likeness.SAME, Likeness.NEAR)


def _agreement(c: Comparison) -> int:
    return 2 * (c.title is Likeness.SAME) + 2 * _text_agrees(c) + c.same_date


def _day_only(at: datetime | None) -> bool:
    return at is not None and at.time().replace(tzinfo=None) in (time(0), time(12))


def _equal(one: str, other: str) -> Likeness:
    if not one or not other:
        return Likeness.SILENT
    return Likeness.SAME if one == other else Likeness.OTHER


def titles(one: Face, other: Face) -> Likeness:
    """Two headlines: an addition or a changed word leaves them near."""
    if one.title == other.title or not one.title or not other.title:
        return _equal(one.title, other.title)
    a, b = one.title_words, other.title_words
    shared, least = len(a & b), min(len(a), len(b))
    near = shared >= NEAR * len(a | b) or (least >= 4 and shared >= 0.85 * least)
    return Likeness.NEAR if near else Likeness.OTHER


def texts(one: Face, other: Face) -> Likeness:
    """Two texts by their three-word runs; the shorter one decides, for one may be the beginning of the other."""
    if min(len(one.text), len(other.text)) < keys.LEAST_WORDS:
        return Likeness.SILENT
    if one.text == other.text:
        return Likeness.SAME
    share = len(one.runs & other.runs) / min(len(one.runs), len(other.runs))
    return Likeness.NEAR if share >= NEAR else Likeness.OTHER if share < UNLIKE else Likeness.SILENT


def has_its_own_text(before: Likened, now: Likened) -> bool:
    """Whether a short text that stood in a text's place (a note, a placeholder) has made way for another."""
    old, new = Face(before), Face(now)
    if len(new.text) < keys.LEAST_WORDS or len(old.text) > NOTE:
        return False
    return len(old.text) < keys.LEAST_WORDS or texts(old, new) is Likeness.OTHER


def _numbers(face: Face) -> list[str]:
    return sorted(w for w in {*face.title.split(), *face.text} if w.isdigit())
