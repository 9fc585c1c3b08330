"""Cases of failures that others had, named by their ids, beside those of `test_once.py`."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from pipeline import stages
from pipeline.model import ArticleState, DeliveryState, Entry, Post
from pipeline.stages import orders
from pipeline.store import articles, history
from tests.crash.platforms import X
from tests.crash.points import Crash
from tests.stages.conftest import Newsroom
from tests.stages.test_once import creations, posts
from tests.stages.test_set_aside import deadly
from workers.demo.sandbox import Fault

S = DeliveryState
LONG = "".join(f"<p>Sentence number {n} tells of the bakery at the station and of its ovens.</p>" for n in range(14))


class SlowStore:
    """The door to a platform that closes the connection and stores what it took only a while later."""

    def __init__(self, http: Any, room: Newsroom, seconds: float) -> None:
        self._http, self._room, self._seconds = http, room, seconds
        self._late: list[tuple[Any, Any, Any]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._http, name)

    def until(self, _: float) -> "SlowStore":
        return self

    def post(self, url: str, **more: Any) -> Any:
        from pipeline.model import Uncertain

        if not self._late:
            self._late.append((self._room.now + timedelta(seconds=self._seconds), url, more))
            raise Uncertain("the connection was closed")
        return self._http.post(url, **more)

    def settle(self) -> None:
        """What had its time is stored."""
        for _, url, more in [one for one in self._late if one[0] and one[0] <= self._room.now]:
            self._http.post(url, **more)
            self._late[:] = [(None, url, more)]


@pytest.mark.parametrize("part", [0, 1], ids=["before anything left", "after the first part left"])
def test_a_store_that_goes_away_while_a_post_is_sent_is_waited_for(newsroom: Newsroom, part: int) -> None:
    """What is lost with it is a doubt only where something had left, and that resolves itself."""
    newsroom.only("bluesky")
    article = threaded(newsroom, "bluesky") if part else newsroom.article()
    stages.fanout(newsroom.world())
    away = [True]

    def gone(statement: str, _: Any) -> bool:
        if away and ("SET progress=" in statement if part else "vault" in statement):
            away.clear()
            raise OperationalError(statement, {}, Exception("the connection was closed"))
        return False

    stages.deliver(newsroom.world(deadly(newsroom.store, gone)), "bluesky")
    found = newsroom.deliveries(article)["bluesky"]
    assert found.state == (S.UNCERTAIN if part else S.PENDING)
    assert found.reason.startswith("the store went away while it was being sent")
    newsroom.work()
    settled = newsroom.deliveries(article)["bluesky"]
    assert settled.state == S.DELIVERED
    assert isinstance(settled.post, Post)
    assert posts(newsroom, "bluesky") == max(len(settled.post.parts), 1)


@pytest.mark.parametrize("channel", ["mastodon", "lookup"])
def test_f53_what_a_slow_server_stores_late_is_waited_for_and_not_sent_again(newsroom: Newsroom, channel: str) -> None:
    newsroom.only(channel)
    world = newsroom.world()
    slow = SlowStore(world.http, newsroom, 28)
    world = replace(world, http=slow)  # type: ignore[arg-type]
    article = newsroom.article()
    for _ in range(40):
        slow.settle()
        stages.recover(world)
        stages.fanout(world)
        stages.deliver(world, channel)
        newsroom.now += timedelta(seconds=5)
    assert newsroom.deliveries(article)[channel].state == S.DELIVERED
    assert posts(newsroom, channel) == 1
    assert len(creations(newsroom, channel)) == 1


@pytest.fixture
def x(newsroom: Newsroom) -> Any:
    """The newsroom with a channel on X, and nothing else."""
    with X() as platform:
        settings = {"token": "a-long-token", "api_url": platform.url}
        made = replace(newsroom.config.channels["lookup"], name="x", kind="x", settings=settings)
        newsroom.config = replace(newsroom.config, channels={**newsroom.config.channels, "x": made})
        newsroom.platforms["x"] = platform
        newsroom.only("x")
        yield platform


def test_f56_a_duplicate_that_x_refuses_is_the_post_that_is_there(newsroom: Newsroom, x: X) -> None:
    article = newsroom.article()
    newsroom.work()
    with newsroom.store.begin() as tx:  # the ledger forgot it, as a restored backup would have
        from pipeline.store.tables import deliveries as table

        tx.execute(table.update().values(state="pending", remote_id=None, due_at=newsroom.now, intent_at=None))
    newsroom.work()
    there = x.posts()
    found = newsroom.deliveries(article)["x"]
    assert len(there) == 1
    assert (found.state, found.remote_id) == (S.DELIVERED, there[0].id)
    assert len(creations(newsroom, "x")) == 2, "asked again, refused as a duplicate, and found"


def threaded(newsroom: Newsroom, channel: str) -> Any:
    """An article that is a thread of some parts on the channel."""
    made = replace(newsroom.config.channels[channel], thread=True, max_words=None)
    newsroom.config = replace(newsroom.config, channels={**newsroom.config.channels, channel: made})
    article = newsroom.article(content=LONG)
    with newsroom.store.begin() as tx:
        articles.write_teaser(tx, article.seq, LONG.replace("<p>", "").replace("</p>", " "), "content", "the text")
    return article


@pytest.mark.parametrize("part", [0, 1, 2])
@pytest.mark.parametrize("fault", [Fault(), Fault(stored=False), Fault(status=500)], ids=["taken", "not taken", "500"])
@pytest.mark.parametrize("channel", ["mastodon", "bluesky", "x"])
def test_f58_a_thread_that_broke_off_anywhere_is_whole_in_the_end(
    newsroom: Newsroom, request: pytest.FixtureRequest, channel: str, fault: Fault, part: int
) -> None:
    if channel == "x":
        request.getfixturevalue("x")
    newsroom.only(channel)
    article = threaded(newsroom, channel)
    platform = newsroom.platforms[channel]
    seen = [0]

    def breaks(what: Any) -> Fault | None:
        if not platform.publishes(what):
            return None
        seen[0] += 1
        return fault if seen[0] == part + 1 else None

    platform.script = breaks
    newsroom.work()
    delivery = newsroom.deliveries(article)[channel]
    assert isinstance(delivery.post, Post)
    assert len(delivery.post.parts) > 2
    assert delivery.state == S.DELIVERED
    shown = [post.text for post in platform.posts()]
    assert len(shown) == len(set(shown)) == len(delivery.post.parts)


def test_f58_a_worker_that_is_killed_between_two_parts_leaves_no_half_thread(newsroom: Newsroom) -> None:
    newsroom.only("mastodon")
    article = threaded(newsroom, "mastodon")
    kills = [True]

    class Door:
        """The process's last request is the second part."""

        def __init__(self, http: Any) -> None:
            self._http = http

        def __getattr__(self, name: str) -> Any:
            return getattr(self._http, name)

        def until(self, _: float) -> "Door":
            return self

        def post(self, url: str, **more: Any) -> Any:
            answer = self._http.post(url, **more)
            if kills and "in_reply_to_id" in (more.get("json") or {}):
                kills.pop()
                raise Crash(url)
            return answer

    world = newsroom.world()
    with pytest.raises(Crash):
        newsroom.work(replace(world, http=Door(world.http)))  # type: ignore[arg-type]
    newsroom.now += timedelta(minutes=3)
    newsroom.work()
    delivery = newsroom.deliveries(article)["mastodon"]
    assert isinstance(delivery.post, Post)
    shown = [post.text for post in newsroom.platforms["mastodon"].posts()]
    assert delivery.state == S.DELIVERED
    assert len(shown) == len(set(shown)) == len(delivery.post.parts)


TROUBLES: dict[str, tuple[Fault, S]] = {
    "refused": (Fault(stored=False, status=422, body=b'{"error":"Text is forbidden here"}'), S.DEAD),
    "no answer, and nobody who could tell": (Fault(), S.UNCERTAIN),
    "not now": (Fault(stored=False, status=503), S.PENDING),
    "other credentials": (Fault(stored=False, status=401), S.PENDING),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_f94_nothing_ends_without_a_state_and_a_reason(newsroom: Newsroom, trouble: str) -> None:
    fault, state = TROUBLES[trouble]
    newsroom.only("neither")
    newsroom.platforms["neither"].fail(*[fault] * 3)
    article = newsroom.article()
    newsroom.work(until=1)
    delivery = newsroom.deliveries(article)["neither"]
    assert (delivery.state, bool(delivery.reason)) == (state, True)
    with newsroom.store.read() as tx:
        tried = history.of_delivery(tx, delivery.id)
        steps = [step.stage for step in history.of_article(tx, article.seq)]
    assert tried
    assert all(one["reason"] and one["outcome"] for one in tried)
    assert "fanout" in steps


def test_f94_an_article_that_no_route_takes_says_so(newsroom: Newsroom) -> None:
    newsroom.config = replace(newsroom.config, routes=())
    article = newsroom.article()
    newsroom.work()
    with newsroom.store.read() as tx:
        assert articles.by_seq(tx, [article.seq])[article.seq].reason == "no route leads from news"
        assert history.of_article(tx, article.seq)[-1].decision == "goes nowhere"


def test_a_platform_that_asks_for_patience_gets_everything_later(newsroom: Newsroom) -> None:
    newsroom.only("mastodon")
    wish = Fault(stored=False, status=429, headers={"Retry-After": "1800"})
    newsroom.platforms["mastodon"].fail(wish)
    made = [newsroom.article(n) for n in range(5)]
    newsroom.work(until=1200, step=100)
    assert posts(newsroom, "mastodon") == 0
    assert {newsroom.deliveries(one)["mastodon"].state for one in made} == {S.PENDING}
    newsroom.work(until=3600, step=200)
    assert {newsroom.deliveries(one)["mastodon"].state for one in made} == {S.DELIVERED}
    assert posts(newsroom, "mastodon") == 5


def test_f57_a_person_who_gave_up_on_a_doubt_is_not_contradicted(newsroom: Newsroom) -> None:
    newsroom.only("neither")
    newsroom.platforms["neither"].fail(Fault())
    article = newsroom.article()
    newsroom.work()
    orders.resolve(newsroom.world(), newsroom.deliveries(article)["neither"].id, there=True)
    newsroom.work()
    assert newsroom.deliveries(article)["neither"].state == S.DELIVERED
    assert len(creations(newsroom, "neither")) == 1


def test_an_article_without_an_address_waits_where_the_template_shows_one(newsroom: Newsroom) -> None:
    with newsroom.store.begin() as tx:
        given = Entry(entry_id="e1", title="A headline without a page")
        seq, ident = articles.add(tx, "news", given, seed="e1", state=ArticleState.READY, now=newsroom.now, trace="t")
        articles.write_teaser(tx, seq, "Its text.", "summary", "")
        article = articles.get(tx, ident)
    assert article is not None
    stages.fanout(newsroom.world())
    found = newsroom.deliveries(article)
    shows = {name for name, one in found.items() if one.state == S.HELD}
    assert shows
    assert found["replays"].state == S.PENDING, "a webhook's receiver gets fields, and sees that one is missing"
    assert all("no address" in found[name].reason for name in shows)
    orders.retry(newsroom.world(), found[min(shows)].id)
    assert newsroom.deliveries(article)[min(shows)].state == S.PENDING
