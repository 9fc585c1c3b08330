"""The bench as a fixture."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.polling.bench import Bench
from tests.polling.bench import bench as opened


@pytest.fixture
def bench(tmp_path: Path, sqlite_migrated_url: str) -> Iterator[Bench]:
    """A scripted server, and a feed called `news` that nobody has polled yet."""
    with opened(tmp_path, sqlite_migrated_url) as made:
        yield made
