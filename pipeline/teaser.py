"""Article → teaser: the publisher's standfirst where it is good, else the text's first whole sentences."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.model import Article, Image
from pipeline.text import clean, languages, pictures
from pipeline.text.excerpt import CUT, Limits, excerpt, same, tokens, words
from pipeline.text.html import Block
from pipeline.text.material import Material, blocks
from pipeline.text.page import Page

NAMES = {
    "summary": "the feed's summary",
    "standfirst": "the page's own standfirst",
    "og:description": "the page's og:description",
    "json-ld": "the page's JSON-LD description",
    "description": "the page's meta description",
    "twitter:description": "the page's twitter:description",
    "content": "the feed's text",
    "page": "the page's text",
}


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
    language = languages.subtag(material.language) or page.language or languages.subtag(rules.language)
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
    own = excerpt(material.content, material.title, limits, language)
    main = own or excerpt(material.page.blocks, material.title, limits, language) if material.page else own
    for source, text in standfirsts(material):
        yield standfirst(source, text, material.title, main, limits, language)
    yield judge(Found(own, "content"), limits)
    if material.page:
        yield judge(Found(excerpt(material.page.blocks, material.title, limits, language), "page"), limits)
    if material.summary:
        yield judge(Found(excerpt(material.summary, material.title, limits, language), "summary"), limits)


def standfirsts(material: Material) -> Iterator[tuple[str, tuple[Block, ...]]]:
    """What the publisher wrote as an introduction."""
    if material.summary:
        yield "summary", material.summary
    for source, text in material.page.descriptions if material.page else ():
        yield source, (Block(text),)


def standfirst(source: str, given: tuple[Block, ...], title: str, main: str, limits: Limits, language: str | None) -> tuple[Found, str]:
    """Judges an introduction: whole, own, sufficient."""
    text = excerpt(given, title, limits, language)
    found = Found(text, source)
    raw = " ".join(block.text for block in given)
    if same(raw, title):
        return Found("", source), "only says the title again"
    if main and cut_off(raw) and begins(main, raw):
        return Found("", source), "is the text, cut off"
    if not text and raw:
        return found, "is cut off"
    return judge(found, limits)


def judge(found: Found, limits: Limits) -> tuple[Found, str]:
    """What speaks against a text by itself; nothing when it may be the teaser."""
    if not found.text:
        return found, "has no whole sentence to use"
    if not limits.enough(found.text):
        return found, f"is short ({words(found.text)} words)"
    return found, ""


def cut_off(text: str) -> bool:
    """Whether a text stops before its end."""
    return bool(CUT.search(text.strip())) or not clean.closed(text.strip())


def begins(text: str, other: str) -> bool:
    """Whether two texts begin with the same words."""
    a, b = tokens(text)[:8], tokens(other)[:8]
    return bool(a) and a[: len(b)] == b[: len(a)]
