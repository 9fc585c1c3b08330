"""A channel that may send several posts at once does: a message for each free lane, and none for one that is taken."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline import stages
from pipeline.model import Stage
from pipeline.store import deliveries
from pipeline.world import World
from tests.stages.conftest import Newsroom


@pytest.fixture
def busy(newsroom: Newsroom) -> Newsroom:
    """Five posts due in a channel with three lanes whose kind sends one by one."""
    slack = replace(newsroom.config.channels["neither"], lanes=3)
    newsroom.config = replace(newsroom.config, channels=newsroom.config.channels | {"neither": slack})
    newsroom.only("neither")
    for n in range(5):
        newsroom.article(n)
    stages.fanout(newsroom.world())
    return newsroom


def listed(newsroom: Newsroom) -> int:
    return stages.due(newsroom.world()).count((Stage.DELIVER, "neither"))


def lease(newsroom: Newsroom, count: int) -> int:
    with newsroom.store.begin() as tx:
        until = newsroom.now + timedelta(seconds=60)
        taken = [deliveries.lease(tx, "neither", newsroom.now, until, by="test", lanes=3) for _ in range(count)]
    return sum(map(len, taken))


def test_a_channel_is_listed_once_for_each_free_lane_as_far_as_there_is_work(busy: Newsroom) -> None:
    assert listed(busy) == 3
    assert lease(busy, 1) == 1
    assert listed(busy) == 2
    assert lease(busy, 3) == 2
    assert listed(busy) == 0, "two are left, and no lane is free"
    busy.now += timedelta(seconds=61)
    assert listed(busy) == 2, "the leases of lost workers take no lane"


def test_where_posts_keep_their_distance_there_is_one_lane(busy: Newsroom) -> None:
    spaced = replace(busy.config.channels["neither"], spacing=timedelta(seconds=5))
    busy.config = replace(busy.config, channels=busy.config.channels | {"neither": spaced})
    assert listed(busy) == 1


def test_a_channel_that_cannot_be_built_is_listed_once_so_that_somebody_finds_out(busy: Newsroom) -> None:
    broken = replace(busy.config.channels["neither"], kind="a-kind-of-a-later-version")
    busy.config = replace(busy.config, channels=busy.config.channels | {"neither": broken})
    assert listed(busy) == 1


def test_one_message_is_enough_for_all_lanes_to_send_side_by_side(busy: Newsroom) -> None:
    together = threading.Barrier(3)

    def answers_when_three_posts_are_on_their_way(_: object) -> None:
        together.wait(30)

    busy.platforms["neither"].script = answers_when_three_posts_are_on_their_way
    busy.article(6)
    workers: list[threading.Thread] = []

    def hint(stage: Stage, ident: str) -> None:
        if stage == Stage.DELIVER:
            workers.append(threading.Thread(target=stages.deliver, args=(world, ident)))
            workers[-1].start()

    world: World = replace(busy.world(), hint=hint)
    stages.fanout(world)
    for worker in workers:
        worker.join()
    assert len(busy.platforms["neither"].posts()) == 6
    assert not together.broken
