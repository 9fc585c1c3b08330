"""A question and its answer over a WebSocket, through the same address guard as HTTP. RFC 6455"""

import base64
import contextlib
import hashlib
import os
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlsplit

from pipeline import departure
from pipeline.http import guard
from pipeline.model import Unavailable, Uncertain

T = TypeVar("T")
CONNECT = 10.0
MOST = 256 * 1024  # bytes of one answer
MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
CONTINUED = 0x0


class Broken(Exception):
    """The other side does not speak the protocol, or said goodbye."""


def exchange(
    url: str,
    message: str,
    wanted: Callable[[str], T | None],
    *,
    networks: Sequence[Any] = (),
    seconds: float = 20.0,
) -> T:
    """Send a message and return the first answer that is wanted. Uncertain when none came after it left."""
    ends = time.monotonic() + seconds
    host = urlsplit(url).hostname or ""
    try:
        line = Line(url, networks, ends)
    except (OSError, Broken, guard.Blocked, guard.Unresolved) as error:
        raise Unavailable(f"{host}: no connection ({_words(error)})") from None
    departure.left()
    try:
        line.send(message.encode())
        while True:
            answer = wanted(line.receive())
            if answer is not None:
                return answer
    except (OSError, Broken) as error:
        raise Uncertain(f"{host}: no answer ({_words(error)})") from None
    finally:
        line.close()


def _words(error: Exception) -> str:
    return str(error) if isinstance(error, Broken | guard.Blocked | guard.Unresolved) else type(error).__name__


class Line:
    """One WebSocket, open until `ends`."""

    def __init__(self, url: str, networks: Sequence[Any], ends: float) -> None:
        parts = urlsplit(url)
        secure = parts.scheme == "wss"
        if parts.scheme not in {"ws", "wss"} or not parts.hostname:
            raise Broken("its address does not begin with wss://")
        self._ends = ends
        self._port = parts.port or (443 if secure else 80)
        self._socket = self._connected(parts.hostname, networks, secure)
        self._rest = b""
        try:
            self._shake(parts.hostname, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        except BaseException:
            self._socket.close()
            raise

    def _connected(self, host: str, networks: Sequence[Any], secure: bool) -> socket.socket:
        found = guard.resolve(host, self._port, networks, CONNECT)
        fault: OSError = OSError()
        for family, address in found:
            raw = socket.socket(family, socket.SOCK_STREAM)
            try:
                raw.settimeout(min(CONNECT, self._left()))
                raw.connect(address)
                return ssl.create_default_context().wrap_socket(raw, server_hostname=host) if secure else raw
            except OSError as error:
                raw.close()
                fault = error
        raise fault

    def _shake(self, host: str, path: str) -> None:
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {path} HTTP/1.1", f"Host: {host}:{self._port}", "Upgrade: websocket", "Connection: Upgrade"]
        lines += [f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13"]
        self._socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        while b"\r\n\r\n" not in self._rest:
            self._rest += self._read()
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        accept = base64.b64encode(hashlib.sha1((key + MAGIC).encode()).digest())  # noqa: S324  (the protocol's own)
        if not head.startswith(b"HTTP/1.1 101") or accept not in head:
            raise Broken("it did not open a WebSocket")

    def send(self, body: bytes, kind: int = TEXT) -> None:
        """One whole frame."""
        size, mask = len(body), os.urandom(4)
        if size < 126:
            head = bytes([0x80 | kind, 0x80 | size])
        elif size < 65536:
            head = bytes([0x80 | kind, 0x80 | 126]) + size.to_bytes(2)
        else:
            head = bytes([0x80 | kind, 0x80 | 127]) + size.to_bytes(8)
        self._socket.settimeout(self._left())
        self._socket.sendall(head + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(body)))

    def receive(self) -> str:
        """The next whole text message."""
        message = b""
        while True:
            final, kind, body = self._frame()
            if kind == PING:
                self.send(body, PONG)
            elif kind == CLOSE:
                raise Broken("it closed the connection")
            elif kind in {TEXT, CONTINUED}:
                message += body
                if len(message) > MOST:
                    raise Broken("its answer is too long")
                if final:
                    return message.decode("utf-8", "replace")

    def _frame(self) -> tuple[bool, int, bytes]:
        first, second = self._take(2)
        size = second & 0x7F
        if size == 126:
            size = int.from_bytes(self._take(2))
        elif size == 127:
            size = int.from_bytes(self._take(8))
        if size > MOST or second & 0x80:
            raise Broken("its answer is too long" if size > MOST else "it masks what it says")
        return bool(first & 0x80), first & 0x0F, self._take(size)

    def _take(self, size: int) -> bytes:
        while len(self._rest) < size:
            self._rest += self._read()
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken

    def _read(self) -> bytes:
        self._socket.settimeout(self._left())
        found = self._socket.recv(65536)
        if not found or len(self._rest) > 2 * MOST:
            raise Broken("it broke off")
        return found

    def _left(self) -> float:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def close(self) -> None:
        """Say goodbye and leave."""
        with contextlib.suppress(OSError):
            self.send(b"", CLOSE)
        self._socket.close()
