"""The page: a section of tests/README.md, between two markers, made of the promises and the newest figures."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.proof.promises import PROMISES, Promise

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- proof -->", "<!-- /proof -->"
NONE = "not measured yet"

Kept = Mapping[str, Mapping[str, Any]]


def section(kept: Kept) -> str:
    """What stands between the markers."""
    rows = ["| promise | what it means here | proved by | newest figures |", "|---|---|---|---|"]
    rows += [_row(promise, kept) for promise in PROMISES]
    return "\n".join(rows)


def written(page: str, kept: Kept) -> str:
    """The page with this section in it."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{section(kept)}\n{END}{after}"


def write(kept: Kept) -> None:
    """Bring the page up to date."""
    README.write_text(written(README.read_text(encoding="utf-8"), kept), encoding="utf-8")


def _row(promise: Promise, kept: Kept) -> str:
    name = f"**{promise.name}**" if promise.name else ""
    tests = "<br>".join(f"`{test}`" for test in promise.tests)
    return f"| {name} | {promise.says} | {tests} | {_figures(promise, kept)} |"


def _figures(promise: Promise, kept: Kept) -> str:
    if promise.part:
        found = kept.get(promise.part)
        return f"{WORDS[promise.part](found)} ({found['date']})" if found else NONE
    cases = [kept.get("cases", {}).get(test) for test in promise.tests]
    known = [case for case in cases if case]
    if len(known) < len(cases):
        return NONE
    passed, all_of_them = sum(case["passed"] for case in known), sum(case["all"] for case in known)
    return f"{passed} of {all_of_them} cases ({min(case['date'] for case in known)})"


def _sweep(f: Mapping[str, Any]) -> str:
    points = " and ".join(f"{count:,} points on {name}" for name, count in sorted(f["points"].items()))
    return f"{points}, three classes of platforms: {f['wrong']} doubled or lost"


def _kills(f: Mapping[str, Any]) -> str:
    return (
        f"{f['kills']} kills, {f['articles']} articles on {f['channels']} channels, {f['posts']:,} posts: "
        f"{f['doubled']} doubled, {f['lost']} lost; {f['repeats']} requests repeated and recognised"
    )


def _histories(f: Mapping[str, Any]) -> str:
    return f"{f['histories']} histories, {f['polls']:,} polls: {f['wrong']} went wrong"


def _storm(f: Mapping[str, Any]) -> str:
    befell = f["befell"]
    lost = befell.get("broker lost", 0) + befell.get("broker emptied", 0)
    settled = "never settled" if f["settled"] is None else f"settled after {f['settled']:.0f} s of calm"
    return (
        f"{_long(f['seconds'])}, seed {f['seed']}: {befell.get('kill -9', 0)} kills, {lost} broker losses, "
        f"{befell.get('database restarted', 0)} database restarts, {f['faults']} requests gone wrong; "
        f"{f['posts']:,} posts of {f['articles']:,} articles: {f['doubled']} doubled, {f['lost']} lost, {settled}"
    )


def _long(seconds: float) -> str:
    return f"{seconds / 3600:.1f} hours" if seconds >= 3000 else f"{seconds:.0f} seconds"


WORDS = {"sweep": _sweep, "kills": _kills, "histories": _histories, "storm": _storm}
