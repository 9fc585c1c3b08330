"""Values of the model to and from what a JSON column holds."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pipeline.model import Image, Post


def image_out(image: Image | None) -> dict[str, Any] | None:
    """For the column."""
    return None if image is None else asdict(image)


def image_in(value: Mapping[str, Any] | None) -> Image | None:
    """From the column."""
    return None if value is None else Image(**value)


def post_out(post: Post | None) -> dict[str, Any] | None:
    """For the column: every attempt reads back the same bytes."""
    if post is None:
        return None
    # Not `asdict`, which copies every string deep: this stands in the way of each delivery.
    values = {name: getattr(post, name) for name in Post.__dataclass_fields__}
    return values | {
        "image": image_out(post.image),
        "published": post.published.isoformat(),
        "created": post.created.isoformat(),
    }


def post_in(value: Mapping[str, Any] | None) -> Post | None:
    """From the column; fields that a newer version added keep their defaults, unknown ones are passed over."""
    if value is None:
        return None
    known = {name: value[name] for name in Post.__dataclass_fields__ if name in value}
    for name in ("authors", "tags", "hashtags", "shortened", "parts"):
        known[name] = tuple(known.get(name) or ())
    known["image"] = image_in(known.get("image"))
    for name in ("published", "created"):
        known[name] = datetime.fromisoformat(known[name])
    return Post(**known)
