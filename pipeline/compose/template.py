"""A channel's template: `{field|filter:argument}`, with allow-listed fields and filters and nothing else. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

FIELDS = {
    "title": "the article's title",
    "teaser": "its teaser, shortened to fit",
    "link": "its address, with the channel's utm parameters",
    "hashtags": "its tags as hashtags; the last are left out first",
    "tags": "its tags, separated by commas",
    "authors": "who wrote it, separated by commas",
    "feed": "the feed's name",
    "channel": "the channel's name",
    "date": "when it was published, as 2026-03-01",
    "time": "when it was published, as 14:05 (UTC)",
    "language": "its language, as a tag",
    "id": "its public id",
}
FILTERS = {
    "upper": "in capitals",
    "lower": "in small letters",
    "title": "Each Word With A Capital",
    "quote": "in quotation marks",
    "words": "the first words, as many as said: {authors|words:3}",
    "before": "this text before it, unless it is empty: {authors|before:by }",
    "after": "this text after it, unless it is empty",
    "or": "this text when it is empty: {authors|or:the newsroom}",
}
WITH_ARGUMENT = {"words", "before", "after", "or"}

_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_LINE_ENDS = re.compile(r"[ \t]+(?=\n)")


class BadTemplate(ValueError):
    """What is wrong with a template and what to do."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of fixed text, or a field with its filters."""

    text: str = ""
    field: str = ""
    filters: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """A template, read once."""

    pieces: tuple[Piece, ...]

    @property
    def fields(self) -> frozenset[str]:
        """The fields it shows."""
        return frozenset(piece.field for piece in self.pieces if piece.field)

    def render(self, values: Mapping[str, str]) -> str:
        """The text; what is empty leaves no empty lines behind."""
        text = "".join([_shown(piece, values) if piece.field else piece.text for piece in self.pieces])
        return tidy(text)


def tidy(text: str) -> str:
    """At most one empty line in a row, no spaces at the ends of lines."""
    if "\n\n\n" in text or " \n" in text or "\t" in text:
        text = _LINE_ENDS.sub("", _BLANK_LINES.sub("\n\n", text))
    return text.strip()


@lru_cache(maxsize=256)
def read(source: str) -> Template:
    """The template of a text; raises BadTemplate with what is wrong."""
    pieces, last = [], 0
    for token in _TOKEN.finditer(source):
        pieces.append(Piece(source[last : token.start()]))
        pieces.append(_piece(token))
        last = token.end()
    return Template((*pieces, Piece(source[last:])))


def mistake(source: str) -> str | None:
    """What is wrong with a template, for `standfirst check`; None when nothing is."""
    try:
        read(source)
    except BadTemplate as error:
        return str(error)
    return None


def documentation() -> str:
    """The fields and filters, as two Markdown tables."""
    fields = [f"| `{{{name}}}` | {about} |" for name, about in FIELDS.items()]
    named = {name: f"{name}:…" if name in WITH_ARGUMENT else name for name in FILTERS}
    told = {name: about.replace("|", "\\|") for name, about in FILTERS.items()}  # a bar would end the cell
    filters = [f"| `{named[name]}` | {told[name]} |" for name in FILTERS]
    return "\n".join(["| field | is |", "|---|---|", *fields, "", "| filter | does |", "|---|---|", *filters])


def _piece(token: re.Match[str]) -> Piece:
    if token[0] in {"{{", "}}"}:
        return Piece(token[0][0])
    if token[1] is None:
        raise BadTemplate(
            f"a single {token[0]} at position {token.start() + 1}: write {token[0] * 2} for the character itself"
        )
    name, *filters = token[1].split("|")
    if name.strip() not in FIELDS:
        raise BadTemplate(f"there is no field {{{name.strip()}}}: there are {', '.join(FIELDS)}")
    return Piece(field=name.strip(), filters=tuple(_filter(filter_) for filter_ in filters))


def _filter(source: str) -> tuple[str, str]:
    name, colon, argument = source.partition(":")
    name = name.strip()
    if name not in FILTERS:
        raise BadTemplate(f"there is no filter {name}: there are {', '.join(FILTERS)}")
    if (name in WITH_ARGUMENT) != bool(colon):
        wanted = "needs" if name in WITH_ARGUMENT else "takes no"
        raise BadTemplate(f"the filter {name} {wanted} text after a colon")
    if name == "words" and not argument.strip().isdigit():
        raise BadTemplate("the filter words needs a number after the colon")
    return name, argument


def _shown(piece: Piece, values: Mapping[str, str]) -> str:
    value = values[piece.field]
    for name, argument in piece.filters:
        value = _APPLY[name](value, argument)
    return value


_APPLY: dict[str, Callable[[str, str], str]] = {
    "upper": lambda value, _: value.upper(),
    "lower": lambda value, _: value.lower(),
    "title": lambda value, _: value.title(),
    "quote": lambda value, _: f"“{value}”" if value else "",
    "words": lambda value, argument: " ".join(value.split()[: int(argument)]),
    "before": lambda value, argument: argument + value if value else "",
    "after": lambda value, argument: value + argument if value else "",
    "or": lambda value, argument: value or argument,
}
