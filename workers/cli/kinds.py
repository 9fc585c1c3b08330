"""`standfirst channels --kinds`: every kind and what it can do; `--kind NAME`: its settings."""

from dataclasses import MISSING, Field
from typing import Any

from pipeline import channels
from pipeline.config import is_required, is_secret, spoken
from pipeline.model import Capabilities

Row = dict[str, Any]

COLUMNS = {
    "kind": "kind",
    "limit": "limit",
    "counting": "counted in",
    "media": "pictures",
    "card": "card",
    "edit": "edit",
    "delete": "delete",
    "thread": "thread",
    "in_doubt": "in doubt",
    "summary": "for",
}
SETTINGS = {"name": "setting", "takes": "takes", "required": "required", "secret": "secret", "default": "default"}


def every() -> list[Row]:
    """Every kind, by its name."""
    return [row(kind, channels.channel_class(kind).CAN) for kind in channels.kinds()]


def row(kind: str, can: Capabilities) -> Row:
    """What a kind declares."""
    return {
        "kind": kind,
        "summary": can.summary,
        "limit": can.limit,
        "byte_limit": can.byte_limit,
        "counting": can.counting if can.limit else None,
        "media": can.media or None,
        "card": None if can.card == "none" else can.card,
        "edit": can.edit,
        "delete": can.delete,
        "thread": can.thread,
        "replays": can.replays,
        "lookup": can.lookup,
        "in_doubt": channels.in_doubt(can),
        "lanes": can.lanes,
        "spacing": spoken(can.spacing),
        "per_hour": can.per_hour or None,
        "per_day": can.per_day or None,
        "template": can.template,
    }


def settings(kind: str) -> list[Row]:
    """The settings of a kind."""
    return [setting(field) for field in channels.settings_of(kind)]


def setting(field: Field[Any]) -> Row:
    """One setting."""
    default = None if field.default is MISSING or is_secret(field) else field.default
    takes = field.type if isinstance(field.type, str) else getattr(field.type, "__name__", str(field.type))
    if takes in ("str | None", "Optional"):
        takes = "str"
    return {
        "name": field.name,
        "takes": '{ env = "NAME" }' if is_secret(field) else takes,
        "required": is_required(field),
        "secret": is_secret(field),
        "default": default,
    }
