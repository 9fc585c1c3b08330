"""Bytes of a feed → Document, whatever their format and state. Runs in a bounded child; `read` is the guarded way."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from pipeline.bounded import Bounded
from pipeline.http import Answer
from pipeline.model import Document, Enclosure, Entry, Error, Image

SECONDS = 10.0
_SNIPPET = 200


class NotAFeed(Error):
    """The body is no feed; `snippet` is how it begins, for a person."""

    def __init__(self, reason: str, snippet: str = "") -> None:
        super().__init__(f"{reason}: “{snippet}”" if snippet else reason)
        self.reason = reason
        self.snippet = snippet


def read(bounded: Bounded, answer: Answer, *, seconds: float = SECONDS) -> Document:
    """Parse an answer's body in a child process. Raises NotAFeed, BoundedError."""
    content_type = answer.headers.get("content-type")
    payload = {"body": answer.body, "url": answer.url, "content_type": content_type}
    result = bounded.run("feed", payload, seconds=seconds)
    if "reason" in result:
        raise NotAFeed(result["reason"], result["snippet"])
    found = document(result)
    return replace(found, warnings=(answer.flaw, *found.warnings)) if answer.flaw else found


def parse(body: bytes, *, url: str, content_type: str | None = None) -> Document:
    """The document in these bytes. Raises NotAFeed. Hostile bytes may take minutes: use `read`."""
    from pipeline import charset
    from pipeline.feeds import jsonfeed, xmlfeed

    if not body.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise NotAFeed("the body is empty")
    reading = charset.read(body, content_type)
    if jsonfeed.looks_like_json(reading.text):
        found = jsonfeed.parse(reading.text, url=url)
    else:
        found = xmlfeed.parse(reading.text, url=url)
    if isinstance(found, str):
        raise NotAFeed(found, snippet(body))
    if reading.fault:  # what is garbled is the poll's error, never an article
        raise NotAFeed(reading.fault)
    return replace(found, guessed=reading.guessed, warnings=(*reading.warnings, *found.warnings))


def snippet(body: bytes) -> str:
    """How a body begins, as a person would read it: an HTML page by its title and first words."""
    text = body[:20_000].decode("utf-8", "replace")
    text = re.sub(r"(?is)<(script|style|svg)\b.*?(</\1\s*>|$)|<!--.*?(-->|$)", " ", text)
    text = re.sub(r"<[^>]*>?", " ", text)
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return text if len(text) <= _SNIPPET else text[: _SNIPPET - 1] + "…"


def job(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The child's part of `read`: plain values in, plain values out."""
    try:
        return plain(parse(payload["body"], url=payload["url"], content_type=payload["content_type"]))
    except NotAFeed as error:
        return {"reason": error.reason, "snippet": error.snippet}


def plain(found: Document) -> dict[str, Any]:
    """A document as plain values: dates as ISO 8601, durations in seconds."""
    values = {name: getattr(found, name) for name in Document.__dataclass_fields__ if name != "entries"}
    values["ttl"] = found.ttl.total_seconds() if found.ttl else None
    values["entries"] = [_plain_entry(entry) for entry in found.entries]
    return values


def document(values: Mapping[str, Any]) -> Document:
    """The document of plain values: the inverse of `plain`."""
    ttl = values["ttl"]
    lists = {name: tuple(values[name]) for name in ("warnings", "skip_hours", "skip_days", "hubs")}
    entries = tuple(_entry(one) for one in values["entries"])
    return Document(**{**values, **lists, "entries": entries, "ttl": None if ttl is None else timedelta(seconds=ttl)})


_FIELDS, _PICTURE, _FILE = (tuple(one.__dataclass_fields__) for one in (Entry, Image, Enclosure))
_values, _seen, _brought = (attrgetter(*names) for names in (_FIELDS, _PICTURE, _FILE))


def _plain_entry(entry: Entry) -> dict[str, Any]:
    values = dict(zip(_FIELDS, _values(entry), strict=True))
    for name in ("published", "updated"):
        values[name] = values[name] and values[name].isoformat()
    values["image"] = entry.image and dict(zip(_PICTURE, _seen(entry.image), strict=True))
    values["enclosures"] = [dict(zip(_FILE, _brought(one), strict=True)) for one in entry.enclosures]
    return values


def _entry(values: Mapping[str, Any]) -> Entry:
    made: dict[str, Any] = dict(values)
    for name in ("published", "updated"):
        made[name] = made[name] and datetime.fromisoformat(made[name])
    made["image"] = made["image"] and Image(**made["image"])
    made["enclosures"] = tuple([Enclosure(**one) for one in made["enclosures"]])
    made["authors"], made["tags"] = tuple(made["authors"]), tuple(made["tags"])
    return Entry(**made)
