"""What Celery and kombu do not survive, mended from outside until they do. Each with the trace that showed it."""

import binascii
from base64 import b64decode
from typing import Any

import structlog
from celery.exceptions import InvalidTaskError
from celery.worker.request import Request as CeleryRequest

log = structlog.get_logger()


class Request(CeleryRequest):  # type: ignore[misc]
    """A task's message whose headers are anything but right is an invalid task, not the end of the worker.

    Celery 5.7 reads `headers["id"]` and the like unguarded: "Unrecoverable error: KeyError('id')", and over AMQP the
    same message comes back to the next worker.
    """

    def __init__(self, message: Any, **more: Any) -> None:
        try:
            super().__init__(message, **more)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InvalidTaskError(f"its headers are not those of a task ({type(error).__name__})") from None


def broker(url: str) -> None:
    """Mend the transport of a broker's address, once; Redis' is the one that needs it."""
    if url.startswith(("redis", "sentinel")):
        _redis()


def _redis() -> None:
    from kombu.transport import redis as kombu_redis

    transport: Any = kombu_redis
    if not getattr(transport.Channel, "mended", False):
        transport.Channel.mended = True
        _a_queue_that_is_there_is_found(transport)
        _lost_channels_say_so(transport)
        _no_message_is_no_end(transport)


def _a_queue_that_is_there_is_found(transport: Any) -> None:
    """A queue's length is known although its name has a prefix.

    kombu 5.7 puts `global_keyprefix` before the keys of every command but EXISTS, by which it finds out whether there
    is a queue: every queue looked empty, and sweeps repeated each second what waited there.
    """
    prefixed = transport.GlobalKeyPrefixMixin.PREFIXED_SIMPLE_COMMANDS
    if "EXISTS" not in prefixed:
        prefixed.append("EXISTS")


def _lost_channels_say_so(transport: Any) -> None:
    """A worker that lost Redis while tasks ran comes back, instead of ending.

    An acknowledgement (or, on closing, the return of a message) that comes after its channel was closed makes kombu 5.7
    stumble over the connection that is no longer there: "AttributeError: 'NoneType' object has no attribute 'client'"
    or "'hostname'" (as in kombu#582), which Celery calls unrecoverable. A connection error is what it is, and what
    everybody around expects; the message was a hint.
    """
    from redis.exceptions import ConnectionError as Lost

    original = transport.Channel._create_client

    def _create_client(self: Any, *arguments: Any, **more: Any) -> Any:
        if self.connection is None or self.connection.client is None:
            raise Lost("the channel was closed")
        return original(self, *arguments, **more)

    transport.Channel._create_client = _create_client


def _no_message_is_no_end(transport: Any) -> None:
    """What is in the list and is no message is dropped with a word.

    kombu 5.7 reads the list's elements as its own JSON: "Unrecoverable error: JSONDecodeError" ends the worker.
    """
    read, deliver = transport.loads, transport.Transport._deliver

    def loads(text: str) -> Any:
        try:
            return read(text)
        except (ValueError, RecursionError):
            return None

    def _deliver(self: Any, message: Any, queue: str) -> None:
        if is_message(message):
            deliver(self, message, queue)
        else:
            log.warning("message_refused", queue=queue, reason="it is no message")

    transport.loads, transport.Transport._deliver = loads, _deliver


def is_message(raw: Any) -> bool:
    """Whether it has the parts that kombu takes for granted."""
    if not isinstance(raw, dict) or not isinstance(raw.get("properties"), dict):
        return False
    properties, headers = raw["properties"], raw.get("headers")
    place = properties.get("delivery_info")
    texts = [raw.get("body"), properties.get("delivery_tag")]
    kinds = [raw.get("content-type"), raw.get("content-encoding")]
    return (
        all(isinstance(text, str) for text in texts)
        and all(kind is None or isinstance(kind, str) for kind in kinds)
        and (headers is None or isinstance(headers, dict))
        and isinstance(place, dict)
        and {"exchange", "routing_key"} <= place.keys()
        and _is_readable(raw["body"], properties.get("body_encoding"))
    )


def _is_readable(body: str, encoding: Any) -> bool:
    if encoding != "base64":
        return encoding is None
    try:
        b64decode(body)
    except (binascii.Error, ValueError):
        return False
    return True
