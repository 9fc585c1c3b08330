"""The keys by which an article is recognised in its feed, and the normal forms they are made of. Pure.

Every key carries the version of the algorithm that made it. A new version is a new function in `ALGORITHMS`; the old
ones stay, and are asked as long as their rows exist: an upgrade never makes anything new (F17).
"""

import hashlib
import html
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple, Protocol

from pipeline.feeds import canonical
from pipeline.model import Entry

STRONG = ("id", "link")
LEAST_WORDS = 12  # a shorter text says nothing
LONGEST = 20_000  # characters of a text that count

_TAG = re.compile(r"<[^<>]*>")
_WORD = re.compile(r"\w+")
# Live counters: "(37 comments)", "[12]", "3 Kommentare" (F13).
_COUNTER = re.compile(r"[(\[]\s*\d[\d.,\s]*[^\W\d_]*\s*[)\]]\s*$")
_COUNTED = re.compile(
    r"\b\d[\d.,]*\s+(?:comments?|replies|views|likes|shares|points|votes|kommentare?|commentaires?|comentarios?)\b"
)


@dataclass(frozen=True, slots=True)
class Alias:
    """One key of an article. `kind`: id, tail (an id without scheme and host), link, exact, dated, text."""

    kind: str
    key: bytes
    version: int


def headline(title: str) -> str:
    """A title as it is compared: no case, no punctuation, no live counter."""
    plain = unicodedata.normalize("NFKC", title[:1000]).casefold()
    bare = _COUNTED.sub("", _COUNTER.sub("", plain))
    return " ".join(_WORD.findall(bare)) or " ".join(plain.split())


def words(markup: str) -> list[str]:
    """The words of a text as they are compared: no markup, no case, no punctuation, no live counters."""
    plain = html.unescape(_TAG.sub(" ", markup[:LONGEST]))
    return _WORD.findall(_COUNTED.sub("", unicodedata.normalize("NFKC", plain).casefold()))


class _Texts(Protocol):
    @property
    def summary(self) -> str: ...
    @property
    def content(self) -> str: ...


class _Dates(Protocol):
    @property
    def published(self) -> datetime | None: ...
    @property
    def updated(self) -> datetime | None: ...


def body(entry: _Texts) -> str:
    """The text of an entry that is compared: the longer of its two."""
    return max(entry.content, entry.summary, key=len)


def date(entry: _Dates) -> datetime | None:
    """When the entry says it was published."""
    return entry.published or entry.updated


def content_hash(entry: Entry) -> bytes:
    """What makes a revision when it changes: title, link, text, picture; never a date, counter or parameter.

    Two halves: the entry byte for byte, which is quick to compare, and its normal form, which decides. Behind them the
    tags, which make no revision and may yet keep an article from a channel.
    """
    return _raw(entry) + _normal(entry) + _tags(entry)


def retagged(entry: Entry, before: bytes) -> bytes | None:
    """The content hash with the entry's present tags, where they are others; None of one that knew of no tags."""
    tags = _tags(entry)
    return before[:32] + tags if before[32:] not in (b"", tags) else None


def edited(entry: Entry, before: bytes) -> bool:
    """Whether the entry says something else than the one that this content hash was made of."""
    return before[:16] != _raw(entry) and before[16:32] != _normal(entry)


def _raw(entry: Entry) -> bytes:
    image = entry.image.url if entry.image else ""
    return _digest("\x00".join((entry.title, entry.link or "", entry.summary, entry.content, image)))


def _normal(entry: Entry) -> bytes:
    image = canonical.key(entry.image.url) if entry.image else ""
    return _digest("\x00".join((headline(entry.title), canonical.key(entry.link or ""), *words(body(entry)), image)))


def _tags(entry: Entry) -> bytes:
    return _digest("\x00".join(sorted(tag.casefold() for tag in entry.tags)))


def _strong(entry: Entry) -> Iterator[tuple[str, str]]:
    ident = (entry.entry_id or "").strip()
    if ident:
        yield "id", canonical.bare(ident)
    if entry.link:
        yield "link", canonical.key(entry.link)


def _weak(entry: Entry) -> Iterator[tuple[str, str]]:
    tail = canonical.tail((entry.entry_id or "").strip())
    if tail:
        yield "tail", tail
    title, when = headline(entry.title), date(entry)
    if title:
        yield "dated", f"{title}\n{when.astimezone(UTC).isoformat() if when else ''}"
    text = words(body(entry))
    if len(text) >= LEAST_WORDS:
        yield "text", " ".join(text)


class Algorithm(NamedTuple):
    """How keys are made of an entry: those that decide in a feed that behaves, and the others."""

    strong: Callable[[Entry], Iterator[tuple[str, str]]]
    weak: Callable[[Entry], Iterator[tuple[str, str]]]


ALGORITHMS: Mapping[int, Algorithm] = {1: Algorithm(_strong, _weak)}
VERSION = max(ALGORITHMS)


def strong(entry: Entry, algorithms: Mapping[int, Algorithm] = ALGORITHMS) -> tuple[Alias, ...]:
    """The entry's id and link as keys, those of the newest version first."""
    versions = sorted(algorithms, reverse=True)
    return tuple([_often(kind, value, n) for n in versions for kind, value in algorithms[n].strong(entry)])


def weak(entry: Entry, algorithms: Mapping[int, Algorithm] = ALGORITHMS) -> tuple[Alias, ...]:
    """The entry's other keys."""
    versions = sorted(algorithms, reverse=True)
    return tuple(alias(kind, value, n) for n in versions for kind, value in algorithms[n].weak(entry))


def exact(link: str) -> Alias:
    """The key of a link as it stands, for feeds whose canonical links repeat and differ only in the rest (F16)."""
    return alias("exact", canonical.bare(link.strip()), 1)


def alias(kind: str, value: str, version: int) -> Alias:
    """A key of a fixed small size; it is the same in every feed and store."""
    return Alias(kind, _digest(f"{version}\x00{kind}\x00{value}"), version)


_often = lru_cache(maxsize=4096)(alias)  # a feed shows the same ids and links at every poll


def link_key(link: str) -> bytes:
    """The key under which a link is found across feeds."""
    return alias("link", canonical.key(link), VERSION).key


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
