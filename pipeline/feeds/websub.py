"""A hub or cloud tells us of news: the subscriber's half of https://www.w3.org/TR/websub/ and of rssCloud. Pure."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

WISHED = timedelta(days=10)  # the recommendation's own suggestion
LONGEST = timedelta(days=14)
SHORTEST = timedelta(minutes=5)
CLOUD = timedelta(hours=25)  # for so long a cloud remembers us
METHODS = ("sha256", "sha384", "sha512", "sha1")  # the recommendation's four; sha1 is what many hubs still send
WEBSUB, RSSCLOUD = "websub", "rsscloud"


@dataclass(frozen=True, slots=True)
class Offer:
    """A hub that tells of a topic's news."""

    hub: str
    topic: str
    protocol: str = WEBSUB


def offered(
    url: str,
    *,
    header_hubs: Sequence[str] = (),
    header_self: str | None = None,
    hubs: Sequence[str] = (),
    self_link: str | None = None,
    cloud: str | None = None,
) -> Offer | None:
    """What a feed offers: the Link header before the document, an https hub before others, WebSub before rssCloud."""
    found = [hub for hub in (header_hubs or hubs) if urlsplit(hub).scheme in ("http", "https")]
    if found:
        secure = [hub for hub in found if hub.startswith("https:")]
        return Offer((secure or found)[0], header_self or self_link or url)
    if cloud and urlsplit(cloud).scheme in ("http", "https"):
        return Offer(cloud, url, RSSCLOUD)
    return None


def keeps_secret(hub: str) -> bool:
    """Whether a secret may be told to this hub: only where nobody listens."""
    return urlsplit(hub).scheme == "https"


def request(offer: Offer, callback: str, secret: str, mode: str = "subscribe") -> dict[str, str]:
    """The form that asks for a subscription."""
    if offer.protocol == RSSCLOUD:
        return _cloud_request(offer, callback)
    form = {"hub.callback": callback, "hub.mode": mode, "hub.topic": offer.topic}
    if mode == "subscribe":
        form["hub.lease_seconds"] = str(int(WISHED.total_seconds()))
        if secret and keeps_secret(offer.hub):
            form["hub.secret"] = secret
    return form


def _cloud_request(offer: Offer, callback: str) -> dict[str, str]:
    parts = urlsplit(callback)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return {
        "notifyProcedure": "",
        "protocol": "https-post" if parts.scheme == "https" else "http-post",
        "domain": parts.hostname or "",
        "port": str(port),
        "path": parts.path,
        "url1": offer.topic,
    }


@dataclass(frozen=True, slots=True)
class Intent:
    """What a hub asks at our callback before it (un)subscribes us."""

    mode: str  # subscribe, unsubscribe, denied; "cloud" for rssCloud's challenge
    topic: str
    challenge: str = ""
    lease: timedelta = WISHED
    reason: str = ""


def intent(parameters: Mapping[str, str]) -> Intent | None:
    """The question in a callback's parameters; None when it is none."""
    mode = parameters.get("hub.mode", "")
    if not mode and parameters.get("challenge") and parameters.get("url"):
        return Intent("cloud", parameters["url"], parameters["challenge"], CLOUD)
    if mode not in ("subscribe", "unsubscribe", "denied") or not parameters.get("hub.topic"):
        return None
    given = parameters.get("hub.lease_seconds", "")
    lease = timedelta(seconds=int(given)) if given.isascii() and given.isdigit() and len(given) < 10 else WISHED
    challenge, reason = parameters.get("hub.challenge", ""), parameters.get("hub.reason", "")
    return Intent(mode, parameters["hub.topic"], challenge, clamped(lease), reason[:200])


def clamped(lease: timedelta) -> timedelta:
    """A lease we believe: a hub's number counts, within reason (P40)."""
    return min(max(lease, SHORTEST), LONGEST)


def renewal(lease: timedelta) -> timedelta:
    """How long after its beginning a lease is renewed: at four fifths, and an hour before its end where it is long."""
    latest = lease - timedelta(hours=1) if lease > timedelta(hours=5) else lease * 0.9
    return min(lease * 0.8, latest)


def retry(failures: int) -> timedelta:
    """When a subscription that failed is asked for again: 5 min, 10 min …, 23 h at most apart (P43)."""
    return min(timedelta(minutes=5) * (1 << min(failures, 12)), timedelta(hours=23))


def genuine(secret: str, signature: str, body: bytes) -> bool:
    """Whether the body was signed with our secret (`X-Hub-Signature: method=hex`), compared in constant time."""
    method, _, given = signature.strip().partition("=")
    if method.lower() not in METHODS or not secret:
        return False
    made = hmac.new(secret.encode(), body, getattr(hashlib, method.lower())).hexdigest()
    return hmac.compare_digest(made, given.strip().lower().encode("ascii", "replace").decode())
