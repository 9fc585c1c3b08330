"""What holds for every teaser, whatever the text."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import teaser
from pipeline.text import clean, html, material, tags
from pipeline.text.excerpt import words
from pipeline.text.html import Block
from pipeline.text.material import Material
from pipeline.text.sentences import sentences

PIECES = st.sampled_from(
    """
    The council met on Monday.
    Dr. Brown of St. Mary’s spoke for an hour about the U.S. pool.
    It closes at 9:00 p.m. on weekdays.
    “We will stay,” she said, “and swim.”
    Read more
    By Ada Brown
    Why?
    Nobody knew (or said so).
    and then the
    He waited…
    LONDON — The mayor left.
    One of the lamps, the one by the door, has burned since the year of the flood and nobody knows who pays for the oil.
    “I do not know.
    Sign up for our newsletter.
    Am 12. Juni kam z. B. Regen.
    議会は月曜日に開かれた。
    Что делать?
    <b>Bold</b> &amp; brave.
    &lt;p&gt;Hm.&lt;/p&gt;
    See no. 5 of Vol. 2 and e.g. page 7.
    """.strip().splitlines()
).map(lambda piece: " ".join(piece.split()))
PARAGRAPHS = st.lists(st.lists(PIECES, min_size=1, max_size=6).map(" ".join), max_size=6)
LIMITS = st.tuples(st.integers(1, 40), st.integers(0, 80)).map(lambda pair: (pair[0], pair[0] + pair[1]))


def made(paragraphs, limits, title="The title of it"):
    markup = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    values = material.job({"content": markup})
    given_material = Material(title=title, language="en", content=material.blocks(values["content"]))
    rules = teaser.TeaserRules(min_words=limits[0], max_words=limits[1])
    return teaser.choose(given_material, rules), html.blocks(markup)


@settings(max_examples=80, deadline=None)
@given(PARAGRAPHS, LIMITS)
def test_a_teaser_is_whole_sentences_of_its_text_in_their_order(paragraphs, limits):
    found, blocks = made(paragraphs, limits)
    there = [sentence for block in blocks for sentence in sentences(block.text, found.language)]
    assert not found.text or clean.closed(found.text)
    rests = {found.text}
    for sentence in there:
        bodies = (sentence, *(sentence.rpartition(head)[2] for head in ("LONDON — ", "By Ada Brown ")))
        rests |= {rest.removeprefix(body).lstrip() for rest in rests for body in bodies if rest.startswith(body)}
    assert "" in rests


@settings(max_examples=80, deadline=None)
@given(PARAGRAPHS, LIMITS)
def test_a_teaser_is_never_longer_than_allowed_and_always_explained(paragraphs, limits):
    found, _ = made(paragraphs, limits)
    assert words(found.text) <= limits[1]
    assert found.reason
    assert bool(found.text) == (found.source != "title")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="<>/ab&;p#x\"'= .!?\n“”é漢", max_size=200))
def test_a_teaser_never_holds_markup_or_line_breaks(raw):
    values = material.job({"summary": raw, "content": f"<p>{raw}</p>"})
    found = teaser.choose(
        Material("t", summary=material.blocks(values["summary"]), content=material.blocks(values["content"]))
    )
    assert "\n" not in found.text
    assert not tags.written_as_html(found.text)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300), st.sampled_from(["en", "de", "ru", "ja", "ar", "th", "el", "hy", None]))
def test_sentences_together_are_the_text(text, language):
    parts = sentences(text, language)
    assert "".join("".join(part.split()) for part in parts) == "".join(text.split())
    assert all(part.strip() == part and part for part in parts)


@given(st.text(max_size=100))
def test_the_title_is_never_the_teaser(title):
    text = clean.text(title)
    found = teaser.choose(Material(title, language="en", summary=(Block(text),) if text else ()))
    assert found.text == "" or found.text != text
