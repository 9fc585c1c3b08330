"""What the simplest reader would have posted: a set of guids. For comparison, on the same histories.

python -m tests.histories.naive FOLDER…
"""

import base64
import io
import json
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import feedparser

from tests.histories.replay import judge, rss


def posts(history: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Every entry whose guid (else link, else title) was not seen before, the first document apart."""
    made: dict[str, list[dict[str, Any]]] = defaultdict(list)
    render = rss(history)
    for name, steps in history["feeds"].items():
        seen: set[str] | None = None
        for step in steps:
            entries = feedparser.parse(io.BytesIO(_body(step, render))).entries
            fresh = [one for one in reversed(entries) if seen is not None and _key(one) not in seen]
            seen = (seen or set()) | {_key(one) for one in entries}
            for channel in history.get("routes", {}).get(name, history["channels"]):
                made[channel] += [
                    {"title": one.get("title", ""), "link": one.get("link"), "teaser": one.get("summary")}
                    for one in fresh
                ]
    return made


def _body(step: Mapping[str, Any], render: Any) -> bytes:
    if step.get("status", 200) != 200 or "fault" in step:
        return b""
    return base64.b64decode(step["body64"]) if "body64" in step else render(step)


def _key(one: Any) -> str:
    return str(one.get("id") or one.get("link") or one.get("title"))


def main(folders: list[str]) -> int:
    """How many histories such a reader would hold."""
    paths = sorted(path for folder in folders for path in Path(folder).glob("*.json"))
    held = 0
    for path in paths:
        history = json.loads(path.read_text())
        wrong = judge(history, posts(history))
        held += not wrong
        if wrong:
            print(f"{history['id']} ({history['case']}): {wrong[0]}")
    print(f"{held} of {len(paths)} histories hold for a reader that keeps a set of guids")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
