"""Pictures made fit for a platform: scaled, without EXIF, the right way up. The work happens in the bounded child."""

import io
import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.model import Error, Image

MOST_PIXELS = 40_000_000  # a larger picture is a bomb or a mistake
MOST_BYTES = 20 * 1024 * 1024
SMALLEST = 32  # pixels: a tracking pixel or an icon is no picture
QUALITIES = (88, 80, 72, 62, 50)
KEPT = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
READ = ("JPEG", "PNG", "WEBP", "GIF", "MPO", "AVIF", "BMP", "TIFF")


class PictureError(Error):
    """Why a post goes without its picture."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture ready to upload."""

    data: bytes
    mime: str
    width: int
    height: int
    alt: str = ""

    @property
    def name(self) -> str:
        """A file name, for multipart uploads."""
        return f"picture.{self.mime.rpartition('/')[2].replace('jpeg', 'jpg')}"


def prepare(
    image: Image,
    http: Any,
    bounded: Any,
    *,
    most_bytes: int = 4_000_000,
    most_pixels: int = 12_000_000,
    edge: int = 2048,
    alt: int = 1500,
) -> Picture:
    """The picture behind an address, within a platform's limits. Raises PictureError with the reason."""
    if bounded is None:
        raise PictureError("no picture: there is nowhere to convert it safely")
    try:
        answer = http.get(image.url, limit=MOST_BYTES, deadline=15.0, headers={"Accept": "image/*"})
        if not answer.ok:
            raise PictureError(f"no picture: its server answered {answer.status}")
        wanted = {"most_bytes": most_bytes, "most_pixels": most_pixels, "edge": edge}
        made = bounded.run("image", {"body": answer.body, **wanted}, seconds=10.0)
    except PictureError:
        raise
    except Error as error:
        raise PictureError(f"no picture: {error}") from None
    if "reason" in made:
        raise PictureError(f"no picture: {made['reason']}")
    return Picture(made["data"], made["mime"], made["width"], made["height"], shortened(image.alt, alt))


def shortened(text: str, most: int) -> str:
    """Alternative text within a platform's limit."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def job(payload: Mapping[str, Any]) -> dict[str, Any]:
    """In the child: bytes of a picture in, bytes of one that fits out, or the reason why not."""
    try:
        return convert(payload["body"], payload["most_bytes"], payload["most_pixels"], payload["edge"])
    except PictureError as error:
        return {"reason": str(error)}
    except Exception as error:  # Pillow raises many kinds on hostile input
        return {"reason": f"it is no picture that can be read ({type(error).__name__})"}


def convert(body: bytes, most_bytes: int, most_pixels: int, edge: int) -> dict[str, Any]:
    """The picture as it is when it fits and has no EXIF, else scaled and encoded anew."""
    import PIL.Image
    from PIL import ImageOps

    PIL.Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with _opened(body) as opened:
        if min(opened.size) < SMALLEST:
            raise PictureError(f"it measures only {opened.width} × {opened.height}")
        turned = ImageOps.exif_transpose(opened)
        colours = turned.info.get("icc_profile") if turned.mode == "RGB" else None
        clear = turned.info.get("transparency")
        turned.info = {} if clear is None else {"transparency": clear}  # comments and all else stay behind
        return _encoded(_sized(turned, most_pixels, edge), most_bytes, {"icc_profile": colours} if colours else {})


def _opened(body: bytes) -> Any:
    import PIL.Image

    PIL.Image.init()  # else some of the formats are not known yet
    known = [form for form in READ if form in PIL.Image.OPEN]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", PIL.Image.DecompressionBombWarning)
            return PIL.Image.open(io.BytesIO(body), formats=known)
    except (PIL.Image.DecompressionBombError, PIL.Image.DecompressionBombWarning):
        raise PictureError(f"it has more than {MOST_PIXELS:,} pixels") from None


def _sized(image: Any, most_pixels: int, edge: int) -> Any:
    ratio = min(1.0, edge / max(image.size), math.sqrt(most_pixels / (image.width * image.height)))
    if ratio < 1.0:
        size = (max(1, int(image.width * ratio)), max(1, int(image.height * ratio)))
        if image.mode == "P":
            image = image.convert("RGBA")
        image = image.resize(size)
    return image


def _encoded(image: Any, most_bytes: int, colours: dict[str, bytes]) -> dict[str, Any]:
    clear = image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
    if clear or image.mode in {"1", "P", "L"}:
        data = _saved(image.convert("RGBA" if clear else "RGB"), "PNG", optimize=True)
        if len(data) <= most_bytes:
            return _made(data, "PNG", image)
    image = _on_white(image)
    for _ in range(4):
        for quality in QUALITIES:
            data = _saved(image, "JPEG", quality=quality, optimize=True, progressive=True, **colours)
            if len(data) <= most_bytes:
                return _made(data, "JPEG", image)
        image = image.resize((max(1, image.width * 2 // 3), max(1, image.height * 2 // 3)))
    raise PictureError(f"it cannot be made smaller than {most_bytes:,} bytes")


def _on_white(image: Any) -> Any:
    import PIL.Image

    if image.mode in {"RGBA", "LA", "PA", "P"}:
        image = image.convert("RGBA")
        ground = PIL.Image.new("RGBA", image.size, "white")
        ground.alpha_composite(image)
        image = ground
    return image.convert("RGB")


def _saved(image: Any, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def _made(data: bytes, form: str, image: Any) -> dict[str, Any]:
    return {"data": data, "mime": KEPT[form], "width": image.width, "height": image.height}
