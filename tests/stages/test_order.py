"""Posts of one feed appear in the order in which its articles were first seen, whoever reads them faster."""

from datetime import timedelta

import pytest

from pipeline import stages
from pipeline.model import ArticleState
from pipeline.store import articles
from tests.stages.conftest import Newsroom


def state(newsroom: Newsroom, ident: str) -> ArticleState:
    with newsroom.store.read() as tx:
        found = articles.get(tx, ident)
    assert found is not None
    return found.state


@pytest.mark.parametrize("slow", [ArticleState.NEW, ArticleState.TEASED])
def test_an_article_waits_for_an_earlier_one_of_its_feed_that_is_not_decided_on(
    newsroom: Newsroom, slow: ArticleState
) -> None:
    first, second = newsroom.article(1, slow), newsroom.article(2, ArticleState.TEASED)
    with newsroom.store.begin() as tx:  # it was saved a moment after the batch looked at its clock
        articles.set_state(tx, first.seq, [slow], slow, "", newsroom.now + timedelta(milliseconds=5))
    stages.dedupe(newsroom.world())
    assert state(newsroom, second.id) == ArticleState.TEASED


def test_an_article_that_nobody_can_read_does_not_hold_its_feed_for_ever(newsroom: Newsroom) -> None:
    newsroom.article(1, ArticleState.NEW)
    second = newsroom.article(2, ArticleState.TEASED)
    newsroom.now += timedelta(minutes=2)
    stages.dedupe(newsroom.world())
    assert state(newsroom, second.id) == ArticleState.READY


def test_posts_stand_in_the_order_of_first_sight(newsroom: Newsroom) -> None:
    made = [newsroom.article(n, ArticleState.TEASED) for n in range(6)]
    newsroom.work()
    posts = newsroom.platforms["replays"].posts()
    assert [post.title for post in posts] == [one.title for one in made]
