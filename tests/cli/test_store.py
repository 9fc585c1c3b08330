"""The store from the command line: backup, restore, check, prune. Nothing is posted twice, nothing is forgotten."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from pipeline.model import Stage
from tests.cli.conftest import TITLES, Command, Site

BEFORE_SENDING = tuple(stage for stage in Stage if stage != Stage.DELIVER)


def titles(site: Site) -> list[str]:
    return [body["data"]["article"]["title"] for body in site.sent]


def rows(path: Path, query: str) -> list[Any]:
    connection = sqlite3.connect(path.parent / "standfirst.db")
    try:
        with connection:
            return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_a_sound_store_passes_every_check(standfirst: Command, work: Any) -> None:
    work()
    told = standfirst.ok("db", "check", "--json").json
    assert told["ok"]
    assert {one["what"] for one in told["checks"]} == {"files", "tables", "references", "once", "states"}


def test_a_store_that_was_never_made_is_not_made_by_looking(standfirst: Command, path: Path) -> None:
    for command in ("check", "backup x.db"):
        assert standfirst("db", *command.split()).code == 2
    assert not (path.parent / "standfirst.db").exists()


def test_a_state_that_cannot_be_is_found(standfirst: Command, work: Any, path: Path) -> None:
    work()
    rows(path, "update deliveries set delivered_at = null where id = 1")
    said = standfirst("db", "check")
    assert said.code == 1
    assert "1 delivery is in no state that can be" in said.out


def test_a_damaged_file_is_found(standfirst: Command, work: Any, path: Path) -> None:
    work()
    rows(path, "pragma wal_checkpoint(truncate)")
    file = path.parent / "standfirst.db"
    body = bytearray(file.read_bytes())
    body[4096 * 3 : 4096 * 9] = b"\x00" * (4096 * 6)
    file.write_bytes(body)
    assert standfirst("db", "check").code == 1


def test_a_backup_replaces_no_file_by_itself(standfirst: Command, work: Any, tmp_path: Path) -> None:
    work()
    standfirst.ok("db", "backup", "copy.db")
    assert standfirst("db", "backup", "copy.db").code == 2
    standfirst.ok("db", "backup", "copy.db", "--force")
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600
    assert standfirst("db", "backup", "nowhere/copy.db").code == 2


def test_a_restored_store_knows_all_that_it_knew(standfirst: Command, work: Any, path: Path, site: Site) -> None:
    work()
    standfirst.ok("db", "backup", "copy.db")
    (path.parent / "standfirst.db").unlink()
    standfirst.ok("db", "restore", "copy.db")
    work()
    assert titles(site) == list(TITLES)
    assert len(standfirst.ids()) == 3


def test_a_restore_replaces_no_store_by_itself(standfirst: Command, work: Any) -> None:
    work()
    standfirst.ok("db", "backup", "copy.db")
    said = standfirst("db", "restore", "copy.db")
    assert said.code == 2
    assert "--force" in said.err


def test_what_came_between_backup_and_restore_is_held_and_not_posted_twice(
    standfirst: Command, work: Any, site: Site
) -> None:
    site.show(2)
    work()
    standfirst.ok("db", "backup", "copy.db")
    site.show(3)
    while len(site.sent) < 3:
        work()  # the feed is due again within a second
    said = standfirst.ok("db", "restore", "copy.db", "--force").out
    assert "will be held" in said
    while len(standfirst.ids()) < 3:
        work()
    work()
    assert titles(site) == list(TITLES)
    assert len(standfirst.ids("--state", "held")) == 1


def test_what_waited_in_the_backup_is_resolved_by_its_key_where_the_kind_replays(
    standfirst: Command, work: Any, site: Site
) -> None:
    work(only=BEFORE_SENDING)
    standfirst.ok("db", "backup", "copy.db")
    work()
    keys = {body["data"]["delivery"] for body in site.sent}
    said = standfirst.ok("db", "restore", "copy.db", "--force").out
    assert "3 deliveries are looked up" in said
    work()
    assert {body["data"]["delivery"] for body in site.sent} == keys


def test_what_waited_in_the_backup_for_a_channel_that_is_gone_is_held(
    standfirst: Command, work: Any, site: Site, path: Path
) -> None:
    work(only=BEFORE_SENDING)
    standfirst.ok("db", "backup", "copy.db")
    path.write_text(
        path.read_text()
        .replace('name = "hook"\nkind = "webhook"', 'name = "other"\nkind = "webhook"')
        .replace('["hook"]', '["other"]')
    )
    said = standfirst.ok("db", "restore", "copy.db", "--force").out
    assert "3 deliveries wait for a person" in said
    work()
    assert site.sent == []


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\x00" + b"\x00" * 5000])
def test_what_is_no_backup_is_refused_and_the_store_stays(
    standfirst: Command, work: Any, tmp_path: Path, content: bytes
) -> None:
    work()
    (tmp_path / "copy.db").write_bytes(content)
    assert standfirst("db", "restore", "copy.db", "--force").code in (1, 2)
    assert len(standfirst.ids()) == 3


def test_pruning_forgets_texts_and_histories_but_no_identity(
    standfirst: Command, work: Any, site: Site, path: Path
) -> None:
    work()
    year = 400 * 86400 * 1_000_000
    rows(path, f"update articles set first_seen_at = first_seen_at - {year}")
    assert "3 articles" in standfirst.ok("db", "prune").out
    assert rows(path, "select count(*) from articles where summary <> '' or content <> ''") == [(0,)]
    assert rows(path, "select count(*) from steps") == [(0,)]
    assert rows(path, "select count(*) from articles where teaser <> ''") == [(3,)]
    rows(path, "update feeds set etag = null, last_modified = null, body_hash = null, due_at = 0")
    work()
    assert titles(site) == list(TITLES)
    standfirst.ok("republish", standfirst.ids()[0])
    work()
    assert site.sent[-1]["data"]["article"]["teaser"]


def test_what_waits_is_not_pruned(standfirst: Command, work: Any, path: Path) -> None:
    work(only=BEFORE_SENDING)
    rows(path, "update articles set first_seen_at = 0")
    assert "0 articles" in standfirst.ok("db", "prune").out or "nothing" in standfirst.ok("db", "prune").out
    assert rows(path, "select count(*) from articles where summary <> ''") == [(3,)]


def on_postgres(path: Path, url: str) -> None:
    path.write_text(path.read_text().replace("sqlite:///standfirst.db", url))


def test_a_postgresql_store_is_backed_up_and_restored_with_the_same_care(
    standfirst: Command, work: Any, site: Site, path: Path, postgres_url: str
) -> None:
    on_postgres(path, postgres_url)
    site.show(2)
    work()
    said = standfirst("db", "backup", "copy.dump")
    if "is not installed" in said.err:
        pytest.skip("needs: pg_dump (postgresql-client)")
    site.show(3)
    while len(site.sent) < 3:
        work()
    assert standfirst("db", "restore", "copy.dump").code == 2
    standfirst.ok("db", "restore", "copy.dump", "--force")
    while len(standfirst.ids()) < 3:
        work()
    work()
    assert titles(site) == list(TITLES)
    assert len(standfirst.ids("--state", "held")) == 1
    assert standfirst.ok("db", "check", "--json").json["ok"]


def test_a_backup_of_another_kind_of_store_is_refused(
    standfirst: Command, work: Any, path: Path, postgres_url: str
) -> None:
    work()
    standfirst.ok("db", "backup", "copy.db")
    on_postgres(path, postgres_url)
    said = standfirst("db", "restore", "copy.db")
    assert said.code == 2
    assert "is a backup of sqlite" in said.err
