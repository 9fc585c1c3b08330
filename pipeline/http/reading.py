"""What one exchange asks for, and the reading of its answer in counted bytes."""

import http.client
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import codings, guard
from .address import Address
from .answers import FetchError
from .line import IDLE_READ, Line

CHUNK = 64 * 1024
RATIO, RATIO_FROM = 200, 1024 * 1024


@dataclass(slots=True)
class Call:
    """What one exchange asks for and how much it may take."""

    method: str
    address: Address
    headers: Mapping[str, str]
    body: bytes | None
    limit: int  # decoded bytes
    wire_limit: int  # bytes as sent, where they are compressed
    ends: float  # monotonic
    left: bool = False  # whether a byte of the request may have reached the server


@dataclass(slots=True)
class Raw:
    """What came back: `fault` says why the body is not whole."""

    status: int
    headers: dict[str, str]
    body: bytes = b""
    fault: FetchError | None = None
    flaw: str = ""  # what is wrong of an answer that was read all the same


def keeps(headers: Mapping[str, str]) -> float:
    said = headers.get("keep-alive", "")
    _, found, seconds = said.partition("timeout=")
    digits = seconds.partition(",")[0].strip()
    return max(float(digits) - 1, 0.0) if found and digits.isdigit() and len(digits) < 6 else IDLE_READ


def headers(answer: http.client.HTTPResponse) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in answer.msg.items():
        name = name.lower()
        value = value.strip() if "\n" not in value else " ".join(value.split())
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def body(answer: http.client.HTTPResponse, headers: Mapping[str, str], call: Call) -> tuple[bytes, str]:
    """The decoded body, and what is wrong of its headers. Raises FetchError."""
    lengths = {part.strip() for part in headers.get("content-length", "").split(",")}
    if len(lengths) > 1:
        raise FetchError("the answer gives two different lengths", kind="protocol", left=True)
    coding = headers.get("content-encoding", "")
    try:
        decoders = codings.chain(coding) if answer.length != 0 else []
        return _decoded(answer, decoders, call), codings.flaw(coding, decoders)
    except codings.BadCoding as error:
        raise FetchError(str(error), kind="undecodable", left=True) from None


def _decoded(answer: http.client.HTTPResponse, decoders: Sequence[codings.Decoder], call: Call) -> bytes:
    pieces: list[bytes] = []
    taken = given = 0
    while data := answer.read(CHUNK):
        taken += len(data)
        for piece in codings.run(decoders, data):
            given += len(piece)
            pieces.append(piece)
            _measure(taken, given, call, call.wire_limit if decoders else call.limit)
    if answer.length:
        raise FetchError("the body ended before its length", kind="reset", left=True)
    if taken:
        for decoder in decoders:
            decoder.finish()
    return b"".join(pieces)


def _measure(taken: int, given: int, call: Call, most: int) -> None:
    if given > call.limit or taken > most:
        raise FetchError(f"the body is larger than {call.limit // 1024} KiB", kind="too_large", left=True)
    if given > RATIO_FROM and given > RATIO * taken:
        raise FetchError("the body unpacks to more than is plausible", kind="too_large", left=True)
    if time.monotonic() > call.ends:
        raise late(call)


def late(call: Call) -> FetchError:
    return FetchError("no complete answer came in time", kind="timeout", left=call.left)


def named(error: Exception, line: Line, call: Call) -> FetchError:
    """Our own words for a failure; the libraries' texts hold the whole URL."""
    if line.cut or isinstance(error, TimeoutError):
        return late(call)
    for kinds, kind, reason in _NAMES:
        if isinstance(error, kinds):
            return FetchError(reason or str(error), kind=kind, left=call.left)
    return FetchError(f"the exchange failed ({type(error).__name__})", kind="protocol", left=call.left)


def _names() -> list[tuple[Any, str, str]]:
    from urllib3.exceptions import SSLError

    return [
        (guard.Blocked, "blocked_address", ""),
        (guard.Unresolved, "unresolved", ""),
        ((ssl.SSLCertVerificationError, ssl.CertificateError), "tls", "the host's certificate is not valid for it"),
        ((ssl.SSLError, SSLError), "tls", "no secure connection could be made"),
        (ConnectionRefusedError, "refused", "the host refuses connections"),
        (
            (http.client.RemoteDisconnected, ConnectionError),
            "reset",
            "the connection was cut before the answer was whole",
        ),
        (http.client.IncompleteRead, "reset", "the body ended before its end"),
        (http.client.HTTPException, "protocol", "the answer is not proper HTTP"),
        (ValueError, "protocol", "the answer or the request is not proper HTTP"),
        (OSError, "refused", "the host cannot be reached"),
    ]


_NAMES = _names()
