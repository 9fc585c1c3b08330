"""The sample newspaper's pieces, read from stock.txt."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

BYLINES = ("Lene Harrow", "Tobias Wick", "Marit Osei", "Jonas Bell", "Aiko Stern", "Clara Dunmore")


@dataclass(frozen=True, slots=True)
class Piece:
    """One article as the newsroom wrote it."""

    number: int
    title: str
    tags: tuple[str, ...]
    scene: str
    standfirst: str
    text: tuple[str, ...]

    @property
    def slug(self) -> str:
        """The last part of its address."""
        return re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-")

    @property
    def author(self) -> str:
        return BYLINES[self.number % len(BYLINES)]


@cache
def pieces() -> tuple[Piece, ...]:
    """All of them, in the order in which they are published."""
    blocks = (Path(__file__).parent / "stock.txt").read_text(encoding="utf-8").split("\n== ")[1:]
    return tuple(piece(number, block) for number, block in enumerate(blocks))


def piece(number: int, block: str) -> Piece:
    title, line, _, rest = [*block.split("\n", 2)[:2], "", block.split("\n", 2)[2]]
    tags, _, scene = line.partition(" | ")
    first, *others = (paragraph.strip() for paragraph in rest.strip().split("\n\n"))
    return Piece(number, title.strip(), tuple(tags.split(", ")), scene.strip(), first, tuple(others))
