"""What only a homeserver has: transactions that belong to a session, rooms with names, a size for an event."""

from dataclasses import replace

import pytest
import requests

from pipeline.model import Rejected, Unauthorised
from tests.channels.play import outcome
from tests.servers_real.conftest import Case

pytestmark = pytest.mark.parametrize("case", ["matrix"], indirect=True)


def login(case: Case) -> str:
    """A second session of the same account."""
    user, password = case.peer.beside.get("user"), case.peer.beside.get("user_password")
    if not user:
        pytest.skip("Left out: a second session on Matrix, because [matrix] names no user and user_password.")
    body = {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": user}, "password": password}
    answer = requests.post(f"{case.peer.url}/login", json=body, timeout=20)  # type: ignore[attr-defined]
    answer.raise_for_status()
    return str(answer.json()["access_token"])


def test_a_message_is_found_by_a_session_that_did_not_send_it(case: Case) -> None:
    """Its transactions are unknown there: the key alone would make a second message."""
    first = case.sent()
    other = case.channel(token=login(case))
    assert other.look_up(case.post, case.to(attempt=2)).remote_id == first.remote_id


def test_a_session_that_was_logged_out_pauses_the_channel(case: Case) -> None:
    token = login(case)
    channel = case.channel(token=token)
    assert channel.check(case.to())
    headers = {"Authorization": f"Bearer {token}"}
    requests.post(f"{case.peer.url}/logout", json={}, headers=headers, timeout=20)  # type: ignore[attr-defined]
    assert isinstance(outcome(lambda: channel.send(case.post, case.to())), Unauthorised)
    assert isinstance(outcome(lambda: channel.check(case.to())), Unauthorised)


def test_a_room_by_its_name_and_by_its_id_is_one_room(case: Case) -> None:
    receipt = case.sent()
    by_id = case.channel(room=case.peer.room)  # type: ignore[attr-defined]
    assert by_id.send(case.post, case.to(attempt=2)).remote_id == receipt.remote_id
    assert case.peer.copies(case.link) == 1


def test_a_room_that_is_not_ours_pauses_the_channel_or_is_unknown(case: Case) -> None:
    for room in ("!nowhere:localhost", "#nowhere:localhost"):
        said = outcome(lambda room=room: case.channel(room=room).send(case.post, case.to(vault=type(case.vault)())))
        assert isinstance(said, Unauthorised | Rejected)


def test_an_event_that_is_too_large_is_refused_for_good(case: Case) -> None:
    said = outcome(lambda: case.channel().send(replace(case.post, text="é" * 40_000), case.to()))
    assert isinstance(said, Rejected)
    assert case.peer.copies(case.link) == 0
