"""What a dead process held without effect goes on within seconds; what may have left is not touched before its time."""

from datetime import timedelta

import pytest

from pipeline import stages
from pipeline.model import ArticleState, DeliveryState, Stage
from pipeline.stages.deliver import sending
from pipeline.stages.deliver.mailbox import Mailbox, Ready, first, mailbox, prepared, written
from pipeline.store import articles, deliveries, feeds, processes
from pipeline.world import World
from tests.stages.conftest import DO, Newsroom
from workers.heartbeat import DEAD, Takeover

S = DeliveryState
SOON = DEAD + timedelta(seconds=1)
LEASE = timedelta(seconds=90)


def alive(newsroom: Newsroom, world: World) -> None:
    with newsroom.store.begin() as tx:
        processes.alive(tx, world.process, newsroom.now)


def taken_over(newsroom: Newsroom, by: World) -> int:
    """Seconds pass in which one process says nothing."""
    newsroom.now += SOON
    return stages.take_over(by, newsroom.now - DEAD)


def leased(newsroom: Newsroom, channel: str) -> tuple[World, Mailbox, list[Ready]]:
    """A process that dies with a delivery of the channel in its hands."""
    newsroom.only(channel)
    dying = newsroom.world()
    alive(newsroom, dying)
    DO[Stage.FANOUT](dying, "")
    box = mailbox(dying, channel)
    assert box is not None
    return dying, box, first(box)


def test_a_delivery_that_had_not_left_is_sent_by_another_and_not_by_a_worker_that_wakes(newsroom: Newsroom) -> None:
    article = newsroom.article()
    _, box, ready = leased(newsroom, "neither")
    other = newsroom.world()
    assert taken_over(newsroom, other) == 1
    DO[Stage.DELIVER](other, "neither")
    assert newsroom.deliveries(article)["neither"].state == S.DELIVERED
    sending.carry_all(box, ready)
    assert len(newsroom.platforms["neither"].posts()) == 1


@pytest.mark.parametrize("channel", ["replays", "mastodon", "bluesky", "lookup"])
def test_what_may_have_left_is_settled_no_sooner_than_before_and_its_mailbox_goes_on(
    newsroom: Newsroom, channel: str
) -> None:
    doubtful = newsroom.article(1)
    _, box, ready = leased(newsroom, channel)
    until = ready[0].lease.until
    second = newsroom.article(2)
    other = newsroom.world()
    DO[Stage.FANOUT](other, "")
    assert taken_over(newsroom, other) == 1
    doubt = newsroom.deliveries(doubtful)[channel]
    assert doubt.state == S.UNCERTAIN
    assert doubt.due_at is not None
    assert doubt.due_at >= until
    DO[Stage.DELIVER](other, channel)
    assert newsroom.deliveries(second)[channel].state == S.DELIVERED
    sending.carry_all(box, ready)  # the first was only cut off: it sends within its lease, and cannot settle
    newsroom.work(other)
    assert newsroom.deliveries(doubtful)[channel].state == S.DELIVERED
    assert len(newsroom.platforms[channel].posts()) == 2


def test_what_may_have_left_for_a_blind_platform_waits_for_the_end_of_its_lease(newsroom: Newsroom) -> None:
    article = newsroom.article()
    dying, box, ready = leased(newsroom, "neither")
    one = prepared(box, ready[0].lease, newsroom.now)
    with newsroom.store.begin() as tx:
        assert deliveries.intend(tx, written([one]), newsroom.now)
    assert taken_over(newsroom, newsroom.world()) == 0
    assert newsroom.deliveries(article)["neither"].state == S.LEASED
    assert dying.process


def test_polls_teasers_and_visits_of_a_dead_process_are_free_at_once(newsroom: Newsroom) -> None:
    dying, other = newsroom.world(), newsroom.world()
    alive(newsroom, dying)
    article = newsroom.article(state=ArticleState.NEW)
    until = newsroom.now + LEASE
    with newsroom.store.begin() as tx:
        assert feeds.claim(tx, "news", newsroom.now, until, by=dying.process) is not None
        assert feeds.visit(tx, "town.example", newsroom.now, until, timedelta(0), by=dying.process).now
        assert articles.claim(tx, article.id, ArticleState.NEW, newsroom.now, until, by=dying.process)
    assert taken_over(newsroom, other) == 2
    with newsroom.store.begin() as tx:
        assert feeds.visit(tx, "town.example", newsroom.now, until, timedelta(0), by=other.process).now
        assert feeds.claim(tx, "news", newsroom.now, until, by=other.process) is not None
        again = articles.claim(tx, article.id, ArticleState.NEW, newsroom.now, until, by=other.process)
    assert again is not None
    assert again.tries == 2, "a lost worker counts as a try, as ever"


def test_a_process_that_is_alive_keeps_its_leases(newsroom: Newsroom) -> None:
    busy, other = newsroom.world(), newsroom.world()
    with newsroom.store.begin() as tx:
        assert feeds.claim(tx, "news", newsroom.now, newsroom.now + LEASE, by=busy.process) is not None
    newsroom.now += SOON
    alive(newsroom, busy)
    assert stages.take_over(other, newsroom.now - DEAD) == 0
    with newsroom.store.begin() as tx:
        assert feeds.claim(tx, "news", newsroom.now, newsroom.now + LEASE, by=other.process) is None


def test_after_an_outage_of_the_store_the_living_have_time_to_say_so(newsroom: Newsroom) -> None:
    busy, sweep = newsroom.world(), newsroom.world()
    alive(newsroom, busy)
    with newsroom.store.begin() as tx:
        assert feeds.claim(tx, "news", newsroom.now, newsroom.now + LEASE, by=busy.process) is not None
    looks = Takeover(sweep)
    looks.look()
    newsroom.now += timedelta(seconds=60)  # nobody could write, nobody could look
    assert looks.look() == 0
    newsroom.now += timedelta(seconds=2)
    alive(newsroom, busy)
    for _ in range(8):
        assert looks.look() == 0
        newsroom.now += timedelta(seconds=1)
        alive(newsroom, busy)


def test_a_silent_process_is_found_within_ten_seconds(newsroom: Newsroom) -> None:
    dying, sweep = newsroom.world(), newsroom.world()
    looks = Takeover(sweep)
    for _ in range(10):
        looks.look()
        newsroom.now += timedelta(seconds=1)
    alive(newsroom, dying)
    with newsroom.store.begin() as tx:
        assert feeds.claim(tx, "news", newsroom.now, newsroom.now + LEASE, by=dying.process) is not None
    died = newsroom.now
    while not looks.look():
        newsroom.now += timedelta(seconds=1)
        assert newsroom.now - died < timedelta(seconds=10)
