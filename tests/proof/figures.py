"""What the suites measured: each run writes lines of JSON, the newest of each part is kept in `figures.json`."""

import json
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

KEPT = Path(__file__).with_name("figures.json")
FOLDER = "STANDFIRST_FIGURES"  # where a run writes what it measured; unset, nothing is written

Figures = dict[str, Any]


def record(part: str, **figures: Any) -> None:
    """Note what a test measured, when somebody wants to know."""
    if folder := os.environ.get(FOLDER):
        with (Path(folder) / f"{part}.jsonl").open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(figures) + "\n")


def recorded(folder: Path, part: str) -> list[Figures]:
    """What a run noted of one part."""
    path = folder / f"{part}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def kept() -> dict[str, Figures]:
    """The newest figures of each part."""
    found: dict[str, Figures] = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    return found


def keep(part: str, figures: Figures) -> bool:
    """Keep new figures with today's date; a shorter storm replaces a longer one only if it found something wrong."""
    all_of_them = kept()
    before = all_of_them.get(part, {})
    if part == "storm" and figures["seconds"] < before.get("seconds", 0) and not wrong(figures):
        return False
    all_of_them[part] = {"date": datetime.now(UTC).date().isoformat(), **figures}
    KEPT.write_text(json.dumps(all_of_them, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return True


def wrong(figures: Figures) -> bool:
    """Whether they break a promise."""
    return bool(
        figures.get("doubled") or figures.get("lost") or figures.get("wrong") or figures.get("settled", 0) is None
    )


def total(lines: Iterable[Figures], name: str) -> int:
    """One figure summed up over the lines of a part."""
    return sum(line[name] for line in lines)
