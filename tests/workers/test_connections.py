"""Connections that only wait keep nobody out: not idle ones, not half-sent ones, not slow readers."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest

from pipeline.config import Config
from pipeline.world import World
from tests.workers.http_client import TOKEN, HttpClient
from workers.console.connections import Limits
from workers.console.server import Console

HALVES = {
    "idle": b"",
    "half a head": b"GET / HTTP/1.1\r\nHost: localhost\r\nX-",
    "half a line": b"GE",
    "half a body": b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\ntoken=",
    "half a chunk": b"POST /login HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n40\r\ntoken=",
    "half a push": b"POST /websub/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8000000\r\n\r\n<rss",
    "one request, then half": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nGET /hea",
    "waiting for 100": b"POST /login HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n",
}


def place(console: Console) -> tuple[str, int]:
    parts = urlsplit(console.address)
    return str(parts.hostname), int(parts.port or 0)


def opened(console: Console, stack: ExitStack, sent: bytes, source: str = "127.0.0.1") -> socket.socket:
    made = stack.enter_context(socket.create_connection(place(console), 20, (source, 0)))
    made.sendall(sent)
    return made


@pytest.mark.parametrize("half", HALVES)
def test_any_number_of_waiting_connections_keeps_nobody_out(editor: HttpClient, half: str) -> None:
    editor.hang_up()
    with ExitStack() as stack:
        for _ in range(300):
            opened(editor.console, stack, HALVES[half])
        assert editor.get("/").status_code == 200
        for probe in ("/healthz", "/readyz", "/metrics"):
            assert editor.get(probe).status_code == 200


def test_waiting_connections_from_many_clients_keep_nobody_out(editor: HttpClient) -> None:
    with ExitStack() as stack:
        for number in range(400):
            opened(editor.console, stack, b"GET / HT", source=f"127.0.1.{number % 100 + 1}")
        assert editor.get("/").status_code == 200
        assert editor.get("/healthz").text == "ok\n"


QUICK = Limits(head=0.2, body=0.2, idle=0.2, reading=0.2)


@pytest.fixture
def quick(config: Config, world: World) -> Iterator[Console]:
    """A console whose patience ends soon."""
    made = Console(config, world, QUICK)
    made.start()
    yield made
    made.stop()


def ending(connection: socket.socket) -> bytes:
    """What comes until the other side ends it."""
    got = b""
    try:
        while part := connection.recv(65536):
            got += part
    except ConnectionResetError:
        pass
    return got


@pytest.mark.parametrize("half", HALVES)
def test_a_client_that_sends_no_whole_request_in_time_is_let_go(quick: Console, half: str) -> None:
    with ExitStack() as stack:
        got = ending(opened(quick, stack, HALVES[half]))
        assert b"500" not in got.partition(b"\r\n")[0]
        if half in ("half a head", "half a line"):
            assert got.startswith(b"HTTP/1.1 408 ")


def drip(connection: socket.socket, byte: Callable[[int], bytes]) -> int:
    """Send byte after byte until the other side ends it; how many it took."""
    connection.settimeout(0.02)
    for number in range(2000):
        try:
            connection.sendall(byte(number))
            if not connection.recv(1):
                return number
        except TimeoutError:
            continue
        except OSError:
            return number
    return 2000


def test_a_byte_now_and_then_wins_no_time(quick: Console) -> None:
    with ExitStack() as stack:
        assert drip(opened(quick, stack, b"GET / HTTP/1.1\r\nX: "), lambda _: b"x") < 2000
        assert drip(opened(quick, stack, HALVES["half a body"]), lambda _: b"x") < 2000


def test_who_does_not_read_the_answer_is_let_go(quick: Console, config: Config) -> None:
    folder = config.settings.folder / "public"
    folder.mkdir()
    (folder / "feed.xml").write_bytes(b"x" * 30_000_000)
    with ExitStack() as stack:
        slow = stack.enter_context(socket.socket())
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.settimeout(20)
        slow.connect(place(quick))
        slow.sendall(b"GET /feeds/own/feed.xml HTTP/1.1\r\nHost: localhost\r\n\r\n")
        crowd = quick.crowd
        assert crowd is not None
        until(lambda: crowd.total() == 1)
        until(lambda: crowd.total() == 0)


def until(true: Callable[[], bool]) -> None:
    from time import monotonic, sleep

    ends = monotonic() + 20
    while not true():
        assert monotonic() < ends
        sleep(0.01)


def test_a_whole_request_takes_as_long_as_it_takes(quick: Console) -> None:
    with ExitStack() as stack:
        login = f"token={TOKEN}".encode()
        head = b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        sent = head + f"Content-Length: {len(login)}\r\n\r\n".encode() + login
        assert ending(opened(quick, stack, sent)).startswith(b"HTTP/1.1 303 ")


def test_a_client_at_work_with_all_its_connections_still_gets_its_probes(config: Config, world: World) -> None:
    import threading

    entered, go_on = threading.Semaphore(0), threading.Event()

    def slow() -> object:
        entered.release()
        go_on.wait(20)
        return now()

    now = world.now
    from dataclasses import replace

    console = Console(config, replace(world, now=slow), Limits(each=4, spare=2))
    console.start()
    try:
        with ExitStack() as stack:
            ask = f"GET /api/queues HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKEN}\r\n\r\n".encode()
            busy = [opened(console, stack, ask) for _ in range(4)]
            for _ in busy:
                assert entered.acquire(timeout=20)
            probe = opened(console, stack, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            assert ending(probe).startswith(b"HTTP/1.1 200 ")
            other = opened(console, stack, ask)
            assert other.recv(65536).startswith(b"HTTP/1.1 503 ")
            go_on.set()
            assert all(one.recv(65536).startswith(b"HTTP/1.1 200 ") for one in busy)
    finally:
        go_on.set()
        console.stop()


def test_requests_that_take_long_leave_room_for_probes(config: Config, world: World) -> None:
    import threading
    from dataclasses import replace

    from workers.console.gate import AT_WORK

    entered, go_on, now = threading.Semaphore(0), threading.Event(), world.now

    def slow() -> object:
        if threading.current_thread().name != "main":
            entered.release()
            go_on.wait(20)
        return now()

    console = Console(config, replace(world, now=slow))
    console.start()
    try:
        with ExitStack() as stack:
            ask = f"GET /api/queues HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKEN}\r\n\r\n".encode()
            busy = [opened(console, stack, ask) for _ in range(50)]
            for _ in range(16):  # the store has room for no more at once
                assert entered.acquire(timeout=20)
            probe = opened(console, stack, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            assert ending(probe).startswith(b"HTTP/1.1 200 ")
            go_on.set()
            assert all(one.recv(65536).startswith(b"HTTP/1.1 200 ") for one in busy)
            assert AT_WORK < 40
    finally:
        go_on.set()
        console.stop()
