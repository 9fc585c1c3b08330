"""Sentences of a corpus by the product's splitter."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pipeline.text.sentences import sentences


def main(tasks: Iterable[dict[str, Any]], corpora: Path) -> Iterator[dict[str, Any]]:
    """One prediction a task. The golden rules part Arabic at colons and commas, so clauses are asked for."""
    for task in tasks:
        yield {"id": task["id"], "sentences": sentences(task["text"], task.get("lang"), clauses=True)}
