"""Mastodon's length. https://github.com/mastodon/mastodon/blob/main/app/validators/status_length_validator.rb"""

import regex

from pipeline.text.counting.graphemes import count_graphemes
from pipeline.text.counting.links import ACCENTS, MASTODON_PATHS, links

LINK = 23
LONGEST_DOMAIN = 253

_MENTION = regex.compile(
    r"(?<![=/\w])@(?P<name>[a-z0-9_]+(?:[a-z0-9_.-]+[a-z0-9_]+)?)(?P<domain>@\w+(?:[.-]+\w+)*)?", regex.IGNORECASE
)
_NO_MENTION = regex.compile(rf"[@＠{ACCENTS}]|://")


def length(text: str, *, link: int = LINK) -> int:
    """Graphemes, where a link with a scheme counts `link` and a remote mention only its local part."""
    spans = links(text, MASTODON_PATHS, bare=False)
    for span in reversed(spans):
        text = f"{text[: span.start]}{'x' * link}{text[span.end :]}"
    if "@" in text:
        text = _MENTION.sub(_local, text)
    return count_graphemes(text)


def _local(found: regex.Match[str]) -> str:
    domain = found["domain"] or ""
    whole: str = found[0]
    if len(domain) - 1 > LONGEST_DOMAIN or _NO_MENTION.match(found.string, found.end()):
        return whole
    return f"@{found['name']}"
