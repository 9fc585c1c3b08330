"""Article → teaser: the publisher's standfirst where it is good, else the text's first whole sentences."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.model import Article, Image
from pipeline.text import clean, languages, pictures
from pipeline.text.html import Block
from pipeline.text.material import Material, blocks
from pipeline.text.page import Page
from pipeline.text.sentences import sentences


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


def write(article: Article, page: Page | None, rules: TeaserRules, bounded: Any, *, override: str = "") -> Teaser:
    """The article's teaser. Its HTML is read in the bounded child; a text by hand (`override`) wins."""
    payload = {"summary": article.summary, "content": article.content, "link": article.link}
    return choose(material_of(article, page, bounded.run("material", payload)), rules, override)


def material_of(article: Article, page: Page | None, values: dict[str, Any]) -> Material:
    """What the child answered, with what the article itself knows."""
    return Material(
        title=article.title,
        link=article.link,
        language=article.language,
        summary=blocks(values["summary"]),
        content=blocks(values["content"]),
        image=article.image or pictures.image(values["image"]),
        page=page,
    )


def choose(material: Material, rules: TeaserRules = TeaserRules(), override: str = "") -> Teaser:
    """Which text becomes the teaser, from which source, and why."""
    language = languages.subtag(material.language) or languages.subtag(rules.language)
    if override.strip():
        return Teaser(clean.text(override), "editor", "written by hand", material.image, language)
    for source, candidate in candidates(material):
        text = cut(candidate, rules, language)
        if text:
            return Teaser(text, source, f"the first good text was the {source}", material.image, language)
    return Teaser(
        "", "title", "nothing in the feed or on the page is a whole text of the right length", material.image, language
    )


def candidates(material: Material) -> Iterator[tuple[str, Sequence[Block]]]:
    """The sources in order of trust."""
    yield "summary", material.summary
    if material.page:
        for source, text in material.page.descriptions:
            yield source, (Block(text),)
    yield "content", material.content
    if material.page:
        yield "page", material.page.blocks


def cut(text: Sequence[Block], rules: TeaserRules, language: str | None) -> str:
    """The first whole sentences within the limits, or nothing."""
    taken: list[str] = []
    for block in text:
        if block.kind != "paragraph":
            continue
        for sentence in sentences(block.text, language):
            if not clean.closed(sentence) or len(" ".join([*taken, sentence]).split()) > rules.max_words:
                return done(taken, rules)
            taken.append(sentence)
        if done(taken, rules):
            break
    return done(taken, rules)


def done(taken: Sequence[str], rules: TeaserRules) -> str:
    """The sentences joined, when they are enough."""
    text = " ".join(taken)
    return text if len(text.split()) >= rules.min_words else ""
