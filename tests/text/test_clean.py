"""Clean plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text import boilerplate, clean, datelines


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("CafÃ©", "Café"),
        ("â€œquotedâ€\x9d", "“quoted”"),
        ("Â£5 and naïve Ünï", "£5 and naïve Ünï"),
        ("Å‚Ã³dÅº 中", "łódź 中"),
        ("don&amp;rsquo;t", "don’t"),
        ("one :smile: two 10:30:20", "one two 10:30:20"),
        ("[caption id=1]x[/caption]", "x"),
        ("a <b>bold</b> word", "a bold word"),
        ("e\u0301te\u0301", "été"),
        ("a\u00a0\u00a0b", "a b"),
    ],
)
def test_what_escaping_and_encodings_leave_behind_goes(raw, text):
    assert clean.text(raw) == text


@given(st.text())
def test_clean_text_is_one_line_and_stays_as_it_is(raw):
    once = clean.text(raw)
    assert "\n" not in once
    assert "  " not in once
    assert clean.SPACES.sub(" ", once).strip() == once


@pytest.mark.parametrize(
    "line", ["It ends.", "Does it?", "“Yes.”", "(Quite.)", "終わり。", "Ոչինչ:", "Ναι;", "है।", "« Oui. »"]
)
def test_a_closed_line_ends_with_a_mark(line):
    assert clean.closed(line)


@pytest.mark.parametrize("line", ["It goes on", "As follows:", "one, two;", "(", "", "and"])
def test_an_open_line_does_not(line):
    assert not clean.closed(line)


@pytest.mark.parametrize(
    "line",
    [
        "Read more: Ten things about bees",
        "Lesen Sie auch: Das Bad schließt",
        "À lire aussi : la piscine",
        "Lee también: la piscina",
        "Читайте также: бассейн",
        "関連記事：プール",
        "The post Bees appeared first on The Example Paper.",
        "Der Beitrag Bienen erschien zuerst auf Beispiel.",
        "Sign up for our newsletter",
        "Subscribe to our channel",
        "Share Tweet 12",
        "Photo: Jo Doe/Harbour Images",
        "Bees on the roof. (AP Photo/Jo Doe)",
        "Editor’s note: This story has been corrected.",
        "Updated at 9:15 a.m.",
        "3 min read",
        "March 3, 2026",
        "3. März 2026",
        "10:42 GMT",
        "By Ada Brown and Li Wei",
        "Von Ada Braun",
        "@leetpaper",
        "© 2026 The Example Paper",
        "Advertisement",
    ],
)
def test_boilerplate_is_known(line):
    assert boilerplate.furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "By Monday the water had gone.",
        "Read in every school, the poem is known by heart.",
        "Share prices fell on Monday.",
        "Photographs of the whale hang in the hall.",
        "Subscribers to the old line were told in May.",
        "The post office in Leet will close.",
        "Von Berlin nach Leet fährt kein Zug.",
        "Update your map: the bridge is open.",
        "March was cold.",
        "Related species live in the south.",
    ],
)
def test_sentences_of_an_article_are_no_boilerplate(line):
    assert not boilerplate.furniture(line)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("LONDON (AP) — The mayor", "The mayor"),
        ("(Reuters) - The mayor", "The mayor"),
        ("NEW DELHI: The mayor", "The mayor"),
        ("Berlin (dpa/tmn) - Der Rat", "Der Rat"),
        ("São Paulo, 10 may (EFE).- El alcalde", "El alcalde"),
        ("Москва (ТАСС) — Мэр", "Мэр"),
        ("10:42 GMT – The mayor", "The mayor"),
        ("By Ada Brown | The mayor", "The mayor"),
        ("COVID-19 cases rise", "COVID-19 cases rise"),
        ("World Health Organization (WHO) said", "World Health Organization (WHO) said"),
        ("The mayor — a tall man — said", "The mayor — a tall man — said"),
    ],
)
def test_datelines_go_and_nothing_else(text, rest):
    assert datelines.without(text) == rest


@pytest.mark.parametrize(
    "hostile", ["By " + "A" * 500, "By " + "Aa " * 200, "A Bcd, " * 100, "(" * 600, "the post " + "a " * 300]
)
def test_hostile_lines_cost_little(hostile):
    for judge in (boilerplate.furniture, boilerplate.foreign, boilerplate.call, datelines.without):
        judge(hostile)


def test_a_papers_own_name_before_its_text_goes():
    assert datelines.unsigned("Leet Courier – The pool", "https://www.leetcourier.example/1") == "The pool"
    assert (
        datelines.unsigned("Leet Council – The pool", "https://www.leetcourier.example/1") == "Leet Council – The pool"
    )
