"""Our own look at a feed's elements, for what feedparser loses or mixes up: ids, pictures, skip rules."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

_DECLARATION = re.compile(r"^[\s\ufeff]*<\?xml[^>]*\?>", re.IGNORECASE)
_START = re.compile(r"<(?:\?xml|!DOCTYPE|rss|feed|rdf:RDF|[a-z]+:feed|channel)\b", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE\s[^<>\[]*\[((?:[^\]\"']++|\"[^\"]*+\"|'[^']*+')*+)\]\s*>", re.IGNORECASE)
_ENTITY = re.compile(r"<!ENTITY\s+([\w.-]+)\s+(?:\"([^\"<%]{0,1000})\"|'([^'<%]{0,1000})')\s*>")
_NESTED = re.compile(r"&(?!amp;|lt;|gt;|quot;|apos;|#)")
_USE = re.compile(r"&([A-Za-z_][\w.-]*);")
_LONGEST_EXPANSION = 1_000_000
_ROOTS = frozenset({"rss", "rdf", "feed", "channel"})
_SPACES = (
    ("search.yahoo.com/mrss", "media"),
    ("podcast-1.0.dtd", "itunes"),
    ("purl.org/rss/1.0/modules/content", "content"),
    ("purl.org/dc/", "dc"),
    ("rdf-syntax-ns", "rdf"),
    ("w3.org/2007/app", "app"),
    ("purl.org/atom/app", "app"),
)
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"


@dataclass(slots=True)
class Picture:
    """A media:content or media:thumbnail as its element says."""

    url: str
    kind: str = ""  # its medium or MIME type
    width: str | None = None
    height: str | None = None
    default: bool = False
    alt: str = ""
    length: str | None = None


@dataclass(slots=True)
class Item:
    """What one item or entry says in its own elements."""

    entry_id: str | None = None
    language: str | None = None
    has_summary: bool = False
    draft: bool = False  # RFC 5023: its author has not published it
    media: list[Picture] = field(default_factory=list)
    thumbnails: list[Picture] = field(default_factory=list)
    description: str = ""  # media:description beside, not inside, a picture
    itunes_summary: str = ""
    itunes_image: str | None = None
    texts: list[str] = field(default_factory=list)  # bodies as written, for the pictures in them


@dataclass(slots=True)
class Outline:
    """A document's root, items and skip rules; no root at all where nothing could be read."""

    root: str = ""
    items: list[Item] = field(default_factory=list)
    hours: list[str] = field(default_factory=list)
    days: list[str] = field(default_factory=list)

    @property
    def is_feed(self) -> bool:
        """Whether the root element is that of a feed."""
        return self.root in _ROOTS


def begun(text: str) -> str:
    """The document from its first element on."""
    start = _START.search(text[:20_000])
    return _DECLARATION.sub("", text[start.start() :] if start else text)


def expanded(text: str) -> str:
    """The document with its own entities, those of plain text, in their places, and without their declarations.

    Read beside the parsers, which differ in what they do with them. One that names another stays: none can multiply.
    """
    doctype = _DOCTYPE.search(text[:20_000])
    if doctype is None:
        return text
    said = {name: a or b for name, a, b in _ENTITY.findall(doctype[1]) if not _NESTED.search(a or b)}
    rest = text[doctype.end() :]
    uses = sum(len(said.get(name, "")) for name in _USE.findall(rest))
    if not said or uses > _LONGEST_EXPANSION:
        return text
    parts = re.split(r"(<!\[CDATA\[.*?\]\]>)", rest, flags=re.DOTALL)
    parts[::2] = [_USE.sub(lambda found: said.get(found[1], found[0]), part) for part in parts[::2]]
    return text[: doctype.start()] + "".join(parts)


def outline(text: str) -> Outline:
    """The outline of a document, however broken it is."""
    root = _root(text)
    if root is None:
        return Outline()
    found = Outline(_split(root)[1])
    if not found.is_feed:
        return found
    for element in root.iter():
        space, name = _split(element)
        if not space and name in ("item", "entry"):
            found.items.append(_item(element))
        elif name == "hour" and _parent(element) == "skiphours":
            found.hours.append(_text(element))
        elif name == "day" and _parent(element) == "skipdays":
            found.days.append(_text(element))
    return found


def mended(text: str) -> bytes:
    """The document as well-formed XML: what can be made of it."""
    from lxml import etree

    root = _root(text)
    return b"" if root is None else bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))


def _root(text: str) -> Any:
    from lxml import etree

    parser = etree.XMLParser(
        encoding="utf-8", recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def cut_short(text: str) -> tuple[bool, bool]:
    """Whether an ill-formed document lacks its end, and whether its last item does."""
    root = re.search(r"<((?:[A-Za-z_][\w.\-]*:)?(?:rss|feed|RDF|rdf|channel))\b", text[:20_000], re.IGNORECASE)
    if root is None or re.search(rf"</{re.escape(root[1])}\s*>", text[-5_000:], re.IGNORECASE):
        return False, False
    text = re.sub(r"<!\[CDATA\[.*?(\]\]>|$)|<!--.*?(-->|$)", "", text, flags=re.DOTALL)
    opened = [found.start() for found in re.finditer(r"<(?:\w+:)?(?:item|entry)[\s>]", text, re.IGNORECASE)]
    closed = [found.start() for found in re.finditer(r"</(?:\w+:)?(?:item|entry)\s*>", text, re.IGNORECASE)]
    return True, bool(opened) and (not closed or closed[-1] < opened[-1])


def _item(element: Any) -> Item:
    item = Item(entry_id=element.get(_RDF_ABOUT), language=element.get(_XML_LANG))
    for child in element:
        space, name = _split(child)
        reader = _READERS.get((space, name))
        if reader is not None:
            reader(item, child)
        elif space == "media":
            _media(item, child)
    return item


def _id(item: Item, element: Any) -> None:
    item.entry_id = _text(element) or item.entry_id


def _body(item: Item, element: Any) -> None:
    from lxml import etree

    item.language = item.language or element.get(_XML_LANG)
    inner = len(element) and any(isinstance(child.tag, str) for child in element)
    item.texts.append(etree.tostring(element, encoding="unicode") if inner else _text(element))


def _summary(item: Item, element: Any) -> None:
    item.has_summary = True
    _body(item, element)


def _language(item: Item, element: Any) -> None:
    item.language = item.language or _text(element)


def _itunes_summary(item: Item, element: Any) -> None:
    item.itunes_summary = _text(element)


def _itunes_image(item: Item, element: Any) -> None:
    item.itunes_image = element.get("href") or element.get("url") or _text(element) or None


def _control(item: Item, element: Any) -> None:
    item.draft = any(_split(child) == ("app", "draft") and _text(child).lower() == "yes" for child in element)


_READERS = {
    ("", "guid"): _id,
    ("", "id"): _id,
    ("", "description"): _summary,
    ("", "summary"): _summary,
    ("dc", "description"): _summary,
    ("", "content"): _body,
    ("content", "encoded"): _body,
    ("", "language"): _language,
    ("dc", "language"): _language,
    ("itunes", "summary"): _itunes_summary,
    ("itunes", "image"): _itunes_image,
    ("app", "control"): _control,
}


def _media(item: Item, element: Any) -> None:
    """Media RSS: what is said inside a picture beats its group, and the group beats the item."""
    name = _split(element)[1]
    if name == "group":
        for child in element:
            if _split(child)[0] == "media":
                _media(item, child)
    elif name == "content":
        item.media.append(_picture(element))
        item.thumbnails += [_picture(child) for child in element if _split(child) == ("media", "thumbnail")]
        item.media += [_picture(child) for child in element if _split(child) == ("media", "content")]
    elif name == "thumbnail":
        item.thumbnails.append(_picture(element))
    elif name == "description":
        item.description = item.description or _text(element)


def _picture(element: Any) -> Picture:
    inside = {name: _text(child) for child, (space, name) in ((c, _split(c)) for c in element) if space == "media"}
    return Picture(
        url=element.get("url") or "",
        kind=(element.get("medium") or element.get("type") or "").lower(),
        width=element.get("width"),
        height=element.get("height"),
        default=element.get("isDefault") == "true",
        alt=inside.get("description") or inside.get("title") or "",
        length=element.get("fileSize"),
    )


def _split(element: Any) -> tuple[str, str]:
    """Our short name of the element's namespace ("" for a feed's own ones), and its name in lower case."""
    return _named(element.tag) if isinstance(element.tag, str) else ("!", "")


@lru_cache(maxsize=1024)
def _named(tag: str) -> tuple[str, str]:
    space, brace, name = tag.rpartition("}")
    if not brace:
        space, _, name = tag.rpartition(":")  # a prefix that was never declared
        return ("" if space in ("atom", "rss") else space.lower(), name.lower())
    lowered = space.lower()
    return next((short for part, short in _SPACES if part in lowered), _own(lowered)), name.lower()


def _own(space: str) -> str:
    own = (
        "/atom",
        "/rss",
        "purl.org/pie",
        "/echo",
        "purl.org/net/rss",
        "netscape.com/rdf",
        "necho",
        "newformat",
    )
    return "" if any(part in space for part in own) and "/modules/" not in space else space


def _text(element: Any) -> str:
    if not len(element):  # nothing inside but text: nearly always
        return (element.text or "").strip()
    return "".join(_texts(element)).strip()


def _texts(element: Any) -> Iterator[str]:
    yield from (part for part in element.itertext() if isinstance(part, str))


def _parent(element: Any) -> str:
    parent = element.getparent()
    return "" if parent is None else _split(parent)[1]
