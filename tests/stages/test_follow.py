"""F84 and F85: what is edited or vanishes at its source changes where it was posted, if the channel says so."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pipeline.model import Action, Article, ArticleState, DeliveryState, Entry
from pipeline.stages import follow, orders
from pipeline.store import articles, deliveries, history
from tests.stages.conftest import TEXT, Newsroom
from tests.stages.test_once import creations

S = DeliveryState


def told(newsroom: Newsroom, channel: str, **wishes: str) -> Article:
    """An article that was posted on one channel, which follows as it is told."""
    newsroom.only(channel)
    given = replace(newsroom.config.channels[channel], **wishes)  # type: ignore[arg-type]
    newsroom.config = replace(newsroom.config, channels=newsroom.config.channels | {channel: given})
    article = newsroom.article()
    newsroom.work(until=60)
    assert newsroom.deliveries(article)[channel].state == S.DELIVERED
    return article


def corrected(newsroom: Newsroom, article: Article, title: str = "Bakery opens, corrected") -> None:
    """Its feed says something else now."""
    entry = Entry(entry_id=article.link, link=article.link, title=title)
    with newsroom.store.begin() as tx:
        articles.revise(tx, article.seq, entry, {"title": title}, b"", newsroom.now)
        articles.write_teaser(tx, article.seq, TEXT, "summary", "the feed's summary")
        articles.set_state(tx, article.seq, [ArticleState.FANNED], ArticleState.READY, "revision 2", newsroom.now)
    newsroom.work(until=60)


def vanished(newsroom: Newsroom, article: Article) -> None:
    world = newsroom.world()
    with newsroom.store.begin() as tx:
        follow.vanished(world, tx, article, "it vanished from its feed", newsroom.now)
    newsroom.work(until=60)


def ledger(newsroom: Newsroom, article: Article) -> list[tuple[Action, DeliveryState]]:
    with newsroom.store.read() as tx:
        return [(one.action, one.state) for one in deliveries.of_article(tx, article.seq)]


def shown(newsroom: Newsroom, channel: str) -> list[Any]:
    return [post.text for post in newsroom.platforms[channel].posts()]


def test_f85_a_corrected_article_changes_its_post_and_makes_no_second_one(newsroom: Newsroom) -> None:
    article = told(newsroom, "mastodon", edits="follow")
    corrected(newsroom, article)
    (text,) = shown(newsroom, "mastodon")
    assert text.startswith("Bakery opens, corrected")
    assert len(creations(newsroom, "mastodon")) == 1
    assert ledger(newsroom, article) == [(Action.POST, S.DELIVERED), (Action.EDIT, S.DELIVERED)]


def test_f85_a_second_correction_is_a_second_edit_of_the_same_post(newsroom: Newsroom) -> None:
    article = told(newsroom, "mastodon", edits="follow")
    corrected(newsroom, article)
    corrected(newsroom, article, "Bakery opens after all")
    (text,) = shown(newsroom, "mastodon")
    assert text.startswith("Bakery opens after all")


@pytest.mark.parametrize(("channel", "edits"), [("mastodon", "ignore"), ("bluesky", "follow"), ("neither", "follow")])
def test_f85_where_nothing_can_be_edited_or_should_be_nothing_happens(
    newsroom: Newsroom, channel: str, edits: str
) -> None:
    article = told(newsroom, channel, edits=edits)
    before = shown(newsroom, channel)
    corrected(newsroom, article)
    assert shown(newsroom, channel) == before
    assert ledger(newsroom, article) == [(Action.POST, S.DELIVERED)]


@pytest.mark.parametrize("channel", ["mastodon", "bluesky"])
def test_f84_what_vanishes_after_it_was_posted_is_deleted_where_the_channel_says_so(
    newsroom: Newsroom, channel: str
) -> None:
    article = told(newsroom, channel, deletes="follow")
    vanished(newsroom, article)
    vanished(newsroom, article)
    assert shown(newsroom, channel) == []
    assert ledger(newsroom, article) == [(Action.POST, S.DELIVERED), (Action.DELETE, S.DELIVERED)]


def test_f84_a_channel_that_asks_deletes_when_a_person_says_so(newsroom: Newsroom) -> None:
    article = told(newsroom, "mastodon", deletes="ask")
    vanished(newsroom, article)
    assert len(shown(newsroom, "mastodon")) == 1
    assert ledger(newsroom, article)[-1] == (Action.DELETE, S.HELD)
    waiting = newsroom.deliveries(article)["mastodon"]
    orders.retry(newsroom.world(), waiting.id)
    newsroom.work(until=60)
    assert shown(newsroom, "mastodon") == []


def test_f84_by_itself_nothing_that_was_posted_is_deleted(newsroom: Newsroom) -> None:
    article = told(newsroom, "mastodon")
    vanished(newsroom, article)
    assert len(shown(newsroom, "mastodon")) == 1
    assert ledger(newsroom, article) == [(Action.POST, S.DELIVERED)]


def test_a_webhook_is_told_which_article_was_deleted_and_under_which_key_it_heard_of_it(newsroom: Newsroom) -> None:
    article = told(newsroom, "replays", edits="follow", deletes="follow")
    corrected(newsroom, article)
    vanished(newsroom, article)
    published, updated, deleted = (kept["event"] for kept in newsroom.platforms["replays"].events())
    first = published["data"]["delivery"]
    assert (updated["type"], updated["data"]["first_delivery"]) == ("article.updated", first)
    assert deleted["type"] == "article.deleted"
    assert deleted["data"]["first_delivery"] == first
    assert deleted["data"]["article"] == {"id": article.id, "link": article.link, "remote_id": first}


def test_a_delete_that_waited_long_for_its_channel_asks_the_page_once_more(newsroom: Newsroom) -> None:
    article = told(newsroom, "mastodon", deletes="follow")
    world = newsroom.world()
    orders.pause_channel(world, "mastodon")
    vanished(newsroom, article)
    newsroom.now += timedelta(hours=5)
    orders.resume_channel(world, "mastodon")
    newsroom.work(until=60)
    waiting = newsroom.deliveries(article)["mastodon"]
    assert (waiting.action, waiting.state) == (Action.DELETE, S.PENDING)
    assert "now its page gave no answer" in waiting.reason
    assert len(shown(newsroom, "mastodon")) == 1
    orders.retry(world, waiting.id)
    newsroom.work(until=60)
    assert shown(newsroom, "mastodon") == [], "a person's word"


def protected(newsroom: Newsroom, article: Article, **entry: str) -> None:
    """Its feed has this in its place."""
    told = {"title": f"Protected: {article.title}", "summary": "There is no excerpt because this is a protected post."}
    told |= entry
    given = Entry(entry_id=article.link, link=article.link, **told)  # type: ignore[arg-type]
    with newsroom.store.begin() as tx:
        articles.revise(tx, article.seq, given, told, b"", newsroom.now)
        articles.set_state(tx, article.seq, [ArticleState.FANNED], ArticleState.READY, "revised", newsroom.now)


def test_a_post_is_not_edited_into_the_stub_of_a_protected_article(newsroom: Newsroom) -> None:
    newsroom.only("mastodon")
    given = replace(newsroom.config.channels["mastodon"], edits="follow")
    newsroom.config = replace(newsroom.config, channels=newsroom.config.channels | {"mastodon": given})
    article = newsroom.article(summary=TEXT)
    newsroom.work(until=60)
    before = shown(newsroom, "mastodon")
    protected(newsroom, article)
    newsroom.work(until=60)
    protected(newsroom, article, title=article.title, summary="This post is for subscribers only.")
    newsroom.work(until=60)
    assert shown(newsroom, "mastodon") == before
    assert ledger(newsroom, article) == [(Action.POST, S.DELIVERED)]
    with newsroom.store.read() as tx:
        said = [step.reason for step in history.of_article(tx, article.seq) if step.decision == "not edited"]
    assert said[0] == "its text is a note that it is protected or for members: the post stays as it is"
    protected(newsroom, article, title="Bakery opens at last", summary=f"{TEXT} It is open to all.")
    newsroom.work(until=60)
    (text,) = shown(newsroom, "mastodon")
    assert text.startswith("Bakery opens at last"), "what is open again is followed again"


def test_an_edit_that_still_waits_when_its_article_turns_into_a_stub_is_off(newsroom: Newsroom) -> None:
    newsroom.only("mastodon")
    given = replace(newsroom.config.channels["mastodon"], edits="follow")
    newsroom.config = replace(newsroom.config, channels=newsroom.config.channels | {"mastodon": given})
    article = newsroom.article(summary=TEXT)
    newsroom.work(until=60)
    before = shown(newsroom, "mastodon")
    orders.pause_channel(newsroom.world(), "mastodon")
    entry = Entry(entry_id=article.link, link=article.link, title="Bakery opens, corrected", summary=TEXT)
    with newsroom.store.begin() as tx:
        articles.revise(tx, article.seq, entry, {"title": entry.title}, b"", newsroom.now)
        articles.set_state(tx, article.seq, [ArticleState.FANNED], ArticleState.READY, "revised", newsroom.now)
    newsroom.work(until=60)
    protected(newsroom, article)
    newsroom.work(until=60)
    orders.resume_channel(newsroom.world(), "mastodon")
    newsroom.work(until=60)
    assert shown(newsroom, "mastodon") == before
    assert ledger(newsroom, article) == [(Action.POST, S.DELIVERED), (Action.EDIT, S.CANCELLED)]
