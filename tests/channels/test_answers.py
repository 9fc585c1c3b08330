"""Any shape of any answer, at every call that any kind makes, ends in a receipt or in one of the four failures.

Which calls a kind makes is recorded while everything is as documented; then each of them is answered with each shape.
"""

import copy
import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import pytest

from pipeline import channels, departure
from pipeline.compose import Limits
from pipeline.model import DeliveryError, Uncertain
from pipeline.stages.deliver.sending import sound
from tests.channels.play import ARTICLE, NOW, WITH_IMAGE, Vault, config, door, post_of, sending
from tests.channels.scripted import Asked, Platform, platform
from tests.channels.test_conformance import CASES, HTTP, filled

DEEP = 100_000
BODIES: dict[str, dict[str, Any]] = {
    "null": {"json": None},
    "a list": {"json": []},
    "an object": {"json": {}},
    "a list of null": {"json": [None]},
    "a text": {"json": "ok"},
    "a number": {"json": 7},
    "true": {"json": True},
    "nothing": {"text": ""},
    "HTML": {"text": "<html><title>Sign in</title></html>", "type": "text/html"},
    "no UTF-8": {"bytes": b'{"id":"\xff\xfe"}', "type": "application/json"},
    "half of it": {"text": '{"id": "1', "type": "application/json"},
    "deep": {"text": "[" * DEEP + "]" * DEEP, "type": "application/json"},
    "huge": {"text": json.dumps({"id": "x" * 5_000_000}), "type": "application/json"},
    "refused oddly": {"status": 400, "json": {"error": [None, {"code": {}}], "errors": 7, "parameters": "x"}},
    "a wait that is none": {
        "status": 429,
        "json": {"retry_after": "soon", "retry_after_ms": {}, "errcode": "M_LIMIT_EXCEEDED", "parameters": []},
    },
    "a wait without end": {
        "status": 429,
        "json": {"retry_after": 1e300, "retry_after_ms": 1e300, "errcode": "M_LIMIT_EXCEEDED"},
        "headers": {"Retry-After": "9" * 40},
    },
    "broken": {"status": 500, "json": [[]]},
}
LEAVES: tuple[Any, ...] = (None, [[]], {"a": None}, -1, True, "\ud800\x00", "²", 1e308)


@dataclass
class Play:
    """One thing that a kind does, and the answers it gets while all is well."""

    kind: str
    call: str
    routes: dict[str, Any]
    remote_id: str | None = None
    article: Any = ARTICLE
    asked: list[tuple[str, str]] = field(default_factory=list)

    def act(self, channel: Any, to: Any) -> Any:
        given = (NOW,) if self.call == "recent" else ()
        if self.call in {"send", "edit", "look_up"}:
            return getattr(channel, self.call)(post_of(self.kind, self.article), to)
        return getattr(channel, self.call)(to, *given)

    @property
    def name(self) -> str:
        return f"{self.kind} {self.call}"


def plays(kind: str) -> Iterator[Play]:
    """Everything that a kind does, as its case tells."""
    case = CASES[kind]
    yield Play(kind, "send", case["routes"], article=WITH_IMAGE if case.get("article") == "with image" else ARTICLE)
    for step in case["also"]:
        if "raises" not in step:
            yield Play(kind, step["call"], step["routes"], step["remote_id"])
            if step["call"] == "look_up" and step.get("returns"):
                yield Play(kind, "recent", step["routes"], step["remote_id"])


def carried(play: Play, stage: Platform, http: Any) -> tuple[Any, departure.Trail]:
    """What came of it, as the stage would have it, and what the doors noted."""
    channel = channels.build(config(play.kind, filled(CASES[play.kind]["settings"], stage.url)))
    trails: list[departure.Trail] = []

    def act() -> Any:
        trails.append(departure.trail())
        return play.act(channel, sending(http, remote_id=play.remote_id, vault=Vault()))

    try:
        return departure.carried(act), trails[0]
    except DeliveryError as error:
        return http.cleaned(error), trails[0]


def recorded(play: Play, stage: Platform, http: Any) -> list[Asked]:
    """The calls that it makes while every answer is as documented."""
    stage.asked.clear()
    carried(play, stage, http)
    return list(stage.asked)


def mutations(answer: Any) -> Iterator[tuple[str, Any]]:
    """The documented answer with each of its values replaced by each of the leaves."""
    for path in list(paths(answer)):
        for leaf in LEAVES:
            changed = copy.deepcopy(answer)
            place = changed
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = leaf
            yield f"{'.'.join(map(str, path))} = {str(leaf)[:10]!r}", changed


def paths(value: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        yield (*before, step)
        yield from paths(inner, (*before, step))


def judged(play: Play, result: Any, trail: departure.Trail, what: str) -> None:
    """A receipt that can be kept, or a failure that can: uncertain only if something may have left."""
    if isinstance(result, DeliveryError):
        assert result.reason.isprintable(), what
        assert len(result.reason) <= 1000, what
        assert trail.left or not isinstance(result, Uncertain) or result.for_a_person, (what, result)
    elif play.call in {"send", "edit"} or (play.call == "look_up" and result is not None):
        kept = sound(result)
        assert kept is None or kept.remote_id.isprintable(), what
    elif play.call == "limits":
        numbers = [getattr(result, name) for name in Limits.__dataclass_fields__ if name != "counting"]
        assert all(number is None or (type(number) is int and number > 0) for number in numbers), (what, result)


def nth(routes: dict[str, Any], number: int, answer: dict[str, Any]) -> Callable[[Asked], dict[str, Any]]:
    """Everything is answered as documented but the call of this number."""
    normal, seen = Platform(routes), [0]

    def told(asked: Asked) -> dict[str, Any]:
        seen[0] += 1
        return answer if seen[0] == number + 1 else normal.answer(asked)

    return told


def answers(play: Play, asked: Asked, routes: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each shape in the place of this call's answer."""
    yield from BODIES.items()
    documented = Platform(copy.deepcopy(routes)).answer(asked)
    if "json" in documented:
        for what, changed in mutations(documented["json"]):
            yield what, {**documented, "json": changed}


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits between two questions are not waited for."""
    monkeypatch.setattr(time, "sleep", lambda _: None)


@pytest.mark.parametrize("kind", HTTP)
@pytest.mark.usefixtures("hasty")
def test_any_answer_to_any_call_ends_in_a_receipt_or_in_one_of_the_four_failures(kind: str) -> None:
    seen: set[tuple[str, str, str]] = set()
    with platform({}) as stage, closing(door(2.0)) as http:
        for play in plays(kind):
            routes = filled(play.routes, stage.url)
            stage.routes = copy.deepcopy(routes)
            for number, asked in enumerate(recorded(play, stage, http)):
                if (play.call, asked.method, asked.path) in seen:
                    continue
                seen.add((play.call, asked.method, asked.path))
                for what, answer in answers(play, asked, routes):
                    stage.answer = nth(copy.deepcopy(routes), number, answer)  # type: ignore[method-assign]
                    result, trail = carried(play, stage, http)
                    judged(play, result, trail, f"{play.name}, {asked.method} {asked.path}: {what}")
                del stage.answer
