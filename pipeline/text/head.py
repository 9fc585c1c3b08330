"""What a page says of itself: in its head, in JSON-LD, in its own standfirst paragraph."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from pipeline.text import clean, html, jsonld, languages, pictures

Metas = dict[str, list[str]]

STANDFIRST = re.compile(
    r"(?:^|[\s_-])(?:standfirst|stand-first|dek|deck|article-?(?:summary|intro|lead|lede|description|excerpt)|lede|chapo|ch[aâ]peau|"
    r"vorspann|teaser-text|entradilla|bajada|copete|sommario|occhiello|ingress|manchet|preamble|intro|introduction|sub-?head(?:line)?|"
    r"subtitle|abstract|summary|excerpt)(?:$|[\s_-])",
    re.IGNORECASE,
)
DESCRIPTIONS = ("og:description", "description", "twitter:description")
AUTHORS = ("author", "article:author", "dc.creator", "parsely-author", "sailthru.author", "byl")
TAGS = ("article:tag", "news_keywords", "parsely-tags", "sailthru.tags", "keywords")
BY = re.compile(r"^(?:by|von|par|por|di|door|av|af)\s+", re.IGNORECASE)


def read(tree: Any, url: str, prefer: str = "") -> dict[str, Any]:
    """All that the page says of itself, as plain values."""
    metas, linked = gathered(tree), jsonld.article(tree)
    return {
        "title": title(tree, metas, linked),
        "descriptions": descriptions(tree, metas, linked, prefer),
        "canonical": canonical(tree, metas, url),
        "image": image(metas, linked, url),
        "authors": authors(metas, linked),
        "tags": tags(metas, linked),
        "language": language(tree, metas, linked),
        "paid": linked.get("isAccessibleForFree") in (False, "False", "false")
        or first(metas, "article:content_tier") == "locked",
        "noindex": any(mark in first(metas, "robots", "googlebot").lower() for mark in ("noindex", "none")),
    }


def gathered(tree: Any) -> Metas:
    """The page's meta elements by name, in order."""
    metas: Metas = defaultdict(list)
    for meta in tree.iter("meta"):
        name = (
            meta.get("property") or meta.get("name") or meta.get("itemprop") or meta.get("http-equiv") or ""
        ).lower()
        content = (meta.get("content") or "").strip()
        if name and content:
            metas[name].append(content[:10000])
    return metas


def first(metas: Metas, *names: str) -> str:
    """The first value of the first name that there is."""
    return next((metas[name][0] for name in names if name in metas), "")


def title(tree: Any, metas: Metas, linked: jsonld.Node) -> str:
    """The headline without the site's name."""
    given = first(metas, "og:title", "twitter:title") or str(linked.get("headline") or "")
    return clean.text(given or "".join(tree.findtext(".//title") or ""))


def descriptions(tree: Any, metas: Metas, linked: jsonld.Node, prefer: str) -> list[list[str]]:
    """The publisher's introductions in order of trust, each once."""
    given = [["preferred", text] for text in selected(tree, prefer)]
    given += [["og:description", first(metas, "og:description")], ["json-ld", str(linked.get("description") or "")]]
    given += [[name, first(metas, name)] for name in ("description", "twitter:description")]
    given += [["standfirst", text] for text in standfirst(tree)]
    seen: set[str] = set()
    cleaned = [[source, clean.text(text)] for source, text in given if text]
    return [[s, t] for s, t in cleaned if t and not (t in seen or seen.add(t))]  # type: ignore[func-returns-value]


def selected(tree: Any, selector: str) -> Iterator[str]:
    """The text of what the feed's own selector finds."""
    if selector:
        from cssselect import HTMLTranslator, SelectorError

        try:
            found = tree.xpath(HTMLTranslator().css_to_xpath(selector))
        except SelectorError:
            return
        yield from (" ".join(element.itertext()) for element in found[:1])


def standfirst(tree: Any) -> Iterator[str]:
    """The page's own standfirst paragraph, known by its name."""
    for element in tree.iter("p", "div", "h2"):
        names = f"{element.get('class', '')} {element.get('itemprop', '')} {element.get('data-testid', '')}"
        if len(names) > 4 and STANDFIRST.search(names):
            text = prose(element)
            if 40 < len(text) < 900:
                yield text
                return


def prose(element: Any) -> str:
    """The paragraphs of an element, without headings and labels between them."""
    found = list(html.blocks_of(element))
    closed = [block.text for block in found if block.kind == "paragraph" and clean.closed(block.text)]
    return " ".join(closed or [block.text for block in found])


def canonical(tree: Any, metas: Metas, url: str) -> str:
    """The address that the page calls its own, where it is of the same site and not its front page."""
    links = (
        link.get("href", "") for link in tree.iter("link") if "canonical" in (link.get("rel") or "").lower().split()
    )
    for given in (*links, first(metas, "og:url")):
        address = pictures.absolute(given, url) if given else ""
        if address and same_site(address, url) and urlsplit(address).path not in ("", "/"):
            return address
    return ""


def same_site(one: str, other: str) -> bool:
    """Whether two addresses have the last two parts of their host in common."""
    return (urlsplit(one).hostname or "").split(".")[-2:] == (urlsplit(other).hostname or "").split(".")[-2:]


def image(metas: Metas, linked: jsonld.Node, url: str) -> dict[str, Any] | None:
    """The lead picture: the one for sharing, else the article's in JSON-LD."""
    found = pictures.of_values(
        first(metas, "og:image:secure_url", "og:image", "og:image:url"),
        url,
        alt=first(metas, "og:image:alt"),
        width=first(metas, "og:image:width") or None,
        height=first(metas, "og:image:height") or None,
        mime=first(metas, "og:image:type"),
    )
    for address in (first(metas, "twitter:image", "twitter:image:src"), *jsonld.addresses(linked.get("image"))):
        found = found or pictures.of_values(address, url, alt=first(metas, "twitter:image:alt"))
    return found


def authors(metas: Metas, linked: jsonld.Node) -> list[str]:
    """Who wrote it: names only, no addresses."""
    given = [*jsonld.names(linked.get("author")), *(name for key in AUTHORS for name in metas.get(key, ()))]
    names = (BY.sub("", clean.text(name)) for name in given)
    return list(
        dict.fromkeys(name for name in names if name and len(name) < 80 and "://" not in name and "@" not in name)
    )[:10]


def tags(metas: Metas, linked: jsonld.Node) -> list[str]:
    """The page's tags: the best list there is."""
    for given in (metas.get("article:tag", []), jsonld.keywords(linked), *(metas.get(key, []) for key in TAGS[1:])):
        found = [clean.text(tag) for value in given for tag in value.split(",")]
        if found := [tag for tag in dict.fromkeys(found) if 0 < len(tag) <= 64]:
            return found[:30]
    return []


def language(tree: Any, metas: Metas, linked: jsonld.Node) -> str | None:
    """The language that the page says it is in."""
    root = tree if tree.tag == "html" else tree.getroottree().getroot()
    given = (root.get("lang"), root.get("{http://www.w3.org/XML/1998/namespace}lang"), linked.get("inLanguage"))
    for tag in (*given, first(metas, "og:locale"), first(metas, "content-language", "language")):
        if found := languages.subtag(tag if isinstance(tag, str) else None):
            return found
    return None
