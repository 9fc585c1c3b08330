"""The lead picture by rule: no pixels, icons or avatars; from its address and what the markup says of it."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from pipeline.model import Image
from pipeline.text import clean
from pipeline.text import html as markup

LEAST = 200  # pixels, where a size is declared
NOT_PICTURES = re.compile(
    r"gravatar|avatar|emoji|smil(?:ey|ies)|/pixel|pixel\.|[?&/](?:1x1|spacer|blank|transparent)\b|feedburner|/~r/|"
    r"stats\.|doubleclick|/ads?/|favicon|sprite|/icons?/|[-_/]icon[-_.]|[-_/]logo[-_.]|share[-_]?button|badge|feeds\.wordpress\.com",
    re.IGNORECASE,
)
VECTOR = re.compile(r"\.(?:svgz?|ico)(?:$|[?#])", re.IGNORECASE)


def first_in(content: str, base: str) -> dict[str, Any] | None:
    """The first picture of some markup that an editor would show, as plain values."""
    if "<img" not in content.lower():
        return None
    root = markup.parse(content)
    for element in root.iter("img") if root is not None else ():
        if found := of_element(element, base):
            return found
    return None


def of_element(element: Any, base: str) -> dict[str, Any] | None:
    """One <img> as a picture, or None where it is decoration."""
    address = best(element.get("srcset", "")) or element.get("data-src") or element.get("src") or ""
    return of_values(
        address, base, alt=element.get("alt", ""), width=element.get("width"), height=element.get("height")
    )


def of_values(
    address: str, base: str, *, alt: str = "", width: Any = None, height: Any = None, mime: str = ""
) -> dict[str, Any] | None:
    """A picture's plain values, or None for what is no picture: data, pixels, icons, avatars, drawings."""
    url = absolute(address, base)
    across, down = pixels(width), pixels(height)
    if (
        not url
        or NOT_PICTURES.search(url)
        or VECTOR.search(url)
        or any(n is not None and n < LEAST for n in (across, down))
    ):
        return None
    return {"url": url, "alt": clean.text(alt), "width": across, "height": down, "mime": mime}


def absolute(address: str, base: str) -> str:
    """The address in full, or nothing where there is none or it is not on the web."""
    if not address.strip():
        return ""
    try:
        url = urljoin(base, address.strip())
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc and len(url) <= 4096 else ""


def pixels(value: Any) -> int | None:
    """A declared size in pixels; None where it is not a plain number."""
    found = re.fullmatch(r"\s*(\d{1,5})(?:\.\d+)?(?:px)?\s*", str(value)) if value is not None else None
    return int(found[1]) if found else None


def best(srcset: str) -> str:
    """The widest address of a srcset up to 4096 pixels."""
    found = [(int(width), address) for address, width in re.findall(r"(\S+)\s+(\d{1,5})w", srcset[:8192])]
    fitting = [pair for pair in found if pair[0] <= 4096]
    return max(fitting)[1] if fitting else ""


def image(values: Mapping[str, Any] | None) -> Image | None:
    """The picture that a job wrote down as plain values."""
    return Image(**values) if values else None
