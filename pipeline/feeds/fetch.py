"""One conditional GET of a feed, by the rules of RFC 9110 and of good guests. Never raises."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from pipeline.http import Answer, FetchError, Hop, Http, codings, http_date, retry_after

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)
LIMIT = 20 * 1024 * 1024
DEADLINE = 20.0
_LONGEST_VALIDATOR = 1024
_PICKY = frozenset({400, 405, 406})
LONGEST_WAIT = timedelta(days=7)
DELTA = 226  # “IM Used”: a feed of what is new since the ETag we named


@dataclass(frozen=True, slots=True)
class FeedRequest:
    """What to ask for. Validators are sent back byte for byte, or not at all."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    deadline: float = DEADLINE
    limit: int = LIMIT
    deltas: bool = False  # ask for what is new only (RFC 3229)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came back. `error` says in one sentence why there is nothing to parse; `kind` names it for machines."""

    url: str
    status: int = 0  # 0: there was no answer
    not_modified: bool = False
    body: bytes = field(default=b"", repr=False)
    etag: str | None = None
    last_modified: str | None = None
    retry_after: timedelta | None = None
    max_age: timedelta | None = None  # how long the publisher's cache headers ask to wait
    final_url: str = ""
    permanent_url: str | None = None  # where the leading permanent redirects end
    hops: tuple[Hop, ...] = ()
    bytes: int = 0
    content_type: str | None = None
    hubs: tuple[str, ...] = ()
    self_link: str | None = None
    error: str | None = None
    kind: str | None = None
    answer: Answer | None = field(default=None, repr=False)
    partial: bool = False  # only what is new: absence means nothing


def fetch(http: Http, request: FeedRequest) -> Fetched:
    """Ask once for the feed. A refusal, a broken answer or none is a value as well."""
    try:
        answer = http.get(request.url, headers=_headers(request), limit=request.limit, deadline=request.deadline)
        if answer.status in _PICKY:  # some servers choke on headers that others want
            answer = http.get(request.url, limit=request.limit, deadline=request.deadline)
        answer = _unpacked(answer, request.limit)
    except FetchError as error:
        return Fetched(
            url=request.url,
            etag=request.etag,
            last_modified=request.last_modified,
            final_url=request.url,
            error=error.reason,
            kind=error.kind,
        )
    return _fetched(request, answer)


def _headers(request: FeedRequest) -> dict[str, str]:
    headers = {"Accept": ACCEPT}
    if request.etag and _sendable(request.etag):
        headers["If-None-Match"] = request.etag
        if request.deltas:
            headers["A-IM"] = "feed"
    if request.last_modified and _sendable(request.last_modified):
        headers["If-Modified-Since"] = request.last_modified
    return headers


def _unpacked(answer: Answer, limit: int) -> Answer:
    """The same answer without a gzip that its headers do not speak of: the file behind the address is a packed one."""
    if not answer.body.startswith(b"\x1f\x8b"):
        return answer
    body = bytearray()
    try:
        decoders = codings.chain("gzip")
        for piece in codings.run(decoders, answer.body):
            body += piece
            if len(body) > limit:
                raise FetchError(f"the unpacked answer is larger than {limit // 2**20} MiB", kind="too_large")
        decoders[0].finish()
    except codings.BadCoding as error:
        raise FetchError(str(error), kind="undecodable") from None
    return replace(answer, body=bytes(body))


def _fetched(request: FeedRequest, answer: Answer) -> Fetched:
    kind, error = _trouble(request, answer)
    not_modified = answer.status == 304 and error is None
    etag, last_modified = _validators(answer)
    if not_modified or error:  # a 304 may bring new ones; a failure takes none away
        etag, last_modified = (etag, last_modified) if not_modified else (None, None)
        etag, last_modified = etag or request.etag, last_modified or request.last_modified
    links = _links(answer.headers.get("link", ""))
    return Fetched(
        url=request.url,
        status=answer.status,
        not_modified=not_modified,
        body=b"" if error else answer.body,
        etag=etag,
        last_modified=last_modified,
        retry_after=_asked_wait(answer),
        max_age=_max_age(answer),
        final_url=answer.url,
        permanent_url=_permanent(answer),
        hops=answer.hops,
        bytes=len(answer.body),
        content_type=answer.headers.get("content-type"),
        hubs=tuple(url for rel, url in links if rel == "hub"),
        self_link=next((url for rel, url in links if rel == "self"), None),
        error=error,
        kind=kind,
        answer=answer,
        partial=answer.status == DELTA,
    )


def _trouble(request: FeedRequest, answer: Answer) -> tuple[str | None, str | None]:
    status, headers = answer.status, answer.headers
    if status == 304:
        asked = request.etag or request.last_modified
        return (None, None) if asked else ("status", "the server says “not modified” although nothing was known")
    if (status in (200, 203) or (status == DELTA and request.deltas)) and answer.body.strip():
        return None, None
    if status in (200, 203, 204):
        return "empty_body", "the answer is empty"
    if headers.get("cf-mitigated") == "challenge":
        return "challenge", "the host asks for proof that a person is reading (a Cloudflare challenge)"
    return "status", f"the server answered {status}{_MEANINGS.get(status, '')}"


_MEANINGS = {
    401: " (it asks for a login)",
    403: " (it forbids reading the feed)",
    404: " (there is no feed at this address)",
    410: " (the feed is gone for good)",
    429: " (too many requests)",
    451: " (it may not be read for legal reasons)",
    503: " (the server is overloaded or being repaired)",
}


def _validators(answer: Answer) -> tuple[str | None, str | None]:
    etag = answer.headers.get("etag", "")
    if two := re.match(r'((?:W/)?"[^"]*")\s*,', etag):
        etag = two[1]
    last_modified = answer.headers.get("last-modified", "")
    return etag if _sendable(etag) else None, last_modified if _sendable(last_modified) else None


def _sendable(validator: str) -> bool:
    return bool(validator) and len(validator) <= _LONGEST_VALIDATOR and validator.isascii() and validator.isprintable()


def _asked_wait(answer: Answer) -> timedelta | None:
    return retry_after(answer.headers, answer.status) or None


def _max_age(answer: Answer) -> timedelta | None:
    control = answer.headers.get("cache-control", "").lower()
    if "no-cache" in control or "no-store" in control:
        return None
    if found := re.search(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,12})", control):
        seconds = int(found[1]) - _age(answer.headers)
    else:
        expires, date = (http_date(answer.headers.get(name, "")) for name in ("expires", "date"))
        if expires is None or date is None:
            return None
        seconds = int((expires - date).total_seconds())
    return min(timedelta(seconds=min(seconds, 10**9)), LONGEST_WAIT) if seconds > 0 else None


def _age(headers: Mapping[str, str]) -> int:
    age = headers.get("age", "").partition(",")[0].strip()
    return int(age) if age.isascii() and age.isdigit() and len(age) < 12 else 0


def _permanent(answer: Answer) -> str | None:
    addresses = [*(hop.url for hop in answer.hops), answer.url]
    for place, hop in enumerate(answer.hops):
        if hop.status not in (301, 308):
            return addresses[place] if place else None
    return answer.url if answer.hops else None


def _links(header: str) -> list[tuple[str, str]]:
    """(relation, address) of each link of a Link header (RFC 8288)."""
    found = []
    for url, parameters in re.findall(r"<\s*([^<>\s]{1,2000})\s*>((?:[^,<\"]|\"[^\"]*\")*)", header[:20_000]):
        rel = re.search(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s;,]+))", parameters, re.IGNORECASE)
        found += [(name, url) for name in (rel[1] or rel[2] or "").lower().split()] if rel else []
    return found
