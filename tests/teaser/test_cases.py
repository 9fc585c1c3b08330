"""Teasers beside their texts: each [[case]] of tests/teaser/cases/*.toml, written for this test."""

import tomllib
from pathlib import Path

import pytest

from pipeline import teaser
from pipeline.text import material

FOLDER = Path(__file__).parent / "cases"
RULES = ("min_words", "max_words", "min_characters", "max_characters", "strip", "prefer")


def cases():
    for path in sorted(FOLDER.glob("*.toml")):
        for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
            yield pytest.param(case, id=f"{path.stem}: {case['name']}")


def chosen(case):
    values = material.job(
        {"summary": case.get("summary"), "content": case.get("content"), "link": "https://paper.example/1"}
    )
    given = material.Material(
        title=case["title"],
        language=case.get("language", "en"),
        authors=tuple(case.get("authors", ())),
        summary=material.blocks(values["summary"]),
        content=material.blocks(values["content"]),
    )
    rules = teaser.TeaserRules(**{name: case[name] for name in RULES if name in case})
    return teaser.choose(given, rules, case.get("override", ""))


@pytest.mark.parametrize("case", list(cases()))
def test_the_teaser_is_what_an_editor_would_sign(case):
    found = chosen(case)
    assert found.text == case["expect"]
    assert found.source == case.get("source", "content")
    assert found.reason
    assert found.language == case.get("found_language", found.language)
