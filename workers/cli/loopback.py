"""The end of an OAuth code flow on this machine: one address that waits for the browser to come back."""

import select
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from urllib.parse import parse_qs, urlsplit

from pipeline.model import Error, UsageError

PATH = "/callback"
LONGEST = 8192
IDLE = 10.0  # browsers open connections ahead and say nothing
LOOK = 0.2
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

    def code(self, seconds: float, pasted: Callable[[], str | None] = lambda: None) -> str:
        """The code that came back, by the browser or pasted; raises Error when none does, or the person said no."""
        ends = monotonic() + seconds
        while not self.came.wait(min(LOOK, max(0.0, ends - monotonic()))):
            if monotonic() >= ends:
                raise Error("nobody came back from the platform; try again")
            line = pasted()
            if line:
                return code_in(line, self.state)
        return code_of(self.query)


def typed() -> str | None:
    """A line that a person has typed or pasted meanwhile; None while there is none."""
    try:
        ready = bool(select.select([sys.stdin], [], [], 0)[0])
    except (ValueError, OSError):  # there is no terminal, or it was closed
        return None
    return sys.stdin.readline().strip() or None if ready else None


def code_of(query: dict[str, str]) -> str:
    """The code in an answer."""
    if "code" in query:
        return query["code"]
    raise Error(
        f"the platform gave no leave: {query.get('error_description') or query.get('error') or 'it did not say why'}"
    )


def code_in(address: str, state: str) -> str:
    """The code in an address that a person pasted."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(address.strip()[:LONGEST]).query).items()}
    if not query.keys() & {"code", "error"}:
        raise UsageError("this is no address that a platform sent a browser to: it has no code; paste all of it")
    if query.get("state") != state:
        raise UsageError("this address belongs to another attempt; paste the one that the browser shows now")
    return code_of(query)


@contextmanager
def listening(state: str, port: int) -> Iterator[Waiting]:
    """Listen on 127.0.0.1 until left."""
    waiting = Waiting(state)

    class Handler(BaseHTTPRequestHandler):
        timeout = IDLE

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
        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    except OSError as error:
        raise UsageError(f"port {port} of this machine is taken ({error.strerror}); choose another --port") from None
    server.block_on_close = False  # a connection that says nothing keeps nobody
    waiting.address = f"http://127.0.0.1:{server.server_port}{PATH}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield waiting
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
