"""Every kind that speaks HTTP gives each bad answer its right name, and says the same key each time."""

import io
import json
import logging
import socket
import traceback
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
import structlog

from pipeline import channels
from pipeline.model import Capabilities, DeliveryError, Receipt, Unavailable
from tests.channels.play import ARTICLE, KEY, WITH_IMAGE, Vault, config, door, outcome, post_of, sending
from tests.channels.scripted import platform

CASES = {path.stem: json.loads(path.read_text("utf-8")) for path in (Path(__file__).parent / "cases").glob("*.json")}
HTTP = sorted(kind for kind, case in CASES.items() if "main" in case)

ANSWERS: dict[str, tuple[dict[str, Any], str]] = {
    "400": ({"status": 400, "json": {"error": "Bad Request"}}, "Rejected"),
    "401": ({"status": 401, "json": {"error": "no"}}, "Unauthorised"),
    "403": ({"status": 403, "json": {"error": "no"}}, "Unauthorised"),
    "404": ({"status": 404, "json": {"error": "not here"}}, "Rejected"),
    "409": ({"status": 409, "json": {"error": "conflict"}}, "Rejected"),
    "410": ({"status": 410, "json": {"error": "gone"}}, "Rejected"),
    "413": ({"status": 413, "json": {"error": "too large"}}, "Rejected"),
    "422": ({"status": 422, "json": {"error": "Text is too long"}}, "Rejected"),
    "429": ({"status": 429, "json": {"error": "slow down"}}, "Unavailable"),
    "429 with a hint": (
        {"status": 429, "json": {"error": "slow down"}, "headers": {"Retry-After": "30"}},
        "Unavailable",
    ),
    "429 with a date": (
        {"status": 429, "json": {"error": "slow down"}, "headers": {"Retry-After": "$SOON"}},
        "Unavailable",
    ),
    "429 with nonsense": (
        {"status": 429, "json": {"error": "slow down"}, "headers": {"Retry-After": "a while"}},
        "Unavailable",
    ),
    "500": ({"status": 500, "json": {"error": "oops"}}, "Uncertain"),
    "503": ({"status": 503, "text": "<html><title>Back soon</title></html>", "type": "text/html"}, "Unavailable"),
    "503 with a hint": (
        {"status": 503, "json": {"error": "back soon"}, "headers": {"Retry-After": "30"}},
        "Unavailable",
    ),
    "502": ({"status": 502, "text": "<html><title>Bad gateway</title></html>", "type": "text/html"}, "Uncertain"),
    "504": ({"status": 504, "text": ""}, "Uncertain"),
    "HTML": ({"status": 200, "text": "<html><title>Sign in</title></html>", "type": "text/html"}, "Uncertain"),
    "nothing": ({"status": 200, "text": ""}, "Uncertain"),
    "other JSON": ({"status": 200, "json": ["ok"]}, "Uncertain"),
    "reset": ({"reset": True}, "Uncertain"),
    "time-out": ({"hang": True}, "Uncertain"),
}


HINTS = ("429 with a hint", "429 with a date", "503 with a hint")


def filled(value: Any, url: str) -> Any:
    """The case with the platform's address in it."""
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    return json.loads(json.dumps(value).replace("$SERVER", url).replace("$SOON", soon))


def named(result: Any) -> str:
    return type(result).__name__


def post_for(kind: str) -> Any:
    return post_of(kind, WITH_IMAGE if CASES[kind].get("article") == "with image" else ARTICLE)


def attempt(case: dict[str, Any], kind: str, stage: Any, *, patience: float = 5.0, **more: Any) -> Any:
    stage.routes = filled(stage.routes, stage.url)
    channel = channels.build(config(kind, filled(case["settings"], stage.url)))
    with closing(door(patience)) as http:
        return outcome(lambda: channel.send(post_for(kind), sending(http, **more)))


def carried(case: dict[str, Any], kind: str, stage: Any, patience: float) -> str:
    """The outcome as the stage sees it: an answer of another form than the documented one leaves the end open."""
    try:
        return named(attempt(case, kind, stage, patience=patience))
    except (KeyError, TypeError, AttributeError, IndexError):
        return "Uncertain"


def holds(part: Any, whole: Any) -> bool:
    """Whether all of `part` is in `whole`."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(name in whole and holds(part[name], whole[name]) for name in part)
    return bool(part == whole)


def test_every_kind_has_its_case() -> None:
    assert sorted(CASES) == channels.kinds()


@pytest.mark.parametrize("kind", HTTP)
def test_a_post_is_what_the_platform_wants(kind: str) -> None:
    case = CASES[kind]
    with platform(case["routes"]) as stage:
        result = attempt(case, kind, stage)
        asked = stage.to(case["main"])
        wanted = filled(case["request"], stage.url)
    assert isinstance(result, Receipt), result
    assert {name: getattr(result, name) for name in case["receipt"]} == filled(case["receipt"], stage.url)
    assert len(asked) == 1
    assert holds({name.lower(): value for name, value in wanted.get("headers", {}).items()}, asked[0].headers)
    assert holds(wanted.get("query", {}), asked[0].query)
    if "json" in wanted:
        assert holds(wanted["json"], asked[0].json), asked[0].json
    if "form" in wanted:
        assert holds(wanted["form"], asked[0].form), asked[0].form
    if "body" in wanted:
        assert asked[0].body.decode() == wanted["body"]


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("kind", HTTP)
def test_each_bad_answer_has_its_name(kind: str, answer: str) -> None:
    case = CASES[kind]
    told, expected = ANSWERS[answer]
    expected = case.get("outcomes", {}).get(answer, expected)
    with platform({case["main"]: told, **{r: a for r, a in case["routes"].items() if r != case["main"]}}) as stage:
        result = carried(case, kind, stage, patience=0.3 if answer == "time-out" else 5.0)
    assert result == expected


@pytest.mark.parametrize("answer", HINTS)
@pytest.mark.parametrize("kind", HTTP)
def test_a_platform_is_left_alone_as_long_as_it_asks_for(kind: str, answer: str) -> None:
    case = CASES[kind]
    with platform({**case["routes"], case["main"]: ANSWERS[answer][0]}) as stage:
        result = attempt(case, kind, stage)
    assert isinstance(result, Unavailable)
    assert result.retry_after is not None
    assert timedelta(seconds=25) <= result.retry_after <= timedelta(seconds=31)


@pytest.mark.parametrize("kind", HTTP)
def test_a_refused_connection_never_left(kind: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: nobody else gets the port
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        channel = channels.build(config(kind, filled(CASES[kind]["settings"], url)))
        with closing(door()) as http:
            result = outcome(lambda: channel.send(post_for(kind), sending(http)))
    assert named(result) == "Unavailable"


@pytest.mark.parametrize("kind", [kind for kind in HTTP if "duplicates" in CASES[kind]])
def test_a_duplicate_is_named_for_what_it_is(kind: str) -> None:
    case = CASES[kind]
    for duplicate in case["duplicates"]:
        with platform({**case["routes"], case["main"]: duplicate["answer"], **duplicate.get("routes", {})}) as stage:
            result = attempt(case, kind, stage)
        assert named(result) == duplicate["outcome"], result
        if "receipt" in duplicate:
            assert {name: getattr(result, name) for name in duplicate["receipt"]} == duplicate["receipt"]


@pytest.mark.parametrize("kind", HTTP)
def test_the_same_post_again_is_told_by_the_platform_by_its_key_or_by_looking(kind: str) -> None:
    """Named as a duplicate, or the same receipt for the same key, or found where it is."""
    case, can = CASES[kind], channels.channel_class(kind).CAN
    found = [step for step in case["also"] if step["call"] == "look_up" and step.get("returns")]
    assert case.get("duplicates") or can.replays is not None or (can.lookup and found)
    if can.replays is not None:
        vault = Vault()
        with platform(case["routes"]) as stage:
            first, second = (attempt(case, kind, stage, vault=vault) for _ in range(2))
        assert isinstance(first, Receipt)
        assert first == second


def key_in(asked: Any, where: str) -> str:
    place, _, name = where.partition(" ")
    if place == "header":
        return asked.headers[name]
    if place == "path":
        return asked.path
    value = asked.form if place == "form" else asked.json
    for step in name.split("."):
        value = value[int(step)] if step.isdigit() else value[step]
    return str(value)


@pytest.mark.parametrize("kind", HTTP)
def test_every_attempt_says_the_same(kind: str) -> None:
    case = CASES[kind]
    vault = Vault()
    with platform(case["routes"]) as stage:
        attempt(case, kind, stage, vault=vault)
        attempt(case, kind, stage, vault=vault, attempt=2)
        first, second = stage.to(case["main"])
    assert first.path == second.path
    assert first.body == second.body
    if "key" in case:
        assert key_in(first, case["key"]) == key_in(second, case["key"])


@pytest.mark.parametrize("kind", HTTP)
def test_a_kind_that_replays_says_its_key(kind: str) -> None:
    can: Capabilities = channels.channel_class(kind).CAN
    assert (can.replays is None) or "key" in CASES[kind]


@pytest.mark.parametrize("answer", [*ANSWERS, "refused", "2xx"])
@pytest.mark.parametrize("kind", HTTP)
def test_secrets_stay_out_of_words_and_logs(kind: str, answer: str) -> None:
    case = CASES[kind]
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.DEBUG)
    told = ANSWERS.get(answer, ({"reset": True}, ""))[0]
    configured = [secret for secret in case["secrets"] if secret in json.dumps(case["settings"])]
    if "json" in told:
        told = {**told, "json": {"error": f"you said {' '.join(configured)}"}}  # some platforms echo
    try:
        with platform({**case["routes"], case["main"]: told}) as stage, structlog.testing.capture_logs() as events:
            settings = filled(case["settings"], "http://127.0.0.1:9" if answer == "refused" else stage.url)
            channel = channels.build(config(kind, settings))
            words = ""
            try:
                with closing(door(secrets=configured)) as http:
                    channel.send(post_for(kind), sending(http))
            except DeliveryError as error:
                kept = http.cleaned(error)  # as the stage does
                words = "".join(traceback.format_exception(kept)) + kept.reason
            except (KeyError, TypeError, AttributeError, IndexError) as error:  # as the stage logs it
                words = "".join(traceback.format_exception(error))
    finally:
        logging.getLogger().removeHandler(handler)
        logging.getLogger().setLevel(logging.WARNING)
    said = f"{words} {lines.getvalue()} {events} {channel!r}"
    for secret in case["secrets"]:
        assert secret not in said


def test_the_article_of_the_cases_has_everything() -> None:
    assert ARTICLE.title
    assert ARTICLE.link
    assert ARTICLE.teaser
    assert KEY
