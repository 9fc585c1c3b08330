"""Documents beside what is expected of them; a report of a feed that was misread becomes a file here."""

import json
from pathlib import Path

import pytest

from pipeline.feeds import parse

DOCUMENTS = Path(__file__).parent / "documents"


@pytest.mark.parametrize("path", sorted(DOCUMENTS.glob("*.json")), ids=lambda path: path.stem)
def test_a_document_is_read_as_expected(path):
    body = path.with_suffix(".xml").read_bytes()
    found = json.loads(json.dumps(parse.plain(parse.parse(body, url="https://harbour.example/feed"))))
    expected = json.loads(path.read_text())
    assert {name: found[name] for name in expected["document"]} == expected["document"]
    if "entries" in expected:
        pairs = zip(found["entries"], expected["entries"], strict=True)
        assert [picked(entry, one) for entry, one in pairs] == expected["entries"]


def picked(found, expected):
    """What was found, of that which an expectation names."""
    if isinstance(expected, dict) and isinstance(found, dict):
        return {name: picked(found[name], value) for name, value in expected.items()}
    return found


def test_every_document_has_its_expectation():
    assert {path.stem for path in DOCUMENTS.glob("*.xml")} == {path.stem for path in DOCUMENTS.glob("*.json")}
