"""The small values of a feed, cleaned: texts, addresses, dates, names, tags. Pure."""

import html
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urljoin, urlsplit

from pipeline.model import Enclosure
from pipeline.text import tags
from pipeline.text.clean import INVISIBLE

LONGEST_TEXT = 2_000_000
LONGEST_TITLE = 10_000
LONGEST_ADDRESS = 8192
_CONTROL: re.Pattern[str] = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")
_ENTITY = re.compile(r"&(#\d+|#[xX][0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]+);")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_WHOLE = re.compile(r"https?://", re.IGNORECASE)
# An address as nearly all are written: nothing in it is to be cleaned, resolved or refused.
_USUAL = re.compile(r"https?://[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?(?:[/?#][!#-;=?-Z_a-z~]{0,2000})?")


def clean(text: object) -> str:
    """The text without characters that no text has."""
    if not isinstance(text, str):
        return ""
    text = text[:LONGEST_TEXT]
    return text if text.isprintable() else _CONTROL.sub("", text)


def line(text: object) -> str:
    """The text on one line: white space collapsed, nothing invisible that hides or turns what is read."""
    plain = clean(text)
    return " ".join((plain if plain.isprintable() else INVISIBLE.sub("", plain)).split())


def title(text: Any, *, markup: bool = True) -> str:
    """A title as one line of plain text. `markup` False: its format says that there is none in it.

    Character references are read in both cases: systems escape once too often in every format.
    """
    plain = line(text[:LONGEST_TITLE] if isinstance(text, str) else "")
    if markup and "<" in plain:
        plain = tags.removed(tags.without_silent(tags.settled(plain)))
    return line(_ENTITY.sub(lambda found: html.unescape(found[0]), plain)) if "&" in plain or markup else plain


def address(text: object, base: str | None = None) -> str | None:
    """An http(s) address, made absolute; None for anything else."""
    if not text:
        return None
    if isinstance(text, str) and _USUAL.fullmatch(text):
        return text
    written = line(text).replace(" ", "%20")
    if not written or len(written) > LONGEST_ADDRESS or written.startswith("\\"):
        return None
    try:
        written = urljoin(base, written) if base and not _WHOLE.match(written) else written
        parts = urlsplit(written)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or set("@\\") & set(parts.netloc):
        return None
    return written


def only_file(enclosures: Iterable[Enclosure]) -> str | None:
    """The address of an entry that has no page, only a file to hear or to see: a podcast's episode."""
    return next((one.url for one in enclosures if not one.mime.startswith("image/")), None)


def person(text: Any) -> str:
    """A name without the e-mail address beside it; empty when there is only an address."""
    text = title(text)
    if "@" in text:
        text = re.sub(r"[<(\[]?\s*(mailto:)?\S+@[^\s<>()\[\]]+\s*[>)\]]?", " ", text)
        text = re.sub(r"^\s*\((.*)\)\s*$", r"\1", text)
    return " ".join(text.split()).strip(" ,;")[:200]


def distinct(texts: Iterable[str], longest: int, most: int) -> tuple[str, ...]:
    """The texts, each once whatever its case, without empty and overlong ones."""
    found: dict[str, str] = {}
    for text in texts:
        if text and len(text) <= longest:
            found.setdefault(text.casefold(), text)
    return tuple(found.values())[:most]


def number(text: Any, most: int = 2**53) -> int | None:
    """A whole number that is not negative; None for anything else."""
    text = str(text).strip() if isinstance(text, str | int) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 17 and int(text) <= most else None


def language(text: object) -> str | None:
    """A language tag with hyphens (BCP 47); None for anything else."""
    if not text:
        return None
    tag = line(text).replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) else None
