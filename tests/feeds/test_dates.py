"""A date is read right, or it is unknown; it is never another day or hour."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.feeds import dates, parse

NOON = "2026-10-05T12:00:00+00:00"  # a Monday


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026/10/05 12:00:00", NOON),
        ("2026.10.05 12:00", NOON),
        ("05.10.2026 12:00", NOON),
        ("5.10.2026, 12.00 Uhr", NOON),
        ("05. Oktober 2026 14:00 MESZ", NOON),
        ("Mo, 5. Okt. 2026 14:00:00 +0200", NOON),
        ("lundi 5 octobre 2026 à 12h00", NOON),
        ("lun., 05 oct. 2026 14:00:00 +0200", NOON),
        ("1er août 2026 12:00 GMT", "2026-08-01T12:00:00+00:00"),
        ("5 de octubre de 2026 12:00", NOON),
        ("5 października 2026 12:00", NOON),
        ("5 октября 2026 г. 15:00 MSK", NOON),
        ("2026年10月5日 21:00 JST", NOON),
        ("2026年10月5日(月) 午後9時00分 JST", NOON),
        ("2026년 10월 5일 오후 9:00 KST", NOON),
        ("2026年10月05日", "2026-10-05T00:00:00+00:00"),
        ("Mon, 05 Oct 2026 12:00:00 PM", NOON),
        ("Mon, 05 Oct 2026 12:00:00 AM", "2026-10-05T00:00:00+00:00"),
        ("October 5, 2026 8:00 am EDT", NOON),
        ("Oct 5, 2026, 8:00 a.m. ET", NOON),
        ("Oct. 5th, 2026 at 5:00am PDT", NOON),
        ("Mon, 05 Oct 2026 14:00:00 CEST", NOON),
        ("Mon, 05 Oct 2026 13:00:00 WEST", NOON),
        ("Mon, 05 Oct 2026 23:00:00 AEDT", NOON),
        ("Mon, 05 Oct 2026 17:45:00 NPT", NOON),
        ("Mon, 05 Oct 2026 14:00:00 Europe/Berlin", NOON),
        ("Mon Oct  5 12:00:00 2026", NOON),
        ("Mon Oct 5 08:00:00 EDT 2026", NOON),
        ("Mon Oct 05 2026 14:00:00 GMT+0200 (Central European Summer Time)", NOON),
        ("2026-10-05T12:00:00.123456Z", NOON),
        ("20261005T120000Z", NOON),
        ("2026-10-05 12:00:00 -0000", NOON),
        ("Mon, 5 Oct 26 12:00:00 GMT", NOON),
        ("1791201600", NOON),
        ("1791201600000", NOON),
        ("Mon, 10/05/2026 12:00", NOON),  # only so is it a Monday
        ("Mon, 05/10/2026 12:00", NOON),
        ("25/12/2026", "2026-12-25T00:00:00+00:00"),
        ("12/25/2026", "2026-12-25T00:00:00+00:00"),
    ],
)
def test_a_date_is_read_as_it_was_meant(written, moment):
    found = dates.moment(written)
    assert found is not None
    assert found.replace(microsecond=0) == datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    "written",
    [
        *("10/05/2026", "05-10-2026 12:00", "Mon, 05 Oct 2026 12:00:00 IST", "Sat, 01 Aug 2026 12:00:00 BST"),
        *("2026", "2026-10", "2026-13-05", "31.11.2026", "0000-00-00 00:00:00", "Mon, 05 Oct 2026 25:00:00 GMT"),
        *(
            "Mon, 05 Oct 2026 12:00:00 XQT",
            "5 listopada 2026",
            "yesterday",
            "3 hours ago",
            "",
            "12:00",
            "5 Smarch 2026",
        ),
        *("Mon, 05 Oct 2026 13:00:00 AM", "Mon, 05 Oct 2026 12:00:00 +9900"),
    ],
)
def test_a_date_that_is_not_certain_is_unknown(written):
    assert dates.moment(written) is None


@pytest.mark.parametrize(
    ("written", "beside", "language", "url", "hour"),
    [
        ("Mon, 05 Oct 2026 17:30:00 IST", [], "en-IN", "", 12),
        ("Mon, 05 Oct 2026 17:30:00 IST", [], "hi", "", 12),
        ("Mon, 05 Oct 2026 17:30:00 IST", [], "en", "https://paper.in/feed", 12),
        ("Mon, 05 Oct 2026 17:30:00 IST", ["Mon, 05 Oct 2026 10:00:00 +0530"], None, "", 12),
        ("Mon, 05 Oct 2026 14:00:00 IST", [], "he", "", 12),
        ("Mon, 05 Oct 2026 13:00:00 IST", [], "en", "https://paper.ie/feed", 12),
        ("Mon, 05 Oct 2026 13:00:00 BST", [], "en-GB", "", 12),
        ("Mon, 05 Oct 2026 18:00:00 BST", [], "bn-BD", "", 12),
        ("Mon, 05 Oct 2026 06:00:00 CST", [], "en", "", 12),
        ("Mon, 05 Oct 2026 20:00:00 CST", [], "zh-CN", "", 12),
        ("05/10/2026 12:00", ["25/09/2026 09:00"], None, "", 12),
        ("10/05/2026 12:00", ["09/25/2026 09:00"], None, "", 12),
        ("05/10/2026 12:00", [], "fr", "", 12),
        ("05/10/2026 12:00", [], "en-GB", "", 12),
        ("10/05/2026 12:00", [], "en-US", "", 12),
        ("5 listopada 2026 12:00", [], "hr", "", 12),
    ],
)
def test_the_feed_itself_tells_what_its_date_leaves_open(written, beside, language, url, hour):
    found = dates.moment(written, dates.clock([written, *beside], language, url))
    assert found is not None
    assert (found.month, found.day, found.hour) == (10, 5, hour)


def test_a_zone_that_a_country_uses_in_both_halves_of_the_year_is_unknown_there():
    assert dates.moment("Mon, 05 Oct 2026 12:00:00 EST", dates.clock([], "en-AU", "")) is None
    assert dates.moment("Mon, 05 Oct 2026 12:00:00 EST", dates.clock([], "en", "")) is not None


def test_dates_of_a_feed_that_contradict_each_other_tell_nothing():
    known = dates.clock(["25/09/2026", "09/25/2026"], None, "")
    assert dates.moment("05/10/2026", known) is None


ZONES = st.integers(-14 * 4, 14 * 4).map(lambda quarters: timezone(timedelta(minutes=15 * quarters)))
MOMENTS = st.datetimes(datetime(1971, 1, 2), datetime(2090, 1, 1), timezones=ZONES).map(
    lambda m: m.replace(microsecond=0)
)


@given(
    MOMENTS,
    st.sampled_from(
        ["%a, %d %b %Y %H:%M:%S %z", "%Y-%m-%dT%H:%M:%S%z", "%d.%m.%Y %H:%M:%S %z", "%d %B %Y %I:%M:%S %p %z"]
    ),
)
def test_every_moment_is_read_back_from_what_it_is_written_as(moment, form):
    assert dates.moment(moment.strftime(form)) == moment.astimezone(UTC)


def test_a_feed_is_read_with_what_all_its_dates_tell():
    items = "".join(
        f"<item><title>t</title><pubDate>{d}</pubDate></item>" for d in ("05/10/2026 12:00", "30/09/2026 12:00")
    )
    found = parse.parse(f"<rss version='2.0'><channel>{items}</channel></rss>".encode(), url="https://h.example/f")
    assert [entry.published.date().isoformat() for entry in found.entries] == ["2026-10-05", "2026-09-30"]
