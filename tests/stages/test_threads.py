"""A thread is edited and deleted whole, through the receipts of all its parts, wherever that breaks off."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pipeline import audit
from pipeline.model import Action, Article, ArticleState, DeliveryState, Entry
from pipeline.stages import follow, orders
from pipeline.stages.deliver import mailbox
from pipeline.store import articles, deliveries
from pipeline.store import audit as ledgers
from tests.crash.points import Crash
from tests.stages.conftest import Newsroom
from tests.stages.test_cases import threaded, x  # noqa: F401  # a fixture
from workers.demo.sandbox import Fault

S = DeliveryState
CHANNELS = ("mastodon", "bluesky", "x")
LEASE_ENDS = timedelta(minutes=3)  # until a killed worker's lease has ended
SENTENCE = "Sentence number {} tells of the bakery at the station and of its ovens."


def posted(newsroom: Newsroom, request: pytest.FixtureRequest, channel: str) -> Article:
    """A thread that is there, on a channel that follows its feed."""
    if channel == "x":
        request.getfixturevalue("x")
    newsroom.only(channel)
    article = threaded(newsroom, channel)
    given = replace(newsroom.config.channels[channel], edits="follow", deletes="follow")
    newsroom.config = replace(newsroom.config, channels=newsroom.config.channels | {channel: given})
    newsroom.work(until=60)
    assert len(shown(newsroom, channel)) > 2
    return article


def shown(newsroom: Newsroom, channel: str) -> list[str]:
    return [post.text for post in newsroom.platforms[channel].posts()]


def vanishes(newsroom: Newsroom, article: Article) -> None:
    world = newsroom.world()
    with newsroom.store.begin() as tx:
        follow.vanished(world, tx, article, "it vanished from its feed", newsroom.now)


def says(newsroom: Newsroom, article: Article, sentences: int) -> None:
    """Its feed has it with another text of so many sentences."""
    text = " ".join(SENTENCE.format(1000 + n) for n in range(sentences))
    entry = Entry(entry_id=article.link, link=article.link, title=article.title, content=text)
    with newsroom.store.begin() as tx:
        articles.revise(tx, article.seq, entry, {"content": text}, b"", newsroom.now)
        articles.write_teaser(tx, article.seq, text, "content", "the text")
        articles.set_state(tx, article.seq, [ArticleState.FANNED], ArticleState.READY, "revised", newsroom.now)


def last(newsroom: Newsroom, article: Article) -> tuple[Action, DeliveryState]:
    with newsroom.store.read() as tx:
        one = deliveries.of_article(tx, article.seq)[-1]
    return one.action, one.state


def findings(newsroom: Newsroom, channel: str) -> list[tuple[str, str]]:
    """What an audit finds."""
    box = mailbox(newsroom.world(), channel)
    assert box is not None
    since = newsroom.now.replace(hour=0)
    seen = box.channel.recent(box.sending(newsroom.now, key="audit"), since)
    with newsroom.store.read() as tx:
        ledger = ledgers.ledger(tx, channel, since)
    return [(str(one.what), one.remote_id) for one in audit.compare(ledger, seen, since, newsroom.now)]


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_thread_is_deleted_whole(newsroom: Newsroom, request: pytest.FixtureRequest, channel: str) -> None:
    article = posted(newsroom, request, channel)
    assert findings(newsroom, channel) == []
    vanishes(newsroom, article)
    newsroom.work(until=60)
    assert shown(newsroom, channel) == []
    assert last(newsroom, article) == (Action.DELETE, S.DELIVERED)
    assert findings(newsroom, channel) == []


@pytest.mark.parametrize("fault", [Fault(), Fault(stored=False), Fault(stored=False, status=503)], ids=str)
@pytest.mark.parametrize("part", [0, 1, 2])
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_delete_that_broke_off_anywhere_goes_on_there(
    newsroom: Newsroom, request: pytest.FixtureRequest, channel: str, part: int, fault: Fault
) -> None:
    article = posted(newsroom, request, channel)
    seen = [0]

    def breaks(what: Any) -> Fault | None:
        if what.method != "DELETE" and "deleteRecord" not in what.path:
            return None
        seen[0] += 1
        return fault if seen[0] == part + 1 else None

    newsroom.platforms[channel].script = breaks
    vanishes(newsroom, article)
    newsroom.work()
    assert seen[0] > part + 1
    assert shown(newsroom, channel) == []
    assert last(newsroom, article) == (Action.DELETE, S.DELIVERED)


class Dying:
    """The door of a process that is killed behind its n-th sending request."""

    def __init__(self, http: Any, after: int) -> None:
        self._http, self._left = http, [after]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._http, name)

    def until(self, _: float) -> "Dying":
        return self

    def post(self, url: str, **more: Any) -> Any:
        answer = self._http.post(url, **more)
        self._left[0] -= 1
        if self._left[0] == 0:
            raise Crash(url)
        return answer


@pytest.mark.parametrize("after", [1, 2, 3])
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_worker_that_is_killed_in_the_middle_of_a_delete_leaves_no_part(
    newsroom: Newsroom, request: pytest.FixtureRequest, channel: str, after: int
) -> None:
    article = posted(newsroom, request, channel)
    before = shown(newsroom, channel)
    vanishes(newsroom, article)
    world = newsroom.world()
    with pytest.raises(Crash):
        newsroom.work(replace(world, http=Dying(world.http, after)))  # type: ignore[arg-type]
    assert shown(newsroom, channel) == before[: len(before) - after], (
        "the beginning of a thread, and no reply to nothing"
    )
    newsroom.now += LEASE_ENDS
    newsroom.work()
    assert shown(newsroom, channel) == []
    assert last(newsroom, article) == (Action.DELETE, S.DELIVERED)


@pytest.mark.parametrize("sentences", [3, 14, 40], ids=["shorter", "as long", "longer"])
def test_an_edit_reaches_all_parts_adds_what_is_new_and_takes_away_what_is_too_much(
    newsroom: Newsroom, request: pytest.FixtureRequest, sentences: int
) -> None:
    article = posted(newsroom, request, "mastodon")
    before = len(shown(newsroom, "mastodon"))
    says(newsroom, article, sentences)
    newsroom.work(until=60)
    texts = shown(newsroom, "mastodon")
    assert last(newsroom, article) == (Action.EDIT, S.DELIVERED)
    assert whole(texts, sentences)
    assert len(texts) != before or sentences == 14
    assert findings(newsroom, "mastodon") == []
    vanishes(newsroom, article)
    newsroom.work(until=60)
    assert shown(newsroom, "mastodon") == [], "what was added is known too"


def whole(texts: list[str], sentences: int) -> bool:
    """Whether each of the new sentences stands there once, and nothing of the old text."""
    said = " ".join(texts)
    return all(said.count(SENTENCE.format(1000 + n)) == 1 for n in range(sentences)) and SENTENCE.format(1) not in said


@pytest.mark.parametrize("sentences", [3, 40], ids=["shorter", "longer"])
@pytest.mark.parametrize("after", [1, 2, 3, 4])
def test_a_worker_that_is_killed_in_the_middle_of_an_edit_leaves_the_thread_whole_and_nothing_twice(
    newsroom: Newsroom, request: pytest.FixtureRequest, after: int, sentences: int
) -> None:
    article = posted(newsroom, request, "mastodon")
    says(newsroom, article, sentences)
    world = newsroom.world()
    try:
        newsroom.work(replace(world, http=Dying(world.http, after)), until=60)  # type: ignore[arg-type]
    except Crash:
        newsroom.now += LEASE_ENDS
    newsroom.work()
    assert whole(shown(newsroom, "mastodon"), sentences)
    assert last(newsroom, article) == (Action.EDIT, S.DELIVERED)
    assert findings(newsroom, "mastodon") == []


@pytest.mark.parametrize("fault", [Fault(), Fault(stored=False), Fault(status=500)], ids=str)
def test_an_added_part_whose_answer_was_lost_is_looked_for_before_it_is_sent_again(
    newsroom: Newsroom, request: pytest.FixtureRequest, fault: Fault
) -> None:
    article = posted(newsroom, request, "mastodon")
    platform = newsroom.platforms["mastodon"]
    platform.fail(fault, when=platform.publishes)
    says(newsroom, article, 40)
    newsroom.work()
    newsroom.now += LEASE_ENDS
    newsroom.work()
    assert whole(shown(newsroom, "mastodon"), 40)
    assert findings(newsroom, "mastodon") == []


@pytest.mark.parametrize("channel", ["mastodon", "x"])
def test_a_thread_that_is_posted_again_takes_no_part_of_the_first_one_for_its_own(
    newsroom: Newsroom, request: pytest.FixtureRequest, channel: str
) -> None:
    """A part has no link: by its words alone it would be taken for the one that is there."""
    article = posted(newsroom, request, channel)
    if channel == "x":  # which refuses what it has
        vanishes(newsroom, article)
        newsroom.work(until=60)
    before = len(shown(newsroom, channel))
    platform = newsroom.platforms[channel]
    seen = [0]

    def breaks(what: Any) -> Fault | None:
        seen[0] += platform.publishes(what)
        return Fault(stored=False) if seen[0] == 2 and platform.publishes(what) else None

    platform.script = breaks
    orders.republish(newsroom.world(), article, [channel])
    newsroom.work()
    texts = shown(newsroom, channel)
    assert last(newsroom, article) == (Action.POST, S.DELIVERED)
    assert len(texts) - before == len(set(texts))
    assert findings(newsroom, channel) == []
