"""Which article goes where, and when."""

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.config import RouteConfig
from pipeline.routes import embargo, ways, when

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def reached(feeds: list[str], *routes: RouteConfig, tags: tuple[str, ...] = ()) -> list[str]:
    return [way.channel for way in ways(feeds, tags, routes, ["toots", "mail", "sky"]) if way.goes]


def test_a_route_leads_from_its_feeds_to_its_channels_and_from_no_others() -> None:
    route = RouteConfig(("news",), ("toots", "mail"))
    assert reached(["news"], route) == ["toots", "mail"]
    assert reached(["sport"], route) == []


def test_routes_of_every_feed_an_article_came_through_add_up_and_each_channel_counts_once() -> None:
    routes = [RouteConfig(("news",), ("toots",)), RouteConfig(("sport",), ("toots", "sky"))]
    assert reached(["news", "sport"], *routes) == ["toots", "sky"]


def test_a_star_means_all() -> None:
    assert reached(["sport"], RouteConfig(("*",), ("*",))) == ["toots", "mail", "sky"]


def test_tags_choose_and_leave_out_whatever_their_case() -> None:
    only, never = (
        RouteConfig(("*",), ("toots",), tags=("Council",)),
        RouteConfig(("*",), ("mail",), without_tags=("ad",)),
    )
    assert reached(["news"], only, never, tags=("council",)) == ["toots", "mail"]
    assert reached(["news"], only, never, tags=("AD",)) == []


def test_a_filtered_way_says_why() -> None:
    (way,) = ways(["news"], ("Ad",), [RouteConfig(("*",), ("mail",), without_tags=("ad",))])
    assert (way.goes, way.reason) == (False, "its tag “ad” is one the route leaves out")


def test_a_channel_that_one_route_filters_and_another_lets_through_is_reached() -> None:
    routes = [RouteConfig(("news",), ("toots",), tags=("x",)), RouteConfig(("news",), ("toots",))]
    assert reached(["news"], *routes) == ["toots"]


@pytest.mark.parametrize(
    ("ahead", "wished", "waits"),
    [(0.5, True, False), (2, True, True), (2, None, False), (25, None, True), (25, False, False), (-3, True, False)],
)
def test_a_date_ahead_is_an_embargo_as_the_feed_says(ahead: float, wished: bool | None, waits: bool) -> None:
    published = NOW + timedelta(hours=ahead)
    assert embargo(published, NOW, wished) == (published if waits else None)


def test_an_article_rests_from_first_sight_and_an_embargo_holds_it_longer() -> None:
    delay = timedelta(minutes=2)
    assert when(NOW, delay, NOW) == NOW + delay
    assert when(NOW - timedelta(hours=1), delay, NOW) == NOW
    assert when(NOW, delay, NOW, NOW + timedelta(hours=3)) == NOW + timedelta(hours=3)
