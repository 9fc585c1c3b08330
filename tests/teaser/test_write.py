"""The way from an article to its teaser, with the page's help and the child's."""

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pipeline import teaser
from pipeline.bounded import Bounded, BoundedError
from pipeline.model import Article, ArticleState, Image
from pipeline.text import material
from pipeline.text.html import Block
from pipeline.text.page import Page

TEXT = (
    "The swimming pool in Leet will close for good on the last day of August, because its pump is older than the mayor "
    "and nobody makes the part that it wants."
)
WORDS = """
    bridge harbour council market mayor school library station garden theatre hospital museum church factory
    bakery tunnel castle square fountain orchard brewery chapel kitchen cellar stable meadow forest valley
    mountain island village street window ceiling staircase corridor balcony chimney curtain blanket pillow
    mattress drawer mirror candle lantern hammer ladder barrel basket bucket kettle saucer teapot spoon butter
    cheese carrot potato onion garlic pepper cinnamon ginger almond walnut cherry peach apricot lemon orange
    banana melon grape raisin needle thread button zipper pocket sleeve collar
""".split()
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


def test_an_introduction_of_something_else_gives_way_to_the_text(bounded):
    other = (
        "Trains, planes, hotels and insurance for travellers in every country: compare offers, book online, collect "
        "points and save money on tickets, rooms, rental cars and cruises today."
    )
    story = tuple(Block(f"{TEXT} Street {number}: {' '.join(WORDS[number::5])}.") for number in range(5))
    page = Page(title="Pool", descriptions=(("description", other),), blocks=story)
    found = teaser.write(ARTICLE, page, teaser.DEFAULT, bounded)
    assert found.text.startswith(TEXT)
    assert "about something else" in found.reason


def test_a_quotation_that_an_introduction_leaves_open_gives_way_to_the_text(bounded):
    cut = f"„{TEXT} Nobody swims."
    page = Page(descriptions=(("og:description", cut),), blocks=(Block(f"{TEXT} Nobody swims."),))
    assert teaser.write(ARTICLE, page, teaser.DEFAULT, bounded).source == "page"


def test_nothing_ends_where_the_feed_cut_it(bounded):
    found = teaser.write(
        replace(ARTICLE, summary="<p>The pool closes. Its pump is so old that...</p>"), None, teaser.DEFAULT, bounded
    )
    assert found.text == "The pool closes."


@pytest.mark.parametrize(
    "hostile", ["Dr. " * 100_000, "." * 400_000, "“a. " * 100_000, " \n" * 200_000, "Aa, " * 100_000]
)
def test_hostile_texts_cost_little_outside_the_child(hostile):
    started = time.process_time()
    page = Page(descriptions=(("og:description", hostile),), blocks=(Block(hostile),))
    teaser.choose(material.Material("Pool", summary=(Block(hostile),), content=(Block(hostile),), page=page))
    assert time.process_time() - started < 4


def test_a_lead_set_as_a_heading_is_the_texts_first_paragraph(bounded):
    blocks = (Block(TEXT, "heading"), Block("The mayor is sixty-two."))
    page = Page(descriptions=(("og:description", TEXT[:90]),), blocks=blocks)
    assert teaser.write(ARTICLE, page, teaser.DEFAULT, bounded).text == TEXT
