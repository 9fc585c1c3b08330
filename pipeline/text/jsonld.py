"""The article as JSON-LD in a page describes it; any shape, any nonsense is survived."""

import json
from collections.abc import Iterator
from typing import Any

Node = dict[str, Any]

ARTICLES = (
    "NewsArticle",
    "Article",
    "ReportageNewsArticle",
    "BlogPosting",
    "OpinionNewsArticle",
    "AnalysisNewsArticle",
    "LiveBlogPosting",
)
LARGEST = 1_000_000


def article(tree: Any) -> Node:
    """The node that describes the article; empty where there is none."""
    nodes = [node for script in scripts(tree) for node in nodes_of(script)]
    return next((node for kind in ARTICLES for node in nodes if kind in kinds(node)), {})


def scripts(tree: Any) -> Iterator[Any]:
    """The JSON-LD documents of a page that can be read."""
    for element in tree.iter("script"):
        text = element.text or ""
        if "ld+json" in (element.get("type") or "") and len(text) <= LARGEST:
            try:
                yield json.loads(text.strip().removesuffix(";"), strict=False)
            except (ValueError, RecursionError):
                continue


def nodes_of(value: Any, depth: int = 0) -> Iterator[Node]:
    """The nodes of a document: itself, a list's, a graph's, a page's main entity."""
    if isinstance(value, list):
        for each in value[:100]:
            yield from nodes_of(each, depth + 1)
    elif isinstance(value, dict) and depth < 5:
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from nodes_of(value.get(key), depth + 1)


def kinds(node: Node) -> list[str]:
    """The node's types."""
    given = node.get("@type")
    return [str(kind) for kind in given] if isinstance(given, list) else [str(given)]


def names(value: Any) -> list[str]:
    """The names of persons or organisations, however they are written."""
    found = [each.get("name") if isinstance(each, dict) else each for each in listed(value)]
    return [name for each in found for name in listed(each) if isinstance(name, str)]


def keywords(node: Node) -> list[str]:
    """The article's keywords."""
    return [each for each in listed(node.get("keywords")) if isinstance(each, str) and ":" not in each]


def addresses(value: Any) -> list[str]:
    """The addresses of pictures, however they are written."""
    found = [each.get("url") if isinstance(each, dict) else each for each in listed(value)]
    return [each for each in found if isinstance(each, str)]


def listed(value: Any) -> list[Any]:
    """The value as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]
