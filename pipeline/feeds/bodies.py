"""A feed's HTML with absolute addresses and nothing active in it; still foreign, to be cleaned for its use."""

import re
from collections.abc import Callable
from functools import cache
from urllib.parse import urljoin

import nh3

from pipeline.text import tags

_TAGS = nh3.ALLOWED_TAGS | {"font", "picture", "section", "main", "source", "audio", "video", "tfoot", "address"}
_SILENT = {
    "script",
    "style",
    "template",
    "noscript",
    "iframe",
    "object",
    "embed",
    "select",
    "textarea",
}
_SHARED = {"class", "dir", "lang", "title"}
_ATTRIBUTES = {
    **nh3.ALLOWED_ATTRIBUTES,
    "*": _SHARED,
    "img": {"alt", "height", "sizes", "src", "srcset", "width"},
    "source": {"media", "src", "srcset", "type"},
    "audio": {"src"},
    "video": {"poster", "src"},
}
_ADDRESSES = {"href", "src", "poster", "cite"}
# A drawing's own description and a formula's letters are text. What a formula says again for a program is not.
_DRAWING = re.compile(
    r"<(?:\w+:)?annotation(?:-xml)?\b[^<>]*>[^<>]*</(?:\w+:)?annotation(?:-xml)?\s*>"
    rf"|</?(?:\w+:)?(?:svg|math|desc|foreignObject|{'|'.join(sorted(tags.FORMULA))})\b[^<>]*>",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"\b(?:href|src|poster|cite)\s*=\s*[\"']?\s*(?![\"'\s]|https?://|mailto:|data:|#)|\bsrcset\s*=", re.IGNORECASE
)


def clean(text: str, base: str | None, *, habit: bool = False) -> str:
    """The HTML without scripts, handlers, forms and frames, its relative addresses resolved.

    What is no markup stays as text: `tags` has the rule, and says what `habit` is.
    """
    if "<" not in text:
        return text
    text = tags.settled(_DRAWING.sub("", text), habit=habit)

    def resolved(tag: str, name: str, value: str) -> str | None:
        del tag
        return _resolved(name, value, base)

    relative = base and "=" in text and _RELATIVE.search(text)
    cleaner = _cleaner(resolved) if relative else _usual()
    return cleaner.clean(text)


def _cleaner(resolved: Callable[[str, str, str], str | None] | None) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_TAGS,
        clean_content_tags=_SILENT,
        attributes=_ATTRIBUTES,
        attribute_filter=resolved,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )


@cache  # to make one takes twenty times as long as to clean a summary with it
def _usual() -> nh3.Cleaner:
    return _cleaner(None)


def _resolved(name: str, value: str, base: str | None) -> str | None:
    try:
        if name in _ADDRESSES:
            return value if value.startswith("#") else urljoin(base or "", value.strip())
        if name == "srcset":
            parts = (part.split() for part in re.split(r",\s+|,(?=https?:|/)", value))
            return ", ".join(" ".join([urljoin(base or "", words[0]), *words[1:]]) for words in parts if words)
    except ValueError:
        return None
    return value
