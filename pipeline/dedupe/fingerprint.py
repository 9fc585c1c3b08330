"""The fingerprint of an article's text: small, versioned, the same in every process and on every machine.

A text is the set of its runs of three words. The runs with the smallest hashes are a fair sample of all of them
(Broder, 1997), and two samples of one hash function tell how much of one text stands in the other, also where one is
long and the other short. Numbers and names are sampled apart: where the wording agrees, they tell a report from its
template.
"""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from operator import or_
from zlib import crc32

from pipeline.dedupe import words as reading
from pipeline.dedupe.titles import stem

VERSION = 1
RUN = 3
SAMPLE = 64  # runs remembered of a text
FACTS = 14  # numbers, and names, remembered of a text
BINS = 4
PROBES = 4  # per bin: a text may be found inside one of up to so many times its length
LEAST = 64  # of the smallest hashes, enough for every bin's probes
HEAD = 40  # runs at the beginning that are also looked up apart: excerpts are mostly cut behind
MIX = 0x9E3779B1
SHORT = 2  # bytes of a fact
HIGH = [value << 16 for value in range(256)]  # a run's third byte, in its place
FEW = 3  # a text of fewer runs is found by its title and address only

Known24 = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """The smallest hashes of a set, sorted, and how many the set has."""

    size: int
    least: Known24

    @property
    def whole(self) -> bool:
        """Whether nothing was left out."""
        return self.size <= len(self.least)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is remembered of a text."""

    words: int
    digest: bytes  # of the exact words
    runs: Sample
    numbers: Sample
    names: Sample
    version: int = VERSION

    def pack(self) -> bytes:
        """The bytes to store; `unpack` reads them."""
        head = struct.pack(">BHHHH", self.version, self.words, self.runs.size, self.numbers.size, self.names.size)
        return head + self.digest + _packed(self.runs, 3) + _packed(self.numbers, 2) + _packed(self.names, 2)


@dataclass(frozen=True, slots=True)
class Reading:
    """An article's text, read in full: what a candidate has and a remembered article no longer."""

    words: list[str]
    stems: frozenset[str]
    runs: dict[int, int]  # hash of a run, as short as remembered → where it stands
    ordered: tuple[int, ...]  # the same hashes, sorted
    ignored: frozenset[int]  # runs that are the feed's boilerplate
    fingerprint: Fingerprint
    ignored_words: int
    blocks: tuple[int, ...]  # hashes of its sentences, boilerplate included
    keys: "Keys" = field(repr=False)


@dataclass(frozen=True, slots=True)
class Keys:
    """What an index finds a text by. `head` and `bins` are stored; `probes` are looked up in the bins."""

    head: int | None = None
    bins: tuple[int | None, ...] = (None,) * BINS
    probes: tuple[tuple[int, ...], ...] = ((),) * BINS


def read(markup: str, boilerplate: frozenset[int] = frozenset()) -> Reading:
    """Read a text. Blocks whose hash is in `boilerplate` count for nothing."""
    blocks = [(block_hash(block), block) for block in reading.blocks(markup)]
    own = [block for name, block in blocks if name not in boilerplate]
    ignored = [word.lower() for name, block in blocks if name in boilerplate for word in block]
    cased = [word for block in own for word in block][: reading.MOST_WORDS]
    lower = " ".join(cased).lower().split(" ") if cased else []
    runs = _runs(lower)
    ordered = sorted(runs)
    fingerprint = Fingerprint(
        words=min(len(lower), 0xFFFF),
        digest=blake2b(" ".join(lower).encode(), digest_size=6).digest(),
        runs=sample(ordered, SAMPLE, 8),
        numbers=sample(_hashes(_numbers(lower)), FACTS, 16),
        names=sample(_hashes(_names(own)), FACTS, 16),
    )
    return Reading(
        words=lower,
        stems=frozenset(stem(word) for word in set(lower)),
        runs={value >> 8: at for value, at in runs.items()},
        ordered=tuple(value >> 8 for value in ordered),
        ignored=frozenset(value >> 8 for value in _runs(ignored)),
        fingerprint=fingerprint,
        ignored_words=len(ignored),
        blocks=tuple(name for name, _ in blocks),
        keys=_keys(lower, runs, ordered),
    )


def block_hash(block: Iterable[str]) -> int:
    """The name under which a feed's boilerplate is remembered."""
    return mixed(" ".join(block).lower())


def mixed(text: str) -> int:
    """32 bits of a text, evenly spread; the same everywhere and always."""
    return (crc32(text.encode()) * MIX) & 0xFFFFFFFF


def sample(hashes: Iterable[int], most: int, shift: int) -> Sample:
    """The smallest of the hashes, shortened by `shift` bits."""
    every = sorted(hashes)
    return Sample(min(len(every), 0xFFFF), tuple(value >> shift for value in every[:most]))


def unpack(data: bytes) -> Fingerprint:
    """The fingerprint that was packed. One of another version says nothing of the text."""
    if data[0] != VERSION:
        return Fingerprint(0, b"", Sample(0, ()), Sample(0, ()), Sample(0, ()), data[0])
    version, count, runs, numbers, names = struct.unpack_from(">BHHHH", data)
    at = 15
    samples = []
    for size, most, width in ((runs, SAMPLE, 3), (numbers, FACTS, 2), (names, FACTS, 2)):
        end = at + min(size, most) * width
        samples.append(Sample(size, _unpacked(data[at:end], width)))
        at = end
    return Fingerprint(count, data[9:15], samples[0], samples[1], samples[2], version)


def _packed(sample: Sample, width: int) -> bytes:
    low = [value & 0xFFFF for value in sample.least]
    high = [value >> 16 for value in sample.least] if width > SHORT else []
    return struct.pack(f">{len(low)}H{len(high)}B", *low, *high)


def _unpacked(data: bytes, width: int) -> Known24:
    count = len(data) // width
    if width == SHORT:
        return struct.unpack(f">{count}H", data)
    low, high = struct.unpack(f">{count}H", data[: 2 * count]), data[2 * count :]
    return tuple(map(or_, map(HIGH.__getitem__, high), low))


def _runs(lower: list[str]) -> dict[int, int]:
    if len(lower) < RUN:
        return {mixed(" ".join(lower)): 0} if lower else {}
    thirds = zip(lower, lower[1:], lower[2:], strict=False)
    hashes = [(crc32(f"{a} {b} {c}".encode()) * MIX) & 0xFFFFFFFF for a, b, c in thirds]
    return dict(zip(reversed(hashes), range(len(hashes) - 1, -1, -1), strict=True))


def _hashes(found: Iterable[str]) -> set[int]:
    return {mixed(word) for word in found}


def _numbers(lower: list[str]) -> Iterator[str]:
    return (word for word in set(lower) if word[0].isdigit())


def _names(blocks: list[list[str]]) -> Iterator[str]:
    found = {word for block in blocks for word in block[1:] if word[0].isupper()}
    return (word.lower() for word in found)


def _keys(lower: list[str], runs: dict[int, int], ordered: list[int]) -> Keys:
    if len(runs) < FEW:
        return Keys()
    probes: list[list[int]] = [[] for _ in range(BINS)]
    for value in ordered[:LEAST]:
        chosen = probes[value & (BINS - 1)]
        if len(chosen) < PROBES:
            chosen.append(value)
    named = [tuple(_key(lower, runs[value], f"bin{n}") for value in each) for n, each in enumerate(probes)]
    return Keys(_head(lower, runs), tuple(each[0] if each else None for each in named), tuple(named))


def _head(lower: list[str], runs: dict[int, int]) -> int:
    return _key(lower, runs[min(value for value, at in runs.items() if at < HEAD)], "head")


def _key(lower: list[str], at: int, what: str) -> int:
    digest = blake2b(" ".join(lower[at : at + RUN]).encode(), digest_size=4, person=what.encode()).digest()
    return int.from_bytes(digest, "big", signed=True)
