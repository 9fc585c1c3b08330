"""Whatever a request holds, the console has an answer to it: every parameter is bounded and typed at the door."""

import copy
import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import pytest
import requests
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import TypeAdapter

from pipeline.config import load
from pipeline.world import World
from tests.workers.http_client import NOW, TOKEN, TOML, HttpClient, csrf, fanned
from workers.console.site import PARTS

BEARER = {"authorization": f"Bearer {TOKEN}"}
ROUTES = [route for part in PARTS for route in part.router.routes if isinstance(route, APIRoute)]


@pytest.fixture
def editor(tmp_path: Path, migrated_url: str) -> Iterator[HttpClient]:
    """Somebody with the token at a console on either database, and one article with its delivery."""
    path = tmp_path / "standfirst.toml"
    path.write_text(TOML.replace("sqlite:///standfirst.db", migrated_url))
    config = load(path, {"HOOK": "hook-s3cret", "TOKEN": TOKEN})
    world = World.open(config)
    fanned(world)
    client = HttpClient(config, replace(world, now=lambda: NOW))
    client.get("/login", params={"token": TOKEN})
    yield client
    client.close()
    world.close()


# --- every parameter is bounded --------------------------------------------------------------------------------------


def fields(dependant: Dependant) -> Iterator[Any]:
    for kind in ("path_params", "query_params", "header_params", "cookie_params", "body_params"):
        yield from getattr(dependant, kind)
    for part in dependant.dependencies:
        yield from fields(part)


def loose(schema: dict[str, Any]) -> list[str]:
    """What in a schema has no bound."""
    if "$ref" in schema or "enum" in schema or "const" in schema:
        return []
    if "anyOf" in schema:
        return [word for one in schema["anyOf"] for word in loose(one)]
    needs = {
        "string": ("maxLength", "pattern"),
        "integer": ("minimum", "maximum"),
        "number": ("minimum", "maximum"),
        "array": ("maxItems",),
    }.get(schema.get("type", "anything"), ())
    if schema.get("type", "anything") in ("anything", "object"):
        return ["untyped"]
    items = loose(schema["items"]) if "items" in schema else []
    return [name for name in needs if name not in schema] + items


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{min(route.methods)} {route.path}")
def test_every_parameter_of_every_route_is_bounded(route: APIRoute) -> None:
    for field in fields(route.dependant):
        info = field.field_info
        schema = TypeAdapter(info.annotation, config={}).json_schema() if not info.metadata else annotated(info)
        assert loose(schema) == [], (field.name, schema)


def annotated(info: Any) -> dict[str, Any]:
    return TypeAdapter(Annotated[info.annotation, *info.metadata]).json_schema()


# --- what once was a fault -------------------------------------------------------------------------------------------

HUGE = ["9223372036854775808", "-1", "99999999999999999999999999", "1e999", "NaN", "0x1", "", "١" * 30]
NAMES = ["%00", "a%00b", "%ED%A0%80", "%FF", "x" * 5000, "%F0%9F%90%88", "%22%27%3B--", "%25", "%5C", ".", "%2E%2E"]
GETS = [route.path for route in ROUTES if "GET" in route.methods]
POSTS = [route.path for route in ROUTES if "POST" in route.methods]


def written(path: str, value: str) -> str:
    """The path with this value for each of its parameters."""
    return re.sub(r"\{[^}]+\}", lambda _: value, path)


def asked(editor: HttpClient, method: str, target: str, **headers: str) -> int:
    """The status of an answer to exactly this target, which no library has made better."""
    parts = urlsplit(editor.console.address)
    head = f"{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {TOKEN}\r\n"
    head += f"Cookie: standfirst_session={editor.cookies['standfirst_session']}\r\n"
    with socket.create_connection((str(parts.hostname), int(parts.port or 0)), 20) as connection:
        connection.sendall((head + "Content-Length: 0\r\n\r\n").encode())
        return int(connection.makefile("rb").readline().split()[1])


def test_no_path_is_a_fault(editor: HttpClient) -> None:
    faults = []
    for method, paths in (("GET", GETS), ("POST", POSTS)):
        for path in paths:
            for value in [*NAMES, *HUGE]:
                status = asked(editor, method, written(path, value))
                if status >= 500:
                    faults.append((method, path, value[:20], status))
    assert faults == []


QUERIES = ["before", "limit", "feed", "channel", "state", "token", "hub.mode", "hub.topic", "hub.lease_seconds", "with"]


def test_no_query_is_a_fault(editor: HttpClient) -> None:
    faults = []
    for path in GETS:
        for name in QUERIES:
            for value in ("%00", "9223372036854775808", "9" * 400, "-1", "%ED%A0%80", "x" * 5000, "%27", "\u0661"):
                status = asked(
                    editor, "GET", f"{written(path, 'herald')}?{name}={requests.utils.quote(value, safe='%')}"
                )
                if status >= 500:
                    faults.append((path, name, value[:20], status))
    assert faults == []


BODIES: list[Any] = [
    *(None, [], {}, "", 0, True, 10**30, {"channels": None}, {"channels": ["\0"]}, {"channels": ["\ud800"]}),
    *({"channels": [1]}, {"channels": ["x"] * 2000}, {"channels": "desk"}, {"there": 2}, {"skip": "\0"}, {"again": []}),
]


def test_no_json_body_is_a_fault(editor: HttpClient) -> None:
    faults = []
    for path in [path for path in POSTS if path.startswith("/api")]:
        for body in BODIES:
            raw = json.dumps(body)
            sent = {**BEARER, "content-type": "application/json", "accept": "application/json"}
            answer = editor.post(written(path, "1"), data=raw, headers=sent)
            if answer.status_code >= 500:
                faults.append((path, raw[:40], answer.status_code))
        for raw in ("{", "[" * 100_000, "\xff", '{"channels": NaN}', "null\0"):
            answer = editor.post(written(path, "1"), data=raw.encode("latin-1"), headers=sent)
            if answer.status_code >= 500:
                faults.append((path, raw[:40], answer.status_code))
    assert faults == []


FORM = ["article", "other", "delivery", "there", "channel", "feed", "back", "reason", "upto", "key", "again", "skip"]
VALUES = ["\0", "9223372036854775808", "-1", "x" * 1900, "\U0001f408", "'", "%", "", "true"]


def test_no_form_is_a_fault(editor: HttpClient) -> None:
    word, faults = csrf(editor), []
    for path in [path for path in POSTS if path.startswith("/orders")]:
        for value in VALUES:
            form = dict.fromkeys(FORM, value) | {"csrf": word}
            for sent in (form, form | {"delivery": "1", "there": "true"}, form | {"article": "a", "key": ""}):
                answer = editor.post(path, data=sent)
                if answer.status_code >= 500:
                    faults.append((path, value[:20], answer.status_code))
    assert faults == []


@pytest.mark.parametrize("path", ["/articles", "/deliveries"])
def test_a_number_that_no_row_can_have_is_said_on_a_page(editor: HttpClient, path: str) -> None:
    answer = editor.get(f"{path}?before=9223372036854775808")
    assert answer.status_code == 422
    assert "before" in answer.text
    assert "<h1>Not taken</h1>" in answer.text


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("articles?limt=5", "limt"),
        ("articles?before=1&page=2", "page"),
        ("queues?x=1", "none"),
        ("overview?state=held", "state"),
        ("articles?limit=5&limit=6", "more than once"),
        ("articles?limit=501", "500"),
        ("articles?limit=0", "limit"),
        ("deliveries?state=bogus", "state"),
    ],
)
def test_a_query_that_would_mean_nothing_is_refused(editor: HttpClient, query: str, word: str) -> None:
    answer = editor.get(f"/api/{query}", headers=BEARER)
    assert answer.status_code == 422
    assert word in answer.json()["error"]


def test_an_order_with_a_parameter_too_much_is_not_carried_out(editor: HttpClient) -> None:
    assert editor.post("/api/channels/desk/pause?dry_run=true", headers=BEARER).status_code == 422
    assert not editor.get("/api/channels", headers=BEARER).json()[0]["paused_at"]


# --- schemathesis over the document, and over one of every route -----------------------------------------------------


def described(path: Path) -> Path:
    """An OpenAPI document with every route in it, not only those meant for programs."""
    shown = [copy.copy(route) for route in ROUTES]
    for route in shown:
        route.include_in_schema, route.methods = True, route.methods - {"HEAD"}
    path.write_text(json.dumps(get_openapi(title="Standfirst", version="1", routes=shown)))
    return path


def test_schemathesis_finds_no_fault_in_any_phase(editor: HttpClient, tmp_path: Path) -> None:
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", str(described(tmp_path / "openapi.json"))),
        *("--url", editor.console.address, "--header", f"Authorization: Bearer {TOKEN}"),
        *("--phases", "examples,coverage,fuzzing,stateful", "--max-examples", "3", "--mode", "all"),
        *("--checks", "not_a_server_error", "--seed", "1", "--generation-deterministic", "--no-color"),
        *("--max-redirects", "0", "--suppress-health-check", "all", "--workers", "2"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "Coverage" in done.stdout
