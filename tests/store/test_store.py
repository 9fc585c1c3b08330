"""The store itself: migrations, transactions, clocks, failures as sentences."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Image, Post, StoreError, UsageError
from pipeline.store import Store, codec, migrations, sealed
from pipeline.store.tables import Instant, metadata

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


class Words:
    def __init__(self, words: str) -> None:
        self.words = words

    def reveal(self) -> str:
        return self.words


def test_the_migrations_make_exactly_the_tables_of_the_code(store: Store) -> None:
    def ours(item: Any, _name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
        only = getattr(item, "_ddl_if", None) if kind == "index" else None  # some indexes are for one database
        return only is None or only.dialect == store.engine.dialect.name

    with store.begin() as tx:
        assert compare_metadata(MigrationContext.configure(tx, opts={"include_object": ours}), metadata) == []


def test_migrating_twice_changes_nothing(store: Store) -> None:
    store.migrate()
    assert migrations.current(store) == migrations.HEAD


def test_a_store_that_a_newer_version_migrated_is_left_alone(sqlite_store: Store) -> None:
    with sqlite_store.begin() as tx:
        tx.execute(sa.text("update alembic_version set version_num = '9999'"))
    sqlite_store.migrate()
    assert migrations.current(sqlite_store) == "9999"


def test_what_fails_half_way_is_not_there(store: Store) -> None:
    with pytest.raises(RuntimeError), store.begin() as tx:
        tx.execute(sa.text("insert into channels (name, kind, failures, paused_reason) values ('x', 'y', 0, '')"))
        raise RuntimeError
    with store.read() as tx:
        assert tx.scalar(sa.text("select count(*) from channels")) == 0


def test_the_stores_clock_is_near_ours(store: Store) -> None:
    assert abs(store.clock() - datetime.now(UTC).timestamp()) < 5


def test_sqlite_keeps_every_commit_on_the_disk(sqlite_store: Store) -> None:
    with sqlite_store.read() as tx:
        assert tx.scalar(sa.text("pragma journal_mode")) == "wal"
        assert tx.scalar(sa.text("pragma synchronous")) == 2  # FULL


def test_a_full_disk_is_one_sentence(sqlite_store: Store) -> None:
    with pytest.raises(StoreError, match="disk is full"), sqlite_store.begin() as tx:
        pages = tx.scalar(sa.text("pragma page_count"))
        tx.exec_driver_sql(f"pragma max_page_count={pages}")
        tx.execute(
            sa.text("insert into channels (name, kind, failures, paused_reason) values (:n, 'y', 0, '')"),
            {"n": "x" * 1_000_000},
        )


def test_a_file_that_is_no_database_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_text("these are only some notes, and long enough to be read as a header of a file")
    with pytest.raises((StoreError, sa.exc.DatabaseError)):
        Store.open(f"sqlite:///{tmp_path / 'notes.db'}").migrate()


@pytest.mark.parametrize("url", ["mysql://x/y", "standfirst.db", "redis://x"])
def test_an_unknown_store_is_wrong_usage(url: str) -> None:
    with pytest.raises(UsageError, match="sqlite:///"):
        Store.open(url)


@given(st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.just(UTC)))
def test_a_moment_survives_the_database_to_the_microsecond(moment: datetime) -> None:
    kept = Instant().process_bind_param(moment, None)
    assert Instant().process_result_value(kept, None) == moment


@given(st.text(), st.text(), st.lists(st.text(), max_size=4), st.none() | st.builds(Image, st.text(), st.text()))
def test_a_post_survives_the_database(title: str, text: str, tags: list[str], image: Image | None) -> None:
    post = Post("a1", title, "https://town.example/1", text, text, NOW, NOW, tags=tuple(tags), image=image)
    assert codec.post_in(codec.post_out(post)) == post


def test_what_the_vault_keeps_opens_with_its_key_only() -> None:
    blob = sealed.closed(b"a session", Words("the key"))
    assert b"session" not in blob
    assert sealed.opened(blob, Words("the key")) == b"a session"
    assert sealed.opened(blob, Words("another")) is None
    assert sealed.opened(blob, None) is None


def test_without_a_key_the_vault_is_plain() -> None:
    assert sealed.opened(sealed.closed(b"a session", None), None) == b"a session"


def test_the_file_is_a_plain_sqlite_database_that_other_tools_read(sqlite_store: Store, tmp_path: Path) -> None:
    path = sqlite_store.engine.url.database
    assert path is not None
    with sqlite3.connect(path) as other:
        assert other.execute("select count(*) from articles").fetchone() == (0,)
    other.close()
