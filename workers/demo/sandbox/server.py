"""What every sandbox is: a small HTTP server on loopback, with books, scripted faults and a list of what was posted."""

import contextlib
import json
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from workers.demo.sandbox.books import Books


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it arrived. Header names are lower-case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    at: float

    def json(self) -> Any:
        """The body as JSON; an empty body is an empty object."""
        return json.loads(self.body or b"{}")

    def bearer(self) -> str:
        """The bearer token, or nothing."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""


@dataclass(frozen=True, slots=True)
class Response:
    """One answer."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @staticmethod
    def json(status: int, value: Any, **headers: str) -> "Response":
        """An answer in JSON; header names with underscores for hyphens."""
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        body = json.dumps(value, ensure_ascii=False).encode()
        return Response(status, body, {"Content-Type": "application/json; charset=utf-8"} | named)


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with one request. Plain `Fault()` is the worst case: stored, and no answer.

    `stored` says whether the platform does what it was asked before it fails; `status` is the answer given instead, and
    None closes the connection without one. `delay` comes between storing and answering.
    """

    stored: bool = True
    status: int | None = None
    body: bytes = b'{"error":"sandbox fault"}'
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    honest: bool = False  # answer as the platform would after all: only the delay goes wrong


@dataclass(frozen=True, slots=True)
class Shown:
    """One post as readers of the platform see it."""

    id: str
    at: float
    text: str
    link: str = ""
    title: str = ""
    image: str = ""  # a path on this sandbox, or an address
    alt: str = ""
    key: str = ""
    note: str = ""  # what the page says beside it


class Unfinished(Exception):
    """The request ended before its length."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Sandbox"
    sys_version = ""
    disable_nagle_algorithm = True
    server: "Listener"

    def log_message(self, *_: object) -> None:
        pass

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError, TimeoutError, Unfinished):
            super().handle()

    def read(self) -> Request:
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        if headers.get("transfer-encoding", "").lower() == "chunked":
            body = self.read_chunks()
        else:
            body = self.read_whole(int(headers.get("content-length") or 0))
        return Request(self.command, parts.path, dict(parse_qsl(parts.query)), headers, body, time.time())

    def read_whole(self, size: int) -> bytes:
        """That many bytes. A client may die between head and body: what it sent is no request (RFC 9112, 8)."""
        data = self.rfile.read(size)
        if len(data) < size:
            raise Unfinished
        return data

    def read_chunks(self) -> bytes:
        chunks = []
        while size := self.chunk_size():
            chunks.append(self.read_whole(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def chunk_size(self) -> int:
        if not (line := self.rfile.readline()):
            raise Unfinished
        return int(line.split(b";")[0], 16)

    def do_GET(self) -> None:
        answer = self.server.sandbox.handle(self.read())
        if answer is None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)


for method in ("HEAD", "POST", "PUT", "DELETE", "PATCH"):
    setattr(Handler, f"do_{method}", Handler.do_GET)


class Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    sandbox: "Sandbox"


class Sandbox:
    """A platform on loopback: `with Mastodon() as it: it.url, it.posts()`.

    With `folder`, its books are a file there, and a later sandbox with the same folder knows every post.
    """

    name = "sandbox"

    def __init__(self, folder: Path | None = None, *, port: int = 0) -> None:
        self.books = Books(folder / f"{self.name}.db" if folder else None)
        self.port = port
        self.faults: list[tuple[Callable[[Request], bool], Fault]] = []
        self.script: Callable[[Request], Fault | None] | None = None
        self.clock: Callable[[], float] = time.time  # what its posts are dated by
        self.requests: deque[Request] = deque(maxlen=2000)
        self.lock = threading.RLock()
        self.listener: Listener | None = None

    # --- what a platform defines ---

    def answer(self, request: Request) -> Response:
        """Do what the request asks, as the platform would."""
        raise NotImplementedError

    def posts(self) -> list[Shown]:
        """Every post that readers see now, oldest first."""
        raise NotImplementedError

    def publishes(self, request: Request) -> bool:
        """Whether the request would make a post: the ones that faults are for unless said otherwise."""
        raise NotImplementedError

    # --- faults ---

    def fail(self, *faults: Fault, when: Callable[[Request], bool] | None = None) -> None:
        """Let the next matching requests go wrong, one fault each, in this order."""
        with self.lock:
            self.faults += [(when or self.publishes, fault) for fault in faults]

    def fault_for(self, request: Request) -> Fault | None:
        with self.lock:
            for number, (matches, fault) in enumerate(self.faults):
                if matches(request):
                    del self.faults[number]
                    return fault
        return self.script(request) if self.script else None

    def handle(self, request: Request) -> Response | None:
        """The answer to a request, or None where the connection is to be closed without one."""
        fault = self.fault_for(request)
        with self.lock:
            self.requests.append(request)
            answer = self.answer(request) if fault is None or fault.stored else None
        if fault is None:
            return answer
        time.sleep(fault.delay)
        if fault.honest:
            return answer
        if fault.status is None:
            return None
        return Response(fault.status, fault.body, {"Content-Type": "application/json"} | dict(fault.headers))

    # --- the server ---

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Self:
        """Listen; on the wished port, or on a free one where that is taken."""
        try:
            listener = Listener(("127.0.0.1", self.port), Handler)
        except OSError:
            listener = Listener(("127.0.0.1", 0), Handler)
        listener.sandbox = self
        self.listener, self.port = listener, listener.server_address[1]
        threading.Thread(target=listener.serve_forever, args=(0.05,), name=self.name, daemon=True).start()
        return self

    def stop(self) -> None:
        """Stop listening; the books stay open."""
        if self.listener:
            self.listener.shutdown()
            self.listener.server_close()
            self.listener = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
        self.books.close()
