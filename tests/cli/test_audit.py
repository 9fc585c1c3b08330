"""The audit against accounts that show what they hold: what is there twice is found, and removed on request."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.cli.conftest import Command, Site
from workers.demo.sandbox import Atproto, Mastodon

ACCOUNTS = """
[[channels]]
name = "mastodon"
kind = "mastodon"
instance = "{mastodon}"
token = {{ env = "MASTODON" }}

[[channels]]
name = "bluesky"
kind = "bluesky"
service = "{bluesky}"
identifier = "wrenbridge.test"
password = {{ env = "BLUESKY" }}

[[routes]]
feeds = ["news"]
channels = ["mastodon", "bluesky"]
"""


@pytest.fixture
def mastodon() -> Iterator[Mastodon]:
    with Mastodon() as sandbox:
        yield sandbox


@pytest.fixture
def bluesky() -> Iterator[Atproto]:
    with Atproto() as sandbox:
        yield sandbox


@pytest.fixture
def accounts(path: Path, mastodon: Mastodon, bluesky: Atproto, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MASTODON", "sandbox-token")
    monkeypatch.setenv("BLUESKY", "sandbox-pass")
    path.write_text(path.read_text() + ACCOUNTS.format(mastodon=mastodon.url, bluesky=bluesky.url))


def toot(mastodon: Mastodon, text: str) -> None:
    headers = {"Authorization": "Bearer sandbox-token"}
    requests.post(
        f"{mastodon.url}/api/v1/statuses", json={"status": text}, headers=headers, timeout=5
    ).raise_for_status()


@pytest.mark.usefixtures("accounts")
def test_ledger_and_accounts_agree_after_posting(standfirst: Command, work: Any) -> None:
    work()
    told = standfirst.ok("audit", "--json").json
    assert told["asked"] == [
        {"channel": "mastodon", "posts": 3, "deliveries": 3},
        {"channel": "bluesky", "posts": 3, "deliveries": 3},
    ]
    assert (told["findings"], told["silent"]) == ([], ["hook"])


@pytest.mark.usefixtures("accounts")
def test_a_late_duplicate_is_found_and_removed_on_request(
    standfirst: Command, work: Any, mastodon: Mastodon, site: Site
) -> None:
    work()
    toot(mastodon, f"Bridge to be repaired\n\n{site.root}/1")
    said = standfirst("audit", "mastodon")
    assert said.code == 1
    assert "is there a second time" in said.out
    assert "--remove" in said.out
    assert len(mastodon.posts()) == 4
    told = standfirst.ok("audit", "mastodon", "--remove", "--json").json
    assert [(one["what"], one["done"]) for one in told["findings"]] == [("doubled", "removed")]
    assert len(mastodon.posts()) == 3
    standfirst.ok("audit")


def age(path: Path, days: int) -> None:
    """What was sent was sent so many days earlier."""
    by = days * 86_400_000_000
    with closing(sqlite3.connect(path.parent / "standfirst.db")) as connection, connection:
        connection.execute(
            "update deliveries set delivered_at = delivered_at - ?, created_at = created_at - ?", (by, by)
        )


@pytest.mark.usefixtures("accounts")
def test_an_old_post_of_an_article_that_was_republished_is_no_double(
    standfirst: Command, work: Any, path: Path, mastodon: Mastodon
) -> None:
    work()
    age(path, 30)
    article = standfirst.ok("deliveries", "--channel", "mastodon", "--json").json[0]["article"]
    standfirst.ok("republish", article, "--channel", "mastodon")
    work()
    told = standfirst.ok("audit", "mastodon", "--remove", "--json").json
    assert told["findings"] == []
    assert len(mastodon.posts()) == 4


@pytest.mark.usefixtures("accounts")
def test_a_doubt_that_the_audit_settles_has_its_receipt(
    standfirst: Command, work: Any, path: Path, mastodon: Mastodon
) -> None:
    work()
    with closing(sqlite3.connect(path.parent / "standfirst.db")) as connection, connection:
        connection.execute(
            """update deliveries set state = 'uncertain', remote_id = null, delivered_at = null
            where channel = 'mastodon'"""
        )
    told = standfirst("audit", "mastodon", "--settle", "--json").json
    assert [(one["what"], one["done"]) for one in told["findings"]] == [("arrived", "settled")] * 3
    rows = standfirst.ok("deliveries", "--channel", "mastodon", "--json").json
    assert {row["remote_id"] for row in rows} == {post.id for post in mastodon.posts()}
    assert standfirst.ok("audit", "mastodon", "--json").json["findings"] == []


@pytest.mark.usefixtures("accounts")
def test_a_post_that_somebody_deleted_is_found(standfirst: Command, work: Any, path: Path, mastodon: Mastodon) -> None:
    work()
    connection = sqlite3.connect(path.parent / "standfirst.db")
    with connection:
        connection.execute(
            "update deliveries set delivered_at = delivered_at - 600000000, created_at = created_at - 600000000"
        )
    connection.close()
    ident = standfirst.ok("deliveries", "--channel", "mastodon", "--json").json[0]["remote_id"]
    headers = {"Authorization": "Bearer sandbox-token"}
    requests.delete(f"{mastodon.url}/api/v1/statuses/{ident}", headers=headers, timeout=5).raise_for_status()
    told = standfirst("audit", "--json").json
    assert [(one["what"], one["remote_id"]) for one in told["findings"]] == [("gone", ident)]


@pytest.mark.usefixtures("accounts")
def test_an_account_that_does_not_answer_is_told(
    standfirst: Command, work: Any, mastodon: Mastodon, monkeypatch: pytest.MonkeyPatch
) -> None:
    work()
    monkeypatch.setenv("MASTODON", "another-token")
    said = standfirst("audit", "--json")
    assert said.code == 1
    assert [one["channel"] for one in said.json["failed"]] == ["mastodon"]


@pytest.mark.usefixtures("accounts")
def test_check_live_says_who_we_are(standfirst: Command) -> None:
    said = standfirst.ok("check", "--live").out
    assert "channel mastodon: @" in said
    assert "channel bluesky: @wrenbridge.test" in said


@pytest.mark.usefixtures("accounts")
def test_check_live_names_credentials_that_do_not_work_and_shows_none(
    standfirst: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BLUESKY", "hunter2-hunter2")
    said = standfirst("check", "--live")
    assert said.code == 1
    assert "failed channel bluesky" in said.out
    assert said.err.strip().splitlines()[-1].startswith("1 of ")
    assert "standfirst.toml is in order" not in said.out + said.err
    assert "hunter2" not in said.out + said.err


@pytest.mark.usefixtures("accounts")
def test_preview_counts_as_each_platform_does(standfirst: Command, work: Any) -> None:
    work()
    shown = {one["channel"]: one for one in standfirst.ok("preview", standfirst.ids()[0], "--json").json}
    assert shown["mastodon"]["limit"] == 500
    assert shown["bluesky"]["limit"] == 300
    assert shown["bluesky"]["count"] <= 300
    assert "of 500" in standfirst.ok("preview", standfirst.ids()[0], "--channel", "mastodon").out
