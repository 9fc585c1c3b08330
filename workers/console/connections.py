"""What a connection may cost: time for a request's head and body, and how many there are at once.

A connection that only waits for its client, idle or with half a request sent, gives way to a new one. So no number of
them keeps anybody out. https://uvicorn.dev/server-behavior/ has no such limits.
"""

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from enum import Enum
from itertools import chain
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from workers.console.clients import Proxies, counted_as

TIMED_OUT = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
CROWDED = "crowded"  # said of a connection beyond the limit: it is answered for probes alone


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and numbers."""

    head: float = 10.0  # for the whole head of a request
    body: float = 60.0  # for the whole body
    idle: float = 15.0  # between two requests
    reading: float = 60.0  # for the client to take what was written
    each: int = 64  # connections of one client
    all: int = 256
    spare: int = 16  # beyond that, for probes


class Phase(Enum):
    """What a connection waits for; each phase has the name of its limit."""

    HEAD = "head"
    BODY = "body"
    IDLE = "idle"
    READING = "reading"


class Crowd:
    """All connections of a console, by client."""

    def __init__(self, limits: Limits, proxies: Proxies) -> None:
        self.limits = limits
        self._proxies = proxies
        self._clients: dict[str, set[Connection]] = defaultdict(set)

    def protocol(self, **given: Any) -> "Connection":
        """A new connection, as uvicorn asks for one."""
        return Connection(self, **given)

    def enter(self, one: "Connection") -> bool:
        """Count a connection in, making room where there are too many; whether it found room."""
        mine = self._clients[one.place]
        mine.add(one)
        if len(mine) > self.limits.each and not self._proxies.trusts(one.peer):
            return make_room(mine, one)
        if self.total() > self.limits.all:
            largest = max(self._clients.values(), key=len)
            return make_room(largest, one) or make_room(chain.from_iterable(self._clients.values()), one)
        return True

    def is_full(self, one: "Connection") -> bool:
        """Whether not even a probe has room."""
        mine, most = len(self._clients[one.place]), self.limits.each + self.limits.spare
        return self.total() > self.limits.all + self.limits.spare or (
            mine > most and not self._proxies.trusts(one.peer)
        )

    def leave(self, one: "Connection") -> None:
        """Count a connection out."""
        self._clients[one.place].discard(one)
        if not self._clients[one.place]:
            del self._clients[one.place]

    def total(self) -> int:
        """How many there are."""
        return sum(map(len, self._clients.values()))


def make_room(among: Any, one: "Connection") -> bool:
    """Close the connection that has waited for its client for longest; False when each is at work.

    One between two requests goes last: its client may be about to send the next.
    """
    waiting = [other for other in among if other is not one and other.phase is not None and not other.is_closing]
    if not waiting:
        return False
    min(waiting, key=lambda other: (other.phase is Phase.IDLE, other.since)).drop()
    return True


class Connection(H11Protocol):
    """A connection whose client has only so much time."""

    def __init__(self, crowd: Crowd, **given: Any) -> None:
        super().__init__(**given)
        self._crowd = crowd
        self._timer: asyncio.TimerHandle | None = None
        self.phase: Phase | None = None
        self.since = 0.0

    @property
    def peer(self) -> str:
        """The address at the other end."""
        return self.client[0] if self.client else ""

    @property
    def place(self) -> str:
        """The client it is counted for."""
        return counted_as(self.peer)

    @property
    def is_closing(self) -> bool:
        """Whether it ends already."""
        return bool(self.transport.is_closing())

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Find room, and begin to wait for a request."""
        super().connection_made(transport)
        if not self._crowd.enter(self):
            self.app_state = self.app_state | {CROWDED: True}
            if self._crowd.is_full(self):
                transport.abort()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave."""
        self._stop()
        self._crowd.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; the time for a phase begins with it, not with each byte of it."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()
        self._watch()

    def pause_writing(self) -> None:
        """Wait for the client to read."""
        super().pause_writing()
        self._watch()

    def resume_writing(self) -> None:
        """The client has read."""
        super().resume_writing()
        self._watch()

    def drop(self) -> None:
        """End it now, in favour of another."""
        self.transport.abort()

    def _watch(self) -> None:
        phase = self._waits_for()
        if phase is self.phase and phase is not None:
            return
        self._stop()
        self.phase, self.since = phase, self.loop.time()
        if phase is not None:
            self._timer = self.loop.call_later(getattr(self._crowd.limits, phase.value), self._late)

    def _waits_for(self) -> Phase | None:
        """What the client still owes; None while we are at work for it."""
        if self.flow.write_paused:
            return Phase.READING
        at_work = self.cycle is not None and not self.cycle.response_complete
        if at_work:
            return Phase.BODY if self.cycle.more_body else None
        if self.conn.their_state is h11.SEND_BODY:
            return Phase.BODY
        if self.cycle is None or self.conn.trailing_data[0]:
            return Phase.HEAD
        return Phase.IDLE

    def _late(self) -> None:
        if self.phase is Phase.HEAD and self.conn.trailing_data[0] and self.conn.our_state is h11.IDLE:
            self.transport.write(TIMED_OUT)
            self.transport.close()
        elif self.phase in (Phase.HEAD, Phase.IDLE):
            self.transport.close()
        else:
            self.transport.abort()

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
