"""Who asks is found behind trusted proxies alone, and one client's wrong credentials are no other's."""

import ipaddress
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import requests
from starlette.datastructures import Headers

from pipeline.config import Config
from pipeline.config.secret import Secret
from pipeline.world import World
from tests.workers.http_client import TOKEN, HttpClient
from workers.console.clients import Proxies, counted_as
from workers.console.throttle import WRONG, Throttle, TooOften

PROXY = ipaddress.ip_network("10.0.0.0/8")
V6 = ipaddress.ip_network("fd00::/8")
STRONG = "a-generated-token-of-24-c"


def asked(peer: str, **headers: str) -> str:
    return Proxies([PROXY, V6]).client(
        peer, Headers({name.replace("_", "-"): value for name, value in headers.items()})
    )


CLIENTS = [
    ("198.51.100.7", {}, "198.51.100.7"),
    ("198.51.100.7", {"x_forwarded_for": "203.0.113.9"}, "198.51.100.7"),  # not a proxy of ours
    ("10.0.0.1", {}, "10.0.0.1"),
    ("10.0.0.1", {"x_forwarded_for": "203.0.113.9"}, "203.0.113.9"),
    ("10.0.0.1", {"x_forwarded_for": "1.1.1.1, 203.0.113.9"}, "203.0.113.9"),  # the first is the client's own word
    ("10.0.0.1", {"x_forwarded_for": "1.1.1.1, 203.0.113.9, 10.2.3.4"}, "203.0.113.9"),
    ("10.0.0.1", {"x_forwarded_for": "10.2.3.4"}, "10.2.3.4"),
    ("10.0.0.1", {"x_forwarded_for": "203.0.113.9:4711"}, "203.0.113.9"),
    ("10.0.0.1", {"x_forwarded_for": "nonsense"}, "10.0.0.1"),
    ("10.0.0.1", {"x_forwarded_for": "1.1.1.1, unknown"}, "10.0.0.1"),
    ("10.0.0.1", {"x_forwarded_for": ", ,"}, "10.0.0.1"),
    ("::ffff:10.0.0.1", {"x_forwarded_for": "203.0.113.9"}, "203.0.113.9"),
    ("fd00::1", {"x_forwarded_for": "2001:db8::7"}, "2001:db8::7"),
    ("10.0.0.1", {"forwarded": "for=203.0.113.9;proto=https"}, "203.0.113.9"),
    ("10.0.0.1", {"forwarded": 'by=x; For="[2001:db8::7]:4711"'}, "2001:db8::7"),
    ("10.0.0.1", {"forwarded": "for=1.1.1.1, for=203.0.113.9"}, "203.0.113.9"),
    ("10.0.0.1", {"forwarded": "for=_hidden"}, "10.0.0.1"),
    ("10.0.0.1", {"forwarded": "for=203.0.113.9", "x_forwarded_for": "203.0.113.9"}, "203.0.113.9"),
    ("10.0.0.1", {"forwarded": "for=1.1.1.1", "x_forwarded_for": "203.0.113.9"}, "10.0.0.1"),  # one is forged
    ("10.0.0.1", {"x_forwarded_for": "1.1.1.1," * 5000 + "203.0.113.9"}, "203.0.113.9"),
]


@pytest.mark.parametrize(("peer", "headers", "client"), CLIENTS)
def test_the_client_is_the_nearest_address_that_is_no_trusted_proxy(
    peer: str, headers: dict[str, str], client: str
) -> None:
    assert asked(peer, **headers) == client


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("fe80::1%eth0", "fe80::2", True),
    ],
)
def test_a_client_is_an_ipv4_address_or_an_ipv6_network(one: str, other: str, same: bool) -> None:
    assert (counted_as(one) == counted_as(other)) is same


def tried(throttle: Throttle, door: str, client: str, given: str, right: str = "short") -> bool | None:
    """What became of it: right, wrong, or None for not listened to."""
    try:
        return throttle.examine(door, client, right, given)
    except TooOften:
        return None


def test_doors_and_clients_are_counted_apart() -> None:
    throttle = Throttle()
    assert [tried(throttle, "login", "192.0.2.1", "no") for _ in range(12)] == [False] * 10 + [None] * 2
    assert tried(throttle, "login", "192.0.2.1", "short") is None
    assert tried(throttle, "api", "192.0.2.1", "short") is True
    assert tried(throttle, "login", "192.0.2.2", "short") is True
    assert tried(throttle, "login", "2001:db8::1", "short") is True


def test_the_right_credentials_cost_nothing() -> None:
    throttle = Throttle()
    assert {tried(throttle, "login", "192.0.2.1", "short") for _ in range(50)} == {True}


def test_a_blocked_call_does_not_prolong_the_block() -> None:
    throttle = Throttle()
    for _ in range(10):
        tried(throttle, "login", "192.0.2.1", "no")
    before = throttle._limiter.get_window_stats(WRONG, "login", "192.0.2.1")
    for _ in range(100):
        assert tried(throttle, "login", "192.0.2.1", "no") is None
    after = throttle._limiter.get_window_stats(WRONG, "login", "192.0.2.1")
    assert after.reset_time == pytest.approx(before.reset_time, abs=0.01)


def test_credentials_too_long_to_be_guessed_are_never_refused_for_what_others_tried() -> None:
    throttle = Throttle()
    for _ in range(20):
        tried(throttle, "login", "192.0.2.1", "no", STRONG)
    assert tried(throttle, "login", "192.0.2.1", "no", STRONG) is None
    assert tried(throttle, "login", "192.0.2.1", STRONG, STRONG) is True


# --- at a console that really listens --------------------------------------------------------------------------------


@pytest.fixture
def proxied(config: Config, world: World) -> Iterator[HttpClient]:
    """A console behind a proxy on this machine that it trusts."""
    trusting = replace(config.settings, trusted_proxies=(ipaddress.ip_network("127.0.0.0/8"),))
    made = HttpClient(replace(config, settings=trusting), world)
    yield made
    made.close()


def login(client: HttpClient, **headers: str) -> Callable[[str], int]:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda token: client.post("/login", data={"token": token}, headers=sent).status_code


@pytest.mark.parametrize("header", ["x_forwarded_for", "forwarded"])
def test_behind_a_proxy_one_client_s_wrong_tokens_lock_nobody_else_out(proxied: HttpClient, header: str) -> None:
    form = "{}" if header == "x_forwarded_for" else "for={}"
    guesser, editor = (login(proxied, **{header: form.format(at)}) for at in ("203.0.113.9", "203.0.113.10"))
    assert [guesser("wrong") for _ in range(11)] == [403] * 10 + [429]
    assert guesser(TOKEN) == 429
    assert editor(TOKEN) == 303


def test_a_forged_hop_does_not_make_a_new_client(proxied: HttpClient) -> None:
    codes = [login(proxied, x_forwarded_for=f"192.0.2.{n}, 203.0.113.9")("wrong") for n in range(12)]
    assert codes == [403] * 10 + [429] * 2


def test_a_client_that_is_no_proxy_cannot_name_another(stranger: HttpClient) -> None:
    codes = [login(stranger, x_forwarded_for=f"192.0.2.{n}")("wrong") for n in range(12)]
    assert codes == [403] * 10 + [429] * 2


def api(client: HttpClient, token: str) -> requests.Response:
    return client.get("/api/queues", headers={"authorization": f"Bearer {token}", "accept": "application/json"})


def hook(client: HttpClient, feed: str, secret: str) -> requests.Response:
    return client.post(f"/hooks/feeds/{feed}", headers={"authorization": f"Bearer {secret}"})


def test_wrong_credentials_at_one_door_close_no_other(stranger: HttpClient) -> None:
    for _ in range(12):
        hook(stranger, "none", "hook-s3cret")
    assert hook(stranger, "none", "x").status_code == 429
    assert hook(stranger, "herald", "hook-s3cret").status_code == 202
    assert api(stranger, TOKEN).status_code == 200
    for _ in range(12):
        hook(stranger, "herald", "x")
    assert api(stranger, TOKEN).status_code == 200
    for _ in range(12):
        api(stranger, "wrong")
    answer = api(stranger, "wrong")
    assert (answer.status_code, answer.json().keys()) == (429, {"error"})
    assert 0 < int(answer.headers["retry-after"]) <= 60
    assert login(stranger)(TOKEN) == 303


def test_a_session_goes_on_whatever_is_guessed_from_its_address(editor: HttpClient) -> None:
    for _ in range(12):
        login(editor)("wrong")
        api(editor, "wrong")
    assert editor.get("/").status_code == 200


def test_a_generated_token_is_taken_whatever_others_tried_from_the_same_address(config: Config, world: World) -> None:
    chosen = replace(config.settings, console_token=Secret(STRONG))
    client = HttpClient(replace(config, settings=chosen), world)
    try:
        for _ in range(15):
            login(client)("wrong")
            api(client, "wrong")
        assert login(client)(STRONG) == 303
        assert api(client, STRONG).status_code == 200
    finally:
        client.close()
