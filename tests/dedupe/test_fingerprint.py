"""Fingerprints: stable, small, the same in any writing of one text."""

import subprocess
import sys
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.dedupe import VERSION, fingerprint, read, unpack
from pipeline.dedupe.fingerprint import FACTS, SAMPLE, Fingerprint, Sample
from pipeline.dedupe.words import blocks, plain, words
from tests.dedupe.writing import BRIDGE, LIBRARY

# Change these lines only together with VERSION: stored fingerprints would be strangers otherwise.
PACKED = "4bc549d03bdceb64"


def overlap(one: str, other: str) -> float:
    mine, theirs = set(read(one).fingerprint.runs.least), set(read(other).fingerprint.runs.least)
    return len(mine & theirs) / max(1, min(len(mine), len(theirs)))


def test_a_stored_fingerprint_is_the_same_in_every_release_of_one_version() -> None:
    assert VERSION == 1
    assert sha256(read(BRIDGE).fingerprint.pack()).hexdigest()[:16] == PACKED


def test_every_process_takes_the_same_fingerprint() -> None:
    code = "import sys; from pipeline.dedupe import read; made = read(sys.argv[1]); print(made.fingerprint, made.keys)"
    seen = {
        subprocess.run(
            [sys.executable, "-c", code, BRIDGE], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "7")
    }
    assert seen == {f"{read(BRIDGE).fingerprint} {read(BRIDGE).keys}\n".encode()}


@pytest.mark.parametrize(
    "text", ["", "One", BRIDGE, BRIDGE + LIBRARY, "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20"]
)
def test_what_is_packed_is_unpacked(text: str) -> None:
    assert unpack(read(text).fingerprint.pack()) == read(text).fingerprint


def test_a_fingerprint_of_another_version_says_nothing_of_the_text() -> None:
    packed = bytes([VERSION + 1]) + read(BRIDGE).fingerprint.pack()[1:] + b"whatever follows"
    assert unpack(packed) == Fingerprint(0, b"", Sample(0, ()), Sample(0, ()), Sample(0, ()), VERSION + 1)


def test_a_fingerprint_stays_small_however_long_the_text_is() -> None:
    longest = 15 + 3 * SAMPLE + 2 * 2 * FACTS
    many = " ".join(f"Word{n} and {n} others" for n in range(9000))
    assert len(read(many).fingerprint.pack()) <= longest
    assert len(read(BRIDGE * 200).fingerprint.pack()) <= longest


def test_markup_quotes_and_hyphenation_leave_no_trace() -> None:
    marked = BRIDGE.replace("bridge", "<b>bri\u00addge</b>").replace(". ", ".</p>\n<p class='x'>").replace("'", "’")
    assert read(f"<p>{marked}</p><script>x = 1 < 2</script><!-- note -->").fingerprint == read(BRIDGE).fingerprint


def test_capitals_do_not_matter_to_the_runs() -> None:
    assert read(BRIDGE.upper()).fingerprint.runs == read(BRIDGE).fingerprint.runs


SCRIPTS = {
    "Japanese": (
        "市議会は、水車小屋のそばの古い橋を冬が来る前に修理することを決めた。八月の点検で五つのアーチのう"
        "ち二つにひびが見つかり、大型車の通行は禁止されている。",
        "市議会は、水車小屋のそばの古い橋を冬が来る前に修理すると決めた。八月の点検で五つのアーチのうち二"
        "つにひびが見つかり、大型車の通行は禁止されている。",
        "三つの学校の子どもたち四十人が新しい図書館の壁に絵を描いた。どの絵もその子が今年読んだ本を表して"
        "いる。閲覧室は月曜日に開く。",
    ),
    "Thai": (
        "สภาเทศบาลลงมติให้ซ่อมสะพานเก่าข้างโรงสีก่อนฤดูหนาวจะเริ่มขึ้น หลังจากวิศวกรพบรอยร้าวในซุ้มโค้งสองแห่งจากทั้งหมดห้าแห่ง",
        "สภาเทศบาลลงมติให้ซ่อมสะพานเก่าข้างโรงสีก่อนฤดูหนาวจะมาถึง หลังจากวิศวกรพบรอยร้าวในซุ้มโค้งสองแห่งจากทั้งหมดห้าแห่ง",
        "เด็กสี่สิบคนจากสามโรงเรียนวาดภาพบนผนังห้องสมุดใหม่ ภาพทุกภาพแสดงหนังสือที่เด็กได้อ่านในปีนี้ ห้องอ่านหนังสือเปิดวันจันทร์",
    ),
    "Arabic": (
        "قرر المجلس البلدي إصلاح الجسر القديم قرب الطاحونة قبل بداية الشتاء بعد أن وجد المهندسون "
        "شقوقا في اثنين من أقواسه الخمسة",
        "قرر المجلس البلدي إصلاح الجسر القديم قرب الطاحونة قبل حلول الشتاء بعد أن وجد المهندسون "
        "شقوقا في اثنين من أقواسه الخمسة",
        "رسم أربعون طفلا من ثلاث مدارس على جدران المكتبة الجديدة وكل صورة تعرض كتابا قرأه الطفل "
        "هذا العام وتفتح القاعة يوم الاثنين",
    ),
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_an_edited_copy_is_near_in_any_script(script: str) -> None:
    one, edited, other = SCRIPTS[script]
    assert overlap(one, edited) > 0.7
    assert overlap(one, other) < 0.1


def test_an_excerpt_has_its_runs_among_those_of_the_whole() -> None:
    excerpt = read(BRIDGE[:300])
    assert set(excerpt.runs) <= set(read(BRIDGE).runs)


def test_boilerplate_counts_for_nothing() -> None:
    footer = frozenset(fingerprint.block_hash(block) for block in blocks(LIBRARY))
    assert read(f"{BRIDGE} {LIBRARY}", footer).fingerprint == read(BRIDGE).fingerprint


def test_what_stands_between_the_marks_is_no_text() -> None:
    assert plain("a<!-- b <p>c</p> -->d<STYLE>e</style>f<script src=x>g</script>h").split() == ["a", "d", "f", "h"]


def test_a_mark_that_is_never_closed_ends_nothing() -> None:
    assert "after" in plain("before <!-- after")


def test_a_less_than_sign_is_no_tag() -> None:
    assert words(plain("if a < b then c > d")) == ["if", "a", "b", "then", "c", "d"]


@pytest.mark.parametrize(
    "unit", ["<", "<a ", "<!--", "<script", "<p", "&", "&#", "a<b ", "'", "\u00ad", "“", ". ", "9.", "水"]
)
def test_hostile_text_costs_no_more_than_other_text(unit: str) -> None:
    read(unit * (400_000 // len(unit)))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400))
def test_any_text_has_a_fingerprint_that_can_be_stored(text: str) -> None:
    made = read(text).fingerprint
    assert unpack(made.pack()) == made
