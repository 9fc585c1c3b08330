"""The database is its owner's alone, from its first byte, whatever the umask."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.store import Store

WITNESS = """
import os, sys, pathlib
os.umask(int(sys.argv[2], 8))
seen = set()
folder = pathlib.Path(sys.argv[1])
def look(event, arguments):
    if event in ("sqlite3.connect", "open", "os.rename", "shutil.copyfile"):
        seen.update((path.name, path.stat().st_mode & 0o777) for path in folder.glob("*db*") if path.is_file())
sys.addaudithook(look)
"""

FIRST = (
    WITNESS
    + """
from pipeline.store import Store
store = Store.open(f"sqlite:///{folder}/standfirst.db")
store.migrate()
with store.read() as tx:
    look("open", ())
    print(sorted(seen))
"""
)


def modes(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize("umask", ["000", "022", "077"])
def test_a_new_database_and_its_companions_are_private(tmp_path: Path, umask: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FIRST, str(tmp_path), umask], capture_output=True, text=True, check=True
    )
    assert "-wal" in done.stdout
    assert "-shm" in done.stdout
    assert {mode for _, mode in eval(done.stdout)} == {0o600}


def test_a_database_of_before_is_made_private(tmp_path: Path) -> None:
    path = tmp_path / "standfirst.db"
    before = os.umask(0)
    try:
        path.touch()
        store = Store.open(f"sqlite:///{path}")
        store.migrate()
        with store.read():
            assert set(modes(tmp_path).values()) == {0o600}
    finally:
        os.umask(before)
    store.close()


def test_a_database_that_is_there_keeps_its_rows(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/standfirst.db")
    store.migrate()
    store.close()
    size = (tmp_path / "standfirst.db").stat().st_size
    shutil.copy(tmp_path / "standfirst.db", tmp_path / "second.db")
    again = Store.open(f"sqlite:///{tmp_path}/second.db")
    again.migrate()
    again.close()
    assert (tmp_path / "second.db").stat().st_size == size


RESTORED = (
    WITNESS
    + """
from pipeline.config import load
from workers.cli import backups, restoring
config = load(folder / "standfirst.toml", {})
from pipeline.store import Store
store = Store.open(config.settings.store)
store.migrate()
store.close()
backups.write(config.settings.store, folder / "backup.db")
(folder / "backup.db").chmod(0o644)
(folder / "backup.db").rename(folder / "backup")
seen.clear()
restoring.restore(config, folder / "backup", force=True)
look("open", ())
print(sorted(seen))
"""
)


@pytest.mark.parametrize("umask", ["000", "022"])
def test_a_restored_database_is_private_too(tmp_path: Path, umask: str) -> None:
    (tmp_path / "standfirst.toml").write_text('[standfirst]\nstore = "sqlite:///standfirst.db"\n')
    command = [sys.executable, "-c", RESTORED, str(tmp_path), umask]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert {mode for _, mode in eval(done.stdout)} == {0o600}


def test_a_backup_is_private(tmp_path: Path) -> None:
    from workers.cli import backups

    before = os.umask(0)
    try:
        store = Store.open(f"sqlite:///{tmp_path}/standfirst.db")
        store.migrate()
        store.close()
        backups.write(f"sqlite:///{tmp_path}/standfirst.db", tmp_path / "copy")
    finally:
        os.umask(before)
    assert modes(tmp_path)["copy"] == 0o600
