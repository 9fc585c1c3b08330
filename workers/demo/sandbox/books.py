"""What a sandbox remembers: in memory, or in an SQLite file so that a restart knows every post."""

import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from threading import RLock
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS book (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, shelf TEXT NOT NULL, id TEXT NOT NULL, value TEXT NOT NULL, blob BLOB,
  UNIQUE (shelf, id))
"""


class Books:
    """Values by shelf and id, in the order they came. Safe to use from many threads."""

    def __init__(self, path: Path | None = None) -> None:
        self.lock = RLock()
        self.db = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
        if path:
            self.db.execute("PRAGMA journal_mode=WAL")
            self.db.execute("PRAGMA synchronous=NORMAL")
        self.db.execute(SCHEMA)

    def put(self, shelf: str, id: str, value: Mapping[str, Any], blob: bytes | None = None) -> None:  # noqa: A002
        """Keep the value; one of the same id is replaced and keeps its place."""
        statement = """INSERT INTO book (shelf, id, value, blob) VALUES (?, ?, ?, ?)
            ON CONFLICT (shelf, id) DO UPDATE SET value = excluded.value, blob = coalesce(excluded.blob, blob)"""
        with self.lock:
            self.db.execute(statement, (shelf, id, json.dumps(value, ensure_ascii=False), blob))

    def get(self, shelf: str, id: str) -> dict[str, Any] | None:  # noqa: A002
        """The value, or None."""
        with self.lock:
            row = self.db.execute("SELECT value FROM book WHERE shelf = ? AND id = ?", (shelf, id)).fetchone()
        return dict(json.loads(row[0])) if row else None

    def blob(self, shelf: str, id: str) -> bytes | None:  # noqa: A002
        """The bytes kept with a value."""
        with self.lock:
            row = self.db.execute("SELECT blob FROM book WHERE shelf = ? AND id = ?", (shelf, id)).fetchone()
        return bytes(row[0]) if row and row[0] is not None else None

    def drop(self, shelf: str, id: str) -> bool:  # noqa: A002
        """Forget the value; whether it was there."""
        with self.lock:
            return self.db.execute("DELETE FROM book WHERE shelf = ? AND id = ?", (shelf, id)).rowcount > 0

    def all(self, shelf: str) -> list[dict[str, Any]]:
        """Every value of a shelf, oldest first."""
        with self.lock:
            rows = self.db.execute("SELECT value FROM book WHERE shelf = ? ORDER BY seq", (shelf,)).fetchall()
        return [json.loads(row[0]) for row in rows]

    def close(self) -> None:
        """Close the file."""
        with self.lock:
            self.db.close()
