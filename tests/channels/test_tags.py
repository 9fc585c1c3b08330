"""What a site makes of tags and words that come from a feed: none of them stops a post, none of them is run."""

from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from pipeline import channels
from pipeline.model import Receipt
from tests.channels.play import ARTICLE, config, door, outcome, post_of, sending
from tests.channels.scripted import Platform, platform

POSTS, TAGS = "POST /wp-json/wp/v2/posts", "POST /wp-json/wp/v2/tags"
GHOST = "POST /ghost/api/admin/posts/"
TOO_LONG = {"status": 500, "json": {"code": "db_insert_error", "message": "Could not insert term into the database."}}


def wordpress(answers: Any, **article: Any) -> tuple[Any, Platform]:
    routes = {POSTS: {"status": 201, "json": {"id": 7}}, TAGS: answers}
    with platform(routes) as stage, closing(door()) as http:
        made = channels.build(config("wordpress", {"site": stage.url, "username": "u", "password": "p"}))
        post = post_of("wordpress", replace(ARTICLE, **article))
        return outcome(lambda: made.send(post, sending(http))), stage


@pytest.mark.parametrize(
    "refusal",
    [
        TOO_LONG,
        {"status": 400, "json": {"code": "rest_invalid_param", "message": "no", "data": {"status": 400}}},
        {"status": 400, "json": {"code": "rest_invalid_param", "message": "no", "data": None}},
        {"status": 400, "json": {"code": "db_insert_error", "message": "no", "data": "too long"}},
    ],
)
def test_a_tag_that_wordpress_will_not_have_is_left_out_and_named(refusal: Any) -> None:
    said, stage = wordpress([{"status": 201, "json": {"id": 3}}, refusal], tags=("Roads", "x" * 250))
    assert isinstance(said, Receipt)
    assert stage.to(POSTS)[0].json["tags"] == [3]
    assert len(said.degraded) == 1
    assert said.degraded[0].startswith("no tag “xxx")


def test_a_tag_whose_answer_is_lost_is_asked_for_again_before_anything_is_posted() -> None:
    said, stage = wordpress({"reset": True})
    assert type(said).__name__ == "Unavailable"
    assert not stage.to(POSTS)


def test_a_tag_that_exists_is_used() -> None:
    exists = {"status": 400, "json": {"code": "term_exists", "data": {"status": 400, "term_id": 9}}}
    _, stage = wordpress(exists, tags=("Roads",))
    assert stage.to(POSTS)[0].json["tags"] == [9]


def test_a_feed_s_words_are_no_shortcode_for_wordpress() -> None:
    _, stage = wordpress(TOO_LONG, teaser="See [gallery ids=1] and <b>this</b>.", tags=())
    assert "<p>See &#91;gallery ids=1] and &lt;b&gt;this&lt;/b&gt;.</p>" in stage.to(POSTS)[0].json["content"]


def test_a_tag_longer_than_ghost_takes_does_not_cost_the_post() -> None:
    answer = {"status": 201, "json": {"posts": [{"id": "a", "url": "u"}]}}
    with platform({GHOST: answer}) as stage, closing(door()) as http:
        made = channels.build(config("ghost", {"site": stage.url, "admin_key": "6489aa:" + "00" * 32}))
        made.send(post_of("ghost", replace(ARTICLE, tags=("Roads", "x" * 192, "y" * 191))), sending(http))
    assert stage.to(GHOST)[0].json["posts"][0]["tags"] == [{"name": "Roads"}, {"name": "y" * 191}]
