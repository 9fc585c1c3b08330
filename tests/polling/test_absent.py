"""What left its feed is deleted only where its page says that it is gone; what comes back is posted again."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa

from pipeline.model import Action, ArticleState, DeliveryState
from pipeline.store import articles, deliveries, history
from pipeline.store.tables import articles as table
from tests.histories.replay import START
from tests.polling.bench import Bench, Said, feed, http_date, same

S = DeliveryState
POST = (Action.POST, S.DELIVERED)
CHANNEL = """every = "5m"
[[channels]]
name = "hook"
kind = "webhook"
url = "{url}/hook"
deletes = "{deletes}"
[[routes]]
feeds = ["news"]
channels = ["hook"]
"""


def entry(bench: Bench, name: str = "x0", **more: Any) -> dict[str, Any]:
    """An entry whose page is on the scripted server."""
    return {"is": name, "link": f"{bench.server.url}/2026/{name}", **more}


def following(bench: Bench, deletes: str = "follow") -> Bench:
    """A feed whose article x0 was posted, on a channel that follows."""
    bench.configure(CHANNEL.format(url=bench.server.url, deletes=deletes))
    bench.script(feed("b0", "b1"), feed(entry(bench), "b0", "b1", etag='"2"'))
    bench.poll()
    bench.poll()
    with bench.store.begin() as tx:
        one = articles.by_seq(tx, [seq_of(bench)])[seq_of(bench)]
        given: Any = {"state": S.DELIVERED, "due_at": None, "now": bench.clock(), "remote_id": "1"}
        deliveries.add(tx, one, "hook", **given)
        articles.set_state(tx, one.seq, [ArticleState.NEW], ArticleState.FANNED, "", bench.clock())
    return bench


def seq_of(bench: Bench, name: str = "x0") -> int:
    with bench.store.read() as tx:
        return int(tx.scalar(sa.select(table.c.seq).where(table.c.link.endswith(f"/2026/{name}"))))


def ledger(bench: Bench) -> list[tuple[Action, DeliveryState]]:
    with bench.store.read() as tx:
        return [(one.action, one.state) for one in deliveries.of_article(tx, seq_of(bench))]


def explained(bench: Bench) -> list[str]:
    with bench.store.read() as tx:
        return [f"{step.decision}: {step.reason}" for step in history.of_article(tx, seq_of(bench))]


def page(bench: Bench, *said: Said) -> None:
    bench.script(*said, path="/2026/x0")


def asked(bench: Bench) -> int:
    return sum(one.path == "/2026/x0" for one in bench.server.asked)


def polls(bench: Bench, hours: float) -> None:
    """Let time pass, with the polls that are due."""
    ends = bench.clock() + timedelta(hours=hours)
    while bench.row().due_at <= ends:
        bench.poll()
    bench.clock.now = ends


ELSEWHERE = Said(302, {"Location": "/"})


@pytest.mark.parametrize("said", [Said(404), Said(410), ELSEWHERE], ids=["404", "410", "redirect home"])
def test_what_left_its_feed_is_deleted_where_its_page_is_gone_too(bench: Bench, said: Said) -> None:
    following(bench)
    page(bench, said)
    bench.script(Said(200), path="/")
    bench.script(feed("b0", "b1", etag='"3"'))
    polls(bench, 1)
    assert ledger(bench) == [POST, (Action.DELETE, S.PENDING)]
    assert any("it vanished from its feed, and its page" in line for line in explained(bench))


@pytest.mark.parametrize("status", [200, 401, 403, 500, 503])
def test_what_left_its_feed_and_is_still_there_is_asked_ever_more_rarely_and_stays(bench: Bench, status: int) -> None:
    following(bench)
    page(bench, Said(status))
    bench.script(feed("b0", "b1", etag='"3"'), same())
    polls(bench, 6)
    assert ledger(bench) == [POST]
    assert 3 <= asked(bench) <= 7
    (line,) = [line for line in explained(bench) if line.startswith("not deleted")]
    assert f"its page answers {status}: its posts stay" in line


def test_a_page_that_does_not_answer_deletes_nothing(bench: Bench) -> None:
    following(bench)
    with bench.store.begin() as tx:
        tx.execute(table.update().where(table.c.seq == seq_of(bench)).values(link="http://127.0.0.1:9/2026/x0"))
    bench.script(feed("b0", "b1", etag='"3"'))
    polls(bench, 1)
    assert ledger(bench) == [POST]
    assert any("its page gave no answer" in line for line in explained(bench))


def test_a_page_that_goes_later_than_its_entry_takes_the_post_along_whatever_the_window_shows_then(
    bench: Bench,
) -> None:
    following(bench)
    page(bench, Said(200), Said(200), Said(404))
    later = [{"is": f"x{n}", "date": http_date(START + timedelta(hours=1))} for n in (1, 2)]
    bench.script(feed("b0", "b1", etag='"3"'), same(), feed(*later, etag='"4"'), same())
    polls(bench, 3)
    assert ledger(bench) == [POST, (Action.DELETE, S.PENDING)]


def test_after_two_weeks_a_page_that_answers_is_left_alone(bench: Bench) -> None:
    following(bench)
    page(bench, Said(200))
    bench.script(feed("b0", "b1", etag='"3"'), same())
    polls(bench, 16 * 24)
    before = asked(bench)
    polls(bench, 4 * 24)
    assert asked(bench) == before < 30
    assert ledger(bench) == [POST]
    assert any(line.startswith("posts stay") for line in explained(bench))


def test_an_article_that_is_back_before_its_page_was_gone_is_no_longer_asked_for(bench: Bench) -> None:
    following(bench)
    page(bench, Said(200))
    bench.script(
        feed("b0", "b1", etag='"3"'), same(), same(), same(), feed(entry(bench), "b0", "b1", etag='"4"'), same()
    )
    polls(bench, 3)
    before = asked(bench)
    polls(bench, 12)
    assert asked(bench) == before
    assert ledger(bench) == [POST]


def test_a_date_that_an_editor_set_back_moves_the_window_with_it(bench: Bench) -> None:
    """The post is the last of its window then, and leaves it with the next article: it did not vanish."""
    following(bench)
    page(bench, Said(404))
    old = http_date(START - timedelta(hours=29))
    bench.script(
        feed(entry(bench, date=old), "b0", "b1", etag='"3"'),
        feed("x1", entry(bench, date=old), "b0", etag='"4"'),
        feed("x2", "x1", {"is": "b0", "date": http_date(START - timedelta(hours=28))}, etag='"5"'),
        same(),
    )
    polls(bench, 2)
    assert ledger(bench) == [POST]
    assert asked(bench) == 0


@pytest.mark.parametrize("deletes", ["ignore", "follow"])
def test_where_deletes_are_followed_the_feed_is_looked_at_whole_each_hour(bench: Bench, deletes: str) -> None:
    """WordPress' validators are those of its newest post: unpublishing leaves them as they were."""
    following(bench, deletes)
    bench.script(same())
    start = len(bench.server.asked)
    polls(bench, 10)
    whole = [one.at for one in bench.server.asked[start:] if "if-none-match" not in one.headers]
    assert len(whole) > 2 if deletes == "follow" else not whole
    assert all(b - a >= timedelta(hours=1) for a, b in pairwise(whole))


# --- back again


def deleted(bench: Bench, deletes: str = "follow") -> None:
    """Its post was deleted, as its page was gone."""
    page(bench, Said(404))
    bench.script(feed("b0", "b1", etag='"3"'), same())
    polls(bench, 1)
    with bench.store.begin() as tx:
        last = deliveries.of_article(tx, seq_of(bench))[-1]
        assert last.action == Action.DELETE
        deliveries.change(tx, last.id, [last.state], S.DELIVERED, "deleted", None, delivered_at=bench.clock())


def published_again(bench: Bench, etag: str) -> None:
    bench.script(feed(entry(bench), "b0", "b1", etag=etag), same())
    polls(bench, 2)


def test_what_was_unpublished_deleted_and_published_again_is_posted_again(bench: Bench) -> None:
    following(bench)
    deleted(bench)
    published_again(bench, '"5"')
    assert ledger(bench) == [POST, (Action.DELETE, S.DELIVERED), (Action.POST, S.PENDING)]
    assert any("its post was deleted: it is posted again" in line for line in explained(bench))


def test_where_a_person_is_asked_before_a_delete_one_is_asked_before_it_is_posted_again(bench: Bench) -> None:
    following(bench, "ask")
    deleted(bench)
    published_again(bench, '"5"')
    assert ledger(bench)[-1] == (Action.POST, S.HELD)
    assert any("a person decides" in line for line in explained(bench))


def test_an_earlier_delete_says_nothing_of_a_post_that_was_made_after_it(bench: Bench) -> None:
    following(bench)
    deleted(bench)
    published_again(bench, '"5"')
    with bench.store.begin() as tx:
        last = deliveries.of_article(tx, seq_of(bench))[-1]
        deliveries.change(tx, last.id, [last.state], S.DELIVERED, "", None, remote_id="2", delivered_at=bench.clock())
    bench.script(feed("b0", "b1", etag='"6"'), same())
    polls(bench, 8)
    assert ledger(bench)[-1] == (Action.DELETE, S.PENDING)
    with bench.store.read() as tx:
        assert deliveries.of_article(tx, seq_of(bench))[-1].remote_id == "2"


def test_a_page_that_comes_and_goes_is_posted_again_once_and_then_waits_for_a_person(bench: Bench) -> None:
    test_an_earlier_delete_says_nothing_of_a_post_that_was_made_after_it(bench)
    with bench.store.begin() as tx:
        last = deliveries.of_article(tx, seq_of(bench))[-1]
        deliveries.change(tx, last.id, [last.state], S.DELIVERED, "", None, delivered_at=bench.clock())
    published_again(bench, '"7"')
    assert ledger(bench)[-1] == (Action.POST, S.HELD)


@pytest.mark.parametrize("deletes", ["follow", "ask"])
def test_a_delete_that_still_waits_is_off_when_the_article_is_back(bench: Bench, deletes: str) -> None:
    following(bench, deletes)
    page(bench, Said(404))
    bench.script(feed("b0", "b1", etag='"3"'), same())
    polls(bench, 1)
    published_again(bench, '"5"')
    assert ledger(bench) == [POST, (Action.DELETE, S.CANCELLED)]
    bench.script(feed("b0", "b1", etag='"6"'), same())
    polls(bench, 8)
    assert ledger(bench)[-1][0] == Action.DELETE, "and it can be deleted another time"
    assert ledger(bench)[-1][1] in (S.PENDING, S.HELD)
