"""Whether anything may have left: the doors note it while a channel acts; a fault that nobody foresaw is named by it.

A kind reads answers as their platform documents them. What a platform says instead (null, a list, HTML) makes that
reading fail somewhere. `carried` is the one place where such a failure becomes one of the four that are known.
"""

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pipeline.model import Error, StoreError, Unavailable, Uncertain

T = TypeVar("T")

# What Python raises at a value of another form than expected.
MISREAD = (TypeError, AttributeError, LookupError, ValueError, ArithmeticError, RecursionError)
OURS = Path(__file__).parent


@dataclass
class Trail:
    """What the doors noted while a channel acted."""

    left: bool = False  # something that changes the other side may have left
    answered: str = ""  # the host of the last answer


_trail: ContextVar[Trail | None] = ContextVar("trail", default=None)
_preparing: ContextVar[bool] = ContextVar("preparing", default=False)


def left() -> None:
    """A door notes that something may have left which changes the other side."""
    if not _preparing.get():
        trail().left = True


def answered(host: str) -> None:
    """A door notes who answered."""
    trail().answered = host


@contextmanager
def preparing() -> Iterator[None]:
    """What leaves inside is no post: an upload, a login."""
    token = _preparing.set(True)
    try:
        yield
    finally:
        _preparing.reset(token)


def carried(act: Callable[[], T], *, doors: bool = True, told: Callable[[str], object] = lambda _: None) -> T:
    """What `act` gives; a fault that nobody foresaw is Unavailable while nothing has left, and Uncertain after that.

    `doors`: whether everything it sends goes through our doors; else it may have left from the beginning.
    `told` is given where in our code a fault was that nobody foresaw.
    """
    noted = Trail(left=not doors)
    token = _trail.set(noted)
    try:
        return act()
    except StoreError as error:
        raise _named(noted, f"the store went away while it was being sent: {error}") from None
    except Error:
        raise
    except Exception as error:
        told(_where(error))
        raise _named(noted, misread(error, noted.answered)) from None
    finally:
        _trail.reset(token)


def misread(error: Exception, host: str) -> str:
    """What to say of a fault: the last answer was not to be read, or it was our own."""
    if host and isinstance(error, MISREAD):
        return f"{host} answered in a form that cannot be read ({type(error).__name__})"
    return f"the channel's own code failed ({type(error).__name__})"


def trail() -> Trail:
    """What the doors noted so far; of nobody who acts, nothing."""
    return _trail.get() or Trail()


def _named(noted: Trail, reason: str) -> Uncertain | Unavailable:
    return Uncertain(reason) if noted.left else Unavailable(reason)


def _where(error: Exception) -> str:
    """The lines of our own code that led to a fault, without a word of what they worked on."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(OURS)]
    return " > ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in ours[-6:])
