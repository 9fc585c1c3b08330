"""The Wrenbridge Courier: a made-up newspaper on loopback, with a feed that gains an article whenever it is told to."""

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import formatdate
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from workers.demo.sandbox.server import Request, Response, Sandbox, Shown
from workers.demo.stock import Piece, pieces

ARCHIVE = 4  # pieces that were in the feed before anybody looked: nothing of them may be posted
WINDOW = 20  # entries in the feed
DAY = 86400.0
CSS = """body{font:17px/1.6 Georgia,serif;max-width:720px;margin:0 auto;padding:24px;color:#222;background:#fdfcf8}
h1{line-height:1.2}a{color:inherit}header{border-bottom:3px double #222;margin-bottom:24px;font-size:22px}
img{width:100%;border-radius:4px}.standfirst{font-weight:bold}small{color:#666}li{margin:0 0 14px}"""
PAGE = Template("""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>$title</title>
<meta name="viewport" content="width=device-width"><link rel="alternate" type="application/rss+xml" href="/feed.xml">
$head<style>$css</style></head><body><header><a href="/">The Wrenbridge Courier</a></header>$body</body></html>""")


class Newspaper(Sandbox):
    """`publish()` puts the next piece on top of the feed. With a folder it remembers what came out, and when."""

    name = "newspaper"

    def __init__(self, folder: Path | None = None, *, port: int = 0) -> None:
        super().__init__(folder, port=port)
        self.reads = self.known = 0  # how often the feed was asked for, and how often by someone who had read it
        if not self.books.all("piece"):
            for number in range(ARCHIVE):
                self.bring_out(number, time.time() - DAY + number * 600)
            self.publish()  # today's first: what `first_run = "last 1"` asks for

    def bring_out(self, number: int, at: float) -> None:
        self.books.put("piece", str(number), {"number": number, "at": at, "dated": at, "turn": 0})

    def publish(self) -> Piece | None:
        """The next piece comes out now; None when the whole edition is out."""
        with self.lock:
            number = len(self.books.all("piece"))
            if number >= len(pieces()):
                return None
            self.bring_out(number, time.time())
        return pieces()[number]

    def repeat(self, number: int, how: str) -> Piece:
        """Put a piece that is out on top of the feed once more: `"date"` with today's date, `"id"` under another id."""
        kept = self.books.get("piece", str(number)) or {}
        changed = {"dated": time.time(), "turn": kept["turn"] + (how == "id")}
        self.books.put("piece", str(number), kept | changed)
        return pieces()[number]

    def out(self) -> list[tuple[Piece, float]]:
        """Every piece that came out since the start, with its moment: each must be posted once."""
        return [(pieces()[one["number"]], one["at"]) for one in self.books.all("piece")[ARCHIVE:]]

    def posts(self) -> list[Shown]:
        """Every piece that came out, as readers of the newspaper see it."""
        return [Shown(piece.slug, at, piece.standfirst, self.link(piece), piece.title) for piece, at in self.out()]

    def publishes(self, request: Request) -> bool:
        """A newspaper takes no posts; its faults are for reads of the feed."""
        return request.path == "/feed.xml"

    def link(self, piece: Piece) -> str:
        return f"{self.url}/{piece.slug}"

    # --- requests ---

    def answer(self, request: Request) -> Response:
        """The feed, the front page, an article or its picture."""
        name = request.path.strip("/")
        if name == "feed.xml":
            return self.feed(request)
        if not name:
            return page("The Wrenbridge Courier", "", self.front())
        by_slug: dict[str, Callable[[Piece], Response]] = {
            **{piece.slug: self.article for piece in pieces()},
            **{f"pictures/{piece.slug}.jpg": picture for piece in pieces()},
        }
        found = by_slug.get(name)
        slug = name.removeprefix("pictures/").removesuffix(".jpg")
        return found(next(one for one in pieces() if one.slug == slug)) if found else Response(404, b"Not here.")

    def feed(self, request: Request) -> Response:
        newest = sorted(self.books.all("piece"), key=lambda one: one["dated"], reverse=True)[:WINDOW]
        body = self.rss(newest).encode()
        tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
        headers = {"ETag": tag, "Cache-Control": "max-age=1"}
        self.reads += 1
        self.known += bool(request.headers.get("if-none-match"))
        if request.headers.get("if-none-match") == tag:
            return Response(304, b"", headers)
        return Response(200, body, headers | {"Content-Type": "application/rss+xml; charset=utf-8"})

    def rss(self, newest: Sequence[Mapping[str, Any]]) -> str:
        items = "".join(self.item(pieces()[one["number"]], one["dated"], one["turn"]) for one in newest)
        return f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"><channel>
<title>The Wrenbridge Courier</title><link>{self.url}/</link><language>en-GB</language>
<description>News from a town that does not exist</description>
<atom:link href="{self.url}/feed.xml" rel="self" type="application/rss+xml"/>
{items}</channel></rss>"""

    def item(self, piece: Piece, dated: float, turn: int) -> str:
        """One entry. Every fourth has no standfirst of its own, so that one must be made from its text."""
        paragraphs = "".join(f"<p>{escape(one, quote=False)}</p>" for one in (piece.standfirst, *piece.text))
        description = "" if piece.number % 4 == 0 else f"<description>{escape(piece.standfirst)}</description>"
        tags = "".join(f"<category>{escape(tag)}</category>" for tag in piece.tags)
        link = self.link(piece) + (f"?utm_source=feed&amp;utm_campaign={turn}" if turn else "")
        name = f"tag:wrenbridge.example,2026:{piece.number}" + (f";{turn}" if turn else "")
        return f"""<item><title>{escape(piece.title)}</title><link>{link}</link>
<guid isPermaLink="false">{name}</guid><pubDate>{formatdate(dated)}</pubDate>
<dc:creator>{escape(piece.author)}</dc:creator>{tags}{description}
<media:content url="{self.picture(piece)}" medium="image" type="image/jpeg" width="1200" height="630">
<media:description>{escape(alt(piece))}</media:description></media:content>
<content:encoded><![CDATA[{paragraphs}]]></content:encoded></item>
"""

    def picture(self, piece: Piece) -> str:
        return f"{self.url}/pictures/{piece.slug}.jpg"

    def front(self) -> str:
        rows = "".join(
            f'<li><a href="/{piece.slug}">{escape(piece.title)}</a><br><small>{clock(at)} · {piece.author}</small></li>'
            for piece, at in reversed(self.out())
        )
        return f"<p>News from a town that does not exist, for the demo of Standfirst.</p><ul>{rows}</ul>"

    def article(self, piece: Piece) -> Response:
        meta = {
            "og:type": "article",
            "og:title": piece.title,
            "og:description": piece.standfirst,
            "og:url": self.link(piece),
            "og:image": self.picture(piece),
            "og:image:alt": alt(piece),
            "og:site_name": "The Wrenbridge Courier",
            "article:author": piece.author,
        }
        head = f'<link rel="canonical" href="{self.link(piece)}"><meta name="author" content="{piece.author}">'
        head += f'<meta name="description" content="{escape(piece.standfirst)}">'
        head += "".join(f'<meta property="{name}" content="{escape(value)}">' for name, value in meta.items())
        text = "".join(f"<p>{escape(one)}</p>" for one in piece.text)
        body = f"""<article><h1>{escape(piece.title)}</h1><p class="standfirst">{escape(piece.standfirst)}</p>
<img src="/pictures/{piece.slug}.jpg" alt="{escape(alt(piece))}">
<p><small>By {piece.author}</small></p>{text}</article>"""
        return page(piece.title, head, body)


def alt(piece: Piece) -> str:
    """What the picture shows, in words."""
    return f"A drawing of the {piece.scene} in Wrenbridge"


def clock(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).astimezone().strftime("%H:%M:%S")


def page(title: str, head: str, body: str) -> Response:
    html = PAGE.substitute(title=escape(title), head=head, body=body, css=CSS)
    return Response(200, html.encode(), {"Content-Type": "text/html; charset=utf-8"})


@cache
def drawn(scene: str, number: int) -> bytes:
    from workers.demo.pictures import draw

    return draw(scene, number)


def picture(piece: Piece) -> Response:
    headers: dict[str, Any] = {"Content-Type": "image/jpeg", "Cache-Control": "max-age=86400"}
    return Response(200, drawn(piece.scene, piece.number), headers)
