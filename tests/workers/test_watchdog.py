"""A worker that is deaf ends itself; one that is idle, busy or without a broker does not."""

from types import SimpleNamespace

from workers.watchdog import STUCK, Watchdog, stuck


class Broker:
    def __init__(self) -> None:
        self.there = True
        self.sent = 0

    def speak(self) -> None:
        if not self.there:
            raise OSError("away")
        self.sent += 1


class Kennel:
    """A watchdog with a clock of its own, that looks every five seconds."""

    def __init__(self, broker: Broker) -> None:
        self.now = 1000.0
        self.dog = Watchdog(broker.speak, clock=lambda: self.now)

    def minutes(self, count: int) -> list[str]:
        """What it finds meanwhile."""
        found = []
        for _ in range(count * 12):
            self.now += 5.0
            found.append(self.dog.look())
        return [trouble for trouble in found if trouble]


def test_a_worker_that_hears_nothing_although_it_was_spoken_to_is_deaf() -> None:
    broker = Broker()
    kennel = Kennel(broker)
    assert kennel.minutes(3) == []
    assert "has taken no message" in kennel.minutes(3)[0]
    assert broker.sent >= 3


def test_a_worker_that_hears_its_own_message_is_well() -> None:
    kennel = Kennel(Broker())
    for _ in range(30):
        assert kennel.minutes(2) == []
        kennel.dog.heard()


def test_a_worker_without_a_broker_is_not_deaf() -> None:
    broker = Broker()
    broker.there = False
    kennel = Kennel(broker)
    assert kennel.minutes(60) == []
    broker.there = True
    assert kennel.minutes(2) == []  # it has all the time again


def test_a_task_far_beyond_its_limit_is_named() -> None:
    tasks = [SimpleNamespace(name="standfirst.poll", time_start=1000.0), SimpleNamespace(name="new", time_start=None)]
    assert stuck(tasks, 1000.0 + STUCK - 1) is None
    assert "standfirst.poll" in (stuck(tasks, 1000.0 + STUCK + 1) or "")
