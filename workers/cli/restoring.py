"""`standfirst db restore`: a backup in place of the store, and then caution.

Between the backup and now posts may have gone out that the restored store knows nothing of. So nothing that was
waiting then is sent by itself unless its platform can tell whether it is there, and what a feed shows that the
restored store does not know is held for a person.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

from pipeline import channels as kinds
from pipeline.config import Config
from pipeline.model import Capabilities, DeliveryState, Error, UsageError
from pipeline.settle import replays
from pipeline.store import Store, Tx
from pipeline.store.tables import deliveries, feeds, pulses
from pipeline.wording import counted
from pipeline.world import DatabaseClock
from workers.alone import Alone
from workers.cli import backups

WAITING = (DeliveryState.PENDING, DeliveryState.LEASED, DeliveryState.UNCERTAIN)
MAGIC = {b"SQLite format 3\x00": "sqlite", b"PGDMP": "postgresql"}


def restore(config: Config, file: Path, *, force: bool = False) -> list[str]:
    """Put the backup in place; what was done and what is to be done, in sentences."""
    url = make_url(config.settings.store)
    same_kind(file, url)
    if url.get_backend_name() == "sqlite":
        alone = Alone(config.settings.store)
        alone.take()
        try:
            put(file, Path(url.database or "").expanduser(), force=force)
            return [f"{file} is the store now", *cautious(config)]
        finally:
            alone.release()
    empty_or_forced(config.settings.store, force=force)
    options = ["--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--dbname="]
    backups.run("pg_restore", url, [*options[:-1], f"--dbname={url.database}", str(file)])
    return [f"{file} is the store now", *cautious(config)]


def same_kind(file: Path, url: URL) -> None:
    """Raise UsageError where the file is no backup of such a store."""
    try:
        with file.open("rb") as opened:
            head = opened.read(16)
    except OSError as error:
        raise UsageError(f"{file} cannot be read ({error.strerror})") from None
    kind = next((kind for magic, kind in MAGIC.items() if head.startswith(magic)), None)
    if kind is None:
        raise UsageError(f"{file} is not a backup of Standfirst")
    if kind != url.get_backend_name():
        raise UsageError(f"{file} is a backup of {kind}, and the configured store is {url.get_backend_name()}")


def put(file: Path, target: Path, *, force: bool) -> None:
    """The SQLite file in place of the store's, whole or not at all."""
    if target.exists() and not force:
        raise UsageError(f"there is a store at {target}; back it up first, then replace it with --force")
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as opened:
        said = opened.execute("pragma quick_check").fetchone()[0]
    opened.close()
    if said != "ok":
        raise Error(f"{file} is damaged ({said}); take another backup")
    partial = target.with_name(f".{target.name}.partial")
    try:
        partial.unlink(missing_ok=True)
        with file.open("rb") as source, os.fdopen(owner_s_alone(partial), "wb") as made:
            shutil.copyfileobj(source, made)
            made.flush()
            os.fsync(made.fileno())
        for rest in ("-wal", "-shm"):  # of the store that is replaced: they would be read into the new one
            target.with_name(target.name + rest).unlink(missing_ok=True)
        partial.replace(target)
    except OSError as error:
        raise Error(f"{target} cannot be written ({error.strerror})") from None
    finally:
        partial.unlink(missing_ok=True)


def owner_s_alone(path: Path) -> int:
    """A new file that nobody else can read, from its first byte, whatever the umask; its descriptor."""
    made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    os.fchmod(made, 0o600)
    return made


def empty_or_forced(store: str, *, force: bool) -> None:
    """Raise UsageError where a database holds something that nobody said may go."""
    opened = Store.open(store)
    try:
        with opened.read() as tx:
            if not force and sa.inspect(tx).get_table_names():
                raise UsageError("the database is not empty; back it up first, then replace it with --force")
    finally:
        opened.close()


def cautious(config: Config) -> list[str]:
    """Make sure that the restored store posts nothing a second time; what was done, in sentences."""
    store = Store.open(config.settings.store)
    try:
        store.migrate()
        now = DatabaseClock(store)()
        with store.begin() as tx:
            since = last_sign_of_life(tx)
            resolved, held = settle_all(tx, config, since, now)
            forget_the_window(tx)
        return told(since, resolved, held)
    finally:
        store.close()


def last_sign_of_life(tx: Tx) -> datetime | None:
    """When the store was at work last: what happened after that it does not know."""
    moments = [tx.scalar(sa.select(sa.func.max(column))) for column in (pulses.c.sent_at, feeds.c.polled_at)]
    return max((moment for moment in moments if moment), default=None)


def settle_all(tx: Tx, config: Config, since: datetime | None, now: datetime) -> tuple[int, int]:
    """What waited is looked up where that can be done, and held where not; how many of each."""
    resolved = held = 0
    rows = tx.execute(sa.select(deliveries.c.id, deliveries.c.channel).where(deliveries.c.state.in_(WAITING))).all()
    for channel in {row.channel for row in rows}:
        mine = [row.id for row in rows if row.channel == channel]
        if tells(config, channel, since, now):
            resolved += doubt(tx, mine, since, now)
        else:
            held += hold(tx, mine)
    return resolved, held


def tells(config: Config, channel: str, since: datetime | None, now: datetime) -> bool:
    """Whether a channel's platform can say whether a post is there."""
    chosen = config.channels.get(channel)
    if chosen is None:
        return False
    can: Capabilities = kinds.channel_class(chosen.kind).CAN
    return can.lookup or (since is not None and replays(can, since, now))


def doubt(tx: Tx, idents: Iterable[int], since: datetime | None, now: datetime) -> int:
    """Have these resolved by their platform."""
    reason = "restored from a backup: it may have been sent since"
    values = {"state": "uncertain", "reason": reason, "due_at": now, "leased_until": None}
    begun = sa.func.coalesce(deliveries.c.intent_at, sa.bindparam("since", since, deliveries.c.intent_at.type))
    return change(tx, idents, values | {"intent_at": begun})


def hold(tx: Tx, idents: Iterable[int]) -> int:
    """Have a person decide on these."""
    reason = "restored from a backup: a person says whether it was sent since"
    return change(tx, idents, {"state": "held", "reason": reason, "due_at": None, "leased_until": None})


def change(tx: Tx, idents: Iterable[int], values: dict[str, object]) -> int:
    """Write the values into these deliveries; how many."""
    return sum(
        tx.execute(deliveries.update().where(deliveries.c.id == ident).values(values)).rowcount for ident in idents
    )


def forget_the_window(tx: Tx) -> None:
    """Have each feed's next document read whole, and what is unknown in it held."""
    nothing = dict.fromkeys(("etag", "last_modified", "body_hash", "baseline_at", "leased_until"))
    tx.execute(feeds.update().values(nothing))


def told(since: datetime | None, resolved: int, held: int) -> list[str]:
    """What was done, in sentences."""
    lines = [f"it was at work last at {since:%Y-%m-%d %H:%M:%S} UTC"] if since else []
    if resolved:
        lines.append(f"{counted(resolved, 'delivery is', 'deliveries are')} looked up before anything is sent again")
    if held:
        lines.append(
            f"{counted(held, 'delivery waits', 'deliveries wait')} for a person: standfirst deliveries --state held"
        )
    return [*lines, "what the feeds show that it does not know will be held: standfirst articles --state held"]
