"""The budget solver: what gives way, and in which order, when a text is too long. Pure.

First whole sentences of the teaser, then the last hashtags, then words, then the teaser itself, at the very last words
of the title. Never the link.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import regex

from pipeline.text.sentences import sentences

ELLIPSIS = "…"
FEWEST_WORDS = 6  # a shorter stump of a teaser says nothing

_UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}、。！？・ー]"
_STOP = regex.compile(rf"\s+|(?<={_UNSPACED})(?={_UNSPACED})")  # where a word may end
_CLUSTER = regex.compile(r"\X")
_LOOSE_END = regex.compile(r"[\s,;:–—\-(\[„“‘«¿¡。、,]+$")
LONG_WORD = 40  # a longer one, not being a link, may be cut between graphemes


@dataclass(frozen=True, slots=True)
class Draft:
    """The parts that may give way."""

    title: str
    teaser: str
    hashtags: tuple[str, ...]


Fits = Callable[[Draft], bool]


def fit(draft: Draft, fits: Fits, language: str | None) -> tuple[Draft, tuple[str, ...]] | None:
    """The most of the draft that fits, and what was shortened; None when not even the fixed parts do."""
    if fits(draft):
        return draft, ()
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
        notes.append(f"{lost} hashtag{'s' if lost > 1 else ''} left out")
    if after.title != before.title:
        notes.append("the title was shortened" if after.title else "the title was left out")
    return tuple(f"{note} to fit the limit" for note in notes)


def _fewer_hashtags(draft: Draft) -> Iterator[Draft]:
    for most in range(len(draft.hashtags), -1, -1):
        yield replace(draft, hashtags=draft.hashtags[:most])


def _whole_sentences(draft: Draft, fits: Fits, language: str | None) -> Draft | None:
    cuts = sentence_cuts(draft.teaser, language)
    shorter = _fewer_hashtags(draft) if cuts else ()
    return next(filter(None, (_longest(d, cuts, fits) for d in shorter)), None)


def _some_words(draft: Draft, fits: Fits, language: str | None) -> Draft | None:  # noqa: ARG001  (one shape for all ways)
    cuts = word_cuts(draft.teaser)[FEWEST_WORDS - 1 :]
    shorter = _fewer_hashtags(draft) if cuts else ()
    return next(filter(None, (_longest(d, cuts, fits) for d in shorter)), None)


def _no_teaser(draft: Draft, fits: Fits, language: str | None) -> Draft | None:  # noqa: ARG001
    return next(filter(fits, _fewer_hashtags(replace(draft, teaser=""))), None)


def _short_title(draft: Draft, fits: Fits, language: str | None) -> Draft | None:  # noqa: ARG001
    bare = replace(draft, teaser="", hashtags=())
    cuts = [*word_cuts(draft.title), ""]
    count = _most(cuts_ascending := list(reversed(cuts[-1:])) + cuts[:-1], lambda cut: fits(replace(bare, title=cut)))
    return replace(bare, title=cuts_ascending[count]) if count >= 0 else None


def _longest(draft: Draft, cuts: Sequence[str], fits: Fits) -> Draft | None:
    best = _most(cuts, lambda cut: fits(replace(draft, teaser=cut)))
    return replace(draft, teaser=cuts[best]) if best >= 0 else None


def _most(cuts: Sequence[str], fits: Callable[[str], bool]) -> int:
    """The position of the longest that fits, of cuts in order of length; -1 when none does."""
    low, high = -1, len(cuts) - 1
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(cuts[middle]) else (low, middle - 1)
    return low


def sentence_cuts(text: str, language: str | None) -> list[str]:
    """The beginnings of a text that end with a sentence, shortest first, without the whole."""
    cuts, at = [], 0
    for sentence in sentences(text, language)[:-1]:
        at = text.index(sentence, at) + len(sentence)
        cuts.append(text[:at])
    return cuts


def word_cuts(text: str) -> list[str]:
    """The beginnings of a text that end with a word and an ellipsis, shortest first, without the whole."""
    cuts: list[str] = []
    last = 0
    for stop in _STOP.finditer(text):
        cuts += _inside(text, last, stop.start())
        cuts.append(_ended(text[: stop.start()]))
        last = stop.end()
    cuts += _inside(text, last, len(text))
    return list(dict.fromkeys(cut for cut in cuts if cut != ELLIPSIS))


def _inside(text: str, start: int, end: int) -> list[str]:
    """Cuts inside one very long word, after each grapheme; a link has none."""
    word = text[start:end]
    if len(word) <= LONG_WORD or "://" in word or "." in word:
        return []
    at, cuts = start, []
    for cluster in _CLUSTER.findall(word)[:-1]:
        at += len(cluster)
        cuts.append(text[:at] + ELLIPSIS)
    return cuts


def _ended(text: str) -> str:
    return f"{_LOOSE_END.sub('', text)}{ELLIPSIS}"


def chunks(text: str, fits: Callable[[str], bool], language: str | None) -> tuple[str, str]:
    """The longest beginning that fits, at a sentence, else at a word, and the rest; for the next part of a thread."""
    if fits(text):
        return text, ""
    cuts = sentence_cuts(text, language)
    best = _most(cuts, fits)
    if best >= 0:
        return cuts[best], text[len(cuts[best]) :].strip()
    stops = [stop.start() for stop in _STOP.finditer(text)]
    starts = [text[:stop] for stop in stops]
    best = _most(starts, lambda start: fits(start + ELLIPSIS))
    return (starts[best] + ELLIPSIS, text[len(starts[best]) :].strip()) if best >= 0 else ("", text)
