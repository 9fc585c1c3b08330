"""Sending through the door: one request, never two, and its end is an answer or one of the four failures."""

import json
import os
import socket
import struct
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from pipeline.http import Http, retry_after
from pipeline.model import DeliveryError, Rejected, Unauthorised, Unavailable, Uncertain
from tests.http.speaker import answer, answering

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def failure_of(send, *args, **options):
    with pytest.raises(DeliveryError) as caught:
        send(*args, **{"deadline": 3, **options})
    return caught.value


STATUSES = {
    Rejected: [400, 404, 405, 406, 409, 410, 411, 413, 415, 422, 402, 451, 501],
    Unauthorised: [401, 403],
    Unavailable: [408, 425, 429, 503, 301, 302, 307, 521, 523],
    Uncertain: [500, 502, 504, 520, 522, 524],
}


@pytest.mark.parametrize(
    ("failure", "status"), [(name, status) for name, found in STATUSES.items() for status in found]
)
def test_a_status_means_one_of_the_four_failures(http, speak, failure, status):
    server = speak(answering(answer(f"{status} X", b"{}", "Location: http://elsewhere.example/")))
    error = failure_of(http.post, f"{server.url}/api", json={})
    assert type(error) is failure
    assert error.status == status
    assert len(server.asked) == 1


@pytest.mark.parametrize("header", ["Retry-After: 60", "X-RateLimit-Remaining: 0", "cf-mitigated: challenge"])
def test_a_403_that_is_a_limit_says_nothing_of_the_credentials(http, speak, header):
    server = speak(answering(answer("403 Forbidden", b"", header)))
    assert isinstance(failure_of(http.post, server.url, json={}), Unavailable)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429])
def test_a_question_that_failed_changed_nothing(http, speak, status):
    server = speak(answering(answer(f"{status} X")))
    assert isinstance(failure_of(http.ask, server.url), Unavailable)


def test_json_forms_and_files_arrive_as_they_were_meant(http, speak):
    server = speak(answering(answer(body=b'{"id": "1"}')))
    assert http.post(server.url, json={"status": "Grüße"}).json() == {"id": "1"}
    http.post(server.url, data={"a": "1 2", "b": ["x", "y"]})
    http.post(server.url, data={"alt": "A"}, files={"file": ("p.png", b"\x89PNG", "image/png")})
    http.post(server.url, data=b"raw", headers={"content-type": "text/x"}, method="PUT")
    as_json, form, files, raw = server.asked
    assert json.loads(as_json.body) == {"status": "Grüße"}
    assert as_json.header("content-type") == "application/json"
    assert form.body == b"a=1+2&b=x&b=y"
    assert b'filename="p.png"' in files.body
    assert files.header("content-type").startswith("multipart/form-data; boundary=")
    assert (raw.line.split()[0], raw.body, raw.header("content-type")) == ("PUT", b"raw", "text/x")


def test_a_question_carries_its_parameters(http, speak):
    server = speak(answering(answer(body=b"[]")))
    assert http.ask(f"{server.url}/search?v=1", params={"q": "a&b"}).json() == []
    assert server.asked[0].line == "GET /search?v=1&q=a%26b HTTP/1.1"


def test_a_port_that_is_closed_means_it_never_left(http):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert isinstance(failure_of(http.post, f"http://127.0.0.1:{port}/", json={}), Unavailable)


@pytest.mark.parametrize(
    "url", ["http://10.0.0.1/", "http://user:pw@example.com/", "ftp://x/", "http://nowhere.invalid/"]
)
def test_an_address_that_is_not_reached_means_it_never_left(http, url):
    assert isinstance(failure_of(http.post, url, json={}), Unavailable)


def test_a_connection_reset_after_sending_leaves_the_end_open(http, speak):
    def script(speaker, sock, asked):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()

    server = speak(script)
    assert isinstance(failure_of(http.post, server.url, json={}), Uncertain)
    assert len(server.asked) == 1


def test_a_connection_closed_without_an_answer_leaves_the_end_open(http, speak):
    server = speak(lambda speaker, sock, asked: False)
    assert isinstance(failure_of(http.post, server.url, json={}), Uncertain)
    assert len(server.asked) == 1


def test_a_time_out_after_sending_leaves_the_end_open(http, speak):
    server = speak(lambda speaker, sock, asked: speaker.closing.wait(10))
    assert isinstance(failure_of(http.post, server.url, json={}, deadline=0.3), Uncertain)


@pytest.mark.parametrize("warm", [0, 1], ids=["a new connection", "a kept connection"])
def test_nothing_leaves_when_its_time_is_over(http, speak, warm):
    server = speak(answering(answer(body=b"{}")))
    for _ in range(warm):
        http.post(server.url, json={})
    lapsed = http.until(time.monotonic() - 1)
    assert isinstance(failure_of(lapsed.post, server.url, json={}), Unavailable)
    assert len(server.asked) == warm


def test_a_post_meets_no_connection_that_the_server_has_closed(http, speak):
    closed = threading.Event()

    def script(speaker, sock, asked):
        sock.sendall(answer(body=b"{}"))
        sock.shutdown(socket.SHUT_RDWR)
        closed.set()
        return False

    server = speak(script)
    for _ in range(5):
        closed.clear()
        http.post(server.url, json={})
        assert closed.wait(5)
    assert len(server.asked) == 5


def test_posts_in_a_row_share_a_connection(http, speak):
    server = speak(answering(answer(body=b"{}")))
    for _ in range(20):
        http.post(server.url, json={})
    assert server.connections == 1


def test_an_early_refusal_of_a_large_body_is_read(http, speak):
    server = speak(answering(answer("413 Too Large", b"too big"), keep=False))
    assert isinstance(failure_of(http.post, server.url, data=b"x" * 3_000_000), Rejected | Uncertain)


def test_a_page_instead_of_the_promised_json_leaves_the_end_open(http, speak):
    server = speak(answering(answer("200 OK", b"<html><title>Log in</title>", "Content-Type: text/html")))
    found = http.post(server.url, json={})
    with pytest.raises(Uncertain):
        found.json()
    with pytest.raises(Unavailable):
        http.ask(server.url).json()


def test_a_huge_answer_is_not_read_and_its_status_still_counts(http, speak):
    server = speak(answering(answer(body=b"x" * 300_000)))
    found = http.post(server.url, json={}, limit=1000)
    assert found.ok
    with pytest.raises(Uncertain):
        found.json()


def test_a_kind_may_read_an_answer_in_its_own_way(http, speak):
    server = speak(answering(answer(body=b'{"ok": false, "error": "channel_not_found"}')))

    def read(found):
        if not found.json()["ok"]:
            raise Rejected(found.json()["error"])

    assert failure_of(http.post, server.url, json={}, read=read).reason == "channel_not_found"


def test_a_status_that_was_expected_is_an_answer(http, speak):
    server = speak(answering(answer("404 Not Found")))
    assert http.ask(server.url, allow=frozenset({404})).status == 404


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"error": "Text is too long"}', "Text is too long"),
        (b'{"errors": [{"message": "Bad media", "code": 1}]}', "Bad media"),
        (b'{"error": "invalid_grant", "error_description": "Token expired"}', "Token expired: invalid_grant"),
        (b"<html><title>Not allowed</title>", "Not allowed"),
        (b"plain\nwords \x1b[2J", "plain words [2J"),
        (b"[" * 100_000, ""),
        (b"", ""),
    ],
)
def test_a_refusal_gives_the_platforms_own_words(http, speak, body, words):
    server = speak(answering(answer("422 Unprocessable", body)))
    reason = failure_of(http.post, server.url, json={}).reason
    assert reason == "127.0.0.1 answered 422" + (f": {words}" if words else "")


def test_a_secret_that_is_echoed_is_not_kept(http, speak):
    server = speak(answering(answer("400 Bad", b'{"error": "token s3cret-token and Bearer abcdefgh12 are bad"}')))
    error = failure_of(http.post, f"{server.url}/path-secret", json={}, headers={"Authorization": "Bearer abcdefgh12"})
    for text in (error.reason, str(error), repr(error)):
        assert "s3cret" not in text
        assert "abcdefgh12" not in text
        assert "path-secret" not in text
    assert error.__cause__ is None


def test_a_secret_in_the_address_or_in_a_kinds_own_words_is_not_kept(http, speak):
    server = speak(answering(answer("400 Bad", b'{"error": "no webhook abcdefghijklmnopqrstuvwxyz"}')))

    def read(found):
        raise Rejected(f"{found.json()['error']} s3cret-token")

    for options in ({}, {"read": read}):
        error = failure_of(http.post, f"{server.url}/hooks/abcdefghijklmnopqrstuvwxyz", json={}, **options)
        assert "abcdefghijklmnop" not in f"{error} {error.reason}"
        assert "s3cret" not in f"{error} {error.reason}"


def test_a_redirect_is_not_followed_with_a_body(http, speak):
    there = speak(answering(answer()))
    here = speak(answering(answer("307 Elsewhere", b"", f"Location: {there.url}")))
    assert isinstance(failure_of(http.post, here.url, json={}), Unavailable)
    assert there.asked == []


DATE = format_datetime(NOW, usegmt=True)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry-after": "120"}, 120),
        ({"retry-after": " 120 "}, 120),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "1e3"}, None),
        ({"retry-after": "999999999999999"}, 7 * 86400),
        ({"retry-after": "Sun, 01 Mar 2026 12:05:00 GMT"}, 300),
        ({"retry-after": "Sunday, 01-Mar-26 12:05:00 GMT"}, 300),
        ({"retry-after": "Sun Mar  1 12:05:00 2026"}, 300),
        ({"retry-after": "Sun, 01 Mar 2020 12:05:00 GMT"}, 0),
        ({"retry-after": "Fri, 31 Dec 9999 23:59:59 GMT"}, 7 * 86400),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "120, 120"}, None),
        ({"x-ratelimit-reset": "2026-03-01T12:01:00.000Z"}, 60),
        ({"x-ratelimit-reset": str(int(NOW.timestamp()) + 90)}, 90),
        ({"ratelimit-reset": "30"}, 30),
        ({"x-ratelimit-reset": "nan"}, None),
        ({}, None),
    ],
)
def test_the_wait_a_platform_asks_for_is_measured_by_its_own_clock(headers, wait):
    found = retry_after({**headers, "date": DATE})
    assert found == (None if wait is None else timedelta(seconds=wait))


def test_a_door_is_shared_by_threads(speak, http):
    server = speak(answering(answer(body=b"{}")))
    failures = []

    def work():
        try:
            for _ in range(25):
                http.post(server.url, json={})
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(server.asked) == 150


def test_a_forked_child_shares_no_connection_and_keeps_its_deadlines(speak, http):
    server = speak(
        lambda speaker, sock, asked: sock.sendall(answer()) or asked.connection == 1 or speaker.closing.wait()
    )
    http.ask(server.url)
    child = os.fork()
    if child == 0:
        http.ask(server.url)
        silent = failure_of(http.ask, server.url, deadline=0.3)
        os._exit(7 if isinstance(silent, Unavailable) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert server.connections >= 2


def test_a_door_to_nowhere_else_is_made_once(http):
    assert http.allowing(http._networks) is http
    assert Http(user_agent="t").allowing([]) is not http
