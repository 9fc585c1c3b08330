"""What a feed's entry gives a teaser to be made of. `job` runs in the bounded child."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pipeline.model import Image
from pipeline.text import html, pictures, stubs
from pipeline.text.html import Block
from pipeline.text.page import Page


@dataclass(frozen=True, slots=True)
class Material:
    """All that a teaser may be made of, as clean blocks of text."""

    title: str
    link: str = ""
    language: str | None = None
    summary: tuple[Block, ...] = ()
    content: tuple[Block, ...] = ()
    image: Image | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    page: Page | None = None


def job(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Reads an entry's `summary` and `content` (HTML): blocks of text, and the first real picture of the content."""
    summary, content = str(payload.get("summary") or ""), str(payload.get("content") or "")
    if stubs.asks_password(summary) or stubs.asks_password(content):
        return {"summary": [], "content": [], "image": None}
    return {
        "summary": rows(summary),
        "content": rows(content),
        "image": pictures.first_in(content or summary, str(payload.get("link") or "")),
    }


def rows(markup: str) -> list[list[Any]]:
    """The blocks of some markup as plain values, without notes that stand in a protected text's place."""
    found = (block for block in html.blocks(markup) if not stubs.gated(block.text))
    return [[block.text, block.kind, block.links, block.anchors] for block in found]


def blocks(rows: Iterable[Iterable[Any]]) -> tuple[Block, ...]:
    """The blocks that a job wrote down as plain values, cut to what a text can have."""
    return tuple(Block(text[: html.LONGEST_BLOCK], *rest) for text, *rest in islice(rows, html.MOST_BLOCKS))
