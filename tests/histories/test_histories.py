"""Every history in `cases` holds: what the reports of the past teach, as rules."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.histories.replay import Play
from tests.proof.figures import record

CASES = sorted((Path(__file__).parent / "cases").glob("*.json"))


@pytest.fixture
def play(request: pytest.FixtureRequest, tmp_path: Path, sqlite_migrated_url: str) -> Iterator[Play]:
    """The history on its way."""
    play = Play(json.loads(request.param.read_text()), tmp_path, sqlite_migrated_url)
    yield play
    play.close()


@pytest.mark.parametrize("play", CASES, indirect=True, ids=lambda path: path.stem)
def test_the_history_holds(play: Play) -> None:
    wrongs = play.run()
    record("histories", polls=sum(len(feed.asked) for feed in play.transport.feeds.values()), wrong=len(wrongs))
    assert wrongs == [], f"{play.history['case']}: {play.history['why']}"


@pytest.mark.parametrize("name", ["A06o", "A12g", "C31", "C37l", "D43f"])
def test_the_history_holds_on_postgresql(name: str, tmp_path: Path, postgres_migrated_url: str) -> None:
    history = json.loads((Path(__file__).parent / "cases" / f"{name}.json").read_text())
    play = Play(history, tmp_path, postgres_migrated_url)
    try:
        assert play.run() == []
    finally:
        play.close()
