"""Documents that are not the whole feed, or say that they are: RFC 3229, RFC 5005, and bodies packed twice."""

import gzip
import json
from typing import Any

import pytest

from pipeline.feeds.fetch import FeedRequest, fetch
from pipeline.http import Http
from tests.polling.bench import LOOPBACK, Bench, Said, feed

HISTORY = 'xmlns:fh="http://purl.org/syndication/history/1.0" xmlns:atom="http://www.w3.org/2005/Atom"'


def spread(said: Said, *elements: str) -> Said:
    """The document with further elements in its channel."""
    body = said.body.replace(b'<rss version="2.0">', f'<rss version="2.0" {HISTORY}>'.encode())
    return Said(said.status, said.headers, body.replace(b"<channel>", b"<channel>" + "".join(elements).encode(), 1))


def before(bench: Bench, path: str, relation: str = "prev-archive") -> str:
    return f'<atom:link rel="{relation}" href="{bench.server.url}{path}"/>'


@pytest.fixture
def unhurried(bench: Bench) -> None:
    """A site of one's own: no pause between two pages."""
    bench.configure('every = "1m"')


# --- what is new only


def test_what_is_new_only_is_asked_for_where_the_operator_says_so(bench: Bench) -> None:
    bench.script(feed("b0"))
    bench.poll()
    bench.poll()
    assert "a-im" not in bench.last()
    bench.configure("deltas = true")
    bench.poll()
    assert bench.last()["a-im"] == "feed"
    assert bench.last()["if-none-match"] == '"1"'


def test_a_part_of_a_feed_adds_and_never_takes_away(bench: Bench) -> None:
    bench.configure("deltas = true")
    part = feed("a2", etag='"3"')
    bench.script(
        feed("b0"), feed("a1", "b0", etag='"2"'), Said(226, part.headers | {"IM": "feed"}, part.body), Said(304)
    )
    for _ in range(3):
        bench.poll()
    assert bench.articles("new") == ["Mka1", "Mka2"]
    assert bench.row().etag == '"3"'
    bench.poll()
    assert bench.last()["if-none-match"] == '"3"'
    assert bench.articles("withdrawn") == []


def test_a_part_that_nobody_asked_for_is_an_error(bench: Bench) -> None:
    bench.script(feed("b0"), Said(226, {}, feed("a1").body))
    bench.poll()
    bench.poll()
    assert bench.articles("new") == []
    assert "226" in bench.row().error


# --- archives


def turned_over(bench: Bench, *pages: Said) -> None:
    """A feed whose window shows nothing known any more, and its older pages."""
    bench.script(feed("b1", "b2"), spread(feed("a9", "a8", etag='"2"'), before(bench, "/p0")))
    for n, page in enumerate(pages):
        bench.script(page, path=f"/p{n}")
    bench.poll()
    bench.poll()


@pytest.mark.usefixtures("unhurried")
def test_what_left_the_window_unseen_is_found_in_the_archives(bench: Bench) -> None:
    turned_over(bench, spread(feed("a7", "a6"), before(bench, "/p1")), feed("a5", "b1", "b2", "b9"))
    assert bench.articles("new") == ["Mka5", "Mka6", "Mka7", "Mka8", "Mka9"]
    assert "Mkb9" not in bench.articles(), "what is older than all that is known is left alone"
    assert [one.path for one in bench.server.asked] == ["/news", "/news", "/p0", "/p1"]


@pytest.mark.usefixtures("unhurried")
def test_archives_are_walked_a_few_pages_far_and_never_in_a_circle(bench: Bench) -> None:
    turned_over(bench, *[spread(feed(f"c{11 - n}"), before(bench, f"/p{n + 1}")) for n in range(12)])
    assert len(bench.server.asked) == 12
    bench.server.asked.clear()
    bench.script(spread(feed("c1", etag='"9"'), before(bench, "/p0")))
    bench.script(spread(feed("c2"), before(bench, "/p0")), path="/p0")
    bench.poll()
    assert [one.path for one in bench.server.asked].count("/p0") <= 1


@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize(
    "page", [Said(404), Said(200, {}, b"<html>gone</html>"), Said(500)], ids=["missing", "no feed", "broken"]
)
def test_an_archive_that_cannot_be_read_takes_nothing_away(bench: Bench, page: Said) -> None:
    turned_over(bench, page)
    assert bench.articles("new") == ["Mka8", "Mka9"]
    assert bench.row().etag == '"2"'


def test_archives_are_left_alone_where_something_is_known_and_on_the_first_poll(bench: Bench) -> None:
    bench.script(
        spread(feed("b1"), before(bench, "/p0")), spread(feed("a1", "b1", etag='"2"'), before(bench, "/p0", "next"))
    )
    bench.poll()
    bench.poll()
    assert [one.path for one in bench.server.asked] == ["/news", "/news"]


def test_archives_of_another_host_are_not_fetched(bench: Bench) -> None:
    elsewhere = '<atom:link rel="prev-archive" href="http://127.0.0.2:1/p0"/>'
    bench.script(feed("b1"), spread(feed("a1", etag='"2"'), elsewhere))
    bench.poll()
    bench.poll()
    assert bench.articles("new") == ["Mka1"]


@pytest.mark.usefixtures("unhurried")
def test_a_json_feed_names_its_next_page(bench: Bench) -> None:
    def page(*items: dict[str, Any], **more: str) -> Said:
        told = {"version": "https://jsonfeed.org/version/1.1", "title": "Town", "items": items} | more
        return Said(200, {"Content-Type": "application/feed+json"}, json.dumps(told).encode())

    def item(name: str, date: str) -> dict[str, Any]:
        return {"id": name, "title": f"Mk{name}", "content_text": f"The text of {name}.", "date_published": date}

    old, new = item("b1", "2026-11-20T08:00:00Z"), item("a1", "2026-11-22T09:00:00Z")
    bench.script(page(old), page(new, next_url=f"{bench.server.url}/p0"))
    bench.script(page(item("a2", "2026-11-22T08:00:00Z"), old), path="/p0")
    bench.poll()
    bench.poll()
    assert bench.articles("new") == ["Mka2", "Mka1"]


# --- complete


@pytest.mark.parametrize("says_so", [True, False])
def test_only_a_complete_feed_tells_by_leaving_out_the_oldest_that_it_is_gone(bench: Bench, says_so: bool) -> None:
    complete = ("<fh:complete/>",) if says_so else ()
    bench.script(
        spread(feed(), *complete),
        spread(feed("a2", "a1", etag='"2"'), *complete),
        spread(feed("a2", etag='"3"'), *complete),
    )
    for _ in range(3):
        bench.poll()
    assert bench.articles("withdrawn") == (["Mka1"] if says_so else [])


def test_p48_a_complete_feed_that_is_empty_is_not_believed(bench: Bench) -> None:
    bench.script(spread(feed("b1"), "<fh:complete/>"), feed("a1", "b1", etag='"2"'))
    bench.poll()
    bench.poll()
    bench.script(spread(feed(etag='"3"'), "<fh:complete/>"))
    bench.poll()
    assert bench.articles("new") == ["Mka1"]


# --- packed


def test_a_packed_file_without_a_word_of_it_is_unpacked(bench: Bench) -> None:
    said = feed("b0")
    bench.script(Said(200, said.headers, gzip.compress(said.body)))
    bench.poll()
    assert bench.articles("archived") == ["Mkb0"]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [(gzip.compress(bytes(9_000_000)), "larger than"), (gzip.compress(b"<rss/>" * 90)[:-20], "ended early")],
    ids=["bomb", "half"],
)
def test_p35_a_packed_file_is_capped_and_whole(bench: Bench, body: bytes, sentence: str) -> None:
    bench.script(Said(200, {}, body))
    http = Http(allow_networks=(LOOPBACK,), user_agent="Standfirst/1")
    try:
        found = fetch(http, FeedRequest(f"{bench.server.url}/news", limit=1_000_000))
    finally:
        http.close()
    assert sentence in str(found.error)
