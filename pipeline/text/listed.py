"""The lines of a text and the items of its lists, before sentences are looked for in them. Pure."""

import re
from collections.abc import Iterator
from itertools import pairwise

NEWLINE = re.compile(r"(?<![ \t])\n\s*|[ \t]+\n\s*(?=[^\s(a-zß-öø-ÿа-яё])|[ \t]+\n[ \t]*\n\s*")
BULLETS = re.compile("[•⁃‣▪●]")
BULLET = re.compile(r"\s+(?=[•⁃‣▪●]\s?\S)")
NUMBERED = re.compile(
    r"(?:(?<=\s)|^)(?:[•⁃‣▪●]\s?)?\(?(\d{1,2}|[a-z]|[ivx]{1,4})(?:\.\)|\.|\))\s+(?=\S)(?!\d{1,4}\.\s)"
)
FIRST = ("1", "a", "i")
LETTERS = 2
ROMANS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")


def lines(text: str) -> Iterator[str]:
    """Lines and list items; a line broken inside a sentence goes on."""
    bulleted = BULLETS.search(text)  # most texts have none: to look for one mark is quick, to part at it is not
    for line in NEWLINE.split(text) if "\n" in text else [text]:
        for piece in BULLET.split(line) if bulleted else [line]:
            yield from items(piece.strip())


def items(line: str) -> Iterator[str]:
    """The items of an enumeration that the line holds: 1. … 2. … 3. …"""
    starts = [0, *enumerated(line)]
    for start, end in zip(starts, [*starts[1:], len(line)], strict=True):
        if piece := line[start:end].strip():
            yield piece


def enumerated(line: str) -> list[int]:
    """Where the items start; nowhere when fewer than two follow one another from the start of a sentence."""
    starts: list[int] = []
    expected: tuple[str, ...] = ()
    markers = list(NUMBERED.finditer(line))
    for at, found in enumerate(markers):
        ahead = markers[at : at + LETTERS + 1]
        if found[1] in expected or (again(ahead) if starts else begins(line, found, ahead)):
            starts.append(found.start())
            expected = successors(found[1])
    return starts if len(starts) > 1 else []


def successors(number: str) -> tuple[str, ...]:
    """What may come after an item's number: 2 after 1, b after a, ii or j after i."""
    if number.isdigit():
        return (str(int(number) + 1),)
    roman = (*ROMANS[1:], "")[ROMANS.index(number)] if number in ROMANS else ""
    return tuple(after for after in (roman, chr(ord(number) + 1) if len(number) == 1 else "") if after)


def begins(line: str, found: re.Match[str], markers: list[re.Match[str]]) -> bool:
    """Whether an enumeration can begin here: at the line's start, with 1 or as three letters after a sentence."""
    if not found.start():
        return True
    first = found[1] in FIRST or (found[0].rstrip()[-1] == ")" and run(markers) > LETTERS)
    return first and line[: found.start()].rstrip()[-1:] in ".!?:;"


def again(markers: list[re.Match[str]]) -> bool:
    """Whether the enumeration starts anew: its first number comes back, and the second after it."""
    return markers[0][1] in FIRST and run(markers) > 1


def run(markers: list[re.Match[str]]) -> int:
    """How many of the markers follow one another in their order and in the same form."""
    count = 1
    for earlier, later in pairwise(markers):
        if later[1] not in successors(earlier[1]) or form(earlier) != form(later):
            break
        count += 1
    return count


def form(marker: re.Match[str]) -> str:
    """The marker without its number: `1.)` and `2.)` are of one form."""
    return marker[0].strip().replace(marker[1], "")
