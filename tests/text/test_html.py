"""Markup to plain text."""

import pytest

from pipeline.text import html
from pipeline.text.html import Block


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("One &amp; two", "One & two"),
        ("One.\n\nTwo.", "One.\n\nTwo."),
        ("<p>A<br>b</p>", "A b"),
        ("<p>The first line ends here.<br>The second begins.</p>", "The first line ends here.\n\nThe second begins."),
        ("<p>if a &lt; b and b &lt; c</p>", "if a < b and b < c"),
        ("<p>Half a <b>bold</b>ness</p>", "Half a boldness"),
        ("<p>a<sup>2</sup></p>", "a²"),
        ("x <!-- secret --> y<?php echo 1 ?>", "x y"),
        ("<script>evil()</script><style>p{}</style><svg><text>no</text></svg>yes", "yes"),
        ("<p hidden>no</p><p>yes</p>", "yes"),
        ("<template>no</template><noscript>no</noscript><iframe>no</iframe>yes", "yes"),
        ("<p>zero\u200bwidth and \u202eturned\u202c</p>", "zerowidth and turned"),
        (
            "<p>fami\u00adly \U0001f468\u200d\U0001f469\u200d\U0001f467 stays</p>",
            "family \U0001f468\u200d\U0001f469\u200d\U0001f467 stays",
        ),
        ("<p>می\u200cخواهد</p>", "می\u200cخواهد"),
        ("\x00\x08bell\x1e", "bell"),
        ("", ""),
        ("<<<>>>", "<<<>>>"),
    ],
)
def test_plain_text_holds_the_words_and_nothing_else(markup, text):
    assert html.plain(markup) == text


def test_blocks_say_what_they_are_and_how_much_of_them_is_links():
    markup = """<h2>Head</h2><figure><img src=a><figcaption>A pier.</figcaption></figure><p class="byline">By Jo</p>
    <ul><li><a href="/">Link</a></li></ul><blockquote><p>Said.</p></blockquote><table><tr><td>1</td></tr></table>"""
    assert html.blocks(markup) == [
        Block("Head", "heading"),
        Block("A pier.", "caption"),
        Block("By Jo", "byline"),
        Block("Link", "item", 1.0, 1),
        Block("Said.", "quote"),
        Block("1", "cell"),
    ]


def test_share_bars_and_related_links_are_no_text():
    markup = '<p>Yes.</p><div class="sharedaddy">Tweet</div><div id="related-posts"><p>Other</p></div><p>End.</p>'
    assert html.plain(markup) == "Yes.\n\nEnd."


def test_an_element_that_holds_the_article_is_no_furniture_whatever_its_name():
    markup = '<div class="social-wrapper"><p>The council met on Monday and decided nothing.</p></div><p>End.</p>'
    assert "The council met" in html.plain(markup)


@pytest.mark.parametrize(
    "piece", ["<!--", "<div>", "<", "<b", "&amp;", "<br>", "</p>", "<a href=x>", '<p class="share">']
)
def test_endless_markup_is_survived(piece):
    assert isinstance(html.plain(piece * 20_000), str)
