"""What recurs in a feed and therefore says nothing: footers, captions, appeals, standing headlines. Bounded.

A feed's memory is a small table of sentences: how many of its articles had each, and when it was last there. A sentence
that enough articles had is boilerplate. When the table is full, what only one article had, and longest ago, goes.
"""

import struct
from dataclasses import dataclass, field

from pipeline.dedupe.fingerprint import Reading, mixed
from pipeline.dedupe.words import words

ENTRIES = 512
ROOM = 128  # entries more before the table is cut back: sorting costs time
OFTEN = 3  # articles that had it
ENDS = 40  # sentences of an article that are counted: the first and the last half of so many
ROW = struct.Struct(">IBH")  # sentence, articles that had it, when last
FULL = 255
CLOCK = 0xFFFF


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """What recurs, as of now."""

    blocks: frozenset[int] = frozenset()

    def headline(self, title: str) -> bool:
        """Whether the headline recurs."""
        return headline_hash(title) in self.blocks


NOTHING = Boilerplate()


@dataclass(slots=True)
class Memory:
    """A feed's sentences: hash → (articles that had it, when last). `clock` counts articles."""

    seen: dict[int, tuple[int, int]] = field(default_factory=dict)
    clock: int = 0
    known: Boilerplate | None = field(default=None, repr=False, compare=False)

    def boilerplate(self) -> Boilerplate:
        """What recurs."""
        if self.known is None:
            self.known = Boilerplate(frozenset(block for block, (count, _) in self.seen.items() if count >= OFTEN))
        return self.known

    def add(self, title: str, reading: Reading) -> None:
        """Count one article in. The same article twice counts twice: call it once for each story."""
        self.clock += 1
        self.known = None
        for block in {headline_hash(title), *_ends(reading.blocks)}:
            count = self.seen.get(block, (0, 0))[0]
            self.seen[block] = (min(count + 1, FULL), self.clock)
        if len(self.seen) > ENTRIES + ROOM:
            kept = sorted(self.seen.items(), key=lambda entry: (min(entry[1][0], OFTEN), entry[1][1]))[-ENTRIES:]
            self.seen = dict(kept)

    def pack(self) -> bytes:
        """The bytes to store, at most 7 for each entry; `unpack` reads them."""
        return b"".join(ROW.pack(block, count, self._age(last)) for block, (count, last) in self.seen.items())

    def _age(self, last: int) -> int:
        return min(self.clock - last, CLOCK)


def unpack(data: bytes) -> Memory:
    """The memory that was packed. Ages count back from a clock that starts again."""
    return Memory({block: (count, CLOCK - age) for block, count, age in ROW.iter_unpack(data)}, CLOCK)


def headline_hash(title: str) -> int:
    """A headline among the sentences."""
    return mixed("headline " + " ".join(words(title)).lower())


def _ends(blocks: tuple[int, ...]) -> tuple[int, ...]:
    return blocks if len(blocks) <= ENDS else blocks[: ENDS // 2] + blocks[-ENDS // 2 :]
