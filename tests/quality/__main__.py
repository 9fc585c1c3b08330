"""`python -m tests.quality NAME --corpora FOLDER < tasks > predictions`: a corpus through our own functions."""

import argparse
import importlib
import json
import sys
from pathlib import Path

STREAMED = ("teaser", "extraction", "sentences", "feeds")
OWN = ("dedupe", "platform")  # they read their own arguments


def main(args: list[str]) -> int:
    """Runs one measure; predictions go to standard output as JSON lines, in the order of the tasks."""
    if args and args[0] in OWN:
        importlib.import_module(f"tests.quality.{args[0]}").run(args[1:])
        return 0
    parser = argparse.ArgumentParser(prog="python -m tests.quality", description=__doc__)
    parser.add_argument("name", choices=STREAMED)
    parser.add_argument(
        "--corpora", type=Path, default=Path(), help="the folder that paths in the tasks are relative to"
    )
    chosen = parser.parse_args(args)
    measure = importlib.import_module(f"tests.quality.{chosen.name}")
    tasks = (json.loads(line) for line in sys.stdin if line.strip())
    for prediction in measure.main(tasks, chosen.corpora):
        print(json.dumps(prediction, ensure_ascii=False), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
