"""Markup to plain text: hostile HTML in, blocks of clean text out. In production it runs in the bounded child."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from pipeline.text import clean, tags

SILENT = """
script style svg template noscript iframe object embed form button select textarea canvas audio video head title nav
aside footer math map del dialog menu input
"""
PARTING = """
address article blockquote body center dd div dl dt fieldset figcaption figure h1 h2 h3 h4 h5 h6 header hgroup hr html
li main ol p pre section summary details table tbody td tfoot th thead tr ul caption
"""
SKIPPED = frozenset(SILENT.split())
BLOCKS = frozenset(PARTING.split())
KINDS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "dt", "hgroup"), "heading"),
    **dict.fromkeys(("li", "dd"), "item"),
    **dict.fromkeys(("td", "th", "tr"), "cell"),
    **dict.fromkeys(("figcaption", "caption"), "caption"),
    "blockquote": "quote",
    "pre": "code",
}
INHERITED = frozenset(("caption", "byline", "item", "quote", "cell", "heading"))
TAG = re.compile(r"<[a-zA-Z/!?]")
BREAK = "\x1e"  # stands for <br> until the lines are joined; feeds cannot bring it, C0 characters are removed first
CAPTION_CLASS = re.compile(r"caption|credit|photographer|image-source", re.IGNORECASE)
BYLINE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:byline|author|dateline|date|timestamp|published|meta)(?:$|[\s_-])", re.IGNORECASE
)
FURNITURE_CLASS = re.compile(
    r"share|sharing|social|related|newsletter|subscri|promo|advert|(?:^|[\s_-])ads?(?:$|[\s_-])|sponsor|comment|cookie|"
    r"read-?more|more-link|twitter-tweet|instagram-media|tiktok-embed|bluesky-embed|mastodon-embed|wp-embedded-content|fb-post|"
    r"feedflare|crunchbase|toolbar|breadcrumb|wp-block-buttons|screen-reader|visually-hidden|sr-only",
    re.IGNORECASE,
)
NOTE = re.compile(r"\s*[\[(]?(?:\d{1,3}|[a-z]|[*†‡§]{1,3})[\])]?\s*")
PAGES = re.compile(r"\s*:\s*\d[\d–, -]{0,20}\s*")  # : 207, the page of a footnote's book
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
LARGEST = 0.5  # of the text: an element with more is no furniture, whatever it is called
LONGEST_BLOCK = 20_000  # letters that leave the child in one block
MOST_BLOCKS = 5000
LONGEST = 2_000_000  # letters of markup that are read


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading, list item … of a text.

    `links` is the share of its characters inside links, `anchors` how many links there are.
    """

    text: str
    kind: str = "paragraph"
    links: float = 0.0
    anchors: int = 0


@dataclass(slots=True)
class Draft:
    """A block while it is being read."""

    kind: str
    parts: list[str] = field(default_factory=list)
    linked: int = 0
    anchors: int = 0

    def add(self, text: str | None, linked: bool) -> None:
        """Takes in a piece of text."""
        if text:
            self.parts.append(text)
            self.linked += len(text) if linked else 0


def plain(markup: str) -> str:
    """The text of the markup, clean, its paragraphs parted by an empty line. Never any markup."""
    return "\n\n".join(block.text for block in blocks(markup))


def blocks(markup: str) -> list[Block]:
    """The blocks of text in order, without scripts, forms, share bars; plain text is taken as it is."""
    root = parse(markup)
    return [] if root is None else list(blocks_of(root))


def parse(markup: str) -> Any:
    """The tree of a fragment or document, or None where there is none."""
    text = clean.controls(markup[:LONGEST])
    if not TAG.search(text):
        return of_plain(text)
    parser = lxml_html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        return etree.fromstring(f"<html><body>{text}</body></html>".encode("utf-8", "replace"), parser)
    except etree.LxmlError:
        return None


def of_plain(text: str) -> Any:
    """A tree of paragraphs for text without tags; what it escapes is read as a feed means it."""
    once = clean.entities(text)
    if once != text and TAG.search(once) and TAG.search(settled := tags.settled(once)):
        return parse(settled)
    body = etree.Element("body")
    for paragraph in re.split(r"\n\s*\n", once):
        etree.SubElement(body, "p").text = clean.controls(paragraph)
    return body


def blocks_of(root: Any) -> Iterator[Block]:
    """The blocks of a tree."""
    for draft in drafts(root):
        whole = "".join(draft.parts)
        share = draft.linked / max(1, len(whole))
        for line in lines(whole):
            yield Block(line, draft.kind, round(share, 2), draft.anchors)


def lines(text: str) -> Iterator[str]:
    """The lines of a block: <br> parts them where a reader would see a new paragraph."""
    kept = ""
    given = [clean.text(line) for line in text.split(BREAK)]
    margin = wrapped(given)
    for line in given:
        if kept and (not line or parted(kept, line, margin)):
            yield kept
            kept = ""
        kept = f"{kept} {line}".strip()
    if kept:
        yield kept


def wrapped(lines: Sequence[str]) -> int:
    """The margin, in letters, of a text that was broken at it by hand; 0 for a text whose breaks mean something."""
    lengths = [len(line) for line in lines if line]
    widest = max(lengths, default=0)
    full = sum(length > 0.7 * widest for length in lengths[:-1])
    return widest if len(lengths) > 2 and full > 0.6 * (len(lengths) - 1) and widest < 100 else 0


def parted(before: str, after: str, margin: int = 0) -> bool:
    """Whether two lines are two paragraphs: the first is closed, or is too short to have run into the margin."""
    if margin and len(before.rsplit("\n", 1)[-1]) > 0.7 * margin:
        return clean.closed(before) and len(before) < 0.8 * margin
    return clean.closed(before) or (len(before) < 60 and not after[:1].islower())


def drafts(root: Any) -> Iterator[Draft]:
    """Walks the tree once, without recursion: depth is the document's, not ours."""
    now = Draft("paragraph")
    kinds, linked, skip = ["paragraph"], 0, 0
    furniture = Furniture(root)
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        starts = event == "start"
        if skip or (starts and furniture.is_(element, tag)):
            skip += 1 if starts else -1
            if not skip:
                now.add(element.tail, linked > 0)
            continue
        if tag == "a":
            linked += 1 if starts else -1
            now.anchors += starts
        if tag in BLOCKS:
            yield now
            kinds = turn(kinds, element, tag, starts)
            now = Draft(kinds[-1])
        elif tag == "br" and starts:
            now.parts.append(BREAK)
        now.add(inside(element, tag) if starts else element.tail, linked > 0)
    yield now


def inside(element: Any, tag: str) -> str | None:
    """The text that an element begins with; raised numbers stay raised: 10⁶."""
    text: str | None = element.text
    return text.translate(RAISED) if tag == "sup" and text and text.isdecimal() else text


def turn(kinds: list[str], element: Any, tag: str, starts: bool) -> list[str]:
    """The kinds around the place after a block's start or end; the list is changed in place."""
    if starts:
        kinds.append(kind_of(element, tag, kinds[-1]))
    elif len(kinds) > 1:
        kinds.pop()
    return kinds


@dataclass(slots=True)
class Furniture:
    """What in a tree is no text of the article."""

    root: Any
    total: int = -1  # counted when it is first asked for

    def is_(self, element: Any, tag: str) -> bool:
        """Whether an element and all it holds is no text of the article."""
        if not tag or tag in SKIPPED or element.get("hidden") is not None or (tag == "sup" and note(element)):
            return True
        names = f"{element.get('class', '')} {element.get('id', '')}"
        if len(names) < 2 or tag in ("html", "body", "article", "main") or not FURNITURE_CLASS.search(names[:500]):
            return False
        if self.total < 0:
            self.total = length(self.root)
        return length(element) <= LARGEST * self.total


def note(element: Any) -> bool:
    """Whether a raised mark only leads to a footnote."""
    text = "".join(element.itertext())
    link = next(element.iter("a"), element.getparent())
    return bool(PAGES.fullmatch(text) or (NOTE.fullmatch(text) and link is not None and "#" in link.get("href", "")))


def length(element: Any) -> int:
    """How many letters an element holds."""
    return sum(len(text) for text in element.itertext())


def kind_of(element: Any, tag: str, around: str) -> str:
    """What a block element is; inside captions, quotes and lists the outer kind stays."""
    names = element.get("class", "")[:500]
    if names and CAPTION_CLASS.search(names):
        return "caption"
    if names and BYLINE_CLASS.search(names):
        return "byline"
    return KINDS.get(tag, around if around in INHERITED else "paragraph")
