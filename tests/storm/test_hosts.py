"""Three hosts with their own addresses: one, then another, is cut off in the middle of its work, and heals."""

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests import servers
from tests.storm.__main__ import compare, read, settled
from tests.storm.hosts import GATEWAY, NoNamespaces, hosts, relay
from tests.storm.newsroom import Newsroom
from tests.storm.sky import Weather, outside

ARTICLES = 60
CUT_SECONDS = 20.0
# Not Bluesky: its server names itself by the address that only we can reach.
CHANNELS = ("replays", "mastodon", "lookup", "neither")


def opened(folder: Path, host: Any, environment: dict[str, str]) -> list[Any]:
    """A worker and a sweep on the host."""
    command = str(Path(sys.executable).with_name("standfirst"))
    with (folder / f"{host.name}.log").open("ab") as log:
        return [
            host.run([command, *words], env=environment, cwd=folder, stdout=log, stderr=log)
            for words in (["worker", "--concurrency", "4"], ["sweep"])
        ]


@pytest.mark.timeout(600)
def test_a_host_that_is_cut_off_and_comes_back_doubles_and_loses_nothing(
    tmp_path: Path, postgres: servers.Postgres, redis: servers.Redis
) -> None:
    tmp_path.chmod(0o755)
    try:
        with hosts(3) as made:
            _partition(tmp_path, postgres, redis, made)
    except NoNamespaces as error:
        pytest.skip(f"network namespaces cannot be made here: {error}")


def _partition(folder: Path, postgres: servers.Postgres, redis: servers.Redis, made: list[Any]) -> None:
    from pipeline.store import Store

    with outside(4, ARTICLES, Weather(1, 0.0)) as (paper, address, platforms):
        url = postgres.url(postgres.create())
        store = Store.open(url)
        store.migrate()
        store.close()
        room = Newsroom.furnish(folder, redis, postgres, url, address, 4, platforms)
        for port in {postgres.port, redis.port, int(address.rsplit(":", 1)[1]), *(p.port for p in platforms.values())}:
            relay(port)
        # Seen from the hosts, everything of ours is at the gateway.
        path = folder / "standfirst.toml"
        path.write_text(
            path.read_text().replace("127.0.0.1:", f"{GATEWAY}:").replace('"127.0.0.0/8"', '"10.77.0.0/16"')
        )
        path.write_text(path.read_text().replace('"bluesky", ', ""))
        environment = room.environment | {"SLACK": room.environment["SLACK"].replace("127.0.0.1", GATEWAY)}
        processes = [process for host in made for process in opened(folder, host, environment)]
        try:
            _work(paper, made, url)
        finally:
            for process in processes:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        assert compare(ARTICLES, read(url), platforms, CHANNELS) == []


def _work(paper: Any, made: list[Any], url: str) -> None:
    time.sleep(6)  # the hosts' processes start
    for part in range(4):
        paper.publish(ARTICLES // 4)
        time.sleep(1)
        if part == 0:
            made[0].pull()
        if part == 1:
            made[1].pull()
            made[0].plug()
            time.sleep(CUT_SECONDS)
            made[1].plug()
    ends = time.monotonic() + 300
    while time.monotonic() < ends and not settled(url, ARTICLES, CHANNELS):
        time.sleep(1)
