"""A list of articles as feeds and a page: RSS 2.0, Atom, JSON Feed, HTML, news sitemap. Pure."""

from pipeline.syndication.documents import FILES, Feed, Item, render

__all__ = ["FILES", "Feed", "Item", "render"]
