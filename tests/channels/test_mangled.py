"""Failure cases F61–F73 that others had, on the kinds they had them on, by their ids."""

from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from pipeline import channels
from pipeline.compose import Limits
from pipeline.model import Receipt, Rejected
from pipeline.text import counting
from tests.channels.play import ARTICLE, WITH_IMAGE, config, door, post_of, sending
from tests.channels.scripted import platform
from tests.channels.test_conformance import CASES, filled

LIMITED = [kind for kind in channels.kinds() if channels.channel_class(kind).CAN.limit]
LONG = "https://news.example.org/" + "a-long-path/" * 20
ENDLESS = replace(ARTICLE, title="A title " * 30, teaser="Words without an end " * 300, link=LONG)


@pytest.mark.parametrize("kind", LIMITED)
def test_f61_however_long_the_rest_is_the_link_is_whole(kind: str) -> None:
    can = channels.channel_class(kind).CAN
    post = post_of(kind, ENDLESS)
    assert post.link == LONG
    assert LONG in post.text or not can.link_in_text or "{link}" not in can.template


def test_f62_a_link_costs_what_it_costs_on_each_platform() -> None:
    assert counting.count(f"a {LONG}", "mastodon") == counting.count(f"a {LONG}", "x") == 25
    assert counting.count(f"a {LONG}", "threads") == counting.count(f"a {LONG}", "graphemes") == 2 + len(LONG)


def test_f63_an_instance_with_another_limit_gets_what_it_takes() -> None:
    short, long = (post_of("mastodon", ENDLESS, Limits(limit=limit)).text for limit in (200, 5000))
    assert counting.count(short, "mastodon") <= 200
    assert 1000 < counting.count(long, "mastodon") <= 5000


@pytest.mark.parametrize("sign", ["👨\u200d👩\u200d👧\u200d👦", "e\u0301", "क्षि", "🇩🇪"])
def test_f64_a_cut_is_between_whole_characters(sign: str) -> None:
    post = post_of("bluesky", replace(ARTICLE, title="", teaser=sign * 900))
    assert len(post.text.encode()) <= 3000
    assert set(counting.graphemes(post.text.replace("…", ""))) == set(counting.graphemes(sign * 2))


def test_f65_a_title_is_decoded_no_more_and_escaped_once() -> None:
    article = replace(ARTICLE, title="AT&T writes &lt;b&gt; & 5 < 6")
    assert "AT&T writes &lt;b&gt; & 5 < 6" in post_of("mastodon", article).text
    assert "AT&amp;T writes &amp;lt;b&amp;gt; &amp; 5 &lt; 6" in post_of("telegram", article).text


@pytest.mark.parametrize("limit", range(120, 200, 7))
def test_f66_no_entity_and_no_escape_is_cut_in_two(limit: int) -> None:
    article = replace(ARTICLE, title="", teaser="a & b < c * d_e " * 80)
    html = post_of("telegram", article, Limits(limit=limit)).text
    assert html.count("&") == sum(html.count(entity) for entity in ("&amp;", "&lt;", "&gt;"))
    slashed = post_of("discord", article, Limits(limit=limit)).text.partition("\n\nhttp")[0]
    assert not slashed.rstrip("…").endswith("\\")


def test_f68_nobody_is_called_by_what_a_feed_says() -> None:
    article = replace(ARTICLE, title="@everyone and @ana, <!channel> <@U1> @ana@host.example")
    for kind in ("mastodon", "x", "discord", "threads"):
        assert "@ana" not in post_of(kind, article).text
        assert "@everyone" not in post_of(kind, article).text
    assert "<!channel>" not in post_of("slack", article).text
    with asked("discord", article) as sent:
        assert sent.json["allowed_mentions"] == {"parse": []}


def test_f69_hashtags_are_words_and_count() -> None:
    article = replace(ARTICLE, tags=("climate change", "2026", "R&D", "3D-printing"))
    post = post_of("mastodon", article, template="{title}\n\n{link}\n\n{hashtags}")
    assert post.text.endswith("#ClimateChange #RD #3DPrinting")
    assert post.count == counting.count(post.text, "mastodon")


def test_f70_without_a_title_the_first_sentence_and_without_both_the_link() -> None:
    assert post_of("mastodon", replace(ARTICLE, title="")).text.startswith("The council voted on Tuesday")
    assert post_of("mastodon", replace(ARTICLE, title="", teaser="", tags=())).text == ARTICLE.link
    with pytest.raises(Rejected, match="nothing to post"):
        post_of("mastodon", replace(ARTICLE, title="", teaser="", link=""))


@pytest.mark.parametrize("kind", channels.kinds())
def test_f70_a_title_alone_is_enough_on_every_kind(kind: str) -> None:
    post = post_of(kind, replace(ARTICLE, teaser=""))
    assert ARTICLE.title in f"{post.title} {post.text}"


@pytest.mark.parametrize("kind", ["wordpress", "ghost", "outfeed", "email", "tumblr", "devto", "bluesky", "pinterest"])
@pytest.mark.parametrize("teaser", ["Only one sentence.", "One sentence. And another one."])
def test_f70_where_a_title_has_its_own_field_no_sentence_is_lost(kind: str, teaser: str) -> None:
    post = post_of(kind, replace(ARTICLE, title="", teaser=teaser))
    assert f"{post.title} {post.teaser}".strip() == teaser


def test_f72_f73_bluesky_gets_a_card_and_no_empty_thumb() -> None:
    with asked("bluesky", WITH_IMAGE) as sent:  # there is nowhere to convert the picture
        card = sent.json["record"]["embed"]["external"]
    assert card["uri"] == ARTICLE.link
    assert card["title"] == ARTICLE.title
    assert card["description"]
    assert "thumb" not in card


class asked:
    """What a kind sends of an article."""

    def __init__(self, kind: str, article: Any) -> None:
        self._kind, self._article = kind, article

    def __enter__(self) -> Any:
        case = CASES[self._kind]
        with platform(case["routes"]) as stage, closing(door()) as http:
            stage.routes = filled(stage.routes, stage.url)
            channel = channels.build(config(self._kind, filled(case["settings"], stage.url)))
            assert isinstance(channel.send(post_of(self._kind, self._article), sending(http)), Receipt)
            return stage.to(case["main"])[0]

    def __exit__(self, *_: object) -> None:
        pass
