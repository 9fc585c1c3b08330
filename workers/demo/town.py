"""The whole demo on one machine: the newspaper, the platforms, and Standfirst as a process of its own."""

import contextlib
import json
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from pathlib import Path
from string import Template
from typing import Self

from pipeline.model import Error, UsageError
from workers.demo.newspaper import Newspaper
from workers.demo.newsstand import Channels, Newsstand, Shelf
from workers.demo.sandbox import Atproto, Mastodon, Webhook
from workers.demo.sandbox.atproto import PASSWORD
from workers.demo.sandbox.mastodon import TOKEN
from workers.demo.sandbox.webhook import SECRET
from workers.demo.stock import pieces

FIRST_PORT = 8310
STOPPING_SECONDS = 45.0
# Standfirst's own command, which ends when the demo is killed: else it would hold the store against the next one.
COMMAND = """
import sys
if sys.platform == "linux":
    import ctypes
    ctypes.CDLL(None).prctl(1, 15)  # PR_SET_PDEATHSIG, SIGTERM
from workers.cli import main
main(["run", "--config", sys.argv[1]])
"""


class Process:
    """`standfirst run` on the demo's configuration. It may be killed at any moment: `watch` starts it again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None
        self.restarts = 0
        self.starts: deque[float] = deque(maxlen=5)

    @property
    def log(self) -> Path:
        return self.folder / "standfirst.log"

    def start(self) -> None:
        """Start it; its lines go to standfirst.log, its number to standfirst.pid."""
        self.starts.append(time.monotonic())
        command = [sys.executable, "-c", COMMAND, str(self.folder / "standfirst.toml")]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        (self.folder / "standfirst.pid").write_text(f"{self.process.pid}\n")

    def watch(self) -> str | None:
        """Start it again when it has ended; how it ended. Raises when it cannot be kept alive."""
        if self.process is None or (code := self.process.poll()) is None:
            return None
        if code > 0 or (len(self.starts) == self.starts.maxlen and time.monotonic() - self.starts[0] < 5):
            raise Error(f"Standfirst ended with {code}; its last lines, from {self.log}:\n{self.tail()}")
        self.restarts += 1
        self.start()
        return signal.Signals(-code).name if code else "0"

    def tail(self) -> str:
        """The last lines of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-12:])

    def stop(self) -> None:
        """Ask it to end as an operator would, and wait."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self.process.terminate()
        try:
            self.process.wait(STOPPING_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


class Town:
    """Everything the demo shows, on ports that stay the same from one run in a folder to the next."""

    def __init__(self, folder: Path) -> None:
        self.folder = prepared(folder)
        ports, self.token = self.kept()
        self.newspaper = Newspaper(self.folder, port=ports[0])
        self.mastodon = Mastodon(self.folder, port=ports[1])
        self.mastodon.media_window.limit = self.mastodon.window.limit = (
            100_000  # it exempts its own machine, as the real one
        )
        self.atproto = Atproto(self.folder, port=ports[2])
        self.webhook = Webhook(self.folder, port=ports[3])
        self.channels: Channels = {
            "mastodon": self.mastodon,
            "bluesky": self.atproto,
            "webhook": self.webhook,
            "outfeed": Shelf(self.folder / "feeds"),
        }
        self.console_port = ports[5] if is_free(ports[5]) else free_port()
        self.newsstand = Newsstand(self.newspaper, self.channels, self.console, port=ports[4])
        self.standfirst = Process(self.folder)

    @property
    def console(self) -> str:
        """The address that logs in."""
        return f"http://127.0.0.1:{self.console_port}/login?token={self.token}"

    def write_secrets(self) -> None:
        """What the configuration refers to, each in a file of its own."""
        folder = self.folder / "secrets"
        folder.mkdir(mode=0o700, exist_ok=True)
        for name, secret in zip(("mastodon", "bluesky", "webhook"), (TOKEN, PASSWORD, SECRET), strict=True):
            (folder / name).write_text(secret)
        (folder / "console").write_text(self.token)

    def kept(self) -> tuple[list[int], str]:
        """The ports of the last run in this folder, and the console's token."""
        path = self.folder / "demo.json"
        if path.exists():
            kept = json.loads(path.read_text())
            return kept["ports"], kept["token"]
        # The console listens later than the others, in a process of its own: its port must be nobody else's guess.
        return [*(FIRST_PORT + number for number in range(5)), free_port()], secrets.token_urlsafe(16)

    def configure(self) -> None:
        """Write standfirst.toml for the ports that came out."""
        self.write_secrets()
        template = Template((Path(__file__).parent / "config.toml").read_text(encoding="utf-8"))
        addresses = {"mastodon": self.mastodon, "bluesky": self.atproto, "webhook": self.webhook}
        text = template.substitute(
            {name: sandbox.url for name, sandbox in addresses.items()},
            newspaper=self.newspaper.url,
            console=self.console_port,
        )
        (self.folder / "standfirst.toml").write_text(text, encoding="utf-8")
        servers = (self.newspaper, self.mastodon, self.atproto, self.webhook, self.newsstand)
        ports = [*(server.port for server in servers), self.console_port]
        (self.folder / "demo.json").write_text(json.dumps({"ports": ports, "token": self.token}))

    def __enter__(self) -> Self:
        for server in (self.newspaper, self.mastodon, self.atproto, self.webhook, self.newsstand):
            server.start()
        self.configure()
        self.standfirst.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.standfirst.stop()
        for server in (self.newspaper, self.mastodon, self.atproto, self.webhook, self.newsstand):
            server.stop()
            server.books.close()


def prepared(folder: Path) -> Path:
    """The folder, made if need be. An edition that is all out is moved aside, so that a new one can begin."""
    folder = folder.absolute()
    if folder.exists() and any(folder.iterdir()) and not (folder / "demo.json").exists():
        raise UsageError(f"{folder} is not empty and not of an earlier demo: name another with --folder")
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / "newspaper.db").exists():
        newspaper = Newspaper(folder)
        complete = len(newspaper.books.all("piece")) >= len(pieces())
        newspaper.books.close()
        if complete:
            set_aside(folder)
    return folder


def set_aside(folder: Path) -> None:
    aside = folder / time.strftime("earlier-%Y%m%d-%H%M%S")
    names = [path for path in folder.iterdir() if not path.name.startswith("earlier-")]
    aside.mkdir()
    for path in names:
        shutil.move(path, aside / path.name)


def is_free(port: int) -> bool:
    """Whether nobody listens there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
