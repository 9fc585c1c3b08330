"""A browser, a console that really listens, and somebody who has logged in. All tests run on one worker."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.chromium import Chromium, Visitor
from tests.browser.newsroom import TOKEN, Newsroom
from tests.conftest import opened


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One Chromium serves all of the suite."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="package")
def chromium() -> Iterator[Chromium]:
    """The system's Chromium."""
    yield from opened(Chromium)


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    """A store with articles in every state, and its console."""
    made = Newsroom(tmp_path)
    yield made
    made.close()


@pytest.fixture
def stranger(chromium: Chromium, newsroom: Newsroom) -> Iterator[Visitor]:
    """Somebody who has not shown the token."""
    made = chromium.visitor(newsroom.address)
    yield made
    made.leave()


@pytest.fixture
def editor(stranger: Visitor) -> Visitor:
    """Somebody who has."""
    stranger.log_in(TOKEN)
    return stranger
