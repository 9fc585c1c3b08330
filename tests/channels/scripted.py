"""A platform that answers as it is told, over real sockets, and keeps what it was asked."""

import json
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Answer = dict[str, Any]


@dataclass
class Asked:
    """A request as it arrived."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode(), keep_blank_values=True).items()}


@dataclass
class Platform:
    """Answers by "METHOD /path"; a list is used up from its front, its last answer stays; a function is asked."""

    routes: dict[str, Any] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    url: str = ""
    release: threading.Event = field(default_factory=threading.Event)

    def to(self, route: str) -> list[Asked]:
        method, _, path = route.partition(" ")
        return [one for one in self.asked if one.method == method and _same(path, one.path)]

    def answer(self, asked: Asked) -> Answer:
        for route, answer in self.routes.items():
            wanted, _, pattern = route.partition(" ")
            if wanted == asked.method and _same(pattern, asked.path):
                if callable(answer):
                    return dict(answer(asked))
                if isinstance(answer, list):
                    return answer.pop(0) if len(answer) > 1 else answer[0]
                return answer
        return {"status": 404, "json": {"error": "no such route"}}


def _same(pattern: str, path: str) -> bool:
    parts, found = pattern.split("/"), path.split("/")
    return len(parts) == len(found) and all(p in ("*", f) for p, f in zip(parts, found, strict=True))


@contextmanager
def platform(routes: dict[str, Any]) -> Iterator[Platform]:
    """The platform, listening until the block ends."""
    stage = Platform(routes)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            url = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, url.path, parse_qs(url.query), headers, body)
            stage.asked.append(asked)
            self.say(stage.answer(asked))

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = handle_any

        def say(self, answer: Answer) -> None:
            if answer.get("reset"):
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
                self.close_connection = True
                return
            if answer.get("hang"):
                stage.release.wait(10)
                self.close_connection = True
                return
            body = json.dumps(answer["json"]).encode() if "json" in answer else answer.get("text", "").encode()
            body = answer.get("bytes", body)
            kind = "application/json" if "json" in answer else answer.get("type", "text/plain")
            self.send_response(answer.get("status", 200))
            headers = {"Content-Type": kind, "Content-Length": str(len(body)), **answer.get("headers", {})}
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # a reset connection is a part of the play
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    stage.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield stage
    finally:
        stage.release.set()
        server.shutdown()
        server.server_close()
        thread.join(2)
