"""Entries as the bytes of a feed: RSS, Atom or JSON Feed."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

Entry = Mapping[str, Any]
XML = '<?xml version="1.0" encoding="utf-8"?>\n'


def rss(title: str, site: str, entries: Sequence[Entry]) -> bytes:
    """RSS 2.0, with the full text in `content:encoded` and the author in `dc:creator`."""
    spaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    head = _tag("title", title) + _tag("link", site) + _tag("description", title)
    items = "\n".join(f"<item>{_rss_item(one)}</item>" for one in entries)
    return f'{XML}<rss version="2.0" {spaces}><channel>{head}\n{items}\n</channel></rss>'.encode()


def _rss_item(one: Entry) -> str:
    parts = [_tag(tag, one.get(key)) for tag, key in (("title", "title"), ("link", "link"), ("description", "text"))]
    parts.append(_tag("content:encoded", one.get("content")))
    parts.append(_tag("dc:creator", one.get("author")))
    parts += [_tag("category", name) for name in one.get("sections", ())]
    if one.get("guid"):
        parts.append(f'<guid isPermaLink="false">{escape(one["guid"])}</guid>')
    if one.get("date"):
        parts.append(_tag("pubDate", format_datetime(one["date"])))
    for key, kind in (("audio", "audio/mpeg"), ("picture", "image/jpeg")):
        if one.get(key):
            parts.append(f'<enclosure url={quoteattr(one[key])} type="{kind}" length="123456"/>')
    return "".join(parts)


def atom(title: str, site: str, entries: Sequence[Entry]) -> bytes:
    """Atom 1.0."""
    newest = max((one["date"] for one in entries if one.get("date")), default=None)
    head = _tag("title", title) + _tag("id", site) + _tag("updated", _iso(newest)) + f"<link href={quoteattr(site)}/>"
    items = "\n".join(f"<entry>{_atom_entry(one)}</entry>" for one in entries)
    return f'{XML}<feed xmlns="http://www.w3.org/2005/Atom">{head}\n{items}\n</feed>'.encode()


def _atom_entry(one: Entry) -> str:
    parts = [_tag("title", one.get("title")), _tag("id", one.get("guid"))]
    if one.get("link"):
        parts.append(f"<link rel='alternate' href={quoteattr(one['link'])}/>")
    for key, kind in (("audio", "audio/mpeg"), ("picture", "image/jpeg")):
        if one.get(key):
            parts.append(f"<link rel='enclosure' type='{kind}' href={quoteattr(one[key])}/>")
    if one.get("author"):
        parts.append(f"<author>{_tag('name', one['author'])}</author>")
    parts += [f"<category term={quoteattr(name)}/>" for name in one.get("sections", ())]
    parts += [_tag("published", _iso(one.get("date"))), _tag("updated", _iso(one.get("date")))]
    for tag, key in (("summary", "text"), ("content", "content")):
        if one.get(key) is not None:
            parts.append(f'<{tag} type="html">{escape(one[key])}</{tag}>')
    return "".join(parts)


def json_feed(title: str, site: str, entries: Sequence[Entry]) -> bytes:
    """JSON Feed 1.1."""
    document = {"version": "https://jsonfeed.org/version/1.1", "title": title, "home_page_url": site}
    return json.dumps(document | {"items": [_json_item(one) for one in entries]}, ensure_ascii=False).encode()


def _json_item(one: Entry) -> dict[str, Any]:
    attached = [{"url": one["audio"], "mime_type": "audio/mpeg"}] if one.get("audio") else None
    item = {
        "id": one.get("guid"),
        "url": one.get("link"),
        "title": one.get("title"),
        "summary": one.get("text") if one.get("content") else None,
        "content_html": one.get("content") or one.get("text"),
        "date_published": _iso(one.get("date")),
        "authors": [{"name": one["author"]}] if one.get("author") else None,
        "image": one.get("picture"),
        "tags": list(one.get("sections", ())) or None,
        "attachments": attached,
    }
    return {key: value for key, value in item.items() if value is not None}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _tag(name: str, value: str | None) -> str:
    return f"<{name}>{escape(value)}</{name}>" if value is not None else ""


LAYOUTS: dict[str, Callable[[str, str, Sequence[Entry]], bytes]] = {"rss": rss, "atom": atom, "json": json_feed}
TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}
