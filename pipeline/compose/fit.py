"""The budget solver: what gives way, and in which order, when a text is too long. Pure.

First whole sentences of the teaser, then the last hashtags, then words, then the teaser itself, at the very last words
of the title. Never the link.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

import regex

from pipeline.text.counting.graphemes import graphemes, is_plain
from pipeline.text.counting.links import links
from pipeline.text.sentences import sentences
from pipeline.wording import counted

ELLIPSIS = "…"
FEWEST_WORDS = 6  # a shorter stump of a teaser says nothing

_UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}、。！？・ー]"
_STOP = regex.compile(rf"\s+|(?<={_UNSPACED})(?={_UNSPACED})")  # where a word may end
_LINK = regex.compile(r"https?://[^\s、。，！？「」『』（）【】]+", regex.IGNORECASE)
_LOOSE_END = regex.compile(r"[\s,;:–—\-(\[„“‘«¿¡。、,]+$")
LONG_WORD = 40  # a longer one, not being a link, may be cut between graphemes


@dataclass(frozen=True, slots=True)
class Draft:
    """The parts that may give way."""

    title: str
    teaser: str
    hashtags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """A place at which a text may end; `ended` by an ellipsis, or by its own full stop."""

    at: int
    ended: bool = False

    def of(self, text: str) -> str:
        """The text up to here."""
        if not self.ended:
            return text[: self.at]
        kept: str = _LOOSE_END.sub("", text[: self.at])
        return kept + ELLIPSIS if kept else ""


Fits = Callable[[Draft], bool]


def fit(draft: Draft, fits: Fits, language: str | None) -> tuple[Draft, tuple[str, ...]] | None:
    """The most of the draft that fits, and what was shortened; None when not even the fixed parts do."""
    return (draft, ()) if fits(draft) else shorten(draft, fits, language)


def shorten(draft: Draft, fits: Fits, language: str | None) -> tuple[Draft, tuple[str, ...]] | None:
    """The same for a draft that does not fit as it is."""
    for way in (_whole_sentences, _some_words, _no_teaser, _short_title):
        found = way(draft, fits, language)
        if found:
            return found, _notes(draft, found)
    return None


def _notes(before: Draft, after: Draft) -> tuple[str, ...]:
    lost = len(before.hashtags) - len(after.hashtags)
    notes = []
    if after.teaser != before.teaser:
        notes.append("the teaser was shortened" if after.teaser else "the teaser was left out")
    if lost:
        notes.append(f"{counted(lost, 'hashtag')} left out")
    if after.title != before.title:
        notes.append("the title was shortened" if after.title else "the title was left out")
    return tuple(f"{note} to fit the limit" for note in notes)


def _fewer_hashtags(draft: Draft) -> Iterator[Draft]:
    for most in range(len(draft.hashtags), -1, -1):
        yield Draft(draft.title, draft.teaser, draft.hashtags[:most])


def _whole_sentences(draft: Draft, fits: Fits, language: str | None) -> Draft | None:
    return _shorter(draft, sentence_cuts(draft.teaser, language), fits)


def _some_words(draft: Draft, fits: Fits, language: str | None) -> Draft | None:  # noqa: ARG001  (one shape for all ways)
    return _shorter(draft, word_cuts(draft.teaser)[FEWEST_WORDS - 1 :], fits)


def _shorter(draft: Draft, cuts: Sequence[Cut], fits: Fits) -> Draft | None:
    """The longest of the cuts that fits with the most hashtags that it can have."""
    for fewer in _fewer_hashtags(draft) if cuts else ():
        best = _most(cuts, lambda cut, fewer=fewer: fits(Draft(draft.title, cut.of(draft.teaser), fewer.hashtags)))  # type: ignore[misc]
        if best is not None:
            return Draft(draft.title, best.of(draft.teaser), fewer.hashtags)
    return None


def _no_teaser(draft: Draft, fits: Fits, language: str | None) -> Draft | None:  # noqa: ARG001
    return next(filter(fits, _fewer_hashtags(Draft(draft.title, "", draft.hashtags))), None)


def _short_title(draft: Draft, fits: Fits, language: str | None) -> Draft | None:  # noqa: ARG001
    cuts = [Cut(0), *word_cuts(draft.title)]
    best = _most(cuts, lambda cut: fits(Draft(cut.of(draft.title), "", ())))
    return Draft(best.of(draft.title), "", ()) if best else None


def _most(cuts: Sequence[Cut], fits: Callable[[Cut], bool]) -> Cut | None:
    """The longest that fits, of cuts in order of length."""
    low, high = -1, len(cuts) - 1
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(cuts[middle]) else (low, middle - 1)
    return cuts[low] if low >= 0 else None


@lru_cache(maxsize=64)  # an article goes to many channels
def sentence_cuts(text: str, language: str | None) -> tuple[Cut, ...]:
    """Where sentences end, without the last, which is no cut."""
    cuts, at = [], 0
    may = _may_end(text)
    for sentence in sentences(text, language)[:-1]:
        at = text.find(sentence, at) + len(sentence)
        if may(at):  # an endless one was divided somewhere
            cuts.append(Cut(at))
    return tuple(cuts)


@lru_cache(maxsize=64)
def word_cuts(text: str) -> tuple[Cut, ...]:
    """Where words end, or the graphemes of a very long one; without the end of the text."""
    cuts: list[Cut] = []
    last = 0
    may = _may_end(text)
    for stop in _STOP.finditer(text):
        if not may(stop.start()):
            continue  # a vowel sign belongs to the letter before it
        cuts += [*_inside(text, last, stop.start()), Cut(stop.start(), ended=True)]
        last = stop.end()
    return (*cuts, *_inside(text, last, len(text)))


def _may_end(text: str) -> Callable[[int], bool]:
    """Whether a text may end at a place: not inside a character, and not inside an address."""
    inside = _inside_links(text)
    if is_plain(text):
        return lambda at: at not in inside
    whole = set(accumulate(map(len, graphemes(text)))) - inside
    return lambda at: at in whole


def _inside_links(text: str) -> set[int]:
    """Scripts without spaces stand in addresses too."""
    found = [(m.start(), m.end()) for m in _LINK.finditer(text)] if "://" in text else []
    found += [(span.start, span.end) for span in links(text)] if "." in text and not text.isascii() else []
    return {at for start, end in found for at in range(start + 1, end)}


def _inside(text: str, start: int, end: int) -> Iterator[Cut]:
    """Cuts inside one very long word, after each grapheme; a link has none."""
    word = text[start:end]
    if len(word) > LONG_WORD and "." not in word and "://" not in word:
        at = start
        for cluster in graphemes(word)[:-1]:
            at += len(cluster)
            yield Cut(at, ended=True)


def chunks(text: str, fits: Callable[[str], bool], language: str | None) -> tuple[str, str]:
    """The longest beginning that fits, at a sentence, else at a word, and the rest; for the next part of a thread."""
    if fits(text):
        return text, ""
    for cuts in (sentence_cuts(text, language), word_cuts(text)):
        best = _most(cuts, lambda cut: fits(cut.of(text)))
        if best is not None and best.at:
            return best.of(text), text[best.at :].strip()
    return "", text
