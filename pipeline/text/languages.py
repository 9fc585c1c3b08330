"""The language of a text: as its publisher says, else as its words and letters show."""

import re

SUBTAG = re.compile(r"\s*([a-zA-Z]{2,3})(?:[-_]|\s*$)")


def subtag(tag: str | None) -> str | None:
    """The language of a BCP 47 tag in lower case (`de_AT` → `de`), or None where it is none."""
    found = SUBTAG.match(tag or "")
    return found[1].lower() if found else None


def detect(text: str) -> str | None:
    """The language that a text is written in, or None where it does not show."""
    return None
