"""An article's page: what it says of itself, and its text. `job` runs in the bounded child."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from itertools import islice
from typing import Any

from pipeline import charset
from pipeline.model import Image
from pipeline.text import head, html, pictures, stubs
from pipeline.text import main as main_text
from pipeline.text.html import Block


@dataclass(frozen=True, slots=True)
class Page:
    """What a page gives. `descriptions` are (where it stood, text) in order of trust."""

    title: str = ""
    descriptions: tuple[tuple[str, str], ...] = ()
    blocks: tuple[Block, ...] = ()
    canonical: str = ""
    image: Image | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str | None = None
    paid: bool = False
    noindex: bool = False


def job(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Reads a page: `html` (bytes or text), `url`, `prefer` (a CSS selector); answers with plain values for `of`.

    `content_type` is its header. A page whose letters cannot be read is none.
    """
    from trafilatura.utils import load_html

    written = payload["html"]
    if isinstance(written, bytes):
        reading = charset.read(written, payload.get("content_type"))
        written = "" if reading.guessed and reading.fault else reading.text
    tree = load_html(written)
    if tree is None:
        return {}
    url = str(payload.get("url") or "")
    form = bool(stubs.POST_PASSWORD.search(str(written)))
    main_text.without_cards(tree, url)
    values = head.read(tree, url, str(payload.get("prefer") or ""))
    found = main_text.blocks(tree)
    if stubs.gated(" ".join(block.text for block in found), form=form):
        found = []
    shown = [[source, text] for source, text in values["descriptions"] if not stubs.gated(text)]
    return {**values, "descriptions": shown, "blocks": [[b.text, b.kind, b.links, b.anchors] for b in found]}


def of(values: Mapping[str, Any]) -> Page:
    """The page that the job wrote down as plain values."""
    known = {f.name for f in fields(Page)}
    given: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items() if k in known}
    given["blocks"] = tuple(
        Block(text[: html.LONGEST_BLOCK], *rest) for text, *rest in islice(values.get("blocks", ()), html.MOST_BLOCKS)
    )
    given["descriptions"] = tuple((str(a), str(b)) for a, b in values.get("descriptions", ()))
    given["image"] = pictures.image(values.get("image"))
    return Page(**given)
