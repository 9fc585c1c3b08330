"""P29–P32, P34–P36, P47, P48: what an answer may change, and what it never does."""

import gzip
from datetime import timedelta

import pytest
import sqlalchemy as sa

from pipeline.store import feeds
from pipeline.store.tables import articles
from tests.polling.bench import Bench, Said, feed, longer, same

HTML = {"Content-Type": "text/html; charset=utf-8"}


def moved(status: int, to: str) -> Said:
    return Said(status, {"Location": to})


@pytest.mark.parametrize("status", [301, 308])
def test_p29_a_permanent_move_is_followed_at_once_and_stored_when_it_held(bench: Bench, status: int) -> None:
    bench.configure('every = "12h"')
    bench.script(moved(status, "/new"))
    bench.script(feed("b0"), same(), path="/new")
    old = bench.row().url
    for _ in range(3):
        assert bench.poll().url == old
    for _ in range(3):
        bench.poll()
    assert bench.row().url.endswith("/new")
    assert bench.row().configured_url == old, "the feed's identity does not change"
    bench.poll()
    assert bench.server.asked[-1].path == "/new"
    assert bench.articles() == ["Mkb0"]


def test_p29_a_move_to_something_that_is_no_feed_is_not_stored(bench: Bench) -> None:
    bench.configure('every = "1d"')
    bench.script(moved(301, "/portal"))
    bench.script(Said(200, HTML, b"<!doctype html><title>Hotel</title>"), path="/portal")
    old = bench.row().url
    for _ in range(12):
        bench.poll()
    assert bench.row().url == old


def test_p29_a_move_is_stored_at_once_when_the_old_address_ends(bench: Bench) -> None:
    bench.script(moved(301, "/new"), Said(404))
    bench.script(feed("b0"), same(), path="/new")
    bench.poll()
    bench.poll()
    assert bench.row().url.endswith("/new")
    assert bench.poll().error is None


@pytest.mark.parametrize("status", [302, 303, 307])
def test_p30_a_passing_move_is_never_stored(bench: Bench, status: int) -> None:
    bench.configure('every = "1d"')
    bench.script(moved(status, "/maintenance"))
    bench.script(feed("b0"), same(), path="/maintenance")
    old = bench.row().url
    for _ in range(12):
        bench.poll()
    assert bench.row().url == old
    assert bench.row().moved_to is None


def test_p30_a_permanent_move_behind_a_passing_one_is_not_stored(bench: Bench) -> None:
    bench.configure('every = "1d"')
    bench.script(moved(302, "/a"))
    bench.script(moved(301, "/b"), path="/a")
    bench.script(feed("b0"), same(), path="/b")
    for _ in range(12):
        bench.poll()
    assert bench.row().url.endswith("/news")


def test_p31_validators_follow_on_the_same_host(bench: Bench) -> None:
    bench.script(moved(302, "/new"))
    bench.script(feed("b0", etag='"9"'), same(), path="/new")
    bench.poll()
    bench.poll()
    assert bench.last()["if-none-match"] == '"9"'


@pytest.mark.parametrize("to", ["/news", "ftp://127.0.0.1/feed", "http://10.0.0.1/feed", "http://[::1]/feed"])
def test_p31_loops_other_schemes_and_private_addresses_are_refused(bench: Bench, to: str) -> None:
    bench.script(moved(302, to))
    row = bench.poll()
    assert row.error
    assert len(bench.server.asked) <= 6


def test_p32_gone_is_gone(bench: Bench) -> None:
    bench.script(feed("b0"), Said(410))
    bench.poll()
    row = bench.poll()
    assert row.state == "gone"
    assert "410" in row.reason
    bench.clock.now += timedelta(days=30)
    bench.poll(wait=False)
    assert len(bench.server.asked) == 2


def test_p32_not_found_waits_longer_and_ends_after_twelve(bench: Bench) -> None:
    bench.script(feed("b0"), Said(404))
    bench.poll()
    for _ in range(11):
        assert bench.poll().state in ("active", "failing")
    assert bench.poll().state == "gone"


@pytest.mark.parametrize("status", [401, 403])
def test_p32_refusals_end_fast(bench: Bench, status: int) -> None:
    bench.script(feed("b0"), Said(status))
    bench.poll()
    for _ in range(2):
        assert bench.poll().state == "active"
    row = bench.poll()
    assert row.state == "refused"
    assert str(status) in row.reason


def test_p32_a_feed_that_comes_back_is_polled_on(bench: Bench) -> None:
    bench.script(feed("b0"), Said(403), Said(403), feed("x0", "b0", etag='"2"'))
    for _ in range(4):
        bench.poll()
    assert bench.row().state == "active"
    assert bench.articles("new") == ["Mkx0"]


NO_FEED = {
    "page": Said(200, HTML, b"<!doctype html><title>Checking your browser</title><p>One moment please."),
    "202": Said(202, HTML, b"<html>wait</html>"),
    "204": Said(204),
    "json": Said(200, {"Content-Type": "application/json"}, b'{"error": "maintenance"}'),
    "empty": Said(200, {"Content-Type": "application/rss+xml"}),
    "text": Said(200, {"Content-Type": "text/plain"}, b"Service temporarily unavailable"),
}


@pytest.mark.parametrize("name", NO_FEED)
def test_p34_what_is_no_feed_is_an_error_and_changes_nothing(bench: Bench, name: str) -> None:
    bench.script(feed("b0", "b1"), NO_FEED[name], feed("x0", "b0", "b1", etag='"2"'))
    bench.poll()
    before = bench.row()
    row = bench.poll()
    assert row.error
    assert (row.etag, row.memory, row.baseline_at) == (before.etag, before.memory, before.baseline_at)
    assert bench.articles() == ["Mkb1", "Mkb0"]
    bench.poll()
    assert bench.articles("new") == ["Mkx0"]


def test_p34_the_error_shows_how_the_page_begins(bench: Bench) -> None:
    bench.script(NO_FEED["page"])
    assert "Checking your browser" in bench.poll().error


def test_p34_a_page_at_first_is_no_baseline(bench: Bench) -> None:
    bench.script(NO_FEED["page"], feed("b0"), feed("x0", "b0", etag='"2"'))
    for _ in range(3):
        bench.poll()
    assert (bench.articles("archived"), bench.articles("new")) == (["Mkb0"], ["Mkx0"])


def test_p35_a_small_answer_that_swells_is_stopped(bench: Bench) -> None:
    bomb = gzip.compress(b"<rss>" + b" " * (40 * 1024 * 1024))
    bench.script(longer(Said(200, {"Content-Type": "application/rss+xml"}, bomb), Content_Encoding="gzip"))
    row = bench.poll()
    assert row.error
    assert row.baseline_at is None


def test_p36_encodings_are_resolved_and_flaws_do_not_lose_the_whole(bench: Bench) -> None:
    text = '<?xml version="1.0" encoding="windows-1252"?><rss version="2.0"><channel><title>T</title>'
    one, two = "<title>Mkb0 Köln „heute“</title><guid>1</guid>", "<title>Mkb1 a & b</title><guid>2</guid>"
    body = (text + f"<item>{one}</item><item>{two}</item></channel></rss>").encode("windows-1252")
    bench.script(Said(200, {"Content-Type": "application/rss+xml", "ETag": '"1"'}, body))
    bench.poll()
    with bench.store.read() as tx:
        titles = {outline.title for outline in feeds.outlines(tx, "news", 10)}
    assert titles == {"Mkb0 Köln „heute“", "Mkb1 a & b"}


def rss_of(title: str, text: str, codec: str, etag: str) -> Said:
    item = f"<item><guid>1</guid><link>https://town.example/1</link><title>{title}</title><description>{text}</description></item>"
    body = f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>T</title>{item}</channel></rss>'
    return Said(200, {"Content-Type": "application/rss+xml", "ETag": etag}, body.encode(codec, "surrogateescape"))


def known(bench: Bench) -> tuple[str, str, int]:
    with bench.store.read() as tx:
        row = tx.execute(articles.select()).one()
    return row.title, row.summary, row.revision


@pytest.mark.parametrize(
    "ill",
    [
        rss_of("Brücke über die Öre, neu", "Größere Fähren dürfen öfter.", "cp1252", '"2"'),
        rss_of("Brücke \udcff die Öre", "Größere Fähren dürfen öfter.", "utf-8", '"2"'),
    ],
    ids=["guessed", "broken letter"],
)
def test_p36_a_reading_that_is_not_sure_of_its_letters_edits_nothing(bench: Bench, ill: Said) -> None:
    bench.configure('first_run = "last 1"')
    first = rss_of("Brücke über die Öre", "Größere Fähren dürfen öfter.", "utf-8", '"1"')
    bench.script(first, ill, rss_of("Brücke über die Öre fertig", "Größere Fähren dürfen öfter.", "utf-8", '"3"'))
    bench.poll()
    before = known(bench)
    assert bench.poll().error is None
    assert known(bench) == before
    bench.poll()
    assert known(bench)[0] == "Brücke über die Öre fertig"


def test_p36_a_document_whose_letters_went_wrong_is_a_failed_poll(bench: Bench) -> None:
    good = rss_of("Brücke über die Öre", "Größere Fähren dürfen öfter übersetzen, heißt es.", "utf-8", '"1"')
    bench.script(good, Said(200, good.headers | {"ETag": '"2"'}, good.body.decode("cp1252", "replace").encode()))
    bench.configure('first_run = "last 1"')
    bench.poll()
    before = known(bench)
    assert "encoded twice" in bench.poll().error
    assert known(bench) == before


def test_p47_what_came_together_is_stored_oldest_first_and_in_a_stable_order(bench: Bench) -> None:
    date = "Sun, 22 Nov 2026 09:00:00 GMT"
    late = [{"is": f"x{n}", "date": date} for n in (3, 2, 1, 0)]
    bench.script(feed("b0"), feed(*late, "b0", {"is": "x9", "date": "Sun, 22 Nov 2026 08:00:00 GMT"}, etag='"2"'))
    bench.poll()
    bench.poll()
    assert bench.articles("new") == ["Mkx9", "Mkx0", "Mkx1", "Mkx2", "Mkx3"]


def test_p48_no_entries_are_a_baseline_and_forget_nothing(bench: Bench) -> None:
    bench.script(feed(etag='"0"'), feed("x0", etag='"1"'), feed(etag='"2"'), feed("x0", etag='"3"'))
    assert bench.poll().baseline_at
    for _ in range(3):
        bench.poll()
    assert bench.articles() == ["Mkx0"]


def test_a_document_that_was_cut_off_gives_its_whole_entries_and_nothing_else(bench: Bench) -> None:
    whole = feed("x0", "b0", "b1", etag='"2"')
    cut = Said(200, whole.headers | {"ETag": '"cut"'}, whole.body[: whole.body.index(b"Mkb1") + 3])
    bench.script(feed("b0", "b1"), cut, same(), whole)
    bench.poll()
    row = bench.poll()
    assert bench.articles("new") == ["Mkx0"]
    assert row.etag == '"1"', "its validators would hide the rest"


def test_a_first_document_that_was_cut_off_is_no_baseline(bench: Bench) -> None:
    whole = feed("b0", "b1", "b2", etag='"2"')
    cut = Said(200, whole.headers, whole.body[: whole.body.index(b"Mkb1") + 3])
    bench.script(cut, whole)
    assert bench.poll().baseline_at is None
    assert bench.poll().baseline_at
    assert bench.articles("archived") == ["Mkb2", "Mkb1", "Mkb0"]
    assert bench.articles("new", "held") == []


def test_the_same_half_document_three_times_is_the_whole_one(bench: Bench) -> None:
    whole = feed("x0", "b0", "b1", etag='"2"')
    cut = Said(200, whole.headers, whole.body[: whole.body.index(b"Mkb1") + 3])
    bench.script(feed("b0", "b1"), cut)
    for _ in range(3):
        bench.poll()
    assert bench.row().etag == '"1"'
    bench.poll()
    assert bench.row().etag == '"2"'


def test_a_feed_whose_state_was_lost_posts_nothing_again(bench: Bench) -> None:
    bench.configure('first_run = "last 5"')
    bench.script(feed("b0", "b1"))
    bench.poll()
    with bench.store.begin() as tx:
        tx.execute(sa.text("delete from feeds"))
        tx.execute(sa.text("delete from aliases"))
    bench.configure('first_run = "last 5"')
    bench.clock.move(60)
    bench.poll()
    assert bench.articles("new") == ["Mkb1", "Mkb0"], "those of the first time"
    bench.script(feed("b2", {"is": "b3", "title": "Mkb3 quite another"}, etag='"2"'))
    with bench.store.begin() as tx:
        tx.execute(sa.text("delete from feeds"))
    bench.configure('first_run = "last 5"')
    bench.clock.move(60)
    bench.poll()
    assert bench.articles("held") == ["Mkb3", "Mkb2"], "what nobody knows any more waits for a person"
