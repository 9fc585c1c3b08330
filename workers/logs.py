"""One stream of log lines: ours and those of Celery, kombu, uvicorn, Alembic; columns for people, JSON for machines.

Every line passes the same processors; the last before the renderer takes out secrets. Tracebacks show no locals.
"""

import json
import logging
import os
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import structlog
from structlog.processors import JSONRenderer
from structlog.typing import EventDict, WrappedLogger

from pipeline.config.secret import HEARD
from workers.lines import Captured, is_ours
from workers.redact import LONG, Redactor
from workers.streams import steady, writable

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40, "critical": 50}

# What these loggers say below this level is said better by our own events, or by nobody.
QUIETER = {
    "celery.app.trace": logging.ERROR,
    "celery.worker.strategy": logging.WARNING,
    "celery.utils.functional": logging.WARNING,
    "celery.bootsteps": logging.INFO,
    "kombu": logging.INFO,
    "amqp": logging.WARNING,
    "uvicorn.access": logging.WARNING,
    "uvicorn.error": logging.WARNING,
    "urllib3": logging.WARNING,
    "urllib3.connectionpool": logging.ERROR,
    "sqlalchemy": logging.WARNING,
    "alembic": logging.WARNING,
    "PIL": logging.WARNING,
    "trafilatura": logging.CRITICAL,
    "asyncio": logging.WARNING,
}

_redactor = Redactor(())
_captured: Captured | None = None
_secrets: list[str] = []


def configure(
    kind: str = "console", secrets: Sequence[str] = (), *, stream: TextIO | None = None, level: str = "info"
) -> None:
    """Send every line of this process to the stream (standard error), as `console` or `json`, without these secrets."""
    global _redactor
    stream = stream or (_captured.stream if _captured else sys.stderr) or Path(os.devnull).open("w")  # noqa: SIM115
    _secrets[:] = secrets
    _redactor = Redactor(_secrets)
    if learn not in HEARD:
        HEARD.append(learn)
    structlog.configure(
        processors=[*SHARED, _cleaned, json_line if kind == "json" else Columns(colours=stream.isatty())],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=_Factory(stream),
        cache_logger_on_first_use=False,
    )
    _adopt_others(LEVELS[level])


def whole(kind: str, secrets: Sequence[str]) -> None:
    """Configure the log of a process that goes on: in JSON, whatever is written to its streams becomes a line of it."""
    global _captured
    if _captured is None:
        steady()  # before they are captured: a file that became a pipe cannot be set up anew
    if kind == "json" and _captured is None:
        _captured = Captured(_said_past_the_log)
    configure(kind, secrets)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


def _said_past_the_log(line: str) -> None:
    if is_ours(line) and _captured is not None:  # of a child that logs as we do
        _Line(_captured.stream).msg(line)
    else:
        logging.getLogger("streams").info("%s", line)


def announce(text: str) -> None:
    """A word to whoever started the process, beside the log or as a line of it; as it is, with the way in."""
    if _captured is None:
        print(text, file=sys.stderr)  # noqa: T201
        return
    at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    line = {"at": at, "level": "info", "event": "library_message", "logger": "console", "message": text}
    _Line(_captured.stream).msg(json.dumps(line))


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("python").critical("the process ends by a fault", exc_info=(kind, error, trace))


def _uncaught_in_thread(given: threading.ExceptHookArgs) -> None:
    if given.exc_value is not None and not issubclass(given.exc_type, SystemExit):
        told = (given.exc_type, given.exc_value, given.exc_traceback)
        logging.getLogger("python").critical("a thread ends by a fault", exc_info=told)


def learn(secret: str) -> None:
    """Keep a secret that came later out of what is said from now on."""
    global _redactor
    _secrets.append(secret)
    _redactor = Redactor(_secrets)


def redact(text: str) -> str:
    """The text without anything this process knows to be secret."""
    return _redactor.text(text)


def _adopt_others(level: int) -> None:
    """Bring the standard library's loggers into the same pipeline."""
    root = logging.getLogger()
    root.handlers[:] = [_Forward()]
    root.setLevel(level)
    for name in ("celery", "uvicorn", "uvicorn.error", "uvicorn.access", "celery.redirected", "celery.task"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    for name, quiet in QUIETER.items():
        logging.getLogger(name).setLevel(max(quiet, level))
    logging.captureWarnings(capture=True)


class _Forward(logging.Handler):
    """A standard library record becomes an event of ours."""

    def emit(self, record: logging.LogRecord) -> None:
        """Never raises: a line that cannot be written is not worth a worker."""
        try:
            fields: dict[str, Any] = {"logger": record.name, "message": record.getMessage()}
            if record.exc_info and record.exc_info[0]:
                fields["exc_info"] = record.exc_info
            name = record.levelname.lower()
            structlog.get_logger().log(LEVELS.get(name, record.levelno), "library_message", **fields)
        except Exception:
            self.handleError(record)


class _Line:
    """Writes one line at a time, whatever the number of threads."""

    _lock = threading.Lock()

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def msg(self, line: str) -> None:
        """Write the line whole; a stream that was closed takes nothing and harms nobody."""
        try:
            with self._lock:
                self._stream.write(writable(line, self._stream.encoding) + "\n")
                self._stream.flush()
        except (ValueError, OSError):
            return

    os.register_at_fork(before=_lock.acquire, after_in_parent=_lock.release, after_in_child=_lock.release)

    log = debug = info = warning = warn = error = critical = exception = fatal = msg


class _Factory:
    def __init__(self, stream: TextIO) -> None:
        self._line = _Line(stream)

    def __call__(self, *_: Any) -> _Line:
        return self._line


# --- processors ------------------------------------------------------------------------------------------------------


def _stamped(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"at": at, "level": event.pop("level"), "event": event.pop("event", ""), **event}


def _traced(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """An exception as a list of places and its own words; never with local variables, which hold tokens."""
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    elif isinstance(given, BaseException):
        given = (type(given), given, given.__traceback__)
    if given and given[0] is not None:
        event["exception"] = traceback_of(given)
    event.pop("stack_info", None)
    return event


def traceback_of(given: Any) -> str:
    """The traceback as text, with the causes that were not hidden by `from None`."""
    import traceback

    return "".join(traceback.TracebackException(*given, capture_locals=False, limit=-30).format()).rstrip()


def _cleaned(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """The last processor: plain values without secrets, none longer than 2 kB."""
    return _redactor.event(event)


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    _stamped,
    _traced,
]

json_line = JSONRenderer(ensure_ascii=True)

# --- columns for people ----------------------------------------------------------------------------------------------

COLOURS = {"debug": "2", "info": "32", "warning": "33", "error": "31", "critical": "1;31"}
FIRST = ("feed", "channel", "article", "delivery", "attempt")
ESCAPED = {code: repr(chr(code))[1:-1] for code in (*range(32), *range(0x7F, 0xA0), 0x2028, 0x2029, 0xFEFF)}
ESCAPED |= {code: f"\\u{code:04x}" for code in (0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))}


class Columns:
    """Renders time, level, event and `name=value` pairs; nothing in a value can leave its line or colour the screen."""

    def __init__(self, *, colours: bool) -> None:
        self._colours = colours

    def __call__(self, _: WrappedLogger, __: str, event: EventDict) -> str:
        at, level, name = event.pop("at", ""), str(event.pop("level", "info")), str(event.pop("event", ""))
        trace = event.pop("exception", None)
        head = f"{self._dim(str(at)[11:19])} {self._painted(COLOURS.get(level, '0'), f'{level:<8}')} {shown(name):<22}"
        line = " ".join(
            (head, *(f"{self._dim(shown(key) + '=')}{shown(value)}" for key, value in ordered(event)))
        ).rstrip()
        return line if trace is None else f"{line}\n{indented(str(trace))}"

    def _dim(self, text: str) -> str:
        return self._painted("2", text)

    def _painted(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._colours else text


def ordered(event: EventDict) -> list[tuple[str, Any]]:
    """What identifies first, then the rest as it was said."""
    first = [(key, event[key]) for key in FIRST if key in event]
    return first + [(key, value) for key, value in event.items() if key not in FIRST]


def shown(value: Any) -> str:
    """A value on one line: quoted where it holds a space, with control and direction characters spelt out."""
    text = str(value).translate(ESCAPED)
    return f'"{text}"' if " " in text or not text else text


def indented(trace: str) -> str:
    """A traceback below its line, every line of it indented: none can pass for a line of the log."""
    return "\n".join("    " + line.translate(ESCAPED) for line in trace[:LONG].split("\n"))
