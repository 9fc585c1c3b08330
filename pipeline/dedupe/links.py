"""What two addresses say about two articles: nothing here asks the network."""

import re
from enum import StrEnum
from functools import lru_cache

from pipeline.feeds import canonical

SISTER_HOST = re.compile(r"^(?:(?:www\d?|m|mobile|amp|edition|[a-z]{2})\.)+(?=[^.]+\.[^.]+)")
SECOND_LEVEL = frozenset(("co", "com", "org", "net", "gov", "ac", "edu", "or", "ne", "go"))
COUNTRY = 2  # letters


class Link(StrEnum):
    """How two addresses are related."""

    SAME = "same"  # but for scheme, sister hosts, tracking and ways to show it
    PART = "part"  # two parts of one page: only the fragments differ
    OTHER = "other"
    NONE = "none"  # one of them has no address, or only that of the site


@lru_cache(maxsize=4096)
def page(url: str) -> tuple[str, str]:
    """(the page an address leads to, the part of it); empty where it leads to a site's front."""
    whole, _, part = canonical.key(url, fragment=True).partition("#")
    path, _, query = SISTER_HOST.sub("", whole).partition("?")
    if "/" not in path and not query:
        return "", ""
    return f"{path}?{query}" if query else path, "" if "=" in part else part


def compare(a: str, b: str) -> Link:
    """How the two addresses are related."""
    (one, part), (other, other_part) = page(a), page(b)
    if not one or not other:
        return Link.NONE
    if one != other:
        return Link.OTHER
    return Link.PART if part and other_part and part != other_part else Link.SAME


@lru_cache(maxsize=4096)
def site(url: str) -> str:
    """The end of the host that names the publisher: `news.example.co.uk` and `example.co.uk` are one site."""
    labels = canonical.host(url).partition(":")[0].split(".")
    british = len(labels) > COUNTRY and labels[-2] in SECOND_LEVEL and len(labels[-1]) == COUNTRY
    return ".".join(labels[-3:] if british else labels[-2:])
