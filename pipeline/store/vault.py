"""What a channel keeps between attempts: sessions, refreshed tokens, an instance's limits. One worker refreshes it."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import sleep
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from pipeline.store import Store, Tx, sealed
from pipeline.store.tables import vault

BUSY = timedelta(seconds=40)  # longer than a refresh may take


class StoredVault:
    """A channel's vault in the store; values are sealed where the configuration has a key."""

    def __init__(self, store: Store, channel: str, now: Callable[[], datetime], key: sealed.Key | None = None) -> None:
        self._store = store
        self._channel = channel
        self._now = now
        self._key = key

    def get(self, name: str) -> Mapping[str, Any] | None:
        """What was put under the name and has not expired; None when it cannot be opened with today's key."""
        with self._store.read() as tx:
            row = tx.execute(sa.select(vault.c.value, vault.c.until).where(*self._at(name))).one_or_none()
        if row is None or row.value is None or (row.until and row.until <= self._now()):
            return None
        opened = sealed.opened(row.value, self._key)
        value: Mapping[str, Any] | None = None if opened is None else json.loads(opened)
        return value

    def put(self, name: str, value: Mapping[str, Any], *, until: datetime | None = None) -> None:
        """Keep the value; a later `put` replaces it."""
        blob = sealed.closed(json.dumps(dict(value)).encode(), self._key)
        with self._store.begin() as tx:
            self._ensure(tx, name)
            tx.execute(vault.update().where(*self._at(name)).values(value=blob, until=until))

    @contextmanager
    def single(self, name: str) -> Iterator[None]:
        """One worker at a time: the others wait here, and then find with `get` what the first has put."""
        while not self._take(name):
            sleep(0.05)
        try:
            yield
        finally:
            with self._store.begin() as tx:
                tx.execute(vault.update().where(*self._at(name)).values(busy_until=None))

    def _take(self, name: str) -> bool:
        now = self._now()
        with self._store.begin() as tx:
            self._ensure(tx, name)
            free = sa.or_(vault.c.busy_until.is_(None), vault.c.busy_until < now)
            done = tx.execute(vault.update().where(*self._at(name), free).values(busy_until=now + BUSY))
            return done.rowcount == 1

    def _at(self, name: str) -> tuple[sa.ColumnElement[bool], ...]:
        return vault.c.channel == self._channel, vault.c.name == name

    def _ensure(self, tx: Tx, name: str) -> None:
        insert = sqlite.insert if tx.dialect.name == "sqlite" else postgresql.insert
        tx.execute(insert(vault).values(channel=self._channel, name=name).on_conflict_do_nothing())
