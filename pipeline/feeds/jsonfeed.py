"""JSON Feed 1.0 and 1.1. https://www.jsonfeed.org/version/1.1/"""

import html
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pipeline.feeds import bodies, dates, loosejson, values
from pipeline.model import Document, Enclosure, Entry, Image
from pipeline.wording import counted

_DEPTH = 20
_DATES = ("date_published", "date_modified")
_VERSION = re.compile(r"(https?://(www\.)?jsonfeed\.org/version/)?(1(\.\d+)?)/?$", re.IGNORECASE)


def looks_like_json(text: str) -> bool:
    """Whether the text begins as JSON does."""
    return text[:1000].lstrip(" \t\r\n\ufeff\0")[:1] in ("{", "[")


def parse(text: str, *, url: str) -> Document | str:
    """The document, or why it is none."""
    feed, broken, flaws = loosejson.read(text)
    if feed is None:
        return f"the JSON is broken ({flaws[0]})"
    if not isinstance(feed, dict):
        return "the JSON is no JSON Feed"
    found = _VERSION.match(values.line(str(feed.get("version", ""))))
    if not found or not isinstance(feed.get("items"), list):
        return "the JSON is no JSON Feed"
    return _document(feed, found[3].replace(".", ""), url, broken, tuple(flaws))


def _document(feed: dict[str, Any], version: str, url: str, broken: int, flaws: tuple[str, ...]) -> Document:
    items = [item for item in feed["items"] if isinstance(item, dict) and not _deep(item)]
    authors = _authors(feed)
    language = values.language(feed.get("language"))
    written = [text for item in items for name in _DATES if isinstance(text := item.get(name), str)]
    clock = dates.clock(written, language, url)
    entries = [_entry(item, url, authors, language, clock) for item in items]
    kept = tuple(entry for entry in entries if entry.entry_id)
    left_out = len(feed["items"]) - len(kept)
    said = f"{counted(left_out, 'item without an id was', 'items without an id were')} left out"
    warnings = (*flaws, said) if left_out else flaws
    hubs = [hub for hub in _list(feed.get("hubs")) if isinstance(hub, dict)]
    return Document(
        kind=f"jsonfeed{version}",
        title=values.title(feed.get("title")),
        link=values.address(feed.get("home_page_url"), url),
        language=language,
        entries=kept,
        warnings=warnings,
        truncated=loosejson.CUT in flaws,
        unread=left_out + broken,
        previous=values.address(feed.get("next_url"), url),
        hubs=tuple(_hubs(hubs, "websub", url)),
        cloud=next(iter(_hubs(hubs, "rsscloud", url)), None),
        self_link=values.address(feed.get("feed_url"), url),
        expired=feed.get("expired") is True,
    )


def _entry(item: dict[str, Any], url: str, authors: tuple[str, ...], language: str | None, clock: dates.Clock) -> Entry:
    enclosures = tuple(_enclosures(item, url))
    link = values.address(item.get("url"), url) or values.address(item.get("external_url"), url)
    content = bodies.clean(values.clean(item.get("content_html")), link or url)
    content = content or _as_html(values.clean(item.get("content_text")))
    return Entry(
        entry_id=_id(item.get("id")),
        link=link or values.only_file(enclosures),
        title=values.title(item.get("title")),
        summary=_as_html(values.clean(item.get("summary"))),
        content=content,
        published=_date(item.get("date_published"), clock),
        updated=_date(item.get("date_modified"), clock),
        language=values.language(item.get("language")) or language,
        authors=_authors(item) or authors,
        tags=values.distinct((values.title(tag) for tag in _list(item.get("tags"))), 64, 30),
        image=_image(item, url),
        enclosures=enclosures,
    )


def _deep(value: Any, depth: int = 0) -> bool:
    if depth > _DEPTH:
        return True
    if isinstance(value, Mapping):
        return any(_deep(one, depth + 1) for one in value.values())
    return isinstance(value, list) and any(_deep(one, depth + 1) for one in value)


def _id(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return values.clean(str(value)).strip() or None


def _as_html(text: str) -> str:
    return html.escape(text, quote=False).replace("\n\n", "<br><br>") if text else ""


def _date(value: Any, clock: dates.Clock) -> datetime | None:
    return dates.moment(value, clock) if isinstance(value, str) else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _authors(thing: dict[str, Any]) -> tuple[str, ...]:
    people = [*_list(thing.get("authors")), thing.get("author")]
    names = (values.person(one.get("name")) if isinstance(one, dict) else values.person(one) for one in people)
    return values.distinct(names, 200, 20)


def _image(item: dict[str, Any], url: str) -> Image | None:
    for name in ("image", "banner_image"):
        if found := values.address(item.get(name), url):
            return Image(found)
    pictures = (one for one in _enclosures(item, url) if one.mime.startswith("image/"))
    return next((Image(one.url, mime=one.mime, length=one.length or None) for one in pictures), None)


def _enclosures(item: dict[str, Any], url: str) -> list[Enclosure]:
    found = []
    for one in _list(item.get("attachments")):
        address = values.address(one.get("url"), url) if isinstance(one, dict) else None
        if address:
            length = values.number(one.get("size_in_bytes"))
            found.append(Enclosure(address, values.line(one.get("mime_type")).lower(), length))
    return found


def _hubs(hubs: list[dict[str, Any]], kind: str, url: str) -> list[str]:
    wanted = (hub.get("url") for hub in hubs if str(hub.get("type", "")).lower() == kind)
    return [found for found in (values.address(one, url) for one in wanted) if found]
