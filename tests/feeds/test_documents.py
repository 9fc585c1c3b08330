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
        picked = [
            {name: entry[name] for name in one}
            for entry, one in zip(found["entries"], expected["entries"], strict=True)
        ]
        assert picked == expected["entries"]


def test_every_document_has_its_expectation():
    assert {path.stem for path in DOCUMENTS.glob("*.xml")} == {path.stem for path in DOCUMENTS.glob("*.json")}
