"""What only sites have: states that readers do not see, words that their software would run, tags of all kinds."""

import html
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import requests

from pipeline.model import Receipt, Unauthorised
from tests.channels.play import outcome
from tests.servers_real.conftest import Case

STATES = [("wordpress", state) for state in ("draft", "pending", "private")] + [("ghost", "draft")]
TAGS = [("x" * 250,), ("<b></b>",), ("  ",), ("#internal",), ("Roads", "roads", "ROADS"), ("a, b & <c>",), ("日本 語",)]

sites = pytest.mark.parametrize("case", ["wordpress", "ghost"], indirect=True)


@pytest.mark.parametrize(("case", "state"), STATES, indirect=["case"])
def test_a_post_that_waits_for_an_editor_is_found_and_not_made_twice(case: Case, state: str) -> None:
    channel = case.channel(status=state)
    receipt = channel.send(case.post, case.to())
    assert channel.look_up(case.post, case.to(attempt=2)).remote_id == receipt.remote_id
    assert case.peer.copies(case.link) == 1


@sites
@pytest.mark.parametrize("tags", TAGS, ids=lambda tags: tags[0][:9].strip() or "blank")
def test_no_tag_of_a_feed_stops_a_post(case: Case, tags: tuple[str, ...]) -> None:
    post = replace(case.post, tags=(*tags, f"Good {case.key[-6:]}"), image=None)
    receipt = case.channel().send(post, case.to())
    assert isinstance(receipt, Receipt)
    assert case.peer.copies(case.link) == 1


@sites
@pytest.mark.parametrize(
    "more",
    [
        {"title": ""},
        {"title": "日本語の見出し" * 40},
        {"title": "W" * 700},
        {"teaser": ""},
        {"title": "", "teaser": ""},
    ],
    ids=["no title", "a long title", "one long word", "no teaser", "neither"],
)
def test_articles_of_all_kinds_find_their_place_and_are_found_there(case: Case, more: dict[str, Any]) -> None:
    post = case.composed(replace(case.article, image=None, **more))
    receipt = case.channel().send(post, case.to())
    assert case.channel().look_up(post, case.to()).remote_id == receipt.remote_id


@pytest.mark.parametrize("case", ["wordpress"], indirect=True)
def test_a_feed_s_shortcodes_and_scripts_are_words_for_readers(case: Case) -> None:
    words = 'Look: [caption width="300"]x[/caption] [audio src="http://x.example/a.mp3"] <script>alert(1)</script>'
    receipt = case.channel().send(replace(case.post, teaser=words, image=None), case.to())
    page = requests.get(str(receipt.url), timeout=20).text
    assert "[caption" in page or "&#91;caption" in page
    assert "wp-audio-shortcode" not in page
    assert "<script>alert(1)" not in page


@pytest.mark.parametrize("case", ["ghost"], indirect=True)
def test_a_post_of_ghost_leads_readers_and_searches_to_the_article(case: Case) -> None:
    receipt = case.sent()
    page = html.unescape(requests.get(str(receipt.url), timeout=30).text)
    assert f'<link rel="canonical" href="{case.link}"' in page
    assert f'<a href="{case.link.partition("&b")[0]}' in page  # it may add a ref= of its own


@pytest.mark.parametrize("case", ["ghost"], indirect=True)
@pytest.mark.parametrize("minutes", [-10, 60])
def test_a_token_of_another_time_is_refused_and_says_so(case: Case, minutes: int) -> None:
    """Ours live five minutes: a clock that is wrong by more has to be seen to by a person."""
    to = case.to(now=case.now + timedelta(minutes=minutes))
    said = outcome(lambda: case.channel().send(case.post, to))
    assert isinstance(said, Unauthorised) if minutes < 0 else isinstance(said, Unauthorised | Receipt)


@sites
def test_an_edit_changes_the_words_and_leaves_picture_and_tags(case: Case) -> None:
    receipt = case.sent()
    edited = case.composed(replace(case.article, title="The ferry", image=None))
    case.channel().edit(edited, case.to(key=f"{case.key}.e", remote_id=receipt.remote_id))
    case.peer.compare(replace(edited, image=case.article.image), receipt)
