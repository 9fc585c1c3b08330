"""F80: a channel takes so many posts in an hour and a day, by itself; the others wait, and none is lost."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline import channels, stages
from pipeline.model import Action, Article, DeliveryState
from pipeline.stages.deliver.ceiling import DAY, HOUR, Ceiling, room
from pipeline.store import deliveries
from tests.stages.conftest import START, Newsroom
from workers.demo.sandbox import Fault

S = DeliveryState
OWN = {"email", "ghost", "indexnow", "micropub", "outfeed", "webhook", "wordpress"}  # nobody is flooded there
PLATFORMS = ["mastodon", "bluesky", "lookup", "neither"]


@pytest.mark.parametrize("kind", channels.kinds())
def test_f80_a_kind_that_others_read_has_a_ceiling_without_being_asked(kind: str) -> None:
    can = channels.channel_class(kind).CAN
    assert (can.per_hour > 0, can.per_day > 0) == (kind not in OWN, kind not in OWN)


def bounded(newsroom: Newsroom, channel: str, **most: int) -> None:
    newsroom.only(channel)
    given = replace(newsroom.config.channels[channel], **{"per_hour": 0, "per_day": 0} | most)
    newsroom.config = replace(newsroom.config, channels=newsroom.config.channels | {channel: given})


def sent(newsroom: Newsroom, made: Sequence[Article], channel: str) -> list[timedelta | None]:
    """When each article was posted, since the beginning."""
    found = [newsroom.deliveries(one)[channel].delivered_at for one in made]
    return [at - START if at else None for at in found]


@pytest.mark.parametrize("channel", PLATFORMS)
def test_f80_no_hour_brings_more_than_the_ceiling_and_every_article_is_posted_in_order(
    newsroom: Newsroom, channel: str
) -> None:
    bounded(newsroom, channel, per_hour=3)
    made = [newsroom.article(n) for n in range(8)]
    newsroom.work(until=12_000, step=300, rounds=200)
    times = [at for at in sent(newsroom, made, channel) if at is not None]
    assert len(times) == 8, "nothing is dropped"
    assert times == sorted(times)
    assert times[2] < timedelta(minutes=5), "what the ceiling leaves goes at once"
    assert all(later - sooner >= HOUR for sooner, later in zip(times, times[3:], strict=False))


def test_f80_a_day_has_its_own_ceiling(newsroom: Newsroom) -> None:
    bounded(newsroom, "mastodon", per_hour=2, per_day=3)
    made = [newsroom.article(n) for n in range(4)]
    newsroom.work(until=8 * 3600, step=600, rounds=200)
    assert sent(newsroom, made, "mastodon")[3] is None
    newsroom.work(until=24 * 3600, step=3600, rounds=100)
    last = sent(newsroom, made, "mastodon")[3]
    assert last is not None
    assert last >= DAY


def test_f80_what_waited_for_days_is_not_given_up_at_the_platform_s_first_refusal(newsroom: Newsroom) -> None:
    bounded(newsroom, "mastodon", per_day=1)
    made = [newsroom.article(n) for n in range(3)]
    newsroom.work(until=45 * 3600, step=7200, rounds=200)
    assert [at is None for at in sent(newsroom, made, "mastodon")] == [False, False, True]
    newsroom.platforms["mastodon"].fail(Fault(stored=False, status=503))
    newsroom.work(until=6 * 3600, step=1800, rounds=200)
    assert newsroom.deliveries(made[2])["mastodon"].attempt == 2
    assert newsroom.deliveries(made[2])["mastodon"].state == S.DELIVERED


def test_f80_what_waits_says_for_how_long_and_why(newsroom: Newsroom) -> None:
    bounded(newsroom, "mastodon", per_hour=1)
    first, second = newsroom.article(1), newsroom.article(2)
    newsroom.work(until=300)
    waits = newsroom.deliveries(second)["mastodon"]
    assert newsroom.deliveries(first)["mastodon"].state == S.DELIVERED
    assert waits.state == S.PENDING
    assert waits.reason == "the channel takes 1 post in an hour (per_hour); this one waits"
    assert waits.due_at == START + HOUR


def test_f80_a_post_is_deleted_and_edited_however_many_there_were(newsroom: Newsroom) -> None:
    bounded(newsroom, "mastodon", per_hour=1)
    article = newsroom.article(1)
    newsroom.work(until=60)
    posted = newsroom.deliveries(article)["mastodon"]
    with newsroom.store.begin() as tx:
        deliveries.add(
            tx,
            article,
            "mastodon",
            state=S.PENDING,
            due_at=newsroom.now,
            now=newsroom.now,
            ordinal=1,
            action=Action.DELETE,
            remote_id=posted.remote_id,
        )
    newsroom.article(2)
    newsroom.work(until=60)
    assert newsroom.deliveries(article)["mastodon"].state == S.DELIVERED
    assert newsroom.platforms["mastodon"].posts() == []


def test_f80_a_batch_is_no_larger_than_what_is_left(newsroom: Newsroom) -> None:
    bounded(newsroom, "replays", per_hour=4)
    for n in range(9):
        newsroom.article(n)
    world = newsroom.world()
    stages.fanout(world)
    stages.deliver(world, "replays")
    assert len(newsroom.platforms["replays"].posts()) == 4


def test_the_least_room_and_the_longest_wait_count() -> None:
    limits = [Ceiling(2, HOUR, "per_hour"), Ceiling(3, DAY, "per_day")]
    minutes = timedelta(minutes=1)
    assert room(limits, [], START).posts == 2
    assert room(limits, [START - 10 * minutes], START).posts == 1
    assert room(limits, [START - 61 * minutes] * 2, START).posts == 1
    hour = room(limits, [START - 10 * minutes, START - 20 * minutes], START)
    assert (hour.posts, hour.until) == (0, START + 40 * minutes)
    day = room(limits, [START - 10 * minutes, START - 20 * minutes, START - 300 * minutes], START)
    assert (day.posts, day.until) == (0, START + DAY - 300 * minutes)
    assert "3 posts in a day" in day.reason
