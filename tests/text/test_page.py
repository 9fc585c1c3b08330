"""What a page says of itself, and its text."""

import pytest

from pipeline.model import Image
from pipeline.text import page

URL = "https://paper.example/2026/pool"
TEXT = (
    "The swimming pool in Leet will close for good on the last day of August, because its pump is older than the mayor "
    "and nobody makes the part that it wants."
)
MORE = "The mayor is sixty-two and learned to swim there, as did everybody who sat in the hall on Monday evening."
ARTICLE = f"<article><h1>The pool closes</h1><p>{TEXT}</p><p>{MORE}</p><p>{TEXT.replace('pool', 'hall')}</p></article>"


def read(head="", body=ARTICLE, html="<html lang='en-GB'>", **payload):
    markup = f"{html}<head><title>The pool closes | Paper</title>{head}</head><body>{body}</body></html>"
    return page.of(page.job({"html": markup.encode(), "url": URL, **payload}))


def meta(name, content):
    return f'<meta property="{name}" content="{content}">'


def test_the_text_is_the_article_without_what_stands_around_it():
    body = f"<nav>Home News Sport</nav>{ARTICLE}<aside>Most read</aside><footer>All rights reserved.</footer>"
    text = [block.text for block in read(body=body).blocks]
    assert TEXT in text
    assert MORE in text
    assert not any("Home" in line or "rights" in line for line in text)


def test_captions_and_what_no_reader_sees_are_no_text():
    body = ARTICLE.replace(
        "<p>",
        '<figure><img src=a><figcaption>Swimmers in the pool.</figcaption></figure><p class="hidden">Give now.</p><p>',
        1,
    )
    text = " ".join(block.text for block in read(body=body).blocks)
    assert "Swimmers in" not in text
    assert "Give now" not in text
    assert TEXT in text


def test_introductions_come_in_order_of_trust_each_once():
    linked = (
        '<script type="application/ld+json">{"@graph":[{"@type":["NewsArticle"],"description":"Linked."}]}</script>'
    )
    head = (
        meta("og:description", "Open.") + meta("description", "Meta.") + meta("twitter:description", "Open.") + linked
    )
    body = f'<p class="article-standfirst">The pool of Leet closes after a hundred and four years.</p>{ARTICLE}'
    found = read(head, body).descriptions
    assert found == (
        ("og:description", "Open."),
        ("json-ld", "Linked."),
        ("description", "Meta."),
        ("standfirst", "The pool of Leet closes after a hundred and four years."),
    )


def test_the_feeds_selector_comes_first():
    body = f'<div id="dek"><p>As the editor <b>likes</b> it.</p></div>{ARTICLE}'
    assert read(meta("og:description", "Open."), body, prefer="#dek > p").descriptions[0] == (
        "preferred",
        "As the editor likes it.",
    )
    assert read(body=body, prefer=">>nonsense<<").descriptions == ()


def test_the_lead_picture_has_its_own_words_and_size():
    head = (
        meta("og:image", "/lead.jpg")
        + meta("og:image:alt", "The pool.")
        + meta("og:image:width", "1200")
        + meta("og:image:type", "image/jpeg")
    )
    assert read(head).image == Image("https://paper.example/lead.jpg", "The pool.", 1200, None, "image/jpeg")


@pytest.mark.parametrize(
    "address",
    [
        "data:image/png;base64,AA",
        "/icon.svg",
        "/pixel.gif?1x1",
        "/avatar/jo.jpg",
        "javascript:alert(1)",
        "ftp://x/y.jpg",
    ],
)
def test_pixels_icons_and_avatars_are_no_picture(address):
    assert read(meta("og:image", address)).image is None


def test_authors_tags_language_and_marks_are_read():
    head = (
        '<meta name="author" content="By Ada Brown"><meta name="author" content="https://paper.example/jo">'
        + meta("article:tag", "Leet")
        + meta("article:tag", "Swimming")
        + '<meta name="robots" content="noindex, follow">'
        + '<script type="application/ld+json">{"@type": "NewsArticle", "author": [{"name": "Li Wei"}], '
        + '"isAccessibleForFree": false}</script>'
    )
    found = read(head)
    assert found.authors == ("Li Wei", "Ada Brown")
    assert found.tags == ("Leet", "Swimming")
    assert found.language == "en"
    assert found.noindex
    assert found.paid


def test_an_ordinary_page_is_free_and_may_be_found():
    assert not read().paid
    assert not read().noindex


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("/2026/pool-closes", "https://paper.example/2026/pool-closes"),
        ("https://www.paper.example/p/1", "https://www.paper.example/p/1"),
        ("https://paper.example/", ""),
        ("https://elsewhere.example.org/p/1", ""),
        ("javascript:void(0)", ""),
    ],
)
def test_the_canonical_address_is_of_the_same_site_and_no_front_page(address, canonical):
    assert read(f'<link rel="canonical" href="{address}">').canonical == canonical


def test_broken_json_ld_is_passed_over():
    head = '<script type="application/ld+json">{"a": </script><script type="application/ld+json">[[[[1]]]]</script>'
    assert read(head).descriptions == ()


@pytest.mark.parametrize("markup", [b"", b"\x00", b"not html", b"<html></html>", "<p>Ünicode".encode("utf-16")])
def test_what_is_no_page_gives_nothing_and_no_error(markup):
    assert page.of(page.job({"html": markup, "url": URL})).descriptions == ()
