"""URL → address: one strict parse whose result is both checked and connected to. Pure."""

import contextlib
import re
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

LONGEST = 8192
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f\\\u2028\u2029\ud800-\udfff]")
_HOST = re.compile(r"[0-9a-z._\-]+|[0-9a-f:.]*:[0-9a-f:.]*")
_KEPT = "%/:=&?~+!$,;'@()*[]|\"<>^`{}#"
_DEFAULT_PORTS = {"http": 80, "https": 443}


class BadAddress(ValueError):
    """Why a text is no address that we connect to; never holds the text itself."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a request goes: what was parsed once is what is checked, connected to and asked for."""

    scheme: str
    host: str
    port: int
    target: str  # path and query, as sent

    @property
    def authority(self) -> str:
        """The `Host` header: without the port where it is the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The whole URL in its normal spelling."""
        return f"{self.scheme}://{self.authority}{self.target}"


def parse(url: str) -> Address:
    """The address of an http(s) URL; raises BadAddress for every spelling on which two parsers could disagree."""
    text = url.strip(" \t\r\n\f")
    if len(text) > LONGEST or _FORBIDDEN.search(text):
        raise BadAddress("the address is too long or has characters that no address may have")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise BadAddress("the address is malformed") from None
    if parts.scheme.lower() not in _DEFAULT_PORTS:
        raise BadAddress("only http and https addresses are fetched")
    if "@" in parts.netloc:
        raise BadAddress("an address with a user name is not fetched")
    if port == 0:
        raise BadAddress("the address names port 0")
    return Address(parts.scheme, _host(parts.hostname), port or _DEFAULT_PORTS[parts.scheme], _target(parts))


def join(base: Address, location: str) -> Address:
    """Where a redirect leads. Location headers come as latin-1; most mean UTF-8."""
    with contextlib.suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    if _FORBIDDEN.search(location.strip()):
        raise BadAddress("the redirect has characters that no address may have")
    try:
        return parse(urljoin(base.url, location.strip()))
    except ValueError as error:
        raise BadAddress(str(error)) from None


def _host(name: str | None) -> str:
    if not name or "%" in name or any(c.isspace() for c in name):
        raise BadAddress("the address names no proper host")
    if not name.isascii():
        name = _idna(name)
    if not _HOST.fullmatch(name) or not name.strip(".") or len(name) > 255:
        raise BadAddress("the address names no proper host")
    return name


def _idna(name: str) -> str:
    import idna

    try:
        return idna.encode(name, uts46=True).decode("ascii").lower()
    except idna.IDNAError:
        raise BadAddress("the host name is not a valid international name") from None


def _target(parts: object) -> str:
    path, query = getattr(parts, "path", ""), getattr(parts, "query", "")
    target = (path or "/") + (f"?{query}" if query else "")
    return target if _plain(target) else quote(target, safe=_KEPT)


def _plain(target: str) -> bool:
    return target.isascii() and " " not in target
