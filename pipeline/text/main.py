"""The main text of a page: what no reader sees and captions go first, then trafilatura finds the article."""

import re
from typing import Any
from urllib.parse import urljoin, urlsplit

from pipeline.text import boilerplate, html
from pipeline.text.html import Block

NAMES = {
    "head": "h2",
    "item": "li",
    "list": "ul",
    "lb": "br",
    "quote": "blockquote",
    "row": "tr",
    "cell": "td",
    "ref": "a",
}
"""Trafilatura's names for elements, and HTML's."""
HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
HIDDEN_CLASS = re.compile(
    r"(?:^|\s)(?:hidden|invisible|is-hidden|visually-hidden|sr-only|screen-reader-text)(?:\s|$)|(?:rollover|tooltip|popover)[\w-]*(?:block|text|content|body)"
)
CAPTION_CLASS = re.compile(
    r"(?:^|[\s_-])(?:caption|wp-caption-text|figcaption|photo-?credit|image-?credit|credit)(?:$|[\s_-])", re.IGNORECASE
)
NAMED = "div span p section aside ul ol table h2 h3 h4 h5 h6 figcaption small em strong sup"
CARD = frozenset({"h1", "h2", "h3", "h4", "h5", "p", "div", "figcaption", "blockquote", "article", "section", "header"})
LARGEST = 0.3  # of the page's text: what holds more is no furniture, whatever it is called
ENOUGH = 200  # letters with which a text is believed to be the article
PARAGRAPH = 80  # letters: shorter ones are as often furniture as text
ALIKE = 0.75  # of the wider text: a stricter one with less has lost some of the article


def blocks(tree: Any) -> list[Block]:
    """The article's text in blocks; the tree is used up."""
    prune(tree)
    chosen = found(tree, favor_precision=True)
    if doubtful(length(chosen), prose(tree)):
        wide = found(tree)
        chosen = chosen if length(chosen) >= max(ENOUGH, ALIKE * length(wide)) else wide
    if length(chosen) < ENOUGH:
        chosen = found(tree, fast=False) or chosen
    return [block for block in chosen if block.kind == "cell" or not boilerplate.foreign(block.text)]


def without_cards(tree: Any, url: str) -> None:
    """Take out what stands inside a link to another page: a card's headline, words and picture are that page's."""
    for link in [element for element in tree.iter("a") if element.get("href")]:
        if any(child.tag in CARD for child in link.iter()) and elsewhere(link.get("href"), url):
            remove(link)


def elsewhere(href: str, url: str) -> bool:
    """Whether a link leads to another page than this one; where that is not known, it does."""
    try:
        there, here = urlsplit(urljoin(url, href)), urlsplit(url)
    except ValueError:
        return False
    return bool(there.netloc) and (there.netloc, there.path.rstrip("/")) != (here.netloc, here.path.rstrip("/"))


def found(tree: Any, *, fast: bool = True, favor_precision: bool = False) -> list[Block]:
    """What trafilatura takes for the article."""
    from trafilatura import bare_extraction

    document = bare_extraction(
        tree, fast=fast, favor_precision=favor_precision, include_comments=False, with_metadata=False
    )
    body = getattr(document, "body", None)
    if body is None:
        return []
    for element in body.iter(*NAMES):
        element.tag = NAMES[element.tag]
    return list(html.blocks_of(body))


def doubtful(strict: int, paragraphs: int) -> bool:
    """Whether the strict reading may have lost text: it is short, or the page's text is not in its paragraphs."""
    return strict < max(ENOUGH, ALIKE * paragraphs) or paragraphs < ALIKE * strict


def prose(tree: Any) -> int:
    """How many letters stand in the page's longer paragraphs: what an article can have at most, as a rule."""
    lengths = (sum(len(text) for text in paragraph.itertext()) for paragraph in tree.iter("p"))
    return sum(letters for letters in lengths if letters > PARAGRAPH)


def length(text: list[Block]) -> int:
    """How many letters a text has."""
    return sum(len(block.text) for block in text)


def prune(tree: Any) -> None:
    """Takes out what no reader sees and captions, unless it is too large to be any."""
    body = tree.find(".//body")
    if body is None:
        return
    limit = LARGEST * max(1, sum(len(text) for text in body.itertext()))
    for element in [e for e in body.iter(*NAMED.split()) if unwanted(e)]:
        if sum(len(text) for text in element.itertext()) < limit:
            remove(element)


def unwanted(element: Any) -> bool:
    """Whether the element's names say that it is none of the text."""
    if element.tag == "figcaption" or element.get("hidden") is not None:
        return True
    if element.tag == "sup":
        return html.note(element)
    names = element.get("class", "")
    if names and (HIDDEN_CLASS.search(names) or CAPTION_CLASS.search(names)):
        return True
    return bool(HIDDEN_STYLE.search(element.get("style", "")))


def remove(element: Any) -> None:
    """Takes an element out and leaves the text after it."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)
