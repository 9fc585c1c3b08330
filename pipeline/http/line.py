"""A guarded connection, and the watch that ends every exchange at its deadline."""

import contextlib
import http.client
import os
import select
import socket
import threading
import time
from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection

from . import guard

CONNECT = 10.0  # seconds for all addresses of a host
IDLE_READ = 20.0  # how old a kept connection may be that is read from; servers close after 5 s and more
INTERIM = 20  # answers such as 100 Continue before the real one


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
    keeps: float = IDLE_READ
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


class Plain(_Guarded, HTTPConnection):
    response_class = _Head


class Secure(_Guarded, HTTPSConnection):
    response_class = _Head


Line = Plain | Secure


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


WATCH = Watch()
os.register_at_fork(after_in_child=WATCH.reset)


def readable(sock: Any) -> bool:
    """A kept connection with something to read is closed, or says what nobody asked for: not to be used again."""
    poll = select.poll()
    poll.register(sock, select.POLLIN | select.POLLHUP | select.POLLERR)
    return bool(poll.poll(0))
