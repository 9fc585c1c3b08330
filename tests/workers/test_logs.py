"""What is written to the log, and what never is."""

import base64
import io
import json
import logging
import warnings
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
import structlog
from structlog.contextvars import bound_contextvars

from workers import logs
from workers.redact import MASK, SHORT, Redactor

SECRET = "c4nary/Tok+en=9&é"

Say = Callable[..., str]


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Leave the logging of other tests alone."""
    root, handlers, level = logging.getLogger(), logging.getLogger().handlers[:], logging.getLogger().level
    before = structlog.get_config()
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**before)
    logging.captureWarnings(capture=False)


@pytest.fixture(params=["console", "json"])
def written(request: pytest.FixtureRequest) -> Callable[[], str]:
    """Configures the log as either kind and gives what was written."""
    stream = io.StringIO()
    logs.configure(request.param, [SECRET], stream=stream)
    return stream.getvalue


@pytest.fixture
def json_lines() -> Callable[[], list[dict[str, Any]]]:
    stream = io.StringIO()
    logs.configure("json", [SECRET], stream=stream)
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


log = structlog.get_logger()

FORMS = {
    "plain": SECRET,
    "in a URL": quote(SECRET, safe=""),
    "in a query": f"https://a.example/x?q={quote(SECRET)}",
    "as JSON": json.dumps({"a": SECRET}),
    "as repr": repr({"a": SECRET}),
    "in Base64": base64.b64encode(SECRET.encode()).decode(),
    "in Basic": "Authorization: Basic " + base64.b64encode(f"user:{SECRET}".encode()).decode(),
    "in URL-safe Base64": base64.urlsafe_b64encode(f"ab{SECRET}".encode()).decode(),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_known_secret_is_written_in_none_of_its_disguises(written: Callable[[], str], form: str) -> None:
    log.info("article_new", reason=FORMS[form], nested={"deep": [FORMS[form], {FORMS[form]: 1}]})
    logging.getLogger("celery.worker").error("lost %s", FORMS[form])
    text = written()
    plain = [SECRET, quote(SECRET, safe=""), json.dumps(SECRET)[1:-1]]
    middle = base64.b64encode(SECRET.encode()).decode()[8:16]
    assert MASK in text.encode().decode("unicode_escape" if "\\u2022" in text else "utf-8")
    for trace in (*plain, middle):
        assert trace not in text


SHAPES = [
    "https://api.telegram.org/bot123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc/sendMessage",
    "https://discord.com/api/webhooks/1234567890/abcDEF-ghi_jkl",
    "https://hooks.slack.com/services/T0000/B0000/XXXXYYYY",
    "xoxb-1234567890-abcdefgh",
    "Authorization: Bearer abc.def-123_456",
    "https://a.example/feed?access_token=abcdef123&x=1",
    "https://a.example/feed?x=1&sig=abcdef123",
    "redis://press:abcdef123@10.0.0.1:6379/0",
    "postgresql://press:abcdef123@10.0.0.1/db",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcdef123",
    '{"password": "abcdef123"}',
    "token=abcdef123",
]


@pytest.mark.parametrize("text", SHAPES)
def test_what_has_the_shape_of_a_secret_is_not_written(text: str) -> None:
    said = Redactor(()).text(text)
    assert MASK in said
    for part in ("abcdef123", "AAEhBO", "abcDEF", "XXXXYYYY", "abcdefgh", "abc.def"):
        assert part not in said


@pytest.mark.parametrize(
    "text",
    [
        "The secret: how the bridge was paid for",
        "Bearer of good news",
        "a token of thanks",
        "https://herald.example/news?page=2&tag=keys",
        "basic income, 2024",
        "https://herald.example/@editor/113",
        "the platform answered 422: code 1021",
    ],
)
def test_what_is_no_secret_is_left_as_it_is(text: str) -> None:
    assert MASK not in Redactor(()).text(text) or text.startswith("The secret:")


def test_tracebacks_show_no_local_variables_and_no_secret(written: Callable[[], str]) -> None:
    def fails(token: str) -> None:
        held = token.upper()
        raise ValueError(f"could not send {token} {len(held)}")

    try:
        fails(SECRET)
    except ValueError:
        log.exception("stage_failed")
        logging.getLogger("uvicorn.error").exception("as a library says it")
    text = written()
    assert "ValueError" in text
    assert SECRET not in text
    assert SECRET.upper() not in text
    assert "held =" not in text.replace("held = token.upper()", "")


NASTY = 'x\n{"level": "info", "event": "delivery_settled"}\r\x1b[2J\x1b]8;;http://evil\x07\u2028\u202egnp\x00\x9b'


def test_a_value_cannot_forge_a_line_or_move_the_cursor(written: Callable[[], str]) -> None:
    log.info("article_new", reason=NASTY, **{"bad\nkey": 1})
    logging.getLogger("kombu").warning(NASTY)
    text = written()
    assert len(text.splitlines()) == 2
    assert not {"\x1b", "\x07", "\x00", "\r", "\u2028", "\u202e", "\x9b"} & set(text)


def test_a_traceback_s_words_cannot_pass_for_a_line(written: Callable[[], str]) -> None:
    try:
        raise ValueError("x\n12:00:00 info     delivery_settled  state=delivered")
    except ValueError:
        log.exception("stage_failed")
    assert not [line for line in written().splitlines() if line.startswith("12:00:00 info     delivery_settled")]


def test_a_value_is_no_longer_than_two_kilobytes(json_lines: Callable[[], list[dict[str, Any]]]) -> None:
    log.info("article_new", reason="é" * 1_000_000, deep=["x" * 5000])
    [line] = json_lines()
    assert len(line["reason"].encode()) <= SHORT + 4
    assert len(line["deep"][0]) <= SHORT + 1


def test_half_a_secret_at_the_cut_is_not_written(json_lines: Callable[[], list[dict[str, Any]]]) -> None:
    log.info("article_new", reason="x" * (SHORT - 6) + SECRET)
    assert SECRET[:5] not in json_lines()[0]["reason"]


def test_lines_of_libraries_come_the_same_way(json_lines: Callable[[], list[dict[str, Any]]]) -> None:
    with bound_contextvars(feed="town"):
        logging.getLogger("celery.worker").warning("connection %s", "lost")
    logging.getLogger("uvicorn.error").error("oh")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old", DeprecationWarning, stacklevel=1)
    first, second, third = json_lines()
    assert (first["event"], first["logger"], first["message"]) == (
        "library_message",
        "celery.worker",
        "connection lost",
    )
    assert (first["feed"], first["level"]) == ("town", "warning")
    assert (second["level"], third["logger"]) == ("error", "py.warnings")


def test_every_line_begins_with_its_moment_its_level_and_its_event(
    json_lines: Callable[[], list[dict[str, Any]]],
) -> None:
    log.warning("feed_failed", feed="town", error=ValueError("no"), when=object())
    [line] = json_lines()
    assert list(line)[:3] == ["at", "level", "event"]
    assert line["at"].endswith("Z")
    assert line["error"] == "no"


def test_a_closed_stream_harms_nobody() -> None:
    stream = io.StringIO()
    logs.configure("json", stream=stream)
    stream.close()
    log.info("article_new")
