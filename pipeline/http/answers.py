"""What comes back through the door, and how it is named when it is a failure."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from pipeline.form import LONGEST_WAIT
from pipeline.model import DeliveryError, Error, Rejected, Unauthorised, Unavailable, Uncertain

_WORDS = 300  # characters of the platform's own words that a reason may hold
_UNAUTHORISED = frozenset({401, 403})
# Refused for now; 521, 523, 525, 526 and 530 are a proxy's word that the request never reached its server.
_FOR_NOW = frozenset({408, 421, 425, 429, 503, 507, 521, 523, 525, 526, 530})
_NEVER = frozenset({501, 505, 511})


class FetchError(Error):
    """Why nothing usable came back. `left`: whether the request may have reached the server."""

    def __init__(self, reason: str, *, kind: str, left: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.kind = kind
        self.left = left


@dataclass(frozen=True, slots=True)
class Hop:
    """A redirect that was followed: its status, and the address that gave it."""

    status: int
    url: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer. Header names are lower-case; repeated headers are joined by a comma."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    url: str = field(default="", repr=False)
    hops: tuple[Hop, ...] = ()
    host: str = ""
    sent: bool = False  # it answers something that may have changed the other side
    fault: str = ""  # why the body is not whole
    flaw: str = ""  # what is wrong of an answer that was read all the same

    @property
    def text(self) -> str:
        """The body as text; what cannot be read is replaced."""
        found = re.search(r"charset=[\"']?([\w\-]+)", self.headers.get("content-type", ""))
        try:
            return self.body.decode(found[1] if found else "utf-8", "replace")
        except LookupError:
            return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON. Anything else after a request that was taken leaves its end open: Uncertain."""
        try:
            if self.fault:
                raise ValueError(self.fault)
            return json.loads(self.body)
        except (ValueError, RecursionError):
            reason = f"{self.host} answered {self.status} without the JSON it promises"
        raise Uncertain(reason, status=self.status) if self.sent else Unavailable(reason, status=self.status)

    @property
    def told(self) -> dict[str, Any]:
        """The JSON object, or an empty one where there is none: for reading why something was refused."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def ok(self) -> bool:
        """Whether the status is a 2xx."""
        return 200 <= self.status < 300


def failure(answer: Answer) -> DeliveryError:
    """The failure that a status means, with the platform's own words."""
    reason = f"{answer.host} answered {answer.status}"
    said = words(answer)
    reason = f"{reason}: {said}" if said else reason
    status = answer.status
    if status in _UNAUTHORISED and not _passing(answer.headers):
        return Unauthorised(reason, status=status)
    if status in _FOR_NOW or status in _UNAUTHORISED:
        return Unavailable(reason, status=status, retry_after=retry_after(answer.headers, status))
    if 300 <= status < 400:
        return Unavailable(f"{reason}, a redirect; configure the address it leads to", status=status)
    if 400 <= status < 500 or status in _NEVER:
        return Rejected(reason, status=status)
    if answer.sent:
        return Uncertain(reason, status=status)
    return Unavailable(reason, status=status, retry_after=retry_after(answer.headers, status))


def _passing(headers: Mapping[str, str]) -> bool:
    """Whether a 403 is a limit or a guard's moment of doubt and says nothing of the credentials."""
    limited = headers.get("x-ratelimit-remaining") == "0" or "retry-after" in headers
    return limited or headers.get("cf-mitigated") == "challenge"


def words(answer: Answer) -> str:
    """What the platform said about a refusal, as one short line of text."""
    text = answer.text[:20_000].strip()
    if text[:1] in ("{", "["):
        try:
            text = _said(json.loads(answer.body))
        except (ValueError, RecursionError):
            text = ""
    elif text[:1] == "<":
        found = re.search(r"<title[^>]*>([^<]{1,300})", text, re.IGNORECASE)
        text = found[1] if found else ""
    return one_line(text)


def _said(value: Any, depth: int = 0) -> str:
    if isinstance(value, str):
        return value
    if depth > 3:
        return ""
    if isinstance(value, list):
        return "; ".join(filter(None, (_said(one, depth + 1) for one in value[:3])))
    if not isinstance(value, dict):
        return ""
    names = ("error_description", "error", "message", "description", "detail", "title", "errors", "details", "reason")
    said = [_said(value[name], depth + 1) for name in names if name in value]
    return ": ".join(dict.fromkeys(filter(None, said)))


def one_line(text: str, most: int = _WORDS) -> str:
    """The text as one line of what can be shown and stored."""
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return text if len(text) <= most else text[: most - 1] + "…"


def retry_after(headers: Mapping[str, str], status: int = 429, now: datetime | None = None) -> timedelta | None:
    """The wait that the answer asks for, capped; None where it asks for none or for nonsense."""
    now = http_date(headers.get("date", "")) or now or datetime.now(UTC)
    wait = _seconds(headers.get("retry-after", ""), now)
    if wait is None and status in (403, 429):
        for name in ("ratelimit-reset", "x-ratelimit-reset", "x-rate-limit-reset", "x-ratelimit-reset-after"):
            wait = wait or _reset(headers.get(name, ""), now)
    return None if wait is None else min(max(wait, timedelta(0)), LONGEST_WAIT)


def http_date(text: str) -> datetime | None:
    """An HTTP date in any of its three forms."""
    text = text.strip()
    if not 16 <= len(text) <= 64:
        return None
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _seconds(text: str, now: datetime) -> timedelta | None:
    text = text.strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:12]), 10**9))
    if (at := http_date(text)) is not None:
        return at - now
    return None


def _reset(text: str, now: datetime) -> timedelta | None:
    """A limit's end: seconds from now, seconds since 1970 or ISO 8601, as platforms differ."""
    try:
        value = float(text)
    except ValueError:
        try:
            at = datetime.fromisoformat(text.strip())
        except ValueError:
            return None
        return (at if at.tzinfo else at.replace(tzinfo=UTC)) - now
    if not 0 <= value < 1e11:
        return None
    return timedelta(seconds=value - now.timestamp() if value > 1e9 else value)
