"""Tags of an article as hashtags that every platform takes whole. Pure."""

from collections.abc import Iterable
from functools import lru_cache

import regex

LONGEST = 50  # graphemes are fewer; Bluesky takes 64
MEANINGLESS = {
    "uncategorized",
    "uncategorised",
    "allgemein",
    "sincategoría",
    "nonclassé",
    "untagged",
    "default",
    "blog",
    "post",
    "posts",
}

_APOSTROPHE = regex.compile(r"(?<=\w)['’ʼ`´](?=\w)")
_WORD = regex.compile(r"[\p{L}\p{M}\p{Nd}]+(?:[\u200c\u200d][\p{L}\p{M}]+)*")
_LETTER = regex.compile(r"\p{L}")
_SIGNS = regex.compile(r"[+#]\s*$")  # C++ and C# are not C


@lru_cache(maxsize=4096)
def hashtag(tag: str) -> str | None:
    """`climate change` as `ClimateChange`; None when nothing useful is left."""
    words = _WORD.findall(_APOSTROPHE.sub("", tag.strip().lstrip("#＃")))
    name = "".join([word[:1].upper() + word[1:] if word.islower() else word for word in words])
    if _SIGNS.search(tag) or not _LETTER.search(name) or not 1 < len(name) <= LONGEST:
        return None
    return None if name.lower() in MEANINGLESS else name


def hashtags(tags: Iterable[str], most: int) -> tuple[str, ...]:
    """The first hashtags of the tags, each once, without their signs."""
    found: dict[str, str] = {}
    for tag in tags:
        name = hashtag(tag)
        if name:
            found.setdefault(name.casefold(), name)
    return tuple(found.values())[:most]
