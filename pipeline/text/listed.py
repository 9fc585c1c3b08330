"""The lines of a text and the items of its lists, before sentences are looked for in them. Pure."""

import re
from collections.abc import Iterator

NEWLINE = re.compile(r"(?<![ \t])\n\s*|[ \t]+\n\s*(?=[^\s(a-zß-öø-ÿа-яё])|[ \t]+\n[ \t]*\n\s*")
BULLETS = re.compile("[•⁃‣▪●]")
BULLET = re.compile(r"\s+(?=[•⁃‣▪●]\s?\S)")
NUMBERED = re.compile(r"(?:(?<=\s)|^)(?:[•⁃‣▪●]\s?)?\(?(\d{1,2}|[a-h]|[ivx]{1,4})(?:\.\)|\.|\))\s+(?=\S)")
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
    expected = ""
    for found in NUMBERED.finditer(line):
        if found[1] == expected or (not starts and begins(line, found)):
            starts.append(found.start())
            expected = successor(found[1])
    return starts if len(starts) > 1 else []


def successor(number: str) -> str:
    """What comes after an item's number: 2 after 1, b after a, ii after i."""
    if number.isdigit():
        return str(int(number) + 1)
    if number in ROMANS:
        return (*ROMANS, "")[ROMANS.index(number) + 1]
    return chr(ord(number) + 1) if len(number) == 1 else ""


def begins(line: str, found: re.Match[str]) -> bool:
    """Whether an enumeration can begin here: at the line's start, or with 1 after a sentence."""
    return not found.start() or (found[1] in ("1", "a", "i") and line[: found.start()].rstrip()[-1:] in ".!?:;")
