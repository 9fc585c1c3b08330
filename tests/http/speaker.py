"""A server on a real socket that says exactly the bytes it is told to, and remembers what it was asked."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self


@dataclass
class Asked:
    """One request as it arrived."""

    head: bytes
    body: bytes
    connection: int

    @property
    def line(self) -> str:
        return self.head.split(b"\r\n")[0].decode()

    def header(self, name: str) -> str | None:
        for line in self.head.split(b"\r\n")[1:]:
            key, _, value = line.partition(b":")
            if key.decode().lower() == name.lower():
                return value.strip().decode("latin-1")
        return None


Script = Callable[["Speaker", socket.socket, Asked], bool | None]  # True keeps the connection


@dataclass
class Speaker:
    script: Script
    context: ssl.SSLContext | None = None
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.closing = threading.Event()
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        for sock in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()

    @property
    def url(self) -> str:
        return f"{'https' if self.context else 'http'}://127.0.0.1:{self.port}"

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(sock, self.connections), daemon=True).start()

    def _serve(self, sock: socket.socket, number: int) -> None:
        with contextlib.suppress(OSError):
            if self.context:
                sock = self.context.wrap_socket(sock, server_side=True)
            self._open.append(sock)
            while (asked := _read(sock, number)) is not None:
                self.asked.append(asked)
                if not self.script(self, sock, asked):
                    break
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)
        sock.close()


def answering(*answers: bytes, keep: bool = True) -> Script:
    """Says these answers in turn, the last one for ever."""

    def script(speaker: Speaker, sock: socket.socket, asked: Asked) -> bool:
        place = min(len(speaker.asked), len(answers)) - 1
        sock.sendall(answers[place])
        return keep

    return script


def answer(status: str = "200 OK", body: bytes = b"", *headers: str) -> bytes:
    """A proper answer with its length."""
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def _read(sock: socket.socket, number: int) -> Asked | None:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = sock.recv(65536)
        if not piece:
            return None
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    asked = Asked(head, body, number)
    length = int(asked.header("content-length") or 0)
    while len(asked.body) < length:
        piece = sock.recv(65536)
        if not piece:
            return None
        asked.body += piece
    return asked
