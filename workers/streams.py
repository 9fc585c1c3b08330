"""The three standard streams of a process: there whatever was closed, and able to write any letter."""

import io
import os
import sys

CLOSED = ((0, "stdin", os.O_RDONLY), (1, "stdout", os.O_WRONLY), (2, "stderr", os.O_WRONLY))


def steady() -> None:
    """Make sure of them before anything is opened.

    A stream that was closed is one to nowhere: else the next file or connection would take its number and be written
    to. A letter that the terminal's character set does not have is replaced.
    """
    for number, name, mode in CLOSED:
        try:
            os.fstat(number)
        except OSError:
            os.dup2(os.open(os.devnull, mode), number)
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, "r" if mode == os.O_RDONLY else "w", closefd=False))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def writable(text: str, encoding: str | None) -> str:
    """The text with a question mark for each letter that this character set does not have."""
    chosen = encoding or "utf-8"
    return text.encode(chosen, "replace").decode(chosen)
