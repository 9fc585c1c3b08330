"""What kombu does not survive, mended from outside until it does. Each with the trace that showed it."""

from typing import Any


def redis() -> None:
    """A worker that lost Redis while tasks ran comes back, instead of ending.

    An acknowledgement (or, on closing, the return of a message) that comes after its channel was closed makes kombu 5.7
    stumble over the connection that is no longer there: "AttributeError: 'NoneType' object has no attribute 'client'"
    or "'hostname'" (as in kombu#582), which Celery calls unrecoverable. A connection error is what it is, and what
    everybody around expects; the message was a hint.
    """
    from kombu.transport.redis import Channel
    from redis.exceptions import ConnectionError as Lost

    channel: Any = Channel
    original = channel._create_client
    if getattr(original, "mended", False):
        return

    def _create_client(self: Any, *arguments: Any, **more: Any) -> Any:
        if self.connection is None or self.connection.client is None:
            raise Lost("the channel was closed")
        return original(self, *arguments, **more)

    _create_client.mended = True  # type: ignore[attr-defined]
    channel._create_client = _create_client
