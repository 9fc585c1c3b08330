"""A browser, a console that really listens, and somebody who has logged in."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.chromium import Chromium, Visitor
from tests.browser.newsroom import TOKEN, Newsroom
from tests.conftest import opened


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file's tests share a Chromium."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.xdist_group(f"browser {item.path.stem}"))


@pytest.fixture(scope="package")
def chromium() -> Iterator[Chromium]:
    """The system's Chromium."""
    yield from opened(Chromium)


@pytest.fixture
def newsroom(tmp_path: Path, sqlite_template: Path) -> Iterator[Newsroom]:
    """An empty store and its console."""
    made = Newsroom(tmp_path, sqlite_template.parent.glob("standfirst.db*"))
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
    stranger.open(f"/login?token={TOKEN}")
    return stranger


@pytest.fixture
def pressed(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Note a form that was pressed: the end of the run counts them."""
    return lambda name: request.node.user_properties.append(("pressed", name))
