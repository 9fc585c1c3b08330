"""However many sweeps look, one of them tells an alert, and one of them that it is over."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from pipeline.store import Store, alerts
from pipeline.store.alerts import News

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PAUSED = ("channel_paused", "desk", "the token was revoked")
SILENT = ("feed_silent", "herald", "nothing new for 9 d")


def at(minute: float) -> datetime:
    return NOW + timedelta(minutes=minute)


def look(store: Store, minute: float, *found: tuple[str, str, str]) -> list[News]:
    """One sweep's look: what is left to it to tell."""
    with store.begin() as tx:
        alerts.saw(tx, found, at(minute))
    with store.begin() as tx:
        return alerts.claim(tx, at(minute), at(minute + 5))


def tell(store: Store, minute: float, *found: tuple[str, str, str]) -> list[tuple[str, bool]]:
    """A look whose news are told."""
    claimed = look(store, minute, *found)
    with store.begin() as tx:
        for news in claimed:
            alerts.told(tx, news, at(minute))
    return [(news.kind, news.holds) for news in claimed]


def together(count: int, work: Callable[[], list[News]]) -> list[News]:
    """What the same work gives in so many threads at once."""
    found: list[News] = []
    gate = threading.Barrier(count)

    def one() -> None:
        gate.wait()
        found.extend(work())

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_sweeps_that_look_at_the_same_moment_tell_each_alert_and_its_recovery_once(store: Store) -> None:
    began = together(4, lambda: look(store, 0, PAUSED, SILENT))
    assert sorted((news.kind, news.holds) for news in began) == [("channel_paused", True), ("feed_silent", True)]
    with store.begin() as tx:
        for news in began:
            alerts.told(tx, news, at(0))
    over = together(4, lambda: look(store, 1, SILENT))
    assert [(news.kind, news.holds, news.since) for news in over] == [("channel_paused", False, at(0))]


def test_a_restart_repeats_nothing(store: Store) -> None:
    assert tell(store, 0, PAUSED) == [("channel_paused", True)]
    again = Store(store.engine)
    assert tell(again, 1, PAUSED) == []
    assert tell(again, 2) == [("channel_paused", False)]
    assert tell(again, 3) == []


def test_what_comes_back_is_told_anew(store: Store) -> None:
    told = [tell(store, minute, *found) for minute, found in enumerate([[PAUSED], [], [PAUSED], []])]
    assert told == [[("channel_paused", holds)] for holds in (True, False, True, False)]


def test_a_sweep_that_ended_before_it_told_leaves_it_to_the_next(store: Store) -> None:
    assert [news.tries for news in look(store, 0, PAUSED)] == [0]
    assert look(store, 1, PAUSED) == []
    assert [news.tries for news in look(store, 6, PAUSED)] == [1]


def test_what_could_not_be_told_is_tried_at_the_next_look(store: Store) -> None:
    [news] = look(store, 0, PAUSED)
    with store.begin() as tx:
        alerts.untold(tx, news)
    assert look(store, 1, PAUSED) == [News(*PAUSED, holds=True, since=at(0), tries=1)]


def test_what_is_over_before_anybody_told_it_is_not_told(store: Store) -> None:
    [news] = look(store, 0, PAUSED)
    with store.begin() as tx:
        alerts.untold(tx, news)
    assert look(store, 1) == []
    assert tell(store, 2, PAUSED) == [("channel_paused", True)]


def test_what_is_over_while_it_is_told_is_told_to_be_over(store: Store) -> None:
    [news] = look(store, 0, PAUSED)
    assert look(store, 1) == []
    with store.begin() as tx:
        alerts.told(tx, news, at(1))
    assert tell(store, 2) == [("channel_paused", False)]


def test_a_look_that_was_overtaken_changes_nothing(store: Store) -> None:
    assert tell(store, 2, PAUSED) == [("channel_paused", True)]
    assert tell(store, 1) == [], "it looked before the channel was paused"
    assert tell(store, 4) == [("channel_paused", False)]
    assert tell(store, 3, PAUSED) == [], "it looked before the channel went on"
