"""The store: SQLite embedded, PostgreSQL for a newsroom; the same statements for both.

All SQL of the product is in this folder. A module holds the statements of one noun, as functions over `tx`, an open
transaction, so that a stage can do several things at once or not at all::

    with store.begin() as tx:
        leases = deliveries.lease(tx, "mastodon", now, until, by=process)
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event, exc
from sqlalchemy.engine import URL, Connection, Engine, make_url

from pipeline.model import StoreError, UsageError

Tx = Connection

BUSY_SECONDS = 30  # how long a writer waits for another process's write
POSTGRES_OPTIONS = "-c statement_timeout=60000 -c idle_in_transaction_session_timeout=30000"


class Store:
    """One database. Safe to share between threads; every process opens its own."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.embedded = engine.dialect.name == "sqlite"
        # SQLite has one writer: threads of this process queue here, fairly, instead of in its busy handler's sleeps.
        self._writer: Any = threading.Lock() if self.embedded else nullcontext()

    @classmethod
    def open(cls, url: str) -> "Store":
        """The store at `sqlite:///path` or `postgresql://…`; nothing is connected yet."""
        try:
            parsed = make_url(url)
        except exc.ArgumentError:
            raise UsageError("store: not a database address; write sqlite:///standfirst.db or postgresql://…") from None
        name = parsed.get_backend_name()
        if name == "sqlite":
            return cls(_sqlite(parsed))
        if name in {"postgresql", "postgres"}:
            return cls(_postgres(parsed))
        raise UsageError(f"store: {name} is not a known database; use sqlite:///… or postgresql://…")

    def migrate(self) -> None:
        """Bring the tables to this version; costs one query when they are."""
        from pipeline.store import migrations

        with _told():
            migrations.upgrade(self)

    @contextmanager
    def begin(self, *, durable: bool = True) -> Iterator[Tx]:
        """One write transaction: committed at the end, rolled back when anything is raised.

        One that is not `durable` costs no wait for the disk: it outlives the process, not a power failure. For leases
        and other things that may be found undone.
        """
        with _told(), self._writer, self.engine.connect() as tx:
            tx = tx.execution_options(writes="durably" if durable else "lightly")
            with tx.begin():
                yield tx

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """One consistent view; writes nothing."""
        with _told(), self.engine.connect() as tx, tx.begin():
            yield tx

    def within(self, tx: Tx) -> "Store":
        """This store, each of whose transactions is a part of one that is open: all of them are kept, or none."""
        return _Within(self, tx)

    def clock(self) -> float:
        """The database's clock in seconds since 1970; leases are measured by it. SQLite's is the machine's."""
        with self.read() as tx:
            if self.embedded:
                return float(tx.scalar(sa.text("select (julianday('now') - 2440587.5) * 86400.0")))
            return float(tx.scalar(sa.text("select extract(epoch from clock_timestamp())")))

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


class _Within(Store):
    """A store inside one transaction."""

    def __init__(self, store: Store, tx: Tx) -> None:
        super().__init__(store.engine)
        self._tx = tx

    @contextmanager
    def begin(self, *, durable: bool = True) -> Iterator[Tx]:  # noqa: ARG002
        """The open transaction; as durable as that is."""
        yield self._tx

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """The open transaction, with what it has written."""
        yield self._tx


@contextmanager
def _told() -> Iterator[None]:
    """The database's failures as one sentence without its address, its statement or its values."""
    try:
        yield
    except (exc.OperationalError, exc.InterfaceError, exc.InternalError, exc.TimeoutError) as error:
        raise StoreError(_sentence(error)) from None


def _sentence(error: exc.SQLAlchemyError) -> str:
    origin = getattr(error, "orig", None)
    first = str(origin or error).strip().splitlines()[0] if str(origin or error).strip() else type(error).__name__
    lower = first.lower()
    if "disk is full" in lower or "no space left" in lower:
        return "the store's disk is full: free some room; nothing was lost and work goes on by itself"
    if "database is locked" in lower:
        return "the store is locked by another program for longer than 30 seconds"
    if "readonly" in lower or "read-only" in lower:
        return "the store is read-only: check the file's owner and permissions"
    return f"the store does not answer: {first[:200]}"


def private(path: Path) -> None:
    """Make sure that an SQLite file, there or new, is for its owner alone; SQLite gives `-wal` and `-shm` its mode.

    A file that belongs to somebody else is left as it is: who may read it is their choice.
    """
    for name in (path, *(path.with_name(path.name + rest) for rest in ("-wal", "-shm", "-journal"))):
        with suppress(FileNotFoundError, PermissionError):
            if name.stat().st_mode & 0o077:
                name.chmod(0o600)
    with suppress(OSError):  # SQLite says it better
        made = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        os.fchmod(made, 0o600)  # a umask may have taken the owner's own bits
        os.close(made)


def _sqlite(url: URL) -> Engine:
    path = url.database
    if path and path != ":memory:":
        Path(path).expanduser().parent.mkdir(parents=True, exist_ok=True)
    arguments: dict[str, Any] = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    engine = sa.create_engine(url, connect_args=arguments, pool_size=16, max_overflow=16)

    @event.listens_for(engine, "do_connect")
    def _keep_private(_dialect: Any, _record: Any, _arguments: Any, _options: Any) -> None:
        if path and path != ":memory:" and not path.startswith("file:"):
            private(Path(path))

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "cache_size=-8000",
            "journal_size_limit=67108864",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A writer takes its place at once: a read that becomes a write may find that it has read too early.
        writes = connection.get_execution_options().get("writes")
        if writes and connection.info.get("writes", "durably") != writes:  # as `_connect` left it, or the last writer
            connection.exec_driver_sql(f"PRAGMA synchronous={'NORMAL' if writes == 'lightly' else 'FULL'}")
            connection.info["writes"] = writes
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgres(url: URL) -> Engine:
    return sa.create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,  # a restarted server costs one ping, not one failed stage
        pool_size=8,
        max_overflow=16,
        connect_args={
            "options": POSTGRES_OPTIONS,
            "connect_timeout": 5,
            "application_name": "standfirst",
            "keepalives_idle": 20,
            "keepalives_interval": 5,
            "keepalives_count": 4,
            "tcp_user_timeout": 30000,
        },
    )
