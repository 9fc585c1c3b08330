"""Pages and feed entries written for these tests, each with its right teaser (expected.toml).

Their kinds are those that teasers failed on: tables as layout, notices before the lead, menus, related lists, text in
scripts, closings, datelines, members-only posts, cards of other articles. Each kind has two halves of fixed pages:
`tune` may be looked at while a rule is made, `look` tells whether the rule carries over."""

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline import teaser
from pipeline.text import material
from tests.quality.teaser import of_entry, of_page

FOLDER = Path(__file__).parent
MIN_WORDS, MAX_WORDS = 20, 110
UNSPACED = ("ja", "zh", "ko", "th")  # languages whose words are not counted
SENTENCE_END = re.compile(r"[.!?…。！？।؟][\"'’”“»«)\]」』]*$")
STRAIGHT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "\u00a0": " ", "\u202f": " "})


@dataclass(frozen=True, slots=True)
class Case:
    """A page (.html) or a feed's entry (.json), and what its teaser must be."""

    file: str
    kind: str
    language: str
    half: str
    title: str
    url: str
    begins: tuple[str, ...] = ()  # any of these
    says: tuple[str, ...] = ()  # each of these
    never: tuple[str, ...] = ()  # none of these
    none: bool = False  # the title alone is right
    picture: str | None = None  # its address, or "" where none is right

    @property
    def material(self) -> material.Material:
        """What the product reads of it."""
        if self.file.endswith(".json"):
            entry = json.loads((FOLDER / self.file).read_text(encoding="utf-8"))
            return of_entry({"entry": entry, "url": self.url, "lang": self.language})
        return of_page({"html": self.file, "url": self.url, "lang": self.language}, FOLDER)


def cases() -> list[Case]:
    """All of them, in the order of expected.toml."""
    return [Case(**{name: plain(value) for name, value in row.items()}) for row in rows()]


def rows() -> list[dict[str, Any]]:
    """The tables of expected.toml."""
    pages: list[dict[str, Any]] = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))["page"]
    return pages


def plain(value: Any) -> Any:
    """A list as a tuple, all else as it is."""
    return tuple(value) if isinstance(value, list) else value


def pending() -> frozenset[str]:
    """The files whose teasers are not right yet."""
    return frozenset((FOLDER / "pending.txt").read_text(encoding="utf-8").split())


def faults(case: Case) -> list[str]:
    """What is wrong with the product's teaser of a case."""
    found = teaser.choose(case.material)
    picture = found.image.url if found.image else ""
    wrong = list(wrong_words(case, found.text))
    if case.picture is not None and picture != case.picture:
        wrong.append(f"picture {picture!r} instead of {case.picture!r}")
    return wrong


def wrong_words(case: Case, text: str) -> Iterator[str]:
    """What is wrong with the words of a teaser."""
    said = folded(text)
    if case.none:
        if said:
            yield f"{text!r} instead of the title alone"
        return
    if not any(said.startswith(folded(start)) for start in case.begins):
        yield f"begins {text[:90]!r} instead of {case.begins[0]!r}"
    yield from (f"says {words!r}" for words in case.never if folded(words) in said)
    yield from (f"leaves out {words!r}" for words in case.says if folded(words) not in said)
    if said and case.language != "th" and not SENTENCE_END.search(text):
        yield f"ends {text[-50:]!r}, not at a sentence's end"
    if case.language not in UNSPACED and not MIN_WORDS <= len(said.split()) <= MAX_WORDS:
        yield f"has {len(said.split())} words"


def folded(text: str) -> str:
    """A text as it is compared: straight quotes, single spaces, no capitals."""
    return " ".join(text.translate(STRAIGHT).split()).casefold()
