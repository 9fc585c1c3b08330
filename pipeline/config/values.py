"""Reading one value of the configuration: from what TOML gives to what the product uses, or what is wrong with it."""

import difflib
import ipaddress
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from ipaddress import IPv4Network, IPv6Network
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

Reader = Callable[[Any], Any]
Network = IPv4Network | IPv6Network

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
DURATION = re.compile(r"(?:\d+(?:\.\d+)?[smhdw]\s*)+")
NAME = re.compile(r"[\w][\w.-]{0,99}")
CONSOLE_PATHS = (  # the first parts of the console's own paths
    *(
        "api",
        "article",
        "articles",
        "channel",
        "channels",
        "deliveries",
        "favicon.ico",
        "feed",
        "feeds",
        "healthz",
        "hooks",
    ),
    *("login", "logout", "metrics", "orders", "readyz", "static", "websub"),
)
HOST = re.compile(r"[^\s/?#@\\%<>\"'`{}|^]+")


class Bad(Exception):
    """A value that cannot be used: what is wrong with it, and the remedy."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class Judged(Bad):
    """A value that its kind cannot use, in words that do not repeat it."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of the day, in a time zone, in which a channel rests."""

    start: time
    end: time
    zone: str = "UTC"

    def ends(self, now: datetime) -> datetime | None:
        """When the rest that `now` falls into is over, always later than `now`; None when it falls into none.

        A day's rest lasts from the first moment the clock shows `start` to the last at which it shows `end`: where the
        clock is put back over one of them, it is the longer for it; a time that the clock skips is when it skips it.
        """
        zone = ZoneInfo(self.zone)
        today = now.astimezone(zone).date()
        until = now.astimezone(UTC)
        for days in (-1, 0, 1):
            day = today + timedelta(days=days)
            start, _ = _moments(day, self.start, zone)
            _, end = _moments(day + timedelta(days=self.end <= self.start), self.end, zone)
            if start <= until < end:
                until = end
        return until.astimezone(now.tzinfo) if until > now else None


def _moments(day: date, at: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first and the last moment, in UTC, at which a clock of the zone shows the time on that day (PEP 495)."""
    first, last = (datetime.combine(day, at.replace(fold=fold), zone).astimezone(UTC) for fold in (0, 1))
    if first <= last:
        return first, last
    before, after = last, first  # the clock skips the time between these two
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        if middle.astimezone(zone).utcoffset() == before.astimezone(zone).utcoffset():
            before = middle
        else:
            after = middle
    skipped = after.replace(microsecond=0)
    return skipped, skipped


def shown(value: object) -> str:
    """The value as an error shows it: short, and never more than a scalar."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, str):
        return f'"{value[:60]}…"' if len(value) > 60 else f'"{value}"'
    return "a table" if isinstance(value, dict) else "a list" if isinstance(value, list) else "this value"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant."""
    close = difflib.get_close_matches(word.lower(), list(known), n=1, cutoff=0.6)
    return close[0] if close else None


def text(value: object) -> str:
    """Any text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise Bad(f"{shown(value)} is not a text", "write it in double quotes")
    return value


def name(value: object) -> str:
    """The name of a feed or channel: letters, digits, dots, dashes, underlines."""
    if not isinstance(value, str) or not NAME.fullmatch(value):
        raise Bad(f"{shown(value)} is not a name", 'use letters, digits, "-", "_" and "." only, at most 100 of them')
    return value


def flag(value: object) -> bool:
    """Yes or no."""
    if not isinstance(value, bool):
        raise Bad(f"{shown(value)} is neither true nor false", "write true or false, without quotes")
    return value


def integer(low: int = 0, high: int = 10**9) -> Reader:
    """A reader of whole numbers between two bounds."""

    def read(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise Bad(f"{shown(value)} is not a number from {low} to {high}", "write a whole number, without quotes")
        return value

    return read


def number(value: object) -> float:
    """Any finite number."""
    if not isinstance(value, (int, float)) or isinstance(value, bool) or value != value or abs(value) == float("inf"):
        raise Bad(f"{shown(value)} is not a number", "write a number, without quotes")
    return float(value)


def one_of(*choices: str) -> Reader:
    """A reader that knows a few words."""

    def read(value: object) -> str:
        if isinstance(value, str) and value in choices:
            return value
        near = nearest(value, choices) if isinstance(value, str) else None
        options = ", ".join(f'"{choice}"' for choice in choices)
        raise Bad(f"{shown(value)} is not one of {options}", f'did you mean "{near}"?' if near else f"choose {options}")

    return read


def duration(value: object) -> timedelta:
    """A length of time: `30s`, `15m`, `6h`, `2d`, `1h 30m`."""
    remedy = 'write a number and a unit, such as "30s", "15m", "6h" or "2d"'
    if not isinstance(value, str) or not DURATION.fullmatch(value.strip()):
        raise Bad(f"{shown(value)} is not a duration", remedy)
    parts = re.findall(r"(\d+(?:\.\d+)?)([smhdw])", value)
    seconds = sum(float(amount) * UNITS[unit] for amount, unit in parts)
    if seconds > 100 * 366 * 86400:
        raise Bad(f"{shown(value)} is longer than a century", remedy)
    return timedelta(seconds=seconds)


def at_least(low: str, high: str | None = None) -> Reader:
    """A reader of durations between two bounds."""

    def read(value: object) -> timedelta:
        length = duration(value)
        if length < duration(low):
            raise Bad(f"{shown(value)} is shorter than {low}", f'write "{low}" or more')
        if high and length > duration(high):
            raise Bad(f"{shown(value)} is longer than {high}", f'write "{high}" or less')
        return length

    return read


def spoken(length: timedelta) -> str:
    """The duration as it is written in a configuration."""
    seconds = int(length.total_seconds())
    parts = []
    for unit in ("d", "h", "m", "s"):
        amount, seconds = divmod(seconds, UNITS[unit])
        parts += [f"{amount}{unit}"] if amount else []
    return " ".join(parts) or "0s"


def public_url(value: object) -> str:
    """An address that others reach us by, without a slash at its end; it may have a path, but nothing behind that."""
    parts = urlsplit(url(value))
    if parts.query or parts.fragment or "?" in str(value) or "#" in str(value):
        raise Bad("the address has something behind its path", f'write "{parts.scheme}://{parts.netloc}{parts.path}"')
    names = [unquote(name) for name in parts.path.rstrip("/").split("/")[1:]]
    if any(name in ("", ".", "..") or not name.isprintable() or not name.isascii() for name in names):
        raise Bad("the address's path is not whole", 'write it in plain letters, such as "https://example.org/desk"')
    if names and names[0] in CONSOLE_PATHS:
        raise Bad(
            f"the console has a page /{names[0]} of its own", 'choose another path, such as "https://example.org/desk"'
        )
    return parts.geturl().rstrip("/")


def url(value: object) -> str:
    """An absolute http or https address without credentials in it."""
    if not isinstance(value, str):
        raise Bad(f"{shown(value)} is not a URL", 'write it in quotes, such as "https://example.org/feed.xml"')
    try:
        parts = urlsplit(value.strip())
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise Bad("this is not a URL", 'write it whole, such as "https://example.org/feed.xml"') from None
    if (
        parts.scheme not in ("http", "https")
        or not host
        or not HOST.fullmatch(host)
        or re.search(r"[\s\x00-\x1f]", value.strip())
    ):
        remedy = (
            f'write "https://{value.strip()}"'
            if looks_bare(value)
            else 'write it whole, such as "https://example.org/feed.xml"'
        )
        raise Bad(f"{shown(without_credentials(value))} is not an http or https URL", remedy)
    if parts.username is not None or parts.password is not None:
        raise Bad("the URL carries a user name or password", "take them out; a secret never stands in the file")
    return value.strip()


def looks_bare(value: str) -> bool:
    """Whether this is an address that only lacks its scheme."""
    return bool(re.fullmatch(r"[\w-]+(\.[\w-]+)+(:\d+)?(/\S*)?", value.strip()))


def without_credentials(value: str) -> str:
    """The address without what stands before an @ in its authority."""
    return re.sub(r"//[^/@]*@", "//…@", value)


def texts(value: object) -> tuple[str, ...]:
    """A list of texts; a single text counts as a list of one."""
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list) or not all(isinstance(item, str) and item.strip() for item in items):
        raise Bad(f"{shown(value)} is not a list of texts", 'write ["one", "two"]')
    return tuple(items)


def numbers(value: object) -> tuple[int, ...]:
    """A list of whole numbers; a single one counts as a list of one."""
    items = [value] if isinstance(value, int) else value
    if not isinstance(items, list) or not all(isinstance(item, int) and not isinstance(item, bool) for item in items):
        raise Bad(f"{shown(value)} is not a list of numbers", "write [1, 2], without quotes")
    return tuple(items)


def patterns(value: object) -> tuple[str, ...]:
    """A list of regular expressions that compile."""
    for pattern in texts(value):
        try:
            re.compile(pattern)
        except re.error as error:
            raise Bad(
                f"{shown(pattern)} is not a regular expression ({error})", "mend it, or escape its special characters"
            ) from None
    return texts(value)


def selector(value: object) -> str:
    """A CSS selector."""
    from cssselect import SelectorError, parse

    found = text(value)
    try:
        parse(found)
    except SelectorError as error:
        raise Bad(f"{shown(value)} is not a CSS selector ({error})", 'write one such as "p.lede"') from None
    return found


def networks(value: object) -> tuple[Network, ...]:
    """A list of networks in CIDR notation."""
    found: list[Network] = []
    for item in texts(value):
        try:
            found.append(ipaddress.ip_network(item))
        except ValueError:
            raise Bad(f"{shown(item)} is not a network", network_remedy(item)) from None
    return tuple(found)


def network_remedy(item: str) -> str:
    """The network that was probably meant."""
    try:
        return f'write "{ipaddress.ip_network(item, strict=False)}"'
    except ValueError:
        return 'write it as "127.0.0.0/8" or "fd00::/8"'


def first_run(value: object) -> int:
    """How many articles of its archive a new feed posts: `none` or `last N`."""
    if value == "none":
        return 0
    match = re.fullmatch(r"last\s+(\d{1,6})", value.strip()) if isinstance(value, str) else None
    if not match:
        raise Bad(f'{shown(value)} is neither "none" nor "last N"', 'write "none" or, for the three newest, "last 3"')
    return int(match[1])


def address(value: object) -> str:
    """A host and port to listen on, or `off`."""
    if value == "off":
        return "off"
    match = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[^\s:/]+):(\d{1,5})", value) if isinstance(value, str) else None
    if not match or int(match[2]) > 65535:
        raise Bad(f"{shown(value)} is not a host and port", 'write it as "127.0.0.1:8080", or "off"')
    return match[0]


def quiet(value: object) -> Quiet:
    """Hours of rest: `22:00-07:00` (UTC) or `22:00-07:00 Europe/Lisbon`."""
    remedy = 'write it as "22:00-07:00" or "22:00-07:00 Europe/Lisbon"'
    match = (
        re.fullmatch(r"(\d{1,2}:\d\d)\s*[-–]\s*(\d{1,2}:\d\d)(?:\s+(\S+))?", value.strip())
        if isinstance(value, str)
        else None
    )
    if not match:
        raise Bad(f"{shown(value)} is not a time of day to another", remedy)
    try:
        start, end = (time.fromisoformat(part.zfill(5)) for part in match.group(1, 2))
        zone = str(ZoneInfo(match[3] or "UTC"))
    except (ValueError, KeyError, OSError):
        raise Bad(f"{shown(value)} names an hour or time zone that does not exist", remedy) from None
    if start == end:
        raise Bad(f"{shown(value)} is either no time or all day", "pause the channel to keep it quiet all day")
    return Quiet(start, end, zone)


def utm(value: object) -> dict[str, str]:
    """Parameters added to every link: `{ source = "mastodon", medium = "social" }`."""
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise Bad(f"{shown(value)} is not a table of texts", 'write { source = "mastodon", medium = "social" }')
    for key in value:
        if not re.fullmatch(r"[a-z_]{1,30}", key):
            raise Bad(
                f"{shown(key)} cannot be the name of a parameter", "use source, medium, campaign, term or content"
            )
    return dict(value)


def store(value: object) -> str:
    """The address of the store."""
    if not isinstance(value, str) or not re.match(r"(sqlite:///.|postgres(ql)?(\+psycopg)?://)", value):
        raise Bad(
            "this is not the address of a store", 'write "sqlite:///standfirst.db" or "postgresql://user@host/name"'
        )
    return with_port(value)


def broker(value: object) -> str:
    """The address of the broker."""
    if not isinstance(value, str) or not re.match(r"(memory|rediss?|sentinel|redis\+socket|amqps?|pyamqp)://", value):
        raise Bad("this is not the address of a broker", 'write "memory://", "redis://host:6379/0" or "amqp://host"')
    if value.startswith("sentinel:") and not parse_qs(value.partition("?")[2]).get("master_name"):
        raise Bad("a sentinel must be told whose address to give", 'write "sentinel://host:26379/0?master_name=NAME"')
    return with_port(value)


def with_port(value: str) -> str:
    """An address whose port, if it names one, can be one."""
    try:
        _ = urlsplit(value).port if "," not in value and ";" not in value else None
    except ValueError:
        raise Bad("the port in this address is none", "write a number from 1 to 65535 behind the host") from None
    return value


def language(value: object) -> str:
    """A language tag such as `en` or `pt-BR`."""
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*", value):
        raise Bad(f"{shown(value)} is not a language", 'write a tag such as "en", "pt-BR" or "zh-Hant"')
    return value.replace("_", "-")
