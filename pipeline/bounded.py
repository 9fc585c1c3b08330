"""Work on foreign documents in a small pool of child processes with limits on memory, CPU time and wall time.

A parser can be made to spend minutes on a few hundred kilobytes, and a thread cannot be stopped; a process can.
A message is plain values as JSON, with `bytes` beside it. `python -m pipeline.bounded` is the child.
"""

import contextlib
import gc
import importlib
import json
import os
import resource
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pipeline.model import Error

JOBS = {
    "feed": "pipeline.feeds.parse:job",
    "page": "pipeline.text.page:job",
    "material": "pipeline.text.material:job",
    "teaser": "pipeline.teaser:job",
    "image": "pipeline.pictures:job",
    "opml": "pipeline.feeds.opml:job",
    "links": "pipeline.feeds.discover:job",
    "warm": "pipeline.bounded:rehearse",
}
MEMORY = 768 * 1024 * 1024
IDLE = 60.0  # seconds after which a child ends by itself
LARGEST = 64 * 1024 * 1024  # bytes of a message
_GRACE = 5.0  # seconds beside the job's own: start-up and a busy machine are not its fault; its CPU limit is strict
_WORN = 300 * 1024  # KiB at its peak: such a child ends after its answer
_REHEARSED: dict[str, dict[str, Any]] = {
    "feed": {"body": b"<rss><channel/></rss>", "url": "", "content_type": None},
    "material": {"summary": "<p>A sentence.</p>"},
    "page": {"html": "<html><body><p>A sentence.</p></body></html>"},
}
_HEAVY = 128 * 1024 * 1024  # bytes of a child that was only kept warm: a new one weighs half of it
_CALL, _ERROR = "\x00call", "\x00error"  # beside the job's own names in a message
_BROKEN = ("its parser broke down", "crash")


class BoundedError(Error):
    """A job that broke its limits, or its process. `reason` is one of "time", "memory", "crash"."""

    def __init__(self, text: str, *, reason: str) -> None:
        super().__init__(text)
        self.reason = reason


class Bounded:
    """Runs named jobs in child processes, at most `size` at once. Thread-safe; children start when first needed."""

    def __init__(self, size: int = 2) -> None:
        self._size = size
        self._start()

    def _start(self) -> None:
        self._closed = threading.Event()
        self._places = threading.Semaphore(self._size)
        self._lock = threading.Lock()
        self._idle: list[_Child] = []
        self._pid = os.getpid()

    def run(self, job: str, payload: Mapping[str, Any], *, seconds: float = 10.0) -> Any:
        """What the job returns. Raises BoundedError when it crashed or broke its limits."""
        message = _packed({**payload, _CALL: [job, seconds]})
        if self._pid != os.getpid():  # forked: the children and what our locks are held for are our parent's
            self._start()
        with self._places:
            answer = self._ask(self._take(job), job, message, seconds)
            if answer is None:  # it was gone already, for want of work or killed; a new one knows better
                answer = self._ask(_Child(), job, message, seconds) or {_ERROR: list(_BROKEN)}
        if _ERROR in answer:
            text, reason = answer[_ERROR]
            raise BoundedError(text, reason=reason)
        bare: list[Any] = answer.pop(_CALL)
        return bare[0] if bare else answer

    def warm(self) -> None:
        """Have a child that has loaded what it reads feeds and pages with; within its idle time it stays."""
        if self._closed.is_set():
            return
        self._bury()
        with contextlib.suppress(BoundedError):
            self.run("warm", {})
        if self._closed.is_set():
            self.close()

    def _bury(self) -> None:
        """Let go of those that ended for want of work."""
        with self._lock:
            ended = [child for child in self._idle if not child.alive()]
            self._idle = [child for child in self._idle if child not in ended]
        for child in ended:
            child.kill()

    def close(self) -> None:
        """End the children."""
        self._closed.set()
        with self._lock:
            children, self._idle = self._idle, []
        for child in children:
            child.kill()

    def _ask(self, child: "_Child", job: str, message: bytes, seconds: float) -> dict[str, Any] | None:
        """The child's answer; None when it ended for a reason other than its limits."""
        ends = time.monotonic() + seconds + _GRACE
        try:
            child.write(message, ends)
            answer = child.read(ends)
        except EOFError:
            return _ended(child.ended())
        except TimeoutError:
            child.kill()
            return {_ERROR: [f"it took longer than {seconds:g} seconds", "time"]}
        except BaseException:
            child.kill()
            raise
        child.knows |= {job, *(_REHEARSED if job == "warm" else ())}
        with self._lock:
            self._idle.append(child)
        return answer

    def _take(self, job: str) -> "_Child":
        """An idle child, one that has done such a job before where there is one; else a new one."""
        while True:
            with self._lock:
                self._idle.sort(key=lambda child: job in child.knows)
                child = self._idle.pop() if self._idle else None
            if child is None:
                return _Child()
            if child.alive():
                return child
            child.kill()


class _Child:
    """One process and its two pipes."""

    def __init__(self) -> None:
        self.knows: set[str] = set()  # jobs whose libraries it has loaded
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pipeline.bounded"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(),
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self._to = self.process.stdin.fileno()
        self._from = self.process.stdout.fileno()
        os.set_blocking(self._to, False)
        os.set_blocking(self._from, False)

    def alive(self) -> bool:
        """Whether it waits for work: one that is about to end for want of it has closed its pipe first."""
        return self.process.poll() is None and not _ready(self._from, select.POLLIN, 0)

    def write(self, message: bytes, ends: float) -> None:
        """Send all of it. Raises TimeoutError, EOFError."""
        rest = memoryview(message)
        while rest:
            _wait(self._to, select.POLLOUT, ends)
            try:
                rest = rest[os.write(self._to, rest) :]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                raise EOFError from None

    def read(self, ends: float) -> dict[str, Any]:
        """One whole message. Raises TimeoutError, EOFError."""
        data = bytearray()
        while len(data) < _wanted(data):
            _wait(self._from, select.POLLIN, ends)
            piece = os.read(self._from, 1 << 20)
            if not piece:
                raise EOFError
            data += piece
        return _unpacked(bytes(data))

    def ended(self) -> int:
        """The exit code of a child that has closed its pipe."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(5)
        return self.kill()

    def kill(self) -> int:
        """End it now, leaving no zombie; its exit code."""
        self.process.kill()
        code = self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        return code


def _ready(fd: int, event: int, milliseconds: float) -> bool:
    poll = select.poll()
    poll.register(fd, event)
    return bool(poll.poll(milliseconds))


def _wait(fd: int, event: int, ends: float) -> None:
    if not _ready(fd, event, max(ends - time.monotonic(), 0) * 1000):
        raise TimeoutError


def _environment() -> dict[str, str]:
    """Nothing of ours goes along: the environment may hold credentials."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "TZ", "VIRTUAL_ENV") if name in os.environ}
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "MALLOC_ARENA_MAX": "1"}


def _ended(code: int) -> dict[str, Any] | None:
    if code == -signal.SIGPROF:
        return {_ERROR: ["it used more CPU time than a document may", "time"]}
    return None


# --- messages: their length, the length of the JSON, JSON, and the bytes values of its first level


def _packed(message: Mapping[str, Any]) -> bytes:
    blobs = {name: bytes(value) for name, value in message.items() if isinstance(value, bytes | bytearray | memoryview)}
    plain = {name: value for name, value in message.items() if name not in blobs}
    lengths = [[name, len(value)] for name, value in blobs.items()]
    head = json.dumps([plain, lengths], separators=(",", ":")).encode()
    body = b"".join([head, *blobs.values()])
    if len(body) > LARGEST:
        raise BoundedError("the document is too large", reason="memory")
    return struct.pack(">II", len(body), len(head)) + body


def _unpacked(data: bytes) -> dict[str, Any]:
    place = 8 + struct.unpack_from(">I", data, 4)[0]
    message: dict[str, Any]
    message, lengths = json.loads(data[8:place])
    for name, length in lengths:
        message[name] = data[place : place + length]
        place += length
    return message


def _wanted(start: bytes | bytearray) -> int:
    """How long a message is, once its first bytes are there."""
    if len(start) < 8:
        return 8
    length: int = struct.unpack_from(">I", start)[0]
    if length > LARGEST:
        raise EOFError
    return 8 + length


# --- the child


def _serve() -> None:
    source, sink = 0, os.dup(1)
    os.dup2(2, 1)  # what a library prints is no answer
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for our parent, who then closes our pipe
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    threading.Thread(target=_die_with_parent, args=(source,), daemon=True).start()
    gc.disable()  # a parser's many small objects are swept when its answer is on its way
    while _ready(source, select.POLLIN, IDLE * 1000):
        message = _message(source)
        leaves = message[_CALL][0] == "warm" and _weight() > _HEAVY
        answer = _answer(message)
        with os.fdopen(os.dup(sink), "wb") as out:
            out.write(answer)
        if leaves or _peak() > _WORN:
            return
        gc.collect()
        gc.freeze()  # what stays, libraries mostly, is not looked through again after every document


def _weight() -> int:
    """Bytes of memory in use now; 0 where the system does not say it so."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    except OSError:
        return 0


def _peak() -> int:
    """Kilobytes of memory in use at the most since this program began; 0 where the system does not say it so.

    Not the figure of getrusage: it is handed down by our parent, and a large one would wear out every child.
    """
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")), 0)


def rehearse(_: Mapping[str, Any]) -> None:
    """Do the usual jobs once with next to nothing: what they import is most of what a first document costs."""
    for job, payload in _REHEARSED.items():
        _job(job)(payload)


def _die_with_parent(source: int) -> None:
    _ready(source, 0, -1)  # only the other end's closing wakes this
    os._exit(0)


def _message(source: int) -> dict[str, Any]:
    data = bytearray()
    while len(data) < _wanted(data):
        piece = os.read(source, 1 << 20)
        if not piece:
            os._exit(0)
        data += piece
    return _unpacked(bytes(data))


def _answer(message: dict[str, Any]) -> bytes:
    call, seconds = message.pop(_CALL)
    signal.setitimer(signal.ITIMER_PROF, seconds)  # its signal ends us, whatever the parser is doing
    try:
        result = _job(call)(message)
        return _packed({**result, _CALL: []} if isinstance(result, dict) else {_CALL: [result]})
    except MemoryError:
        return _packed({_ERROR: ["it needs more memory than a document may", "memory"]})
    except Exception as error:  # whatever a parser does with hostile input is the document's failure
        return _packed({_ERROR: [f"its parser broke down ({type(error).__name__})", "crash"]})
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _job(name: str) -> Callable[[dict[str, Any]], Any]:
    module, _, function = JOBS[name].partition(":")
    job: Callable[[dict[str, Any]], Any] = getattr(importlib.import_module(module), function)
    return job


if __name__ == "__main__":
    _serve()
