"""Links as keys: two addresses of one article compare equal. The link itself is never rewritten by this. Pure.

Rules and sources: RFC 3986 §6.2 (case, percent-encoding, dot segments), WHATWG URL for what may be in an authority, and
the parameters in `pipeline/feeds/tracking.py`.
"""

import re
from functools import lru_cache
from urllib.parse import SplitResult, urljoin, urlsplit

from pipeline.feeds import tracking

UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
PORTS = {"http": 80, "https": 443}
LONGEST = 4096  # a longer link is compared by its beginning; nobody's article needs more
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})")
_WEB_ID = re.compile(r"(?i)^https?://(?:www\.)?([^/?#]+)(.*)$", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x20\x7f]+")
_SAME_SITE = re.compile(r"^(?:(?:www\d?|m|mobile|amp)\.)+(?=[^.]+\.[^.]+)")
_AMP = re.compile(r"/amp(?:\.html)?$")
_SHOWN = re.compile(r"/index\.(?:html?|php)$|(?<=[^/])\.amp(?=\.html?$|$)|(?<=[^/])/print$", re.IGNORECASE)


def split(url: str) -> SplitResult | None:
    """The parts of an http(s) address; None when it is none, or hides something before an @."""
    cleaned = _CONTROL.sub("", url[:LONGEST])
    try:
        parts = urlsplit("https:" + cleaned if cleaned.startswith("//") else cleaned)
        parts.port  # noqa: B018 - raises for a port that is none
    except ValueError:
        return None
    usable = parts.scheme.lower() in PORTS and parts.hostname and "@" not in parts.netloc and "\\" not in parts.netloc
    return parts if usable else None


def host(url: str) -> str:
    """The address's host in lower case and A-labels, with a port that is not the usual one; empty when it has none."""
    parts = split(url)
    return _host(parts) if parts else ""


def _host(parts: SplitResult) -> str:
    name = _ascii((parts.hostname or "").rstrip("."))
    port = parts.port
    return name if port is None or port == PORTS[parts.scheme.lower()] else f"{name}:{port}"


def site(url: str) -> str:
    """The host without `www.`, `m.` and the like: what two variants of one site share."""
    return _SAME_SITE.sub("", host(url))


@lru_cache(maxsize=8192)  # a feed shows the same links at every poll
def key(url: str, *, fragment: bool = False) -> str:
    """What the address is compared by, within a feed and across feeds: what names the article.

    Without scheme, `www.`, tracking, ways to show the page, trailing slash, order of parameters. A parameter that is
    not known to be one of these names the article.
    """
    parts = split(url)
    if parts is None:
        return _loose(url)
    path = _SHOWN.sub("", _AMP.sub("", _path(parts.path).rstrip("/")))
    kept = sorted(piece for piece in wanted(parts) if not _shows(piece))
    query = "?" + "&".join(_percent(piece) for piece in kept) if kept else ""
    return _SAME_SITE.sub("", _host(parts)) + path + query + _fragment(parts.fragment, fragment)


def page(url: str) -> str:
    """The address without any parameter: one article's, several articles', or a live blog's at another post."""
    return key(url).partition("?")[0].partition("#")[0]


def tracked(url: str) -> bool:
    """Whether the key leaves parameters of the address out."""
    parts = split(url)
    return parts is not None and any(not _shows(piece) for piece in set(_pieces(parts)) - set(wanted(parts)))


def wanted(parts: SplitResult) -> list[str]:
    """The parameters of an address that are not tracking, as written and in their order."""
    pieces = _pieces(parts)
    names = {piece.partition("=")[0].lower() for piece in pieces}
    own = (parts.hostname or "").lower()
    return [piece for piece in pieces if not _tracks(piece, names, own)]


def _pieces(parts: SplitResult) -> list[str]:
    return [piece for piece in parts.query.split("&") if piece]


def _shows(piece: str) -> bool:
    name, _, value = piece.lower().partition("=")
    return value in tracking.SHOWN.get(name, ())


def clean(url: str) -> str:
    """The same address without tracking parameters; nothing else is touched, so that signed queries stay whole."""
    parts = split(url)
    if parts is None or not parts.query:
        return url
    kept = "&".join(wanted(parts))
    return url if kept == parts.query else parts._replace(query=kept).geturl()


def bare(ident: str) -> str:
    """An entry id without scheme and `www.`: ids are compared letter by letter, a move to https is no new id."""
    match = _WEB_ID.match(ident)
    return match[1].lower() + match[2] if match else ident


def tail(ident: str) -> str:
    """An entry id without scheme and host; empty when nothing that distinguishes is left."""
    match = re.match(r"(?i)^[a-z][a-z0-9+.-]*://[^/?#]*(.*)$", ident, re.DOTALL)
    rest = match[1] if match else ""
    return rest if len(rest.strip("/")) >= 2 else ""


def _tracks(piece: str, names: set[str], own: str) -> bool:
    name, _, value = piece.partition("=")
    name = name.lower()
    if name == "ref":  # only when it names a host: "ref=12" may be the article
        return bool(own) and value.lower().removeprefix("www.") == own.removeprefix("www.")
    if name == "clickid":
        return "rtkcid" in names
    if name == "__s":
        return bool(re.fullmatch(r"[A-Za-z0-9]{6,}", value))
    if name in tracking.WORDY:
        return not any(character.isdigit() for character in value)
    return name in tracking.EXACT or name.startswith(tracking.PREFIXES)


def _ascii(name: str) -> str:
    if name.isascii():
        return name.lower()
    try:
        return name.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return name.lower()


def _percent(text: str) -> str:
    """Upper-case escapes, none for what needs none; other characters as UTF-8 escapes."""

    def escape(match: re.Match[str]) -> str:
        byte = int(match[1], 16)
        return chr(byte) if byte in UNRESERVED else f"%{byte:02X}"

    plain = _PERCENT.sub(escape, text)
    return "".join(c if c < "\x80" else "".join(f"%{b:02X}" for b in c.encode("utf-8", "replace")) for c in plain)


def _path(path: str) -> str:
    resolved = urljoin("http://h/", path.replace("\\", "/")) if "/." in path else path
    return _percent(resolved.removeprefix("http://h"))


def _fragment(fragment: str, wished: bool) -> str:
    return "#" + fragment if fragment and (wished or fragment.startswith("!")) else ""


def _loose(url: str) -> str:
    """A link that is no web address (`urn:`, `mailto:`, a path) is still a key, letter by letter."""
    return url.strip()[:LONGEST]
