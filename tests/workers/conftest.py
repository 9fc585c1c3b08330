"""What the workers' tests share: a town to publish."""

from collections.abc import Iterator

import pytest

from tests.workers.town import Town


@pytest.fixture
def town() -> Iterator[Town]:
    """A site and a platform on loopback."""
    made = Town()
    yield made
    made.close()
