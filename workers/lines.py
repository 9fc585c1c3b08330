"""A log in JSON to the last line: what libraries, children and the interpreter write past it becomes lines of it."""

import atexit
import contextlib
import json
import os
import threading
from collections.abc import Callable
from typing import TextIO

OURS = ("at", "level", "event")
LONGEST = 16 * 1024  # of a line without an end


class Captured:
    """Takes the descriptors of standard output and error, and hands on what is written there line by line."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._real = os.dup(2)
        self.stream: TextIO = open(  # noqa: SIM115 - it is open as long as the process is there
            self._real, "w", encoding="ascii", errors="backslashreplace", closefd=False
        )
        self._reads, writes = os.pipe()
        os.set_inheritable(self._real, False)
        for number in (1, 2):
            os.dup2(writes, number)
        os.close(writes)
        self._owner = os.getpid()
        self._thread = threading.Thread(target=self._run, name="lines", daemon=True)
        self._thread.start()
        atexit.register(self.end)

    def _run(self) -> None:
        left = b""
        while True:
            read = os.read(self._reads, 65536)
            *lines, left = (left + read).split(b"\n")
            if not read or len(left) > LONGEST:
                lines, left = [*lines, left], b""
            for line in lines:
                self._hand_on(line.decode("utf-8", "replace"))
            if not read:
                return

    def _hand_on(self, line: str) -> None:
        if line.strip():
            with contextlib.suppress(Exception):  # a line that cannot be written is not worth a process
                self._say(line)

    def end(self) -> None:
        """Hand on what was written. What the interpreter says while it is taken down goes nowhere."""
        if os.getpid() != self._owner:
            return  # a forked child: the streams are its parent's
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for number in (1, 2):
            os.dup2(nowhere, number)
        self._thread.join(1.0)  # children may hold the other end


def is_ours(line: str) -> bool:
    """Whether it is a line of our log already."""
    if not line.startswith('{"'):
        return False
    try:
        return tuple(json.loads(line))[:3] == OURS
    except ValueError:
        return False
