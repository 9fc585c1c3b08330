"""P11–P19, P21, P22, P33, P37, P38, P45: when a feed is asked again, and why then."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa

from pipeline import stages
from pipeline.feeds import cadence
from pipeline.model import Stage
from pipeline.store import feeds
from tests.polling.bench import Bench, Said, feed, http_date, same

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_p11_by_default_a_feed_is_asked_once_an_hour_at_most(bench: Bench) -> None:
    bench.script(feed("b0"), feed("x0", "b0", etag='"2"'))
    bench.poll()
    assert HOUR <= bench.wait() <= HOUR * 1.1
    bench.poll()
    assert bench.wait() >= HOUR


def test_p12_no_wait_is_shorter_than_what_is_set(bench: Bench) -> None:
    bench.configure('every = "60m"')
    bench.script(feed("b0"), same(), Said(500), same())
    for _ in range(30):
        bench.poll()
        assert bench.wait() >= HOUR
    assert min(b.at - a.at for a, b in pairwise(bench.server.asked)) >= HOUR


def test_p12_p21_a_restart_asks_nobody_before_the_time(bench: Bench) -> None:
    bench.script(feed("b0"), same())
    bench.poll()
    due = bench.row().due_at
    for _ in range(3):
        bench.clock.now += timedelta(minutes=14)
        bench.start(bench.world.config)
        assert stages.due(bench.world) == []
        bench.poll(wait=False)
    assert len(bench.server.asked) == 1
    assert bench.row().due_at == due


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("form", ["7200", " 7200 ", "date"])
def test_p13_retry_after_is_honoured(bench: Bench, status: int, form: str) -> None:
    # The server's clock is wrong by years: its date counts from its own Date.
    clock = datetime(2021, 1, 1, tzinfo=UTC)
    headers = {"Retry-After": form if form != "date" else http_date(clock + 2 * HOUR)}
    bench.server._server.RequestHandlerClass.date_time_string = lambda *_: http_date(clock)  # type: ignore[attr-defined]
    bench.script(feed("b0"), Said(status, headers))
    bench.poll()
    bench.poll()
    assert 2 * HOUR <= bench.wait() <= 2 * HOUR * 1.1
    assert "Retry-After" in bench.row().due_reason


@pytest.mark.parametrize("status", [429, 503])
def test_p14_without_retry_after_the_wait_is_four_times_as_long(bench: Bench, status: int) -> None:
    bench.script(feed("b0"), Said(status))
    bench.poll()
    bench.poll()
    assert 4 * HOUR <= bench.wait() <= 4.4 * HOUR
    bench.poll()
    assert bench.wait() >= 16 * HOUR


@pytest.mark.parametrize(
    ("headers", "hours"),
    [
        ({"Cache-Control": "max-age=14400"}, 4),
        ({"Cache-Control": "public, max-age=14400", "Age": "3600"}, 3),
        ({"Expires": "Sun, 22 Nov 2026 16:00:00 GMT", "Date": "Sun, 22 Nov 2026 10:00:00 GMT"}, 6),
        ({"Cache-Control": "no-cache, max-age=14400"}, 1),
        ({"Cache-Control": "no-store, max-age=14400"}, 1),
        ({"Cache-Control": "max-age=60"}, 1),
    ],
)
def test_p15_what_a_cache_may_keep_we_do_not_ask_for(bench: Bench, headers: dict[str, str], hours: int) -> None:
    said = feed("b0")
    if "Date" in headers:
        bench.server._server.RequestHandlerClass.date_time_string = lambda *_: headers["Date"]  # type: ignore[attr-defined]
    bench.script(Said(200, said.headers | {k: v for k, v in headers.items() if k != "Date"}, said.body))
    bench.poll()
    assert hours * HOUR <= bench.wait() <= hours * HOUR * 1.1


@pytest.mark.parametrize(
    "said",
    [
        feed("b0", Cache_Control="max-age=604800"),
        Said(429, {"Retry-After": "999999"}),
        Said(503, {"Retry-After": "604800"}),
    ],
    ids=["max-age", "429", "503"],
)
def test_p16_no_header_makes_us_wait_longer_than_a_day_and_the_reason_says_so(bench: Bench, said: Said) -> None:
    bench.script(said)
    bench.poll()
    assert bench.wait() == DAY
    assert "capped" in bench.row().due_reason


def test_p17_ttl_is_a_floor(bench: Bench) -> None:
    bench.script(feed("b0", channel="<ttl>300</ttl>"))
    bench.poll()
    assert 5 * HOUR <= bench.wait() <= 5.5 * HOUR
    assert "ttl" in bench.row().due_reason


def test_p17_hours_and_days_to_skip_are_skipped(bench: Bench) -> None:
    hours = "".join(f"<hour>{hour}</hour>" for hour in range(11, 20))
    bench.script(feed("b0", channel=f"<skipHours>{hours}</skipHours>"))
    assert bench.poll().due_at.hour == 20
    bench.configure()
    bench.script(feed("b1", etag='"2"', channel="<skipDays><day>Sunday</day></skipDays>"))
    assert bench.poll().due_at.strftime("%A %H") == "Monday 00"


def test_p17_all_hours_skipped_is_no_wish_and_the_syndication_module_is_not_asked(bench: Bench) -> None:
    hours = "".join(f"<hour>{hour}</hour>" for hour in range(24))
    every = '<sy:updatePeriod xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">weekly</sy:updatePeriod>'
    bench.script(feed("b0", channel=f"<skipHours>{hours}</skipHours>{every}"))
    bench.poll()
    assert bench.wait() <= HOUR * 1.1


def test_p18_a_quiet_feed_is_asked_ever_more_rarely_until_there_is_news(bench: Bench) -> None:
    bench.script(feed("b0"), *[same()] * 12, feed("x0", "b0", etag='"2"'))
    waits = []
    for _ in range(13):
        bench.poll()
        waits.append(bench.row().interval_s)
    assert waits == sorted(waits)
    assert waits[0] == 3600
    assert waits[-1] == 86400
    bench.poll()
    assert bench.row().interval_s == 3600


def test_p18_a_busy_feed_is_not_slowed_down_by_a_quiet_hour() -> None:
    pace = cadence.Pace(every=HOUR, interval=HOUR, gap=timedelta(minutes=40))
    at = datetime(2026, 11, 22, 10, tzinfo=UTC)
    assert cadence.after(cadence.Heard.UNCHANGED, 304, pace, cadence.Wishes(), at, 0).interval == HOUR


def test_p19_one_request_at_a_time_for_a_host(bench: Bench) -> None:
    bench.configure(names=("news", "sport"))
    bench.script(feed("b0"))
    bench.script(feed("b1"), path="/sport")
    bench.server.before = lambda: bench.server.asked[-1].path == "/news" and bench.poll("sport", wait=False)  # type: ignore[assignment,return-value]
    bench.poll("news")
    assert [asked.path for asked in bench.server.asked] == ["/news"], "the other one waited"
    bench.poll("sport")
    assert bench.server.asked[1].at - bench.server.asked[0].at >= timedelta(seconds=1)


def test_p19_many_feeds_of_one_host_line_up(bench: Bench) -> None:
    names = tuple(f"f{n}" for n in range(12))
    bench.configure(names=names)
    for name in names:
        bench.script(feed("b0"), path=f"/{name}")
    for _ in range(200):
        for _, name in stages.due(bench.world):
            bench.poll(name, wait=False)
        bench.clock.now += timedelta(seconds=0.25)
    moments = sorted(asked.at for asked in bench.server.asked)
    assert len(moments) == 12
    assert all(b - a >= timedelta(seconds=1) for a, b in pairwise(moments))


def test_p19_the_pages_of_articles_take_their_turn_with_the_polls_of_their_host(bench: Bench) -> None:
    bench.configure("fetch_pages = true", names=("news", "sport"))
    pages = [{"is": f"a{n}", "link": f"{bench.server.url}/a{n}"} for n in range(1, 5)]
    bench.script(feed("b0"), feed(*pages, "b0", etag='"2"'))
    bench.script(feed("b1"), path="/sport")
    bench.poll()
    bench.clock.now = bench.row().due_at
    bench.server.asked.clear()
    for _ in range(100):
        for _, name in [one for one in stages.due(bench.world) if one[0] is Stage.POLL]:
            bench.poll(name, wait=False)
        bench.work()
        bench.clock.now += timedelta(seconds=0.25)
    assert {asked.path for asked in bench.server.asked} == {"/news", "/sport", "/a1", "/a2", "/a3", "/a4"}
    moments = sorted(asked.at for asked in bench.server.asked)
    assert len(moments) == 6
    assert all(b - a >= timedelta(seconds=1) for a, b in pairwise(moments))


def test_p19_too_many_requests_quiets_the_whole_host_for_as_long_as_it_says(bench: Bench) -> None:
    bench.configure(names=("news", "sport"))
    bench.script(Said(429, {"Retry-After": "1800"}))
    bench.script(feed("b1"), path="/sport")
    bench.poll("news")
    before = bench.clock.now
    bench.poll("sport")
    assert len(bench.server.asked) == 1
    assert timedelta(minutes=30) <= bench.row("sport").due_at - before <= timedelta(minutes=31)
    bench.poll("sport")
    assert len(bench.server.asked) == 2


def test_p22_feeds_that_were_added_together_part(bench: Bench) -> None:
    names = [f"feed{n}" for n in range(300)]
    with bench.store.begin() as tx:
        feeds.sync(tx, ((name, f"http://{name}.example/") for name in names), bench.clock())
    with bench.store.read() as tx:
        moments = [feeds.get(tx, name).due_at for name in names]
    assert max(moments.count(moment) for moment in set(moments)) <= feeds.AT_ONCE
    later = {
        cadence.after(
            cadence.Heard.UNCHANGED, 200, cadence.Pace(every=HOUR), cadence.Wishes(), bench.clock(), n / 300
        ).at.replace(microsecond=0)
        for n in range(300)
    }
    assert len(later) > 250


@pytest.mark.parametrize("trouble", [Said(500), Said(502), Said(200), Said(202, {"Content-Type": "text/html"}, b"<p>")])
def test_p33_trouble_waits_ever_longer_and_one_success_ends_it(bench: Bench, trouble: Said) -> None:
    bench.script(feed("b0"), *[trouble] * 8, same())
    bench.poll()
    waits = []
    for _ in range(8):
        bench.poll()
        waits.append(bench.wait() / HOUR)
    assert waits == sorted(waits)
    assert waits[-1] == 24
    assert bench.row().failures == 8
    bench.poll()
    assert (bench.row().failures, bench.row().error, bench.row().state) == (0, None, "active")


def test_p33_no_answer_at_all_is_trouble_too(bench: Bench) -> None:
    bench.script(feed("b0"))
    bench.poll()
    with bench.store.begin() as tx:
        feeds.change(tx, "news", url="http://127.0.0.1:9/news")
    bench.poll()
    assert bench.row().failures == 1
    assert bench.row().error


def test_p37_a_server_that_says_304_for_weeks_is_looked_behind_once_a_week(bench: Bench) -> None:
    bench.script(feed("b0"), feed("x0", "b0", etag='"2"'), same())
    bench.poll()
    bench.poll()
    plain = []
    for _ in range(60):
        bench.poll()
        if "if-none-match" not in bench.last():
            plain.append(bench.clock.now)
    assert len(plain) >= 3
    assert all(b - a >= timedelta(days=7) for a, b in pairwise(plain))


def test_p38_a_feed_that_fell_silent_is_told_of() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    assert cadence.silent(now - timedelta(days=9), timedelta(days=1), now)
    assert not cadence.silent(now - timedelta(days=6), timedelta(days=1), now), "a week is never suspicious"
    assert not cadence.silent(now - timedelta(days=50), timedelta(days=20), now)
    assert not cadence.silent(now - timedelta(days=50), None, now), "nobody knows its usual gap"


def test_p45_what_a_person_asks_for_is_conditional_and_once_a_minute(bench: Bench) -> None:
    bench.script(feed("b0"), same())
    bench.poll()
    for _ in range(10):
        bench.clock.now += timedelta(seconds=20)
        bench.poll(by="person")
    assert len(bench.server.asked) == 1 + 3
    assert all("if-none-match" in asked.headers for asked in bench.server.asked[1:])


def test_p46_every_poll_is_in_the_log_with_the_reason_for_the_next(bench: Bench) -> None:
    bench.script(feed("b0", "b1"), feed("x0", "b0", "b1", etag='"2"'), same(), Said(500))
    for _ in range(4):
        bench.poll()
    lines = bench.log()[::-1]
    assert [(line["status"], line["entries"], line["new"]) for line in lines] == [
        (200, 2, 0),
        (200, 3, 1),
        (304, 0, 0),
        (500, 0, 0),
    ]
    assert lines[2]["not_modified"]
    assert lines[0]["bytes"] > 500
    assert all(line["reason"] and line["next_due_at"] > line["at"] for line in lines)
    assert lines[3]["error"]


def test_p46_the_log_is_kept_for_72_hours(bench: Bench) -> None:
    bench.script(feed("b0"), same())
    for _ in range(3):
        bench.poll()
    with bench.store.begin() as tx:
        first = bench.server.asked[0].at
        assert feeds.prune_polls(tx, first + timedelta(hours=71)) == 0
        assert feeds.prune_polls(tx, first + timedelta(hours=100)) == 3


def test_choosing_the_due_ones_asks_the_index(bench: Bench) -> None:
    with bench.store.read() as tx:
        plan = tx.execute(
            sa.text(
                "explain query plan select feeds.name from feeds where feeds.state in ('active','failing') "
                "and feeds.due_at <= 1 and (feeds.leased_until is null or feeds.leased_until < 1) "
                "order by feeds.due_at limit 10"
            )
        ).all()
    assert "ix_feeds_due" in str(plan)
    assert "TEMP B-TREE" not in str(plan)
