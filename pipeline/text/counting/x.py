"""X's own reading of a text: weight, hashtags, mentions, cashtags. https://docs.x.com/fundamentals/counting-characters"""

import re
import unicodedata
from functools import lru_cache

import regex

from pipeline.text.counting.links import ACCENTS, PUNCTUATION, SPACES, Span, links

LIMIT = 280
LINK = 23
HEAVY = 2  # a character outside the light ranges, and an emoji however long

_LIGHT = re.compile("[\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]+")
_MAYBE_EMOJI = re.compile(
    "[\u203c\u2049\u20e3\u2122\u2139\u2190-\u2bff\u3030\u303d\u3297\u3299\ufe0f\U0001f000-\U0001fbff]"
)
_FORBIDDEN = regex.compile("[\ufffe\ufeff\uffff]")
_TONED = r"\p{Emoji_Modifier_Base}\ufe0f?\p{Emoji_Modifier}"
_JOINED = rf"(?:{_TONED}|\p{{Emoji_Presentation}}\ufe0f?|\p{{Extended_Pictographic}}\ufe0f)"  # no bare ♂ in a sequence
_SINGLE = rf"(?:{_TONED}|[©®™♟]\ufe0f|[\p{{Extended_Pictographic}}--[©®™♟]](?!\ufe0e)\ufe0f?)"
EMOJI = regex.compile(
    rf"(?V1)(?:\p{{Regional_Indicator}}{{2}}|[0-9\#*]\ufe0f?\u20e3|{_JOINED}(?:\u200d{_JOINED})+"
    rf"|{_SINGLE}(?:[\U000e0020-\U000e007f]+)?|\p{{Emoji_Modifier}})"
)
_SPECIAL = "_\u200c\u200d\ua67e\u05be\u05f3\u05f4\uff5e\u301c\u309b\u309c\u30a0\u30fb\u3003\u0f0b\u0f0c\u00b7"
_ALPHA = r"[\p{L}\p{M}]"
_ALNUM = rf"[\p{{L}}\p{{M}}\p{{Nd}}{_SPECIAL}]"
_HASHTAG = regex.compile(
    rf"(?:^|\ufe0e|\ufe0f|(?!{_ALNUM}|&)(?s:.))(?P<tag>[#＃](?!\ufe0f|\u20e3)(?P<name>{_ALNUM}*{_ALPHA}{_ALNUM}*))"
)
_NO_HASHTAG = regex.compile(r"[#＃]|://")
_MENTION = regex.compile(
    r"(?:^|[^a-zA-Z0-9_!#$%&*@＠]|(?:^|[^a-zA-Z0-9_+~.-])(?:rt|RT|rT|Rt):?)"
    r"(?P<mention>[@＠](?P<name>[a-zA-Z0-9_]{1,20})(?P<list>/[a-zA-Z][a-zA-Z0-9_-]{0,24})?)"
)
_NO_MENTION = regex.compile(rf"[@＠{ACCENTS}]|://")
_CASHTAG = regex.compile(
    rf"(?:^|[{SPACES}])(?P<tag>\$(?P<name>[a-z]{{1,6}}(?:[._][a-z]{{1,2}})?))(?=$|\s|[{PUNCTUATION}])", regex.IGNORECASE
)


@lru_cache(maxsize=64)
def weight(text: str) -> int:
    """The weighted length: links 23, emoji 2, wide characters 2, others 1."""
    text = unicodedata.normalize("NFC", text)
    spans = links(text)
    rest = _without(text, spans) if spans else text
    return LINK * len(spans) + _weigh(rest)


def is_valid(text: str) -> bool:
    """Whether X would take the text as a post."""
    return not _FORBIDDEN.search(text) and 0 < weight(text) <= LIMIT


def hashtags(text: str) -> list[Span]:
    """The hashtags; the span's text is without its sign."""
    found = [
        Span(m.start("tag"), m.end("tag"), m["name"])
        for m in _HASHTAG.finditer(text)
        if not _NO_HASHTAG.match(text, m.end())
    ]
    if not found:
        return []
    kept, last = [], 0
    for span in sorted([*found, *links(text)], key=lambda span: span.start):  # of two that overlap the first counts
        if span.start >= last:
            last = span.end
            kept.append(span)
    return [span for span in kept if span in found]


def mentions(text: str) -> list[Span]:
    """The mentions of people (not of lists); the span's text is without its sign."""
    return [
        Span(m.start("mention"), m.end("mention"), m["name"])
        for m in _MENTION.finditer(text)
        if not m["list"] and not _NO_MENTION.match(text, m.end())
    ]


def cashtags(text: str) -> list[Span]:
    """The cashtags; the span's text is without its sign."""
    return [Span(m.start("tag"), m.end("tag"), m["name"]) for m in _CASHTAG.finditer(text)]


def _without(text: str, spans: list[Span]) -> str:
    kept, last = [], 0
    for span in spans:
        kept.append(text[last : span.start])
        last = span.end
    return "\x00".join([*kept, text[last:]]).replace("\x00", "")


def _weigh(text: str) -> int:
    if text.isascii():
        return len(text)
    emoji = 0
    if _MAYBE_EMOJI.search(text):
        text, emoji = EMOJI.subn("", text)
    return len(text) + len(_LIGHT.sub("", text)) + HEAVY * emoji
