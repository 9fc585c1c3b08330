"""Where sentences end, in forty languages: a line of sentences/LANGUAGE.txt is a text, `¦` marks the ends."""

from pathlib import Path

import pytest

from pipeline.text.sentences import sentences

FOLDER = Path(__file__).parent / "sentences"


def cases():
    for path in sorted(FOLDER.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield pytest.param(path.stem, line, id=f"{path.stem}: {line[:40]}")


@pytest.mark.parametrize(("language", "line"), list(cases()))
def test_sentences_end_where_a_reader_ends_them(language, line):
    text = line.replace(" ¦ ", " ").replace("¦", "")
    assert sentences(text, language) == [part.strip() for part in line.split("¦")]


def test_arabic_clauses_are_parted_when_asked_for_but_no_short_ones_and_no_quotation():
    long = "أعلنت الحكومة أمس عن خطة جديدة لدعم المزارعين في الجنوب،"
    assert sentences(f"{long} وقالت إنها ستبدأ قريبا", "ar", clauses=True) == [long, "وقالت إنها ستبدأ قريبا"]
    assert sentences("الأسبوع الماضي: ماذا حدث؟", "ar", clauses=True) == ["الأسبوع الماضي:", "ماذا حدث؟"]
    for whole in ("لا، شكرا.", "قالت: «أنا متعبة.»", "قال الوزير: إن الخطة جاهزة."):
        assert sentences(whole, "ar", clauses=True) == [whole]
