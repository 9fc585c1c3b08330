"""Alembic's migrations, run by `standfirst db migrate` and at every start.

A migration only adds (tables, columns with defaults, indexes): the version before it keeps working while workers are
replaced one by one.
"""

from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from pipeline.store import Store

HEAD = "0005"


def current(store: "Store") -> str | None:
    """The version of the tables, None for an empty database."""
    with store.read() as tx:
        if not sa.inspect(tx).has_table("alembic_version"):
            return None
        version: str | None = tx.scalar(sa.text("select version_num from alembic_version"))
        return version


def upgrade(store: "Store") -> None:
    """To HEAD. A store that a newer version has migrated is left as it is: migrations only add."""
    version = current(store)
    if version is not None and version >= HEAD:
        return
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "pipeline.store:migrations")
    with store.begin() as tx:
        if not store.embedded:
            # Two processes that start together must not both migrate.
            tx.execute(sa.text("select pg_advisory_xact_lock(7206119)"))
        config.attributes["connection"] = tx
        command.upgrade(config, "head")
