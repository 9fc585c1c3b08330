"""Our own feeds are valid, ordered, complete, and hold each article once."""

import html
import json
import xml.etree.ElementTree as ET
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import lxml.html
import pytest

from pipeline import channels
from pipeline.channels import outfeed as outfeed_kind
from pipeline.http import Http
from pipeline.model import Image, Post
from pipeline.syndication.documents import legal
from tests.channels.play import ARTICLE, KEY, NOW, config, door, post_of, sending
from tests.channels.scripted import platform

PUBLIC = outfeed_kind._name(KEY)
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = replace(
    ARTICLE,
    id="hostile",
    title='Fish & Chips <script>alert("x")</script> ]]> \x07',
    teaser="First “quoted” paragraph & more.\n\nSecond <b>one</b>.",
    image=Image("https://news.example/a.jpg?x=1&y=2", alt='A "fine" picture'),
    authors=("Ana & Rui",),
    tags=("R&D", "naïve"),
)


def outfeed(folder: Path, **settings: Any) -> Any:
    site = {"site": "https://news.example/", "public_url": "https://feeds.example/town", "title": "The Town Crier"}
    return channels.build(config("outfeed", {"folder": str(folder), **site, **settings}))


@pytest.fixture
def http() -> Any:
    with closing(door()) as opened:
        yield opened


def send(channel: Any, http: Http, *posts: tuple[str, Post], now: datetime = NOW) -> None:
    for key, post in posts:
        channel.send(post, sending(http, key=key, now=now))


def read(folder: Path, name: str) -> Any:
    parsed = feedparser.parse((folder / name).read_bytes())
    assert not parsed.bozo, parsed.get("bozo_exception")
    return parsed


def posts(count: int) -> list[tuple[str, Post]]:
    made = post_of("outfeed")
    return [(f"sf_{n}", replace(made, article=f"a{n}", link=f"https://news.example/{n}")) for n in range(count)]


def test_all_documents_are_there(tmp_path: Path, http: Http) -> None:
    send(outfeed(tmp_path), http, (KEY, post_of("outfeed")))
    names = {path.name for path in tmp_path.iterdir()}
    assert names >= {"feed.xml", "atom.xml", "feed.json", "index.html", "news-sitemap.xml", ".items.json"}
    assert not [name for name in names if name.endswith(".new")]


def test_no_document_for_readers_holds_a_key_and_the_list_is_its_owner_s_alone(tmp_path: Path, http: Http) -> None:
    given = posts(3)
    send(outfeed(tmp_path), http, *given)
    for path in tmp_path.iterdir():
        public = path.stat().st_mode & 0o044
        assert not (public and any(key in path.read_text() for key, _ in given)), path.name
    assert (tmp_path / ".items.json").stat().st_mode & 0o777 == 0o600


def test_a_list_of_an_earlier_version_is_taken_over_with_its_ids(tmp_path: Path, http: Http) -> None:
    first, second = posts(2)
    send(outfeed(tmp_path), http, first)
    rows = json.loads((tmp_path / ".items.json").read_bytes())
    rows[0]["id"] = "tag:news.example,2026-03-01:as-it-was"
    (tmp_path / "items.json").write_text(json.dumps(rows))
    (tmp_path / ".items.json").unlink()
    send(outfeed(tmp_path), http, first, second)
    assert "tag:news.example,2026-03-01:as-it-was" in {entry.id for entry in read(tmp_path, "atom.xml").entries}
    assert len(read(tmp_path, "atom.xml").entries) == 2
    assert not (tmp_path / "items.json").exists()


@pytest.mark.parametrize("name", ["feed.xml", "atom.xml"])
@pytest.mark.parametrize("article", [ARTICLE, HOSTILE], ids=["plain", "hostile"])
def test_a_reader_gets_every_field_back(tmp_path: Path, http: Http, name: str, article: Any) -> None:
    post = post_of("outfeed", article)
    send(outfeed(tmp_path), http, (KEY, post))
    (entry,) = read(tmp_path, name).entries
    assert entry.link == post.link
    assert entry.id == f"tag:news.example,2026-03-01:{PUBLIC}"
    assert datetime(*entry.published_parsed[:6], tzinfo=UTC) == post.published
    assert [tag.term for tag in entry.tags] == list(post.tags)
    assert entry.author == post.authors[0]
    shown = ET.fromstring((tmp_path / name).read_bytes())
    texts = {element.text for element in shown.iter() if element.text}
    assert post.title.replace("\x07", "") in texts
    assert {" ".join(html.unescape(text).split()) for text in texts} >= {" ".join(post.teaser.split())}


def test_a_json_feed_has_every_field(tmp_path: Path, http: Http) -> None:
    post = post_of("outfeed", HOSTILE)
    send(outfeed(tmp_path), http, (KEY, post))
    told = json.loads((tmp_path / "feed.json").read_bytes())
    assert told["version"] == "https://jsonfeed.org/version/1.1"
    assert told["feed_url"] == "https://feeds.example/town/feed.json"
    (item,) = told["items"]
    assert item == {
        "id": f"tag:news.example,2026-03-01:{PUBLIC}",
        "url": post.link,
        "title": post.title,
        "summary": post.teaser,
        "content_text": post.teaser,
        "date_published": "2026-03-01T11:30:00Z",
        "date_modified": "2026-03-01T11:30:00Z",
        "language": "en",
        "image": "https://news.example/a.jpg?x=1&y=2",
        "tags": ["R&D", "naïve"],
        "authors": [{"name": "Ana & Rui"}],
    }


def test_the_validator_s_rules_hold(tmp_path: Path, http: Http) -> None:
    send(outfeed(tmp_path, hub_url=None), http, *posts(5))
    rss = ET.fromstring((tmp_path / "feed.xml").read_bytes()).find("channel")
    assert rss is not None
    assert all(rss.findtext(name) for name in ("title", "link", "description", "lastBuildDate"))
    own = [link.get("href") for link in rss.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert own == ["https://feeds.example/town/feed.xml"]
    guids = [guid.text for guid in rss.iter("guid")]
    assert len(set(guids)) == 5
    assert {guid.get("isPermaLink") for guid in rss.iter("guid")} == {"false"}
    atom = ET.fromstring((tmp_path / "atom.xml").read_bytes())
    assert [link.get("href") for link in atom.findall(f"{ATOM}link") if link.get("rel") == "self"] == [
        "https://feeds.example/town/atom.xml"
    ]
    assert atom.find(f"{ATOM}author/{ATOM}name") is not None
    updated = [entry.findtext(f"{ATOM}updated") for entry in atom.findall(f"{ATOM}entry")]
    assert atom.findtext(f"{ATOM}updated") == max(filter(None, updated))


@pytest.mark.parametrize("name", ["feed.xml", "atom.xml"])
def test_dates_are_unique_and_newest_first(tmp_path: Path, http: Http, name: str) -> None:
    send(outfeed(tmp_path), http, *posts(5))
    dates = [entry.published_parsed for entry in read(tmp_path, name).entries]
    assert dates == sorted(set(dates), reverse=True)
    assert len(dates) == 5


def test_the_same_key_again_changes_nothing(tmp_path: Path, http: Http) -> None:
    send(outfeed(tmp_path), http, *posts(3))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    send(outfeed(tmp_path), http, *posts(3))
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_an_edit_keeps_id_and_date_and_says_updated(tmp_path: Path, http: Http) -> None:
    channel = outfeed(tmp_path)
    (key, post), *_ = posts(1)
    receipt = channel.send(post, sending(http, key=key))
    later = NOW + timedelta(hours=1)
    channel.edit(replace(post, title="Corrected"), sending(http, key="other", remote_id=receipt.remote_id, now=later))
    (entry,) = read(tmp_path, "atom.xml").entries
    assert (entry.title, entry.id) == ("Corrected", receipt.remote_id)
    assert entry.published == "2026-03-01T11:30:00Z"
    assert entry.updated == "2026-03-01T13:00:00Z"


def test_a_deleted_article_leaves_the_feeds(tmp_path: Path, http: Http) -> None:
    channel = outfeed(tmp_path)
    (key, post), *_ = posts(1)
    receipt = channel.send(post, sending(http, key=key))
    channel.delete(sending(http, remote_id=receipt.remote_id))
    assert read(tmp_path, "feed.xml").entries == []


def test_the_page_shows_what_the_article_says_and_runs_nothing(tmp_path: Path, http: Http) -> None:
    send(outfeed(tmp_path), http, (KEY, post_of("outfeed", HOSTILE)))
    page = (tmp_path / "index.html").read_text("utf-8")
    assert "<script" not in page
    assert "Fish &amp; Chips" in page
    assert 'href="feed.xml"' in page
    assert "<p>Second &lt;b&gt;one&lt;/b&gt;.</p>" in page


def test_a_news_sitemap_holds_our_own_articles_of_two_days(tmp_path: Path, http: Http) -> None:
    (_, old), (_, other), (_, new) = posts(3)
    old = replace(old, published=NOW - timedelta(days=3))
    other = replace(other, link="https://elsewhere.example/x")
    send(outfeed(tmp_path), http, ("sf_old", old), ("sf_other", other), ("sf_new", new))
    locations = [
        e.text for e in ET.fromstring((tmp_path / "news-sitemap.xml").read_bytes()).iter() if e.tag.endswith("loc")
    ]
    assert locations == [new.link]


def test_the_hub_is_told_when_the_bytes_are_there(tmp_path: Path, http: Http) -> None:
    with platform({"POST /hub": {"status": 204}}) as hub:
        channel = outfeed(tmp_path, hub_url=f"{hub.url}/hub")
        receipt = channel.send(post_of("outfeed"), sending(http))
    assert [one.form["hub.url"].rpartition("/")[2] for one in hub.asked] == ["feed.xml", "atom.xml", "feed.json"]
    assert {one.form["hub.mode"] for one in hub.asked} == {"publish"}
    assert receipt.degraded == ()


def test_a_hub_that_is_away_costs_nobody_the_article(tmp_path: Path, http: Http) -> None:
    with platform({"POST /hub": {"status": 503}}) as hub:
        receipt = outfeed(tmp_path, hub_url=f"{hub.url}/hub").send(post_of("outfeed"), sending(http))
    assert "hub" in receipt.degraded[0]
    assert len(read(tmp_path, "feed.xml").entries) == 1


def test_the_feeds_show_the_newest_articles_only(tmp_path: Path, http: Http) -> None:
    send(outfeed(tmp_path, newest=2), http, *posts(4))
    assert len(read(tmp_path, "feed.xml").entries) == 2
    assert len(json.loads((tmp_path / ".items.json").read_bytes())) == 4


TITLES = [
    "5 < 6 & 7 > 3",
    "Fish &amp; Chips &lt;b&gt;",
    "The <title> tag, a <b>bold</b> one and <script>alert(1)</script>",
    "]]> ends <![CDATA[ what it did not begin",
    "bell\x07 null\x00 escape\x1b c1\x9b \ufffe half \ud83d end",
    "\u202eמבזק חדשות\u202c: الخبر العاجل",
    "👩🏽\u200d🚀 नमस्ते ℅ “quotes” 'single' \"double\"",
    "long " * 2000,
]


@pytest.mark.parametrize("title", TITLES, ids=range(len(TITLES)))
def test_odd_titles_and_teasers_come_back_as_they_were(tmp_path: Path, http: Http, title: str) -> None:
    article = replace(ARTICLE, title=title.strip(), teaser=f"{title} And more.")
    post = post_of("outfeed", article)
    send(outfeed(tmp_path), http, (KEY, post))
    said = shown(post.title), shown(post.teaser)
    (rss,), (atom,) = (read(tmp_path, name).entries for name in ("feed.xml", "atom.xml"))
    assert (rss.title, html.unescape(rss.summary)) == said
    assert (atom.title, atom.summary) == said
    (item,) = json.loads((tmp_path / "feed.json").read_bytes())["items"]
    assert (shown(item["title"]), shown(item["summary"])) == said
    page = lxml.html.fromstring((tmp_path / "index.html").read_text("utf-8"))
    assert [heading.text_content() for heading in page.iter("h2")] == [said[0]]
    assert [p.text_content() for p in page.iter("p")] == [said[1]]
    assert not [script for article in page.iter("article") for script in article.iter("script", "b")]
    sitemap = ET.fromstring((tmp_path / "news-sitemap.xml").read_bytes())
    assert [e.text for e in sitemap.iter("{http://www.google.com/schemas/sitemap-news/0.9}title")] == [said[0]]


def shown(text: str) -> str:
    """As a document can hold it."""
    return legal(text)


def test_without_an_address_the_feeds_are_where_the_console_is(tmp_path: Path, http: Http) -> None:
    channel = channels.build(config("outfeed", {"folder": str(tmp_path)}))
    receipt = channel.send(post_of("outfeed"), sending(http, home="https://desk.example"))
    assert receipt.url.startswith("https://desk.example/feeds/the-channel/index.html#")
