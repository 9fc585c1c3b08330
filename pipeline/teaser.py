"""Article → teaser: the publisher's standfirst where it is good, else the text's first whole sentences."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from pipeline.model import Article, Image
from pipeline.text import choice, clean, languages, pictures
from pipeline.text.excerpt import Limits
from pipeline.text.material import Material, blocks
from pipeline.text.material import job as read
from pipeline.text.page import Page
from pipeline.text.strip import Strip

SECONDS = 2.0  # that the child may spend on one document


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


def write(article: Article, page: Page | None, rules: TeaserRules, bounded: Any, *, override: str = "") -> Teaser:
    """The article's teaser. Its HTML is read in the bounded child; a text by hand (`override`) wins."""
    payload = {"summary": article.summary, "content": article.content, "link": article.link}
    values = bounded.run("material", payload, seconds=SECONDS)
    return choose(material_of(article, page, values), rules, override)


def write_apart(article: Article, rules: TeaserRules, bounded: Any, *, override: str = "") -> Teaser:
    """The same without a page and wholly in the child: an article that kills who reads it kills nobody else."""
    names = ("summary", "content", "link", "title", "language", "authors", "tags")
    image = asdict(article.image) if article.image else None
    payload = {name: getattr(article, name) for name in names} | {"image": image, "override": override}
    told = bounded.run("teaser", payload | {"rules": asdict(rules)}, seconds=SECONDS)
    texts = {name: tuple(told[name]) for name in ("authors", "tags")}
    return Teaser(**told | texts | {"image": pictures.image(told["image"])})


def job(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The whole of `write_apart`, as the child does it."""
    values = read(payload)
    rules = payload["rules"]
    found = choose(
        Material(
            title=payload["title"],
            link=payload["link"],
            language=payload["language"],
            summary=blocks(values["summary"]),
            content=blocks(values["content"]),
            image=pictures.image(payload["image"] or values["image"]),
            authors=tuple(payload["authors"]),
            tags=tuple(payload["tags"]),
        ),
        TeaserRules(**rules | {"strip": tuple(rules["strip"])}),
        payload["override"],
    )
    return asdict(found)


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
    """Which text becomes the teaser, from which source, and why; with what else was found of the article."""
    strip = Strip(rules.strip)
    material = stripped(material, strip)
    page = material.page or Page()
    language = languages.decide(material.language or page.language or rules.language, sample(material))
    if override.strip():
        text, source, reason = clean.text(override), "editor", "written by hand"
    else:
        text, source, reason = choice.choose(material, rules.limits, language)
    return Teaser(
        text=text,
        source=source,
        reason="; ".join(filter(None, (reason, strip.complaint))),
        image=material.image or page.image,
        language=language,
        authors=material.authors or page.authors,
        tags=material.tags or page.tags,
        canonical=page.canonical,
        paid=page.paid,
        noindex=page.noindex,
    )


def stripped(material: Material, strip: Strip) -> Material:
    """The material without what the feed's own patterns take out."""
    if not strip.patterns:
        return material
    page = material.page
    if page:
        descriptions = tuple((source, strip.text(text)) for source, text in page.descriptions)
        page = replace(page, descriptions=descriptions, blocks=strip.blocks(page.blocks))
    summary, content = strip.blocks(material.summary), strip.blocks(material.content)
    return replace(material, summary=summary, content=content, page=page)


def sample(material: Material) -> str:
    """Some of the article's text, to tell its language by."""
    page = material.page.blocks if material.page else ()
    found = (*material.content[:6], *material.summary[:6], *page[:6])
    return " ".join(block.text for block in found)[:2000] or material.title
