"""Where sentences end."""

import re

END = re.compile(r"[.!?…]+[\"'”’»)\]]*\s+(?=\W*[^\W\d_a-z])|[。！？]+[」』”’）]*|[।॥؟۔።]+\s*")


def sentences(text: str, language: str | None = None) -> list[str]:
    """The sentences of a text, in order; joined by the white space between them they are the text."""
    found, start = [], 0
    for match in END.finditer(text):
        found.append(text[start : match.end()].strip())
        start = match.end()
    return [s for s in [*found, text[start:].strip()] if s]
