"""Pictures are made to fit, lose what is private, and never cost a post."""

import io
import struct
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import PIL.Image
import pytest

from pipeline import channels, pictures
from pipeline.bounded import Bounded
from pipeline.model import Image, Receipt
from tests.channels.play import ARTICLE, Vault, config, door, outcome, post_of, sending
from tests.channels.scripted import platform

NOISE = PIL.Image.effect_noise((1600, 1200), 90).convert("RGB")


@pytest.fixture(scope="module")
def bounded() -> Iterator[Bounded]:
    with closing(Bounded(1)) as pool:
        yield pool


def encoded(image: Any, form: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def blank(width: int, height: int) -> bytes:
    """A black PNG of one bit a pixel, made row by row: the picture itself would take a gigabyte."""
    packer = zlib.compressobj()
    row = b"\0" + bytes((width + 7) // 8)
    packed = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    chunks = {b"IHDR": struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0), b"IDAT": packed, b"IEND": b""}
    made = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks.items()
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(made)


def converted(body: bytes, most_bytes: int = 4_000_000, most_pixels: int = 12_000_000, edge: int = 2048) -> Any:
    return pictures.job({"body": body, "most_bytes": most_bytes, "most_pixels": most_pixels, "edge": edge})


def opened(made: dict[str, Any]) -> Any:
    image = PIL.Image.open(io.BytesIO(made["data"]))
    image.load()
    assert image.size == (made["width"], made["height"])
    return image


@pytest.mark.parametrize("most", [976_000, 200_000, 30_000])
def test_a_large_picture_becomes_small_enough(most: int) -> None:
    made = converted(encoded(NOISE, quality=100), most_bytes=most)
    assert len(made["data"]) <= most
    assert made["mime"] == "image/jpeg"
    assert opened(made).format == "JPEG"


def test_no_edge_is_longer_than_the_limit_and_the_shape_stays() -> None:
    image = opened(converted(encoded(NOISE), edge=800))
    assert image.size == (800, 600)


def test_the_place_and_the_camera_are_removed_and_the_picture_stands_upright() -> None:
    exif = PIL.Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees
    exif[0x010F] = "Camera of Ana"
    exif.get_ifd(0x8825)[1] = "N"
    body = encoded(NOISE.resize((400, 200)), exif=exif, comment=b"taken at home")
    image = opened(converted(body))
    assert image.size == (200, 400)
    assert not image.getexif()
    assert b"Ana" not in converted(body)["data"]
    assert b"taken at home" not in converted(body)["data"]


def test_a_drawing_with_clear_parts_stays_clear_or_gets_a_white_ground() -> None:
    drawing = PIL.Image.new("RGBA", (300, 300), (255, 0, 0, 0))
    made = converted(encoded(drawing, "PNG"))
    assert (made["mime"], opened(made).mode) == ("image/png", "RGBA")
    noisy = NOISE.resize((900, 900)).convert("RGBA")
    noisy.putalpha(128)
    assert converted(encoded(noisy, "PNG"), most_bytes=300_000)["mime"] == "image/jpeg"


@pytest.mark.parametrize("form", ["PNG", "WEBP", "GIF", "TIFF", "BMP"])
def test_formats_that_platforms_do_not_take_are_converted(form: str) -> None:
    made = converted(encoded(NOISE.resize((200, 100)), form))
    assert made["mime"] in {"image/jpeg", "image/png"}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no picture that can be read"),
        (b"", "no picture that can be read"),
        (encoded(NOISE)[:2000], "no picture that can be read"),
        (encoded(NOISE.resize((1, 1)), "GIF"), "measures only"),
        (blank(30_000, 30_000), "more than 40,000,000 pixels"),
        (blank(7_000, 6_000), "pixels"),
    ],
    ids=["svg", "nothing", "half", "pixel", "bomb", "huge"],
)
def test_what_is_no_good_picture_is_refused_with_a_reason(body: bytes, words: str) -> None:
    assert words in converted(body)["reason"]


def test_the_same_picture_gives_the_same_bytes() -> None:
    body = encoded(NOISE)
    assert converted(body) == converted(body)


# --- on their way to a platform --------------------------------------------------------------------------------------

JPEG = encoded(NOISE.resize((640, 480)))
BLOB = {"$type": "blob", "ref": {"$link": "bafk"}}
IMAGE = {"uploadUrl": "$SERVER/upload", "image": "urn:li:image:1"}
WP = "POST /wp-json/wp/v2/media"
UPLOADS: dict[str, dict[str, Any]] = {
    "mastodon": {"POST /api/v2/media": {"json": {"id": "m1"}}},
    "misskey": {"POST /api/drive/files/create": {"json": {"id": "f1"}}},
    "bluesky": {"POST /xrpc/com.atproto.repo.uploadBlob": {"json": {"blob": BLOB}}},
    "x": {"POST /2/media/upload": {"json": {"data": {"id": "x1"}}}, "POST /2/media/metadata": {"json": {}}},
    "wordpress": {WP: {"status": 201, "json": {"id": 7}}, f"{WP}/7": {"json": {"id": 7}}},
    "linkedin": {"POST /rest/images": {"json": {"value": IMAGE}}, "PUT /upload": {"status": 201}},
}
PLACES = {
    "mastodon": ["media_ids", ["m1"]],
    "misskey": ["fileIds", ["f1"]],
    "bluesky": ["record.embed.external.thumb.ref.$link", "bafk"],
    "x": ["media.media_ids", ["x1"]],
    "wordpress": ["featured_media", 7],
    "linkedin": ["content.article.thumbnail", "urn:li:image:1"],
}


def at(value: Any, path: str) -> Any:
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def send(kind: str, bounded: Any, picture: Any, routes: dict[str, Any] | None = None) -> tuple[Any, Any, Any]:
    from tests.channels.test_conformance import CASES, filled

    case = CASES[kind]
    with platform({**case["routes"], **UPLOADS[kind], **(routes or {}), "GET /a.jpg": picture}) as stage:
        stage.routes = filled({k: v for k, v in stage.routes.items() if k != "GET /a.jpg"}, stage.url) | {
            "GET /a.jpg": picture
        }
        article = replace(ARTICLE, image=Image(f"{stage.url}/a.jpg", alt="The “old” bridge"))
        channel = channels.build(config(kind, filled(case["settings"], stage.url)))
        with closing(door()) as http:
            post = post_of(kind, article)
            result = outcome(lambda: channel.send(post, sending(http, bounded=bounded, vault=Vault())))
        return result, stage, stage.to(case["main"])[0].json


@pytest.mark.parametrize("kind", UPLOADS)
def test_a_picture_goes_along_with_its_words(kind: str, bounded: Bounded) -> None:
    result, stage, body = send(kind, bounded, {"bytes": JPEG, "type": "image/jpeg"})
    assert isinstance(result, Receipt), result
    assert result.degraded == ()
    path, value = PLACES[kind]
    assert at(body, path) == value
    said = b"".join(one.body for one in stage.asked)
    if kind not in {"bluesky", "linkedin"}:  # a card's picture has no words of its own there
        assert "The “old” bridge".encode() in said or b"The \\u201cold\\u201d bridge" in said


@pytest.mark.parametrize("kind", UPLOADS)
@pytest.mark.parametrize("trouble", ["missing", "no picture", "refused", "away"])
def test_a_post_goes_without_its_picture_rather_than_not_at_all(kind: str, trouble: str, bounded: Bounded) -> None:
    picture = {
        "missing": {"status": 404},
        "no picture": {"text": "<html>", "type": "text/html"},
    }.get(trouble, {"bytes": JPEG, "type": "image/jpeg"})
    upload = next(iter(UPLOADS[kind]))
    routes = {"refused": {upload: {"status": 422, "json": {"error": "no"}}}, "away": {upload: {"status": 500}}}
    result, _, body = send(kind, bounded, picture, routes.get(trouble))
    assert isinstance(result, Receipt), result
    assert len(result.degraded) == 1
    path, _ = PLACES[kind]
    assert at(body, path) in (None, [])


def test_mastodon_waits_until_a_picture_is_ready(bounded: Bounded) -> None:
    routes = {
        "POST /api/v2/media": {"status": 202, "json": {"id": "m1", "url": None}},
        "GET /api/v1/media/m1": [{"status": 206, "json": {"id": "m1"}}, {"status": 200, "json": {"id": "m1"}}],
    }
    result, stage, body = send("mastodon", bounded, {"bytes": JPEG, "type": "image/jpeg"}, routes)
    assert isinstance(result, Receipt)
    assert body["media_ids"] == ["m1"]
    assert len(stage.to("GET /api/v1/media/m1")) == 2


def test_without_a_child_to_convert_it_there_is_no_picture() -> None:
    result, _, _ = send("mastodon", None, {"bytes": JPEG, "type": "image/jpeg"})
    assert result.degraded == ("no picture: there is nowhere to convert it safely",)


def test_alternative_text_is_shortened_and_says_so() -> None:
    assert pictures.shortened("a" * 20, 10) == "a" * 9 + "…"
    assert pictures.shortened("  a\n b ", 10) == "a b"
