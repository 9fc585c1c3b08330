"""The measures answer each task in the scorers' shape, through the product's own functions."""

import gzip

from tests.quality import extraction, sentences, teaser

TEXT = (
    "The swimming pool in Leet will close for good on the last day of August, because its pump is older than the mayor "
    "and nobody makes the part that it wants."
)
PAGE = f"<html><head><title>Pool</title></head><body><article><p>{TEXT}</p><p>{TEXT} Twice.</p></article></body></html>"


def test_sentences_are_answered_by_id(tmp_path):
    tasks = [{"id": "1", "lang": "en", "text": "It rains. It pours."}]
    assert list(sentences.main(tasks, tmp_path)) == [{"id": "1", "sentences": ["It rains.", "It pours."]}]


def test_a_teaser_is_made_of_an_entry_or_a_page(tmp_path):
    (tmp_path / "page.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    entry = {"title": "Pool", "summary_html": f"<p>{TEXT}</p>", "content_html": None}
    tasks = [
        {"id": "1", "url": "https://paper.example/", "entry": entry},
        {"id": "2", "url": "", "html": "page.html.gz"},
    ]
    assert [answer["teaser"] for answer in teaser.main(tasks, tmp_path)] == [TEXT, TEXT]


def test_a_page_is_found_by_its_id(tmp_path):
    folder = tmp_path / "extraction" / "html"
    folder.mkdir(parents=True)
    (folder / "p.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    answer = next(iter(extraction.main([{"id": "p", "url": ""}], tmp_path)))
    assert TEXT in answer["body"]
    assert answer["title"] == "Pool"
