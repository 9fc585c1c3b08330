"""Where the trace of an unexpected error is kept for whoever looks into it: no locals, no secrets."""

import os
import sys
import tempfile
import traceback
from pathlib import Path


def keep(error: BaseException) -> Path:
    """Write the trace into a file of our own and say which."""
    text = "".join(traceback.TracebackException.from_exception(error, capture_locals=False).format())
    handle, name = tempfile.mkstemp(prefix="standfirst-", suffix=".trace", text=True)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(redacted(f"standfirst {' '.join(sys.argv[1:2])}\n{text}"))
    return Path(name)


def redacted(text: str) -> str:
    """The text without what this process knows to be secret, and without what looks like it."""
    from workers import logs

    return logs.redact(text)
