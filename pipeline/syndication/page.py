"""JSON Feed 1.1 and the page of teasers."""

import json
from datetime import UTC, datetime
from html import escape
from typing import Any

from pipeline.syndication.documents import Feed, Item, legal, paragraphs


def json_feed(feed: Feed, now: datetime) -> bytes:  # noqa: ARG001  (one shape for all documents)
    """JSON Feed 1.1."""
    told: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.site,
        "feed_url": f"{feed.base}feed.json",
        "authors": [{"name": feed.by}],
        "items": [_item(item) for item in feed.items],
    }
    if feed.description:
        told["description"] = feed.description
    if feed.language:
        told["language"] = feed.language
    if feed.hub:
        told["hubs"] = [{"type": "WebSub", "url": feed.hub}]
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def _item(item: Item) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": item.id,
        "url": item.link,
        "title": item.name,
        "summary": item.teaser,
        "content_text": item.teaser or item.name,
        "date_published": _iso(item.date),
        "date_modified": _iso(item.updated),
        "language": item.language,
        "image": item.image,
        "tags": list(item.tags),
        "authors": [{"name": author} for author in item.authors],
    }
    return {name: value for name, value in told.items() if value}


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


_STYLE = """
:root { color-scheme: light dark; font: 1.05rem/1.55 Georgia, "Times New Roman", serif; }
body { max-width: 42rem; margin: 2rem auto; padding: 0 1rem; }
article { border-top: 1px solid #8885; padding: 1.2rem 0; overflow: hidden; }
h2 { font-size: 1.25rem; line-height: 1.3; margin: 0 0 .3rem; }
img { float: right; width: 9rem; height: auto; margin: 0 0 .5rem 1rem; }
time, footer, .by { font: .85rem/1.4 system-ui, sans-serif; opacity: .75; }
a { color: inherit; }
""".strip()


def html_page(feed: Feed, now: datetime) -> bytes:  # noqa: ARG001
    """The teasers as one page, with its feeds."""
    language = escape(feed.language or "en")
    title = escape(feed.title)
    articles = "\n".join(_article(item, feed.language) for item in feed.items)
    description = f"<p>{escape(feed.description)}</p>" if feed.description else ""
    page = f"""<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="alternate" type="application/rss+xml" title="{title} (RSS)" href="feed.xml">
<link rel="alternate" type="application/atom+xml" title="{title} (Atom)" href="atom.xml">
<link rel="alternate" type="application/feed+json" title="{title} (JSON Feed)" href="feed.json">
<style>
{_STYLE}
</style>
</head>
<body>
<header><h1><a href="{escape(feed.site)}">{title}</a></h1>{description}</header>
<main>
{articles}
</main>
<footer><a href="feed.xml">RSS</a> · <a href="atom.xml">Atom</a> · <a href="feed.json">JSON Feed</a></footer>
</body>
</html>
"""
    return legal(page).encode()


def _article(item: Item, language: str | None) -> str:
    lang = f' lang="{escape(item.language)}"' if item.language and item.language != language else ""
    picture = f'<img src="{escape(item.image)}" alt="{escape(item.alt)}" loading="lazy">\n' if item.image else ""
    name = escape(item.name)
    heading = f'<a href="{escape(item.link)}">{name}</a>' if item.link else name
    text = "\n".join(f"<p>{escape(part)}</p>" for part in paragraphs(item.teaser))
    by = f' <span class="by">{escape(", ".join(item.authors))}</span>' if item.authors else ""
    date = f'<time datetime="{_iso(item.date)}">{item.date:%Y-%m-%d %H:%M}</time>'
    return f'<article id="{escape(item.id)}"{lang}>\n{picture}<h2>{heading}</h2>\n{text}\n{date}{by}\n</article>'
