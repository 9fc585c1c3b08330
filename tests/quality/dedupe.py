"""Pairs and a stream of a corpus, judged by the product's own functions."""

import argparse
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.dedupe import Candidate, Known, Revised, Same, judge, read


def run(args: list[str]) -> None:
    """Write a prediction for every pair."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality dedupe")
    parser.add_argument("--corpora", type=Path, required=True, help="folder with items.jsonl, pairs.jsonl, stream.jsonl")
    parser.add_argument("--pairs", type=Path, help="where to write the predictions for pairs")
    parser.add_argument("--stream", type=Path, help="where to write the predictions for the stream")
    chosen = parser.parse_args(args)
    items = {item["id"]: item for item in lines(chosen.corpora / "items.jsonl")}
    if chosen.pairs:
        write(chosen.pairs, (pair(task, items) for task in lines(chosen.corpora / "pairs.jsonl")))


def pair(task: dict[str, Any], items: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Two articles by themselves: the later one is judged, as it is in the stream."""
    first, second = sorted((candidate(items[task[side]]) for side in "ab"), key=lambda each: each.at)
    verdict = judge(second, known(first))
    return {"id": task["id"], "duplicate": isinstance(verdict, Same | Revised), "reason": verdict.reason}


def candidate(item: dict[str, Any]) -> Candidate:
    """A corpus item as the stage sees an article."""
    text = max(item["content"] or "", item["summary"] or "", key=len)
    at = datetime.fromisoformat(item["published"])
    return Candidate(item["id"], item["feed"], item["title"] or "", item["url"] or "", at, read(text))


def known(article: Candidate) -> Known:
    """What is remembered of it."""
    print_ = article.reading.fingerprint
    return Known(article.id, article.feed, article.title, article.link, article.at, print_, article.id)


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON lines file."""
    with path.open(encoding="utf-8") as file:
        yield from (json.loads(line) for line in file if line.strip())


def write(path: Path, predictions: Iterator[dict[str, Any]]) -> None:
    """One object a line."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(each, ensure_ascii=False) + "\n" for each in predictions)
