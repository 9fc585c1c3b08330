"""One conditional GET: what is sent, what is kept, what is asked for next time. Criteria of polling.md by their ids."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from pipeline.feeds.fetch import FeedRequest, fetch
from tests.http.speaker import answer, answering

BODY = b"<rss version='2.0'><channel><title>x</title></channel></rss>"
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def date(**later):
    return format_datetime(NOW + timedelta(**later), usegmt=True)


def fetched(http, server, **request):
    return fetch(http, FeedRequest(f"{server.url}/feed", **request))


def test_p01_p04_a_first_request_carries_no_validators(http, speak):
    server = speak(answering(answer(body=BODY)))
    fetched(http, server)
    assert server.asked[0].header("if-none-match") is None
    assert server.asked[0].header("if-modified-since") is None


@pytest.mark.parametrize("etag", ['"abc"', 'W/"abc"', '"abc-gzip"', "no-quotes", '"a b"', '""'])
def test_p02_p03_validators_go_back_byte_for_byte(http, speak, etag):
    when = "Sunday, 01-Mar-26 12:00:00 GMT"
    server = speak(answering(answer("200 OK", BODY, f"ETag: {etag}", f"Last-Modified: {when}")))
    first = fetched(http, server)
    fetched(http, server, etag=first.etag, last_modified=first.last_modified)
    assert server.asked[1].header("if-none-match") == etag
    assert server.asked[1].header("if-modified-since") == when


@pytest.mark.parametrize(
    ("headers", "etag", "last_modified"),
    [
        ([], None, None),
        (['ETag: "a"'], '"a"', None),
        (['ETag: "a"', 'ETag: "b"'], '"a"', None),
        (["ETag: \u00fcber", "Last-Modified: Märzen"], None, None),
        (["ETag: " + "x" * 2000, "Last-Modified: " + "y" * 10_000], None, None),
        (["ETag:", "Last-Modified:"], None, None),
        (["ETag: a\x00b"], None, None),
    ],
)
def test_p05_validators_that_cannot_be_sent_back_are_not_kept(http, speak, headers, etag, last_modified):
    found = fetched(http, speak(answering(answer("200 OK", BODY, *headers))), etag='"old"', last_modified="old")
    assert (found.etag, found.last_modified) == (etag, last_modified)


def test_p06_a_304_brings_new_validators_and_keeps_the_others(http, speak):
    server = speak(answering(answer("304 Not Modified", b"", 'ETag: "new"', "Cache-Control: max-age=60")))
    found = fetched(http, server, etag='"old"', last_modified="then")
    assert (found.not_modified, found.etag, found.last_modified) == (True, '"new"', "then")
    assert (found.max_age, found.error) == (timedelta(seconds=60), None)


def test_a_304_that_nothing_asked_for_is_an_error(http, speak):
    assert "not modified" in fetched(http, speak(answering(answer("304 Not Modified")))).error


@pytest.mark.parametrize("status", [401, 403, 404, 410, 429, 451, 500, 502, 503, 206, 300, 202])
def test_p08_validators_outlive_a_refusal(http, speak, status):
    found = fetched(
        http, speak(answering(answer(f"{status} X", b"sorry", 'ETag: "bad"'))), etag='"a"', last_modified="b"
    )
    assert (found.etag, found.last_modified, found.status, found.body) == ('"a"', "b", status, b"")
    assert str(status) in found.error


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        (["Retry-After: 120"], 120),
        ([f"Date: {date()}", f"Retry-After: {date(minutes=5)}"], 300),
        (["Retry-After: 999999999999999"], 7 * 86400),
        (["Retry-After: -1"], None),
        ([], None),
    ],
)
def test_p13_retry_after_is_measured_by_the_servers_clock(http, speak, headers, wait):
    found = fetched(http, speak(answering(answer("503 Busy", b"", *headers))))
    assert found.retry_after == (None if wait is None else timedelta(seconds=wait))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        (["Cache-Control: max-age=600"], 600),
        (["Cache-Control: public, MAX-AGE=600", "Age: 100"], 500),
        (["Cache-Control: max-age=600", "Age: 700"], None),
        (["Cache-Control: max-age=600, no-cache"], None),
        (["Cache-Control: no-store", f"Date: {date()}", f"Expires: {date(hours=1)}"], None),
        (["Cache-Control: s-maxage=600"], None),
        (["Cache-Control: max-age=999999999999"], 7 * 86400),
        (["Cache-Control: max-age=x", f"Date: {date()}", f"Expires: {date(hours=1)}"], 3600),
        ([f"Date: {date()}", f"Expires: {date(hours=-1)}"], None),
        (["Expires: 0"], None),
        ([], None),
    ],
)
def test_p15_cache_headers_say_how_long_to_wait(http, speak, headers, seconds):
    found = fetched(http, speak(answering(answer("200 OK", BODY, *headers))))
    assert found.max_age == (None if seconds is None else timedelta(seconds=seconds))


def test_p23_to_p27_a_request_is_a_get_that_names_us_and_what_it_reads(http, speak):
    server = speak(answering(answer("200 OK", BODY, "Set-Cookie: a=b")))
    for _ in range(2):
        fetched(http, server)
    asked = server.asked[1]
    assert asked.line == "GET /feed HTTP/1.1"
    assert asked.header("user-agent").startswith("Standfirst/")
    assert "application/atom+xml" in asked.header("accept")
    assert "gzip" in asked.header("accept-encoding")
    assert asked.header("cookie") is None
    assert asked.header("referer") is None


def moving(**places):
    """A server whose paths redirect: path=(status, where)."""

    def script(speaker, sock, asked):
        path = asked.line.split()[1].strip("/")
        status, where = places.get(path, (200, ""))
        sock.sendall(answer(f"{status} X", b"", f"Location: {where}") if where else answer(body=BODY))
        return True

    return script


@pytest.mark.parametrize(
    ("places", "permanent"),
    [
        ({}, None),
        ({"feed": (301, "/a")}, "/a"),
        ({"feed": (301, "/a"), "a": (308, "/b")}, "/b"),
        ({"feed": (301, "/a"), "a": (302, "/b")}, "/a"),
        ({"feed": (302, "/a"), "a": (301, "/b")}, None),
        ({"feed": (307, "/a")}, None),
    ],
)
def test_p29_p30_only_the_permanent_beginning_of_a_way_is_a_new_address(http, speak, places, permanent):
    server = speak(moving(**places))
    assert fetched(http, server).permanent_url == (permanent and server.url + permanent)


def test_p31_validators_go_along_on_the_same_host(http, speak):
    server = speak(moving(feed=(301, "/a")))
    fetched(http, server, etag='"x"')
    assert server.asked[1].header("if-none-match") == '"x"'


@pytest.mark.parametrize("raw", [answer("200 OK", b""), answer("200 OK", b" \n "), answer("204 No Content")])
def test_p34_an_empty_answer_is_an_error(http, speak, raw):
    found = fetched(http, speak(answering(raw)), etag='"a"')
    assert (found.kind, found.etag) == ("empty_body", '"a"')


def test_a_challenge_page_is_called_one(http, speak):
    raw = answer("403 Forbidden", b"<html>", "cf-mitigated: challenge", "Content-Type: text/html")
    assert "Cloudflare" in fetched(http, speak(answering(raw))).error


def test_p35_a_body_beyond_the_cap_is_an_error(http, speak):
    found = fetched(http, speak(answering(answer(body=b"x" * 5000))), limit=1000)
    assert (found.kind, found.body) == ("too_large", b"")


def test_p39_hub_and_self_come_from_link_headers(http, speak):
    links = 'Link: <https://hub.example/>; rel="hub", <https://e.org/feed>; rel=self; type="a,b"'
    found = fetched(http, speak(answering(answer("200 OK", BODY, links, 'Link: </x>; rel="next HUB"'))))
    assert found.hubs == ("https://hub.example/", "/x")
    assert found.self_link == "https://e.org/feed"


def test_a_server_that_chokes_on_our_headers_is_asked_once_more_with_few(http, speak):
    server = speak(answering(answer("406 Not Acceptable"), answer(body=BODY)))
    assert fetched(http, server, etag='"a"').body == BODY
    assert (server.asked[1].header("accept"), server.asked[1].header("if-none-match")) == ("*/*", None)
    refusing = speak(answering(answer("400 Bad Request")))
    assert fetched(http, refusing).status == 400
    assert len(refusing.asked) == 2


def test_no_server_and_no_proper_address_are_values_too(http):
    assert fetch(http, FeedRequest("http://127.0.0.1:1/")).kind == "refused"
    found = fetch(http, FeedRequest("ftp://x", etag='"a"'))
    assert (found.kind, found.status, found.etag) == ("blocked_address", 0, '"a"')


def test_a_validator_that_could_split_the_request_is_not_sent(http, speak):
    server = speak(answering(answer(body=BODY)))
    fetched(http, server, etag="a\r\nX: y", last_modified="ü")
    assert "if-none-match" not in server.asked[0].head.decode().lower()
