"""Changing the configuration for a person: only what is meant changes."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config import load
from pipeline.config.edit import add_tables, remove_feed
from pipeline.model import UsageError

TEXT = """\
# Our paper's configuration
[standfirst]
delay = "5m"   # five, not two

[[feeds]]  # the front page
name = "news"
url = "https://example.org/feed.xml"
strip = [
  "^By .*",  # bylines
]

# --- where it goes ---

[[channels]]
name = "hook"
kind = "webhook"
url = "https://example.org/hook"

[[routes]]
feeds = ["news"]  # all of it
channels = ["hook"]
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "standfirst.toml"
    file.write_text(TEXT)
    file.chmod(0o640)
    return file


def test_a_feed_is_written_below_the_last_one_and_every_other_line_stays(path: Path) -> None:
    add_tables(path, "feeds", [{"name": "sport", "url": "https://example.org/sport.xml"}])
    lines = path.read_text().split("\n")
    assert [line for line in TEXT.split("\n") if line] == [
        line for line in lines if line and "sport" not in line and line != "[[feeds]]"
    ]
    assert lines.index('name = "sport"') < lines.index("# --- where it goes ---")
    assert list(load(path, {}).feeds) == ["news", "sport"]


def test_the_file_keeps_its_permissions(path: Path) -> None:
    add_tables(path, "feeds", [{"name": "a", "url": "https://example.org/a"}])
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_link_to_the_file_stays_a_link(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.toml"
    link.symlink_to(path)
    add_tables(link, "feeds", [{"name": "a", "url": "https://example.org/a"}])
    assert link.is_symlink()
    assert "a" in load(path, {}).feeds


def test_windows_line_ends_stay(path: Path) -> None:
    path.write_bytes(TEXT.replace("\n", "\r\n").encode())
    add_tables(path, "feeds", [{"name": "a", "url": "https://example.org/a"}])
    assert path.read_bytes().count(b"\r\n") == path.read_bytes().count(b"\n")


def test_a_route_is_written_below_the_last_one(path: Path) -> None:
    add_tables(path, "routes", [{"feeds": ["news"], "channels": ["hook"]}])
    assert len(load(path, {}).routes) == 2


def test_a_section_that_is_not_there_yet_is_begun(tmp_path: Path) -> None:
    path = tmp_path / "standfirst.toml"
    path.write_text("")
    add_tables(path, "feeds", [{"name": "a", "url": "https://example.org/a"}])
    assert list(load(path, {}).feeds) == ["a"]


def test_tables_written_in_one_line_are_refused_and_left_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "standfirst.toml"
    path.write_text('feeds = [{ name = "a", url = "https://example.org/a" }]\n')
    with pytest.raises(UsageError, match="two brackets"):
        add_tables(path, "feeds", [{"name": "b", "url": "https://example.org/b"}])
    assert path.read_text().startswith("feeds = [{")
    assert len(list(tmp_path.iterdir())) == 1


def test_a_removed_feed_leaves_its_routes_too(path: Path) -> None:
    add_tables(path, "feeds", [{"name": "sport", "url": "https://example.org/sport.xml"}])
    add_tables(path, "routes", [{"feeds": ["news", "sport"], "channels": ["hook"]}])
    remove_feed(path, "news")
    config = load(path, {})
    assert list(config.feeds) == ["sport"]
    assert [route.feeds for route in config.routes] == [("sport",)]
    assert "# five, not two" in path.read_text()


def test_the_last_feed_can_be_removed(path: Path) -> None:
    remove_feed(path, "news")
    config = load(path, {})
    assert (dict(config.feeds), config.routes) == ({}, ())


def test_a_feed_that_is_not_there_cannot_be_removed(path: Path) -> None:
    with pytest.raises(UsageError, match="no \\[\\[feeds\\]\\]"):
        remove_feed(path, "nws")
    assert path.read_text() == TEXT


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=40))
def test_any_text_survives_being_written(value: str) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        path = Path(folder) / "standfirst.toml"
        path.write_text(TEXT)
        add_tables(path, "feeds", [{"name": "a", "url": "https://example.org/a", "prefer": value}])
        assert tomllib.loads(path.read_bytes().decode())["feeds"][1]["prefer"] == value
