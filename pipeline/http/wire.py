"""Kept connections to checked addresses, and one exchange over one of them."""

import contextlib
import http.client
import os
import socket
import ssl
import threading
import time
import weakref
from collections.abc import Sequence
from dataclasses import replace

from urllib3.util.ssl_ import create_urllib3_context

from . import guard, reading
from .address import Address
from .answers import FetchError
from .line import IDLE_READ, WATCH, Line, Plain, Secure, readable
from .reading import Call, Raw

_IDLE_SEND = 4.0  # how old a kept connection may be that is written to: one the server closes meanwhile leaves doubt
_KEPT_A_HOST, _KEPT = 8, 64
_QUICKACK: int | None = getattr(socket, "TCP_QUICKACK", None)


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
        WATCH.tie(line, call.ends)
        whole = False
        try:
            raw, reusable = self._talk(line, call)
            whole = reusable
            return raw
        except FetchError:
            raise
        except Exception as error:
            raise reading.named(error, line, call) from None
        finally:
            WATCH.untie(line)
            if whole and not line.cut and line.sock is not None:
                self._keep(line, call.address)
            else:
                line.drop()

    def _talk(self, line: Line, call: Call) -> tuple[Raw, bool]:
        if line.sock is None:
            line.connect()
        left_over = call.ends - time.monotonic()
        if left_over <= 0:  # this process was stopped or slow: the time in which it might send has gone by
            raise FetchError("its time was over before anything was sent", kind="timeout")
        line.sock.settimeout(left_over)
        call.left = True
        # A server may answer and hang up before it has read all: its answer is still worth reading.
        with contextlib.suppress(BrokenPipeError):
            line.request(call.method, call.address.target, body=call.body, headers=call.headers)
        if _QUICKACK is not None:  # a server that writes head and body apart waits for our acknowledgement between them
            line.sock.setsockopt(socket.IPPROTO_TCP, _QUICKACK, 1)
        answer = http.client.HTTPConnection.getresponse(line)
        raw = Raw(answer.status, reading.headers(answer))
        line.keeps = reading.keeps(raw.headers)
        try:
            wanted = replace(call, limit=reading.CHUNK, wire_limit=reading.CHUNK) if 300 <= raw.status < 400 else call
            raw.body, raw.flaw = reading.body(answer, raw.headers, wanted)
            if line.cut:
                raise reading.late(call)
        except FetchError as error:
            raw.fault = error
        except Exception as error:
            raw.fault = reading.named(error, line, call)
        whole = raw.fault is None and answer.isclosed()
        answer.close()
        return raw, whole

    # --- kept connections

    def _new(self, call: Call) -> Line:
        address = call.address
        line: Line
        if address.scheme == "https":
            line = Secure(address.host, address.port, ssl_context=self._tls())
        else:
            line = Plain(address.host, address.port)
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
        idle = IDLE_READ if call.method == "GET" else _IDLE_SEND
        now = time.monotonic()
        while True:
            with self._lock:
                kept = self._kept.get(key)
                if not kept:
                    return None
                line = kept.pop()
                self._count -= 1
            if now - line.since <= min(idle, line.keeps) and not readable(line.sock):
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
