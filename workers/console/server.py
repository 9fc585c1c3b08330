"""The console as a server: in a thread of `standfirst run`, or of a process of its own."""

import secrets
import socket
import threading
from contextlib import suppress
from math import ceil
from time import monotonic, sleep
from urllib.parse import urlsplit

import uvicorn

from pipeline.config import Config
from pipeline.model import Error
from pipeline.world import World
from workers.console.clients import Proxies
from workers.console.connections import Crowd, Limits

QUEUE = 128
STOPPING = 3.0
OFF = ("", "off", "none")


class Console:
    """One console: start it, read its address, stop it."""

    def __init__(self, config: Config, world: World, limits: Limits | None = None) -> None:
        given = config.settings.console_token
        self.token = given.reveal() if given else secrets.token_urlsafe(18)
        self.address = ""
        self._config = config
        self._world = world
        self._limits = limits or Limits()
        self.crowd: Crowd | None = None
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def entrance(self) -> str:
        """The address for the terminal: it logs in, unless the operator chose the token and so knows it."""
        if not self.address or self._config.settings.console_token:
            return self.address
        return f"{self.address}/login?token={self.token}"

    def start(self) -> None:
        """Bind and serve in a thread. Raises an Error of one sentence when the address is taken."""
        if self._config.settings.console in OFF:
            return
        from workers.console.site import build

        bound = bind(self._config.settings.console)
        host, port = bound.getsockname()[:2]
        self.address = f"http://{shown(host)}:{port}"
        site = build(self._config, self._world, self.token)
        self.crowd = Crowd(self._limits, Proxies(self._config.settings.trusted_proxies))
        self._server = uvicorn.Server(
            uvicorn.Config(
                site,
                log_config=None,
                access_log=False,
                lifespan="off",
                server_header=False,
                date_header=True,
                proxy_headers=False,
                timeout_keep_alive=ceil(self._limits.idle),
                timeout_graceful_shutdown=2,
                h11_max_incomplete_event_size=64 * 1024,
                http=self.crowd.protocol,  # type: ignore[arg-type]  # uvicorn calls it as it would call a class
                loop="asyncio",
                ws="none",
            )
        )
        self._thread = threading.Thread(target=self._server.run, args=([bound],), name="console", daemon=True)
        self._thread.start()
        self._wait_until_up()

    def _wait_until_up(self) -> None:
        until = monotonic() + 10
        while self._server and not self._server.started and monotonic() < until:
            sleep(0.01)

    def stop(self) -> None:
        """Close; pages being drawn get a moment."""
        if self._server is not None:
            self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(STOPPING)


def bind(address: str) -> socket.socket:
    """A listening socket at HOST:PORT; port 0 takes any that is free."""
    parts = urlsplit(f"//{address}")
    host, port = parts.hostname or "127.0.0.1", parts.port or 0
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen(QUEUE)
    except OSError as error:
        bound.close()
        raise Error(
            f"The console cannot listen on {address} ({error.strerror or error}): "
            'set console = "127.0.0.1:8081" under [standfirst], or stop what uses the port.'
        ) from None
    with suppress(OSError):
        bound.set_inheritable(False)
    return bound


def shown(host: str) -> str:
    """The host as it stands in an address that can be opened."""
    if host in ("0.0.0.0", "::"):  # noqa: S104
        return "localhost"
    return f"[{host}]" if ":" in host else host
