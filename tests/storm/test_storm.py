"""One minute of storm: real workers, sweeps, Redis and PostgreSQL, struck at random; then the books are compared."""

import os
import random
from argparse import Namespace
from pathlib import Path

import pytest

from tests import servers
from tests.storm.__main__ import storm


@pytest.mark.timeout(900)
def test_a_minute_of_storm_doubles_nothing_and_loses_nothing(tmp_path: Path) -> None:
    seed = int(os.environ.get("STANDFIRST_SEED", random.randrange(10**6)))
    given = Namespace(seconds=60.0, seed=seed, articles=300, feeds=10, faults=0.05, record=False)
    try:
        with servers.Postgres() as postgres, servers.Redis() as redis:
            assert storm(given, tmp_path, postgres, redis) == 0, f"seed {seed}; the logs are in {tmp_path}"
    except servers.Missing as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"needs: {missing}")
