"""The sample newspaper is a feed like others, and its count finds what must not be."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
import requests
from PIL import Image

from pipeline.feeds.parse import parse
from pipeline.model import Document
from workers.demo.newspaper import ARCHIVE, Newspaper
from workers.demo.newsstand import count
from workers.demo.sandbox import Webhook
from workers.demo.stock import pieces


@pytest.fixture
def newspaper() -> Iterator[Newspaper]:
    with Newspaper() as paper:
        yield paper


def feed(newspaper: Newspaper) -> Document:
    answer = requests.get(f"{newspaper.url}/feed.xml", timeout=5)
    return parse(answer.content, url=answer.url, content_type=answer.headers["content-type"])


def test_the_feed_is_read_as_any_feed_and_gains_an_article_when_told(newspaper: Newspaper) -> None:
    first = feed(newspaper)
    piece = newspaper.publish()
    assert piece
    second = feed(newspaper)
    assert len(second.entries) == len(first.entries) + 1 == ARCHIVE + 2
    assert second.entries[0].title == piece.title
    assert second.warnings == ()


def test_an_unchanged_feed_is_not_sent_twice(newspaper: Newspaper) -> None:
    tag = requests.get(f"{newspaper.url}/feed.xml", timeout=5).headers["etag"]
    assert requests.get(f"{newspaper.url}/feed.xml", headers={"If-None-Match": tag}, timeout=5).status_code == 304
    assert newspaper.known == 1


def test_each_article_has_a_page_and_a_picture(newspaper: Newspaper) -> None:
    piece = pieces()[0]
    page = requests.get(newspaper.link(piece), timeout=5).text
    assert f'property="og:image" content="{newspaper.url}/pictures/{piece.slug}.jpg"' in page
    picture = requests.get(f"{newspaper.url}/pictures/{piece.slug}.jpg", timeout=5).content
    assert Image.open(BytesIO(picture)).size == (1200, 630)


def test_a_restarted_newspaper_goes_on_where_it_stopped(tmp_path: Path) -> None:
    with Newspaper(tmp_path) as before:
        before.publish()
        out = before.out()
    with Newspaper(tmp_path) as after:
        assert after.out() == out


def test_no_two_pieces_share_an_address_and_each_has_a_standfirst_of_its_own() -> None:
    assert len({piece.slug for piece in pieces()}) == len(pieces()) >= 60
    assert all(25 <= len(piece.standfirst.split()) <= 110 for piece in pieces())


def test_the_count_finds_a_double_a_loss_and_an_archive_blasted(newspaper: Newspaper) -> None:
    newspaper.publish()
    (first, _), (second, _) = newspaper.out()
    with Webhook(secret=None) as webhook:
        for key, link in [
            ("a", newspaper.link(first)),
            ("b", newspaper.link(first) + "?utm_source=x"),
            ("c", newspaper.link(pieces()[0])),
        ]:
            event = {"type": "article.published", "data": {"article": {"link": link}}}
            requests.post(webhook.url, json=event, headers={"webhook-id": key}, timeout=5)
        (counted,) = count(newspaper, {"webhook": webhook})
    assert (counted.posts, counted.articles, counted.doubles, counted.missing) == (3, 1, 2, (second.slug,))


def test_a_repeated_piece_is_on_top_again_under_another_name(newspaper: Newspaper) -> None:
    newspaper.publish()
    (first, _), _ = newspaper.out()
    before = feed(newspaper)
    newspaper.repeat(first.number, "id")
    top = feed(newspaper).entries[0]
    assert top.title == first.title
    assert top.entry_id not in {entry.entry_id for entry in before.entries}
    assert top.link == newspaper.link(first) + "?utm_source=feed&utm_campaign=1"
    assert len(feed(newspaper).entries) == len(before.entries)
