"""Hints: at best effort, bounded, repeated by the sweep."""

import pytest
from structlog.testing import capture_logs

from pipeline.model import Stage
from workers import hints
from workers.hints import AGAIN, MANY, Broker, Outstanding, Sent

POLL = (Stage.POLL, "town")
DELIVER = (Stage.DELIVER, "book")


class Wire:
    """A broker that is there or not."""

    def __init__(self) -> None:
        self.sent: list[tuple[Stage, str]] = []
        self.there = True
        self.tried = 0

    def publish(self, stage: Stage, ident: str) -> None:
        self.tried += 1
        if not self.there:
            raise OSError("nobody there")
        self.sent.append((stage, ident))

    def waiting(self, _: Stage) -> int | None:
        return len(self.sent)


def test_what_is_due_is_hinted_once_while_its_message_waits() -> None:
    wire = Wire()
    sent = Sent(Broker(wire.publish), wire.waiting)
    for second in range(20):
        sent.offer([POLL, DELIVER], 100.0 + second)
    assert wire.sent == [POLL, DELIVER]


def test_it_is_hinted_again_when_the_queue_is_empty_or_after_half_a_minute() -> None:
    wire = Wire()
    sent = Sent(Broker(wire.publish), wire.waiting)
    sent.offer([POLL], 100.0)
    wire.sent.clear()  # taken, or lost with the broker
    assert sent.offer([POLL], 101.0) == 1
    assert sent.offer([POLL], 102.0) == 0
    assert sent.offer([POLL], 101.0 + AGAIN) == 1


def test_a_queue_that_is_longer_than_the_work_is_not_made_longer_still() -> None:
    wire = Wire()
    sent = Sent(Broker(wire.publish), wire.waiting)
    work = [(Stage.TEASER, f"a{number}") for number in range(50)]
    for minute in range(60):  # workers that are too slow
        sent.offer(work, 100.0 + 60 * minute)
    assert len(wire.sent) == (MANY + 1) * len(work)
    del wire.sent[: 2 * len(work)]
    assert sent.offer(work, 5000.0) == 50


def test_a_message_that_was_lost_is_repeated_although_others_keep_its_queue_filled() -> None:
    wire = Wire()
    sent = Sent(Broker(wire.publish), wire.waiting)
    sent.offer([POLL], 100.0)
    wire.sent[:] = [(Stage.POLL, "another")] * 3  # the broker forgot ours; two sweeps go on sending
    assert sent.offer([POLL], 101.0) == 0
    assert sent.offer([POLL], 101.0 + AGAIN) == 1


def test_what_was_done_and_is_due_anew_is_hinted_at_once() -> None:
    wire = Wire()
    sent = Sent(Broker(wire.publish), wire.waiting)
    sent.offer([POLL], 100.0)
    sent.offer([], 101.0)
    assert sent.offer([POLL], 102.0) == 1


def test_a_queue_whose_length_is_not_known_counts_as_not_empty() -> None:
    wire = Wire()
    sent = Sent(Broker(wire.publish), lambda _: None)
    sent.offer([POLL], 100.0)
    assert sent.offer([POLL], 101.0) == 0


def test_a_broker_that_is_away_is_tried_once_a_while_and_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = Wire()
    wire.there = False
    broker = Broker(wire.publish)
    sent = Sent(broker, wire.waiting)
    with capture_logs() as said:
        for _ in range(50):
            sent.offer([POLL, DELIVER], 100.0)
            sent.hint(*POLL)
        assert wire.tried == 1
        assert broker.away
        wire.there = True
        monkeypatch.setattr(hints, "monotonic", lambda: 1e12)
        assert sent.offer([POLL, DELIVER], 101.0) == 2
    assert [line["event"] for line in said] == ["broker_unreachable", "broker_reachable"]
    assert not broker.away


def test_within_one_process_a_message_that_waits_is_not_doubled() -> None:
    wire = Wire()
    outstanding = Outstanding(Broker(wire.publish))
    for _ in range(100):
        outstanding.hint(*DELIVER)
        outstanding.offer([DELIVER], 1.0)
    assert wire.sent == [DELIVER]


def test_what_is_being_worked_on_is_hinted_once_more_by_news_and_not_by_the_sweep() -> None:
    wire = Wire()
    outstanding = Outstanding(Broker(wire.publish))
    outstanding.hint(*DELIVER)
    outstanding.started(*DELIVER)
    outstanding.offer([DELIVER], 1.0)
    assert wire.sent == [DELIVER]
    outstanding.hint(*DELIVER)
    outstanding.hint(*DELIVER)
    assert wire.sent == [DELIVER] * 2
    outstanding.ended(*DELIVER)
    outstanding.started(*DELIVER)
    outstanding.ended(*DELIVER)
    outstanding.offer([DELIVER], 1.0)
    assert wire.sent == [DELIVER] * 3


def test_a_hint_that_could_not_be_sent_is_not_counted_as_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = Wire()
    wire.there = False
    outstanding = Outstanding(Broker(wire.publish))
    outstanding.hint(*POLL)
    wire.there = True
    monkeypatch.setattr(hints, "monotonic", lambda: 1e12)
    assert outstanding.offer([POLL], 1.0) == 1


def test_each_free_lane_gets_its_message_and_a_lane_that_sends_counts_as_taken() -> None:
    wire = Wire()
    outstanding = Outstanding(Broker(wire.publish), lambda *_: 3)
    outstanding.hint(*DELIVER)
    outstanding.started(*DELIVER)
    assert outstanding.offer([DELIVER] * 2, 1.0) == 2
    assert outstanding.offer([DELIVER] * 2, 2.0) == 0
    for _ in range(2):
        outstanding.started(*DELIVER)
    assert outstanding.offer([DELIVER], 3.0) == 0, "three are at it, whatever the rows say yet"
    outstanding.ended(*DELIVER)
    assert outstanding.offer([DELIVER], 4.0) == 1
