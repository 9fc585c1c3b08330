"""What a configuration becomes when nothing is wrong with it."""

import ipaddress
import pickle
from dataclasses import FrozenInstanceError
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipeline.config import Bad, Config, FeedConfig, Quiet, Secret, Settings, duration, load, loose_ends, spoken, values

WHOLE = """
[standfirst]
store = "sqlite:///town.db"
delay = "0s"
allow_networks = ["127.0.0.0/8", "::1"]

[[feeds]]
name = "news"
url = "https://example.org/feed.xml"
every = "30m"
first_run = "last 14"

[[feeds]]
name = "sport"
url = "https://example.org/sport.xml"
delay = "1h 30m"
fetch_pages = false

[[channels]]
name = "mastodon"
kind = "mastodon"
instance = "https://m.example"
token = { env = "TOKEN" }
quiet = "22:00-07:00 Europe/Lisbon"
utm = { source = "mastodon" }

[[channels]]
name = "bluesky"
kind = "bluesky"
password = { file = "secrets/bluesky" }

[[routes]]
feeds = ["*"]
channels = ["mastodon", "bluesky"]
without_tags = ["sponsored"]
"""


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return whole(tmp_path)


def whole(folder: Path, **env: str) -> Config:
    (folder / "secrets").mkdir(exist_ok=True)
    (folder / "secrets" / "bluesky").write_text("app-pass-word\n")
    path = folder / "standfirst.toml"
    path.write_text(WHOLE)
    return load(path, {"TOKEN": "tok-en", **env})


def test_an_empty_file_is_a_sound_configuration(tmp_path: Path) -> None:
    path = tmp_path / "standfirst.toml"
    path.write_text("")
    config = load(path, {})
    assert config.settings.delay == timedelta(minutes=2)
    assert config.settings.flood == 12
    assert (config.feeds, config.channels, config.routes) == ({}, {}, ())


def test_a_feed_inherits_what_it_does_not_say(config: Config) -> None:
    assert config.feeds["news"].delay == timedelta(0)
    assert config.feeds["sport"].delay == timedelta(minutes=90)
    assert config.feeds["news"].fetch_pages
    assert not config.feeds["sport"].fetch_pages
    assert config.feeds["news"].first_run == 14
    assert config.feeds["sport"].first_run == 0


def test_a_feed_that_is_no_longer_configured_has_the_settings_of_the_installation(config: Config) -> None:
    assert config.delay("gone") == timedelta(0)
    assert config.teaser_rules("gone").max_words == 110


def test_a_relative_store_lies_beside_the_configuration(config: Config, tmp_path: Path) -> None:
    assert config.settings.store == f"sqlite:///{tmp_path}/town.db"
    assert config.settings.folder == tmp_path


def test_networks_are_read(config: Config) -> None:
    assert config.networks() == (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))


def test_secrets_come_by_reference_and_never_print(config: Config) -> None:
    token = config.channels["mastodon"].settings["token"]
    assert token == Secret("tok-en")
    assert token.reveal() == "tok-en"
    assert f"{token} {token!r} {token:>9} %s" % token == "••• ••• ••• •••"
    assert "tok-en" not in repr(config)
    assert "app-pass-word" not in repr(config)
    with pytest.raises(TypeError):
        pickle.dumps(token)


def test_the_redactor_is_told_every_secret_longest_first(tmp_path: Path) -> None:
    config = whole(tmp_path, STANDFIRST_STORE="postgresql://town:hunter2@db.example/town", STANDFIRST_KEY="k" * 40)
    assert config.secrets() == ["k" * 40, "app-pass-word", "hunter2", "tok-en"]
    assert "hunter2" not in repr(config)


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    config = whole(
        tmp_path,
        STANDFIRST_DELAY="3h",
        STANDFIRST_FLOOD="40",
        STANDFIRST_FETCH_PAGES="false",
        STANDFIRST_ALLOW_NETWORKS="10.0.0.0/8, fd00::/8",
        STANDFIRST_BROKER="redis://broker.example/0",
        STANDFIRST_LOG="",
        STANDFIRST_CONFIG="ignored",
    )
    assert config.settings.delay == timedelta(hours=3)
    assert config.settings.flood == 40
    assert not config.settings.fetch_pages
    assert len(config.settings.allow_networks) == 2
    assert config.settings.broker == "redis://broker.example/0"
    assert config.settings.log == "console"


def test_a_configuration_cannot_be_changed(config: Config) -> None:
    with pytest.raises(FrozenInstanceError):
        config.settings.flood = 3  # type: ignore[misc]


def test_loose_ends_are_named(config: Config) -> None:
    assert loose_ends(config) == []
    alone = Config(Settings(), {"a": FeedConfig("a", "https://x.example/"), "b": FeedConfig("b", "https://x.example/")})
    assert 'no route leads from the feed "a"' in loose_ends(alone)
    assert 'the feeds "a" and "b" have the same URL' in loose_ends(alone)


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "standfirst.toml"
    path.write_bytes(b"\xef\xbb\xbf[standfirst]\r\nflood = 3\r\n")
    assert load(path, {}).settings.flood == 3


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("30s", 30),
        ("15m", 900),
        ("6h", 21600),
        ("2d", 172800),
        ("1w", 604800),
        ("1h 30m", 5400),
        ("0s", 0),
        ("1.5h", 5400),
    ],
)
def test_durations_read_as_people_write_them(written: str, seconds: int) -> None:
    assert duration(written) == timedelta(seconds=seconds)


@pytest.mark.parametrize("written", ["", "5", "m", "-5m", "5 minutes", "1h30", "99999999999999d", "1e3s", None, 5])
def test_what_is_no_duration_is_refused(written: object) -> None:
    with pytest.raises(Bad):
        duration(written)


@settings(deadline=None)
@given(st.integers(0, 10**8))
def test_a_duration_survives_being_spoken(seconds: int) -> None:
    assert duration(spoken(timedelta(seconds=seconds))) == timedelta(seconds=seconds)


def night(zone: str = "UTC") -> Quiet:
    return Quiet(time(22), time(7), zone)


@pytest.mark.parametrize(
    ("hour", "until"), [(21, None), (22, (2, 7)), (23, (2, 7)), (3, (1, 7)), (7, None), (12, None)]
)
def test_quiet_hours_may_cross_midnight(hour: int, until: tuple[int, int] | None) -> None:
    ends = night().ends(datetime(2026, 6, 1, hour, tzinfo=UTC))
    assert ends == (datetime(2026, 6, *until, tzinfo=UTC) if until else None)


def test_quiet_hours_follow_their_own_clock() -> None:
    lisbon = night("Europe/Lisbon")
    assert lisbon.ends(datetime(2026, 7, 1, 21, 30, tzinfo=UTC)) == datetime(2026, 7, 2, 6, tzinfo=UTC)
    assert lisbon.ends(datetime(2026, 1, 1, 21, 30, tzinfo=UTC)) is None


MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 31)).map(lambda moment: moment.replace(tzinfo=UTC))
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
ZONES = st.sampled_from(sorted(available_timezones()))


def changes(zone: str, year: int) -> list[datetime]:
    """The hours in which the zone's clock is put forward or back."""
    hours = [datetime(year, 1, 1, tzinfo=UTC) + timedelta(hours=n) for n in range(8760)]
    offsets = [hour.astimezone(ZoneInfo(zone)).utcoffset() for hour in hours]
    return [hour for hour, before, after in zip(hours, offsets, offsets[1:], strict=False) if before != after]


@st.composite
def around_changes(draw: st.DrawFn) -> tuple[datetime, str]:
    """A moment within a day of a change of some zone's clock, where it has any that year."""
    zone, year = draw(ZONES), draw(st.integers(2000, 2037))
    change = draw(st.sampled_from(changes(zone, year) or [datetime(year, 6, 1, tzinfo=UTC)]))
    return change + timedelta(minutes=draw(st.integers(-1440, 1440))), zone


@settings(deadline=None, max_examples=300)
@given(around_changes() | st.tuples(MOMENTS, ZONES), TIMES, TIMES)
def test_quiet_hours_hold_whenever_the_clock_shows_them_and_end_later_than_now(
    at: tuple[datetime, str], start: time, end: time
) -> None:
    assume(start != end)
    now, zone = at
    hours = Quiet(start, end, zone)
    shown = now.astimezone(ZoneInfo(zone)).time().replace(fold=0)
    within = start <= shown < end if start < end else shown >= start or shown < end
    ends = hours.ends(now)
    assert ends is not None or not within
    if ends is not None:
        assert now < ends <= now + timedelta(days=3)
        assert hours.ends(ends) is None, "what waited is sent at their end"


@pytest.mark.parametrize(
    ("hours", "now", "until"),
    [
        ("01:00-02:30 Europe/Berlin", "2026-10-25T00:15", "2026-10-25T01:30"),  # 02:15, for the first time
        ("01:00-02:30 Europe/Berlin", "2026-10-25T00:45", "2026-10-25T01:30"),  # between the two 02:30
        ("01:00-02:30 Europe/Berlin", "2026-10-25T01:15", "2026-10-25T01:30"),  # 02:15 again
        ("01:00-02:30 Europe/Berlin", "2026-10-25T01:30", None),
        ("22:00-02:30 Europe/Berlin", "2026-03-29T00:59", "2026-03-29T01:00"),  # 02:30 is skipped: 03:00 ends them
        ("02:30-05:00 Europe/Berlin", "2026-03-29T00:59", None),  # 01:59
        ("02:30-05:00 Europe/Berlin", "2026-03-29T01:00", "2026-03-29T03:00"),
        ("23:30-00:30 Atlantic/Azores", "2026-10-25T00:45", "2026-10-25T01:30"),  # midnight comes twice
        ("22:00-07:00 Pacific/Apia", "2011-12-30T09:30", "2011-12-30T17:00"),  # a day that never was lies between
    ],
)
def test_quiet_hours_on_the_days_on_which_the_clock_is_changed(hours: str, now: str, until: str | None) -> None:
    expected = datetime.fromisoformat(until).replace(tzinfo=UTC) if until else None
    assert values.quiet(hours).ends(datetime.fromisoformat(now).replace(tzinfo=UTC)) == expected
