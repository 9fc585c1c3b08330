"""What a kind learns carries what it was learned for: with another setting nothing of it is used."""

from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest

from pipeline import channels, oauth
from pipeline.model import Receipt, Unauthorised
from tests.channels.play import NOW, Vault, config, door, outcome, post_of, sending
from tests.channels.scripted import Asked, Platform, platform
from tests.channels.test_conformance import CASES, filled

API = "/_matrix/client/v3"


def send(kind: str, stage: Platform, vault: Vault, *, to: dict[str, Any] | None = None, **settings: Any) -> Any:
    given = filled(CASES[kind]["settings"], stage.url) | settings
    with closing(door()) as http:
        channel = channels.build(config(kind, given))
        return outcome(lambda: channel.send(post_of(kind), sending(http, vault=vault, **(to or {}))))


def test_a_telegram_group_s_new_id_ends_with_the_chat_it_came_from() -> None:
    moved = {"status": 400, "json": {"ok": False, "description": "moved", "parameters": {"migrate_to_chat_id": -100}}}
    told = {"json": {"ok": True, "result": {"message_id": 5}}}
    vault = Vault()
    token = CASES["telegram"]["settings"]["token"]
    with platform({f"POST /bot{token}/sendMessage": [moved, told, told]}) as stage:
        for chat in ("-1", "-1", "@others"):
            assert isinstance(send("telegram", stage, vault, chat=chat), Receipt)
        assert [one.json["chat_id"] for one in stage.asked] == ["-1", -100, -100, "@others"]


@pytest.mark.parametrize("odd", ["x", [], {}, True, 1.5])
def test_a_group_that_moved_to_nowhere_is_refused_and_nothing_is_learned(odd: Any) -> None:
    moved = {"status": 400, "json": {"ok": False, "description": "moved", "parameters": {"migrate_to_chat_id": odd}}}
    vault = Vault()
    token = CASES["telegram"]["settings"]["token"]
    with platform({f"POST /bot{token}/sendMessage": moved}) as stage:
        assert type(send("telegram", stage, vault)).__name__ == "Rejected"
    assert not vault.kept


def rooms(upgraded: dict[str, str], closed: set[str] = frozenset()) -> Any:  # type: ignore[assignment]
    """A server whose rooms were upgraded so; the closed ones take no message."""

    def told(asked: Asked) -> dict[str, Any]:
        room = asked.path.split("/rooms/")[1].split("/")[0] if "/rooms/" in asked.path else ""
        if asked.path.endswith("m.room.tombstone") and room in upgraded:
            return {"json": {"replacement_room": upgraded[room].replace("%21", "!").replace("%3A", ":")}}
        if "/send/" in asked.path and room not in closed:
            return {"json": {"event_id": f"$in-{room}"}}
        if "/send/" in asked.path:
            return {"status": 403, "json": {"errcode": "M_FORBIDDEN", "error": "closed"}}
        return {"status": 404, "json": {"errcode": "M_NOT_FOUND"}}

    return told


OLD, NEW, NEWEST = "%21old%3Ae", "%21new%3Ae", "%21newest%3Ae"


def test_an_upgraded_matrix_room_is_left_for_the_last_that_took_its_place() -> None:
    vault = Vault()
    with platform({}) as stage:
        stage.answer = rooms({})  # type: ignore[method-assign]
        assert send("matrix", stage, vault, room="!old:e").remote_id == f"$in-{OLD}"
        stage.answer = rooms({OLD: NEW, NEW: NEWEST})  # type: ignore[method-assign]
        later = {"now": NOW + timedelta(hours=2)}
        assert send("matrix", stage, vault, room="!old:e", to=later).remote_id == f"$in-{NEWEST}"


def test_a_closed_room_is_left_at_once_and_one_without_an_heir_pauses_the_channel() -> None:
    vault = Vault()
    with platform({}) as stage:
        stage.answer = rooms({})  # type: ignore[method-assign]
        send("matrix", stage, vault, room="!old:e")
        stage.answer = rooms({OLD: NEW}, {OLD})  # type: ignore[method-assign]
        assert send("matrix", stage, vault, room="!old:e").remote_id == f"$in-{NEW}"
        stage.answer = rooms({}, {OLD, NEW})  # type: ignore[method-assign]
        assert isinstance(send("matrix", stage, vault, room="!old:e"), Unauthorised)


def test_a_post_in_doubt_is_sent_to_the_room_it_was_sent_to() -> None:
    vault = Vault()
    with platform({}) as stage:
        stage.answer = rooms({})  # type: ignore[method-assign]
        send("matrix", stage, vault, room="!old:e")
        stage.answer = rooms({OLD: NEW})  # type: ignore[method-assign]
        doubt = {"now": NOW + timedelta(hours=2), "since": NOW}
        assert send("matrix", stage, vault, room="!old:e", to=doubt).remote_id == f"$in-{OLD}"
        assert send("matrix", stage, vault, room="!other:e", to=doubt).remote_id == "$in-%21other%3Ae"


def test_a_bluesky_session_is_of_one_account() -> None:
    vault = Vault()
    routes = CASES["bluesky"]["routes"]
    login = "POST /xrpc/com.atproto.server.createSession"
    with platform({}) as stage:
        stage.routes = filled(routes, stage.url)
        for identifier in ("news.example", "news.example", "other.example"):
            send("bluesky", stage, vault, identifier=identifier)
        assert [one.json["identifier"] for one in stage.to(login)] == ["news.example", "other.example"]


def test_limits_are_of_one_instance() -> None:
    vault = Vault()
    for most in (7, 9):
        told = {"json": {"configuration": {"statuses": {"max_characters": most}}}}
        with platform({"GET /api/v2/instance": told}) as stage, closing(door()) as http:
            channel = channels.build(config("mastodon", {"instance": stage.url, "token": "t"}))
            assert channel.limits(sending(http, vault=vault)).limit == most


def test_a_threads_container_is_of_one_profile_and_text() -> None:
    vault = Vault()
    with platform({}) as stage:
        for user in ("55", "55", "66"):
            routes = {name.replace("/55/", f"/{user}/"): told for name, told in CASES["threads"]["routes"].items()}
            stage.routes = filled(routes, stage.url)
            assert isinstance(send("threads", stage, vault, user=user), Receipt)
        made = [one.path for one in stage.asked if one.method == "POST" and one.path.endswith("/threads")]
        assert made == ["/v1.0/55/threads", "/v1.0/66/threads"]


def test_tokens_are_of_one_registration() -> None:
    vault = Vault()
    to = sending(None, vault=vault)
    first = oauth.Client("https://x.example/token", "first", refresh_token="r")
    oauth.keep({"access_token": "a"}, "r", to, first.mark, of=first.of)
    assert oauth.kept_of(first, to) is not None
    assert oauth.kept_of(oauth.Client("https://x.example/token", "second", refresh_token="r"), to) is None
    vault.put(oauth.NAME, {"access": "a", "mark": first.mark})  # as earlier versions kept it
    assert oauth.kept_of(first, to) is not None
