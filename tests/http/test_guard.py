"""Promise 7: no spelling, name, redirect or second answer of a resolver leads inside."""

import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.http import FetchError, Http, guard
from pipeline.http.address import BadAddress, parse
from tests.http.speaker import answer, answering

INSIDE = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://127.0.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.1/",
    "http://0x7f.0x0.0x0.0x1/",
    "http://0177.0.0.1/",
    "http://0177.1/",
    "http://017700000001/",
    "http://0/",
    "http://0.0.0.0/",
    "http://00000000/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[0:0:0:0:0:ffff:127.0.0.1]/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[64:ff9b:1::1]/",
    "http://[2002:7f00:1::]/",
    "http://[fe80::1%25lo]/",
    "http://[fe80::1]/",
    "http://[fec0::1]/",
    "http://[fd00:ec2::254]/",
    "http://[ff02::1]/",
    "http://[3fff::1]/",
    "http://[5f00::1]/",
    "http://[2001:db8::1]/",
    "http://[2001::1]/",
    "http://[100::1]/",
    "http://169.254.169.254/latest/meta-data/",
    "http://metadata.google.internal/",
    "http://100.64.0.1/",
    "http://100.100.100.200/",
    "http://168.63.129.16/",
    "http://10.1.2.3/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://192.0.0.8/",
    "http://192.88.99.1/",
    "http://198.18.0.1/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://240.0.0.1/",
    "http://localhost/",
    "http://LOCALHOST/",
    "http://localhost.:80/",
    "http://a.localhost/",
    "http://example.com@127.0.0.1/",
    "http://user:pw@example.com/",
    "http://127.0.0.1\\@example.com/",
    "http://127.0.0.1#@example.com/",
    "http://%31%32%37.0.0.1/",
    "http://①②⑦.⓪.⓪.①/",
    "http://127。0。0。1/",
    "http://127．0．0．1/",
    "http:127.0.0.1/",
    "http:///127.0.0.1/",
    "http://ⓛocalhost/",
    "http://1.1.1.1:22/",
    "http://1.1.1.1:25/",
    "http://1.1.1.1:6379/",
    "http://1.1.1.1:11211/",
    "http://1.1.1.1:0/",
    "file:///etc/passwd",
    "ftp://example.com/",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "dict://127.0.0.1/",
    "jar:http://x!/",
    "data:text/html,x",
    "//example.com/",
    "example.com",
    "javascript:alert(1)",
    "http://",
    "http://.",
    "http://x.onion/",
    "http://printer.local/",
    "http://intranet/",
]
ODD = [
    "http://1.1.1.1 &@127.0.0.1# @3.3.3.3/",
    "http://127.0.0.1\t.example.com/",
    "http://exa\nmple.com/",
    "http://a\x00b/",
    "",
]


@pytest.mark.parametrize("url", [*INSIDE, *ODD])
def test_no_spelling_of_an_inner_address_is_asked(url):
    with pytest.raises(FetchError) as caught:
        Http(user_agent="t").get(url, deadline=2)
    assert caught.value.kind == "blocked_address"


@pytest.mark.parametrize("name", ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "localhost"])
def test_nothing_arrives_at_a_blocked_host(speak, name):
    with pytest.raises(FetchError, match="allow_networks"):
        Http(user_agent="t").get(f"http://{name}:{(server := speak(answering(answer()))).port}/")
    assert server.connections == 0


def test_a_network_the_operator_opens_is_open_and_no_other(http, speak):
    server = speak(answering(answer(body=b"inside")))
    assert http.get(f"http://127.0.0.1:{server.port}/").body == b"inside"
    assert http.get(f"http://localhost:{server.port}/").body == b"inside"
    with pytest.raises(FetchError):
        http.get("http://10.0.0.1/")
    assert Http(user_agent="t").allowing(http._networks).get(server.url).body == b"inside"


def resolver(monkeypatch, *rounds):
    """A resolver that gives each round's addresses in turn, the last for ever."""
    calls = []

    def getaddrinfo(host, port, *args, **options):
        calls.append(host)
        found = rounds[min(len(calls), len(rounds)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return calls


def test_one_bad_address_of_a_host_refuses_them_all(monkeypatch):
    resolver(monkeypatch, ["93.184.216.34", "127.0.0.1"])
    with pytest.raises(guard.Blocked):
        guard.resolve("example.com", 80, (), 1)


def test_a_name_that_changes_its_address_is_connected_to_where_it_was_checked(monkeypatch, http, speak):
    server = speak(answering(answer(body=b"checked")))
    calls = resolver(monkeypatch, ["127.0.0.1"], ["169.254.169.254"])
    assert http.get(f"http://rebind.example:{server.port}/").body == b"checked"
    assert calls == ["rebind.example"]


def test_an_inner_name_is_refused_even_where_it_resolves_to_a_public_address(monkeypatch):
    resolver(monkeypatch, ["93.184.216.34"])
    with pytest.raises(guard.Blocked):
        guard.resolve("db.internal", 80, (ipaddress.ip_network("10.0.0.0/8"),), 1)


def test_a_host_without_an_address_is_unresolved(monkeypatch):
    def nothing(*_args, **_options):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nothing)
    with pytest.raises(FetchError) as caught:
        Http(user_agent="t").get("http://nowhere.example/")
    assert caught.value.kind == "unresolved"


def test_a_resolver_that_never_answers_costs_no_more_than_the_deadline(monkeypatch):
    import threading

    never = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_o: never.wait(20))
    with pytest.raises(FetchError) as caught:
        Http(user_agent="t").get("http://slow.example/", deadline=0.2)
    never.set()
    assert caught.value.kind in ("unresolved", "timeout")


@pytest.mark.parametrize(
    "location", ["http://169.254.169.254/", "file:///etc/passwd", "gopher://x/", "//10.0.0.1/", "http://[fd00::1]/"]
)
def test_a_redirect_leads_nowhere_that_is_not_reached_directly(http, speak, location):
    server = speak(answering(answer("302 Found", b"", f"Location: {location}")))
    with pytest.raises(FetchError) as caught:
        http.get(server.url)
    assert caught.value.kind == "blocked_address"


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450:4001:830::200e"])
def test_ordinary_addresses_are_public(address):
    assert guard.public(ipaddress.ip_address(address))


@given(st.ip_addresses(v=4))
def test_what_wraps_an_inner_address_is_no_way_in(address):
    mapped = ipaddress.IPv6Address(f"::ffff:{address}")
    if not guard.public(address):
        assert not guard.public(mapped)
    for wrapped in (f"64:ff9b::{address}", f"::{address}"):
        assert not guard.public(ipaddress.IPv6Address(wrapped))
    assert not guard.public(ipaddress.IPv6Address(b"\x20\x02" + address.packed + bytes(10)))


@given(st.text(max_size=60))
def test_a_url_is_one_address_or_refused(text):
    try:
        found = parse(f"http://{text}")
    except BadAddress:
        return
    again = parse(found.url)
    assert again == found
    assert not set(found.host) & set("\\@%/?# \t\r\n")
    assert found.target.isascii()


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("http://e.org/a%2Fb?c=%zz&d=ü", "/a%2Fb?c=%zz&d=%C3%BC"),
        ("http://e.org/a b#part", "/a%20b"),
        ("http://e.org?x=1", "/?x=1"),
        ("http://e.org/feed/?b=2&a=1", "/feed/?b=2&a=1"),
    ],
)
def test_a_feed_is_asked_for_as_its_address_is_written(url, target):
    assert parse(url).target == target
