"""An article and a channel's limits → the post, exactly as the platform will show it. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Protocol

import regex

from pipeline.compose import markup, template
from pipeline.compose.fit import Draft, chunks, fit, sentence_cuts, shorten
from pipeline.compose.hashtags import hashtags
from pipeline.compose.links import with_utm
from pipeline.model import Article, Capabilities, Post, Rejected
from pipeline.text import counting
from pipeline.text.counting import mastodon

_UNSAYABLE = regex.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff\ufeff]")
MOST_PARTS = 25  # of a thread


check_template = template.mistake  # what is wrong with a channel's template; None when nothing is


class Wishes(Protocol):
    """What an operator may wish of a channel's posts; `pipeline.config.ChannelConfig` is one."""

    @property
    def name(self) -> str: ...
    @property
    def template(self) -> str | None: ...
    @property
    def utm(self) -> Mapping[str, str]: ...
    @property
    def hashtags(self) -> int: ...
    @property
    def max_words(self) -> int | None: ...
    @property
    def max_characters(self) -> int | None: ...
    @property
    def images(self) -> bool: ...
    @property
    def warning(self) -> str: ...
    @property
    def thread(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Limits:
    """What an instance publishes of itself; it overrides what its kind declares."""

    limit: int | None = None
    counting: str | None = None
    link: int | None = None  # what a link costs, where it costs a fixed sum
    media: int | None = None
    alt: int | None = None
    image_bytes: int | None = None
    image_pixels: int | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """How long a text is on one channel, and whether it may be."""

    rule: str
    limit: int | None
    byte_limit: int | None
    markup: str
    link: int | None = None
    already: int = 0  # taken by the content warning

    @classmethod
    def of(cls, can: Capabilities, limits: Limits | None, warning: str) -> "Measure":
        """The measure of a kind, as far as the instance does not say otherwise."""
        rule = (limits and limits.counting) or can.counting
        already = counting.count_graphemes(warning) if rule == "mastodon" else 0
        limit = (limits and limits.limit) or can.limit
        return cls(rule, limit, can.byte_limit, can.markup, limits.link if limits else None, already)

    def count(self, text: str) -> int:
        """The length by the platform's own counting."""
        if self.rule == "mastodon" and self.link is not None:
            return self.already + mastodon.length(text, link=self.link)
        if self.rule == "utf16" and self.markup == "html":  # Telegram counts what is left when the tags are read
            return counting.count_utf16(markup.shown(text, self.markup))
        return self.already + counting.count(text, self.rule)

    def fits(self, text: str) -> bool:
        """Whether the platform takes it."""
        if self.byte_limit is not None and len(text.encode()) > self.byte_limit:
            return False
        return self.limit is None or self.count(text) <= self.limit


def compose(
    article: Article, channel: Wishes, can: Capabilities, limits: Limits | None = None, now: datetime | None = None
) -> Post:
    """The post of an article on a channel. Raises Rejected when nothing of it fits."""
    warning = line(channel.warning)
    measure = Measure.of(can, limits, warning if can.warning else "")
    source = template.read(channel.template or can.template)
    link = with_utm(article.link, channel.utm)
    tags = hashtags(article.tags, channel.hashtags)
    draft = _draft(article, channel, tags)
    values = _values(article, channel, link, can)
    # The draft that is chosen in the end was rendered before.
    render = cache(partial(_render, source, values, can, warning if warning and not can.warning else ""))
    text, last, notes, parts = _fitted(draft, render, measure, article, channel, can)
    return Post(
        article=article.id,
        title=_said(article.title) or draft.title,  # F70: kinds that have a field for it need it most
        link=link,
        teaser=draft.teaser,
        text=text,
        published=article.date,
        created=now or article.first_seen,
        language=article.language,
        authors=article.authors,
        tags=article.tags,
        hashtags=last.hashtags,
        image=article.image if channel.images else None,
        spoiler=warning if can.warning else "",
        count=measure.count(text),
        limit=measure.limit,
        shortened=notes,
        parts=parts,
    )


def _fitted(
    draft: Draft,
    render: Callable[[Draft], str],
    measure: Measure,
    article: Article,
    channel: Wishes,
    can: Capabilities,
) -> tuple[str, Draft, tuple[str, ...], tuple[str, ...]]:
    text = render(draft)
    if measure.fits(text):
        if not (draft.title or draft.teaser or article.link) or not (text or _titled(draft, can)):
            raise Rejected("there is nothing to post: the article has no title, no teaser and no link")
        return text, draft, (), ()
    if channel.thread and can.thread:
        parts = _thread(draft, render, measure, article.language, can)
        if parts:
            return parts[0], draft, (f"posted as a thread of {len(parts)}",), parts
    found = shorten(draft, lambda d: bool(t := render(d)) and measure.fits(t), article.language)
    if found is None:
        raise Rejected(f"the link and the fixed text alone are longer than the limit of {measure.limit}")
    return render(found[0]), found[0], found[1], ()


def _titled(draft: Draft, can: Capabilities) -> bool:
    """Whether a post without a text still says something: its kind shows the title in a field of its own."""
    return bool(draft.title) and "title" not in template.read(can.template).fields


def _thread(
    draft: Draft, render: Callable[[Draft], str], measure: Measure, language: str | None, can: Capabilities
) -> tuple[str, ...]:
    """The post and the rest of its teaser in further posts; none when it cannot be divided well."""

    def shown(text: str) -> str:
        return _harmless(text, can)

    first, rest = chunks(draft.teaser, lambda t: measure.fits(render(Draft(draft.title, t, draft.hashtags))), language)
    parts = [render(Draft(draft.title, first, draft.hashtags))] if first else []
    while parts and rest:
        more, rest = chunks(rest, lambda t: measure.fits(shown(t)), language)
        if not more or len(parts) == MOST_PARTS:
            return ()
        parts.append(shown(more))
    return tuple(parts)


def _draft(article: Article, channel: Wishes, tags: tuple[str, ...]) -> Draft:
    teaser = _said(article.teaser)
    title = line(_said(article.title))
    if not title and teaser:  # the first sentence stands in for a title that is missing
        first = next((cut.of(teaser) for cut in sentence_cuts(teaser, article.language)), teaser)
        title, teaser = line(first), teaser[len(first) :].strip()
    if line(teaser) == title:
        teaser = ""
    return Draft(title, _capped(teaser, channel, article.language), tags)


def _capped(teaser: str, channel: Wishes, language: str | None) -> str:
    """The teaser within the channel's own wishes, which are no platform's limit."""
    words, characters = channel.max_words, channel.max_characters
    if words is None and characters is None:
        return teaser

    def fits(draft: Draft) -> bool:
        few = words is None or len(draft.teaser.split()) <= words
        return few and (characters is None or counting.count_graphemes(draft.teaser) <= characters)

    found = fit(Draft("", teaser, ()), fits, language)
    return found[0].teaser if found else ""


def _values(article: Article, channel: Wishes, link: str, can: Capabilities) -> dict[str, str]:
    def safe(text: str) -> str:
        return _harmless(line(_said(text)), can)

    return {
        "link": markup.escape_link(link, can.markup),
        "tags": safe(", ".join(article.tags)),
        "authors": safe(", ".join(article.authors)),
        "feed": safe(article.feed),
        "channel": safe(channel.name),
        "date": f"{article.date:%Y-%m-%d}",
        "time": f"{article.date:%H:%M}",
        "language": article.language or "",
        "id": article.id,
    }


def _render(source: template.Template, values: Mapping[str, str], can: Capabilities, lead: str, draft: Draft) -> str:
    text = source.render(
        {
            **values,
            "title": _harmless(draft.title, can),
            "teaser": _harmless(draft.teaser, can),
            "hashtags": " ".join([f"#{tag}" for tag in draft.hashtags]),
        }
    )
    return f"{_harmless(lead, can)}\n\n{text}" if lead else text


def _harmless(text: str, can: Capabilities) -> str:
    if can.mentions == "defuse":
        text = markup.defuse(text)
    return text if can.markup == "plain" else markup.escape(text, can.markup)


def _said(text: str) -> str:
    """Without what no platform can show: control characters and halves of characters."""
    said: str = _UNSAYABLE.sub("", text)
    return said


def line(text: str) -> str:
    """The text on one line."""
    return " ".join(text.split())
