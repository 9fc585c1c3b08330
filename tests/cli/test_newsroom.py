"""The processes of a newsroom as commands of their own, real ones over a real broker."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import pytest

from tests.cli.conftest import TITLES, Command, Site

HERE = Path(sys.executable).with_name("standfirst")


@contextmanager
def running(*args: str, log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with log.open("ab") as out:
        process = subprocess.Popen([HERE, *args], stdout=out, stderr=out, env=dict(os.environ))
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0, log.read_text()


def seen(site: Site, count: int, log: Path) -> None:
    until = monotonic() + 60
    while len(site.sent) < count:
        assert monotonic() < until, log.read_text()


@pytest.mark.parametrize("command", ["worker", "sweep"])
def test_a_process_of_its_own_needs_a_broker_that_others_reach(standfirst: Command, path: Path, command: str) -> None:
    said = standfirst(command)
    assert said.code == 2
    assert "standfirst run" in said.err


def test_a_queue_that_is_not_there_is_refused(standfirst: Command, path: Path) -> None:
    path.write_text(path.read_text().replace("[standfirst]", '[standfirst]\nbroker = "redis://127.0.0.1:1/0"'))
    said = standfirst("worker", "--queues", "pol,deliver")
    assert said.code == 2
    assert "poll, teaser, dedupe, fanout, deliver" in said.err


def test_run_posts_and_stops_when_it_is_told_to(path: Path, site: Site, tmp_path: Path) -> None:
    log = tmp_path / "log"
    path.write_text(path.read_text().replace("[standfirst]", '[standfirst]\nconsole = "127.0.0.1:0"'))
    with running("run", "--config", str(path), log=log):
        seen(site, 3, log)
    assert [body["data"]["article"]["title"] for body in site.sent] == list(TITLES)


def test_a_worker_and_a_sweep_of_their_own_do_the_same(
    path: Path, site: Site, tmp_path: Path, redis_url: str, postgres_url: str
) -> None:
    log = tmp_path / "log"
    text = path.read_text().replace("sqlite:///standfirst.db", postgres_url)
    path.write_text(text.replace("[standfirst]", f'[standfirst]\nbroker = "{redis_url}"'))
    worker = running("worker", "--config", str(path), "--concurrency", "2", log=log)
    with worker, running("sweep", "--config", str(path), log=log):
        seen(site, 3, log)
    assert sorted(body["data"]["article"]["title"] for body in site.sent) == sorted(TITLES)
