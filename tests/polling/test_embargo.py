"""F25: a date ahead of now keeps its article as long as the feed says so, and is no measure of any other."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from pipeline.feeds import identity
from pipeline.store import articles, deliveries, feeds, history
from tests.histories.replay import MARK, START
from tests.polling.bench import Bench, Said, feed, same

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def at(name: str, when: datetime | None, **changes: Any) -> dict[str, Any]:
    """An entry of that date."""
    return {"is": name, "date": format_datetime(when) if when else None, **changes}


def opened(bench: Bench, every: str = "30m", delay: str = "0s") -> None:
    channel = f'[[channels]]\nname = "hook"\nkind = "webhook"\nurl = "{bench.server.url}/in"\n'
    route = '[[routes]]\nfeeds = ["news"]\nchannels = ["hook"]\n'
    bench.configure(f'every = "{every}"\ndelay = "{delay}"\n{channel}{route}')
    bench.server.scripts["/in"] = [Said(200, {"Content-Type": "application/json"}, b"{}")]


def documents(entries: Iterable[list[Any]]) -> list[Said]:
    return [feed(*each, etag=f'"{n}"') for n, each in enumerate(entries)]


def told(bench: Bench, *entries: list[Any]) -> None:
    """Poll each of the documents once, and do what follows."""
    bench.script(*documents(entries))
    for _ in entries:
        bench.poll()
        bench.work()


def posted(bench: Bench) -> list[str]:
    found = [json.loads(one.body) for one in bench.server.asked if one.path == "/in"]
    return [MARK.findall("{title} {link}".format_map(one["data"]["article"]))[0] for one in found]


def passes(bench: Bench, until: datetime) -> None:
    """Time passes; the feed is asked when it is due, and says the same."""
    while bench.row().due_at < until:
        bench.poll()
        bench.work()
    bench.clock.now = until
    bench.work()


ARCHIVE = ["b0", "b1", "b2"]


@pytest.mark.parametrize("ahead", [timedelta(days=3), timedelta(days=30), timedelta(days=365)])
def test_a_mistaken_date_that_is_corrected_goes_out_at_once(bench: Bench, ahead: timedelta) -> None:
    opened(bench)
    told(bench, ARCHIVE, [at("x", START + ahead), *ARCHIVE])
    assert posted(bench) == []
    told(bench, [at("y", START), at("x", START), *ARCHIVE])
    assert sorted(posted(bench)) == ["Mkx", "Mky"]
    with bench.store.read() as tx:
        said = [step.reason for step in history.of_article(tx, 4) if step.decision == "redated"]
    assert said == ["its feed dates it 2026-11-22 10:00 UTC now: it waits no longer"]


@pytest.mark.parametrize("later", [5 * DAY, 2 * DAY + 3 * HOUR])
def test_a_rescheduled_article_is_posted_at_its_new_time_and_not_at_the_old_one(bench: Bench, later: timedelta) -> None:
    opened(bench)
    told(bench, ARCHIVE, [at("x", START + 2 * DAY), *ARCHIVE], [at("x", START + later), *ARCHIVE])
    bench.script(same())
    passes(bench, START + later - HOUR)
    assert posted(bench) == []
    passes(bench, START + later)
    assert posted(bench) == ["Mkx"]


def test_an_article_that_is_moved_on_by_hours_in_the_last_hour_waits_although_that_is_less_than_a_day(
    bench: Bench,
) -> None:
    opened(bench)
    told(bench, ARCHIVE, [at("x", START + 2 * DAY), *ARCHIVE])
    bench.script(same())
    passes(bench, START + 2 * DAY - HOUR)
    bench.script(feed(at("x", START + 2 * DAY + 5 * HOUR), *ARCHIVE, etag='"9"'), same())
    passes(bench, START + 2 * DAY + 4 * HOUR)
    assert posted(bench) == []
    passes(bench, START + 2 * DAY + 5 * HOUR)
    assert posted(bench) == ["Mkx"]


def test_an_article_that_is_brought_forward_is_posted_then(bench: Bench) -> None:
    opened(bench)
    told(bench, ARCHIVE, [at("x", START + 6 * DAY), *ARCHIVE], [at("x", START + 2 * DAY), *ARCHIVE])
    bench.script(same())
    passes(bench, START + 2 * DAY)
    assert posted(bench) == ["Mkx"]


def test_an_edit_that_comes_with_the_new_date_changes_nothing_of_that(bench: Bench) -> None:
    opened(bench)
    text = f"<p>{'The hall is booked for another evening than it was. ' * 3}</p>"
    told(bench, ARCHIVE, [at("x", START + 2 * DAY), *ARCHIVE])
    told(bench, [at("x", START + 4 * DAY, text=text), *ARCHIVE])
    bench.script(same())
    passes(bench, START + 4 * DAY - HOUR)
    assert posted(bench) == []
    passes(bench, START + 4 * DAY)
    assert posted(bench) == ["Mkx"]


def test_a_date_that_is_left_out_for_once_does_not_let_it_go(bench: Bench) -> None:
    opened(bench)
    told(bench, ARCHIVE, [at("x", START + 2 * DAY), *ARCHIVE], [at("x", None), *ARCHIVE])
    assert posted(bench) == []
    bench.script(same())
    passes(bench, START + 2 * DAY)
    assert posted(bench) == ["Mkx"]


def test_an_article_that_rests_waits_where_its_feed_dates_it_ahead_meanwhile(bench: Bench) -> None:
    opened(bench, every="10m", delay="1h")
    told(bench, ARCHIVE, [at("x", START), *ARCHIVE], [at("x", START + 2 * DAY), *ARCHIVE])
    bench.script(same())
    passes(bench, START + 2 * DAY - HOUR)
    assert posted(bench) == []
    passes(bench, START + 2 * DAY)
    assert posted(bench) == ["Mkx"]


def test_a_date_that_moves_after_the_post_does_nothing(bench: Bench) -> None:
    opened(bench)
    told(bench, ARCHIVE, [at("x", START), *ARCHIVE], [at("x", START + 3 * DAY), *ARCHIVE], [at("x", START), *ARCHIVE])
    passes(bench, START + 4 * DAY)
    assert posted(bench) == ["Mkx"]


def test_the_feed_is_asked_again_shortly_before_an_embargo_ends(bench: Bench) -> None:
    opened(bench, every="6h")
    ends = START + 2 * DAY + timedelta(minutes=17)
    told(bench, ARCHIVE, [at("x", ends), *ARCHIVE])
    bench.script(same())
    polls = []
    while bench.clock.now < ends:
        bench.poll()
        polls.append(bench.clock.now)
        if bench.row().due_at > ends:
            break
    assert timedelta(0) < ends - polls[-1] <= timedelta(minutes=3)
    assert len(polls) < 20, "once, and not again and again"


# --- no measure of other articles -------------------------------------------------------------------------------------


def busy(name: str, count: int, newest: datetime) -> list[dict[str, Any]]:
    return [at(f"{name}{n}", newest - n * timedelta(minutes=6)) for n in range(count)]


@pytest.mark.parametrize("ahead", [2 * HOUR, 10 * HOUR, 20 * HOUR, 30 * HOUR])
def test_articles_after_one_that_is_dated_ahead_are_not_held(bench: Bench, ahead: timedelta) -> None:
    opened(bench)
    tonight = at("c0", START + ahead)
    told(bench, busy("a", 5, START - HOUR), [tonight, *busy("x", 4, START)])
    told(bench, busy("y", 10, START + timedelta(minutes=40)), busy("z", 5, START + timedelta(minutes=80)))
    assert bench.articles("held") == []
    assert len([mark for mark in posted(bench) if mark[:3] in ("Mkx", "Mky", "Mkz")]) == 19


@pytest.mark.parametrize("fast", [2 * HOUR, 7 * HOUR, 23 * HOUR])
@pytest.mark.parametrize("shown", [3, 5, 8])
def test_a_clock_that_was_fast_and_is_mended_loses_nothing(bench: Bench, fast: timedelta, shown: int) -> None:
    opened(bench)
    slot = timedelta(minutes=30)

    def document(poll: int, off: timedelta) -> list[dict[str, Any]]:
        """Each poll a new one on top, the rest as before; its clock is off by so much."""
        return [at(f"e{n}", START + n * slot + off) for n in range(poll, poll - shown, -1) if n >= 0]

    bench.script(*documents(document(poll, fast if poll < 14 else timedelta(0)) for poll in range(10, 20)))
    bench.clock.now = START + 10 * slot
    for poll in range(10, 20):
        bench.clock.now = max(bench.clock.now, START + poll * slot + timedelta(minutes=5))
        bench.poll(by="person")
        bench.work()
    assert bench.articles("held") == []
    assert posted(bench) == [f"Mke{n}" for n in range(11, 20)]


def test_a_store_whose_measure_is_ahead_already_is_mended(bench: Bench) -> None:
    opened(bench)
    told(bench, busy("a", 5, START - HOUR), busy("b", 5, START - timedelta(minutes=10)))
    spoilt = replace(identity.load(bench.row().memory), newest=START + DAY, oldest=START + 2 * HOUR)
    with bench.store.begin() as tx:
        feeds.change(tx, "news", memory=identity.dump(spoilt))
    told(bench, busy("x", 5, START + timedelta(minutes=50)))
    assert bench.articles("held") == []


def test_an_absurd_date_that_comes_with_an_edit_keeps_nothing(bench: Bench) -> None:
    opened(bench)
    text = f"<p>{'Another text that tells of the same bridge once more. ' * 3}</p>"
    told(bench, ARCHIVE, [at("x", START), *ARCHIVE])
    told(bench, [at("x", START.replace(year=2126), text=text), *ARCHIVE])
    with bench.store.read() as tx:
        assert articles.by_seq(tx, [4])[4].published is None
        assert [one.state for one in deliveries.of_article(tx, 4)] == ["delivered"]
