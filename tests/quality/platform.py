"""Predictions on platform text rules: X lengths and entities, Bluesky facets and syntax, Mastodon lengths."""

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pipeline.text.counting import atproto, count_graphemes, mastodon, x
from pipeline.text.counting.links import Span, links

ENTITIES: dict[str, tuple[Callable[[str], list[Span]], str]] = {
    "urls": (links, "url"),
    "hashtags": (x.hashtags, "hashtag"),
    "mentions": (x.mentions, "screen_name"),
    "cashtags": (x.cashtags, "cashtag"),
}


def run(args: Sequence[str]) -> None:
    """Print one line of JSON for each case of the platform corpus."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality platform", description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True, help="the folder of all corpora, or of this one")
    folder = parser.parse_args(args).corpora
    folder = folder / "platform" if (folder / "platform").is_dir() else folder
    for name, predict in PREDICT.items():
        path = folder / f"{name}.jsonl"
        for line in path.read_text("utf-8").split("\n") if path.exists() else ():
            if line.strip():
                row = json.loads(line)
                print(json.dumps({"id": row["id"], **predict(row)}, ensure_ascii=False))


def length(row: dict[str, Any]) -> dict[str, Any]:
    return {"length": x.weight(row["text"]), "valid": x.is_valid(row["text"])}


def entities(row: dict[str, Any]) -> dict[str, Any]:
    what = next((what for what in ENTITIES if what in row["group"] and "lists" not in row["group"]), None)
    if what is None:
        return {}  # lists and replies: nothing of ours asks for them
    find, name = ENTITIES[what]
    places = row["group"].endswith(("_with_indices", "_with_directional_markers"))
    found = find(row["text"])
    return {"found": [{name: s.text, "indices": [s.start, s.end]} if places else s.text for s in found]}


def facets(row: dict[str, Any]) -> dict[str, Any]:
    return {"facets": [{"byteStart": f.start, "byteEnd": f.end} for f in atproto.facets(row["text"])]}


def syntax(row: dict[str, Any]) -> dict[str, Any]:
    return {"valid": atproto.is_valid(row["kind"], row["value"])}


def fits(row: dict[str, Any]) -> dict[str, Any]:
    return {"valid": count_graphemes(row["spoiler"]) + mastodon.length(row["text"]) <= row["limit"]}


PREDICT: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "x_length": length,
    "x_extract": entities,
    "bluesky_facets": facets,
    "bluesky_syntax": syntax,
    "mastodon_length": fits,
}
