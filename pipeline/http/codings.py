"""Content codings, undone in bounded steps: gzip, deflate, br, zstd."""

import zlib
from collections.abc import Callable, Iterator
from typing import Any, Protocol

ACCEPTED = "gzip, deflate, br, zstd"
STEP = 256 * 1024  # decoded bytes at a time
_MOST = 3  # codings in a chain


class BadCoding(Exception):
    """The body is not what its Content-Encoding says, or ended in the middle of it."""


class Decoder(Protocol):
    """Takes compressed bytes and gives decoded ones in steps of at most STEP."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Decoded pieces of this data."""
        ...

    def finish(self) -> None:
        """Raise BadCoding if the end did not come."""
        ...


def chain(header: str) -> list[Decoder]:
    """The decoders for a Content-Encoding header, outermost coding first."""
    names = [name.strip().lower() for name in header.split(",")]
    names = [name for name in names if name and name != "identity"]
    if len(names) > _MOST:
        raise BadCoding(f"the body is encoded {len(names)} times over")
    unknown = [name for name in names if name not in _DECODERS]
    if unknown:
        raise BadCoding("the body has a content coding that was not asked for")
    return [_DECODERS[name]() for name in reversed(names)]


def run(decoders: list[Decoder], data: bytes) -> Iterator[bytes]:
    """Pass a piece of the body through the whole chain, step by step."""
    if not decoders:
        yield data
        return
    for piece in decoders[0].feed(data):
        yield from run(decoders[1:], piece)


class _Zlib:
    """gzip (also several members in a row) and both meanings of deflate."""

    def __init__(self, gzip: bool) -> None:
        self._gzip = gzip
        self._inner: Any = None
        self._begun = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        full = False  # a full step may have left output inside although all input is taken
        while data or full:
            if self._inner is None:
                if self._begun and not data.startswith(b"\x1f\x8b"):
                    return  # padding after the last member
                self._inner = zlib.decompressobj(self._bits(data))
                self._begun = True
            piece = self._step(data)
            full = len(piece) == STEP
            data = self._inner.unconsumed_tail
            if self._inner.eof:
                data, full = self._next_member(), False
            if piece:
                yield piece

    def _next_member(self) -> bytes:
        rest: bytes = self._inner.unused_data if self._gzip else b""
        self._inner = None
        return rest

    def finish(self) -> None:
        if not self._begun or self._inner is not None:
            raise BadCoding("the compressed body ended early")

    def _bits(self, data: bytes) -> int:
        if self._gzip:
            return 16 + zlib.MAX_WBITS
        return zlib.MAX_WBITS if data[0] & 0x0F == 8 else -zlib.MAX_WBITS  # many servers send the raw form

    def _step(self, data: bytes) -> bytes:
        try:
            return bytes(self._inner.decompress(data, STEP))
        except zlib.error:
            raise BadCoding("the body is not compressed as its header says") from None


class _Brotli:
    def __init__(self) -> None:
        import brotli

        self._inner = brotli.Decompressor()
        self._error: type[Exception] = brotli.error

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data or not self._inner.can_accept_more_data():
            try:
                piece = self._inner.process(data, output_buffer_limit=STEP)
            except self._error:
                raise BadCoding("the body is not compressed as its header says") from None
            data = b""
            if not piece:
                return
            yield piece

    def finish(self) -> None:
        if not self._inner.is_finished():
            raise BadCoding("the compressed body ended early")


class _Zstd:
    def __init__(self) -> None:
        try:
            from compression import zstd  # type: ignore[import-not-found, unused-ignore]
        except ImportError:
            from backports import zstd
        self._inner = zstd.ZstdDecompressor()
        self._error: type[Exception] = zstd.ZstdError

    def feed(self, data: bytes) -> Iterator[bytes]:
        while not self._inner.eof:
            try:
                piece = self._inner.decompress(data, STEP)
            except self._error:
                raise BadCoding("the body is not compressed as its header says") from None
            data = b""
            if not piece:
                return
            yield piece

    def finish(self) -> None:
        if not self._inner.eof:
            raise BadCoding("the compressed body ended early")


_DECODERS: dict[str, Callable[[], Decoder]] = {
    "gzip": lambda: _Zlib(True),
    "x-gzip": lambda: _Zlib(True),
    "deflate": lambda: _Zlib(False),
    "br": _Brotli,
    "zstd": _Zstd,
}
