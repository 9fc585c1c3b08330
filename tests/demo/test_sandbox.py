"""The sandboxes answer as the platforms do, so that a post that passes here would pass there."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from standardwebhooks import Webhook as Signer

from workers.demo.sandbox import Atproto, Fault, Mastodon, Sandbox, Webhook
from workers.demo.sandbox import webhook as webhook_module
from workers.demo.sandbox.mastodon import counted

POST = "app.bsky.feed.post"
RKEY = "3l6ovsmcmhk2x"


@pytest.fixture
def mastodon() -> Iterator[Mastodon]:
    with Mastodon() as sandbox:
        yield sandbox


@pytest.fixture
def atproto() -> Iterator[Atproto]:
    with Atproto() as sandbox:
        yield sandbox


def toot(sandbox: Mastodon, text: str, key: str = "", **more: Any) -> requests.Response:
    headers = {"Authorization": "Bearer sandbox-token"} | ({"Idempotency-Key": key} if key else {})
    return requests.post(f"{sandbox.url}/api/v1/statuses", json={"status": text} | more, headers=headers, timeout=5)


def call(sandbox: Atproto, name: str, body: Any = None, token: str = "", **query: str) -> requests.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    url = f"{sandbox.url}/xrpc/{name}"
    if body is None:
        return requests.get(url, params=query, headers=headers, timeout=5)
    return requests.post(url, json=body, headers=headers, timeout=5)


def login(sandbox: Atproto) -> dict[str, Any]:
    given = {"identifier": "wrenbridge.test", "password": "sandbox-pass"}
    return dict(call(sandbox, "com.atproto.server.createSession", given).json())


def put(sandbox: Atproto, text: str, **more: Any) -> requests.Response:
    session = login(sandbox)
    record = {"$type": POST, "text": text, "createdAt": "2026-01-02T03:04:05.000Z"}
    given = {"repo": session["did"], "collection": POST, "rkey": RKEY, "record": record} | more
    return call(sandbox, "com.atproto.repo.putRecord", given, session["accessJwt"])


def test_the_same_idempotency_key_gives_the_same_status_back(mastodon: Mastodon) -> None:
    first, second = toot(mastodon, "one", "k"), toot(mastodon, "another text", "k")
    assert first.json()["id"] == second.json()["id"]
    assert [post.text for post in mastodon.posts()] == ["one"]


def test_without_a_key_the_same_text_is_a_second_status(mastodon: Mastodon) -> None:
    toot(mastodon, "one")
    toot(mastodon, "one")
    assert len(mastodon.posts()) == 2


def test_a_link_counts_23_and_the_501st_character_is_refused(mastodon: Mastodon) -> None:
    link = "https://example.org/" + "a" * 300
    assert counted(f"x {link}") == 25
    assert toot(mastodon, "a" * 476 + " " + link).status_code == 200
    refused = toot(mastodon, "a" * 477 + " " + link)
    assert (refused.status_code, "500" in refused.json()["error"]) == (422, True)


def test_a_wrong_token_is_refused(mastodon: Mastodon) -> None:
    mastodon.token = "other"
    assert toot(mastodon, "one").status_code == 401


def test_past_the_limit_the_reset_is_a_moment_in_time(mastodon: Mastodon) -> None:
    mastodon.window.limit = 1
    toot(mastodon, "one")
    refused = toot(mastodon, "two")
    assert refused.status_code == 429
    assert refused.headers["X-RateLimit-Reset"].endswith("Z")
    assert "Retry-After" not in refused.headers


def test_a_picture_is_attached_once(mastodon: Mastodon) -> None:
    headers = {"Authorization": "Bearer sandbox-token"}
    files = {"file": ("a.png", b"\x89PNG bytes", "image/png"), "description": (None, "a ferry")}
    media = requests.post(f"{mastodon.url}/api/v2/media", files=files, headers=headers, timeout=5).json()
    assert toot(mastodon, "one", media_ids=[media["id"]]).status_code == 200
    assert toot(mastodon, "two", media_ids=[media["id"]]).status_code == 422
    (post,) = mastodon.posts()
    assert post.alt == "a ferry"
    assert requests.get(post.image, timeout=5).content == b"\x89PNG bytes"


def test_a_dropped_answer_leaves_the_status_there(mastodon: Mastodon) -> None:
    mastodon.fail(Fault(), Fault(status=500), Fault(stored=False, status=503))
    with pytest.raises(requests.ConnectionError):
        toot(mastodon, "one", "a")
    assert toot(mastodon, "two", "b").status_code == 500
    assert toot(mastodon, "three", "c").status_code == 503
    assert [post.text for post in mastodon.posts()] == ["one", "two"]


def test_the_books_outlive_the_sandbox(tmp_path: Path) -> None:
    with Mastodon(tmp_path) as before:
        toot(before, "one", "k")
    with Mastodon(tmp_path) as after:
        toot(after, "one", "k")
        assert len(after.posts()) == 1


def test_the_same_record_put_again_changes_nothing(atproto: Atproto) -> None:
    first, second = put(atproto, "one", swapRecord=None), put(atproto, "one", swapRecord=None)
    assert first.json()["cid"] == second.json()["cid"]
    assert "commit" in first.json()
    assert "commit" not in second.json()
    other = put(atproto, "two", swapRecord=None)
    assert (other.status_code, other.json()["error"]) == (400, "InvalidSwap")
    assert [post.text for post in atproto.posts()] == ["one"]


def test_301_graphemes_are_refused(atproto: Atproto) -> None:
    assert put(atproto, "é" * 300).status_code == 200
    assert "grapheme too big" in put(atproto, "a" * 301).json()["message"]


def test_an_unknown_record_and_an_unknown_blob_are_said_so(atproto: Atproto) -> None:
    asked = call(atproto, "com.atproto.repo.getRecord", None, repo="did", collection=POST, rkey=RKEY)
    assert (asked.status_code, asked.json()["error"]) == (400, "RecordNotFound")
    blob = {"$type": "blob", "ref": {"$link": "bafkreinothing"}, "mimeType": "image/png", "size": 3}
    embed = {"external": {"uri": "https://example.org", "title": "t", "description": "", "thumb": blob}}
    record = {"$type": POST, "text": "x", "createdAt": "2026-01-02T03:04:05.000Z", "embed": embed}
    assert put(atproto, "x", record=record).json()["error"] == "BlobNotFound"


def test_an_expired_session_is_refreshed_once(atproto: Atproto) -> None:
    atproto.access_seconds = -1
    session = login(atproto)
    refused = call(atproto, "com.atproto.server.getSession", None, session["accessJwt"])
    assert (refused.status_code, refused.json()["error"]) == (400, "ExpiredToken")
    refresh = "com.atproto.server.refreshSession"
    assert call(atproto, refresh, {}, session["refreshJwt"]).status_code == 200
    assert call(atproto, refresh, {}, session["refreshJwt"]).status_code == 400


def test_only_a_right_signature_is_taken_and_an_id_only_once() -> None:
    with Webhook() as sandbox:
        from datetime import UTC, datetime

        body, now = json.dumps({"type": "article.published", "data": {"article": {"link": "l"}}}), datetime.now(UTC)
        signature = Signer(webhook_module.SECRET).sign("sf_1", now, body)
        headers = {"webhook-id": "sf_1", "webhook-timestamp": str(int(now.timestamp()))}
        refused = requests.post(sandbox.url, data=body, headers=headers | {"webhook-signature": "v1,x"}, timeout=5)
        assert refused.status_code == 400
        for _ in range(2):
            taken = requests.post(sandbox.url, data=body, headers=headers | {"webhook-signature": signature}, timeout=5)
            assert taken.status_code == 200
        assert [post.id for post in sandbox.posts()] == ["sf_1"]
        assert sandbox.repeats == 1


def test_a_taken_port_is_replaced_by_a_free_one(mastodon: Mastodon) -> None:
    with Mastodon(port=mastodon.port) as other:
        assert other.port != mastodon.port
        assert isinstance(other, Sandbox)


def test_the_address_of_a_status_shows_it_and_nothing_of_it_as_markup(mastodon: Mastodon) -> None:
    url = toot(mastodon, "one <script>alert(1)</script> #two").json()["url"]
    page = requests.get(url, timeout=5)
    assert page.headers["content-type"].startswith("text/html")
    assert "&lt;script&gt;" in page.text
    assert "<script" not in page.text


@pytest.mark.parametrize(
    "sent",
    [
        b"Content-Length: 900\r\n\r\n",
        b'Content-Length: 900\r\n\r\n{"type": "article.publ',
        b"Transfer-Encoding: chunked\r\n\r\n",
        b'Transfer-Encoding: chunked\r\n\r\n10\r\n{"type": "a',
    ],
    ids=["no body", "half a body", "no chunk", "half a chunk"],
)
def test_a_request_whose_client_died_before_its_end_is_no_request(sent: bytes) -> None:
    with Webhook(secret=None) as sandbox:
        with socket.create_connection(("127.0.0.1", sandbox.port), 5) as line:
            line.sendall(b"POST /in HTTP/1.1\r\nHost: x\r\nwebhook-id: k\r\n" + sent)
            line.shutdown(socket.SHUT_WR)
            assert line.recv(100) == b""
        assert sandbox.events() == []
        event = {"type": "article.published", "data": {"article": {"title": "one"}}}
        requests.post(f"{sandbox.url}/in", json=event, headers={"webhook-id": "k"}, timeout=5)
        assert [post.title for post in sandbox.posts()] == ["one"]


def test_a_post_can_be_read_where_its_receipt_leads(atproto: Atproto) -> None:
    session = login(atproto)
    record = {"$type": POST, "text": "The <b>bridge</b>", "createdAt": "2026-05-04T12:00:00Z"}
    body = {"repo": session["did"], "collection": POST, "rkey": RKEY, "record": record}
    assert call(atproto, "com.atproto.repo.putRecord", body, session["accessJwt"]).ok
    page = requests.get(f"{atproto.url}/profile/{session['did']}/post/{RKEY}", timeout=5)
    assert (page.status_code, "The &lt;b&gt;bridge&lt;/b&gt;" in page.text) == (200, True)
    assert requests.get(f"{atproto.url}/profile/{session['did']}/post/none", timeout=5).status_code == 404
