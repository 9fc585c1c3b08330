"""RSS, Atom, RDF and CDF: feedparser reads them, and what it loses or mixes up is read again beside it."""

import html
import io
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from xml.sax import SAXException

from pipeline.feeds import bodies, dates, images, markup, values
from pipeline.model import Document, Enclosure, Entry
from pipeline.text import tags
from pipeline.wording import counted

_STUMBLES = (ValueError, TypeError, AttributeError, LookupError, AssertionError, RecursionError)
_UTF7 = re.compile(r"(?i)encoding\s*=\s*[\"']\s*utf-?7")
_ENCODING = re.compile(r"(\s*<\?xml[^>]*?)\s+encoding\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*')([^>]*\?>)", re.IGNORECASE)
# feedparser takes these for an entry's summary; renamed they are left to our own look at the elements.
_MISTAKEN = re.compile(rb"<(/?)(media|itunes):(description|summary|subtitle)\b")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_REGISTRY = ("http://www.iana.org/assignments/", "https://www.iana.org/assignments/")
_PAGES = ("text/html", "application/xhtml+xml")
_LONGEST_TTL = timedelta(days=7)


def parse(text: str, *, url: str) -> Document | str:
    """The document, or why it is none."""
    if _UTF7.search(text[:300]):
        return "the document is in UTF-7, which nobody should send"
    text = markup.expanded(text)
    found = _found(text, url)
    if found is None:
        return "the document is broken beyond reading"
    text = markup.begun(text)
    outline = markup.outline(text)
    if not outline.is_feed and not found.entries:
        return _instead(text, outline)
    cut, half = markup.cut_short(text) if _ill_formed(found) else (False, False)
    aligned = len(outline.items) == len(found.entries)
    feed = _feed(found, outline, url)
    whole = found.entries[:-1] if half else found.entries
    pairs = [(one, outline.items[n] if aligned else None) for n, one in enumerate(whole)]
    public = [(one, item) for one, item in pairs if item is None or not item.draft]  # F82: a draft is no article yet
    entries = [_read(_looked_at(one), item, feed) for one, item in public]
    kept = [entry for entry in entries if entry is not None]
    lost = len(entries) - len(kept)
    return replace(_document(feed, outline, kept, _warnings(found, cut, lost), cut), unread=lost)


def _found(text: str, url: str) -> Any:
    """feedparser's reading; where it stumbles over broken markup, its reading of the mended document, or None."""
    try:
        return _feedparser(_as_utf8(text), url)
    except _STUMBLES:
        mended = markup.mended(markup.begun(text))
    try:
        found = _feedparser(mended, url)
    except _STUMBLES:
        return None
    found.update(bozo=True, bozo_exception=SAXException("mended"))
    return found


def _as_utf8(text: str) -> bytes:
    """The document as UTF-8 that says so: what it declared is settled by now."""
    said = _ENCODING.match(text[:500])
    return (text if said is None else said[1] + said[2] + text[said.end() :]).encode("utf-8", "replace")


def _feedparser(body: bytes, url: str) -> Any:
    import feedparser
    import feedparser.api

    feedparser.api.PREFERRED_XML_PARSERS = []  # else it looks for an SAX driver of long ago before each document
    if b"media:" in body or b"itunes:" in body:
        body = _MISTAKEN.sub(rb"<\1\2:x-\3", body)
    headers = {"content-type": "application/xml; charset=utf-8"}
    if b"base=" in body:  # without a first base feedparser lets one entry's leak into the next; with one it is slower
        headers["content-location"] = url
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return feedparser.parse(
            io.BytesIO(body),
            response_headers=headers,
            resolve_relative_uris=False,  # feedparser's own ways with HTML can be made to take minutes: see bodies.py
            sanitize_html=False,
        )


def _instead(text: str, outline: markup.Outline) -> str:
    if outline.root == "html" or re.search(r"(?i)<(!doctype html|html|body|head)\b", text[:5_000]):
        return "the answer is a web page, no feed"
    return "the answer is XML, but no feed" if outline.root else "the answer is no feed"


def _ill_formed(found: Any) -> bool:
    return bool(found.bozo) and type(found.get("bozo_exception")).__name__.startswith("SAX")


@dataclass(frozen=True, slots=True)
class _Feed:
    """What feedparser says of the feed, and what holds for entries that say nothing themselves."""

    said: dict[str, Any]
    version: str
    url: str
    language: str | None
    authors: tuple[str, ...]
    habit: bool  # its texts are HTML
    clock: dates.Clock


def _feed(found: Any, outline: markup.Outline, url: str) -> _Feed:
    said = _plain(found.feed)
    version = found.get("version") or "unknown"
    language = values.language(said.get("language"))
    habit = any(tags.written_as_html(text) for item in outline.items for text in item.texts)
    written = [dict.get(one, name) for one in (said, *found.entries) for name in ("published", "updated", "created")]
    clock = dates.clock([text for text in written if text], language, url)
    return _Feed(said, version, url, language, _authors(said), habit, clock)


# What is read of an entry; the rest of what feedparser made of it need not be copied.
_LOOKED_AT = frozenset(
    {
        *("id", "links", "link", "feedburner_origlink", "author", "authors", "source", "tags"),
        *("title", "title_detail", "summary", "summary_detail", "content"),
        *("published", "updated", "created"),
    }
)


def _looked_at(entry: Any) -> dict[str, Any]:
    return {
        name: inner if type(inner) is str else _plain(inner) for name, inner in dict.items(entry) if name in _LOOKED_AT
    }


def _plain(value: Any) -> Any:
    """feedparser's dicts as ordinary ones: theirs take other names for what is missing, warn, and are slow."""
    if isinstance(value, dict):
        return {name: inner if type(inner) is str else _plain(inner) for name, inner in dict.items(value)}
    return [_plain(one) for one in value] if isinstance(value, list) else value


def _document(
    feed: _Feed, outline: markup.Outline, entries: list[Entry], warnings: tuple[str, ...], cut: bool
) -> Document:
    said, url, links = feed.said, feed.url, feed.said.get("links", [])
    return Document(
        kind=feed.version,
        title=_title(said, feed.version),
        link=next(iter(_related(links, "alternate", url)), None) or values.address(said.get("link"), url),
        language=feed.language,
        entries=tuple(entries),
        warnings=warnings,
        truncated=cut,
        ttl=_ttl(said.get("ttl")),
        skip_hours=_hours(outline.hours),
        skip_days=_days(outline.days),
        hubs=tuple(dict.fromkeys(_related(links, "hub", url))),
        self_link=next(iter(_related(links, "self", url)), None),
        cloud=_cloud(said.get("cloud")),
        complete="fh_complete" in said,
        previous=next(iter([*_related(links, "prev-archive", url), *_related(links, "next", url)]), None),
    )


def _read(one: dict[str, Any], item: markup.Item | None, feed: _Feed) -> Entry | None:
    try:
        return _entry(one, item, feed)
    except _STUMBLES:
        return None  # one entry that nobody can read does not keep the others back


def _entry(one: dict[str, Any], item: markup.Item | None, feed: _Feed) -> Entry:
    base = _base(one.get("title_detail") or one.get("summary_detail") or {}, feed.url)
    link = _link(one, base or feed.url)
    base = base or link or feed.url
    enclosures = tuple(_enclosures(one, base))
    link = link or values.only_file(enclosures)
    published = dates.moment(one.get("published"), feed.clock)
    updated = dates.moment(one.get("updated"), feed.clock)
    created = dates.moment(one.get("created"), feed.clock)
    summary, content = _summary(one, item, base, feed), _content(one, base, feed)
    return Entry(
        entry_id=_id(one, item),
        link=link,
        title=_title(one, feed.version),
        summary=summary,
        content=content,
        published=published or created or updated,
        updated=updated,
        language=values.language(item.language if item else None) or feed.language,
        authors=_authors(one) or _authors(one.get("source") or {}) or feed.authors,
        tags=_tags(one),
        image=images.choose(item, enclosures, (content, summary), base),
        enclosures=enclosures,
        origin=_origin(one.get("source"), base),
    )


# --- texts


def _title(thing: Mapping[str, Any], version: str) -> str:
    kind = str((thing.get("title_detail") or {}).get("type", ""))
    return values.title(thing.get("title"), markup=version != "atom10" or kind != "text/plain")


def _summary(one: Any, item: markup.Item | None, base: str, feed: _Feed) -> str:
    text = _html(one.get("summary"), one.get("summary_detail") or {}, base, feed)
    if item is None or item.has_summary:
        return text
    if item.itunes_summary or item.description:
        return html.escape(item.itunes_summary or item.description, quote=False)
    return "" if one.get("content") else text  # feedparser copies the content there


def _content(one: Any, base: str, feed: _Feed) -> str:
    for part in one.get("content", []):
        if str(part.get("type", "")).startswith(("image/", "audio/", "video/")):
            continue
        if text := _html(part.get("value"), part, base, feed):
            return text
    return ""


def _html(value: Any, detail: Any, base: str, feed: _Feed) -> str:
    text = values.clean(value).strip()
    if detail.get("type") == "text/plain" and feed.version.startswith("atom"):
        return html.escape(text, quote=False)
    return bodies.clean(text, _base(detail, feed.url) or base, habit=feed.habit).strip()


# --- addresses


def _base(detail: Any, url: str) -> str | None:
    """The xml:base that holds for an element; without one a text is relative to its page, as browsers show it."""
    base = values.address(detail.get("base"), url)
    return base if base != url else None


def _id(one: Any, item: markup.Item | None) -> str | None:
    text = item.entry_id if item and item.entry_id else one.get("id")
    return values.clean(text).strip() or None


def _link(one: Any, base: str) -> str | None:
    if original := values.address(one.get("feedburner_origlink"), base):
        return original
    links = [link for link in one.get("links", []) if _says(link, "alternate")]
    pages = [link for link in links if str(link.get("type", "text/html")) in _PAGES]
    written = (values.address(link.get("href"), base) for link in (*pages, *links))
    # A guid counts as the link only where it is an address by itself.
    return next((address for address in written if address), None) or values.address(one.get("link"))


def _says(link: Mapping[str, Any], relation: str) -> bool:
    """Whether a link has this relation, by its name or by its IRI (RFC 4287 §4.2.7.2; several names as in HTML)."""
    said = str(link.get("rel") or "alternate").lower().split()
    return relation in said or any(one.startswith(_REGISTRY) and one.rpartition("/")[2] == relation for one in said)


def _related(links: list[Any], relation: str, base: str) -> list[str]:
    found = (values.address(link.get("href"), base) for link in links if _says(link, relation))
    return [address for address in found if address]


def _enclosures(one: Any, base: str) -> list[Enclosure]:
    found: dict[str, Enclosure] = {}
    for link in one.get("links", []):
        url = values.address(link.get("href"), base) if _says(link, "enclosure") else None
        if url:
            kind = values.line(link.get("type")).lower()
            found.setdefault(
                url, Enclosure(url, "" if kind == "text/html" else kind, values.number(link.get("length")))
            )
    return list(found.values())


def _origin(source: Any, base: str) -> str | None:
    if not source:
        return None
    written = [source.get("href"), *(link.get("href") for link in source.get("links", []) if _says(link, "self"))]
    written += [source.get("link"), source.get("id")]
    return next((address for address in (values.address(text, base) for text in written) if address), None)


# --- names


def _authors(thing: Any) -> tuple[str, ...]:
    if not (thing.get("authors") or thing.get("author")):
        return ()
    people = [person.get("name") for person in thing.get("authors", [])]
    if len(people) < 2:  # feedparser's own cut between name and address fails at long top-level domains
        people = [thing.get("author") or next(iter(people), None)]
    return values.distinct((values.person(name) for name in people), 200, 20)


def _tags(one: Any) -> tuple[str, ...]:
    terms = (values.title(tag.get("label") or tag.get("term")) for tag in one.get("tags", []))
    return values.distinct((term for term in terms if "://" not in term), 64, 30)


# --- the feed's wishes


def _ttl(text: Any) -> timedelta | None:
    minutes = values.number(text)
    return min(timedelta(minutes=min(minutes, 10**6)), _LONGEST_TTL) if minutes else None


def _hours(texts: list[str]) -> tuple[int, ...]:
    hours = {number % 24 for text in texts if (number := values.number(text)) is not None and number <= 24}
    return tuple(sorted(hours)) if len(hours) < 24 else ()


def _days(texts: list[str]) -> tuple[int, ...]:
    days = {_DAYS.index(text.lower()) for text in texts if text.lower() in _DAYS}
    return tuple(sorted(days)) if len(days) < 7 else ()


def _cloud(cloud: Any) -> str | None:
    if not cloud or str(cloud.get("protocol", "")).lower() != "http-post":
        return None
    port = values.number(cloud.get("port")) or 80
    path = "/" + str(cloud.get("path", "")).lstrip("/")
    return values.address(f"{'https' if port == 443 else 'http'}://{cloud.get('domain', '')}:{port}{path}")


def _warnings(found: Any, cut: bool, lost: int) -> tuple[str, ...]:
    said = []
    if cut:
        said.append("the document ends in the middle; its whole entries were taken")
    elif _ill_formed(found):
        said.append("the document is not well-formed XML; it was read as well as it can be")
    if lost:
        said.append(f"{counted(lost, 'entry', 'entries')} could not be read")
    return tuple(said)
