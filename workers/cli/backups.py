"""`standfirst db backup`: SQLite by its own online copy, PostgreSQL by pg_dump."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from pipeline.model import Error, UsageError
from workers.cli.output import progress

PAGES = 2000  # copied at a time, so that writers are let in between


def write(store: str, file: Path, *, force: bool = False) -> int:
    """Copy the store into a file, whole or not at all; its size in bytes."""
    if file.exists() and not force:
        raise UsageError(f"{file} is there already; choose another file, or replace it with --force")
    if not file.parent.is_dir():
        raise UsageError(f"there is no folder {file.parent}; create it first")
    url = make_url(store)
    partial = file.with_name(f".{file.name}.partial")
    try:
        partial.unlink(missing_ok=True)
        partial.touch(mode=0o600)
        partial.chmod(0o600)  # a umask may have taken the owner's own bits
        (copy if url.get_backend_name() == "sqlite" else dump)(url, partial)
        partial.replace(file)
    except OSError as error:
        raise Error(f"{file} cannot be written ({error.strerror})") from None
    finally:
        partial.unlink(missing_ok=True)
    return file.stat().st_size


def must_be_there(store: str) -> None:
    """Raise UsageError where an SQLite store was never made: looking would make an empty one."""
    url = make_url(store)
    if url.get_backend_name() == "sqlite":
        database(url)


def database(url: URL) -> Path:
    """The file of an SQLite store, which must be there."""
    path = Path(url.database or "").expanduser()
    if not path.is_file():
        raise UsageError(f"there is no store at {path}; it is made by the first `standfirst run`")
    return path


def copy(url: URL, to: Path) -> None:
    """SQLite's online backup: consistent, while others write."""
    with progress("backing up") as shown:

        def copied(_status: int, remaining: int, total: int) -> None:
            shown(total - remaining, total)

        source, target = sqlite3.connect(database(url)), sqlite3.connect(to)
        try:
            source.backup(target, pages=PAGES, progress=copied, sleep=0.005)
        except sqlite3.Error as error:
            raise Error(f"the store could not be copied: {error}") from None
        finally:
            target.close()
            source.close()


def dump(url: URL, to: Path) -> None:
    """pg_dump's own format."""
    run("pg_dump", url, ["--format=custom", "--no-owner", "--no-privileges", f"--file={to}"])


def run(program: str, url: URL, arguments: list[str]) -> None:
    """One of PostgreSQL's own programs; its password travels by the environment, where `ps` does not show it."""
    if not shutil.which(program):
        raise Error(f"{program} is not installed; install PostgreSQL's client programs (postgresql-client)")
    done = subprocess.run(
        [program, *arguments], env=environment(url), capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise Error(f"{program} failed: {last}")


def environment(url: URL) -> Mapping[str, str]:
    """What libpq reads."""
    parts: dict[str, object] = {
        "PGHOST": url.host,
        "PGPORT": url.port,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
    }
    parts |= {"PGDATABASE": url.database, "PGSSLMODE": url.query.get("sslmode"), "PGCONNECT_TIMEOUT": 10}
    if not url.host and url.query.get("host"):
        parts["PGHOST"] = str(url.query["host"])
    return dict(os.environ) | {name: str(value) for name, value in parts.items() if value}
