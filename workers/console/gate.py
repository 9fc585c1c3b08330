"""What every request passes first: who asks, for which name and path, how much is sent, the headers of its answer."""

import asyncio
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from workers.console.clients import Proxies
from workers.console.connections import CROWDED
from workers.console.guard import HEADERS, Hosts, host_of

BODY = 1024 * 1024
PUSHED = 8 * 1024 * 1024  # a hub may send the whole feed; a longer one is polled anyway
PROBES = ("/healthz", "/readyz", "/metrics")  # asked by neighbours under whatever name they know us
AT_WORK = 32  # requests at once; the threads beyond that (anyio has 40) are for probes


class TooLarge(Exception):
    """The body is larger than anything we want."""


class Gone(Exception):
    """The client left before it had sent its request."""


class Gate:
    """The outermost layer. `prefix` is the path of the address from outside, which a proxy may keep or take away."""

    def __init__(self, app: ASGIApp, hosts: Hosts, proxies: Proxies, prefix: str = "") -> None:
        self._app = app
        self._hosts = hosts
        self._proxies = proxies
        self._prefix = prefix
        self._room = asyncio.Semaphore(AT_WORK)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or let in and see the answer off."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        scope = self._placed(scope, headers)
        answer = dressed(send, scope, headers.get("host", ""), self._prefix)
        refusal = self._refusal(scope, headers)
        try:
            if refusal is None:
                await self._served(scope, replayed(await whole(receive, limit(scope)), receive), answer)
        except TooLarge:
            refusal = PlainTextResponse("The body is too large.\n", 413)
        except Gone:
            return
        if refusal is not None:
            await refusal(scope, receive, answer)

    def _placed(self, scope: Scope, headers: Headers) -> Scope:
        """The request as if it came straight from its client, for a console at the root of its host."""
        peer = scope["client"][0] if scope.get("client") else ""
        path = below(scope["path"], unquote(self._prefix))
        raw = quote(path).encode()
        return {**scope, "client": (self._proxies.client(peer, headers), 0), "path": path, "raw_path": raw}

    async def _served(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer in its turn; a probe has its own room."""
        if scope["path"] in PROBES:
            await self._app(scope, receive, send)
            return
        turn = Turn(self._room)
        await turn.take()
        try:
            await self._app(scope, receive, turn.until_answered(send))
        finally:
            turn.give_back()

    def _refusal(self, scope: Scope, headers: Headers) -> PlainTextResponse | None:
        host, probing = headers.get("host", ""), scope["path"] in PROBES
        if scope.get("state", {}).get(CROWDED) and not probing:
            return PlainTextResponse("Too many connections. Try again in a moment.\n", 503, {"retry-after": "5"})
        if not (probing and "." not in host_of(host)) and not self._hosts.allows(host):
            return PlainTextResponse(
                "This console does not answer to that name. Set public_url in the configuration to the address it has "
                "from outside.\n",
                421,
            )
        if "\x00" in scope["path"]:
            return PlainTextResponse("There is no such page.\n", 404)
        if b"%00" in scope["query_string"]:
            return PlainTextResponse("A zero byte has no place in an address.\n", 400)
        length = headers.get("content-length", "0")
        if not length.isdecimal() or len(length) > 12 or int(length) > limit(scope):
            return PlainTextResponse("The body is too large.\n", 413)
        return None


class Turn:
    """A place among the requests that are worked on. It ends with the answer's head: to read it may take a while."""

    def __init__(self, room: asyncio.Semaphore) -> None:
        self._room = room
        self._taken = False

    async def take(self) -> None:
        """Wait for a place."""
        await self._room.acquire()
        self._taken = True

    def give_back(self) -> None:
        """Let the next one in; once."""
        if self._taken:
            self._taken = False
            self._room.release()

    def until_answered(self, send: Send) -> Send:
        """The answer's way out, which ends the turn."""

        async def write(message: Message) -> None:
            self.give_back()
            await send(message)

        return write


def below(path: str, prefix: str) -> str:
    """The path without the prefix, where it begins with it."""
    if prefix and (path == prefix or path.startswith(prefix + "/")):
        return path[len(prefix) :] or "/"
    return path


def limit(scope: Scope) -> int:
    """How long a body may be."""
    return PUSHED if scope["path"].startswith("/websub/") else BODY


async def whole(receive: Receive, most: int) -> bytes:
    """The request's body, within bounds whatever its Content-Length says. Raises TooLarge, Gone."""
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        more = message.get("more_body", False)
        if size > most:
            raise TooLarge
    return b"".join(parts)


def replayed(body: bytes, receive: Receive) -> Receive:
    """The body that was read, once; then whatever comes."""
    given = False

    async def read() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return read


def dressed(send: Send, scope: Scope, host: str, prefix: str) -> Send:
    """The answer with the headers that keep a browser from being used against us, and with our address from outside."""

    async def write(message: Any) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            if not scope["path"].startswith(("/static/", "/feeds/")):
                headers.setdefault("cache-control", "no-store")
            if "location" in headers:
                headers["location"] = prefix + local(headers["location"], host)
        await send(message)

    return write


def local(location: str, host: str) -> str:
    """Where a redirect leads, from this host's root: never by a name or scheme that only holds behind a proxy."""
    parts = urlsplit(location)
    return parts._replace(scheme="", netloc="").geturl() if parts.netloc == host else location
