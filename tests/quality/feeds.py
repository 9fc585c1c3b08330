"""Predictions for the feeds corpus: each document parsed as the pipeline parses it."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pipeline.bounded import Bounded, BoundedError
from pipeline.feeds.parse import NotAFeed, read
from pipeline.http import Answer
from pipeline.model import Document, Entry


def main(tasks: Iterable[dict[str, Any]], corpora: Path) -> Iterator[dict[str, Any]]:
    """One prediction for each task, in order."""
    bounded = Bounded(1)
    try:
        for task in tasks:
            answer = Answer(200, {}, _file(corpora, task["id"]).read_bytes(), task.get("url", ""))
            try:
                yield {"id": task["id"], **prediction(read(bounded, answer))}
            except (NotAFeed, BoundedError) as error:
                yield {"id": task["id"], "feed": {}, "items": [], "error": str(error)}
    finally:
        bounded.close()


def _file(corpora: Path, name: str) -> Path:
    places = [folder / name for folder in (corpora / "feeds" / "files", corpora / "files", corpora)]
    return next((place for place in places if place.is_file()), places[0])


def predict(lines: Iterable[str], corpora: Path) -> Iterator[dict[str, Any]]:
    """The same for JSON lines."""
    return main((json.loads(line) for line in lines if line.strip()), corpora)


def prediction(document: Document) -> dict[str, Any]:
    """A document in the words of the corpus."""
    feed = {"title": document.title, "link": document.link, "language": document.language}
    return {"feed": feed, "items": [_item(entry) for entry in document.entries]}


def _item(entry: Entry) -> dict[str, Any]:
    updated = entry.updated or entry.published
    return {
        "title": entry.title,
        "link": entry.link,
        "id": entry.entry_id,
        "author": ", ".join(entry.authors) or None,
        "published": entry.published and entry.published.isoformat(),
        "updated": updated and updated.isoformat(),
        "summary": entry.summary or entry.content,
        "content": entry.content,
        "enclosure": entry.enclosures[0].url if entry.enclosures else None,
    }
