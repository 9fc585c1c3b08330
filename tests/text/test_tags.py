"""Of a `<`, what is markup goes and what is text stays; words are never lost to a doubt."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.feeds import bodies, parse
from pipeline.text import tags

TEXTS = [
    "Why <em> is not <i>",
    "A Map<String, Integer> in three lines",
    "write to <ada@paper.example> or <https://paper.example/>",
    "if x <y and z> 3, stop",
    "the <script> tag, the <style> tag and what follows them",
    "an <iframe src=x> tag is not enough",
    "use a <br> tag, not a <p> tag",
    "begin with <!DOCTYPE html> and end with <?php echo 1 ?>",
    "I <3 harbours",
    "Vec<u8>, Option<Box<T>>",
    "what <details> and <summary> do",
    "an unfinished <!-- comment is text",
    "标签<b>是什么",
    "write <div> and </div> around it",
]
MARKUP = {
    "<p>One<p>Two": "One Two",
    "One<br>Two<br/>Three": "One Two Three",
    "<b>Bold</b> move": "Bold move",
    "<div class=lead>Cut off in the": "Cut off in the",
    "<strong>Lead that was cut": "Lead that was cut",
    "Cut off</p>": "Cut off",
    'A <a href="/x">link</a> and <img src="/a>b.png" alt="it\'s"> done': "A link and done",
    "One<!-- /wp:paragraph --> two <!-- more": "One two",
    "<o:p></o:p>Office <st1:place w:st='on'>text</st1:place>": "Office text",
    "<ul><li>one<li>two</ul>": "one two",
    "<h2>Head</h2>Body": "Head Body",
    "<![CDATA[a < b]]>": "a < b",
    "<P ALIGN=CENTER>Hello": "Hello",
}


def read(text):
    return " ".join(html.unescape(tags.removed(tags.settled(text))).split())


@pytest.mark.parametrize("text", TEXTS)
def test_text_about_markup_is_text(text):
    assert read(text) == text


@pytest.mark.parametrize(("written", "words"), MARKUP.items())
def test_markup_is_no_text(written, words):
    assert read(written) == words


def test_a_bare_line_break_is_text_only_where_nobody_writes_markup():
    assert read("use a <br> here") == "use a <br> here"
    assert " ".join(tags.removed(tags.settled("use a <br> here", habit=True)).split()) == "use a here"
    assert read("use a <br> here, says <i>Ada</i>") == "use a here, says Ada"


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("form", ["rss", "rss escaped twice", "rss cdata", "atom text", "atom html"])
def test_a_feed_keeps_it_in_titles_and_summaries(text, form):
    once = html.escape(text, quote=False)
    twice = html.escape(once, quote=False)
    written = {"rss": once, "rss escaped twice": twice, "rss cdata": f"<![CDATA[{text}]]>", "atom text": once}.get(
        form, twice
    )
    if form.startswith("rss"):
        item = f"<item><title>{written}</title><description>{written}</description></item>"
        body = f"<rss version='2.0'><channel>{item}</channel></rss>"
    else:
        kind = form.partition(" ")[2]
        body = (
            f"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id><title type='{kind}'>{written}</title>"
            f"<summary type='{kind}'>{written}</summary></entry></feed>"
        )
    (entry,) = parse.parse(body.encode(), url="https://harbour.example/feed").entries
    assert entry.title == text
    assert html.unescape(entry.summary) == text


@given(st.text(alphabet="<>/!-[]ab p\"'=&;", max_size=80))
def test_no_word_is_lost_to_a_doubt(text):
    settled = tags.settled(text)
    assert bodies.clean(settled, None) is not None
    assert tags.settled(text.replace("<", "")) == text.replace("<", "")


@pytest.mark.parametrize("opening", ["<", "<a ", "<a href='", "<b>", "<!--", "<![CDATA[", '<a b="'])
def test_openings_without_end_are_read_in_one_pass(opening):
    assert tags.settled(opening * 20_000)
