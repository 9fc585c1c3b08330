"""The lead picture of a feed's content."""

import pytest

from pipeline.text import pictures

BASE = "https://paper.example/2026/1"


@pytest.mark.parametrize(
    ("markup", "address"),
    [
        ('<img src="/a.jpg">', "https://paper.example/a.jpg"),
        ('<img src="//cdn.example/a.jpg" width="640" height="480">', "https://cdn.example/a.jpg"),
        ('<img src="t.gif" width="1" height="1"><img src="b.jpg">', "https://paper.example/2026/b.jpg"),
        ('<img src="https://s.w.org/images/core/emoji/1.png"><img src="b.jpg">', "https://paper.example/2026/b.jpg"),
        ('<img srcset="s.jpg 400w, l.jpg 1600w, xl.jpg 9000w" src="t.jpg">', "https://paper.example/2026/l.jpg"),
        ('<img data-src="lazy.jpg" src="data:image/gif;base64,R0">', "https://paper.example/2026/lazy.jpg"),
    ],
)
def test_the_first_real_picture_is_found(markup, address):
    assert pictures.first_in(markup, BASE)["url"] == address


@pytest.mark.parametrize(
    "markup",
    [
        "no picture",
        "<img>",
        '<img src="a.svg">',
        '<img src="a.jpg" width="80">',
        '<img src="https://feeds.feedburner.com/~r/x">',
        '<img src="http://[">',
    ],
)
def test_what_is_no_picture_is_none(markup):
    assert pictures.first_in(markup, BASE) is None


def test_a_picture_keeps_its_own_words():
    found = pictures.image(pictures.first_in('<img src="a.jpg" alt="The &amp; pier" width="900px">', BASE))
    assert (found.alt, found.width, found.height) == ("The & pier", 900, None)
