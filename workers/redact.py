"""What may be said aloud: the last look at every value before it is written to a log, a page or an alert."""

import base64
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

MASK = "•••"
SHORT = 2048  # bytes of one value
LONG = 16 * 1024  # of a traceback
READ = 64 * 1024  # how much of a value is looked at; what is behind it is cut anyway
DEEP = 5  # nested lists and mappings below this are only counted
SHORTEST = 4

# Shapes of secrets that nobody told us, and the addresses and headers that carry them. Group 1 stays.
SHAPES = (
    r"(\bbot)\d{6,}:[\w-]{30,}",  # Telegram
    r"()\bxox[a-z]-[\w-]{8,}",  # Slack
    r"(\bdiscord(?:app)?\.com/api/(?:v\d+/)?webhooks/)[\w/-]+",
    r"(\bhooks\.slack\.com/(?:services|workflows|triggers)/)[\w/-]+",
    r"(\b(?:bearer|basic|token|digest|negotiate)[ \t]+)(?=[\w.~+/=-]*[\d=_])[\w.~+/-]{8,}=*",
    r"([?&;#][\w.-]*(?:token|key|sig|signature|secret|password|pwd|code|auth|session|jwt)=)(?!•)[^\s&\"',;}#]{4,}",
    r"(\b[\w-]*(?:token|secret|password|passwd|pwd|api_?key)[\"']?\s*[=:]\s*[\"']?)(?!•)[^\s&\"',;}#]{4,}",
    r"(\bauthorization[\"']?\s*[=:]\s*[\"']?)(?!(?:bearer|basic)\b)[^\s\"',;}]{4,}",
    r"(\b[a-z][a-z0-9+.-]*://)[^\s/@:]*:[^\s/@]+(?=@)",  # user:password@
    r"()\beyJ[\w-]{8,}\.[\w-]{4,}\.[\w-]*",  # JSON Web Token
    r"()\bgh[pousr]_\w{20,}|\bsk-[\w-]{20,}|\bAKIA[A-Z0-9]{16}\b|\bglpat-[\w-]{16,}",
    r"()-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)",
    r"(\bset-cookie:\s*|\bcookie:\s*)[^\r\n]+",
)
SHAPE = re.compile("|".join(f"(?:{shape})" for shape in SHAPES), re.IGNORECASE)


class Redactor:
    """Takes out known secrets in their usual disguises, and whatever has the shape of one."""

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = {form for secret in secrets if len(secret) >= SHORTEST for form in disguises(secret)}
        longest_first = sorted(forms, key=lambda form: (-len(form), form))
        self._known = re.compile("|".join(map(re.escape, longest_first))) if forms else None

    def text(self, text: str) -> str:
        """The text without secrets."""
        if self._known:
            text = self._known.sub(MASK, text)
        return SHAPE.sub(_kept, text)

    def event(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of one log line: plain values without secrets, each of bounded length."""
        return {
            self.text(str(key))[:64]: self.value(value, limit=LONG if key == "exception" else SHORT)
            for key, value in event.items()
        }

    def value(self, value: Any, *, limit: int = SHORT, depth: int = 0) -> Any:
        """One value, made plain; secrets go before anything is cut, so that no half of one remains."""
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, Mapping) and depth < DEEP:
            return {self.text(str(key)): self._named(key, item, depth) for key, item in list(value.items())[:100]}
        if isinstance(value, list | tuple | set | frozenset) and depth < DEEP:
            return [self.value(item, depth=depth + 1) for item in list(value)[:100]]
        return capped(self.text(_spelt(value)[:READ]), limit)

    def _named(self, key: Any, item: Any, depth: int) -> Any:
        """A value under a name that says it is secret is not looked at."""
        return MASK if SECRET_NAME.search(str(key)) else self.value(item, depth=depth + 1)


SECRET_NAME = re.compile(
    r"(?:^|[_-])(?:token|secret|password|passwd|authorization|cookie|api_?key|access_?token)$", re.IGNORECASE
)


def _kept(match: re.Match[str]) -> str:
    return next((group for group in match.groups() if group is not None), "") + MASK


def _spelt(value: Any) -> str:
    try:
        return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    except Exception:  # a foreign __str__ that fails must not cost the line
        return f"<{type(value).__name__}>"


def capped(text: str, limit: int) -> str:
    """At most so many bytes, and says when it was more."""
    raw = text.encode("utf-8", "replace")
    if len(raw) <= limit:
        return raw.decode("utf-8", "replace")
    return raw[:limit].decode("utf-8", "ignore") + "…"


def disguises(secret: str) -> set[str]:
    """A secret as it stands in URLs, JSON, reprs and Basic headers."""
    import json

    plain = {secret, json.dumps(secret)[1:-1], repr(secret)[1:-1]}
    plain |= {quote(secret, safe=""), quote(secret), quote_plus(secret)}
    return {form for form in plain | set(_base64(secret)) if len(form) >= SHORTEST}


def _base64(secret: str) -> Iterable[str]:
    """The middle of its Base64 at each of three offsets: what stays the same whatever stands around it."""
    raw = secret.encode("utf-8", "surrogatepass")
    if len(raw) < 6:
        return
    for offset in range(3):
        end = (offset + len(raw)) // 3 * 4
        middle = base64.b64encode(b"\0" * offset + raw)[4 if offset else 0 : end].decode()
        yield middle
        yield middle.replace("+", "-").replace("/", "_")
