"""What each kind does beside posting: looking up, editing, deleting, saying whose credentials it has."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pipeline import channels
from pipeline.model import DeliveryError
from tests.channels.play import Vault, config, door, outcome, post_of, sending
from tests.channels.scripted import platform
from tests.channels.test_conformance import CASES, filled, holds

STEPS = [(kind, number) for kind, case in sorted(CASES.items()) for number in range(len(case.get("also", [])))]
POSTED = {"look_up", "edit"}  # they are given the post


def name(value: Any) -> str:
    return str(value)


def test_the_cases_are_json_that_people_can_read() -> None:
    for path in (Path(__file__).parent / "cases").glob("*.json"):
        assert path.read_text("utf-8").endswith("\n")


@pytest.mark.parametrize(("kind", "number"), STEPS, ids=name)
def test_a_kind_does_what_its_platform_expects(kind: str, number: int) -> None:
    case = CASES[kind]
    step = json.loads(json.dumps(case["also"][number]))
    with platform(step["routes"]) as stage, closing(door()) as http:
        stage.routes = filled(stage.routes, stage.url)
        step = filled(step, stage.url)
        channel = channels.build(config(kind, filled(case["settings"], stage.url)))
        to = sending(http, remote_id=step["remote_id"], vault=Vault(), **step.get("given", {}))
        given = (post_of(kind), to) if step["call"] in POSTED else (to,)
        result = outcome(lambda: getattr(channel, step["call"])(*given))
        if isinstance(result, DeliveryError) or "raises" in step:
            assert step.get("raises") == type(result).__name__, result
            return
        asked = stage.to(step["asked"])
    assert asked, [f"{one.method} {one.path}" for one in stage.asked]
    if "each" in step:  # every request, in order
        assert [f"{one.method} {one.path}" for one in stage.asked if one.method != "GET"] == step["each"]
    assert holds(step.get("query", {}), asked[-1].query)
    assert holds(step.get("headers", {}), asked[-1].headers)
    if "json" in step:
        assert holds(step["json"], asked[-1].json), asked[-1].json
    if "form" in step:
        assert holds(step["form"], asked[-1].form)
    if "returns" in step:
        assert returned(result, step["returns"])


def returned(result: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        assert {name: getattr(result, name) for name in wanted} == wanted
    else:
        assert result == wanted
    return True


@pytest.mark.parametrize("kind", sorted(kind for kind, case in CASES.items() if "main" in case))
def test_each_thing_a_kind_can_do_is_shown(kind: str) -> None:
    shown = {step["call"] for step in CASES[kind]["also"]}
    made = channels.channel_class(kind)
    able = {name for name in ("look_up", "edit", "delete", "limits") if hasattr(made, name)}
    assert able <= shown
