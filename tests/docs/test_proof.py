"""The page of proofs: every promise stands there, every test it names exists, its figures are the newest."""

import ast
import json
import re
from pathlib import Path

import pytest

from tests.proof import figures, page
from tests.proof.promises import PROMISES

ROOT = Path(__file__).parents[2]
TESTS = [test for promise in PROMISES for test in promise.tests]


@pytest.mark.parametrize("test", sorted(set(TESTS)))
def test_every_test_that_proves_a_promise_exists(test: str) -> None:
    path, _, name = test.partition("::")
    module = ast.parse((ROOT / "tests" / path).read_text(encoding="utf-8"))
    assert name in {node.name for node in module.body if isinstance(node, ast.FunctionDef)}


def test_every_promise_of_the_shop_window_is_proved() -> None:
    window = (ROOT / "README.md").read_text(encoding="utf-8").split("## What it promises")[1].split("\n## ")[0]
    promised = re.findall(r"\*\*([A-Z][^*.]+)\.?\*\*", window)
    assert len(promised) == 7
    assert promised == [promise.name for promise in PROMISES if promise.name]


def test_the_page_shows_the_newest_figures() -> None:
    text = page.README.read_text(encoding="utf-8")
    assert page.written(text, figures.kept()) == text, "python -m tests.proof --page writes it"


def test_no_figure_that_is_shown_breaks_a_promise() -> None:
    kept = figures.kept()
    assert [part for part in page.WORDS if figures.wrong(kept.get(part, {}))] == []


def test_a_short_storm_does_not_replace_a_long_one_unless_it_went_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "KEPT", tmp_path / "figures.json")
    calm = {"doubled": 0, "lost": 0, "settled": 3}
    assert figures.keep("storm", {"seconds": 3600, **calm})
    assert not figures.keep("storm", {"seconds": 60, **calm})
    assert json.loads(figures.KEPT.read_text())["storm"]["seconds"] == 3600
    assert figures.keep("storm", {"seconds": 60, **calm, "lost": 1})
