"""Where a process may die: before and after every statement, every commit and every request, counted."""

import contextlib
from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from pipeline.store import Store


class Crash(BaseException):
    """The process is gone: nothing of ours may catch this."""


class Points:
    """Counts the effects of a life and ends it at one of them."""

    def __init__(self, at: int | None = None) -> None:
        self.at = at
        self.seen: list[str] = []
        self.connections: list[Any] = []

    def bury(self) -> None:
        """Close the dead process's connections as the system would: what was not committed is gone."""
        for connection in self.connections:
            with contextlib.suppress(Exception):
                connection.close()

    def around(self, name: str, effect: Callable[..., Any]) -> Callable[..., Any]:
        """The effect with a point before it (it never happened) and one after it (nobody learned that it did)."""

        def watched(*args: Any, **kwargs: Any) -> Any:
            self._point(f"before {name}")
            result = effect(*args, **kwargs)
            self._point(f"after {name}")
            return result

        return watched

    def _point(self, name: str) -> None:
        self.seen.append(name)
        if self.at is not None and len(self.seen) == self.at:
            raise Crash(name)


def watch_store(store: Store, points: Points) -> Store:
    """The store, with a point around every statement and every commit."""
    dialect = store.engine.dialect
    event.listen(store.engine, "connect", lambda connection, _: points.connections.append(connection))
    execute = dialect.do_execute

    def named(cursor: Any, statement: str, parameters: Any, context: Any = None) -> Any:
        name = " ".join(statement.split()[:3])
        try:
            return points.around(name, execute)(cursor, statement, parameters, context)
        except Crash:
            cursor.close()  # an open one would keep a closed connection of SQLite alive, and its lock
            raise

    dialect.do_execute = named  # type: ignore[method-assign]
    dialect.do_commit = points.around("commit", dialect.do_commit)  # type: ignore[method-assign]
    return store


class WatchedHttp:
    """The door, with a point around every request."""

    def __init__(self, http: Any, points: Points) -> None:
        self._http = http
        self._points = points

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._http, name)
        if name == "allowing":
            return lambda networks: WatchedHttp(found(networks), self._points)
        return self._points.around(f"http {name}", found) if name in ("get", "post", "ask") else found
