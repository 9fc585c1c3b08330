"""feeds add and remove, import and export: the configuration is changed and nothing else in it."""

from pathlib import Path

import pytest

from pipeline.config import load
from pipeline.feeds import opml
from pipeline.feeds.opml import Outline
from tests.cli.conftest import Command, Site

HOME = """<html><head><title>Town</title>
<link rel="alternate" type="application/rss+xml" title="All" href="/all.xml">
<link rel="alternate" type="application/rss+xml" title="Sport" href="/sport.xml"></head></html>"""

ADDED = '[[feeds]]\nname = "the-town"\nurl = "{root}/all.xml"'


@pytest.fixture
def home(site: Site, path: Path) -> None:
    """The site announces two feeds, of which none is configured."""
    site.pages["/"] = ("text/html", HOME)
    site.pages["/all.xml"] = site.pages["/sport.xml"] = site.pages["/feed.xml"]


def feeds(path: Path) -> dict[str, str]:
    return {feed.name: feed.url for feed in load(path, {}).feeds.values()}


@pytest.mark.usefixtures("home")
def test_the_feed_of_a_site_is_found_and_written_down(standfirst: Command, path: Path, site: Site) -> None:
    before = [line for line in path.read_text().splitlines() if line]
    said = standfirst.ok("feeds", "add", f"{site.root}/")
    assert "The Town" in said.out
    assert "3 entries" in said.out
    assert "--choose" in said.err
    assert feeds(path)["the-town"] == f"{site.root}/all.xml"
    after = path.read_text().splitlines()
    assert [line for line in after if line] == [*before[:10], *ADDED.format(root=site.root).splitlines(), *before[10:]]
    assert site.asked == ["/", "/all.xml"]


@pytest.mark.usefixtures("home")
def test_another_of_the_feeds_that_were_found_can_be_chosen(standfirst: Command, path: Path, site: Site) -> None:
    wishes = ("--choose", "2", "--name", "sport", "--every", "15m", "--first-run", "last 2", "--to", "hook")
    standfirst.ok("feeds", "add", f"{site.root}/", *wishes)
    config = load(path, {})
    assert config.feeds["sport"].url == f"{site.root}/sport.xml"
    assert config.feeds["sport"].first_run == 2
    assert config.routes[-1].feeds == ("sport",)
    assert config.routes[-1].channels == ("hook",)
    assert standfirst("feeds", "add", f"{site.root}/", "--choose", "3").code == 2


@pytest.mark.usefixtures("home")
def test_a_feed_that_leads_nowhere_is_said_to(standfirst: Command, site: Site) -> None:
    assert "no route leads from it yet" in standfirst.ok("feeds", "add", f"{site.root}/all.xml").err


@pytest.mark.usefixtures("home")
def test_a_look_writes_nothing(standfirst: Command, path: Path, site: Site) -> None:
    before = path.read_text()
    told = standfirst.ok("feeds", "add", f"{site.root}/", "--dry-run", "--json").json
    assert [one["title"] for one in told["found"]] == ["All", "Sport"]
    assert not told["written"]
    assert path.read_text() == before


def test_a_feed_is_added_once(standfirst: Command, path: Path, site: Site) -> None:
    said = standfirst("feeds", "add", f"{site.root}/feed.xml")
    assert said.code == 2
    assert "configured already, as “news”" in said.err


def test_where_there_is_no_feed_one_is_told_so(standfirst: Command, path: Path, site: Site) -> None:
    site.pages = {"/": ("text/html", "<html><title>Nothing</title></html>")}
    before = path.read_text()
    said = standfirst("feeds", "add", f"{site.root}/")
    assert said.code == 1
    assert "no feed was found" in said.err
    assert path.read_text() == before


@pytest.mark.parametrize(
    "wish", ["--name=a b", "--every=often", "--first-run=all", "--to=nowhere", "--name=news", "--every=0s"]
)
def test_a_wish_that_cannot_be_met_is_refused_before_anything_is_asked(
    standfirst: Command, path: Path, site: Site, wish: str
) -> None:
    assert standfirst("feeds", "add", f"{site.root}/x.xml", wish).code == 2
    assert site.asked == []


def test_a_private_address_is_not_asked_unless_it_is_allowed(standfirst: Command, path: Path, site: Site) -> None:
    path.write_text(path.read_text().replace('allow_networks = ["127.0.0.0/8"]', ""))
    said = standfirst("feeds", "add", f"{site.root}/feed2.xml")
    assert said.code == 1
    assert site.asked == []


def test_a_removed_feed_is_no_longer_configured(standfirst: Command, path: Path) -> None:
    standfirst.ok("feeds", "remove", "news")
    assert feeds(path) == {}
    assert standfirst("feeds", "remove", "news").code == 2


def test_what_was_exported_is_imported_again(standfirst: Command, path: Path) -> None:
    standfirst.ok("export", "feeds.opml")
    before = feeds(path)
    assert "0 feeds to add, 1 known already" in standfirst.ok("import", "feeds.opml").out
    standfirst.ok("feeds", "remove", "news")
    standfirst.ok("import", "feeds.opml")
    assert feeds(path) == before


def test_export_goes_to_standard_output_or_a_new_file(standfirst: Command, path: Path, tmp_path: Path) -> None:
    assert "<opml" in standfirst.ok("export").out
    standfirst.ok("export", "feeds.opml")
    assert standfirst("export", "feeds.opml").code == 2
    standfirst.ok("export", "feeds.opml", "--force")


def test_a_list_is_imported_with_names_of_its_own_and_what_cannot_be_polled_left_out(
    standfirst: Command, path: Path, tmp_path: Path
) -> None:
    one, two, three = (f"https://{host}.example/feed" for host in ("a", "b", "c"))
    outlines = [Outline(one, "City & Sport"), Outline(two, "City & Sport"), Outline(three, "")]
    secret = Outline("https://me:hunter2@d.example/feed", "Closed")
    (tmp_path / "list.opml").write_bytes(opml.write([*outlines, secret]))
    said = standfirst.ok("import", "list.opml", "--to", "hook", "--every", "2h")
    found = feeds(path)
    assert found["city-sport"] == one
    assert found["city-sport-2"] == two
    assert found["c.example"] == three
    assert "hunter2" not in path.read_text() + said.out + said.err
    assert load(path, {}).routes[-1].channels == ("hook",)


@pytest.mark.parametrize("body", [b"", b"<html></html>", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'])
def test_what_is_no_list_is_refused(standfirst: Command, path: Path, tmp_path: Path, body: bytes) -> None:
    (tmp_path / "list.opml").write_bytes(body)
    before = path.read_text()
    said = standfirst("import", "list.opml")
    assert (said.code, said.out) == (2, "")
    assert path.read_text() == before
    assert standfirst("import", "nowhere.opml").code == 2
