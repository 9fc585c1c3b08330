"""Addresses: campaign parameters on a link, and nothing else of it touched; names for posts on a site. Pure."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from urllib.parse import quote, unquote_plus


def with_utm(link: str, utm: Mapping[str, str]) -> str:
    """The link with the channel's parameters; a parameter that it already has is replaced."""
    if not utm or not link:
        return link
    ours = {name if name.startswith("utm_") else f"utm_{name}": value for name, value in utm.items()}
    head, hash_, fragment = link.partition("#")
    path, _, query = head.partition("?")
    kept = [part for part in query.split("&") if part and unquote_plus(part.partition("=")[0]) not in ours]
    added = [f"{name}={quote(value, safe='')}" for name, value in ours.items()]
    return f"{path}?{'&'.join(kept + added)}{hash_}{fragment}"


def slug(title: str, key: str) -> str:
    """A readable name for an address that holds enough of our key to be found again."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")
    return f"{words or 'article'}-{hashlib.sha256(key.encode()).hexdigest()[:10]}"
