"""Pairs and a stream of a corpus, judged by the product's own functions."""

import argparse
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pipeline.dedupe import Candidate, Known, Policy, Revised, Same, judge, read
from pipeline.model import ArticleState, Entry
from pipeline.stages.recognise import WINDOW, Desk
from pipeline.stages.upkeep import upkeep
from pipeline.store import Store, articles


def run(args: list[str]) -> None:
    """Write a prediction for every pair."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality dedupe")
    parser.add_argument(
        "--corpora", type=Path, required=True, help="folder with items.jsonl, pairs.jsonl, stream.jsonl"
    )
    parser.add_argument("--pairs", type=Path, help="where to write the predictions for pairs")
    parser.add_argument("--stream", type=Path, help="where to write the predictions for the stream")
    chosen = parser.parse_args(args)
    items = {item["id"]: item for item in lines(chosen.corpora / "items.jsonl")}
    if chosen.pairs:
        write(chosen.pairs, (pair(task, items) for task in lines(chosen.corpora / "pairs.jsonl")))
    if chosen.stream:
        with TemporaryDirectory() as folder:
            store = Store.open(f"sqlite:///{folder}/stream.db")
            store.migrate()
            write(
                chosen.stream, stream((items[task["item"]] for task in lines(chosen.corpora / "stream.jsonl")), store)
            )
            store.close()


def pair(task: dict[str, Any], items: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Two articles by themselves: the later one is judged, as it is in the stream."""
    first, second = sorted((candidate(items[task[side]]) for side in "ab"), key=lambda each: each.at)
    verdict = judge(second, known(first))
    return {"id": task["id"], "duplicate": isinstance(verdict, Same | Revised), "reason": verdict.reason}


def stream(items: Iterable[dict[str, Any]], store: Store) -> Iterator[dict[str, Any]]:
    """The items in their order, each against what the store remembers: the stage's own decision."""
    named: dict[str, str] = {}
    for item in items:
        now = datetime.fromisoformat(item["published"])
        upkeep(store, WINDOW, now)
        with store.begin() as tx:
            desk = Desk(tx, polled=False)  # the corpus comes without the documents that a poll reads
            seq, ident = articles.add(
                tx, item["feed"], entry(item), seed=item["id"], state=ArticleState.TEASED, now=now, trace=""
            )
            named[ident] = item["id"]
            article = articles.by_seq(tx, [seq])[seq]
            read_ = desk.read(article)
            decision = desk.decide(read_, Policy.NORMAL, now)
            if decision.joins and decision.known:
                articles.move(tx, article, ArticleState.JOINED, joined_to=decision.known.story)
            desk.remember(article, read_, own_story=not decision.joins)
            desk.close()
        story = named[decision.known.story] if decision.joins and decision.known else None
        yield {"id": item["id"], "duplicate_of": story, "reason": decision.verdict.reason}


def entry(item: dict[str, Any]) -> Entry:
    """A corpus item as the feed's parser gives it."""
    return Entry(
        entry_id=item["guid"],
        link=item["url"],
        title=item["title"] or "",
        summary=item["summary"] or "",
        content=item["content"] or "",
        published=datetime.fromisoformat(item["published"]),
    )


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
