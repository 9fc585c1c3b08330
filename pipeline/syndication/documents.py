"""What a feed is, and its documents by file name."""

import mimetypes
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Item:
    """One article in a feed. `id` is a tag: URI for ever, `date` is unique in its feed."""

    id: str
    title: str
    link: str
    teaser: str
    date: datetime
    updated: datetime
    language: str | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    image: str | None = None
    alt: str = ""
    mime: str = ""
    length: int | None = None  # bytes of the picture

    @property
    def picture_type(self) -> str:
        """The picture's MIME type, as declared or as its name ends; empty where neither tells."""
        guessed, _ = mimetypes.guess_type(urlsplit(self.image or "").path)
        return self.mime or (guessed if guessed and guessed.startswith("image/") else "")

    @property
    def name(self) -> str:
        """The title, or what stands in for one that is missing."""
        return self.title or self.teaser[:80] or self.link


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: what is said of it as a whole, and its items, newest first."""

    title: str
    site: str
    base: str  # the public address of the folder, with a slash at its end
    items: Sequence[Item]
    updated: datetime
    description: str = ""
    language: str | None = None
    author: str = ""
    hub: str | None = None

    @property
    def by(self) -> str:
        """Who stands for the feed as a whole."""
        return self.author or self.title


def legal(text: str) -> str:
    """Without what XML cannot hold."""
    return _FORBIDDEN.sub("", text)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a plain text."""
    return [part.strip() for part in text.split("\n\n") if part.strip()]


def host(url: str) -> str:
    """The host of an address."""
    return urlsplit(url).hostname or ""


def render(feed: Feed, now: datetime) -> dict[str, bytes]:
    """Every document of a feed, by file name."""
    return {name: make(feed, now) for name, make in _makers().items()}


FILES = {
    "feed.xml": "application/rss+xml; charset=utf-8",
    "atom.xml": "application/atom+xml; charset=utf-8",
    "feed.json": "application/feed+json; charset=utf-8",
    "index.html": "text/html; charset=utf-8",
    "news-sitemap.xml": "application/xml; charset=utf-8",
}


def _makers() -> dict[str, Callable[[Feed, datetime], bytes]]:
    from pipeline.syndication import page, xml

    return {
        "feed.xml": xml.rss,
        "atom.xml": xml.atom,
        "feed.json": page.json_feed,
        "index.html": page.html_page,
        "news-sitemap.xml": xml.news_sitemap,
    }
