"""Main text, title and description of a corpus's pages, by the job that reads pages."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pipeline.text import page
from tests.quality.teaser import read


def main(tasks: Iterable[dict[str, Any]], corpora: Path) -> Iterator[dict[str, Any]]:
    """One prediction a page. Tasks may name the page's file as `html`; else it is found by its id."""
    for task in tasks:
        path = task.get("html") or f"extraction/html/{task['id']}.html.gz"
        found = page.of(page.job({"html": read(corpora / path), "url": task.get("url", "")}))
        yield {
            "id": task["id"],
            "body": "\n\n".join(block.text for block in found.blocks),
            "title": found.title,
            "description": found.descriptions[0][1] if found.descriptions else "",
        }
