"""Between the product and a real server stands a line that loses things: an answer, a request, or its patience."""

import re
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

ENDPOINT = re.compile(rb'"serviceEndpoint":"[^"]*"')  # an account's own server, which a session names
HOP = {"connection", "transfer-encoding", "content-length", "content-encoding", "host", "accept-encoding"}
MISHAPS = ("the answer is lost", "the request is lost", "a gateway gives up")


@dataclass
class Line:
    """What goes wrong next, and with which request; each mishap happens once."""

    upstream: str
    url: str = ""
    mishap: str = ""
    publishes: str = ""  # "METHOD path", the path a regular expression
    asked: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def takes(self, request: str) -> str:
        """The mishap of a request, if it is its turn."""
        self.asked.append(request)
        with self.lock:
            if not self.mishap or not re.fullmatch(self.publishes, request):
                return ""
            mishap, self.mishap = self.mishap, ""
            return mishap

    def published(self) -> int:
        """How many requests would have posted."""
        return sum(re.fullmatch(self.publishes, one) is not None for one in self.asked)


@contextmanager
def line(upstream: str, publishes: str, mishap: str = "") -> Iterator[Line]:
    """A line to a server, until the block ends."""
    state = Line(upstream.rstrip("/"), publishes=publishes, mishap=mishap)
    host = urlsplit(upstream).netloc

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            mishap = state.takes(f"{self.command} {self.path}")
            if mishap == "the request is lost":
                return self.cut()
            status, headers, answer = self.ask(body)
            if mishap == "the answer is lost":
                return self.cut()
            if mishap == "a gateway gives up":
                status, headers, answer = 504, {"Content-Type": "text/html"}, b"<title>Gateway time-out</title>"
            self.send_response(status)
            answer = ENDPOINT.sub(b'"serviceEndpoint":"%s"' % state.url.encode(), answer)
            for name, value in {**headers, "Content-Length": str(len(answer))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)
            return None

        do_GET = do_POST = do_PUT = do_DELETE = pass_on

        def ask(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
            sent = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
            there = HTTPConnection(host, timeout=60)
            try:
                there.request(self.command, self.path, body or None, {**sent, "Host": host})
                answer = there.getresponse()
                headers = {name: value for name, value in answer.getheaders() if name.lower() not in HOP}
                return answer.status, headers, answer.read()
            finally:
                there.close()

        def cut(self) -> None:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a cut line is a part of the play
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
