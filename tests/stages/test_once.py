"""Once, whatever breaks: the cases F52–F60 of failures that others had, through the real stages on both databases."""

from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest

from pipeline import stages
from pipeline.model import DeliveryState, Unavailable
from pipeline.stages import orders
from pipeline.store import Store, channels, deliveries
from tests.stages.conftest import Newsroom
from workers.demo.sandbox import Fault

S = DeliveryState
KEYED = ("replays", "mastodon", "bluesky")


def posts(newsroom: Newsroom, channel: str) -> int:
    return len(newsroom.platforms[channel].posts())


def creations(newsroom: Newsroom, channel: str) -> list[Any]:
    platform = newsroom.platforms[channel]
    return [request for request in platform.requests if platform.publishes(request)]


def test_an_article_goes_once_to_each_of_its_channels_with_a_receipt(newsroom: Newsroom) -> None:
    article = newsroom.article()
    newsroom.work()
    ledger = newsroom.deliveries(article)
    assert {name: one.state for name, one in ledger.items()} == dict.fromkeys(newsroom.platforms, S.DELIVERED)
    assert all(one.remote_id for one in ledger.values())
    assert [posts(newsroom, name) for name in newsroom.platforms] == [1, 1, 1, 1, 1]


@pytest.mark.parametrize("channel", [*KEYED, "lookup"])
@pytest.mark.parametrize("fault", [Fault(), Fault(status=500), Fault(status=502)], ids=["no answer", "500", "502"])
def test_f52_an_answer_that_was_lost_is_settled_without_a_second_post(
    newsroom: Newsroom, channel: str, fault: Fault
) -> None:
    newsroom.only(channel)
    newsroom.platforms[channel].fail(fault)
    article = newsroom.article()
    newsroom.work()
    assert newsroom.deliveries(article)[channel].state == S.DELIVERED
    assert posts(newsroom, channel) == 1


@pytest.mark.parametrize("channel", KEYED)
def test_f52_the_key_is_the_same_on_every_attempt(newsroom: Newsroom, channel: str) -> None:
    newsroom.only(channel)
    newsroom.platforms[channel].fail(
        Fault(stored=False, status=503), Fault(stored=False), Fault(stored=False, status=429)
    )
    article = newsroom.article()
    newsroom.work()
    sent = creations(newsroom, channel)
    names = ("webhook-id", "idempotency-key")
    keys = {
        request.headers.get(names[0]) or request.headers.get(names[1]) or request.json()["rkey"] for request in sent
    }
    assert len(sent) == 4
    assert len(keys) == 1
    assert newsroom.deliveries(article)[channel].state == S.DELIVERED


def test_f53_after_a_lost_answer_mastodon_is_left_time_and_looked_at_before_a_second_request(
    newsroom: Newsroom,
) -> None:
    newsroom.only("mastodon")
    newsroom.platforms["mastodon"].fail(Fault())
    article = newsroom.article()
    began = newsroom.now
    newsroom.work()
    assert newsroom.deliveries(article)["mastodon"].state == S.DELIVERED
    assert len(creations(newsroom, "mastodon")) == 1  # it was found by looking: no second request was needed
    assert newsroom.now - began >= timedelta(seconds=15)


def test_f54_nothing_is_scheduled_on_the_platforms_side(newsroom: Newsroom) -> None:
    newsroom.only("mastodon")
    newsroom.article()
    newsroom.work()
    (sent,) = creations(newsroom, "mastodon")
    assert b"scheduled_at" not in sent.body
    assert sent.headers["idempotency-key"]


def test_f55_a_blind_platform_that_does_not_answer_is_never_asked_again_by_itself(newsroom: Newsroom) -> None:
    newsroom.only("neither")
    newsroom.platforms["neither"].fail(Fault())
    article = newsroom.article()
    newsroom.work(until=86_400 * 3, step=3600)
    held = newsroom.deliveries(article)["neither"]
    assert (held.state, len(creations(newsroom, "neither"))) == (S.UNCERTAIN, 1)
    assert "look at the account" in held.reason


def test_f55_a_person_who_says_that_it_is_not_there_has_it_sent(newsroom: Newsroom) -> None:
    newsroom.only("neither")
    newsroom.platforms["neither"].fail(Fault(stored=False))
    article = newsroom.article()
    newsroom.work()
    orders.resolve(newsroom.world(), newsroom.deliveries(article)["neither"].id, there=False)
    newsroom.work()
    assert newsroom.deliveries(article)["neither"].state == S.DELIVERED
    assert posts(newsroom, "neither") == 1


@pytest.mark.parametrize("channel", ["replays", "mastodon", "bluesky", "lookup", "neither"])
def test_f57_a_worker_that_dies_between_sending_and_saving_leaves_a_doubt_never_a_pending_post(
    newsroom: Newsroom, channel: str
) -> None:
    newsroom.only(channel)
    article = newsroom.article()
    world = newsroom.world()
    stages.fanout(world)
    box = stages.deliver.__globals__["mailbox"](world, channel)
    from pipeline.stages.deliver.mailbox import first
    from pipeline.stages.deliver.sending import carry_all

    carry_all(box, first(box))  # … and the worker is gone before it can write down what became of it
    newsroom.now += timedelta(minutes=3)
    stages.recover(world)
    assert newsroom.deliveries(article)[channel].state == S.UNCERTAIN
    newsroom.work(world)
    wanted = S.UNCERTAIN if channel == "neither" else S.DELIVERED
    assert newsroom.deliveries(article)[channel].state == wanted
    assert posts(newsroom, channel) == 1


def test_f57_a_worker_that_was_stopped_past_its_lease_can_change_nothing(newsroom: Newsroom) -> None:
    newsroom.only("replays")
    article = newsroom.article()
    world = newsroom.world()
    stages.fanout(world)
    from pipeline.stages.deliver.mailbox import first, mailbox
    from pipeline.stages.deliver.sending import carry_all
    from pipeline.stages.deliver.settling import record

    box = mailbox(world, "replays")
    assert box is not None
    stalled = first(box)
    newsroom.now += timedelta(minutes=10)
    newsroom.work(newsroom.world())  # another worker takes over and delivers
    settled = newsroom.deliveries(article)["replays"]
    assert record(box, carry_all(box, stalled), more=True) == []
    assert newsroom.deliveries(article)["replays"] == settled
    assert posts(newsroom, "replays") == 1


def test_f57_a_worker_that_wakes_after_its_lease_in_the_middle_of_a_delivery_sends_nothing(newsroom: Newsroom) -> None:
    newsroom.only("lookup")
    article = newsroom.article()
    world = newsroom.world()
    stages.fanout(world)
    from pipeline.stages.deliver.mailbox import first, mailbox
    from pipeline.stages.deliver.sending import _act

    box = mailbox(world, "lookup")
    assert box is not None
    [stalled] = first(box)
    newsroom.now += timedelta(minutes=10)
    newsroom.work(newsroom.world())  # another worker looks it up, does not find it, and posts it
    with pytest.raises(Unavailable):
        _act(box, stalled, newsroom.now)
    assert newsroom.deliveries(article)["lookup"].state == S.DELIVERED
    assert posts(newsroom, "lookup") == 1


def crowd(newsroom: Newsroom, count: int) -> None:
    """Others post through the same account."""
    for number in range(count):
        newsroom.platforms["lookup"].note(f"other news https://town.example/other/{number}")


def lost_worker(newsroom: Newsroom) -> None:
    """It sent the post, and nothing more was heard of it."""
    from pipeline.stages.deliver.mailbox import first, mailbox
    from pipeline.stages.deliver.sending import _act

    world = newsroom.world()
    stages.fanout(world)
    box = mailbox(world, "lookup")
    assert box is not None
    [taken] = first(box)
    _act(box, taken, newsroom.now)
    newsroom.now += timedelta(minutes=3)


def test_f57_a_post_whose_worker_was_lost_is_found_behind_everything_posted_since(newsroom: Newsroom) -> None:
    newsroom.only("lookup")
    article = newsroom.article()
    lost_worker(newsroom)
    crowd(newsroom, 250)
    newsroom.work()
    assert newsroom.deliveries(article)["lookup"].state == S.DELIVERED
    assert posts(newsroom, "lookup") == 251


def test_f57_a_doubt_that_no_look_up_reaches_waits_for_a_person_and_holds_nobody_up(newsroom: Newsroom) -> None:
    newsroom.only("lookup")
    article = newsroom.article()
    lost_worker(newsroom)
    crowd(newsroom, 5001)
    next_one = newsroom.article()
    newsroom.work()
    held = newsroom.deliveries(article)["lookup"]
    assert held.state == S.UNCERTAIN
    assert held.reason.endswith("UTC; look at the account and say whether it is there")
    assert newsroom.deliveries(next_one)["lookup"].state == S.DELIVERED
    assert posts(newsroom, "lookup") == 5003
    orders.resolve(newsroom.world(), held.id, there=True)
    assert newsroom.deliveries(article)["lookup"].state == S.DELIVERED


@pytest.mark.parametrize("channel", ["lookup", "mastodon"])
@pytest.mark.parametrize("stored", [True, False], ids=["arrived", "lost"])
def test_f54_an_article_republished_at_once_is_not_taken_for_its_first_post(
    newsroom: Newsroom, channel: str, stored: bool
) -> None:
    newsroom.only(channel)
    article = newsroom.article()
    newsroom.work()
    first = newsroom.deliveries(article)[channel].remote_id
    newsroom.platforms[channel].fail(Fault(stored=stored))
    orders.republish(newsroom.world(), article, [channel])
    newsroom.work()
    again = newsroom.deliveries(article)[channel]
    assert (again.ordinal, again.state) == (1, S.DELIVERED)
    assert again.remote_id != first
    assert posts(newsroom, channel) == 2


def test_f58_a_thread_that_broke_off_goes_on_at_the_part_that_is_missing(newsroom: Newsroom) -> None:
    newsroom.only("mastodon")
    channel = replace(newsroom.config.channels["mastodon"], thread=True, max_words=None)
    newsroom.config = replace(newsroom.config, channels={**newsroom.config.channels, "mastodon": channel})
    newsroom.platforms["mastodon"].limit = 120
    article = newsroom.article()
    newsroom.platforms["mastodon"].fail(Fault(stored=False, status=503), when=lambda r: b"in_reply_to" in r.body)
    newsroom.work()
    shown = [post.text for post in newsroom.platforms["mastodon"].posts()]
    assert newsroom.deliveries(article)["mastodon"].state == S.DELIVERED
    assert len(shown) == len(set(shown)) > 1


def test_f59_what_has_its_receipt_is_never_sent_again_however_often_it_is_fanned_out(newsroom: Newsroom) -> None:
    article = newsroom.article()
    newsroom.work()
    from pipeline.model import ArticleState
    from pipeline.store import articles

    for _ in range(3):
        with newsroom.store.begin() as tx:
            articles.set_state(tx, article.seq, [ArticleState.FANNED], ArticleState.READY, "again", newsroom.now)
        newsroom.work()
    assert [posts(newsroom, name) for name in newsroom.platforms] == [1, 1, 1, 1, 1]


def test_f60_two_workers_at_one_mailbox_deliver_each_article_once(newsroom: Newsroom) -> None:
    newsroom.only("neither")
    made = [newsroom.article(n) for n in range(12)]
    stages.fanout(newsroom.world())
    start = Barrier(3)

    def run() -> None:
        store = Store.open(newsroom.store.engine.url.render_as_string(hide_password=False))
        world = newsroom.world(store)
        start.wait()
        for _ in range(12):
            stages.deliver(world, "neither")
        store.close()

    threads = [Thread(target=run) for _ in range(3)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    with newsroom.store.read() as tx:
        states = {deliveries.of_article(tx, one.seq)[0].state for one in made}
    assert states == {S.DELIVERED}
    assert posts(newsroom, "neither") == 12


def test_lost_credentials_pause_the_channel_keep_its_queue_and_lose_nothing(newsroom: Newsroom) -> None:
    newsroom.only("mastodon")
    token, newsroom.platforms["mastodon"].token = newsroom.platforms["mastodon"].token, "another"
    made = [newsroom.article(n) for n in (1, 2, 3)]
    newsroom.work()
    assert {newsroom.deliveries(one)["mastodon"].state for one in made} == {S.PENDING}
    newsroom.platforms["mastodon"].token = token
    orders.resume_channel(newsroom.world(), "mastodon")
    newsroom.work()
    assert posts(newsroom, "mastodon") == 3


def test_one_platform_that_is_down_delays_no_other(newsroom: Newsroom) -> None:
    newsroom.platforms["mastodon"].fail(*[Fault(stored=False, status=503)] * 3)
    article = newsroom.article()
    newsroom.work(until=1)
    ledger = newsroom.deliveries(article)
    assert ledger["mastodon"].state == S.PENDING
    assert {one.state for name, one in ledger.items() if name != "mastodon"} == {S.DELIVERED}


def test_a_rejected_post_holds_nobody_up_and_waits_with_the_platforms_words(newsroom: Newsroom) -> None:
    newsroom.only("mastodon")
    newsroom.platforms["mastodon"].fail(Fault(stored=False, status=422, body=b'{"error":"Text is forbidden here"}'))
    first, second = newsroom.article(1), newsroom.article(2)
    newsroom.work()
    assert newsroom.deliveries(first)["mastodon"].state == S.DEAD
    assert "Text is forbidden here" in newsroom.deliveries(first)["mastodon"].reason
    assert newsroom.deliveries(second)["mastodon"].state == S.DELIVERED


def test_republishing_is_a_new_delivery_and_a_double_click_is_one(newsroom: Newsroom) -> None:
    newsroom.only("replays")
    article = newsroom.article()
    newsroom.work()
    assert len(orders.republish(newsroom.world(), article, ["replays"])) == 1
    assert orders.republish(newsroom.world(), article, ["replays"]) == []
    newsroom.work()
    assert posts(newsroom, "replays") == 2


def test_a_channel_whose_settings_are_wrong_pauses_with_the_reason_and_keeps_its_queue(newsroom: Newsroom) -> None:
    newsroom.only("neither")
    wrong = replace(newsroom.config.channels["neither"], settings={})
    newsroom.config = replace(newsroom.config, channels={**newsroom.config.channels, "neither": wrong})
    article = newsroom.article()
    newsroom.work()
    with newsroom.store.read() as tx:
        row = channels.get(tx, "neither")
    assert row is not None
    assert "slack needs" in row.paused_reason
    assert newsroom.deliveries(article)["neither"].state == S.PENDING


def test_posts_of_one_moment_have_record_keys_of_their_own(newsroom: Newsroom) -> None:
    newsroom.only("bluesky")
    made = [newsroom.article(n) for n in range(60)]
    newsroom.work()
    assert {newsroom.deliveries(one)["bluesky"].state for one in made} == {S.DELIVERED}
    assert posts(newsroom, "bluesky") == 60


def test_another_post_under_our_record_key_is_never_taken_for_ours(newsroom: Newsroom) -> None:
    newsroom.only("bluesky")
    article = newsroom.article()
    newsroom.work()
    platform = newsroom.platforms["bluesky"]
    (kept,) = platform.books.all("app.bsky.feed.post")
    kept["value"] |= {"text": "somebody else's words", "embed": {"external": {"uri": "https://else.example/"}}}
    platform.books.put("app.bsky.feed.post", kept["rkey"], kept | {"cid": "bafyelse"})
    with newsroom.store.begin() as tx:
        ident = newsroom.deliveries(article)["bluesky"].id
        deliveries.change(tx, ident, [S.DELIVERED], S.PENDING, "as if it had never been settled", newsroom.now)
    newsroom.work()
    assert newsroom.deliveries(article)["bluesky"].state == S.DEAD
