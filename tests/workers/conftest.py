"""What the workers' tests share: a town to publish, a console and an HTTP client of it."""

from collections.abc import Iterator

import pytest

from tests.workers.http_client import config, editor, stranger, world  # noqa: F401 - fixtures
from tests.workers.town import Town


@pytest.fixture
def town() -> Iterator[Town]:
    """A site and a platform on loopback."""
    made = Town()
    yield made
    made.close()
