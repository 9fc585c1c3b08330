"""Hints: messages that say where there may be work. Sent after the commit, at best effort; the sweep repeats them."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable
from time import monotonic

import structlog

from pipeline.model import Stage

log = structlog.get_logger()

Hint = tuple[Stage, str]

FORGETS = 300.0  # seconds after which a message that waits within one process is taken for lost
AGAIN = 30.0  # seconds after which the sweep repeats a hint although its queue has not been emptied
MANY = 10  # messages for each piece of work: more sweeps than anybody runs
REST = 5.0  # seconds without trying after the broker failed


class Broker:
    """Publishes with a rest after each failure, so that a broker that hangs costs one time-out and not one a hint."""

    def __init__(self, publish: Callable[[Stage, str], None]) -> None:
        self._publish = publish
        self._rests_until = 0.0
        self._away = False
        self._lock = threading.Lock()

    @property
    def away(self) -> bool:
        """Whether the last message could not be sent."""
        return self._away

    def send(self, stage: Stage, ident: str) -> bool:
        """Whether the message went out."""
        if monotonic() < self._rests_until:
            return False
        try:
            self._publish(stage, ident)
        except Exception as error:  # whatever the transport raises: the row is committed, the sweep hints again
            self._failed(error)
            return False
        self._succeeded()
        return True

    def _failed(self, error: Exception) -> None:
        with self._lock:
            self._rests_until = monotonic() + REST
            first, self._away = not self._away, True
        if first:
            log.warning("broker_unreachable", reason=f"{type(error).__name__}: {error}")

    def _succeeded(self) -> None:
        if self._away:
            with self._lock:
                back, self._away = self._away, False
            if back:
                log.info("broker_reachable")


class Sent:
    """What the sweep has hinted and when: due rows are not hinted anew each second while their message waits."""

    def __init__(self, broker: Broker, waiting: Callable[[Stage], int | None]) -> None:
        self.broker = broker
        self._waiting = waiting
        self._when: dict[Hint, float] = {}

    def hint(self, stage: Stage, ident: str) -> None:
        """Something new was just committed: say so at once."""
        self.broker.send(stage, ident)

    def offer(self, due: Iterable[Hint], now: float) -> int:
        """Hint what is due, unless its message must still be there; returns how many were sent."""
        wanted = Counter(due)
        self._when = {hint: when for hint, when in self._when.items() if hint in wanted}
        lengths: dict[Stage, int | None] = {}
        due_there = Counter(stage for stage, _ in wanted)
        sent = 0
        for hint, count in wanted.items():
            if not self._is_news(hint, now, lengths, due_there[hint[0]]):
                continue
            if not all(self.broker.send(*hint) for _ in range(count)):
                break
            self._when[hint] = now
            sent += count
        return sent

    def _is_news(self, hint: Hint, now: float, lengths: dict[Stage, int | None], due_there: int) -> bool:
        """Not hinted lately; or hinted, but the queue is empty, so that the message was taken or lost.

        A queue with many times more messages than there is work has that one, too: repeating it would only lengthen the
        wait. Many times, because each sweep sends its own: they keep a queue filled from which this one may have
        been lost, and then it must be repeated.
        """
        when = self._when.get(hint)
        if when is None:
            return True
        stage = hint[0]
        if stage not in lengths:
            lengths[stage] = self._waiting(stage)
        length = lengths[stage]
        late = now - when >= AGAIN
        return late if length is None else length == 0 or (late and length <= MANY * due_there)


class Outstanding:
    """The same within one process, where it is known which messages wait and which are being worked on."""

    def __init__(self, broker: Broker, hands: Callable[[Stage, str], int] = lambda *_: 1) -> None:
        """`hands`: how many workers a hint's subject can use at once."""
        self.broker = broker
        self._hands = hands
        self._waits: Counter[Hint] = Counter()
        self._runs: Counter[Hint] = Counter()
        self._lock = threading.Lock()
        self._forgot = monotonic()

    def hint(self, stage: Stage, ident: str) -> None:
        """Say so, unless a message about it waits already; one being worked on may have looked too early."""
        self._send((stage, ident), lambda: self._waits[stage, ident] == 0)

    def offer(self, due: Iterable[Hint], now: float) -> int:
        """Hint what is due as often as it is due, unless it waits or has all its workers; how many were sent."""
        if now - self._forgot > FORGETS:
            with self._lock:
                self._waits.clear()
            self._forgot = now
        return sum(self._call(hint, count) for hint, count in Counter(due).items())

    def _call(self, hint: Hint, count: int) -> int:
        hands = max(count, self._hands(*hint)) if count > 1 or self._runs[hint] else 1

        def wanted() -> bool:
            return self._waits[hint] < count and self._waits[hint] + self._runs[hint] < hands

        return sum(self._send(hint, wanted) for _ in range(count))

    def _send(self, hint: Hint, wanted: Callable[[], bool]) -> bool:
        with self._lock:
            if not wanted():
                return False
            self._waits[hint] += 1
        if self.broker.send(*hint):
            return True
        with self._lock:
            _less(self._waits, hint)
        return False

    def started(self, stage: Stage, ident: str) -> None:
        """A worker took the message."""
        with self._lock:
            _less(self._waits, (stage, ident))
            self._runs[stage, ident] += 1

    def ended(self, stage: Stage, ident: str) -> None:
        """The worker is done with it."""
        with self._lock:
            _less(self._runs, (stage, ident))


def _less(counter: Counter[Hint], hint: Hint) -> None:
    """One less, and nothing kept of what is over."""
    if counter[hint] <= 1:
        del counter[hint]
    else:
        counter[hint] -= 1
