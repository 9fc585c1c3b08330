"""Bluesky's reading of a text (facets by UTF-8 bytes) and AT Protocol's syntax. https://atproto.com/specs/record-key"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import regex

from pipeline.text.counting.links import is_domain

# The reference is JavaScript: its \s is these, its \d, \b and ignored case are of ASCII.
_SPACES = r"\t-\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_BEFORE = rf"(?:^|[{_SPACES}]|\()"
_IGNORED = r"\u00ad\u2060\u200a\u200b\u200c\u200d\u20e2"
_MENTION = regex.compile(rf"{_BEFORE}(?P<mention>@(?P<handle>[a-zA-Z0-9.-]+))\b", regex.ASCII)
_LINK = regex.compile(
    rf"{_BEFORE}(?P<link>https?://[^{_SPACES}]+|(?P<domain>[a-z][a-z0-9]*(?:\.[a-z0-9]+)+)[^{_SPACES}]*)",
    regex.ASCII | regex.IGNORECASE | regex.MULTILINE,
)
_TAG = regex.compile(
    rf"(?:^|[{_SPACES}])(?P<tag>[#＃](?P<name>(?!\ufe0f)[^{_SPACES}{_IGNORED}]*[^0-9{_SPACES}\p{{P}}{_IGNORED}]+"
    rf"[^{_SPACES}{_IGNORED}]*))"
)
_CASHTAG = regex.compile(rf"""{_BEFORE}(?P<tag>\$[A-Za-z][A-Za-z0-9]{{0,4}})(?=[{_SPACES}]|$|[.,;:!?)"'’])""")
_LAST_PUNCTUATION = regex.compile(r"\p{P}+$")
LONGEST_TAG = 64  # UTF-16 units
TID_LETTERS = "234567abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Facet:
    """A link, mention or tag in a text; `start` and `end` are UTF-8 byte offsets."""

    start: int
    end: int
    kind: str  # link | mention | tag
    target: str

    @property
    def record(self) -> dict[str, Any]:
        """The facet as it stands in a post's record."""
        kind, name = ("link", "uri") if self.kind == "link" else ("tag", "tag")
        return {
            "index": {"byteStart": self.start, "byteEnd": self.end},
            "features": [{"$type": f"app.bsky.richtext.facet#{kind}", name: self.target}],
        }


def moment(at: datetime) -> str:
    """A moment as the AT Protocol wants it, the same bytes each time."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def facets(text: str) -> list[Facet]:
    """What Bluesky's own clients would make clickable."""
    found = [*_mentions(text), *_links(text), *_tags(text), *_cashtags(text)]
    if text.isascii():
        return found
    return [Facet(len(text[: f.start].encode()), len(text[: f.end].encode()), f.kind, f.target) for f in found]


def _mentions(text: str) -> Iterator[Facet]:
    for m in _MENTION.finditer(text):
        if _is_domain(m["handle"]) or m["handle"].endswith(".test"):
            yield Facet(m.start("mention"), m.end("mention"), "mention", m["handle"])


def _links(text: str) -> Iterator[Facet]:
    for m in _LINK.finditer(text):
        link, start = m["link"], m.start("link")
        if not link.startswith("http") and not (m["domain"] and _is_domain(m["domain"])):
            continue
        link = link[:-1] if link[-1] in ".,;:!?" else link
        if link.endswith(")") and "(" not in link:
            link = link[:-1]
        target = link if link.startswith("http") else f"https://{link}"
        yield Facet(start, start + len(link), "link", target)


def _is_domain(name: str) -> bool:
    """The reference knows top-level domains in small letters only."""
    last = name.rpartition(".")[2]
    return last == last.lower() and is_domain(name)


def _tags(text: str) -> Iterator[Facet]:
    for m in _TAG.finditer(text):
        name = _LAST_PUNCTUATION.sub("", m["name"].strip())
        if 0 < len(name.encode("utf-16-le", "surrogatepass")) // 2 <= LONGEST_TAG:
            yield Facet(m.start("tag"), m.start("tag") + 1 + len(name), "tag", name)


def _cashtags(text: str) -> Iterator[Facet]:
    for m in _CASHTAG.finditer(text):
        yield Facet(m.start("tag"), m.end("tag"), "tag", m["tag"].upper())


def tid(created: datetime, key: str) -> str:
    """A record key of type tid: the second of the moment, and thirty bits of the key. The same for ever.

    Posts of one batch are made in the same microsecond: the key, not the moment, must keep them apart.
    """
    digest = hashlib.sha256(key.encode()).digest()
    clock, fraction = int.from_bytes(digest[:2]) & 0x3FF, int.from_bytes(digest[2:6]) % 1_000_000
    number = (int(created.timestamp()) * 1_000_000 + fraction) << 10 | clock
    return "".join(TID_LETTERS[number >> shift & 31] for shift in range(60, -1, -5))


# --- syntax ----------------------------------------------------------------------------------------------------------

_NSID = (
    r"[a-zA-Z](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)+"
    r"\.[a-zA-Z][a-zA-Z0-9]{0,62}"
)
_HANDLE = r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_DID = r"did:[a-z]+:[a-zA-Z0-9._:%-]*[a-zA-Z0-9._-]"
_RECORD_KEY = r"(?!\.{1,2}$)[a-zA-Z0-9_~.:-]{1,512}"
_FRAGMENT = r"#/(?:[a-zA-Z0-9._~:@!$&')(*+,;=\[\]/-]|%[0-9a-fA-F]{2})*"
_DATETIME = (
    r"(?P<day>[0-9]{4}-(?:0[1-9]|1[012])-(?:0[1-9]|[12][0-9]|3[01]))T(?P<hour>[01][0-9]|2[0-3]):(?P<minute>[0-5][0-9])"
    r":[0-5][0-9](?:\.[0-9]+)?(?:Z|(?P<sign>[+-])(?P<east>[01][0-9]|2[0-3]):(?P<rest>[0-5][0-9]))"
)
_IRREGULAR = (
    "en-gb-oed|i-(?:ami|bnn|default|enochian|hak|klingon|lux|mingo|navajo|pwn|tao|tay|tsu)|sgn-(?:be-fr|be-nl|ch-de)"
    "|art-lojban|cel-gaulish|no-(?:bok|nyn)|zh-(?:guoyu|hakka|min|min-nan|xiang)"
)
_LANGUAGE = (
    rf"{_IRREGULAR}|(?:[a-z]{{2,3}}(?:-[a-z]{{3}}){{0,3}}|[a-z]{{4,8}})(?:-[a-z]{{4}})?(?:-(?:[a-z]{{2}}|[0-9]{{3}}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[0-9a-wyz](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?"
    r"|x(?:-[a-z0-9]{1,8})+"
)
_LONGEST_DATETIME = 64


def _matches(pattern: str, longest: int, flags: int = 0) -> Callable[[str], bool]:
    compiled = regex.compile(pattern, flags | regex.ASCII)
    return lambda value: len(value) <= longest and compiled.fullmatch(value) is not None


_is_language = _matches(_LANGUAGE, 128, regex.IGNORECASE)
_is_at_uri = _matches(
    rf"at://(?:{_DID}|{_HANDLE})(?:/{_NSID}(?:/(?!\.{{1,2}}(?:\#|$))[a-zA-Z0-9_~.:-]{{1,512}})?)?(?:{_FRAGMENT})?", 8192
)


def is_datetime(value: str) -> bool:
    """RFC 3339 with capital letters, a zone that is not -00:00, and a year from 0 to 9999 in UTC."""
    m = regex.fullmatch(_DATETIME, value, regex.ASCII) if len(value) <= _LONGEST_DATETIME else None
    if m is None or value.endswith("-00:00"):
        return False
    east = int(m["east"] or 0) * 60 + int(m["rest"] or 0)
    minute = int(m["hour"]) * 60 + int(m["minute"]) + (east if m["sign"] == "-" else -east)
    return not ((m["day"] == "0000-01-01" and minute < 0) or (m["day"] == "9999-12-31" and minute >= 24 * 60))


def is_language(value: str) -> bool:
    """A well-formed BCP 47 tag without a repeated variant or extension."""
    subtags = value.lower().split("-")
    singles = [tag for tag in (subtags[: subtags.index("x")] if "x" in subtags else subtags) if len(tag) == 1]
    first_single = next((n for n, tag in enumerate(subtags) if len(tag) == 1), len(subtags))
    variants = [tag for tag in subtags[1:first_single] if len(tag) > 4 or (len(tag) == 4 and tag[0].isdigit())]
    return _is_language(value) and len(set(singles)) == len(singles) and len(set(variants)) == len(variants)


SYNTAX: dict[str, Callable[[str], bool]] = {
    "handle": _matches(_HANDLE, 253),
    "did": _matches(_DID, 2048),
    "aturi": _is_at_uri,
    "datetime": is_datetime,
    "language": is_language,
    "nsid": _matches(_NSID, 317),
    "recordkey": _matches(_RECORD_KEY, 512),
    "tid": _matches("[234567abcdefghij][234567a-z]{12}", 13),
}


def is_valid(kind: str, value: str) -> bool:
    """Whether the value has the syntax of that kind: handle, did, aturi, datetime, language, nsid, recordkey, tid."""
    return SYNTAX[kind](value)
