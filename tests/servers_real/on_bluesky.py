"""What only a PDS has: sessions that run out, record keys, and the two lengths of a text."""

import base64
import hashlib
import hmac
import json
import time
from dataclasses import replace
from typing import Any

import pytest
import requests

from pipeline.model import Receipt, Rejected, Unauthorised
from tests.channels.play import outcome
from tests.servers_real.conftest import Case

pytestmark = pytest.mark.parametrize("case", ["bluesky"], indirect=True)


def run_out(token: str, secret: str) -> str:
    """The same token as its server would have signed it for a time that is over."""
    head, body, _ = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    claims |= {"iat": int(time.time()) - 7200, "exp": int(time.time()) - 3600}
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    mac = hmac.digest(secret.encode(), f"{head}.{body}".encode(), hashlib.sha256)
    return f"{head}.{body}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def kept(case: Case) -> dict[str, Any]:
    session = case.vault.get("session")
    assert session is not None
    return dict(session)


@pytest.mark.parametrize("tokens", [("access",), ("access", "refresh")])
def test_a_session_that_ran_out_costs_no_post_and_makes_none_twice(case: Case, tokens: tuple[str, ...]) -> None:
    secret = case.peer.beside.get("jwt_secret")
    if not secret:
        pytest.skip("Left out: sessions that ran out, because [bluesky] names no jwt_secret to sign them with.")
    session = kept(case)
    old = {name: run_out(session[name], secret) for name in tokens}
    case.vault.put("session", session | old)
    receipt = case.sent()
    assert case.peer.copies(case.link) == 1
    # The first one comes back where both were made in one second: the same claims are the same token.
    assert case.vault.get("session")["access"] != old["access"]
    assert case.channel().look_up(case.post, case.to()).remote_id == receipt.remote_id


def test_a_session_that_the_server_does_not_know_is_made_anew(case: Case) -> None:
    session = kept(case)
    case.vault.put("session", session | {"access": f"{session['access']}x", "refresh": f"{session['refresh']}x"})
    case.sent()
    assert case.peer.copies(case.link) == 1


def test_a_password_that_was_revoked_pauses_the_channel_when_its_session_ends(case: Case) -> None:
    owner, secret = case.peer.beside.get("account_password"), case.peer.beside.get("jwt_secret")
    if not owner or not secret:
        pytest.skip("Left out: a revoked app password, because [bluesky] names no account_password and jwt_secret.")
    url = f"{case.peer.url}/xrpc/com.atproto.server."  # type: ignore[attr-defined]
    login = {"identifier": case.peer.settings["identifier"], "password": owner}
    token = requests.post(f"{url}createSession", json=login, timeout=20).json()["accessJwt"]
    headers = {"Authorization": f"Bearer {token}"}
    name = case.key[-8:]
    made = requests.post(f"{url}createAppPassword", json={"name": name}, headers=headers, timeout=20).json()
    channel = case.channel(password=made["password"])
    assert channel.check(case.to())
    requests.post(f"{url}revokeAppPassword", json={"name": name}, headers=headers, timeout=20).raise_for_status()
    session = dict(case.vault.get("session") or {})
    case.vault.put("session", session | {"access": run_out(session["access"], secret)})
    assert isinstance(outcome(lambda: channel.send(case.post, case.to())), Unauthorised)
    assert case.peer.copies(case.link) == 0


def test_another_record_under_our_key_is_never_overwritten(case: Case) -> None:
    first = case.sent()
    other = replace(case.post, text="Something else altogether", link="https://town.example/other", image=None)
    said = outcome(lambda: case.channel().send(other, case.to()))
    assert isinstance(said, Rejected)
    assert case.peer.text(first) == case.post.text


@pytest.mark.parametrize("word", ["é", "👩‍👩‍👧‍👦", "한", "a"])
def test_both_lengths_of_a_text_are_kept(case: Case, word: str) -> None:
    """300 graphemes and 3,000 bytes: a family of 25 bytes fills the second first."""
    article = replace(case.article, title=word * 400, teaser=" ".join([word * 7] * 200), tags=(), image=None)
    receipt = case.channel().send(case.composed(article), case.to())
    assert isinstance(receipt, Receipt)


def test_parts_of_a_thread_stand_in_their_order_and_once(case: Case) -> None:
    post = replace(case.post, parts=("One", "Two", "Three"))
    progress: dict[str, Any] = {}
    first = case.channel().send(post, case.to(progress=progress))
    again = case.channel().send(post, case.to(progress={}))
    assert again.remote_id == first.remote_id
    parts = [case.peer.record(Receipt(progress[str(n)]["uri"])) for n in range(3)]  # type: ignore[attr-defined]
    assert [part["text"] for part in parts] == ["One", "Two", "Three"]
    assert [part.get("reply", {}).get("parent", {}).get("uri") for part in parts] == [
        None,
        progress["0"]["uri"],
        progress["1"]["uri"],
    ]
