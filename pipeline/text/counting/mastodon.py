"""Mastodon's length. https://github.com/mastodon/mastodon/blob/main/app/validators/status_length_validator.rb"""

from collections.abc import Iterator

import regex

from pipeline.text.counting.graphemes import count_graphemes
from pipeline.text.counting.links import ACCENTS, MASTODON_PATHS, links

LINK = 23
LONGEST_DOMAIN = 253

_MENTION = regex.compile(r"(?<![=/\w])@(?P<name>[a-zA-Z0-9_]+(?:[.-]+[a-zA-Z0-9_]+)*)(?P<domain>@\w+(?:[.-]+\w+)*)?")
_NO_MENTION = regex.compile(rf"[@＠{ACCENTS}]|://")


# Servers run many versions of Ruby: those before 4.0 end a character where an Indic conjunct goes on (no rule GB9c).
_CONJUNCT = regex.compile(
    r"[\u094d\u09cd\u0acd\u0b4d\u0c4d\u0d4d][\p{M}\u200d]*(?=[\p{L}--\p{M}])(?<=\p{L}\p{M}+\u200d*\p{M}*)", regex.V1
)


def length(text: str, *, link: int = LINK) -> int:
    """Graphemes, where a link with a scheme counts `link` and a remote mention only its local part."""
    kept, last = [], 0
    for start, end, counted in sorted(_entities(text, link)):
        if start >= last:  # of two that overlap the first counts
            kept += [text[last:start], counted]
            last = end
    return _count("".join([*kept, text[last:]]))


def _entities(text: str, link: int) -> Iterator[tuple[int, int, str]]:
    for span in links(text, MASTODON_PATHS, bare=False):
        yield span.start, span.end, "x" * link
    for found in _MENTION.finditer(text) if "@" in text else ():
        whole = len(found["domain"] or "") - 1 > LONGEST_DOMAIN or _NO_MENTION.match(text, found.end())
        if found["domain"] and not whole:
            yield found.start(), found.end(), f"@{found['name']}"


def _count(text: str) -> int:
    return count_graphemes(text) + (0 if text.isascii() else len(_CONJUNCT.findall(text)))
