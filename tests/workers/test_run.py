"""`standfirst run`: everything in one process."""

import signal
import sqlite3
import time
from pathlib import Path

from tests.workers.town import Town, configured, process, until


def test_every_article_of_the_feed_is_posted_once(tmp_path: Path, town: Town) -> None:
    config = configured(tmp_path, town)
    with process(config, "run") as run:
        until(lambda: len(town.posted) == 3, "three articles are posted")
        town.articles = 5
        until(lambda: len(town.posted) == 5, "the new ones too")
        run.tell(signal.SIGTERM)
        assert run.ended() == 0
    assert len(set(town.titles())) == 5


def test_it_is_ready_within_three_seconds(tmp_path: Path, town: Town) -> None:
    with process(configured(tmp_path, town), "run") as run:
        began = time.monotonic()
        until(lambda: run.events("started"), "it is ready")
        assert time.monotonic() - began < 3 * 3  # the promise is 3 s on a machine that does nothing else


def test_a_stop_finishes_what_is_being_sent_and_leaves_the_rest_as_rows(tmp_path: Path, town: Town) -> None:
    town.articles, town.slow = 30, 0.5
    config = configured(tmp_path, town)
    with process(config, "run") as run:
        until(town.sending.is_set, "a post is on its way")
        run.tell(signal.SIGTERM)
        assert run.ended(30) == 0
        assert run.events("stopped")
    posted = len(town.posted)
    assert 1 <= posted < 30
    with sqlite3.connect(tmp_path / "standfirst.db") as store:
        states = dict(store.execute("select state, count(*) from deliveries group by state").fetchall())
    assert states.get("delivered") == posted
    assert not set(states) - {"delivered", "pending"}  # nothing uncertain, nothing leased
    town.slow = 0
    with process(config, "run"):
        until(lambda: len(town.posted) == 30, "the rest is posted by the next run")
    assert len(set(town.titles())) == 30


def test_a_second_signal_ends_it_at_once(tmp_path: Path, town: Town) -> None:
    town.slow = 20.0
    with process(configured(tmp_path, town), "run") as run:
        until(town.sending.is_set, "a post is on its way")
        run.tell(signal.SIGINT)
        until(lambda: run.events("stopping"), "it is stopping")
        run.tell(signal.SIGINT)
        assert run.ended(10) == 128 + signal.SIGINT


def test_after_kill_9_nothing_is_lost_or_doubled(tmp_path: Path, town: Town) -> None:
    town.articles = 40
    config = configured(tmp_path, town)
    for moment in (5, 12, 25):
        with process(config, "run") as run:
            until(lambda: len(town.posted) >= moment or run.running.poll() is not None, "some are posted")  # noqa: B023
            run.kill()
    with process(config, "run"):
        until(lambda: len(set(town.titles())) == 40, "all are posted in the end")
    # The webhook's receiver may see a repeated request with the same id: that is what `webhook-id` is for.
    assert len({post["data"]["delivery"] for post in town.posted}) == 40


def test_two_runs_on_one_store_say_so_in_one_sentence(tmp_path: Path, town: Town) -> None:
    config = configured(tmp_path, town)
    with process(config, "run") as first:
        until(lambda: first.events("started"), "it is ready")
        with process(config, "run") as second:
            assert second.ended() == 1
            assert "already runs on" in second.log
            assert f"process {first.running.pid}" in second.log
            assert "Traceback" not in second.log
        assert first.running.poll() is None


def test_a_console_address_that_is_taken_is_named(tmp_path: Path, town: Town) -> None:
    port = town.url.rpartition(":")[2]
    config = configured(tmp_path, town, console=f'"127.0.0.1:{port}"')
    with process(config, "run") as run:
        assert run.ended() == 1
        assert f"cannot listen on 127.0.0.1:{port}" in run.log
        assert "Traceback" not in run.log


def test_workers_share_a_store_with_each_other_and_not_with_a_run(tmp_path: Path, town: Town, redis_url: str) -> None:
    config = configured(tmp_path, town, broker=redis_url)
    with process(config, "sweep") as sweep, process(config, "worker", "--concurrency", "1") as worker:
        until(lambda: len(town.posted) == 3, "three articles are posted")
        with process(config, "run") as run:
            assert run.ended() == 1
            assert "already runs on" in run.log
        assert sweep.running.poll() is worker.running.poll() is None
    with process(config, "run") as run:
        until(lambda: run.events("started"), "it is ready")
        with process(config, "worker", "--concurrency", "1") as worker:
            assert worker.ended() == 1
            assert worker.events("store_occupied")
        with process(config, "sweep") as sweep:
            assert sweep.ended() == 1
            assert "already runs on" in sweep.log
