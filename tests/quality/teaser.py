"""Teasers of a corpus's tasks, each through the two jobs and the choice that a worker uses."""

import gzip
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pipeline import teaser
from pipeline.text import material, page, pictures


def main(tasks: Iterable[dict[str, Any]], corpora: Path) -> Iterator[dict[str, Any]]:
    """One prediction a task: its teaser, from which source, and why."""
    for task in tasks:
        found = teaser.choose(of_page(task, corpora) if "html" in task else of_entry(task))
        yield {"id": task["id"], "teaser": found.text, "source": found.source, "reason": found.reason}


def of_page(task: dict[str, Any], corpora: Path) -> material.Material:
    """A page by itself, as `publish URL` meets it: no feed has said anything."""
    values = page.job({"html": read(corpora / task["html"]), "url": task["url"]})
    read_page = page.of(values)
    return material.Material(title=read_page.title, link=task["url"], language=task.get("lang"), page=read_page)


def of_entry(task: dict[str, Any]) -> material.Material:
    """A feed's entry without its page."""
    entry = task["entry"]
    link = entry.get("link") or task["url"]
    payload = {"summary": entry.get("summary_html"), "content": entry.get("content_html"), "link": link}
    values = material.job(payload)
    return material.Material(
        title=entry.get("title") or "",
        link=link,
        language=task.get("lang"),
        summary=material.blocks(values["summary"]),
        content=material.blocks(values["content"]),
        image=pictures.image(values["image"]),
    )


def read(path: Path) -> bytes:
    """A page's bytes, unpacked where they are packed."""
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data
