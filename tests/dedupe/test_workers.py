"""Copies that arrive together on several workers: real processes, one PostgreSQL."""

import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import sqlalchemy as sa

from pipeline.model import ArticleState
from pipeline.store import Store
from pipeline.store.tables import articles
from tests.dedupe.conftest import CONFIG, config_at
from tests.dedupe.writing import stories

FEEDS = ("town", "county", "wire")


def test_copies_that_arrive_together_on_several_workers_cannot_all_win(
    postgres_migrated_url: str, tmp_path: Path
) -> None:
    config_at(tmp_path, CONFIG)
    command = [sys.executable, "-m", "tests.dedupe.worker", postgres_migrated_url, str(tmp_path / "standfirst.toml")]
    workers = [
        subprocess.Popen([*command, feed], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for feed in FEEDS
    ]
    for worker in workers:
        assert worker.stdout
        assert worker.stdout.readline() == "ready\n"
    outputs = [worker.communicate("go\n", timeout=120)[0] for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0, 0], outputs
    store = Store.open(postgres_migrated_url)
    with store.read() as tx:
        rows = tx.execute(sa.select(articles.c.id, articles.c.title, articles.c.state, articles.c.joined_to)).all()
    store.close()
    told = defaultdict(list)
    for row in rows:
        told[row.title.split()[-1]].append(row)
    assert len(told) == len(stories("town"))
    for copies in told.values():
        own = [copy.id for copy in copies if copy.state == ArticleState.READY]
        joined = {copy.joined_to for copy in copies if copy.state == ArticleState.JOINED}
        assert (len(own), joined, len(copies)) == (1, set(own), len(FEEDS))
