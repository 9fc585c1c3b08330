"""A joined article whose text becomes its own is judged again."""

from typing import Any

import pytest
import sqlalchemy as sa

from pipeline.store import deliveries, history
from pipeline.store.tables import articles as table
from pipeline.store.tables import deliveries as ledger
from tests.polling.bench import Bench, feed

NOTE = "<p>This content is password protected. To view it please enter your password below.</p>"
SHORT = "<p>Text follows.</p>"
STORY = "<p>The council has voted to rebuild the swimming pool by the river, and the work begins in spring. {}</p>"
OWN = "it has a text of its own now, which it had not when it joined"


def article(bench: Bench, mark: str) -> Any:
    with bench.store.read() as tx:
        return tx.execute(sa.select(table).where(table.c.link.contains(mark))).one()


def opened(bench: Bench) -> None:
    channel = '[[channels]]\nname = "hook"\nkind = "webhook"\nurl = "https://hook.example/in"\n'
    route = '[[routes]]\nfeeds = ["news"]\nchannels = ["hook"]\n'
    bench.configure(f'every = "5m"\ndelay = "2h"\n{channel}{route}')


def joined(bench: Bench, text: str) -> None:
    """x1 has joined x0, which says the same."""
    opened(bench)
    bench.script(feed("b0", "b1"), feed({"is": "x1", "text": text}, {"is": "x0", "text": text}, "b0", "b1", etag='"2"'))
    bench.poll()
    bench.poll()
    first, second = article(bench, "/Mkx0"), article(bench, "/Mkx1")
    bench.work()
    with bench.store.begin() as tx:
        deliveries.cancel_unsent(tx, second.seq, "as if it had joined")
        tx.execute(sa.delete(ledger).where(ledger.c.article_seq == second.seq))
        tx.execute(table.update().where(table.c.seq == second.seq).values(state="joined", joined_to=first.id))


@pytest.mark.parametrize("text", [NOTE, SHORT], ids=["password", "placeholder"])
def test_a_note_that_made_way_for_the_text_is_no_reason_any_more(bench: Bench, text: str) -> None:
    joined(bench, text)
    story = {"is": "x1", "text": STORY.format("It costs three millions.")}
    bench.script(feed(story, {"is": "x0", "text": text}, "b0", "b1", etag='"3"'))
    bench.poll()
    bench.work()
    found = article(bench, "/Mkx1")
    assert (found.state, found.joined_to) == ("fanned", None)
    with bench.store.read() as tx:
        assert [one.channel for one in deliveries.of_article(tx, found.seq)] == ["hook"]
        assert OWN in [step.reason for step in history.of_article(tx, found.seq)]


def test_an_edit_of_a_text_that_was_one_leaves_it_joined(bench: Bench) -> None:
    text = STORY.format("It costs three millions.")
    joined(bench, text)
    edited = {"is": "x1", "text": STORY.format("It costs four millions, as the mayor said on Friday.")}
    bench.script(feed(edited, {"is": "x0", "text": text}, "b0", "b1", etag='"3"'))
    bench.poll()
    bench.work()
    assert article(bench, "/Mkx1").state == "joined"


def test_a_note_that_changes_its_words_leaves_it_joined(bench: Bench) -> None:
    joined(bench, NOTE)
    bench.script(feed({"is": "x1", "text": SHORT}, {"is": "x0", "text": NOTE}, "b0", "b1", etag='"3"'))
    bench.poll()
    bench.work()
    assert article(bench, "/Mkx1").state == "joined"
