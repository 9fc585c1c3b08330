"""Own feeds by the rules of the W3C feed validator and of jsonfeed.org, and every field of every article read back."""

import html
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.http import Http
from pipeline.model import Article, Image, Post
from tests.channels.play import ARTICLE, NOW, door, post_of, sending
from tests.channels.test_outfeed import HOSTILE, outfeed, read

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
MEDIA = "{http://search.yahoo.com/mrss/}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
RFC822 = re.compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d (?:GMT|[+-]\d{4})")
ABSOLUTE = re.compile(r"(?:https?://[!-~]+|tag:[a-z0-9.-]+,\d{4}-\d\d-\d\d:[!-~]+)")

HEBREW = replace(ARTICLE, title="מבזק: הגשר ייבנה מחדש", teaser="המועצה הצביעה.", language="he", tags=("חדשות",))
HINDI = replace(ARTICLE, title="पुल फिर बनेगा 👩‍👩‍👧‍👦", teaser="क्षि नमस्ते।", language="hi", tags=(), authors=())
ARTICLES: list[Article] = [
    ARTICLE,
    HOSTILE,
    HEBREW,
    HINDI,
    replace(ARTICLE, title="", teaser="Without a title."),
    replace(ARTICLE, title="", teaser="Without a title. But with more to say."),
    replace(ARTICLE, teaser="", tags=(), authors=()),
    replace(ARTICLE, language=None, image=Image("https://news.example/b.png", mime="image/png")),
    replace(
        ARTICLE, authors=("Ana Reis", "Rui Costa"), image=Image("https://news.example/c.jpg", alt="Ä “picture” & <b>")
    ),
    replace(ARTICLE, image=Image("https://news.example/d", mime="image/webp", length=51200)),
    replace(ARTICLE, image=Image("https://news.example/e")),
    replace(ARTICLE, published=None),
    replace(ARTICLE, title="Of the 3rd", published=NOW - timedelta(days=3, microseconds=7)),
]


def numbered() -> list[tuple[str, Post]]:
    made = [replace(one, id=f"a{n}", link=f"https://news.example/{n}?a=1&b=2") for n, one in enumerate(ARTICLES)]
    return [(f"sf_{n}", post_of("outfeed", one)) for n, one in enumerate(made)]


@pytest.fixture
def http() -> Iterator[Http]:
    with closing(door()) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path, http: Http) -> Path:
    """All articles, and two of them edited in one moment."""
    channel = outfeed(tmp_path, language="en-GB", author="The desk", description="All of it & more")
    for key, post in numbered():
        receipt = channel.send(post, sending(http, key=key))
        if key in {"sf_0", "sf_2"}:
            channel.edit(post, sending(http, remote_id=receipt.remote_id, now=NOW + timedelta(hours=1, microseconds=5)))
    return tmp_path


def once(parent: ET.Element, name: str) -> str:
    found = parent.findall(name)
    assert len(found) == 1, name
    assert found[0].text, name
    return str(found[0].text)


def distinct(values: Any) -> None:
    listed = list(values)
    assert len(set(listed)) == len(listed), listed


def test_rss_keeps_the_validators_rules(folder: Path) -> None:
    root = ET.fromstring((folder / "feed.xml").read_bytes())
    assert (root.tag, root.get("version"), [child.tag for child in root]) == ("rss", "2.0", ["channel"])
    channel = root[0]
    assert ABSOLUTE.fullmatch(once(channel, "link"))
    assert once(channel, "title")
    assert once(channel, "description")
    assert re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", once(channel, "language"))
    assert RFC822.fullmatch(once(channel, "lastBuildDate"))
    own = [link for link in channel.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert [(link.get("href"), link.get("type")) for link in own] == [
        ("https://feeds.example/town/feed.xml", "application/rss+xml")
    ]
    items = channel.findall("item")
    assert len(items) == len(ARTICLES)
    known = {
        "title",
        "link",
        "description",
        "category",
        "guid",
        "pubDate",
        f"{DC}creator",
        f"{DC}language",
        f"{MEDIA}content",
    }
    for item in items:
        assert {child.tag for child in item} <= known
        assert once(item, "title")
        assert ABSOLUTE.fullmatch(once(item, "link"))
        assert ABSOLUTE.fullmatch(once(item, "guid"))
        assert item.findall("guid")[0].get("isPermaLink") == "false"
        assert RFC822.fullmatch(once(item, "pubDate"))
        assert len(item.findall("description")) == 1
        assert all(child.text and child.text.strip() for child in item.findall("category"))
    distinct(once(item, "guid") for item in items)
    distinct(once(item, "pubDate") for item in items)
    dates = [parsedate_to_datetime(once(item, "pubDate")) for item in items]
    assert dates == sorted(dates, reverse=True)


def test_atom_keeps_the_validators_rules(folder: Path) -> None:
    feed = ET.fromstring((folder / "atom.xml").read_bytes())
    assert feed.tag == f"{ATOM}feed"
    for part in (feed, *feed.findall(f"{ATOM}entry")):
        assert ABSOLUTE.fullmatch(once(part, f"{ATOM}id"))
        assert once(part, f"{ATOM}title")
        assert RFC3339.fullmatch(once(part, f"{ATOM}updated"))
        relations = [(link.get("rel"), link.get("type")) for link in part.findall(f"{ATOM}link")]
        assert relations.count(("alternate", "text/html")) == 1
        distinct(relations)
        assert all(ABSOLUTE.fullmatch(link.get("href") or "") for link in part.findall(f"{ATOM}link"))
        assert all(once(author, f"{ATOM}name") for author in part.findall(f"{ATOM}author"))
        assert all(category.get("term") for category in part.findall(f"{ATOM}category"))
    assert once(feed, f"{ATOM}id") == "https://feeds.example/town/atom.xml"
    assert feed.findall(f"{ATOM}author")
    entries = feed.findall(f"{ATOM}entry")
    for entry in entries:
        (summary,) = entry.findall(f"{ATOM}summary")
        assert summary.get("type") == "text"
        assert once(entry, f"{ATOM}published") <= once(entry, f"{ATOM}updated")
    distinct(once(entry, f"{ATOM}id") for entry in entries)
    distinct(once(entry, f"{ATOM}updated") for entry in entries)
    distinct(once(entry, f"{ATOM}published") for entry in entries)
    assert once(feed, f"{ATOM}updated") == max(once(entry, f"{ATOM}updated") for entry in entries)


def test_json_feed_keeps_its_rules(folder: Path) -> None:
    told = json.loads((folder / "feed.json").read_bytes())
    assert told["version"] == "https://jsonfeed.org/version/1.1"
    assert told["title"]
    assert all(ABSOLUTE.fullmatch(told[name]) for name in ("home_page_url", "feed_url"))
    known = {"id", "url", "title", "summary", "content_text", "date_published", "date_modified", "language", "image"}
    for item in told["items"]:
        assert set(item) <= known | {"tags", "authors"}
        assert ABSOLUTE.fullmatch(item["id"])
        assert ABSOLUTE.fullmatch(item["url"])
        assert isinstance(item["content_text"], str)
        assert RFC3339.fullmatch(item["date_published"])
        assert RFC3339.fullmatch(item["date_modified"])
        assert all(value for name, value in item.items() if name != "content_text"), item
        assert all(author["name"] for author in item.get("authors", ()))
    distinct(item["id"] for item in told["items"])


def test_the_news_sitemap_keeps_its_rules(folder: Path) -> None:
    urls = list(ET.fromstring((folder / "news-sitemap.xml").read_bytes()))
    assert 0 < len(urls) < len(ARTICLES), "one article is older than two days"
    for url in urls:
        news = url.find(f"{NEWS}news")
        assert news is not None
        publication = news.find(f"{NEWS}publication")
        assert publication is not None
        assert once(publication, f"{NEWS}name") == "The Town Crier"
        assert re.fullmatch("[a-z]{2,3}", once(publication, f"{NEWS}language"))
        assert RFC3339.fullmatch(once(news, f"{NEWS}publication_date"))
        assert once(news, f"{NEWS}title")


@pytest.mark.parametrize("name", ["feed.xml", "atom.xml"])
def test_feedparser_reads_every_field_of_every_article_back(folder: Path, name: str) -> None:
    feed = read(folder, name)
    assert (feed.feed.title, feed.feed.link) == ("The Town Crier", "https://news.example/")
    assert feed.feed.subtitle == "All of it & more"
    assert feed.feed.language.lower() == "en-gb"
    found = {entry.link: entry for entry in feed.entries}
    assert len(found) == len(ARTICLES)
    for key, post in numbered():
        entry = found[post.link]
        assert entry.id.startswith(f"tag:news.example,{post.published:%Y-%m-%d}:")
        assert key not in entry.id, "what makes a post unique is nobody's business"
        assert entry.title == legible(post.title)
        assert words(entry.summary) == words(legible(post.teaser))
        assert [tag.term for tag in entry.get("tags", [])] == list(post.tags)
        assert [one["name"] for one in entry.get("authors", []) if one] == list(post.authors)
        moved = datetime(*entry.published_parsed[:6], tzinfo=UTC) - post.published.replace(microsecond=0)
        assert timedelta(0) <= moved < timedelta(seconds=len(ARTICLES)), "dates that are the same are parted by seconds"
        if post.image:
            assert post.image.url in pictures(entry)


def test_a_pictures_alternative_text_comes_along(folder: Path) -> None:
    items = ET.fromstring((folder / "feed.xml").read_bytes()).iter("item")
    told = {item.findtext("link"): item.findtext(f"{MEDIA}content/{MEDIA}description") for item in items}
    assert {post.link: post.image.alt or None for _, post in numbered() if post.image}.items() <= told.items()


def test_the_ids_of_a_site_with_foreign_letters_are_still_ids(tmp_path: Path, http: Http) -> None:
    channel = outfeed(tmp_path, site="https://nachrichten-müller.example/")
    receipt = channel.send(post_of("outfeed"), sending(http))
    assert ABSOLUTE.fullmatch(receipt.remote_id)


def legible(text: str) -> str:
    return text.replace("\x07", "").strip()


def words(text: str) -> str:
    return " ".join(html.unescape(text).split())


def pictures(entry: Any) -> list[str]:
    return [one["url"] for one in entry.get("media_content", [])] + [one["href"] for one in entry.get("enclosures", [])]


def test_a_picture_is_announced_as_what_it_is(folder: Path) -> None:
    links = ET.parse(folder / "atom.xml").getroot().iter(f"{ATOM}link")
    announced = {
        link.get("href"): (link.get("type"), link.get("length")) for link in links if link.get("rel") == "enclosure"
    }
    assert announced["https://news.example/b.png"] == ("image/png", None)
    assert announced["https://news.example/c.jpg"] == ("image/jpeg", None)
    assert announced["https://news.example/d"] == ("image/webp", "51200")
    assert announced["https://news.example/e"] == (None, None)


def test_an_item_in_another_language_says_so(folder: Path) -> None:
    items = ET.parse(folder / "feed.xml").getroot().iter("item")
    languages = {item.findtext("{http://purl.org/dc/elements/1.1/}language") for item in items}
    assert {"he", "hi"} <= languages
