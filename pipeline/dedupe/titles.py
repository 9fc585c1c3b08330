"""What two headlines say about two articles."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from pipeline.dedupe.words import SPACELESS, words

NEAR = 0.6
TELLING = 5  # letters from which a word tells what a text is about


class Title(StrEnum):
    """How two headlines are related."""

    SAME = "same"
    NUMBERED = "numbered"  # the same but for their numbers: parts of a series, days of a column
    NEAR = "near"
    OTHER = "other"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Headline:
    """A headline's words, and those that tell what it is about."""

    words: tuple[str, ...]
    plain: tuple[str, ...]  # without numbers
    telling: frozenset[str]  # their beginnings: "repair" tells what "repaired" does


@lru_cache(maxsize=4096)
def headline(title: str) -> Headline:
    """Read a headline."""
    found = tuple(word.lower() for word in words(title))
    plain = tuple(word for word in found if not word[0].isdigit())
    return Headline(
        found, plain, frozenset(stem(word) for word in plain if len(word) >= TELLING or SPACELESS.match(word))
    )


def stem(word: str) -> str:
    """The word without what inflection changes, roughly and in any language."""
    return word[:TELLING]


def compare(a: str, b: str) -> Title:
    """How the two headlines are related."""
    one, two = headline(a), headline(b)
    if not one.words or not two.words:
        return Title.NONE
    if one.words == two.words:
        return Title.SAME
    if one.plain == two.plain:
        return Title.NUMBERED
    mine, yours = set(one.words), set(two.words)
    shared = len(mine & yours)
    near = shared / len(mine | yours) >= NEAR or (shared == min(len(mine), len(yours)) and shared >= TELLING)
    return Title.NEAR if near else Title.OTHER
