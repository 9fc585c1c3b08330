"""How the console says times, states and numbers."""

from datetime import datetime
from urllib.parse import urlsplit

MINUTE, HOUR, DAY = 60, 3600, 86400

# The state of a feed, article or delivery → how loudly it is shown.
TONES = {
    "delivered": "good",
    "active": "good",
    "fanned": "good",
    "joined": "quiet",
    "archived": "quiet",
    "filtered": "quiet",
    "cancelled": "quiet",
    "superseded": "quiet",
    "withdrawn": "quiet",
    "resting": "quiet",
    "paused": "warn",
    "held": "warn",
    "failing": "warn",
    "silent": "warn",
    "expiring": "warn",
    "stopped": "bad",
    "uncertain": "bad",
    "dead": "bad",
    "set_aside": "bad",
    "refused": "bad",
    "gone": "bad",
}


def span(seconds: float | None) -> str:
    """A length of time in its largest unit: 8 s, 3 min, 2 h, 5 d."""
    if seconds is None:
        return "–"
    seconds = abs(seconds)
    if seconds < 2 * MINUTE:
        return f"{seconds:.0f} s"
    if seconds < 2 * HOUR:
        return f"{seconds / MINUTE:.0f} min"
    if seconds < 2 * DAY:
        return f"{seconds / HOUR:.0f} h"
    return f"{seconds / DAY:.0f} d"


def ago(moment: datetime | None, now: datetime) -> str:
    """When, seen from now: 3 min ago, in 20 s."""
    if moment is None:
        return "–"
    seconds = (now - moment).total_seconds()
    if abs(seconds) < 1:
        return "now"
    return f"{span(seconds)} ago" if seconds > 0 else f"in {span(seconds)}"


def clock(moment: datetime | None) -> str:
    """A moment to the second, in UTC."""
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC" if moment else ""


def web(url: str | None) -> str | None:
    """The address if a browser may safely follow it."""
    return url if url and url.lower().startswith(("https://", "http://")) else None


def host(url: str | None) -> str:
    """The host of an address."""
    try:
        return urlsplit(url or "").hostname or ""
    except ValueError:
        return ""
