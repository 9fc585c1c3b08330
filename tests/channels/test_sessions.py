"""Sessions and tokens are kept, shared, and renewed by one for all."""

import threading
from contextlib import closing
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from standardwebhooks import Webhook

from pipeline import channels, oauth
from pipeline.channels import webhook
from pipeline.model import Receipt, Unauthorised, Unavailable
from tests.channels.play import KEY, NOW, Vault, config, door, outcome, post_of, sending
from tests.channels.scripted import Platform, platform
from tests.channels.test_conformance import CASES

CREATE = "POST /xrpc/com.atproto.server.createSession"
REFRESH = "POST /xrpc/com.atproto.server.refreshSession"
PUT = "POST /xrpc/com.atproto.repo.putRecord"
EXPIRED = {"status": 400, "json": {"error": "ExpiredToken", "message": "Token has expired"}}
PUT_DONE = {"json": {"uri": "at://did:plc:news/app.bsky.feed.post/3mg4", "cid": "c"}}


def session(number: int) -> dict[str, Any]:
    return {
        "json": {
            "did": "did:plc:news",
            "handle": "n",
            "accessJwt": f"access-{number}",
            "refreshJwt": f"refresh-{number}",
        }
    }


def bluesky(stage: Platform) -> Any:
    return channels.build(
        config("bluesky", {"identifier": "news.example", "password": "p-p-p-p", "service": stage.url})
    )


def test_a_session_is_made_once_and_kept() -> None:
    vault = Vault()
    with platform({CREATE: session(1), PUT: PUT_DONE}) as stage, closing(door()) as http:
        for _ in range(3):
            bluesky(stage).send(post_of("bluesky"), sending(http, vault=vault))
    assert len(stage.to(CREATE)) == 1
    assert len(stage.to(PUT)) == 3


def test_an_expired_session_is_refreshed_and_the_same_bytes_sent_again() -> None:
    vault = Vault()
    routes = {CREATE: session(1), REFRESH: session(2), PUT: [EXPIRED, PUT_DONE]}
    with platform(routes) as stage, closing(door()) as http:
        assert isinstance(bluesky(stage).send(post_of("bluesky"), sending(http, vault=vault)), Receipt)
    first, second = stage.to(PUT)
    assert first.body == second.body
    assert [one.headers["authorization"] for one in (first, second)] == ["Bearer access-1", "Bearer access-2"]
    assert stage.to(REFRESH)[0].headers["authorization"] == "Bearer refresh-1"


def test_when_the_refresh_token_is_too_old_the_password_is_used_once_more() -> None:
    routes = {CREATE: [session(1), session(3)], REFRESH: {"status": 400, "json": {"error": "ExpiredToken"}}}
    with platform({**routes, PUT: [EXPIRED, PUT_DONE]}) as stage, closing(door()) as http:
        assert isinstance(bluesky(stage).send(post_of("bluesky"), sending(http)), Receipt)
    assert len(stage.to(CREATE)) == 2


def test_a_session_that_its_server_no_longer_knows_is_made_anew_with_the_password() -> None:
    unknown = {"status": 400, "json": {"error": "InvalidToken", "message": "Token could not be verified"}}
    routes = {CREATE: [session(1), session(3)], REFRESH: unknown, PUT: [unknown, PUT_DONE]}
    with platform(routes) as stage, closing(door()) as http:
        assert isinstance(bluesky(stage).send(post_of("bluesky"), sending(http)), Receipt)
    assert [one.headers["authorization"] for one in stage.to(PUT)] == ["Bearer access-1", "Bearer access-3"]


def test_a_server_that_knows_no_session_at_all_pauses_the_channel() -> None:
    unknown = {"status": 400, "json": {"error": "InvalidToken", "message": "Token could not be verified"}}
    with platform({CREATE: session(1), REFRESH: unknown, PUT: unknown}) as stage, closing(door()) as http:
        result = outcome(lambda: bluesky(stage).send(post_of("bluesky"), sending(http)))
    assert isinstance(result, Unauthorised)
    assert len(stage.to(CREATE)) == 2


def test_many_workers_refresh_one_time() -> None:
    vault, results = Vault(), []
    with platform({CREATE: session(1), REFRESH: session(2), PUT: PUT_DONE}) as stage, closing(door()) as http:
        old = dict(bluesky(stage)._session(sending(http, vault=vault)))
        work = [
            threading.Thread(target=lambda: results.append(bluesky(stage)._refreshed(old, sending(http, vault=vault))))
            for _ in range(5)
        ]
        for thread in work:
            thread.start()
        for thread in work:
            thread.join()
    assert len(stage.to(REFRESH)) == 1
    assert {one["access"] for one in results} == {"access-2"}


def test_the_account_s_own_server_is_used() -> None:
    with platform({PUT: PUT_DONE}) as home:
        told = session(1)
        told["json"]["didDoc"] = {"service": [{"id": "#atproto_pds", "serviceEndpoint": home.url}]}
        with platform({CREATE: told}) as entry, closing(door()) as http:
            bluesky(entry).send(post_of("bluesky"), sending(http))
    assert len(home.to(PUT)) == 1


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"status": 401, "json": {"error": "AuthenticationRequired"}}, "Unauthorised"),
        ({"status": 401, "json": {"error": "AuthFactorTokenRequired"}}, "Unauthorised"),
        ({"status": 400, "json": {"error": "AccountTakedown"}}, "Unauthorised"),
        ({"status": 500, "json": {"error": "InternalServerError"}}, "Unavailable"),
        ({"reset": True}, "Unavailable"),
    ],
)
def test_a_login_that_fails_has_posted_nothing(answer: dict[str, Any], expected: str) -> None:
    with platform({CREATE: answer, PUT: PUT_DONE}) as stage, closing(door()) as http:
        result = outcome(lambda: bluesky(stage).send(post_of("bluesky"), sending(http)))
    assert type(result).__name__ == expected
    assert not stage.to(PUT)


def test_a_thread_goes_on_where_it_stopped() -> None:
    from dataclasses import replace

    post = replace(post_of("mastodon"), parts=("one", "two", "three"))
    answers = [{"json": {"id": n, "url": f"https://s.example/{n}"}} for n in ("1", "2")]
    progress: dict[str, Any] = {}
    routes = {"POST /api/v1/statuses": [answers[0], {"status": 503}]}
    with platform(routes) as stage, closing(door()) as http:
        channel = channels.build(config("mastodon", {"instance": stage.url, "token": "t"}))
        first = outcome(lambda: channel.send(post, sending(http, progress=progress)))
        stage.routes = {"POST /api/v1/statuses": [answers[1], {"json": {"id": "3", "url": "https://s.example/3"}}]}
        second = channel.send(post, sending(http, progress=progress))
    assert isinstance(first, Unavailable)
    assert second == Receipt("1", "https://s.example/1")
    said = [(one.json["status"], one.json.get("in_reply_to_id")) for one in stage.asked]
    assert said == [("one", None), ("two", "1"), ("two", "1"), ("three", "2")]
    keys = [one.headers["idempotency-key"] for one in stage.asked]
    assert keys == [KEY, f"{KEY}.1", f"{KEY}.1", f"{KEY}.2"]


# --- OAuth -----------------------------------------------------------------------------------------------------------

TOKEN = "POST /token"


def client(stage: Platform, **more: Any) -> oauth.Client:
    return oauth.Client(f"{stage.url}/token", "client", **{"client_secret": "s", "refresh_token": "r0", **more})


def test_a_refresh_token_is_kept_before_the_new_one_is_used() -> None:
    vault = Vault()
    told = [{"json": {"access_token": f"a{n}", "refresh_token": f"r{n}", "expires_in": 7200}} for n in (1, 2)]
    with platform({TOKEN: told}) as stage, closing(door()) as http:
        to = sending(http, vault=vault)
        assert oauth.token(client(stage), to) == "a1"
        assert oauth.token(client(stage), to) == "a1"
        later = sending(http, vault=vault, now=NOW + timedelta(hours=2))
        assert oauth.token(client(stage), later) == "a2"
    assert [one.form["refresh_token"] for one in stage.to(TOKEN)] == ["r0", "r1"]


def test_a_token_that_turns_out_dead_is_renewed_once() -> None:
    used: list[str] = []

    def act(token: str) -> str:
        used.append(token)
        if token == "a0":
            raise Unauthorised("dead", status=401)
        return "done"

    with platform({TOKEN: {"json": {"access_token": "a1"}}}) as stage, closing(door()) as http:
        assert oauth.with_token(client(stage, access_token="a0"), sending(http), act) == "done"
    assert used == ["a0", "a1"]


def test_a_refused_refresh_asks_a_person_to_connect_again() -> None:
    with platform({TOKEN: {"status": 400, "json": {"error": "invalid_grant"}}}) as stage, closing(door()) as http:
        assert isinstance(outcome(lambda: oauth.token(client(stage), sending(http))), Unauthorised)
        nothing = client(stage, refresh_token=None)
        assert isinstance(outcome(lambda: oauth.token(nothing, sending(http))), Unauthorised)


def test_a_code_is_exchanged_with_its_verifier() -> None:
    with platform({TOKEN: {"json": {"access_token": "a", "refresh_token": "r"}}}) as stage, closing(door()) as http:
        flow = oauth.Flow("https://x.example/authorize", f"{stage.url}/token", ("read", "write"), basic=True)
        asked = parse_qs(urlsplit(flow.address("id", "http://127.0.0.1:1/cb", "state", "v" * 43)).query)
        told = flow.exchange(
            http, "code", client_id="id", client_secret="s", redirect="http://127.0.0.1:1/cb", verifier="v"
        )
    assert asked["code_challenge"] == [oauth.challenge("v" * 43)]
    assert asked["scope"] == ["read write"]
    assert told["access_token"] == "a"
    assert stage.asked[0].form["code_verifier"] == "v"
    assert stage.asked[0].headers["authorization"].startswith("Basic ")


def test_the_end_of_credentials_is_known_ahead() -> None:
    vault = Vault()
    told = {"access_token": "a", "refresh_token_expires_in": 86400 * 30}
    with platform({TOKEN: {"json": told}}) as stage, closing(door()) as http:
        to = sending(http, vault=vault)
        assert oauth.expiry(vault) is None
        oauth.token(client(stage), to)
        assert oauth.expiry(vault) == NOW + timedelta(days=30)


def test_credentials_that_nothing_refreshes_end_with_their_token() -> None:
    vault = Vault()
    oauth.keep({"access_token": "a", "expires_in": 5_184_000}, "", sending(None, vault=vault))
    assert oauth.expiry(vault) == NOW + timedelta(days=60)
    oauth.keep({"access_token": "a", "expires_in": "soon", "refresh_token": "r"}, "", sending(None, vault=vault))
    assert oauth.expiry(vault) is None


def test_many_workers_refresh_a_token_one_time() -> None:
    vault, used = Vault(), []
    told = [{"json": {"access_token": f"a{n}", "refresh_token": f"r{n}", "expires_in": 7200}} for n in (1, 2)]

    def act(token: str) -> None:
        used.append(token)
        if token == "old":
            raise Unauthorised("dead", status=401)

    with platform({TOKEN: told}) as stage, closing(door()) as http:
        oauth.keep({"access_token": "old"}, "r0", sending(http, vault=vault))
        begin = threading.Barrier(8)

        def work() -> None:
            begin.wait()
            oauth.with_token(client(stage, refresh_token=None), sending(http, vault=vault), act)

        workers = [threading.Thread(target=work) for _ in range(8)]
        for one in workers:
            one.start()
        for one in workers:
            one.join()
        assert len(stage.to(TOKEN)) == 1
    assert used.count("a1") == 8


class Dying(Vault):
    """A process that is killed between the answer and the store."""

    def put(self, name: str, value: Any, *, until: Any = None) -> None:
        raise SystemExit


def test_a_process_killed_before_the_new_token_was_kept_ends_in_one_clear_pause() -> None:
    vault = Vault()

    def single_use(asked: Any) -> dict[str, Any]:
        again = asked.form["refresh_token"] in spent
        spent.append(asked.form["refresh_token"])
        return {"status": 400, "json": {"error": "invalid_grant"}} if again else {"json": {"access_token": "a1"}}

    spent: list[str] = []
    with platform({TOKEN: single_use}) as stage, closing(door()) as http:
        oauth.keep({"access_token": "old", "refresh_token": "r0", "expires_in": 1}, "", sending(http, vault=vault))
        with pytest.raises(SystemExit):
            oauth.token(client(stage), sending(http, vault=Dying(vault.kept)))
        after = outcome(lambda: oauth.token(client(stage, refresh_token=None), sending(http, vault=vault)))
        assert len(stage.to(TOKEN)) == 2
    assert isinstance(after, Unauthorised)
    assert "invalid_grant" in after.reason
    assert "standfirst channels connect the-channel" in after.reason


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 400, "json": {"error": "token_is_strange"}},
        {"status": 404, "text": "gone"},
        {"json": {"error": "bad_verification_code"}},
        {"text": "<html>", "type": "text/html"},
    ],
    ids=["other words", "no such address", "a no that says 200", "a page"],
)
def test_a_refused_refresh_is_never_a_refused_post(answer: dict[str, Any]) -> None:
    with platform({TOKEN: answer}) as stage, closing(door()) as http:
        assert isinstance(outcome(lambda: oauth.token(client(stage), sending(http))), Unauthorised)


def test_new_credentials_in_the_configuration_replace_the_kept_ones() -> None:
    vault = Vault()
    told = [{"json": {"access_token": f"a{n}", "refresh_token": f"r{n}"}} for n in (1, 2)]
    with platform({TOKEN: told}) as stage, closing(door()) as http:
        assert oauth.token(client(stage), sending(http, vault=vault)) == "a1"
        assert oauth.token(client(stage), sending(http, vault=vault)) == "a1"
        assert oauth.token(client(stage, refresh_token="new"), sending(http, vault=vault)) == "a2"
        assert oauth.token(client(stage, refresh_token=None), sending(http, vault=vault)) == "a2"
    assert [one.form["refresh_token"] for one in stage.to(TOKEN)] == ["r0", "new"]


def test_a_client_that_was_typed_is_used_for_refreshing_too() -> None:
    vault = Vault()
    with platform({TOKEN: {"json": {"access_token": "a1"}}}) as stage, closing(door()) as http:
        to = sending(http, vault=vault)
        oauth.keep({"access_token": "old", "expires_in": 1}, "r0", to, "", ("typed", "in"))
        nameless = oauth.Client(f"{stage.url}/token", "")
        assert oauth.token(nameless, to) == "a1"
        assert oauth.token(nameless, to) == "a1"
        assert vault.get(oauth.NAME)["client"] == ("typed", "in")
    assert [(one.form["client_id"], one.form["client_secret"]) for one in stage.to(TOKEN)] == [("typed", "in")]


# --- webhooks, X, Threads --------------------------------------------------------------------------------------------


def test_a_webhook_s_signature_is_verified_by_the_standard_s_own_library() -> None:
    from datetime import UTC, datetime

    now = datetime.now(UTC)
    with platform({"POST /hooks/standfirst": {"status": 200}}) as stage, closing(door()) as http:
        secret = CASES["webhook"]["settings"]["secret"]
        channel = channels.build(config("webhook", {"url": f"{stage.url}/hooks/standfirst", "secret": secret}))
        channel.send(post_of("webhook"), sending(http, now=now))
        asked = stage.asked[0]
        assert Webhook(secret).verify(asked.body, asked.headers)["type"] == "article.published"


def test_the_standard_s_test_vector() -> None:
    made = webhook.signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
    )
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_two_secrets_sign_twice_and_none_signs_not() -> None:
    assert webhook.signature("whsec_YQ== whsec_Yg==", "id", 1, b"").count("v1,") == 2
    with platform({"POST /": {"status": 200}}) as stage, closing(door()) as http:
        channels.build(config("webhook", {"url": f"{stage.url}/"})).send(post_of("webhook"), sending(http))
    assert "webhook-signature" not in stage.asked[0].headers


def test_a_budget_is_a_hard_stop_until_the_next_month() -> None:
    vault = Vault()
    with platform({"POST /2/tweets": {"json": {"data": {"id": "1"}}}}) as stage, closing(door()) as http:
        channel = channels.build(config("x", {"token": "t", "api_url": stage.url, "budget": 0.03}))
        results = [outcome(lambda: channel.send(post_of("x"), sending(http, vault=vault))) for _ in range(3)]
    assert [type(one).__name__ for one in results] == ["Receipt", "Receipt", "Unavailable"]
    assert results[2].retry_after == timedelta(days=30, hours=12)
    assert len(stage.asked) == 2


def test_a_threads_container_that_was_published_is_not_published_again() -> None:
    vault = Vault()
    case = CASES["threads"]
    routes = {**case["routes"], "GET /v1.0/c1": [{"json": {"status": "FINISHED"}}, {"json": {"status": "FINISHED"}}]}
    with platform({**routes, "POST /v1.0/55/threads_publish": {"reset": True}}) as stage, closing(door()) as http:
        channel = channels.build(config("threads", {"user": "55", "token": "t", "api_url": stage.url}))
        first = outcome(lambda: channel.send(post_of("threads"), sending(http, vault=vault)))
        stage.routes["GET /v1.0/c1"] = {"json": {"status": "PUBLISHED"}}
        second = outcome(lambda: channel.send(post_of("threads"), sending(http, vault=vault, attempt=2)))
    assert type(first).__name__ == "Uncertain"
    assert second == Receipt("t0", "https://www.threads.net/@town/post/t0")
    assert len(stage.to("POST /v1.0/55/threads")) == 1
    assert len(stage.to("POST /v1.0/55/threads_publish")) == 1


def test_discord_s_bot_says_a_nonce_and_a_webhook_none() -> None:
    with (
        platform({"POST /channels/7/messages": {"json": {"id": "1", "channel_id": "7"}}}) as stage,
        closing(door()) as http,
    ):
        bot = channels.build(config("discord", {"bot_token": "b", "channel_id": "7", "api_url": stage.url}))
        bot.send(post_of("discord"), sending(http))
    assert stage.asked[0].json["enforce_nonce"] is True
    assert len(stage.asked[0].json["nonce"]) == 25
    assert bot.CAN.replays is not None
    assert channels.channel_class("discord").CAN.replays is None
    hook = channels.build(config("discord", {"webhook": "https://discord.example/x"}))
    assert hook.CAN.replays is None


def test_slack_s_webhook_names_nothing_and_says_so() -> None:
    with platform({"POST /services/T/B/X": {"text": "ok"}}) as stage, closing(door()) as http:
        hook = channels.build(config("slack", {"webhook": f"{stage.url}/services/T/B/X"}))
        assert hook.send(post_of("slack"), sending(http)) == Receipt(KEY)
    assert not hook.CAN.resolves
    assert channels.build(config("slack", {"token": "t", "channel": "C"})).CAN.lookup
