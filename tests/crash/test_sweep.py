"""A crash at every statement, commit and request, on both databases, against platforms of each class.

Whatever the point: afterwards each article stands once on each platform, or is held for a person with its reason.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.bounded import Bounded
from tests.crash.points import Points
from tests.crash.town import Town, town
from tests.proof.figures import record

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
PARTS = 4  # the points are dealt out, so that several processes can share them
AFTER_CRASH = timedelta(seconds=5)  # how soon the next process starts


@pytest.fixture(scope="module")
def bounded() -> Iterator[Bounded]:
    pool = Bounded(1)
    yield pool
    pool.close()


@pytest.fixture
def fresh(
    request: pytest.FixtureRequest, tmp_path: Path, bounded: Bounded
) -> Callable[[str, int], AbstractContextManager[Town]]:
    """A town with an empty store of its own."""
    import shutil

    def made(database: str, number: int) -> Any:
        folder = tmp_path / str(number)
        folder.mkdir()
        if database == "sqlite":
            for part in request.getfixturevalue("sqlite_template").parent.glob("standfirst.db*"):
                shutil.copy(part, folder)
            return town(f"sqlite:///{folder}/standfirst.db", folder, bounded)
        postgres = request.getfixturevalue("postgres")
        name = postgres.create(request.getfixturevalue("postgres_template"))
        return town(postgres.url(name), folder, bounded)

    return made


@pytest.mark.timeout(900)
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_after_a_crash_at_any_point_each_article_is_posted_once_or_held(database: str, part: int, fresh: Any) -> None:
    with fresh(database, 0) as calm:
        points = Points()
        calm.life(points)
        assert calm.wrongs() == []
    wrongs = []
    for at in range(1 + part, len(points.seen) + 1, PARTS):
        with fresh(database, at) as struck:
            dying = Points(at)
            struck.life(dying)
            struck.now += AFTER_CRASH
            struck.life(Points())
            wrongs += [f"{at} {dying.seen[-1]}: {wrong}" for wrong in struck.wrongs()]
    tried = len(range(1 + part, len(points.seen) + 1, PARTS))
    print(f"\n{database}: {tried} of {len(points.seen)} points, {len(wrongs)} wrong")
    record("sweep", database=NAMES[database], points=tried, wrong=len(wrongs))
    assert wrongs == []
