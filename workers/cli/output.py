"""What commands print: tables on a terminal, plain columns elsewhere, JSON where asked; colour only on a terminal."""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

Row = Mapping[str, Any]

# A feed's title may carry what moves the cursor, colours the screen or turns the line round.
UNSAFE = {code: f"\\x{code:02x}" for code in (*range(32), *range(0x7F, 0xA0))}
UNSAFE |= {
    code: f"\\u{code:04x}"
    for code in (0x2028, 0x2029, 0xFEFF, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}

COLOURS = {
    "green": ("active", "delivered", "fanned", "ok", "sending", "running"),
    "yellow": (
        "held",
        "pending",
        "leased",
        "new",
        "teased",
        "ready",
        "paused",
        "failing",
        "uncertain",
        "waits",
        "warning",
    ),
    "red": ("dead", "set_aside", "refused", "gone", "failed", "error", "stopped"),
    "bright_black": ("archived", "joined", "filtered", "cancelled", "superseded", "withdrawn", "retired"),
}
NARROW = 24  # characters up to which a column of a table is never broken
COLOUR_OF = {word: colour for colour, words in COLOURS.items() for word in words}


def clean(text: str) -> str:
    """The text with everything that could act on a terminal spelt out."""
    return text.translate(UNSAFE)


def on_terminal() -> bool:
    """Whether a person is looking at standard output."""
    return sys.stdout.isatty()


def say(text: str = "") -> None:
    """Something for people; what is in it cannot leave its line."""
    print(clean(text))


def note(text: str) -> None:
    """Something beside the output proper."""
    print(clean(text), file=sys.stderr)


def as_json(value: object) -> None:
    """One JSON document."""
    print(json.dumps(plain(value), ensure_ascii=not any_letter(sys.stdout.encoding), indent=2))


def any_letter(encoding: str | None) -> bool:
    """Whether a stream of this character set can write every letter."""
    return (encoding or "").lower().replace("_", "-").startswith("utf")


def plain(value: object) -> object:
    """The value as JSON can hold it: moments in ISO 8601, durations in seconds."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def listing(rows: Iterable[Row], columns: Mapping[str, str], *, json: bool = False, empty: str = "nothing") -> None:
    """Rows as a table with these columns (key: heading), or all of them as JSON."""
    rows = list(rows)
    if json:
        as_json(rows)
    elif not rows:
        note(empty)
    elif on_terminal():
        _rich_table(rows, columns)
    else:
        _plain_table(rows, columns)


def _rich_table(rows: Sequence[Row], columns: Mapping[str, str]) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for key, heading in columns.items():
        numbers = all(isinstance(row.get(key), int) for row in rows)
        long = max(len(cell(row.get(key))) for row in rows) > NARROW
        table.add_column(heading, justify="right" if numbers else "left", overflow="fold", no_wrap=not long)
    for row in rows:
        table.add_row(*(Text(cell(row.get(key)), style=colour(row.get(key))) for key in columns))
    terminal().print(table)


def _plain_table(rows: Sequence[Row], columns: Mapping[str, str]) -> None:
    lines = [list(columns.values()), *([cell(row.get(key)) for key in columns] for row in rows)]
    widths = [max(len(line[index]) for line in lines) for index in range(len(columns))]
    for line in lines:
        print("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


def cell(value: object) -> str:
    """A value as a table shows it."""
    if value is None or value is False:
        return ""
    if value is True:
        return "yes"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime):
        return value.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, list | tuple):
        return clean(", ".join(map(str, value)))
    return clean(str(value))


def colour(value: object) -> str:
    """The colour of a state."""
    return COLOUR_OF.get(str(value.value if isinstance(value, Enum) else value), "")


def resting(until: datetime, reason: str) -> str:
    """Why a delivery waits while its channel rests."""
    return f"its channel rests until {cell(until)}" + (f": {reason}" if reason else "")


def painted(text: str, style: str) -> str:
    """The text in a colour where there is a terminal."""
    codes = {"green": "32", "yellow": "33", "red": "31", "bold": "1", "dim": "2"}
    plain_only = not on_terminal() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return clean(text) if plain_only else f"\x1b[{codes[style]}m{clean(text)}\x1b[0m"


def coloured(state: object) -> str:
    """A state in its colour, where there is a terminal."""
    style = colour(state)
    return painted(cell(state), "dim" if style == "bright_black" else style) if style else cell(state)


def heading(text: str) -> None:
    """A heading between parts of an answer."""
    gap()
    print(painted(text, "bold"))


def gap() -> None:
    """An empty line."""
    print()


def summed(counts: object) -> str:
    """Counts by name in one line."""
    if not isinstance(counts, Mapping):
        return str(counts if counts is not None else "done")
    return ", ".join(f"{number} {name}" for name, number in counts.items() if number) or "nothing"


def words(given: Sequence[str] | None, known: Iterable[str]) -> list[str]:
    """Words that a person gave, each of which must be known."""
    from pipeline.model import UsageError

    known = [str(word) for word in known]
    for word in given or ():
        if word not in known:
            raise UsageError(f"“{word}” is none of {', '.join(known)}")
    return list(given or ())


def terminal() -> Any:
    """A rich console on standard output."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=False)


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Any]:
    """A bar for long work on a terminal, silence elsewhere; gives a function to call with how many are done."""
    if not sys.stderr.isatty():
        yield _unseen
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(clean(what), total=total)
        yield lambda done, of=None: bar.update(task, completed=done, total=total if of is None else of)


def _unseen(done: int, of: int | None = None) -> None:
    """Nobody is looking."""


def ago(moment: datetime | None, now: datetime) -> str:
    """How far a moment is away: `3m ago`, `in 2h`."""
    if moment is None:
        return ""
    seconds = int((now - moment).total_seconds())
    if abs(seconds) < 1:
        return "now"
    length = span(abs(seconds))
    return f"{length} ago" if seconds > 0 else f"in {length}"


def span(seconds: float) -> str:
    """A length of time in its largest unit."""
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds >= 2 * size:
            return f"{int(seconds // size)}{unit}"
    return f"{int(seconds)}s"


def clipped(text: str, length: int = 60) -> str:
    """The beginning of a long text, for a table."""
    flat = " ".join(text.split())
    return flat if len(flat) <= length else flat[: length - 1].rstrip() + "…"
