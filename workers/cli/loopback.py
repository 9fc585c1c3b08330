"""The end of an OAuth code flow on this machine: one address that waits for the browser to come back."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

from pipeline.model import Error, UsageError

PATH = "/callback"
LONGEST = 8192
THANKS = b"<!doctype html><meta charset=utf-8><title>Standfirst</title><p>Done. You can close this page.\n"


class Waiting:
    """What came back, once it has."""

    def __init__(self, state: str) -> None:
        self.state = state
        self.query: dict[str, str] = {}
        self.came = threading.Event()
        self.address = ""

    def take(self, target: str) -> bool:
        """Whether this is the answer that is waited for."""
        parts = urlsplit(target[:LONGEST])
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path != PATH or query.get("state") != self.state or self.came.is_set():
            return False
        self.query = query
        self.came.set()
        return True

    def code(self, seconds: float) -> str:
        """The code that came back; raises Error when none does, or when the person said no."""
        if not self.came.wait(seconds):
            raise Error("nobody came back from the platform; try again")
        return code_of(self.query)


def code_of(query: dict[str, str]) -> str:
    """The code in an answer."""
    if "code" in query:
        return query["code"]
    raise Error(
        f"the platform gave no leave: {query.get('error_description') or query.get('error') or 'it did not say why'}"
    )


def code_in(address: str, state: str) -> str:
    """The code in an address that a person pasted."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(address.strip()).query).items()}
    if query.get("state") != state:
        raise UsageError("this address belongs to another attempt; paste the one that the browser shows now")
    return code_of(query)


@contextmanager
def listening(state: str, port: int) -> Iterator[Waiting]:
    """Listen on 127.0.0.1 until left."""
    waiting = Waiting(state)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            taken = waiting.take(self.path)
            self.send_response(200 if taken else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", "default-src 'none'")
            self.end_headers()
            self.wfile.write(THANKS if taken else b"Not here.\n")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the address holds the code
            """Nothing is logged."""

    try:
        server = HTTPServer(("127.0.0.1", port), Handler)
    except OSError as error:
        raise UsageError(f"port {port} of this machine is taken ({error.strerror}); choose another --port") from None
    waiting.address = f"http://127.0.0.1:{server.server_port}{PATH}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield waiting
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
