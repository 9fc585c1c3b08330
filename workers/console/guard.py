"""Who may come in: hosts, sessions, tokens against forgery, and the answer's headers."""

import hashlib
import hmac
import ipaddress
import re
import secrets
import socket
import time
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

# Referrer-Policy: `no-referrer` would make browsers send `Origin: null` with the forms of our own pages, so that they
# could not be told from a stranger's (Fetch, "append a request `Origin` header"). `same-origin` tells others nothing.
HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
IDLE = 12 * 3600  # seconds after which an unused session ends
RENEW = 600
PORTS = {"http": 80, "https": 443}
COUNT = re.compile(r"[0-9]{1,12}")
REMEMBERED = 1000  # sessions that were ended


# --- hosts: a name that an attacker lets point to 127.0.0.1 is not ours (DNS rebinding) ------------------------------


class Hosts:
    """The names this console answers to: addresses, localhost, its own host name, and the configured ones."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = {name.lower() for name in names if name} | {"localhost", socket.gethostname().lower()}

    def allows(self, header: str) -> bool:
        """Whether a Host header names this console."""
        name = host_of(header)
        return name in self._names or is_address(name)


def host_of(header: str) -> str:
    """The host of a Host header, without its port."""
    try:
        return (urlsplit(f"//{header}").hostname or "").lower()
    except ValueError:
        return ""


def is_address(name: str) -> bool:
    """Whether it is an IP address: nobody can let that point elsewhere."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


# --- sessions --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who showed the token."""

    ident: str
    issued: int


class Keyring:
    """Everything that is derived from the console's token. The token itself is only ever compared."""

    def __init__(self, token: str) -> None:
        self.token = token
        self._key = hashlib.blake2b(token.encode(), person=b"standfirst-cons").digest()
        self._ended: deque[str] = deque(maxlen=REMEMBERED)

    def open(self) -> str:
        """A new session's cookie."""
        return self._cookie(secrets.token_urlsafe(16), int(time.time()))

    def session(self, cookie: str) -> Session | None:
        """The session of a cookie that we gave and that has not ended."""
        parts = cookie.split(".")
        if len(parts) != 3 or not COUNT.fullmatch(parts[1]):
            return None
        ident, issued = parts[0], int(parts[1])
        if not same(self._cookie(ident, issued), cookie) or ident in self._ended:
            return None
        return Session(ident, issued) if 0 <= time.time() - issued + 60 < IDLE else None

    def renewed(self, session: Session) -> str | None:
        """A fresh cookie for a session in use; None while the old one will do."""
        return self._cookie(session.ident, int(time.time())) if time.time() - session.issued > RENEW else None

    def end(self, session: Session) -> None:
        """The session's cookies are worth nothing from now on."""
        self._ended.append(session.ident)

    def csrf(self, session: Session) -> str:
        """What every form of this session carries."""
        return self._sign(f"csrf.{session.ident}")

    def is_csrf(self, session: Session, given: str) -> bool:
        """Whether a form came from a page of this session."""
        return same(self.csrf(session), given)

    def _cookie(self, ident: str, issued: int) -> str:
        return f"{ident}.{issued}.{self._sign(f'session.{ident}.{issued}')}"

    def _sign(self, words: str) -> str:
        return hmac.new(self._key, words.encode(), hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two texts are the same, in constant time."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


# --- where a request came from ---------------------------------------------------------------------------------------


def is_own_page(headers: Mapping[str, str], public: str = "") -> bool | None:
    """Whether a page of this console sent the request; None when nothing says where it comes from, as from programs.

    `Sec-Fetch-Site` decides where a browser sends it: all current ones do, to https and to this machine, and no page
    can forge it. Elsewhere `Origin` has to name the console: by the Host that was asked for, or by its public address.
    """
    site = headers.get("sec-fetch-site", "").lower()
    if site and site != "none":
        return site == "same-origin"
    origin = headers.get("origin")
    if not origin:
        return None
    return _is_own_origin(origin, headers.get("host", ""), public)


def _is_own_origin(origin: str, host: str, public: str) -> bool:
    given, known = _place(origin), _place(public)
    if given is None:
        return False
    asked = _place(f"{given[0]}://{host}")
    if known is not None and asked is not None and asked[1] == known[1]:
        return given == known  # by its public name it is the public address or nothing, not the same name without TLS
    return given in (asked, known)


def _place(address: str) -> tuple[str, str, int] | None:
    """Scheme, host and port of an http(s) address; None for anything else."""
    try:
        parts = urlsplit(address)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        return None
    return (parts.scheme, parts.hostname, port) if parts.hostname else None


def is_ours(path: str) -> bool:
    """Whether a path to go back to stays on this console."""
    return path.startswith("/") and not path.startswith(("//", "/\\")) and not any(ord(c) < 0x20 for c in path)
