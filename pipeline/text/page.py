"""An article's page: what it says of itself, and its text. `job` runs in the bounded child."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from pipeline.model import Image
from pipeline.text import clean, html, pictures
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
    """Reads a page: `html` (bytes or text), `url`, `content_type`; answers with plain values for `of`."""
    from trafilatura.utils import load_html

    tree = load_html(payload["html"])
    if tree is None:
        return {}
    return {**described(tree, str(payload.get("url") or "")), "blocks": main_text(tree)}


def of(values: Mapping[str, Any]) -> Page:
    """The page that the job wrote down as plain values."""
    known = {f.name for f in fields(Page)}
    given: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items() if k in known}
    given["blocks"] = tuple(Block(*row) for row in values.get("blocks", ()))
    given["descriptions"] = tuple((str(a), str(b)) for a, b in values.get("descriptions", ()))
    given["image"] = pictures.image(values.get("image"))
    return Page(**given)


def described(tree: Any, url: str) -> dict[str, Any]:
    """What the page's head says."""
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").lower()
        if name and meta.get("content"):
            metas.setdefault(name, meta.get("content"))
    descriptions = [
        [k, clean.text(metas[k])] for k in ("og:description", "description", "twitter:description") if k in metas
    ]
    picture = pictures.of_values(metas.get("og:image", ""), url, alt=metas.get("og:image:alt", ""))
    return {
        "title": clean.text(metas.get("og:title", "")),
        "descriptions": descriptions,
        "image": picture,
        "language": tree.get("lang"),
        "noindex": "noindex" in metas.get("robots", "").lower(),
    }


def main_text(tree: Any) -> list[list[Any]]:
    """The article's text as blocks, by trafilatura."""
    from trafilatura import bare_extraction

    found = bare_extraction(tree, include_comments=False, with_metadata=False)
    body = getattr(found, "body", None)
    if body is None:
        return []
    return [[b.text, b.kind, b.links] for b in html.blocks_of(body)]
