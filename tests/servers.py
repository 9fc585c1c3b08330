"""Private servers for the tests: installed programs on free loopback ports, in folders that vanish with them.

Nothing here touches a server that already runs. A program that is not installed raises `Missing`, which says how to
get it.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import redis as redis_client

READY_SECONDS = 60.0  # a busy two-core machine starts them slowly, never in more than this


class Missing(Exception):
    """A program that is not on this machine. Its text names the suite's need and the remedy."""


def find(title: str, package: str, *candidates: str) -> Path:
    """The program's path: the first candidate on PATH, or the newest match of a pattern."""
    for candidate in candidates:
        if "/" in candidate:
            matches = sorted(Path("/").glob(candidate.lstrip("/")), key=version)
            if matches:
                return matches[-1]
        elif found := shutil.which(candidate):
            return Path(found)
    raise Missing(f"{title} is not installed (apt-get install {package})")


def version(path: Path) -> list[int]:
    """The numbers in a path, so that 17 comes after 9."""
    return [int(part) for part in path.parts if part.isdigit()]


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(ready: Callable[[], bool], what: str, process: "subprocess.Popen[bytes] | None" = None) -> None:
    """Return when `ready` holds; say so when it does not come true in time, or when the process has ended."""
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        with contextlib.suppress(Exception):
            if ready():
                return
        if process is not None and process.poll() is not None:
            raise RuntimeError(f"{what} ended with {process.returncode}")
        time.sleep(0.02)
    raise RuntimeError(f"{what} was not ready after {READY_SECONDS:.0f} s")


# Runs between fork and the program: ends it when the tests are killed, so that no server outlives them, and changes the
# user. A `preexec_fn` would do the same inside a process with threads, where it may hang.
LAUNCH = """
import ctypes, os, pwd, sys
if sys.argv[1]:
    user = pwd.getpwnam(sys.argv[1])
    os.setgroups([])
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, 9)  # PR_SET_PDEATHSIG, SIGKILL
os.execv(sys.argv[2], sys.argv[2:])
"""


class Server:
    """One private program: `start`, `stop` (politely), `kill` (-9), `restart`, on one port for all its life."""

    title = ""
    polite = abrupt = signal.SIGTERM

    def __init__(self) -> None:
        self.locate()
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix=f"standfirst-{self.title.lower()}-"))
        self.process: subprocess.Popen[bytes] | None = None

    def locate(self) -> None:
        """Find the program, or raise `Missing`."""

    def command(self) -> list[str]:
        raise NotImplementedError

    def ready(self) -> bool:
        raise NotImplementedError

    def user(self) -> str | None:
        """Who runs it, when that is not the tests' own user."""
        return None

    def environment(self) -> dict[str, str]:
        return dict(os.environ)

    def spawn(self, command: list[str]) -> "subprocess.Popen[bytes]":
        # The log is a file, not a pipe: nobody reads it unless the server fails to start.
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", LAUNCH, self.user() or "", *command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,
                env=self.environment(),
            )

    def start(self) -> None:
        """Start it and return when it answers."""
        self.process = self.spawn(self.command())
        try:
            until(self.ready, self.title, self.process)
        except RuntimeError as error:
            self.kill()
            raise RuntimeError(f"{error}\n{(self.folder / 'log').read_text(errors='replace')[-2000:]}") from None

    def end(self, how: signal.Signals) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(how)
            try:
                self.process.wait(READY_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None

    def stop(self) -> None:
        """Ask it to end, and wait."""
        self.end(self.polite)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop and start on the same port; what it had not written down is gone."""
        self.stop()
        self.start()

    def close(self) -> None:
        """End it and remove its folder: nobody will want what is in it."""
        self.end(self.abrupt)
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Any:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Postgres(Server):
    """PostgreSQL with a cluster of its own. It refuses to run as root, so root's tests run it as its own user."""

    title = "PostgreSQL"
    polite = signal.SIGINT  # its "fast" shutdown: does not wait for clients
    abrupt = signal.SIGQUIT  # without a checkpoint, which takes a busy disk a minute

    def __init__(self) -> None:
        self.numbers = count(1)
        super().__init__()
        if owner := self.user():
            shutil.chown(self.folder, owner)
        self.run(
            "initdb",
            "-A",
            "trust",
            "-U",
            "standfirst",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
            "-D",
            str(self.data),
        )

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def locate(self) -> None:
        candidates = ("/usr/lib/postgresql/*/bin/postgres", "postgres", "/usr/local/pgsql/bin/postgres")
        server = find(self.title, "postgresql", *candidates)
        self.bin = server.resolve().parent

    def user(self) -> str | None:
        if os.geteuid() != 0:
            return None
        for name in ("postgres", "nobody"):
            with contextlib.suppress(KeyError):
                return pwd.getpwnam(name).pw_name
        return None

    def run(self, name: str, *arguments: str) -> None:
        made = self.spawn([str(self.bin / name), *arguments])
        if made.wait(READY_SECONDS):
            raise RuntimeError(f"{name} failed\n{(self.folder / 'log').read_text(errors='replace')[-2000:]}")

    def command(self) -> list[str]:
        settings = {
            "listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": self.folder, "fsync": "off",
            "full_page_writes": "off", "max_connections": 200, "shared_buffers": "64MB", "timezone": "UTC",
        }  # fmt: skip
        return [
            str(self.bin / "postgres"),
            "-D",
            str(self.data),
            *(f"--{key}={value}" for key, value in settings.items()),
        ]

    def ready(self) -> bool:
        with self.admin():
            return True

    @contextlib.contextmanager
    def admin(self) -> Iterator["psycopg.Connection[Any]"]:
        """A connection outside any transaction, for CREATE DATABASE and the like."""
        with psycopg.connect(self.url("postgres"), autocommit=True, connect_timeout=5) as connection:
            yield connection

    def url(self, database: str) -> str:
        return f"postgresql://standfirst@127.0.0.1:{self.port}/{database}"

    def create(self, template: str | None = None) -> str:
        """A fresh database, empty or a copy of the template; its name."""
        name = f"t{next(self.numbers)}"
        with self.admin() as connection:
            suffix = f' TEMPLATE "{template}"' if template else ""
            connection.execute(f'CREATE DATABASE "{name}"{suffix}')
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected to it."""
        with self.admin() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    @contextlib.contextmanager
    def database(self, template: str | None = None) -> Iterator[str]:
        """The URL of a fresh database, dropped at the end."""
        name = self.create(template)
        try:
            yield self.url(name)
        finally:
            self.drop(name)


class Redis(Server):
    """Redis that writes nothing to disk: `kill`, `stop` and `restart` lose everything in it."""

    title = "Redis"

    def locate(self) -> None:
        self.bin = find(self.title, "redis-server", "redis-server", "valkey-server")

    def command(self) -> list[str]:
        return [str(self.bin), "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
                "--dir", str(self.folder)]  # fmt: skip

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    @contextlib.contextmanager
    def client(self) -> Iterator[Any]:
        """A client of its own, closed at the end."""
        with contextlib.closing(redis_client.Redis(port=self.port, socket_timeout=5)) as client:
            yield client

    def ready(self) -> bool:
        with self.client() as client:
            return bool(client.ping())

    def flush(self) -> None:
        """Forget everything, while running."""
        with self.client() as client:
            client.flushall()

    def length(self, queue: str) -> int:
        """How many messages wait in a queue."""
        with self.client() as client:
            return int(client.llen(queue))


class RabbitMQ(Server):
    """RabbitMQ with a node, a port mapper and a folder of its own. Slow to start: one for all tests that ask."""

    title = "RabbitMQ"

    def __init__(self) -> None:
        super().__init__()
        self.mapper, self.distribution = free_port(), free_port()

    def locate(self) -> None:
        self.bin = find(self.title, "rabbitmq-server", "/usr/lib/rabbitmq/bin/rabbitmq-server", "rabbitmq-server")

    def environment(self) -> dict[str, str]:
        plugins = self.folder / "plugins"
        plugins.write_text("[].\n")
        return super().environment() | {
            "HOME": str(self.folder), "ERL_EPMD_PORT": str(self.mapper), "RABBITMQ_DIST_PORT": str(self.distribution),
            "RABBITMQ_NODENAME": f"standfirst{self.port}@localhost", "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port), "RABBITMQ_BASE": str(self.folder), "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_MNESIA_BASE": str(self.folder / "data"), "RABBITMQ_LOG_BASE": str(self.folder / "logs"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(plugins), "RABBITMQ_CONFIG_FILE": str(self.folder / "none"),
            "RABBITMQ_PID_FILE": str(self.folder / "pid"),
        }  # fmt: skip

    def command(self) -> list[str]:
        return [str(self.bin)]

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def ready(self) -> bool:
        with socket.create_connection(("127.0.0.1", self.port), 5) as connection:
            connection.sendall(b"AMQP\x00\x00\x09\x01")
            return bool(connection.recv(8))

    def end(self, how: signal.Signals) -> None:
        # The script starts the Erlang machine as a child of its own: the whole group gets the signal.
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, how)
        super().end(how)

    def close(self) -> None:
        """Stop it and its port mapper."""
        super().stop()
        with contextlib.suppress(OSError):
            subprocess.run(["epmd", "-kill"], env=self.environment(), capture_output=True, check=False)
        super().close()
