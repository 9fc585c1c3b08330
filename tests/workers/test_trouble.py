"""Servers that fill up, slow down or refuse, clocks that jump, versions that mix: work resumes by itself."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from pipeline import stages
from pipeline.model import DeliveryState
from pipeline.world import DatabaseClock
from tests.servers import Postgres, Redis
from tests.stages.conftest import Newsroom as Stages
from tests.stages.conftest import bounded, newsroom  # noqa: F401 - fixtures
from tests.workers.test_newsroom import settled
from tests.workers.town import Process, Town, configured, process, until

THERE = datetime(2031, 5, 4, 12, tzinfo=UTC)
COLUMN = "ALTER TABLE deliveries ADD COLUMN of_a_later_version integer"


class Rooms:
    """Starts processes of one configuration and ends them with the test."""

    def __init__(self, config: Path, url: str, stack: ExitStack) -> None:
        self.config, self.url, self._stack = config, url, stack

    def start(self, *words: str, **more: str) -> Process:
        return self._stack.enter_context(process(self.config, *words, **more))

    def open(self) -> tuple[Process, Process]:
        """A worker and a sweep."""
        return self.start("worker", "--concurrency", "2"), self.start("sweep")


@pytest.fixture
def rooms(tmp_path: Path, town: Town, redis: Redis, postgres_migrated_url: str) -> Iterator[Rooms]:
    """A newsroom on Redis and PostgreSQL."""
    with ExitStack() as stack:
        config = configured(tmp_path, town, store=postgres_migrated_url, broker=redis.url)
        yield Rooms(config, postgres_migrated_url, stack)


def test_a_redis_that_is_full_is_said_and_work_goes_on_when_it_has_room(rooms: Rooms, town: Town, redis: Redis) -> None:
    worker, sweep = rooms.open()
    settled(town, 3)
    with redis.client() as client:
        client.config_set("maxmemory-policy", "noeviction")
        client.config_set("maxmemory", "1")
        try:
            town.articles = 8
            until(lambda: sweep.events("broker_unreachable"), "the sweep says so")
            assert "maxmemory" in sweep.events("broker_unreachable")[0]["reason"]
        finally:
            client.config_set("maxmemory", "0")
    settled(town, 8)
    assert len(town.posted) == 8
    assert worker.running.poll() is sweep.running.poll() is None


def test_a_database_without_a_connection_left_is_waited_for(
    rooms: Rooms, town: Town, redis: Redis, postgres: Postgres
) -> None:
    with psycopg.connect(rooms.url, autocommit=True) as admin:
        admin.execute("CREATE ROLE newsroom LOGIN")
        try:
            for what in ("TABLES", "SEQUENCES"):
                admin.execute(f"GRANT ALL ON ALL {what} IN SCHEMA public TO newsroom")
            theirs = rooms.url.replace("standfirst@", "newsroom@")
            configured(rooms.config.parent, town, store=theirs, broker=redis.url)
            worker, sweep = rooms.open()
            settled(town, 3)
            # A limit of the role is refused with the words and the code of a server that has none left (53300).
            admin.execute("ALTER ROLE newsroom CONNECTION LIMIT 0")
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'newsroom'")
            town.articles = 8
            until(lambda: sweep.events("store_unreachable"), "the sweep says so")
            assert "too many connections" in sweep.events("store_unreachable")[0]["reason"]
            assert len(town.posted) == 3
            admin.execute("ALTER ROLE newsroom CONNECTION LIMIT -1")
            settled(town, 8)
            assert len(town.posted) == 8
            assert worker.running.poll() is sweep.running.poll() is None
        finally:
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'newsroom'")
            admin.execute("DROP OWNED BY newsroom")
            admin.execute("DROP ROLE newsroom")


def test_a_database_that_is_slow_delays_and_doubles_nothing(rooms: Rooms, town: Town) -> None:
    worker, sweep = rooms.open()
    settled(town, 3)
    for table in ("deliveries", "articles", "feeds"):
        with psycopg.connect(rooms.url, autocommit=False) as slow:
            slow.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
            town.articles += 3
            time.sleep(3)  # nobody can do anything with it for so long
    settled(town, 12)
    assert len(town.posted) == 12
    assert worker.running.poll() is sweep.running.poll() is None


def test_a_database_that_freezes_is_waited_for(rooms: Rooms, town: Town, postgres: Postgres) -> None:
    worker, sweep = rooms.open()
    settled(town, 3)
    assert postgres.process is not None
    frozen = [postgres.process.pid, *_children(postgres.process.pid)]
    for pid in frozen:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
    town.articles = 6
    time.sleep(5)  # longer than anything of ours usually takes
    for pid in frozen:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
    settled(town, 6)
    assert len(town.posted) == 6
    assert worker.running.poll() is sweep.running.poll() is None


def _children(pid: int) -> list[int]:
    return [int(number) for number in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of some megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"a small disk cannot be made here: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=False)


def test_a_full_disk_stops_sending_says_so_and_goes_on_by_itself(tmp_path: Path, small_disk: Path, town: Town) -> None:
    town.articles = 3
    config = configured(tmp_path, town, store=f"sqlite:///{small_disk}/standfirst.db")
    with process(config, "run") as run:
        settled(town, 3)
        filler = small_disk / "film.mov"
        with filler.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(b"\0" * 65536)
        town.articles = 9
        until(lambda: "disk is full" in run.log, "it says so")
        before = len(town.posted)
        assert run.running.poll() is None
        assert len({post["data"]["delivery"] for post in town.posted}) == before, "nothing twice"
        filler.unlink()
        settled(town, 9)
    # What left before its receipt could be written down is sent again with the same key: that is what the key is for.
    assert len({post["data"]["delivery"] for post in town.posted}) == 9


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(hours=-1), timedelta(days=366 * 12)], ids=str)
def test_a_clock_that_jumps_in_the_middle_of_a_delivery_doubles_and_loses_nothing(
    newsroom: Stages,  # noqa: F811
    jump: timedelta,
) -> None:
    newsroom.only("lookup", "replays")
    made = [newsroom.article(n) for n in range(3)]
    world = newsroom.world()
    stages.fanout(world)
    platform = newsroom.platforms["lookup"]
    jumps = [jump]

    def moves(request: Any) -> None:
        if platform.publishes(request) and jumps:
            newsroom.now += jumps.pop()

    platform.script = moves
    newsroom.work(until=3 * 3600, step=120)
    newsroom.work(until=3 * 3600, step=120)
    for article in made:
        ledger = newsroom.deliveries(article)
        assert {one.state for one in ledger.values()} == {DeliveryState.DELIVERED}
    assert [len(newsroom.platforms[name].posts()) for name in ("lookup", "replays")] == [3, 3]


def test_leases_are_measured_by_the_database_s_clock_alone() -> None:
    class Other:
        """A database on another machine, whose clock is not ours at all."""

        def clock(self) -> float:
            return THERE.timestamp()

    clock = DatabaseClock(Other())  # type: ignore[arg-type]
    assert [abs(clock() - THERE) < timedelta(seconds=5) for _ in range(3)] == [True] * 3


OLD = """
import workers.tasks as tasks
tasks.app.tasks.pop('standfirst.fanout')
"""


def test_old_and_new_workers_share_the_work_during_a_rolling_upgrade(rooms: Rooms, town: Town) -> None:
    old_worker = rooms.start("worker", "--concurrency", "2", first=OLD)
    old_sweep = rooms.start("sweep")
    until(lambda: old_sweep.events("started"), "the old version runs")
    with psycopg.connect(rooms.url, autocommit=True) as database:  # the new version's migration: it only adds
        database.execute(COLUMN)
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    new_worker, new_sweep = rooms.open()
    settled(town, 3)
    for number in (6, 9, 12):
        town.articles = number
        settled(town, number)
    until(lambda: old_worker.events("message_refused"), "the old worker drops what it does not know")
    for one in (old_worker, old_sweep):
        one.tell(signal.SIGTERM)
        assert one.ended(90) == 0
    town.articles = 15
    settled(town, 15)
    assert len(town.posted) == 15
    assert new_worker.running.poll() is new_sweep.running.poll() is None


def test_a_run_that_was_killed_is_taken_up_at_once_and_no_lease_is_waited_for(tmp_path: Path, town: Town) -> None:
    town.articles, town.slow = 1, 30.0
    config = configured(tmp_path, town)
    with process(config, "run") as run:
        until(town.sending.is_set, "a post is on its way")
        run.kill()
    town.slow = 0.0
    began = time.monotonic()
    with process(config, "run") as run:
        until(lambda: run.events("lease_lapsed"), "what the dead one had leased is settled")
        assert time.monotonic() - began < 60, "leases last 120 s"
        until(lambda: run.events("delivery_settled"), "and sent again with the same key")
    assert len({post["data"]["delivery"] for post in town.posted}) == 1


def test_a_run_that_only_stands_still_keeps_what_it_has(tmp_path: Path, town: Town) -> None:
    town.articles, town.slow = 1, 3.0
    config = configured(tmp_path, town)
    with process(config, "run") as run:
        until(town.sending.is_set, "a post is on its way")
        run.tell(signal.SIGSTOP)
        with process(config, "run") as other:
            assert other.ended() == 1
            assert "already runs on" in other.log
        run.tell(signal.SIGCONT)
        until(lambda: run.events("delivery_settled"), "it goes on")
        assert not run.events("lease_lapsed")
    assert len(town.posted) == 1


def test_a_store_by_another_name_is_the_same_store(tmp_path: Path, town: Town) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "linked").symlink_to(tmp_path / "real")
    (tmp_path / "other").mkdir()
    first = configured(tmp_path, town, store=f"sqlite:///{tmp_path}/real/standfirst.db")
    with process(first, "run") as run:
        until(lambda: run.events("started"), "it runs")
        (tmp_path / "other" / "standfirst.db").symlink_to(tmp_path / "real" / "standfirst.db")
        for store in (f"{tmp_path}/linked/standfirst.db", f"{tmp_path}/other/standfirst.db"):
            second = configured(tmp_path / "other", town, store=f"sqlite:///{store}")
            with process(second, "run") as other:
                assert other.ended() == 1
                assert "already runs on" in other.log
