"""A door that may reach this machine, for the tests of the one door."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from ipaddress import ip_network

import pytest

from pipeline.http import Http
from tests.http.speaker import Script, Speaker

LOOPBACK = (ip_network("127.0.0.0/8"),)


@pytest.fixture
def http() -> Iterator[Http]:
    door = Http(
        allow_networks=LOOPBACK, user_agent="Standfirst/test (+https://example.org/bot)", secrets=["s3cret-token"]
    )
    yield door
    door.close()


@pytest.fixture
def speak() -> Iterator[Callable[[Script], Speaker]]:
    with ExitStack() as stack:
        yield lambda script, **options: stack.enter_context(Speaker(script, **options))
