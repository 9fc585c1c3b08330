"""`python -m tests.proof [--storm SECONDS] [--kills N]`: prove every promise anew and write the figures on the page.

Runs the tests of every promise, counts, and fills the table in tests/README.md. Figures of parts that were not run
stay as they stood, each with its date. Exit status 1 when anything broke a promise; the page then says so.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from tests.proof import page
from tests.proof.figures import FOLDER, Figures, keep, kept, recorded, total, wrong
from tests.proof.promises import PROMISES

ROOT = Path(__file__).parents[2]
STORM = "storm"


def main() -> int:
    """Run, gather, write."""
    words = argparse.ArgumentParser(prog="python -m tests.proof", description=__doc__)
    words.add_argument("--storm", type=float, default=0, help="seconds of storm; none without it")
    words.add_argument("--kills", type=int, default=10, help="kills at random moments")
    words.add_argument("--page", action="store_true", help="only write the page anew from the figures that are kept")
    given = words.parse_args()
    failed = 0
    if not given.page:
        with tempfile.TemporaryDirectory() as folder:
            failed = prove(Path(folder), given)
    page.write(kept())
    return 1 if failed else 0


def prove(folder: Path, given: argparse.Namespace) -> int:
    """Every part; how many went wrong."""
    environment = os.environ | {FOLDER: str(folder), "STANDFIRST_KILLS": str(given.kills)}
    tests = sorted({f"tests/{test}" for promise in PROMISES for test in promise.tests if promise.part != STORM})
    report = folder / "report.xml"
    pytest = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", f"--junitxml={report}", *tests]
    failed = subprocess.run(pytest, cwd=ROOT, env=environment, check=False).returncode
    found = gathered(folder) | {"cases": cases(report)}
    for part, figures in found.items():
        keep(part, figures)
        failed += wrong(figures)
    if given.storm:
        command = [sys.executable, "-m", "tests.storm", "--seconds", str(given.storm), "--record"]
        failed += subprocess.run(command, cwd=ROOT, check=False).returncode
    return failed


def gathered(folder: Path) -> dict[str, Figures]:
    """What the suites noted, summed up."""
    found: dict[str, Figures] = {}
    if sweep := recorded(folder, "sweep"):
        points: Counter[str] = Counter()
        for line in sweep:
            points[line["database"]] += line["points"]
        found["sweep"] = {"points": dict(points), "wrong": total(sweep, "wrong")}
    if kills := recorded(folder, "kills"):
        found["kills"] = kills[-1]
    if histories := recorded(folder, "histories"):
        found["histories"] = {
            "histories": len(histories),
            "polls": total(histories, "polls"),
            "wrong": total(histories, "wrong"),
        }
    return found


def cases(report: Path) -> Figures:
    """How many cases of each test passed, with the date; those that were not run as they were."""
    before: Figures = {name: value for name, value in kept().get("cases", {}).items() if name != "date"}
    if not report.exists():
        return before
    passed: Counter[str] = Counter()
    ran: Counter[str] = Counter()
    for case in ET.parse(report).iter("testcase"):
        path = case.get("classname", "").removeprefix("tests.").replace(".", "/")
        name = f"{path}.py::{case.get('name', '').partition('[')[0]}"
        if case.find("skipped") is None:
            ran[name] += 1
            passed[name] += case.find("failure") is None and case.find("error") is None
    today = datetime.now(UTC).date().isoformat()
    return before | {name: {"date": today, "passed": passed[name], "all": count} for name, count in ran.items()}


if __name__ == "__main__":
    sys.exit(main())
