"""What only one worker may do at a time, anywhere: serial sections that end with their transaction."""

import zlib

import sqlalchemy as sa

from pipeline.store import Tx


def serial(tx: Tx, name: str) -> None:
    """Until this transaction ends no other is in the section of that name; a crash opens it.

    On SQLite every writing transaction is alone already.
    """
    if tx.dialect.name == "postgresql":
        tx.execute(
            sa.text("select pg_advisory_xact_lock(7206, :name)"), {"name": zlib.crc32(name.encode()) & 0x7FFFFFFF}
        )
