"""`python -m tests.teaser.pages [--half tune|look] [--kind KIND]`: which teasers fail, why, and the share that holds.

`--baseline` judges plain trafilatura instead: the first whole sentences of its text, without the title."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable

import trafilatura

from pipeline.text.sentences import sentences
from tests.teaser import pages


def main(args: list[str]) -> int:
    """Prints each failing page with its faults, then the shares by half and kind. Exit status 1 when one fails."""
    parser = argparse.ArgumentParser(prog="python -m tests.teaser.pages", description=__doc__)
    parser.add_argument("--half", choices=("tune", "look"))
    parser.add_argument("--kind")
    parser.add_argument("--baseline", action="store_true", help="plain trafilatura, which gives no pictures")
    parser.add_argument("--quiet", action="store_true", help="the shares alone")
    chosen = parser.parse_args(args)
    judge = baseline_faults if chosen.baseline else pages.faults
    cases = [case for case in pages.cases() if chosen.half in (None, case.half) and chosen.kind in (None, case.kind)]
    wrong = {case.file: faults for case in cases if (faults := judge(case))}
    for case in cases if not chosen.quiet else ():
        for fault in wrong.get(case.file, ()):
            print(f"{case.half}  {case.kind}  {case.file}: {fault}")
    for name, group in (("half", lambda case: case.half), ("kind", lambda case: case.kind)):
        print_shares(name, cases, group, wrong)
    return bool(wrong)


def print_shares(
    name: str, cases: list[pages.Case], group: Callable[[pages.Case], str], wrong: dict[str, list[str]]
) -> None:
    """The share of a half or a kind that holds."""
    every = Counter(map(group, cases))
    held = Counter(group(case) for case in cases if case.file not in wrong)
    for key, count in every.items():
        print(f"{name} {key}: {held[key]} of {count} hold ({held[key] / count:.0%})")


def baseline_faults(case: pages.Case) -> list[str]:
    """What is wrong with the first whole sentences of plain trafilatura's text; its pictures are not judged."""
    lines = [line for line in plain_text(case).split("\n") if pages.folded(line) != pages.folded(case.title)]
    return list(pages.wrong_words(case, first_sentences(" ".join(lines), case.language)))


def plain_text(case: pages.Case) -> str:
    """What plain trafilatura takes for the text."""
    if not case.file.endswith(".json"):
        return trafilatura.extract((pages.FOLDER / case.file).read_bytes(), include_comments=False) or ""
    entry = json.loads((pages.FOLDER / case.file).read_text(encoding="utf-8"))
    html = entry.get("content_html") or entry.get("summary_html")
    return trafilatura.extract(f"<html><body><article>{html}</article></body></html>", include_comments=False) or ""


def first_sentences(text: str, language: str, least: int = 25) -> str:
    """Its first whole sentences, until there are enough words (each letter of a script without spaces is one)."""
    taken = ""
    for sentence in sentences(text, language):
        taken = f"{taken} {sentence}".strip()
        if len(taken.split()) >= least or (len(taken.split()) < least // 4 and len(taken) >= least * 2):
            break
    return taken


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
