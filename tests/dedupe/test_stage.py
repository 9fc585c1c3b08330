"""The stage: what joins, what waits, what a person said, and what time and upgrades change."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from pipeline.dedupe import VERSION
from pipeline.model import ArticleState, Stage
from pipeline.stages import upkeep
from pipeline.store import Store, articles, deliveries, fingerprints, history
from pipeline.store.tables import KEYS
from pipeline.store.tables import fingerprints as table
from tests.dedupe.conftest import CONFIG, Newsroom
from tests.dedupe.writing import BRIDGE, FOOTER, LIBRARY

EDITED = BRIDGE.replace("has voted", "voted").replace("fear noise", "are afraid of noise")
HALF = f"{' '.join(BRIDGE.split()[:75])} {' '.join(LIBRARY.split()[:70])}"
TITLE = "The old bridge by the mill is to be repaired"


def test_a_story_of_its_own_goes_on(newsroom: Newsroom) -> None:
    bridge, library = newsroom.add(BRIDGE), newsroom.add(LIBRARY)
    newsroom.decide()
    assert [newsroom.now(each).state for each in (bridge, library)] == [ArticleState.READY] * 2
    assert newsroom.hints == [Stage.FANOUT]


def test_a_copy_in_another_feed_joins_and_its_routes_add_up(newsroom: Newsroom) -> None:
    first, copy = newsroom.add(BRIDGE), newsroom.add(EDITED, feed="wire")
    newsroom.decide()
    joined = newsroom.now(copy)
    assert (joined.state, joined.joined_to) == (ArticleState.JOINED, first.id)
    with newsroom.world.store.read() as tx:
        assert articles.feeds_of(tx, first.seq) == ["town", "wire"]
        assert joined.reason in [step.reason for step in history.of_article(tx, copy.seq)]


def test_a_copy_that_comes_after_the_posts_brings_the_article_to_its_new_channels(newsroom: Newsroom) -> None:
    first = newsroom.add(BRIDGE)
    newsroom.decide()
    with newsroom.world.store.begin() as tx:
        articles.set_state(tx, first.seq, [ArticleState.READY], ArticleState.FANNED, "", newsroom.clock[0])
    newsroom.later(timedelta(hours=5))
    newsroom.add(EDITED, feed="wire")
    newsroom.decide()
    assert newsroom.now(first).state == ArticleState.READY


def test_a_third_copy_joins_the_first_article_not_the_second(newsroom: Newsroom) -> None:
    first = newsroom.add(BRIDGE)
    newsroom.add(EDITED, feed="wire")
    third = newsroom.add(EDITED.replace("from today", "from this morning"), feed="county")
    newsroom.decide()
    assert newsroom.now(third).joined_to == first.id


def test_deciding_again_changes_nothing(newsroom: Newsroom) -> None:
    first, copy = newsroom.add(BRIDGE), newsroom.add(EDITED, feed="wire")
    newsroom.decide()
    before = newsroom.now(first), newsroom.now(copy)
    newsroom.hints.clear()
    newsroom.decide()
    assert (newsroom.now(first), newsroom.now(copy)) == before
    assert newsroom.hints == []


def test_the_doubtful_wait_beside_what_they_resemble(small_newsroom: Newsroom) -> None:
    room = small_newsroom
    first = room.add(BRIDGE, title=TITLE)
    doubtful = room.add(HALF, feed="wire", title="Old bridge, new library: repaired and painted")
    room.decide()
    held = room.now(doubtful)
    assert held.state == ArticleState.HELD
    assert first.id in held.reason
    assert TITLE in held.reason


def test_what_a_person_let_pass_is_not_asked_about_again(small_newsroom: Newsroom) -> None:
    room = small_newsroom
    room.add(BRIDGE, title=TITLE)
    doubtful = room.add(HALF, feed="wire", title="Old bridge, new library: repaired and painted")
    room.decide()
    with room.world.store.begin() as tx:
        articles.set_state(tx, doubtful.seq, [ArticleState.HELD], ArticleState.TEASED, "released", room.clock[0])
    room.decide()
    assert room.now(doubtful).state == ArticleState.READY


def test_these_are_different_stands_against_every_copy_of_the_other(newsroom: Newsroom) -> None:
    first, copy = newsroom.add(BRIDGE), newsroom.add(EDITED, feed="wire")
    newsroom.add(BRIDGE, feed="county")
    newsroom.decide()
    with newsroom.world.store.begin() as tx:
        fingerprints.set_apart(tx, copy.id, first.id, "different", newsroom.clock[0])
        articles.set_state(tx, copy.seq, [ArticleState.JOINED], ArticleState.TEASED, "", newsroom.clock[0])
        assert fingerprints.said_apart(tx, first.id, copy.id)
    newsroom.decide()
    freed = newsroom.now(copy)
    assert (freed.state, freed.joined_to) == (ArticleState.READY, None)


def test_a_story_that_will_not_be_posted_takes_no_other_in(newsroom: Newsroom) -> None:
    first = newsroom.add(BRIDGE)
    newsroom.decide()
    with newsroom.world.store.begin() as tx:
        articles.set_state(tx, first.seq, [ArticleState.READY], ArticleState.WITHDRAWN, "", newsroom.clock[0])
    copy = newsroom.add(EDITED, feed="wire")
    newsroom.decide()
    assert newsroom.now(copy).state == ArticleState.READY


def test_what_was_in_a_feed_before_we_were_is_known(newsroom: Newsroom) -> None:
    old = newsroom.add(BRIDGE, state=ArticleState.ARCHIVED)
    moved = newsroom.add(BRIDGE, entry_id="a-new-id", link="https://new.example/moved/old-bridge-by-the-mill")
    newsroom.decide()
    found = newsroom.now(moved)
    assert (found.state, found.joined_to) == (ArticleState.HELD, None)
    assert old.id in found.reason
    assert "no channel" in found.reason


def test_what_no_channel_ever_had_is_posted_when_another_feed_brings_it_and_further_copies_join_that(
    newsroom: Newsroom,
) -> None:
    old = newsroom.add(BRIDGE, state=ArticleState.ARCHIVED)
    newsroom.later(timedelta(hours=3))
    copy = newsroom.add(BRIDGE, feed="wire")
    newsroom.decide()
    assert newsroom.now(copy).state == ArticleState.READY
    assert old.id in newsroom.now(copy).reason
    assert newsroom.now(old).state == ArticleState.ARCHIVED
    newsroom.later(timedelta(hours=1))
    further = [newsroom.add(EDITED, feed="county"), newsroom.add(BRIDGE, feed="county", link=old.link, entry_id="c2")]
    newsroom.decide()
    assert [newsroom.now(one).joined_to for one in further] == [copy.id, copy.id]


def test_a_story_of_the_archive_that_its_feed_tells_anew_is_posted(newsroom: Newsroom) -> None:
    newsroom.add(BRIDGE, state=ArticleState.ARCHIVED)
    newsroom.later(timedelta(days=3))
    again = newsroom.add(BRIDGE, entry_id="again", link="https://town.example/again/the-old-bridge-by-the-mill")
    newsroom.decide()
    assert newsroom.now(again).state == ArticleState.READY


def test_an_article_of_the_archive_that_was_edited_and_moved_waits_for_a_person_and_is_asked_about_once(
    newsroom: Newsroom,
) -> None:
    newsroom.add(BRIDGE, state=ArticleState.ARCHIVED)
    newsroom.later(timedelta(hours=2))
    moved = newsroom.add(EDITED, entry_id="moved", link="https://town.example/moved/the-old-bridge-by-the-mill")
    newsroom.decide()
    assert newsroom.now(moved).state == ArticleState.HELD
    with newsroom.world.store.begin() as tx:
        articles.set_state(tx, moved.seq, [ArticleState.HELD], ArticleState.TEASED, "", newsroom.clock[0])
    newsroom.decide()
    assert newsroom.now(moved).state == ArticleState.READY


@pytest.mark.parametrize(("policy", "state"), [("off", "ready"), ("normal", "ready"), ("strict", "held")])
def test_the_feed_says_how_boldly(
    sqlite_store: Store, open_newsroom: Callable[..., Newsroom], policy: str, state: str
) -> None:
    room = open_newsroom(sqlite_store, CONFIG + f'dedupe = "{policy}"\n')
    room.add(BRIDGE, title="What you need to know today")
    brief = room.add(LIBRARY, feed="wire", title="What you need to know today")
    room.decide()
    assert room.now(brief).state == state


def test_a_feed_that_is_not_compared_keeps_its_copies(
    sqlite_store: Store, open_newsroom: Callable[..., Newsroom]
) -> None:
    room = open_newsroom(sqlite_store, CONFIG + 'dedupe = "off"\n')
    room.add(BRIDGE)
    copy = room.add(BRIDGE, feed="wire")
    room.decide()
    assert room.now(copy).state == ArticleState.READY


def test_a_footer_that_recurs_makes_no_duplicates(small_newsroom: Newsroom) -> None:
    room = small_newsroom
    texts = (
        "The mouse that bit through the cable was given a cheese by the keeper of our fog horn",
        "Rain fell on the lower farm all night and the brook rose above its banks once more",
        "The lamp over the harbour wall is lit again after nine dark winters without a bulb",
        "Nobody came to the hearing on parking in Mill Lane except two dogs and a postman",
        "It snowed in the hills above Carrick for an hour on Sunday and nobody believed it",
    )
    short = [room.add(f"{text}. {FOOTER}", title=text) for text in texts]
    room.decide()
    assert {room.now(each).state for each in short} == {ArticleState.READY}
    again = room.add(f"{texts[0]}. {FOOTER}", title=texts[0], entry_id="again", link="https://town.example/2/mouse")
    room.decide()
    assert room.now(again).joined_to == short[0].id


def test_after_the_window_only_the_exact_text_is_known(newsroom: Newsroom) -> None:
    first = newsroom.add(BRIDGE)
    newsroom.decide()
    newsroom.later(timedelta(days=20))
    edited = newsroom.add(EDITED, feed="wire", title="Another headline altogether for it")
    exact = newsroom.add(BRIDGE, feed="county", title="One more headline for the same text")
    newsroom.decide()
    assert newsroom.now(edited).state == ArticleState.READY
    assert newsroom.now(exact).joined_to == first.id
    with newsroom.world.store.read() as tx:
        aged = tx.execute(sa.select(table).where(table.c.number == first.seq)).one()
        assert [getattr(aged, key) for key in KEYS] == [None] * len(KEYS)


def test_after_the_longest_memory_nothing_is_kept(newsroom: Newsroom) -> None:
    first = newsroom.add(BRIDGE)
    newsroom.decide()
    newsroom.later(timedelta(days=20))
    newsroom.decide()
    newsroom.later(timedelta(days=80))
    newsroom.decide()
    with newsroom.world.store.read() as tx:
        assert fingerprints.of(tx, [first.seq]) == {}


def test_an_upgrade_takes_every_fingerprint_anew_and_posts_nothing(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "STEP", 2)
    kept = [newsroom.add(text) for text in (BRIDGE, LIBRARY, FOOTER, HALF[::-1])]
    newsroom.decide()
    states = [newsroom.now(each) for each in kept]
    with newsroom.world.store.begin() as tx:
        tx.execute(sa.update(table).values(sketch=b"\0 of a version before", link=None, bin0=None))
        fingerprints.note_progress(tx, fingerprints.Progress(VERSION - 1))
    newsroom.hints.clear()
    newsroom.decide()
    assert [newsroom.now(each) for each in kept] == states
    assert newsroom.hints == []
    copy = newsroom.add(EDITED, feed="wire")
    newsroom.decide()
    assert newsroom.now(copy).joined_to == kept[0].id


def test_an_edit_of_a_posted_article_is_remembered_and_goes_on(newsroom: Newsroom) -> None:
    article = newsroom.add(BRIDGE)
    newsroom.decide()
    with newsroom.world.store.begin() as tx:
        now = newsroom.clock[0]
        deliveries.add(tx, article, "mastodon", state="pending", due_at=now, now=now, reason="")  # type: ignore[arg-type]
        tx.execute(sa.text("update articles set revision = 2, state = 'teased', content = :text"), {"text": LIBRARY})
    newsroom.decide()
    assert newsroom.now(article).state == ArticleState.READY
    copy = newsroom.add(LIBRARY, feed="wire")
    newsroom.decide()
    assert newsroom.now(copy).joined_to == article.id


def test_a_successor_in_the_feed_becomes_a_revision_of_the_first(newsroom: Newsroom) -> None:
    first = newsroom.add(" ".join(BRIDGE.split()[:60]), title=TITLE, link="https://town.example/a/old-bridge-by-mill-1")
    newsroom.decide()
    with newsroom.world.store.begin() as tx:
        tx.execute(sa.text("update articles set state = 'fanned', vanished_at = first_seen_at"))
    grown = newsroom.add(BRIDGE, title=TITLE, link="https://town.example/a/old-bridge-by-mill-2", entry_id="grown")
    newsroom.decide()
    assert newsroom.now(grown).joined_to == first.id
    revised = newsroom.now(first)
    assert (revised.revision, revised.content, revised.state) == (2, BRIDGE, ArticleState.NEW)


def test_as_long_as_both_entries_are_in_the_feed_nothing_is_revised(newsroom: Newsroom) -> None:
    first = newsroom.add(" ".join(BRIDGE.split()[:60]), title=TITLE, link="https://town.example/a/old-bridge-by-mill-1")
    grown = newsroom.add(BRIDGE, title=TITLE, link="https://town.example/a/old-bridge-by-mill-2", entry_id="grown")
    newsroom.decide()
    assert newsroom.now(grown).joined_to == first.id
    assert newsroom.now(first).revision == 1
