"""A mark in a text that may end a sentence, with what stands around it."""

import re
from dataclasses import dataclass

BULLETS = "•⁃‣▪●"
OPENERS = "\"'“‘«‹„‚([{「『【（¿¡*_"
WORD_BEFORE = re.compile(r"(?:[^\s(\[{\"“”«»„‘‚\u2014\u2013]|(?<=[\u05d0-\u05ea])\")*$")
LEADING = re.compile(rf"[{re.escape(OPENERS)}\s•⁃]*")
FIRST_WORD = re.compile(r"[^\W\d_]+(?:['’.][^\W\d_]+)*['’]?|\d+")
ELISION = re.compile(r"\s*['’‘](?:s|t|n|k|m)\s+[A-Z]")
"""Dutch cuts the first word's head off and gives the capital to the second: 's Avonds."""


@dataclass(frozen=True, slots=True)
class Place:
    """A mark that may end a sentence, with what stands around it."""

    before: str  # from the sentence's start to the mark
    mark: str
    closers: str
    gap: bool  # white space follows
    rest: str  # what follows

    @property
    def word(self) -> str:
        """The word that the mark stands at, without what opens it."""
        found = WORD_BEFORE.search(self.before, self.before.rfind(" ") + 1)  # a word has no space
        return found[0].lstrip(OPENERS + BULLETS + "-–") if found else ""

    @property
    def next(self) -> str:
        """The first letter or digit that follows, past opening marks."""
        elided = ELISION.match(self.rest)
        return elided[0][-1] if elided else self.rest[LEADING.match(self.rest).end() :][:1]  # type: ignore[union-attr]

    @property
    def next_word(self) -> str:
        """The first word that follows."""
        found = FIRST_WORD.match(self.rest, LEADING.match(self.rest).end())  # type: ignore[union-attr]
        return found[0] if found else ""


def small(letter: str) -> bool:
    """Whether it is a small letter in a script that has capitals in use (Georgian has none in its prose)."""
    return letter.islower() and not "\u10d0" <= letter <= "\u10ff"
