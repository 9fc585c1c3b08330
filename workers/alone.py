"""One `standfirst run` on one SQLite file: a lock that the system takes away when its owner ends, however it ends."""

import fcntl
import os
from pathlib import Path
from typing import IO

from sqlalchemy.engine import make_url

from pipeline.model import Error


class Occupied(Error):
    """Another process works on this store."""


def lock_file(store: str) -> Path | None:
    """The file beside the database that is locked; None where the database itself keeps processes apart."""
    url = make_url(store)
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Path(url.database).expanduser().resolve().with_suffix(".lock")  # whatever links lead to it


class Alone:
    """Holds the store for this process: for itself alone, or shared with other workers but no `standfirst run`."""

    def __init__(self, store: str, *, shared: bool = False) -> None:
        self._path = lock_file(store)
        self._shared = shared
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Take the store; raises Occupied with one sentence when somebody else has it."""
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        file = os.fdopen(descriptor, "r+")  # kept open: closing it gives the lock back
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if self._shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except OSError:
            owner = file.read(20).strip()
            file.close()
            raise Occupied(self._sentence(owner)) from None
        if not self._shared:
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
        self._file = file

    def _sentence(self, owner: str) -> str:
        database = str(self._path)[: -len(".lock")]
        who = f"process {owner}" if owner.isdigit() and not self._shared else "another process"
        return f"Standfirst already runs on {database} ({who}): stop it first, or give this one a store of its own."

    def release(self) -> None:
        """Let others have it."""
        if self._file is not None:
            self._file.close()
            self._file = None


_shared: list[Alone] = []  # held until the process ends


def share(store: str) -> None:
    """Work on the store beside other workers, never beside a `standfirst run`: that frees every lease as it starts."""
    mine = Alone(store, shared=True)
    mine.take()
    _shared.append(mine)
