"""The way from an article to its teaser, with the page's help and the child's."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pipeline import teaser
from pipeline.bounded import Bounded, BoundedError
from pipeline.model import Article, ArticleState, Image
from pipeline.text.html import Block
from pipeline.text.page import Page

TEXT = (
    "The swimming pool in Leet will close for good on the last day of August, because its pump is older than the mayor "
    "and nobody makes the part that it wants."
)
ARTICLE = Article(1, "a", "news", ArticleState.NEW, "Pool", "https://paper.example/1", datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture(scope="module")
def bounded():
    pool = Bounded(1)
    yield pool
    pool.close()


def test_the_feeds_html_is_read_in_the_child(bounded):
    article = replace(ARTICLE, content=f'<img src="/a.jpg" alt="The pool."><p>{TEXT}</p>')
    found = teaser.write(article, None, teaser.DEFAULT, bounded)
    assert (found.text, found.source) == (TEXT, "content")
    assert found.image == Image("https://paper.example/a.jpg", "The pool.")


def test_the_page_helps_where_the_feed_says_little(bounded):
    image = Image("https://paper.example/lead.jpg")
    page = Page(
        title="Pool",
        descriptions=(("og:description", TEXT),),
        image=image,
        authors=("Ada Brown",),
        tags=("Leet",),
        language="en",
    )
    found = teaser.write(replace(ARTICLE, summary="Pool."), page, teaser.DEFAULT, bounded)
    assert (found.text, found.source) == (TEXT, "og:description")
    assert (found.image, found.authors, found.tags, found.language) == (image, ("Ada Brown",), ("Leet",), "en")


def test_the_feeds_selector_beats_the_feeds_summary(bounded):
    page = Page(descriptions=(("preferred", TEXT),))
    other = TEXT.replace("pool", "hall")
    found = teaser.write(replace(ARTICLE, summary=other), page, teaser.DEFAULT, bounded)
    assert (found.text, found.source) == (TEXT, "preferred")


def test_an_introduction_cut_out_of_the_text_gives_way_to_it(bounded):
    cut = TEXT.replace(" that it wants.", ".")
    page = Page(descriptions=(("og:description", cut),), blocks=(Block(TEXT), Block("The mayor is sixty-two.")))
    found = teaser.write(ARTICLE, page, teaser.DEFAULT, bounded)
    assert (found.text, found.source) == (TEXT, "page")
    assert "cut out of the text" in found.reason


def test_the_text_begins_where_the_introduction_begins_it(bounded):
    page = Page(
        descriptions=(("og:description", TEXT[:80] + " …"),),
        blocks=(Block("We ask you for your help today, dear readers, as we do every year."), Block(TEXT)),
    )
    assert teaser.write(ARTICLE, page, teaser.DEFAULT, bounded).text == TEXT


def test_what_the_feed_knows_is_not_replaced_by_the_page(bounded):
    page = Page(image=Image("https://paper.example/page.jpg"), authors=("Page",), tags=("Page",))
    article = replace(ARTICLE, image=Image("https://paper.example/feed.jpg"), authors=("Feed",), tags=("Feed",))
    found = teaser.write(article, page, teaser.DEFAULT, bounded)
    assert (found.image, found.authors, found.tags) == (article.image, ("Feed",), ("Feed",))


def test_words_by_hand_win(bounded):
    found = teaser.write(replace(ARTICLE, content=f"<p>{TEXT}</p>"), None, teaser.DEFAULT, bounded, override="By hand.")
    assert (found.text, found.source, found.reason) == ("By hand.", "editor", "written by hand")


def test_an_endless_document_is_given_up_with_its_reason(bounded):
    attributes = " ".join(f"a{number}=1" for number in range(60_000))
    with pytest.raises(BoundedError):
        teaser.write(replace(ARTICLE, content=f"<p {attributes}>{TEXT}</p>"), None, teaser.DEFAULT, bounded)
    assert teaser.write(replace(ARTICLE, content=f"<p>{TEXT}</p>"), None, teaser.DEFAULT, bounded).text == TEXT
