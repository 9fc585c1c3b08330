"""Content codings are undone exactly, in bounded steps, and a cut body is never taken for a whole one."""

import contextlib
import gzip
import zlib

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from pipeline.http import codings

PACK = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "zstd": zstd.compress}
CODINGS = st.sampled_from(sorted(PACK))


def unpacked(header, pieces):
    decoders = codings.chain(header)
    found = b"".join(part for piece in pieces for part in codings.run(decoders, piece))
    for decoder in decoders:
        decoder.finish()
    return found


def cut(data, size):
    return [data[start : start + size] for start in range(0, len(data), size)]


@given(st.lists(CODINGS, min_size=1, max_size=2), st.binary(max_size=5000), st.integers(1, 700))
def test_what_was_packed_comes_out_however_it_arrives(names, data, size):
    packed = data
    for name in names:
        packed = PACK[name](packed)
    assert unpacked(", ".join(names), cut(packed, size)) == data


@given(CODINGS, st.binary(min_size=1, max_size=2000), st.data())
def test_a_cut_body_is_never_whole(name, data, draw):
    packed = PACK[name](data)
    short = packed[: draw.draw(st.integers(0, len(packed) - 1))]
    with pytest.raises(codings.BadCoding):
        unpacked(name, cut(short, 100))


@given(CODINGS, st.binary(max_size=300))
def test_any_bytes_are_decoded_or_refused(name, data):
    with contextlib.suppress(codings.BadCoding):
        unpacked(name, [data])


@pytest.mark.parametrize("name", sorted(PACK))
def test_a_bomb_comes_out_in_small_steps(name):
    packed = PACK[name](bytes(30_000_000))
    steps = codings.run(codings.chain(name), packed)
    assert max(len(next(steps)) for _ in range(20)) <= 2 * codings.STEP


def test_several_gzip_members_and_padding_are_one_body():
    assert unpacked("gzip", [gzip.compress(b"a") + gzip.compress(b"b") + bytes(9)]) == b"ab"
    assert unpacked("x-gzip, identity", [gzip.compress(b"a")]) == b"a"
