"""What the workers' tests share: a town to publish, a console and a browser at it."""

from collections.abc import Iterator

import pytest

from tests.workers.browser import config, editor, stranger, world  # noqa: F401 - fixtures
from tests.workers.town import Town


@pytest.fixture
def town() -> Iterator[Town]:
    """A site and a platform on loopback."""
    made = Town()
    yield made
    made.close()
