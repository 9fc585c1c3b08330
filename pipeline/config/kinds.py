"""What a kind asks of its settings, read from the fields of its dataclass.

`repr=False` makes a field a secret; its annotation says what it takes; metadata `read` may bring a reader of its own.
"""

import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass
from datetime import timedelta
from typing import Any, Literal, Union, get_args, get_origin

from pipeline.config import values
from pipeline.config.tables import ChannelConfig
from pipeline.config.values import Reader
from pipeline.judged import KEY, Judge

ADDRESSES = {"url", "instance", "homeserver", "site", "service", "pds"}


@dataclass(frozen=True)
class Knowledge:
    """What the channels know and the configuration must ask: given by the caller, for neither imports the other."""

    kinds: Callable[[], Sequence[str]]
    settings_of: Callable[[str], Sequence[Field[Any]]]
    template: Callable[[str, str], str | None] = lambda _kind, _template: None  # what is wrong with a template
    complete: Callable[[ChannelConfig], str | None] = lambda _channel: None  # what is wrong with the settings together


def is_secret(field: Field[Any]) -> bool:
    """Whether a setting may be given by reference only."""
    return not field.repr


def is_required(field: Field[Any]) -> bool:
    """Whether a kind cannot do without a setting."""
    return field.default is MISSING and field.default_factory is MISSING


def reader_of(field: Field[Any]) -> Reader:
    """How a setting of a kind is read."""
    read, judge = reader_by_type(field), field.metadata.get(KEY)
    return read if judge is None else judging(read, judge)


def reader_by_type(field: Field[Any]) -> Reader:
    """How a setting of a kind is read, by its name and its type."""
    own = field.metadata.get("read")
    if own is not None:
        return own  # type: ignore[no-any-return]
    bare = plain_type(field.type)
    if bare is str and not is_secret(field) and (field.name in ADDRESSES or field.name.endswith("_url")):
        return values.url
    return reader_of_type(bare)


def judging(read: Reader, judge: Judge) -> Reader:
    """A reader whose value its kind judges too."""

    def judged(value: object) -> object:
        found = read(value)
        if complaint := judge(found):
            message, _, remedy = complaint.partition("; ")
            raise values.Judged(message, remedy or "mend it")
        return found

    return judged


def plain_type(kind: Any) -> Any:
    """The annotation without `| None`, of a text the type it names."""
    if isinstance(kind, str):
        kind = NAMED.get(kind.replace(" ", "").removesuffix("|None"), Any)
    if get_origin(kind) in (Union, types.UnionType):
        rest = [part for part in get_args(kind) if part is not types.NoneType]
        return rest[0] if len(rest) == 1 else Any
    return kind


def reader_of_type(kind: Any) -> Reader:
    """How values of a type are read."""
    if get_origin(kind) is Literal:
        return values.one_of(*get_args(kind))
    if get_origin(kind) in (tuple, list, Sequence):
        return values.numbers if int in get_args(kind) else values.texts
    if get_origin(kind) in (dict, Mapping):
        return table
    return READERS.get(kind, anything)


def anything(value: object) -> object:
    """A value whose type says nothing: the kind itself must cope."""
    return value


def optional_text(value: object) -> str:
    """A text, which may be empty."""
    if not isinstance(value, str):
        raise values.Bad(f"{values.shown(value)} is not a text", "write it in double quotes")
    return value


def table(value: object) -> dict[str, object]:
    """A table of anything."""
    if not isinstance(value, dict):
        raise values.Bad(f"{values.shown(value)} is not a table", 'write { key = "value" }')
    return value


READERS: Mapping[Any, Reader] = {
    str: optional_text,
    bool: values.flag,
    int: values.integer(-(10**12), 10**12),
    float: values.number,
    timedelta: values.duration,
    tuple: values.texts,
    list: values.texts,
    dict: table,
}
NAMED: Mapping[str, Any] = {
    **{kind.__name__: kind for kind in READERS},
    "tuple[str,...]": tuple,
    "list[str]": list,
    "Mapping[str,str]": dict,
    "Mapping[str,Any]": dict,
}
