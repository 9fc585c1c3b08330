"""A real server, a door that may reach it, and a pool of children."""

from collections.abc import Iterator
from contextlib import ExitStack
from ipaddress import ip_network

import pytest

from pipeline.bounded import Bounded
from pipeline.http import Http
from tests.http.speaker import Speaker


@pytest.fixture
def http() -> Iterator[Http]:
    door = Http(allow_networks=[ip_network("127.0.0.0/8")], user_agent="Standfirst/test (+https://example.org/bot)")
    yield door
    door.close()


@pytest.fixture
def speak():
    with ExitStack() as stack:
        yield lambda script: stack.enter_context(Speaker(script))


@pytest.fixture(scope="module")
def bounded() -> Iterator[Bounded]:
    pool = Bounded(1)
    yield pool
    pool.close()
