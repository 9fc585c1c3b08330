"""Which picture an entry offers: the best that its elements name, else the first real one in its text. Pure."""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from urllib.parse import urlsplit

from pipeline.feeds import values
from pipeline.feeds.markup import Item, Picture
from pipeline.model import Enclosure, Image

WIDEST = 4096
NARROWEST = 50
_DECLARED = 200  # pixels that a picture in the text must have, where it declares any
# Possessive and bounded: a text of nothing but openings costs no more than its length.
_IMG = re.compile(r"<img\b((?:[^<>\"']++|\"[^\"]{0,8000}+\"|'[^']{0,8000}+')*+)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([a-zA-Z\-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_NOT_PICTURES = re.compile(
    r"feedburner\.com/~|feeds\.feedburner\.|pixel\.wp\.com|//stats\.|gravatar\.com|/emoji/|smilies|wp-includes/images"
    r"|doubleclick\.|feedsportal\.com|/pixel\b|[/_-](1x1|spacer|blank|pixel|tracking|beacon)[./_-]|\.svg($|\?)"
    r"|google-analytics\.|//ad[sx]?\.|/ad(s|server)?/|count(er)?\.(gif|php)",
    re.IGNORECASE,
)
_SMALL_CLASSES = re.compile(r"\b(emoji|avatar|wp-smiley|gravatar|pixel|icon)\b", re.IGNORECASE)


def choose(item: Item | None, enclosures: Iterable[Enclosure], texts: Iterable[str], base: str | None) -> Image | None:
    """The entry's picture, by the order of precedence of Media RSS, enclosures, thumbnails, podcasts and text."""
    named = _named(item, list(enclosures), base) if item else _enclosed(enclosures)
    found = next((image for image in named if _usable(image)), None)
    written = [image for text in (*(item.texts if item else ()), *texts) for image in _in_text(text, base)]
    if found is None:
        return next(iter(written), None)
    if not found.alt:
        alt = next((image.alt for image in written if image.alt and _same(image.url, found.url)), "")
        return replace(found, alt=alt)
    return found


def _named(item: Item, enclosures: list[Enclosure], base: str | None) -> Iterator[Image]:
    if not (item.media or item.thumbnails or item.itunes_image):  # as most entries
        return iter([*_enclosed(enclosures)])
    media = [one for one in item.media if _is_image(one)]
    media.sort(key=lambda one: (not one.default, -_width(one)))
    thumbnails = sorted(item.thumbnails, key=lambda one: -_width(one))
    podcast = [Picture(item.itunes_image)] if item.itunes_image else []
    return chain(_images(media, base), _enclosed(enclosures), _images([*thumbnails, *podcast], base))


def _enclosed(enclosures: Iterable[Enclosure]) -> Iterator[Image]:
    return (
        Image(one.url, mime=one.mime, length=one.length or None) for one in enclosures if one.mime.startswith("image/")
    )


def _images(pictures: Iterable[Picture], base: str | None) -> Iterator[Image]:
    for one in pictures:
        if url := values.address(one.url, base):
            mime = one.kind if "/" in one.kind else ""
            width, height = values.number(one.width), values.number(one.height)
            yield Image(url, values.title(one.alt)[:1000], width, height, mime, values.number(one.length) or None)


def _is_image(one: Picture) -> bool:
    if one.kind:
        return one.kind == "image" or one.kind.startswith("image/")
    return bool(re.search(r"\.(jpe?g|png|gif|webp|avif)($|\?)", one.url, re.IGNORECASE))


def _width(one: Picture) -> int:
    width = values.number(one.width) or 0
    return width if width <= WIDEST else 0


def _usable(image: Image) -> bool:
    sides = [side for side in (image.width, image.height) if side is not None]
    return not _NOT_PICTURES.search(image.url) and all(side >= NARROWEST for side in sides if side)


def _in_text(text: str, base: str | None) -> list[Image]:
    found: list[Image] = []
    if "<" not in text:
        return found
    for tag in _IMG.finditer(text[: values.LONGEST_TEXT]):
        said = {name.lower(): html.unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(tag[1])}
        image = _written(said, base)
        if image is not None:
            found.append(image)
            if len(found) == 20:
                break
    return found


def _written(said: dict[str, str], base: str | None) -> Image | None:
    source = said.get("src", "")
    if not source or source.startswith("data:"):
        source = _largest(said.get("srcset") or said.get("data-srcset", "")) or said.get("data-src", "")
    url = values.address(source, base)
    if url is None or _SMALL_CLASSES.search(said.get("class", "")):
        return None
    width, height = values.number(said.get("width")), values.number(said.get("height"))
    if any(side is not None and side < _DECLARED for side in (width, height)) or _NOT_PICTURES.search(url):
        return None
    return Image(url, values.title(said.get("alt"))[:1000], width, height)


def _largest(srcset: str) -> str:
    best, address = -1.0, ""
    for part in re.split(r",\s+|,(?=https?:|/)", srcset):
        words = part.split()
        size = re.fullmatch(r"(\d+(?:\.\d+)?)[wx]", words[1]) if len(words) > 1 else None
        value = float(size[1]) if size else 1.0
        if words and best < value <= WIDEST:
            best, address = value, words[0]
    return address


def _same(one: str, other: str) -> bool:
    return urlsplit(one).path == urlsplit(other).path
