"""Workers, sweeps and a broker as processes of their own: what a newsroom runs, and what may happen to it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.stages.poll.visit import LEASE
from pipeline.store import Store, overview
from tests.servers import Postgres, RabbitMQ, Redis
from tests.workers.town import Process, Town, configured, process, until

QUEUES = [f"standfirst:{name}" for name in ("poll", "teaser", "dedupe", "fanout", "deliver")]


class Newsroom:
    """Starts processes of one configuration and ends them with the test."""

    def __init__(self, config: Path, stack: ExitStack) -> None:
        self.config = config
        self._stack = stack

    def start(self, *arguments: str, **env: str) -> Process:
        return self._stack.enter_context(process(self.config, *arguments, **env))

    def worker(self, **env: str) -> Process:
        return self.start("worker", "--concurrency", "2", **env)

    def sweep(self) -> Process:
        return self.start("sweep")


@pytest.fixture
def newsroom(tmp_path: Path, town: Town, redis: Redis, postgres_migrated_url: str) -> Iterator[Newsroom]:
    with ExitStack() as stack:
        yield Newsroom(configured(tmp_path, town, store=postgres_migrated_url, broker=redis.url), stack)


def settled(town: Town, number: int) -> None:
    until(lambda: len(set(town.titles())) == number, f"{number} articles are posted")
    assert len({post["data"]["delivery"] for post in town.posted}) == number


def test_two_workers_and_two_sweeps_post_each_article_once(newsroom: Newsroom, town: Town) -> None:
    town.articles = 30
    for _ in range(2):
        newsroom.worker()
        newsroom.sweep()
    settled(town, 30)
    assert len(town.posted) == 30


def test_plain_celery_is_the_same_worker(newsroom: Newsroom, town: Town) -> None:
    newsroom.start("celery", "-A", "workers.app", "worker", "-Q", "poll,teaser,dedupe,fanout,deliver", "-c", "1")
    newsroom.sweep()
    settled(town, 3)


def test_a_worker_for_each_queue_does(newsroom: Newsroom, town: Town) -> None:
    newsroom.start("worker", "--queues", "poll,teaser", "--concurrency", "1")
    newsroom.start("worker", "--queues", "dedupe,fanout,deliver", "--concurrency", "1")
    newsroom.sweep()
    settled(town, 3)


def test_a_flushed_redis_costs_a_moment(newsroom: Newsroom, town: Town, redis: Redis) -> None:
    newsroom.worker()
    newsroom.sweep()
    settled(town, 3)
    for number in range(4, 24, 4):
        town.articles = number
        redis.flush()
    settled(town, 20)


def test_a_redis_that_restarts_empty_is_found_again(newsroom: Newsroom, town: Town, redis: Redis) -> None:
    worker, sweep = newsroom.worker(), newsroom.sweep()
    settled(town, 3)
    redis.kill()
    town.articles = 10
    until(lambda: sweep.events("broker_unreachable"), "the sweep says that the broker is away")
    redis.start()
    settled(town, 10)
    until(lambda: sweep.events("broker_reachable"), "and that it is back")
    assert len(sweep.events("broker_unreachable")) <= 2  # once for each absence, not once a second
    assert worker.running.poll() is None


def test_a_redis_that_accepts_and_never_answers_hangs_nobody(newsroom: Newsroom, town: Town, redis: Redis) -> None:
    sweep = newsroom.sweep()
    newsroom.worker()
    settled(town, 3)
    assert redis.process is not None
    redis.process.send_signal(signal.SIGSTOP)
    town.articles = 6
    until(lambda: sweep.events("broker_unreachable"), "the sweep gives it up")
    redis.process.send_signal(signal.SIGCONT)
    settled(town, 6)
    sweep.tell(signal.SIGTERM)
    assert sweep.ended(30) == 0


def test_f92_a_message_that_comes_twenty_times_is_one_post(newsroom: Newsroom, town: Town, redis: Redis) -> None:
    town.slow = 0.2
    for _ in range(2):
        newsroom.worker()
    newsroom.sweep()
    settled(town, 3)
    town.articles = 8
    again = [("standfirst.poll", ["town"]), ("standfirst.dedupe", []), ("standfirst.fanout", [])]
    for _ in range(4):
        messages(redis, *((name, words, {}) for name, words in [*again, *[("standfirst.deliver", ["book"])] * 5]))
    settled(town, 8)
    until(lambda: sum(map(redis.length, QUEUES)) == 0, "every message was taken")
    assert len(town.posted) == 8


def test_f92_a_retry_is_a_row_with_its_time_and_no_message_waits_for_it(
    newsroom: Newsroom, town: Town, redis: Redis, postgres_migrated_url: str
) -> None:
    town.articles = 1
    town.answer = lambda _: 503
    newsroom.worker()
    newsroom.sweep()
    until(lambda: town.asked == 1, "it was refused")
    store = Store.open(postgres_migrated_url)
    with redis.client() as client:
        until(lambda: not client.hlen("standfirst:unacked"), "the message is done with")
        assert sum(map(redis.length, QUEUES)) == 0
    with store.read() as tx:
        [row] = overview.deliveries_list(tx, datetime.now(UTC))
    store.close()
    assert row["state"] == "pending"
    assert row["due_at"] > datetime.now(UTC)


def test_sigterm_finishes_the_post_and_leaves_the_rest(newsroom: Newsroom, town: Town) -> None:
    town.articles, town.slow = 20, 0.4
    worker = newsroom.worker()
    newsroom.sweep()
    until(town.sending.is_set, "a post is on its way")
    worker.tell(signal.SIGTERM)
    assert worker.ended(60) == 0
    assert len(town.posted) < 20
    town.slow = 0
    newsroom.worker()
    settled(town, 20)
    assert len(town.posted) == 20


def test_a_feed_that_a_killed_worker_was_reading_is_polled_again_long_before_its_lease_ends(
    newsroom: Newsroom, town: Town
) -> None:
    worker, sweep = newsroom.worker(), newsroom.sweep()
    settled(town, 3)
    town.hangs = True
    asked = len(town.polled)
    until(lambda: len(town.polled) > asked, "the feed is asked")
    for pid in [*children(worker.running.pid), worker.running.pid]:
        os.kill(pid, signal.SIGKILL)
    killed, town.articles = time.monotonic(), 5
    newsroom.worker()
    town.hangs = False
    settled(town, 5)
    again = next(at for at in town.polled if at > killed)
    assert again - killed < LEASE.total_seconds() / 2
    assert sweep.events("worker_lost")


PLACE = '"properties": {"delivery_tag": "1", "delivery_info": {"exchange": "", "routing_key": "poll"}}'
NO_MESSAGES = (
    "this is no message",
    "[" * 100_000,
    "[]",
    '{"body": 1}',
    '{"body": "", "properties": {}}',
    '{"body": "{", "content-type": "application/json", "content-encoding": "utf-8", "headers": {}, ' + PLACE + "}",
    '{"body": "[]", "content-type": "application/json", "content-encoding": "utf-8", '
    '"headers": {"task": "standfirst.poll"}, ' + PLACE + "}",
    '{"body": "[[], {}, {}]", "content-type": "application/json", "content-encoding": "none", '
    '"headers": {"task": "standfirst.poll", "id": 7, "lang": 1, "eta": "never", "timelimit": "x"}, ' + PLACE + "}",
)


def messages(redis: Redis, *found: tuple[str, Any, dict[str, Any]]) -> None:
    """Put foreign messages into the poll queue, as anybody who reaches the broker can."""
    from celery import Celery

    with Celery("stranger", broker=redis.url) as stranger:
        stranger.conf.update(broker_transport_options={"global_keyprefix": "standfirst:", "priority_steps": [0]})
        for name, arguments, options in found:
            stranger.send_task(name, args=arguments, queue="poll", **options)


def test_foreign_messages_harm_no_worker(newsroom: Newsroom, town: Town, redis: Redis) -> None:
    worker = newsroom.worker()
    newsroom.sweep()
    settled(town, 3)
    messages(
        redis,
        ("standfirst.poll", ["town", "an argument of a newer version"], {"kwargs": {"more": True}}),
        ("standfirst.poll", [{"url": "http://169.254.169.254/"}], {}),
        ("standfirst.poll", [], {}),
        ("standfirst.poll", ["x" * 100_000], {}),
        ("standfirst.poll", ["no such feed"], {}),
        ("standfirst.deliver", [42], {}),
        ("standfirst.teaser", ["'); DROP TABLE articles"], {}),
        ("standfirst.embargo", ["a1"], {}),  # a task of a newer version
        ("os.system", ["true"], {}),
        ("standfirst.poll", ["town"], {"serializer": "pickle"}),
    )
    with redis.client() as client:
        client.lpush("standfirst:poll", *NO_MESSAGES)
    town.articles = 6
    settled(town, 6)
    assert worker.running.poll() is None
    assert len(worker.events("message_refused")) >= 5
    assert redis.length("standfirst:poll") == 0


def test_every_line_of_a_worker_is_json_and_tells_no_password(
    tmp_path: Path, town: Town, redis: Redis, postgres_migrated_url: str
) -> None:
    with redis.client() as client:
        client.acl_setuser(
            "press", enabled=True, passwords=["+sesame-c4n4ry"], commands=["+@all"], keys=["*"], channels=["*"]
        )
    broker = redis.url.replace("redis://", "redis://press:sesame-c4n4ry@")
    config = configured(tmp_path, town, store=postgres_migrated_url, broker=broker)
    with process(config, "worker", "--concurrency", "1") as worker, process(config, "sweep") as sweep:
        settled(town, 3)
        redis.kill()
        until(lambda: "library_message" in worker.log and sweep.events("broker_unreachable"), "both notice")
        redis.start()
        for one in (worker, sweep):
            assert "sesame-c4n4ry" not in one.log
    lines = [line for line in worker.log.splitlines() if line.startswith("{")]
    assert lines
    assert all('"event"' in line and '"level"' in line for line in lines)


def test_rabbitmq_does_as_well_and_may_restart(
    tmp_path: Path, town: Town, rabbitmq: RabbitMQ, postgres_migrated_url: str
) -> None:
    config = configured(tmp_path, town, store=postgres_migrated_url, broker=rabbitmq.url)
    with process(config, "worker", "--concurrency", "2") as worker, process(config, "sweep"):
        settled(town, 3)
        rabbitmq.restart()
        town.articles = 8
        settled(town, 8)
        assert worker.running.poll() is None
        worker.tell(signal.SIGTERM)
        assert worker.ended(60) == 0


def test_a_store_that_restarts_is_found_again(tmp_path: Path, town: Town, redis: Redis, postgres: Postgres) -> None:
    with postgres.database() as url:
        config = configured(tmp_path, town, store=url, broker=redis.url)
        with process(config, "worker", "--concurrency", "2") as worker, process(config, "sweep") as sweep:
            settled(town, 3)
            postgres.kill()
            town.articles = 6
            until(lambda: sweep.events("store_unreachable"), "the sweep says that the store is away")
            postgres.start()
            settled(town, 6)
            assert sweep.events("store_reachable")
            assert worker.running.poll() is None
            assert len(town.posted) == 6


IMPATIENT = """
import workers.watchdog as w
w.Watchdog.__init__.__kwdefaults__.update(silent=0.5, late=3.0)
w.EVERY, w.GRACE = 0.5, 3.0
"""


def test_an_idle_worker_speaks_to_itself_and_a_stuck_one_ends(newsroom: Newsroom, redis: Redis) -> None:
    worker = newsroom.start("worker", "--concurrency", "2", first=IMPATIENT)
    with redis.client() as client:
        until(lambda: client.smembers("standfirst:_kombu.binding.poll"), "it listens")
    began = time.monotonic()
    until(lambda: time.monotonic() - began > 8, "it has been idle for a while")
    assert worker.running.poll() is None
    for child in children(worker.running.pid):
        os.kill(child, signal.SIGSTOP)
    assert worker.ended() == 1
    assert worker.events("worker_stalled")


def children(pid: int) -> list[int]:
    """The processes that a process started."""
    return [int(number) for number in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


SEVEN = """
from time import monotonic, sleep
from pipeline.model import Stage
from workers import tasks
before = tasks.waiting(Stage.TEASER)
for number in range(7):
    tasks.publish(Stage.TEASER, f"a{number}")
ends = monotonic() + 10
while tasks.waiting(Stage.TEASER) < before + 7 and monotonic() < ends:
    sleep(0.05)  # a broker counts what it was sent a moment later
print(tasks.waiting(Stage.TEASER) - before)
"""


@pytest.mark.parametrize("kind", ["redis", "rabbitmq"])
def test_a_sweep_knows_how_much_waits_in_a_queue(
    kind: str, tmp_path: Path, town: Town, postgres_migrated_url: str, request: pytest.FixtureRequest
) -> None:
    # Of a broker that always seemed empty, two sweeps had made a queue of 181,046 messages for 500 articles.
    broker = str(request.getfixturevalue(f"{kind}_url"))
    config = configured(tmp_path, town, store=postgres_migrated_url, broker=broker)
    asked = [sys.executable, "-c", SEVEN]
    told = subprocess.run(
        asked, env=os.environ | {"STANDFIRST_CONFIG": str(config)}, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "7"
