"""Which of an article's texts becomes its teaser: the sources in order of trust, and what speaks against each. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.text import clean, datelines
from pipeline.text.excerpt import CUT, UNSPACED, Limits, excerpt, paragraphs, same, tokens, unclosed, words
from pipeline.text.html import Block
from pipeline.text.material import Material
from pipeline.wording import counted

NAMES = {
    "summary": "the feed's summary",
    "preferred": "what the feed's selector finds on the page",
    "og:description": "the page's og:description",
    "json-ld": "the page's JSON-LD description",
    "description": "the page's meta description",
    "twitter:description": "the page's twitter:description",
    "standfirst": "the page's own standfirst",
    "content": "the feed's text",
    "page": "the page's text",
}
TEXTS = ("content", "page")
OPENING = 7  # words by which a beginning is known again
SEARCHED = 12  # paragraphs in which the beginning is looked for
FEWEST = 5  # longer words by which an introduction can be compared with the text
KNOWN = 60  # longer words that a text must have for it
DISTANT = 0.3  # of an introduction's longer words: with fewer in the text it is about something else
SITE = re.compile(r"\s[|–—»-]\s")  # what parts a headline from the site's name
RELATED = {"standfirst": 0.5}  # a paragraph known by its name only may as well be another article's
ARTICLE = 220  # words with which a summary is no introduction any more

Text = Sequence[Block]
Source = tuple[str, Text]


@dataclass(frozen=True, slots=True)
class Found:
    """A text that may become the teaser, where it is from, and what speaks against it."""

    source: str
    text: str = ""
    against: str = ""

    @property
    def said(self) -> str:
        """The finding as half a sentence."""
        return f"{NAMES[self.source]} {self.against}"


def choose(material: Material, limits: Limits, language: str | None) -> tuple[str, str, str]:
    """The teaser's text, its source, and the sentence that explains it; no text means the title alone."""
    refused: list[Found] = []
    for found in judged(material, Reading(clean.text(material.title), limits, language)):
        if not found.against:
            return found.text, found.source, explained(found, refused)
        refused.append(found)
    reasons = "; ".join(found.said for found in refused)
    if short := [found for found in refused if found.text]:
        best = max(short, key=lambda found: words(found.text))
        return best.text, best.source, f"short, for there is no more: {reasons}"
    return "", "title", f"the title alone: {reasons or 'the feed gave no text and no page was read'}"


def explained(found: Found, refused: Sequence[Found]) -> str:
    """Why this one: what it is, and what was passed over."""
    first = "the first whole sentences of " if found.source in TEXTS else ""
    return "; ".join([f"{first}{NAMES[found.source]}", *(each.said for each in refused)])


def judged(material: Material, reading: "Reading") -> Iterator[Found]:
    """The sources in order of trust, each judged."""
    introductions = [(source, named(text, material)) for source, text in standfirsts(material)]
    texts = [(source, named(aligned(text, introductions), material)) for source, text in main_texts(material)]
    for source, text in introductions:
        yield reading.standfirst(source, text, texts)
    for source, text in texts:
        yield reading.text(source, text)
    if introductions and texts:  # better the whole sentences of a summary that is cut off than none
        yield reading.text(*introductions[0])


def standfirsts(material: Material) -> Iterator[Source]:
    """What the publisher wrote as an introduction."""
    given = [(source, (Block(text),)) for source, text in material.page.descriptions] if material.page else []
    yield from (each for each in given if each[0] == "preferred")
    if material.summary and not long(material.summary):
        yield "summary", material.summary
    yield from (each for each in given if each[0] != "preferred")


def main_texts(material: Material) -> Iterator[Source]:
    """The article's own text, as the feed and as the page give it."""
    whole = material.summary if long(material.summary) else ()
    if content := max(material.content, whole, key=length):
        yield "content", content
    if material.page and material.page.blocks:
        yield "page", material.page.blocks


def length(text: Text) -> int:
    """How many words a text has."""
    return sum(words(block.text) for block in text)


def long(text: Text) -> bool:
    """Whether a summary is a whole article: some feeds put it there."""
    return length(text) > ARTICLE


def aligned(text: Text, introductions: Sequence[Source]) -> Text:
    """The text from where an introduction begins it: what stands above is none of the article."""
    openings = [opening(blocks) for _, blocks in introductions]
    for at, block in enumerate(text[:SEARCHED]):
        first = tokens(block.text[:200])[:OPENING]
        if any(known and first == known for known in openings):
            return [lead(block, introductions), *text[at + 1 :]]
    return text


def lead(block: Block, introductions: Sequence[Source]) -> Block:
    """The text's first paragraph, though the page sets it as a heading; not where an introduction has all of it."""
    has_all = any(len(text[0].text) >= len(block.text) for _, text in introductions if text)
    plain = block.kind == "heading" and clean.closed(block.text) and not has_all
    return replace(block, kind="paragraph") if plain else block


def named(text: Text, material: Material) -> Text:
    """The text without the author's and the paper's name at its beginning."""
    authors = () if material.page is None else material.page.authors
    begun = datelines.unsigned(text[0].text, material.link, [*material.authors, *authors]) if text else ""
    return [replace(text[0], text=begun), *text[1:]] if begun and begun != text[0].text else text


def opening(text: Text) -> list[str]:
    """The first words of an introduction; nothing where they are too few to know it again."""
    first = tokens(next(paragraphs(text, ""), "")[:200])[:OPENING]
    return first if len(first) == OPENING else []


@dataclass(frozen=True, slots=True)
class Reading:
    """How one article's texts are read."""

    title: str
    limits: Limits
    language: str | None

    def standfirst(self, source: str, given: Text, texts: Sequence[Source]) -> Found:
        """Judges an introduction: whole, own, sufficient."""
        raw = " ".join(paragraphs(given, ""))
        if same(raw, self.title):
            return Found(source, against="only says the title again")
        found = self.text(source, given)
        if cut_off(raw) and (texts or not found.text):
            return Found(source, against="is cut off")
        if strange(source, raw, self.title, texts):
            return Found(source, against="is about something else")
        if any(trimmed(found.text, text) for _, text in texts):
            return Found(source, against="is cut out of the text")
        return found

    def text(self, source: str, text: Text) -> Found:
        """Judges a text by itself."""
        found = excerpt(text, self.title, self.limits, self.language)
        if not found:
            return Found(source, against="has no whole sentence to use")
        short = "" if self.limits.enough(found) else f"is short ({counted(words(found), 'word')})"
        return Found(source, found, short)


def trimmed(introduction: str, text: Text) -> bool:
    """Whether the introduction ends where a sentence of the text goes on."""
    tail = re.findall(r"\w+", introduction)[-5:]
    if len(tail) < 5:
        return False
    pattern = re.compile(r"\W+".join(map(re.escape, tail)) + r"(?P<after>[^\w\n]*)")
    after = next((found["after"] for block in text if (found := pattern.search(block.text))), "")
    return bool(after.strip(clean.CLOSERS)) and not any(mark in after for mark in clean.TERMINALS)


def cut_off(text: str) -> bool:
    """Whether a text stops before its end."""
    return bool(CUT.search(text.strip())) or not clean.closed(text.strip()) or unclosed(text)


def strange(source: str, introduction: str, title: str, texts: Sequence[Source]) -> bool:
    """Whether what a page gives as its introduction is about something else: the site, the author, another article."""
    text = max((text for _, text in texts), key=length, default=())
    told = stems(introduction)
    if source in ("summary", "preferred") or UNSPACED.search(introduction) or len(told) < FEWEST:
        return False
    headline = stems(SITE.split(title)[0])
    if len(told & headline) > 1:
        return False
    known = headline | stems(" ".join(block.text for block in text))
    return len(known) >= KNOWN and len(told & known) < RELATED.get(source, DISTANT) * len(told)


def stems(text: str) -> set[str]:
    """The first letters of a text's longer words: they stay when an ending changes."""
    return {word[:5] for word in tokens(text) if len(word) >= 5}
