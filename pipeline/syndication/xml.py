"""RSS 2.0, Atom and the news sitemap, by the rules of the W3C feed validator."""

import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

from pipeline.syndication.documents import Feed, Item, host, legal

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
MEDIA = "http://search.yahoo.com/mrss/"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
RECENT = timedelta(days=2)  # a news sitemap holds nothing older
MOST_NEWS = 1000
_MARKUP = re.compile(r"<[a-zA-Z/!?]|&[a-zA-Z#]")

for _prefix, _uri in (("atom", ATOM), ("dc", DC), ("media", MEDIA), ("news", NEWS)):
    ET.register_namespace(_prefix, _uri)


def _add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, tag, {name.rstrip("_"): legal(value) for name, value in attributes.items()})
    if text is not None:
        element.text = legal(text)
    return element


def _document(root: ET.Element) -> bytes:
    ET.indent(root)
    body: bytes = ET.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + body + b"\n"


def _rfc3339(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _rfc822(at: datetime) -> str:
    return format_datetime(at.astimezone(UTC), usegmt=True)


# --- RSS -------------------------------------------------------------------------------------------------------------


def rss(feed: Feed, now: datetime) -> bytes:  # noqa: ARG001  (one shape for all documents)
    """RSS 2.0."""
    root = ET.Element("rss", version="2.0")
    channel = _add(root, "channel")
    _add(channel, "title", feed.title)
    _add(channel, "link", feed.site)
    _add(channel, "description", feed.description or feed.title)
    if feed.language:
        _add(channel, "language", feed.language.lower())
    _add(channel, "lastBuildDate", _rfc822(feed.updated))
    _add(channel, f"{{{ATOM}}}link", href=f"{feed.base}feed.xml", rel="self", type="application/rss+xml")
    if feed.hub:
        _add(channel, f"{{{ATOM}}}link", href=feed.hub, rel="hub")
    for item in feed.items:
        _rss_item(_add(channel, "item"), item, feed.language)
    return _document(root)


def _said(attributes: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in attributes.items() if value}


def _rss_item(element: ET.Element, item: Item, language: str | None) -> None:
    _add(element, "title", item.name)
    if item.link:
        _add(element, "link", item.link)
    _add(element, "description", _as_html(item.teaser))
    for author in item.authors:
        _add(element, f"{{{DC}}}creator", author)
    for tag in item.tags:
        _add(element, "category", tag)
    _add(element, "guid", item.id, isPermaLink="false")
    _add(element, "pubDate", _rfc822(item.date))
    if item.language and item.language != language:
        _add(element, f"{{{DC}}}language", item.language.lower())
    if item.image:
        known = {"type_": item.picture_type, "fileSize": str(item.length or "")}
        media = _add(element, f"{{{MEDIA}}}content", url=item.image, medium="image", **_said(known))
        if item.alt:
            _add(media, f"{{{MEDIA}}}description", item.alt, type_="plain")


def _as_html(text: str) -> str:
    """A description is read as HTML: what would be taken for markup is written so that it is not."""
    return escape(text, quote=False) if _MARKUP.search(text) else text


# --- Atom ------------------------------------------------------------------------------------------------------------


def atom(feed: Feed, now: datetime) -> bytes:  # noqa: ARG001
    """Atom."""
    root = ET.Element(f"{{{ATOM}}}feed")
    if feed.language:
        root.set(XML_LANG, feed.language)
    _add(root, f"{{{ATOM}}}id", f"{feed.base}atom.xml")
    _add(root, f"{{{ATOM}}}title", feed.title)
    if feed.description:
        _add(root, f"{{{ATOM}}}subtitle", feed.description)
    _add(root, f"{{{ATOM}}}updated", _rfc3339(feed.updated))
    _add(_add(root, f"{{{ATOM}}}author"), f"{{{ATOM}}}name", feed.by)
    _add(root, f"{{{ATOM}}}link", href=f"{feed.base}atom.xml", rel="self", type="application/atom+xml")
    _add(root, f"{{{ATOM}}}link", href=feed.site, rel="alternate", type="text/html")
    if feed.hub:
        _add(root, f"{{{ATOM}}}link", href=feed.hub, rel="hub")
    for item in feed.items:
        _atom_entry(_add(root, f"{{{ATOM}}}entry"), item)
    return _document(root)


def _atom_entry(element: ET.Element, item: Item) -> None:
    if item.language:
        element.set(XML_LANG, item.language)
    _add(element, f"{{{ATOM}}}id", item.id)
    _add(element, f"{{{ATOM}}}title", item.name)
    _add(element, f"{{{ATOM}}}published", _rfc3339(item.date))
    _add(element, f"{{{ATOM}}}updated", _rfc3339(item.updated))
    if item.link:
        _add(element, f"{{{ATOM}}}link", href=item.link, rel="alternate", type="text/html")
    _add(element, f"{{{ATOM}}}summary", item.teaser, type_="text")
    for author in item.authors:
        _add(_add(element, f"{{{ATOM}}}author"), f"{{{ATOM}}}name", author)
    for tag in item.tags:
        _add(element, f"{{{ATOM}}}category", term=tag)
    if item.image:
        known = {"type_": item.picture_type, "length": str(item.length or "")}
        _add(element, f"{{{ATOM}}}link", href=item.image, rel="enclosure", **_said(known))


# --- news sitemap ----------------------------------------------------------------------------------------------------


def news_sitemap(feed: Feed, now: datetime) -> bytes:
    """The site's own articles of the last two days, for news search."""
    root = ET.Element("urlset", xmlns=SITEMAP)
    ours = [i for i in feed.items if now - i.date < RECENT and i.link and host(i.link) == host(feed.site)]
    for item in ours[:MOST_NEWS]:
        url = _add(root, "url")
        _add(url, "loc", item.link)
        news = _add(url, f"{{{NEWS}}}news")
        publication = _add(news, f"{{{NEWS}}}publication")
        _add(publication, f"{{{NEWS}}}name", feed.title)
        language = (item.language or feed.language or "en").lower()
        _add(publication, f"{{{NEWS}}}language", language if language.startswith("zh-") else language.partition("-")[0])
        _add(news, f"{{{NEWS}}}publication_date", _rfc3339(item.date))
        _add(news, f"{{{NEWS}}}title", item.name)
    return _document(root)
