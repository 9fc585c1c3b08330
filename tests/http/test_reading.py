"""Reading through the door: whatever a server does costs bounded time and bytes, and ends in a named failure."""

import datetime as dt
import gzip
import itertools
import socket
import ssl
import time
import zlib

import brotli
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pipeline.http import FetchError, Http
from tests.http.speaker import answer, answering

MIB = 1024 * 1024


def kind_of(http, url, **options):
    with pytest.raises(FetchError) as caught:
        http.get(url, **{"deadline": 5, **options})
    return caught.value.kind


def test_an_answer_holds_what_was_said(http, speak):
    server = speak(answering(answer("200 Fine", b"hello", 'ETag: W/"x"', "Link: <a>; rel=hub", "Link: <b>; rel=self")))
    found = http.get(f"{server.url}/feed?x=1")
    assert (found.status, found.body, found.url) == (200, b"hello", f"{server.url}/feed?x=1")
    assert found.headers["etag"] == 'W/"x"'
    assert found.headers["link"] == "<a>; rel=hub, <b>; rel=self"


def test_a_request_names_us_and_carries_nothing_else(http, speak, monkeypatch, tmp_path):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login ann password pw\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    server = speak(answering(answer("200 OK", b"", "Set-Cookie: a=b")))
    for _ in range(2):
        http.get(server.url)
    names = {line.split(b":")[0].lower() for line in server.asked[1].head.split(b"\r\n")[1:]}
    assert names == {b"host", b"user-agent", b"accept", b"accept-encoding"}
    assert server.asked[1].header("user-agent") == "Standfirst/test (+https://example.org/bot)"


def test_many_requests_to_a_host_share_a_connection(http, speak):
    server = speak(answering(answer("304 Not Modified")))
    for _ in range(20):
        http.get(server.url)
    assert server.connections == 1


def test_a_kept_connection_that_the_server_closed_is_not_noticed(http, speak):
    server = speak(answering(answer(body=b"x"), keep=False))
    for _ in range(3):
        assert http.get(server.url).body == b"x"
    assert server.connections == 3


def forever(first, piece, pause):
    """Says the first bytes, then a piece after each pause until the server is closed."""

    def script(speaker, sock, asked):
        sock.sendall(first)
        while not speaker.closing.wait(pause):
            sock.sendall(piece)

    return script


HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "script",
    [
        forever(HEAD + b"Content-Length: 1000000\r\n\r\n", b"x", 0.05),
        forever(HEAD + b"\r\n", b"x", 0.05),
        forever(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n", 0.05),
        forever(b"HTTP/1.1", b" ", 0.05),
        forever(HEAD, b"X", 0.05),
        forever(HEAD + b"Content-Length: 5\r\n\r\n", b"", 0.05),
    ],
    ids=["body", "close-delimited", "chunked", "status line", "header", "silence"],
)
def test_a_server_that_drips_is_left_at_the_deadline(http, speak, script):
    server = speak(script)
    begun = time.monotonic()
    assert kind_of(http, server.url, deadline=0.4) == "timeout"
    assert time.monotonic() - begun < 4


def test_a_handshake_that_never_comes_is_left_at_the_deadline(http, speak):
    server = speak(forever(b"", b"", 0.05))
    assert kind_of(http, f"https://127.0.0.1:{server.port}", deadline=0.4) in ("timeout", "tls")


def saying(data, then=b""):
    def script(speaker, sock, asked):
        sock.sendall(data)
        for piece in then:
            if speaker.closing.is_set():
                return
            sock.sendall(piece)

    return script


GZIP_BOMB = gzip.compress(bytes(64 * MIB), 9)
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("script", "kinds"),
    [
        (saying(HEAD + b"X: " + b"y" * 70_000 + b"\r\n\r\n"), {"protocol"}),
        (saying(HEAD + b"".join(b"X-%d: y\r\n" % n for n in range(150)) + b"\r\n"), {"protocol"}),
        (saying(b"HTTP/1.1 100 Continue\r\n\r\n" * 20_000), {"protocol", "reset"}),
        (saying(HEAD + b"Set-Cookie: " + b"c" * MIB + b"\r\n\r\n"), {"protocol", "reset"}),
        (saying(b"\x16\x03\x01 hello\r\n\r\n"), {"protocol", "reset"}),
        (saying(b"<html>HTTP/0.9</html>"), {"protocol", "reset"}),
        (saying(b""), {"reset"}),
        (
            saying(answer("200 OK", GZIP_BOMB, "Content-Encoding: gzip")),
            {"too_large"},
        ),
        (saying(answer("200 OK", gzip.compress(GZIP_BOMB), "Content-Encoding: gzip, gzip")), {"too_large"}),
        (saying(answer("200 OK", brotli.compress(bytes(64 * MIB)), "Content-Encoding: br")), {"too_large"}),
        (saying(answer("200 OK", b"x", "Content-Encoding: " + ", ".join(["gzip"] * 2000))), {"undecodable"}),
        (saying(answer("200 OK", b"x", "Content-Encoding: made-up")), {"undecodable"}),
        (saying(answer("200 OK", gzip.compress(b"x" * 9999)[:-9], "Content-Encoding: gzip")), {"undecodable"}),
        (saying(HEAD + b"Content-Length: 100\r\n\r\nshort"), {"reset"}),
        (saying(HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n12345"), {"protocol"}),
        (saying(CHUNKED + b"FFFFFFFFFFFFFFFF\r\nabc"), {"reset", "protocol", "too_large"}),
        (saying(CHUNKED + b"5\r\nab"), {"reset"}),
        (saying(CHUNKED + b"zz\r\nab"), {"reset", "protocol"}),
        (saying(CHUNKED, itertools.repeat(b"10000\r\n" + b"x" * 65536 + b"\r\n")), {"too_large"}),
        (saying(HEAD + b"\r\n", itertools.repeat(b"x" * 65536)), {"too_large"}),
    ],
    ids=[
        *("long header", "many headers", "interim answers", "huge cookie", "TLS bytes", "no status line", "nothing"),
        *("gzip bomb", "double gzip", "brotli bomb", "gzip 2000 times", "unknown coding", "cut gzip", "short body"),
        *("two lengths", "huge chunk", "cut chunk", "bad chunk", "endless chunks", "endless body"),
    ],
)
def test_a_bad_answer_is_a_named_failure_in_bounded_time(http, speak, script, kinds):
    begun = time.monotonic()
    assert kind_of(http, speak(script).url, limit=4 * MIB) in kinds
    assert time.monotonic() - begun < 4


def test_a_large_body_that_is_not_compressed_may_fill_the_limit(http, speak):
    server = speak(answering(answer(body=b"x" * 3 * MIB)))
    assert len(http.get(server.url, limit=4 * MIB).body) == 3 * MIB


def test_a_negative_length_and_a_strange_status_are_survived(http, speak):
    server = speak(saying(b"HTTP/1.1 999 \r\nContent-Length: -5\r\n\r\nbody"))
    assert http.get(server.url, deadline=2).status == 999


@pytest.mark.parametrize("coding", ["gzip", "deflate", "raw deflate", "br", "zstd"])
def test_every_coding_we_accept_is_read(http, speak, coding):
    from backports import zstd

    text = b"<rss>" + b"news " * 50_000
    raw = zlib.compressobj(wbits=-15)
    packed = {
        "gzip": gzip.compress(text),
        "deflate": zlib.compress(text),
        "raw deflate": raw.compress(text) + raw.flush(),
        "br": brotli.compress(text),
        "zstd": zstd.compress(text),
    }
    server = speak(answering(answer("200 OK", packed[coding], f"Content-Encoding: {coding.split()[-1]}")))
    assert http.get(server.url).body == text


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "gzip, gzip"])
def test_a_coding_that_was_claimed_but_not_applied_is_told_and_the_text_read(http, speak, coding):
    server = speak(answering(answer("200 OK", b"<rss>" + b"news " * 50_000, f"Content-Encoding: {coding}")))
    found = http.get(server.url)
    assert found.body == b"<rss>" + b"news " * 50_000
    assert found.flaw == "its Content-Encoding names a compression that was not applied"


@pytest.mark.parametrize("coding", ["utf-8", "UTF8", "iso-8859-1", "none", "utf-8, gzip"])
def test_a_name_that_is_no_coding_is_told_and_passed_over(http, speak, coding):
    body = gzip.compress(b"<rss/>") if "gzip" in coding else b"<rss/>"
    found = http.get(speak(answering(answer("200 OK", body, f"Content-Encoding: {coding}"))).url)
    assert (found.body, found.flaw) == (b"<rss/>", "its Content-Encoding names no content coding")


def test_a_coding_that_breaks_off_is_asked_for_again_without(http, speak):
    def script(speaker, sock, asked):
        plain = asked.header("accept-encoding") == "identity"
        body = b"<rss/>" if plain else gzip.compress(b"news " * 50_000)[:-9]
        sock.sendall(answer("200 OK", body, *([] if plain else ["Content-Encoding: gzip"])))

    server = speak(script)
    assert http.get(server.url).body == b"<rss/>"
    assert len(server.asked) == 2


def test_redirects_are_followed_and_told(http, speak):
    def script(speaker, sock, asked):
        place = int(asked.line.split()[1].strip("/") or 0)
        to = f"Location: /{place + 1}#top"
        sock.sendall(answer("301 Moved", b"", to) if place < 3 else answer(body=b"there"))
        return True

    server = speak(script)
    found = http.get(f"{server.url}/0")
    assert [hop.status for hop in found.hops] == [301, 301, 301]
    assert found.url == f"{server.url}/3"
    assert found.hops[0].url == f"{server.url}/0"


def test_the_sixth_redirect_and_a_loop_are_refused(http, speak):
    server = speak(answering(answer("302 Found", b"", "Location: /")))
    assert kind_of(http, server.url) == "redirect"
    assert len(server.asked) == 6


def test_a_redirect_with_a_bombed_body_is_followed_without_reading_it(http, speak):
    def script(speaker, sock, asked):
        if asked.line.split()[1] == "/":
            sock.sendall(answer("302 Found", GZIP_BOMB, "Content-Encoding: gzip", "Location: /there"))
        else:
            sock.sendall(answer(body=b"there"))

    assert http.get(speak(script).url).body == b"there"


@pytest.mark.parametrize("location", ["http://e\rvil/", "/a\x00b", "http://x/" + "a" * 100_000, "http://[bad/"])
def test_a_redirect_to_nonsense_is_refused(http, speak, location):
    server = speak(saying(b"HTTP/1.1 302 Found\r\nLocation: " + location.encode() + b"\r\nContent-Length: 0\r\n\r\n"))
    assert kind_of(http, server.url) in ("blocked_address", "protocol", "unresolved")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_redirect_to_another_host_or_port_carries_no_header_that_could_be_a_secret(http, speak, host):
    there = speak(answering(answer(body=b"there")))
    here = speak(answering(answer("307 Elsewhere", b"", f"Location: http://{host}:{there.port}/")))
    http.get(here.url, headers={"X-Api-Key": "k", "Authorization": "Bearer s3cret-token", "If-None-Match": '"x"'})
    assert here.asked[0].header("x-api-key") == "k"
    assert not any(there.asked[0].header(name) for name in ("x-api-key", "authorization", "if-none-match"))


@pytest.mark.parametrize("value", ["a\r\nX: y", "a\x00b", "ü", "a\nb"])
def test_a_header_that_could_split_a_request_is_not_sent(http, speak, value):
    server = speak(answering(answer()))
    assert kind_of(http, server.url, headers={"If-None-Match": value}) == "protocol"
    assert server.asked == []


def test_a_closed_port_is_refused(http):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert kind_of(http, f"http://127.0.0.1:{port}/") == "refused"


def test_a_failure_says_nothing_of_the_address_it_was_for(http):
    with pytest.raises(FetchError) as caught:
        http.get("http://127.0.0.1:1/bot123456:AAAA-secret/send?access_token=s3cret-token")
    assert "secret" not in str(caught.value)
    assert "s3cret" not in str(caught.value)
    assert caught.value.__cause__ is None


# --- certificates


@pytest.fixture(scope="module")
def papers(tmp_path_factory):
    """A certificate for localhost (not for 127.0.0.1) that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("papers")
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(private)
    return folder


@pytest.fixture
def serving(papers):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(papers / "cert.pem", papers / "key.pem")
    return context


@pytest.fixture
def trusting(papers, http):
    context = ssl.create_default_context(cafile=str(papers / "cert.pem"))
    door = Http(allow_networks=http._networks, user_agent="t", tls=context)
    yield door
    door.close()


def test_a_certificate_nobody_signed_is_refused(http, speak, serving):
    server = speak(answering(answer()), context=serving)
    assert kind_of(http, f"https://localhost:{server.port}/") == "tls"
    assert server.asked == []


def test_a_certificate_for_another_host_is_refused(trusting, speak, serving):
    server = speak(answering(answer(body=b"ok")), context=serving)
    assert trusting.get(f"https://localhost:{server.port}/").body == b"ok"
    assert kind_of(trusting, f"https://127.0.0.1:{server.port}/") == "tls"


def test_a_redirect_from_https_to_http_is_refused(trusting, speak, serving):
    plain = speak(answering(answer()))
    server = speak(answering(answer("301 Moved", b"", f"Location: {plain.url}")), context=serving)
    assert kind_of(trusting, f"https://localhost:{server.port}/") == "redirect"
    assert plain.asked == []


def test_a_dripping_answer_over_tls_is_left_at_the_deadline(trusting, speak, serving):
    server = speak(forever(HEAD + b"Content-Length: 99999\r\n\r\n", b"x", 0.05), context=serving)
    assert kind_of(trusting, f"https://localhost:{server.port}/", deadline=0.5) == "timeout"
