"""Links as X and Mastodon find them: twitter-text's rules, with its list of top-level domains kept fresh by `tld`.

https://github.com/twitter/twitter-text (version 3) and Mastodon's config/initializers/twitter_regex.rb
"""

import importlib.resources
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import regex

SPACES = "\x09-\x0d\x20\x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
PUNCTUATION = r"\!'#%&'\(\)*\+,\\\-\.\/:;<=>\?@\[\]\^_{|}~\$"
INVALID = "\ufffe\ufeff\uffff"
DIRECTIONS = "\u202a-\u202e\u061c\u200e\u200f\u2066-\u2069"
ACCENTS = (
    "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff\u0100-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272\u0289\u028b"
    "\u02bb\u0300-\u036f\u1e00-\u1eff"
)
LETTER = f"[^{PUNCTUATION}{SPACES}{INVALID}{DIRECTIONS}]"
BEFORE = rf"(?:[^A-Za-z0-9@＠$#＃{INVALID}]|[{DIRECTIONS}]|^)"
END_OF_TLD = r"(?=[^0-9a-zA-Z@+-]|$)"
LONGEST = 4096  # twitter-text counts a longer link as plain text
LONGEST_LABEL = 63
LONGEST_SLUG = 40  # of a t.co link
_INNER_DOT = re.compile(r"\.\w")  # that of a sentence is no domain's
_SCHEME = re.compile("://")
_SPACE = re.compile("[ \n]")
RETIRED = ["an", "eh", "tp", "um", "bl", "bq", "mf", "zr"]  # twitter-text still knows them


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text, in code points, end exclusive."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Paths:
    """What may stand in a path and a query: the one thing in which X and Mastodon differ."""

    inside: str
    last: str
    query: str
    query_last: str


X_PATHS = Paths(
    inside=rf"[a-z\u0400-\u04ff0-9!\*';:=\+,\.\$\/%#\[\]\-\u2013_~@\|&{ACCENTS}]",
    last=rf"[\+\-a-z\u0400-\u04ff0-9=_#\/{ACCENTS}]",
    query=r"[a-z0-9!?\*'@\(\);:&=\+\$\/%#\[\]\-_\.,~|]",
    query_last=r"[a-z0-9\-_&=#\/]",
)
FOREIGN = "\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U00010000-\U000efffd"
MASTODON_PATHS = Paths(
    inside=r"[^\s<>()?]",
    last=r"""[^\s()?!*"'「」<>;:=,.$%\[\]~&|@]""",
    query=rf"[a-z0-9!?\*'\(\);:&=\+\$\/%#\[\]\-_\.,~|@\^{FOREIGN}]",
    query_last=rf"[a-z0-9_&=#\/\-{FOREIGN}]",
)


@cache
def top_level_domains() -> frozenset[str]:
    """Every top-level domain, in Unicode and lower case."""
    listed = importlib.resources.files("tld") / "res" / "effective_tld_names.dat.txt"
    official = listed.read_text("utf-8").partition("===END ICANN DOMAINS===")[0]
    rules = (line.strip() for line in official.splitlines() if not line.startswith("//"))
    return frozenset(rule.rpartition(".")[2] for rule in rules if rule) | {*RETIRED, "onion"}


def is_domain(name: str) -> bool:
    """Whether the last label is a top-level domain that exists."""
    head, dot, last = name.rpartition(".")
    return bool(head and dot) and last.lower() in top_level_domains()


@cache
def _ascii_domain() -> Any:
    return regex.compile(
        rf"(?:[\-a-z0-9{ACCENTS}]+\.)+(?:\L<tlds>{END_OF_TLD}|xn--[\-0-9a-z]+)",
        regex.IGNORECASE,
        tlds=top_level_domains(),
    )


@cache
def _link(paths: Paths) -> Any:
    parens = rf"\((?:{paths.inside}+|{paths.inside}*\({paths.inside}+\){paths.inside}*)\)"
    path = rf"(?:(?:{paths.inside}*(?:{parens}{paths.inside}*)*(?:{paths.last}|{parens}))|(?:@{paths.inside}+/))"
    subdomain = rf"(?:(?:{LETTER}(?:[_-]|{LETTER})*)?{LETTER}\.)"
    name = rf"(?:(?:{LETTER}(?:-|{LETTER})*)?{LETTER}\.)"
    return regex.compile(
        rf"(?P<before>{BEFORE})(?P<link>(?P<scheme>https?://)?"
        rf"(?P<domain>{subdomain}*{name}(?:\L<tlds>{END_OF_TLD}|xn--[\-0-9a-z]+))(?::[0-9]+)?"
        rf"(?P<path>/{path}*)?(?:\?{paths.query}*{paths.query_last})?)",
        regex.IGNORECASE,
        tlds=top_level_domains(),
    )


@cache
def _short() -> Any:
    return regex.compile(rf"https?://t\.co/([a-z0-9]+)(?:\?{X_PATHS.query}*{X_PATHS.query_last})?", regex.IGNORECASE)


def links(text: str, paths: Paths = X_PATHS, *, bare: bool = True) -> list[Span]:
    """The links in a text; with `bare`, domains without a scheme too."""
    sign = _INNER_DOT if bare else _SCHEME
    found: list[Span] = []
    seen = sign.search(text)
    while seen:  # no link spans a space: words repeat and are remembered
        start = max(
            0, text.rfind(" ", 0, seen.start()), text.rfind("\n", 0, seen.start())
        )  # what is before decides too
        space = _SPACE.search(text, seen.start())
        end = space.start() if space else len(text)
        found += [Span(s.start + start, s.end + start, s.text) for s in _links_in(text[start:end], paths, bare)]
        seen = sign.search(text, end)
    return found


@lru_cache(maxsize=2048)
def _links_in(word: str, paths: Paths, bare: bool) -> tuple[Span, ...]:
    return tuple(
        span for found in _matches(word, _link(paths)) if _plausible(found) for span in _spans(found, paths, bare)
    )


def _matches(word: str, pattern: Any) -> Iterator[Any]:
    """As `finditer`; a word that begins as a link is matched there, for which no search is needed."""
    first = pattern.match(word) if word[:1] in " \n" and word[1:5] == "http" else None
    end = first.end() if first else 0
    if first:
        yield first
    if end < len(word):
        yield from pattern.finditer(word, end)


def _plausible(found: Any) -> bool:
    domain = found["domain"]
    labels = domain.split(".")
    if domain.startswith("xn--") and not _ascii_domain().search(domain):
        return False  # an encoded name holds no foreign letters
    if len(found["scheme"] or "https://") + len(found["link"]) > LONGEST:
        return False
    return all(0 < len(_punycode(label)) <= LONGEST_LABEL for label in labels)


def _punycode(label: str) -> str:
    if label.isascii():
        return label
    return "xn--" + label.encode("punycode").decode("ascii")


def _spans(found: Any, paths: Paths, bare: bool) -> Iterator[Span]:
    if found["scheme"]:
        yield from _with_scheme(found, paths)
    elif bare and found["before"] not in {"-", "_", ".", "/"}:
        yield from _without_scheme(found)


def _with_scheme(found: Any, paths: Paths) -> Iterator[Span]:
    link, start = found["link"], found.start("link")
    short = _short().match(link) if paths is X_PATHS and "t.co/" in link.lower() else None
    if short is None:
        yield Span(start, start + len(link), link)
    elif len(short[1]) <= LONGEST_SLUG:  # nothing may follow the slug of a t.co link
        yield Span(start, start + len(short[0]), short[0])


def _without_scheme(found: Any) -> Iterator[Span]:
    """Only the ASCII part of a bare domain is a link; the last one takes the path along."""
    domain, start = found["domain"], found.start("link")
    spans = [Span(start + m.start(), start + m.end(), m[0]) for m in _ascii_domain().finditer(domain)]
    if spans and found["path"]:
        end = found.end("link")
        spans[-1] = Span(spans[-1].start, end, found["link"].replace(domain, spans[-1].text, 1))
    yield from spans
