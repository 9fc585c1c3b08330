"""Teasers of whole pages and entries that were written for these tests: tests/teaser/pages."""

from collections import Counter

import pytest

from tests.teaser import pages

PENDING = pytest.mark.xfail(reason="listed in pages/pending.txt", strict=False)


def judged():
    for case in pages.cases():
        marks = PENDING if case.file in pages.pending() else ()
        yield pytest.param(case, id=case.file, marks=marks)


@pytest.mark.parametrize("case", list(judged()))
def test_the_teaser_of_a_page_begins_where_its_text_does_and_says_nothing_else(case):
    assert not pages.faults(case)


def test_every_page_has_its_expectation_and_every_kind_both_halves():
    cases = pages.cases()
    files = {path.name for path in pages.FOLDER.iterdir() if path.suffix in (".html", ".json")}
    assert Counter(case.file for case in cases) == Counter(files)
    assert pages.pending() <= files
    for kind in {case.kind for case in cases}:
        assert {case.half for case in cases if case.kind == kind} == {"tune", "look"}
