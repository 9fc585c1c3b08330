"""What a setting of a kind must be, as far as that can be told without the network.

A judge is given the value as its type reads it, and says what is wrong and what to do (“…; …”), or None. It never
repeats the value, for that may be a secret. A kind names it in its field's metadata: `field(metadata=judged(header))`.
"""

import base64
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

Judge = Callable[[Any], str | None]
KEY = "judge"
AGAIN = "copy it once more, whole and alone"


def judged(judge: Judge) -> Mapping[str, Judge]:
    """The metadata of a field."""
    return {KEY: judge}


def each(judge: Judge) -> Judge:
    """A judge of lists by that of their items."""
    return lambda values: next((complaint for value in values if (complaint := judge(value))), None)


def shaped(pattern: str, complaint: str) -> Judge:
    """A judge of texts that have one shape."""
    return lambda value: None if re.fullmatch(pattern, value) else complaint


def within(low: float, high: float) -> Judge:
    """A judge of numbers."""
    return lambda value: None if low <= value <= high else f"this is not from {low} to {high}; choose one that is"


def header(value: str) -> str | None:
    """What goes into a header."""
    sound = value.isascii() and value.isprintable() and value == value.strip()
    return None if sound else f"it has letters or line breaks that no header can carry; {AGAIN}"


def token(value: str) -> str | None:
    """A token: one word of a header or an address."""
    return f"it has a space inside and is no token; {AGAIN}" if " " in value else header(value)


def address(value: str) -> str | None:
    """An address that holds a secret."""
    try:
        parts = urlsplit(value)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and value.isascii() and " " not in value
    except ValueError:
        sound = False
    return None if sound else "this is no http or https address; copy it once more, from its https:// on"


def signing(value: str) -> str | None:
    """One or more secrets of Standard Webhooks."""
    secrets = value.split()
    sound = bool(secrets) and all(map(_signs, secrets))
    return None if sound else "this is not whsec_ and base64; make one of 24 random bytes as base64 after whsec_"


def _signs(secret: str) -> bool:
    try:
        return bool(base64.b64decode(secret.removeprefix("whsec_"), validate=True))
    except ValueError:
        return False


def relay(value: str) -> str | None:
    """The address of a relay."""
    try:
        parts = urlsplit(value)
        sound = parts.scheme in {"ws", "wss"} and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        sound = False
    return None if sound else 'this is no relay; write its address, such as "wss://relay.example"'
