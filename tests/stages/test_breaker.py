"""A channel whose address is wrong refuses every post alike: it pauses for a person and keeps its queue."""

from pipeline.model import DeliveryState as S
from pipeline.stages import orders
from pipeline.stages.deliver.breaker import IN_A_ROW
from pipeline.store import overview
from tests.stages.conftest import Newsroom
from workers.demo.sandbox import Fault

WRONG = Fault(stored=False, status=404, body=b'{"error":"Record not found"}')


def paused(newsroom: Newsroom, channel: str) -> str | None:
    with newsroom.store.read() as tx:
        return (
            next(r["paused_reason"] for r in overview.channels_list(tx, newsroom.now) if r["name"] == channel) or None
        )


def states(newsroom: Newsroom, channel: str, made: list) -> list[S]:  # type: ignore[type-arg]
    return [newsroom.deliveries(article)[channel].state for article in made]


def test_a_wrong_address_pauses_the_channel_and_the_rest_of_the_queue_waits(newsroom: Newsroom) -> None:
    newsroom.only("mastodon")
    newsroom.platforms["mastodon"].fail(*[WRONG] * 30)
    made = [newsroom.article(n) for n in range(8)]
    newsroom.work(rounds=60)
    assert states(newsroom, "mastodon", made) == [S.DEAD] * IN_A_ROW + [S.PENDING] * 3
    reason = paused(newsroom, "mastodon")
    assert reason is not None
    assert "5 articles in a row were refused with the same words" in reason
    assert "Record not found" in reason


def test_when_it_is_mended_the_queue_goes_on_and_what_was_refused_can_be_sent_again(newsroom: Newsroom) -> None:
    newsroom.only("mastodon")
    platform = newsroom.platforms["mastodon"]
    platform.fail(*[WRONG] * IN_A_ROW)
    made = [newsroom.article(n) for n in range(7)]
    newsroom.work(rounds=60)
    world = newsroom.world()
    orders.resume_channel(world, "mastodon", skip_backlog=False)
    for article in made[:IN_A_ROW]:
        orders.retry(world, newsroom.deliveries(article)["mastodon"].id)
    newsroom.work(rounds=80)
    assert states(newsroom, "mastodon", made) == [S.DELIVERED] * 7
    assert len(platform.posts()) == 7


def test_a_post_that_is_taken_between_shows_that_the_address_is_right(newsroom: Newsroom) -> None:
    newsroom.only("mastodon")
    newsroom.platforms["mastodon"].fail(*[WRONG] * (IN_A_ROW - 1))
    made = [newsroom.article(n) for n in range(IN_A_ROW)]
    newsroom.work(rounds=60)
    newsroom.platforms["mastodon"].fail(*[WRONG] * (IN_A_ROW - 1))
    made += [newsroom.article(n) for n in range(IN_A_ROW, 2 * IN_A_ROW)]
    newsroom.work(rounds=60)
    assert states(newsroom, "mastodon", made).count(S.DELIVERED) == 2
    assert paused(newsroom, "mastodon") is None


def test_other_words_are_of_the_articles(newsroom: Newsroom) -> None:
    newsroom.only("mastodon")
    worded = [Fault(stored=False, status=422, body=b'{"error":"Text %d is forbidden"}' % n) for n in range(8)]
    newsroom.platforms["mastodon"].fail(*worded)
    made = [newsroom.article(n) for n in range(8)]
    newsroom.work(rounds=60)
    assert states(newsroom, "mastodon", made) == [S.DEAD] * 8
    assert paused(newsroom, "mastodon") is None
