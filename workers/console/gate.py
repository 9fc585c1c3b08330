"""What every request passes first: the host it asks for, the size of its body, the headers of its answer."""

from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from workers.console.guard import HEADERS, Hosts, host_of

BODY = 1024 * 1024
PUSHED = 8 * 1024 * 1024  # a hub may send the whole feed; a longer one is polled anyway
PROBES = ("/healthz", "/readyz", "/metrics")  # asked by neighbours under whatever name they know us


class TooLarge(Exception):
    """The body is larger than anything we want."""


class Gate:
    """The outermost layer."""

    def __init__(self, app: ASGIApp, hosts: Hosts) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or let in and see the answer off."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await refusal(scope, receive, dressed(send, scope))
            return
        try:
            await self._app(scope, bounded(receive, limit(scope)), dressed(send, scope))
        except TooLarge:
            await PlainTextResponse("The body is too large.\n", 413)(scope, receive, dressed(send, scope))

    def _refusal(self, scope: Scope, headers: Headers) -> PlainTextResponse | None:
        host = headers.get("host", "")
        probing = scope["path"] in PROBES and "." not in host_of(host)
        if not probing and not self._hosts.allows(host):
            return PlainTextResponse(
                "This console does not answer to that name. Set public_url in the configuration to the address it has "
                "from outside.\n",
                421,
            )
        length = headers.get("content-length", "0")
        if not length.isdecimal() or len(length) > 12 or int(length) > limit(scope):
            return PlainTextResponse("The body is too large.\n", 413)
        return None


def limit(scope: Scope) -> int:
    """How long a body may be."""
    return PUSHED if scope["path"].startswith("/websub/") else BODY


def bounded(receive: Receive, most: int) -> Receive:
    """The request's body, as long as it stays within bounds, whatever its Content-Length says."""
    seen = 0

    async def read() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > most:
            raise TooLarge
        return message

    return read


def dressed(send: Send, scope: Scope) -> Send:
    """The answer with the headers that keep a browser from being used against us."""

    async def write(message: Any) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            if not scope["path"].startswith(("/static/", "/feeds/")):
                headers.setdefault("cache-control", "no-store")
        await send(message)

    return write
