"""Content codings, undone in bounded steps: gzip, deflate, br, zstd."""

import codecs
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
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


def chain(header: str) -> list["Claimed"]:
    """The decoders for a Content-Encoding header, outermost coding first.

    Names of character sets and of no coding at all stand there by mistake and are passed over.
    """
    names = [name.strip().lower() for name in header.split(",")]
    names = [name for name in names if name and not _is_none(name)]
    if len(names) > _MOST:
        raise BadCoding(f"the body is encoded {len(names)} times over")
    unknown = [name for name in names if name not in _DECODERS]
    if unknown:
        raise BadCoding("the body has a content coding that was not asked for")
    return [Claimed(_DECODERS[name]()) for name in reversed(names)]


def flaw(header: str, decoders: Sequence["Claimed"]) -> str:
    """What is wrong of a header whose body was read all the same; empty for nothing."""
    if any(decoder.plain for decoder in decoders):
        return "its Content-Encoding names a compression that was not applied"
    wrong = [name for name in header.lower().split(",") if name.strip() not in ("", "identity", *_DECODERS)]
    return "its Content-Encoding names no content coding" if wrong else ""


def _is_none(name: str) -> bool:
    if name in ("identity", "none", "plain", "text", "binary", "8bit", "7bit"):
        return True
    try:
        return name not in _DECODERS and bool(codecs.lookup(name))
    except LookupError:
        return False


def run(decoders: Sequence[Decoder], data: bytes) -> Iterator[bytes]:
    """Pass a piece of the body through the whole chain, step by step."""
    if not decoders:
        yield data
        return
    for piece in decoders[0].feed(data):
        yield from run(decoders[1:], piece)


class Claimed:
    """A decoder for a coding that the header claims; text that is not in it is passed as it is."""

    def __init__(self, inner: Decoder) -> None:
        self._inner = inner
        self._begun = False
        self.plain = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Decoded pieces of this data."""
        if self.plain:
            yield data
            return
        try:
            for piece in self._inner.feed(data):
                self._begun = True
                yield piece
        except BadCoding:
            if self._begun or not _TEXT.match(data):
                raise
            self.plain = True
            yield data
        self._begun = True

    def finish(self) -> None:
        """Raise BadCoding if the end did not come."""
        if not self.plain:
            self._inner.finish()


_TEXT = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<[?!A-Za-z]|[{\[]\s*[\"\]}{\[])")


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
