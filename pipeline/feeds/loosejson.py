"""JSON as feeds write it: what can be read is read, and what was wrong is told. Pure.

Read and told: a comma before a closing bracket, raw newlines and other control characters in strings, a name that
occurs twice in one object (the last counts, as in browsers), NaN and Infinity (nothing), a document that ends in the
middle or has a broken item (the others count). https://www.rfc-editor.org/rfc/rfc8259
"""

import json
import re
from typing import Any

from pipeline.wording import counted

CUT = "the JSON ends in the middle; its whole items were taken"
_STRING = r'"(?:[^"\\]++|\\.)*+"'
_COMMA = re.compile(rf"({_STRING})|,(?=\s*[}}\]])", re.DOTALL)
_BRACKETS = re.compile(rf"{_STRING}|[{{}}\[\]]|\"", re.DOTALL)
_ITEMS = re.compile(rf"{_STRING}\s*:\s*\[|{_STRING}|[{{}}\[\]]", re.DOTALL)


def read(text: str) -> tuple[Any, int, list[str]]:
    """The value, how many items of it are broken, and what was wrong; None and why, where it cannot be read."""
    text = text.lstrip("\ufeff")
    flaws: list[str] = []
    try:
        return _loads(text, flaws), 0, flaws
    except RecursionError:
        return None, 0, ["it is nested too deep"]
    except ValueError as error:
        why = str(error)[:80]
    flaws.clear()
    tidy = _COMMA.sub(lambda found: found[1] or "", text)
    try:
        found = _loads(tidy, flaws)
    except RecursionError:
        return None, 0, ["it is nested too deep"]
    except ValueError:
        return _by_items(tidy, why)
    return found, 0, [*flaws, "the JSON has a comma before a closing bracket"] if tidy != text else flaws


def _loads(text: str, flaws: list[str]) -> Any:
    """Raises ValueError, RecursionError."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) != len(pairs):
            _note(flaws, "a name occurs twice in one object of the JSON; the last counts")
        return made

    def nothing(name: str) -> None:
        _note(flaws, f"{name} is no JSON; it was read as nothing")

    try:
        return json.loads(text, object_pairs_hook=once, parse_constant=nothing)
    except json.JSONDecodeError as error:
        if "control character" not in error.msg:
            raise
    found = json.loads(text, object_pairs_hook=once, parse_constant=nothing, strict=False)
    _note(flaws, "strings of the JSON hold raw newlines or other control characters")
    return found


def _note(flaws: list[str], flaw: str) -> None:
    if flaw not in flaws:
        flaws.append(flaw)


def _by_items(text: str, why: str) -> tuple[Any, int, list[str]]:
    """The feed put together from its items that can be read; None where there is no list of them."""
    start = _list_of_items(text)
    if start is None:
        return None, 0, [why]
    flaws: list[str] = []
    items, end, broken = _items(text, start, flaws)
    if broken and not items:
        return None, 0, [why]
    head, rest = text[:start], text[end:] if end else "]}"
    try:
        feed = _loads(head + rest, flaws)
    except (ValueError, RecursionError):
        try:
            feed = _loads(head + "]}", flaws)
        except (ValueError, RecursionError):
            return None, 0, [why]
    feed["items"] = items
    if end is None:
        flaws.append(CUT)
    if broken:
        flaws.append(f"{counted(broken, 'item of the JSON is', 'items of the JSON are')} broken and left out")
    return feed, broken, flaws


def _list_of_items(text: str) -> int | None:
    """Where the list of the feed's items begins."""
    depth = 0
    for found in _ITEMS.finditer(text):
        token = found[0]
        if token[-1] == "[" and token[0] == '"':
            if depth == 1 and token.startswith('"items"'):
                return found.end()
            depth += 1
        elif token in ("{", "["):
            depth += 1
        elif token in ("}", "]"):
            depth -= 1
    return None


def _items(text: str, start: int, flaws: list[str]) -> tuple[list[Any], int | None, int]:
    """The items that can be read, where their list ends (None: it does not), and how many cannot be read."""
    items: list[Any] = []
    depth = broken = 0
    begun = start
    for found in _BRACKETS.finditer(text, start):
        token = found[0]
        if token in ("{", "["):
            begun = found.start() if depth == 0 else begun
            depth += 1
        elif token in ("}", "]"):
            if depth == 0:
                return items, found.start(), broken
            depth -= 1
            if depth == 0:
                try:
                    items.append(_loads(text[begun : found.end()], flaws))
                except (ValueError, RecursionError):
                    broken += 1
    return items, None, broken
