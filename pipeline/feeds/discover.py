"""Which feeds a site has: what it announces, else what its pages link to, else the usual places. One GET each."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from pipeline import charset
from pipeline.bounded import Bounded, BoundedError
from pipeline.feeds import parse, values
from pipeline.feeds.fetch import FeedRequest, Fetched, fetch
from pipeline.http import Http
from pipeline.model import Document

WELL_KNOWN = ("/feed", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml", "/rss", "/feed.json")
_TYPES = {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"}
_VAGUE_TYPES = {
    "application/xml",
    "text/xml",
    "application/json",
    "text/rss+xml",
    "application/rss",
    "application/atom",
}
_FEED_PATH = re.compile(
    r"(\.(rss|atom|rdf)|/(rss|atom|feed|index|news)\w*\.(xml|json|php)|/(feed|rss|atom)\d?)/?$", re.IGNORECASE
)
_DIRECTORY_PATH = re.compile(
    r"/(rss-?feeds?|feeds|rss|syndication|rss-?channels)(\.(s?html?|php|aspx?|jsp))?/?$", re.IGNORECASE
)
_COMMENTS = re.compile(r"/comments/feed/?$|[?&]feed=comments|comments-rss", re.IGNORECASE)
_MOST = 50


@dataclass(frozen=True, slots=True)
class Candidate:
    """A feed that was found, how, and what was fetched on the way (so that it is not fetched again)."""

    url: str
    title: str = ""
    how: str = "announced"  # "itself" | "announced" | "linked" | "usual place"
    fetched: Fetched | None = None
    document: Document | None = None


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found, best first, and every address that was asked."""

    candidates: tuple[Candidate, ...] = ()
    asked: tuple[str, ...] = ()
    error: str | None = None


@dataclass(frozen=True, slots=True)
class _Links:
    announced: tuple[Candidate, ...]
    linked: tuple[Candidate, ...]
    directories: tuple[str, ...]


def discover(http: Http, bounded: Bounded, url: str) -> Discovery:
    """The feeds at or behind an address. Never raises; nothing is guessed on a site that announces its feeds."""
    first = fetch(http, FeedRequest(url))
    if first.error:
        return Discovery(asked=(url,), error=first.error)
    if (itself := _feed(bounded, first, "itself")) is not None:
        return Discovery((itself,), (url,))
    links = _links(bounded, first)
    if links.announced:
        return Discovery(links.announced, (url,))
    asked = [url]
    found = list(links.linked)
    for directory in links.directories[:1] if not found else ():
        asked.append(directory)
        found += _in_directory(http, bounded, directory)
    if not found:
        found += _usual(http, bounded, first.final_url, asked)
    return Discovery(tuple(found), tuple(asked), None if found else "no feed was found there")


def _feed(bounded: Bounded, fetched: Fetched, how: str) -> Candidate | None:
    if fetched.error or fetched.answer is None:
        return None
    try:
        document = parse.read(bounded, fetched.answer)
    except (parse.NotAFeed, BoundedError):
        return None
    return Candidate(fetched.permanent_url or fetched.url, document.title, how, fetched, document)


def _in_directory(http: Http, bounded: Bounded, url: str) -> list[Candidate]:
    page = fetch(http, FeedRequest(url))
    if (itself := _feed(bounded, page, "linked")) is not None:
        return [itself]
    links = _links(bounded, page)
    return [*links.announced, *links.linked]


def _usual(http: Http, bounded: Bounded, url: str, asked: list[str]) -> list[Candidate]:
    for path in WELL_KNOWN:
        place = urljoin(url, path)
        asked.append(place)
        if (found := _feed(bounded, fetch(http, FeedRequest(place)), "usual place")) is not None:
            return [found]
    return []


def _links(bounded: Bounded, page: Fetched) -> _Links:
    if page.error:
        return _Links((), (), ())
    payload = {"body": page.body, "url": page.final_url, "content_type": page.content_type}
    try:
        result = bounded.run("links", payload)
    except BoundedError:
        return _Links((), (), ())
    announced = tuple(Candidate(url, title) for url, title in result["announced"])
    linked = tuple(Candidate(url, title, "linked") for url, title in result["linked"])
    return _Links(announced, linked, tuple(result["directories"]))


# --- in the child


def job(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The feed links of an HTML page: announced in link elements, linked in the text, and pages that may list feeds."""
    root = _page(payload["body"], payload["content_type"])
    if root is None:
        return {"announced": [], "linked": [], "directories": []}
    base = _base(root, payload["url"])
    anchors = _anchors(root, base)
    site = urlsplit(payload["url"]).hostname
    directories = [url for url, _ in anchors if urlsplit(url).hostname == site and _listing(url)]
    return {
        "announced": _once(_announced(root, base)),
        "linked": _once(
            pair for pair in anchors if _FEED_PATH.search(urlsplit(pair[0]).path) and not _listing(pair[0])
        ),
        "directories": list(dict.fromkeys(directories))[:5],
    }


def _announced(root: Any, base: str) -> list[tuple[str, str]]:
    strict, vague = [], []
    for link in root.iter("link"):
        relations = (link.get("rel") or "").lower().split()
        url = values.address(link.get("href"), base)
        if url is None or not {"alternate", "feed"} & set(relations):
            continue
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        if kind in _TYPES or "feed" in relations:
            strict.append((url, values.line(link.get("title"))))
        elif kind in _VAGUE_TYPES and "stylesheet" not in relations and not link.get("hreflang"):
            vague.append((url, values.line(link.get("title"))))
    return sorted(strict or vague, key=lambda pair: bool(_COMMENTS.search(pair[0])))


def _anchors(root: Any, base: str) -> list[tuple[str, str]]:
    found = []
    for anchor in root.iter("a"):
        url = values.address(anchor.get("href"), base)
        if url and (_FEED_PATH.search(urlsplit(url).path) or _listing(url)):
            found.append((url.partition("#")[0], values.line(anchor.text_content())[:200]))
    return found


def _listing(url: str) -> bool:
    return bool(_DIRECTORY_PATH.search(urlsplit(url).path))


def _base(root: Any, url: str) -> str:
    for element in root.iter("base"):
        if found := values.address(element.get("href"), url):
            return found
    return url


def _page(body: bytes, content_type: str | None) -> Any:
    from lxml import html

    text = charset.read(body, content_type).text
    try:
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8"))
    except Exception:  # lxml names its failures in many ways; a page that cannot be read announces nothing
        return None


def _once(pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    found: dict[str, str] = {}
    for url, title in pairs:
        found.setdefault(url, title)
    return [[url, title] for url, title in found.items()][:_MOST]
