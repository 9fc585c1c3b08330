"""F82: a tag that keeps an article back counts until the article is sent, also when it is set afterwards."""

from typing import Any

from pipeline.model import DeliveryState
from pipeline.store import deliveries, history
from pipeline.store.articles import by_seq
from tests.polling.bench import Bench, Said

ROUTES = """every = "5m"
delay = "1h"
[[channels]]
name = "hook"
kind = "webhook"
url = "https://hook.example/in"
[[channels]]
name = "inside"
kind = "webhook"
url = "https://inside.example/in"
[[routes]]
feeds = ["news"]
channels = ["hook"]
without_tags = ["Do not share"]
[[routes]]
feeds = ["news"]
channels = ["inside"]
"""


def document(number: int, *tags: str) -> Said:
    categories = "".join(f"<category>{tag}</category>" for tag in tags)
    old = "<item><title>Before us</title><guid>urn:0</guid></item>"
    new = f"<item><title>Bridge closed</title><guid>urn:1</guid>{categories}</item>" if tags else ""
    body = f"<rss version='2.0'><channel><title>News</title>{new}{old}</channel></rss>"
    return Said(200, {"Content-Type": "application/rss+xml", "ETag": f'"{number}"'}, body.encode())


def told(bench: Bench, *documents: Said) -> None:
    bench.configure(ROUTES)
    bench.script(*documents)
    for _ in documents:
        bench.poll()
        bench.work()


def ledger(bench: Bench, seq: int = 2) -> dict[str, tuple[Any, str]]:
    with bench.store.read() as tx:
        return {one.channel: (one.state, one.reason) for one in deliveries.of_article(tx, seq)}


def test_f82_an_article_that_is_marked_while_it_waits_is_not_sent_where_the_mark_counts(bench: Bench) -> None:
    told(bench, document(0), document(1, "roads"), document(2, "roads", "do not share"))
    found = ledger(bench)
    assert found["hook"] == (DeliveryState.FILTERED, "its tag “Do not share” is one the route leaves out")
    assert found["inside"][0] == DeliveryState.PENDING
    with bench.store.read() as tx:
        assert by_seq(tx, [2])[2].tags == ("roads", "do not share")
        assert history.of_article(tx, 2)[-1].decision == "filtered"


def test_f82_what_a_person_sends_all_the_same_is_kept_back_no_second_time(bench: Bench) -> None:
    told(bench, document(0), document(1, "roads"), document(2, "do not share"))
    with bench.store.begin() as tx:
        (one,) = [one for one in deliveries.of_article(tx, 2) if one.channel == "hook"]
        deliveries.change(tx, one.id, [one.state], DeliveryState.PENDING, "a person", bench.clock())
    bench.script(document(3, "do not share"))
    bench.poll()
    assert ledger(bench)["hook"][0] == DeliveryState.PENDING


def test_other_tags_make_no_revision_and_let_nothing_go_that_was_kept_back(bench: Bench) -> None:
    told(bench, document(0), document(1, "do not share"), document(2, "roads"), document(3, "Roads"))
    assert ledger(bench)["hook"][0] == DeliveryState.FILTERED
    with bench.store.read() as tx:
        assert by_seq(tx, [2])[2].revision == 1
