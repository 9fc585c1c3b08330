"""One exchange over one guarded connection: kept-alive, watched by a total deadline, counted in bytes."""

import contextlib
import http.client
import os
import select
import socket
import ssl
import threading
import time
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.ssl_ import create_urllib3_context

from . import codings, guard
from .address import Address
from .answers import FetchError

CHUNK = 64 * 1024
CONNECT = 10.0  # seconds for all addresses of a host
INTERIM = 20  # answers such as 100 Continue before the real one
RATIO, RATIO_FROM = 200, 1024 * 1024
_IDLE_READ, _IDLE_SEND = 20.0, 4.0  # how old a kept connection may be; servers close after 5 s and more
_KEPT_A_HOST, _KEPT = 8, 64
_QUICKACK: int | None = getattr(socket, "TCP_QUICKACK", None)


@dataclass(slots=True)
class Call:
    """What one exchange asks for and how much it may take."""

    method: str
    address: Address
    headers: Mapping[str, str]
    body: bytes | None
    limit: int  # decoded bytes
    wire_limit: int  # bytes as sent, where they are compressed
    ends: float  # monotonic
    left: bool = False  # whether a byte of the request may have reached the server


@dataclass(slots=True)
class Raw:
    """What came back: `fault` says why the body is not whole."""

    status: int
    headers: dict[str, str]
    body: bytes = b""
    fault: FetchError | None = None


class _Head(http.client.HTTPResponse):
    """Skips a bounded number of interim answers; the standard one skips 100 only, and endlessly many."""

    def _read_status(self) -> tuple[str, int, str]:
        for _ in range(INTERIM):
            line: tuple[str, int, str] = super()._read_status()  # type: ignore[misc]
            if not 100 <= line[1] < 200:
                return line
            http.client._read_headers(self.fp)  # type: ignore[attr-defined]
        raise http.client.HTTPException("too many interim answers")


class _Guarded:
    """The part of a connection that resolves once, checks, connects to what was checked and checks again."""

    networks: Sequence[guard.Network] = ()
    ends: float = 0.0
    cut: bool = False
    since: float = 0.0
    keeps: float = _IDLE_READ
    _leash: socket.socket | None = None

    def _new_conn(self) -> socket.socket:
        host, port = self._dns_host, self.port  # type: ignore[attr-defined]
        ends = min(self.ends, time.monotonic() + CONNECT)
        found = guard.resolve(host, port, self.networks, ends - time.monotonic())
        sock = _connect(found, ends)
        try:
            guard.check(ip_address(sock.getpeername()[0].partition("%")[0]), port, self.networks)
            # A second handle of the same connection: it can be shut while TLS holds the first one.
            self._leash = sock.dup()
        except BaseException:
            sock.close()
            raise
        if self.cut:
            self.pull()
        return sock

    def pull(self) -> None:
        """End whatever this connection is doing, from any thread."""
        self.cut = True
        leash = self._leash
        if leash is not None:
            with contextlib.suppress(OSError):
                leash.shutdown(socket.SHUT_RDWR)

    def drop(self) -> None:
        """Close for good. `close` alone is also http.client's way of leaving the rest of the body to the response."""
        self.close()  # type: ignore[attr-defined]
        leash, self._leash = self._leash, None
        if leash is not None:
            leash.close()


class _Plain(_Guarded, HTTPConnection):
    response_class = _Head


class _Secure(_Guarded, HTTPSConnection):
    response_class = _Head


Line = _Plain | _Secure


def _connect(found: list[guard.SockAddr], ends: float) -> socket.socket:
    trouble: OSError = TimeoutError()
    for place, (family, sockaddr) in enumerate(found):
        remaining = ends - time.monotonic()
        if remaining <= 0:
            break
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            sock.settimeout(remaining if place == len(found) - 1 else max(remaining / 2, 0.05))
            sock.connect(sockaddr)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            sock.close()
            trouble = error
            continue
        return sock
    raise trouble


class Watch:
    """Pulls each exchange that outlives its end: time-outs of a socket bound one wait, never the sum of them."""

    TICK = 0.05

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Start anew: a forked child has neither our thread nor what it watched."""
        self._lock = threading.Lock()
        self._busy: dict[Line, float] = {}
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None

    def tie(self, line: Line, ends: float) -> None:
        """Watch this connection until `untie`."""
        with self._lock:
            self._busy[line] = ends
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="http-deadlines", daemon=True)
                self._thread.start()
        if not self._wake.is_set():
            self._wake.set()

    def untie(self, line: Line) -> None:
        """The exchange is over; after this the connection is no longer pulled."""
        with self._lock:
            self._busy.pop(line, None)

    def _run(self) -> None:
        while True:
            self._wake.wait()
            time.sleep(self.TICK)
            now = time.monotonic()
            with self._lock:
                if not self._busy:
                    self._wake.clear()
                for line in [line for line, ends in self._busy.items() if now >= ends]:
                    line.pull()
                    del self._busy[line]


_WATCH = Watch()
os.register_at_fork(after_in_child=_WATCH.reset)


class Wire:
    """Kept connections to checked addresses. Thread-safe; a forked child starts with none."""

    def __init__(self, networks: Sequence[guard.Network], context: ssl.SSLContext | None = None) -> None:
        self._networks = tuple(networks)
        self._context = context
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, str, int], list[Line]] = {}
        self._count = 0
        self._pid = os.getpid()
        weakref.finalize(self, _close, self._kept)

    def exchange(self, call: Call) -> Raw:
        """Send once, read the answer. Raises FetchError; a read whose kept connection had just died goes again."""
        kept = self._take(call)
        if kept is not None:
            try:
                return self._over(kept, call)
            except FetchError as error:
                if call.body is not None or call.method != "GET" or error.kind != "reset":
                    raise
        call.left = False
        return self._over(self._new(call), call)

    def close(self) -> None:
        """Close what is kept."""
        with self._lock:
            _close(self._kept)
            self._count = 0

    # --- one exchange

    def _over(self, line: Line, call: Call) -> Raw:
        line.ends = call.ends
        line.timeout = max(call.ends - time.monotonic(), 0.01)
        _WATCH.tie(line, call.ends)
        whole = False
        try:
            raw, reusable = self._talk(line, call)
            whole = reusable
            return raw
        except FetchError:
            raise
        except Exception as error:
            raise _named(error, line, call) from None
        finally:
            _WATCH.untie(line)
            if whole and not line.cut and line.sock is not None:
                self._keep(line, call.address)
            else:
                line.drop()

    def _talk(self, line: Line, call: Call) -> tuple[Raw, bool]:
        if line.sock is None:
            line.connect()
        line.sock.settimeout(max(call.ends - time.monotonic(), 0.01))
        call.left = True
        # A server may answer and hang up before it has read all: its answer is still worth reading.
        with contextlib.suppress(BrokenPipeError):
            line.request(call.method, call.address.target, body=call.body, headers=call.headers)
        if _QUICKACK is not None:  # a server that writes head and body apart waits for our acknowledgement between them
            line.sock.setsockopt(socket.IPPROTO_TCP, _QUICKACK, 1)
        answer = http.client.HTTPConnection.getresponse(line)
        raw = Raw(answer.status, _headers(answer))
        line.keeps = _keeps(raw.headers)
        try:
            wanted = replace(call, limit=CHUNK, wire_limit=CHUNK) if 300 <= raw.status < 400 else call
            raw.body = _body(answer, raw.headers, wanted)
            if line.cut:
                raise _late(call)
        except FetchError as error:
            raw.fault = error
        except Exception as error:
            raw.fault = _named(error, line, call)
        whole = raw.fault is None and answer.isclosed()
        answer.close()
        return raw, whole

    # --- kept connections

    def _new(self, call: Call) -> Line:
        address = call.address
        line: Line
        if address.scheme == "https":
            line = _Secure(address.host, address.port, ssl_context=self._tls())
        else:
            line = _Plain(address.host, address.port)
        line.networks = self._networks
        return line

    def _tls(self) -> ssl.SSLContext:
        if self._context is None:
            import certifi

            context = create_urllib3_context()
            context.load_default_certs()
            context.load_verify_locations(certifi.where())
            self._context = context
        return self._context

    def _take(self, call: Call) -> Line | None:
        if self._pid != os.getpid():  # forked: those connections are our parent's
            self._pid, self._lock = os.getpid(), threading.Lock()
            self.close()
        key = (call.address.scheme, call.address.host, call.address.port)
        idle = _IDLE_READ if call.method == "GET" else _IDLE_SEND
        now = time.monotonic()
        while True:
            with self._lock:
                kept = self._kept.get(key)
                if not kept:
                    return None
                line = kept.pop()
                self._count -= 1
            if now - line.since <= min(idle, line.keeps) and not _readable(line.sock):
                return line
            line.drop()

    def _keep(self, line: Line, address: Address) -> None:
        key = (address.scheme, address.host, address.port)
        line.since = time.monotonic()
        surplus: Line | None = line
        with self._lock:
            kept = self._kept.setdefault(key, [])
            if len(kept) < _KEPT_A_HOST:
                kept.append(line)
                self._count += 1
                surplus = self._oldest() if self._count > _KEPT else None
        if surplus is not None:
            surplus.drop()

    def _oldest(self) -> Line:
        key = min((k for k, lines in self._kept.items() if lines), key=lambda k: self._kept[k][0].since)
        self._count -= 1
        line = self._kept[key].pop(0)
        if not self._kept[key]:
            del self._kept[key]
        return line


def _close(kept: dict[tuple[str, str, int], list[Line]]) -> None:
    for line in [line for lines in kept.values() for line in lines]:
        line.drop()
    kept.clear()


def _readable(sock: Any) -> bool:
    """A kept connection with something to read is closed, or says what nobody asked for: not to be used again."""
    poll = select.poll()
    poll.register(sock, select.POLLIN | select.POLLHUP | select.POLLERR)
    return bool(poll.poll(0))


def _keeps(headers: Mapping[str, str]) -> float:
    said = headers.get("keep-alive", "")
    _, found, seconds = said.partition("timeout=")
    digits = seconds.partition(",")[0].strip()
    return max(float(digits) - 1, 0.0) if found and digits.isdigit() and len(digits) < 6 else _IDLE_READ


def _headers(answer: http.client.HTTPResponse) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in answer.msg.items():
        name = name.lower()
        value = value.strip() if "\n" not in value else " ".join(value.split())
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _body(answer: http.client.HTTPResponse, headers: Mapping[str, str], call: Call) -> bytes:
    lengths = {part.strip() for part in headers.get("content-length", "").split(",")}
    if len(lengths) > 1:
        raise FetchError("the answer gives two different lengths", kind="protocol", left=True)
    try:
        decoders = codings.chain(headers.get("content-encoding", "")) if answer.length != 0 else []
        return _decoded(answer, decoders, call)
    except codings.BadCoding as error:
        raise FetchError(str(error), kind="undecodable", left=True) from None


def _decoded(answer: http.client.HTTPResponse, decoders: list[codings.Decoder], call: Call) -> bytes:
    pieces: list[bytes] = []
    taken = given = 0
    while data := answer.read(CHUNK):
        taken += len(data)
        for piece in codings.run(decoders, data):
            given += len(piece)
            pieces.append(piece)
            _measure(taken, given, call, call.wire_limit if decoders else call.limit)
    if answer.length:
        raise FetchError("the body ended before its length", kind="reset", left=True)
    if taken:
        for decoder in decoders:
            decoder.finish()
    return b"".join(pieces)


def _measure(taken: int, given: int, call: Call, most: int) -> None:
    if given > call.limit or taken > most:
        raise FetchError(f"the body is larger than {call.limit // 1024} KiB", kind="too_large", left=True)
    if given > RATIO_FROM and given > RATIO * taken:
        raise FetchError("the body unpacks to more than is plausible", kind="too_large", left=True)
    if time.monotonic() > call.ends:
        raise _late(call)


def _late(call: Call) -> FetchError:
    return FetchError("no complete answer came in time", kind="timeout", left=call.left)


def _named(error: Exception, line: Line, call: Call) -> FetchError:
    """Our own words for a failure; the libraries' texts hold the whole URL."""
    if line.cut or isinstance(error, TimeoutError):
        return _late(call)
    for kinds, kind, reason in _NAMES:
        if isinstance(error, kinds):
            return FetchError(reason or str(error), kind=kind, left=call.left)
    return FetchError(f"the exchange failed ({type(error).__name__})", kind="protocol", left=call.left)


def _names() -> list[tuple[Any, str, str]]:
    from urllib3.exceptions import SSLError

    return [
        (guard.Blocked, "blocked_address", ""),
        (guard.Unresolved, "unresolved", ""),
        ((ssl.SSLCertVerificationError, ssl.CertificateError), "tls", "the host's certificate is not valid for it"),
        ((ssl.SSLError, SSLError), "tls", "no secure connection could be made"),
        (ConnectionRefusedError, "refused", "the host refuses connections"),
        (
            (http.client.RemoteDisconnected, ConnectionError),
            "reset",
            "the connection was cut before the answer was whole",
        ),
        (http.client.IncompleteRead, "reset", "the body ended before its end"),
        (http.client.HTTPException, "protocol", "the answer is not proper HTTP"),
        (ValueError, "protocol", "the answer or the request is not proper HTTP"),
        (OSError, "refused", "the host cannot be reached"),
    ]


_NAMES = _names()
