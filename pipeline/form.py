"""Reading single values of an answer: each is of the kind that was asked for, or is not believed."""

import hashlib
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

LONGEST_WAIT = timedelta(days=7)
MOST = 10**9
LONGEST = 16_384  # characters of an id or a token
LONGEST_ADDRESS = 2048


class Misread(ValueError):
    """A value that is not what its name promises."""


def text(value: object) -> str:
    """A text that can be shown and stored: an id, a token, a name."""
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST or not value.isprintable():
        raise Misread("no text where one was promised")
    return value


def token(value: object) -> str:
    """A credential, which goes into a header."""
    found = text(value)
    if not found.isascii():
        raise Misread("no token where one was promised")
    return found


def ident(value: object) -> str:
    """An id, which some platforms give as a number."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else text(value)


def table(value: object) -> dict[str, Any]:
    """An object."""
    if not isinstance(value, dict):
        raise Misread("no object where one was promised")
    return value


def rows(value: object) -> list[dict[str, Any]]:
    """A list of objects; nothing where there is none."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise Misread("no list where one was promised")
    return [table(one) for one in value]


def whole(value: object) -> int | None:
    """A number greater than nothing, as limits are; None where it is none."""
    sensible = isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MOST
    return value if sensible else None  # type: ignore[return-value]


def address(value: object) -> str | None:
    """An address that people can follow; None where it is none."""
    if not isinstance(value, str) or len(value) > LONGEST_ADDRESS or not value.isprintable() or " " in value:
        return None
    try:
        parts = urlsplit(value)
        return value if parts.scheme in {"http", "https"} and parts.hostname else None
    except ValueError:
        return None


def wait(value: object, unit: timedelta = timedelta(seconds=1)) -> timedelta | None:
    """A wait, given as a number or as the text of one; None where it is no wait."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        amount = float(value)
    except (ValueError, OverflowError):
        return None
    if not 0 <= amount < float("inf"):
        return None
    return min(unit * min(amount, 1e9), LONGEST_WAIT)


def lasting(value: object) -> timedelta | None:
    """How long a token lasts, in whole seconds, given as a number or as the text of one; None where it is neither."""
    given = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return timedelta(seconds=min(int(given[:12]), MOST)) if given.isascii() and given.isdigit() else None


def mark(*settings: object) -> str:
    """Which settings something was learned for, as a mark that gives none of them away."""
    return hashlib.sha256("\n".join(map(str, settings)).encode("utf-8", "surrogatepass")).hexdigest()[:16]
