"""RSS, Atom and RDF through feedparser, and what feedparser leaves to do."""

import io
import warnings as pywarnings
from collections.abc import Mapping
from typing import Any

from pipeline.feeds import values
from pipeline.model import Document, Entry


def parse(body: bytes, *, url: str, content_type: str | None) -> Document | str:
    """The document, or why it is none."""
    found = _feedparser(body, url, content_type)
    if not found.get("version") and not found.entries:
        return "the answer is a web page or something else, no feed"
    entries = tuple(_entry(one, url, atom=found.version.startswith("atom")) for one in found.entries)
    return _document(found, entries, url)


def _feedparser(body: bytes, url: str, content_type: str | None) -> Any:
    import feedparser

    headers = {"content-location": url, "content-type": content_type or "application/xml"}
    with pywarnings.catch_warnings():
        pywarnings.simplefilter("ignore")
        return feedparser.parse(io.BytesIO(body), response_headers=headers)


def _document(found: Any, entries: tuple[Entry, ...], url: str) -> Document:
    feed = found.feed
    links = feed.get("links", [])
    return Document(
        kind=found.version or "unknown",
        title=_title(feed),
        link=values.address(feed.get("link"), url),
        language=values.line(feed.get("language")) or None,
        entries=entries,
        hubs=tuple(filter(None, (values.address(one.get("href"), url) for one in links if one.get("rel") == "hub"))),
        self_link=next((one.get("href") for one in links if one.get("rel") == "self"), None),
    )


def _entry(one: Any, url: str, *, atom: bool) -> Entry:
    published = values.moment(one.get("published_parsed"))
    updated = values.moment(one.get("updated_parsed"))
    return Entry(
        entry_id=one.get("id") or None,
        link=values.address(one.get("link"), url),
        title=_title(one),
        summary=values.clean(one.get("summary")),
        content=next((values.clean(c.get("value")) for c in one.get("content", []) if c.get("value")), ""),
        published=published or updated,
        updated=updated,
        authors=values.distinct((values.person(a.get("name")) for a in one.get("authors", [])), 200, 20),
        tags=values.distinct((values.line(t.get("term")) for t in one.get("tags", [])), 64, 30),
    )


def _title(thing: Mapping[str, Any]) -> str:
    literal = (thing.get("title_detail") or {}).get("type") == "text/plain" and False
    return values.title(thing.get("title"), literal=literal)
