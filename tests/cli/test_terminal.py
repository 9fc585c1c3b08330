"""Tables, colour and bars where a person looks; plain text where a program does."""

import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from workers.cli import output

HERE = Path(sys.executable).with_name("standfirst")


def on_terminal(*args: str, code: int = 0, **env: str) -> str:
    """What the command shows on a terminal of 100 columns."""
    ours, theirs = pty.openpty()
    given = {**os.environ, "COLUMNS": "100", "TERM": "xterm-256color", **env}
    given.pop("NO_COLOR", None) if "NO_COLOR" not in env else None
    process = subprocess.Popen([HERE, *args], stdin=theirs, stdout=theirs, stderr=theirs, env=given)
    os.close(theirs)
    shown = bytearray()
    while True:
        try:
            more = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        if not more:
            break
        shown += more
    os.close(ours)
    assert process.wait(60) == code, shown.decode()
    return shown.decode()


def test_a_terminal_gets_colour_and_everything_else_none(work: Any, path: Path) -> None:
    work()
    assert "\x1b[" in on_terminal("status", code=1)  # nothing runs
    done = subprocess.run([HERE, "status"], check=False, capture_output=True, text=True, timeout=60)
    assert "\x1b" not in done.stdout + done.stderr


def test_a_terminal_that_wants_no_colour_gets_none(work: Any, path: Path) -> None:
    work()
    assert "\x1b[3" not in on_terminal("status", code=1, NO_COLOR="1")


def test_words_of_a_narrow_column_are_never_broken(work: Any, path: Path) -> None:
    work()
    shown = on_terminal("deliveries")
    assert shown.count("delivered") == 3
    assert "Mouse silences fog horn" in shown


def test_long_work_shows_how_far_it_is(work: Any, path: Path) -> None:
    work()
    assert "100%" in on_terminal("db", "check") or "5/5" in on_terminal("db", "check")


@pytest.mark.parametrize("text", ["\x1b[2J", "a\rb", "a\nb", "\x9b31m", "\u202egnp.exe", "\u2066x", "\x07", "\x00"])
def test_nothing_in_a_text_can_act_on_a_terminal(text: str) -> None:
    assert output.clean(text).isprintable()


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0s"), (59, "59s"), (119, "119s"), (120, "2m"), (7200, "2h"), (172800, "2d")]
)
def test_lengths_of_time_are_said_in_their_largest_unit(seconds: int, said: str) -> None:
    assert output.span(seconds) == said
