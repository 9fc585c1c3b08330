"""Article → teaser: the publisher's standfirst where it is good, else the text's first whole sentences."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.model import Article, Image
from pipeline.text import clean, languages, pictures
from pipeline.text.excerpt import CUT, Limits, excerpt, paragraphs, same, tokens, words
from pipeline.text.html import Block
from pipeline.text.material import Material, blocks
from pipeline.text.page import Page

NAMES = {
    "summary": "the feed's summary",
    "preferred": "what the feed's selector finds on the page",
    "standfirst": "the page's own standfirst",
    "og:description": "the page's og:description",
    "json-ld": "the page's JSON-LD description",
    "description": "the page's meta description",
    "twitter:description": "the page's twitter:description",
    "content": "the feed's text",
    "page": "the page's text",
}

Text = Sequence[Block]
OPENING = 7  # words by which a beginning is known again
ARTICLE = 250  # words with which a summary is no introduction any more
SEARCHED = 12  # paragraphs in which the beginning is looked for


@dataclass(frozen=True, slots=True)
class TeaserRules:
    """A feed's rules for its teasers. Lengths in words, or in characters where those are given."""

    min_words: int = 25
    max_words: int = 110
    min_characters: int | None = None
    max_characters: int | None = None
    strip: tuple[str, ...] = ()  # regular expressions taken out of every text
    prefer: str | None = None  # CSS selector of the page's own standfirst
    language: str | None = None  # of the feed, where it does not say

    @property
    def limits(self) -> Limits:
        """The lengths alone."""
        return Limits(self.min_words, self.max_words, self.min_characters, self.max_characters)


DEFAULT = TeaserRules()


@dataclass(frozen=True, slots=True)
class Teaser:
    """The teaser, where it came from and why. An empty `text` means: the title alone."""

    text: str
    source: str
    reason: str
    image: Image | None = None
    language: str | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    canonical: str = ""
    paid: bool = False
    noindex: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A text that may become the teaser."""

    text: str
    source: str


def write(article: Article, page: Page | None, rules: TeaserRules, bounded: Any, *, override: str = "") -> Teaser:
    """The article's teaser. Its HTML is read in the bounded child; a text by hand (`override`) wins."""
    payload = {"summary": article.summary, "content": article.content, "link": article.link}
    return choose(material_of(article, page, bounded.run("material", payload)), rules, override)


def material_of(article: Article, page: Page | None, values: Mapping[str, Any]) -> Material:
    """What the child answered, with what the article itself knows."""
    return Material(
        title=article.title,
        link=article.link,
        language=article.language,
        summary=blocks(values["summary"]),
        content=blocks(values["content"]),
        image=article.image or pictures.image(values["image"]),
        authors=article.authors,
        tags=article.tags,
        page=page,
    )


def choose(material: Material, rules: TeaserRules = DEFAULT, override: str = "") -> Teaser:
    """Which text becomes the teaser, from which source, and why."""
    page = material.page or Page()
    language = languages.decide(material.language or page.language or rules.language, sample(material))
    text, source, reason = decided(material, rules, language, override)
    return Teaser(
        text=text,
        source=source,
        reason=reason,
        image=material.image or page.image,
        language=language,
        authors=material.authors or page.authors,
        tags=material.tags or page.tags,
        canonical=page.canonical,
        paid=page.paid,
        noindex=page.noindex,
    )


def sample(material: Material) -> str:
    """Some of the article's text, to tell its language by."""
    text = [block.text for block in (*material.content[:6], *material.summary[:6])]
    text += [block.text for block in material.page.blocks[:6]] if material.page else []
    return " ".join(text)[:2000] or material.title


def decided(material: Material, rules: TeaserRules, language: str | None, override: str) -> tuple[str, str, str]:
    """The teaser's text, its source, and the sentence that explains it."""
    if override.strip():
        return clean.text(override), "editor", "written by hand"
    refused: list[str] = []
    short: list[Found] = []
    for found, why in judged(material, rules.limits, language):
        if not why:
            return found.text, found.source, explained(found, refused)
        refused.append(f"{NAMES[found.source]} {why}")
        if found.text and why.startswith("is short"):
            short.append(found)
    if short:
        best = max(short, key=lambda f: words(f.text))
        return best.text, best.source, f"short, for there is no more: {'; '.join(refused)}"
    return "", "title", f"the title alone: {'; '.join(refused) or 'the feed gave no text and no page was read'}"


def explained(found: Found, refused: list[str]) -> str:
    """Why this one: what it is, and what was passed over."""
    kind = "first whole sentences of " if found.source in ("content", "page") else ""
    return f"{kind}{NAMES[found.source]}" + (f"; {'; '.join(refused)}" if refused else "")


def judged(material: Material, limits: Limits, language: str | None) -> Iterator[tuple[Found, str]]:
    """The sources in order of trust, each with what speaks against it."""
    reading = Reading(material.title, limits, language)
    introductions = list(standfirsts(material))
    texts = [(source, reading.aligned(text, introductions)) for source, text in main_texts(material)]
    for source, text in introductions:
        yield reading.standfirst(source, text, texts)
    for source, text in texts:
        yield reading.judge(source, text)
    if material.summary:
        yield reading.judge("summary", material.summary)


def main_texts(material: Material) -> Iterator[tuple[str, Text]]:
    """The article's own text, as the feed and as the page give it."""
    if material.content or long(material.summary):
        yield (
            "content",
            max(material.content, material.summary, key=length) if long(material.summary) else material.content,
        )
    if material.page and material.page.blocks:
        yield "page", material.page.blocks


def length(text: Text) -> int:
    """How many words a text has."""
    return sum(words(block.text) for block in text)


def long(text: Text) -> bool:
    """Whether a summary is a whole article: some feeds put it there."""
    return length(text) > ARTICLE


def standfirsts(material: Material) -> Iterator[tuple[str, Text]]:
    """What the publisher wrote as an introduction."""
    if material.summary and not long(material.summary):
        yield "summary", material.summary
    for source, text in material.page.descriptions if material.page else ():
        yield source, (Block(text),)


@dataclass(frozen=True, slots=True)
class Reading:
    """How one article's texts are read."""

    title: str
    limits: Limits
    language: str | None

    def standfirst(self, source: str, given: Text, texts: Sequence[tuple[str, Text]]) -> tuple[Found, str]:
        """Judges an introduction: whole, own, sufficient."""
        raw = " ".join(paragraphs(given, ""))
        if same(raw, self.title):
            return Found("", source), "only says the title again"
        found, why = self.judge(source, given)
        if cut_off(raw) and (texts or not found.text):
            return Found("", source), "is cut off"
        if any(trimmed(found.text, text) for _, text in texts):
            return Found("", source), "is cut out of the text"
        return found, why

    def judge(self, source: str, text: Text) -> tuple[Found, str]:
        """What speaks against a text by itself; nothing when it may be the teaser."""
        found = Found(excerpt(text, self.title, self.limits, self.language), source)
        if not found.text:
            return found, "has no whole sentence to use"
        if not self.limits.enough(found.text):
            return found, f"is short ({words(found.text)} words)"
        return found, ""

    def aligned(self, text: Text, introductions: Sequence[tuple[str, Text]]) -> Text:
        """The text from where an introduction begins it: what stands above is none of the article."""
        openings = [opening(blocks) for _, blocks in introductions]
        for at, block in enumerate(text[:SEARCHED]):
            if any(o and tokens(block.text[:400])[: len(o)] == o for o in openings):
                return text[at:]
        return text


def opening(text: Text) -> list[str]:
    """The first words of an introduction; nothing where they are too few to know it again."""
    first = tokens(next(paragraphs(text, ""), "")[:400])[:OPENING]
    return first if len(first) == OPENING else []


def trimmed(introduction: str, text: Text) -> bool:
    """Whether the introduction ends where a sentence of the text goes on."""
    tail = re.findall(r"\w+", introduction)[-5:]
    if len(tail) < 5:
        return False
    pattern = re.compile(r"\W+".join(map(re.escape, tail)) + r"(?P<after>[^\w\n]*)")
    found = next((m for block in text if (m := pattern.search(block.text))), None)
    return (
        bool(found)
        and not any(mark in found["after"] for mark in clean.TERMINALS)
        and bool(found["after"].strip(clean.CLOSERS))
    )  # type: ignore[index]


def cut_off(text: str) -> bool:
    """Whether a text stops before its end."""
    return bool(CUT.search(text.strip())) or not clean.closed(text.strip())
