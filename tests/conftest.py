"""Fixtures for all suites, and the word about those that were left out.

A test that needs a server asks for its fixture; where the server is not installed the test is skipped, and the end of
the run says so. With CI=true or STANDFIRST_ALL=1 nothing may be left out: the same test fails instead.
"""

import os
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests import servers

# How long an example takes says more of the machine than of the code. Where nothing may be left out the examples are
# the same each time: chance finds new ones by hand.
settings.register_profile("standfirst", deadline=None)
settings.register_profile("the same each time", deadline=None, derandomize=True)

ALL = os.environ.get("CI", "").lower() in {"true", "1"} or os.environ.get("STANDFIRST_ALL", "") not in {"", "0"}
NEEDS = "needs: "
settings.load_profile("the same each time" if ALL else "standfirst")


def opened(server: Callable[[], Any]) -> Iterator[Any]:
    """The server, running until the session ends; a skip, or in CI a failure, where it is not installed."""
    try:
        made = server()
    except servers.Missing as missing:
        if ALL:
            pytest.fail(f"{missing}; nothing may be left out here", pytrace=False)
        pytest.skip(f"{NEEDS}{missing}")
    with made:
        yield made


@pytest.fixture(scope="session")
def postgres() -> Iterator[servers.Postgres]:
    """One PostgreSQL for the session; take `postgres_url` for a database of one's own."""
    yield from opened(servers.Postgres)


@pytest.fixture(scope="session")
def shared_redis() -> Iterator[servers.Redis]:
    """One Redis for the session; take `redis` or `redis_url`, which start empty."""
    yield from opened(servers.Redis)


@pytest.fixture(scope="session")
def rabbitmq() -> Iterator[servers.RabbitMQ]:
    """One RabbitMQ for the session."""
    yield from opened(servers.RabbitMQ)


@pytest.fixture
def redis(shared_redis: servers.Redis) -> servers.Redis:
    """An empty Redis that a test may flush, stop, kill and restart; it runs again afterwards."""
    if shared_redis.process is None:
        shared_redis.start()
    shared_redis.flush()
    return shared_redis


@pytest.fixture
def redis_url(redis: servers.Redis) -> str:
    """The URL of an empty Redis."""
    return redis.url


@pytest.fixture
def rabbitmq_url(rabbitmq: servers.RabbitMQ) -> str:
    """The URL of the session's RabbitMQ; queues of earlier tests may be there."""
    return rabbitmq.url


@pytest.fixture
def sqlite_store_url(tmp_path: Path) -> str:
    """The URL of an SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'standfirst.db'}"


@pytest.fixture
def postgres_url(postgres: servers.Postgres) -> Iterator[str]:
    """The URL of an empty database of the test's own."""
    with postgres.database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty store, once for each database."""
    return str(request.getfixturevalue("sqlite_store_url" if request.param == "sqlite" else "postgres_url"))


# A migrated store is made once a session and database, and copied for each test: a copy costs milliseconds.


def migrated(url: str) -> None:
    from pipeline.store import Store

    store = Store.open(url)
    store.migrate()
    store.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("template") / "standfirst.db"
    migrated(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres: servers.Postgres) -> str:
    """The name of a migrated database, to be copied."""
    name = postgres.create()
    migrated(postgres.url(name))
    return name


@pytest.fixture
def sqlite_migrated_url(tmp_path: Path, sqlite_template: Path) -> str:
    """The URL of a migrated SQLite store of the test's own."""
    for part in sqlite_template.parent.glob("standfirst.db*"):
        shutil.copy(part, tmp_path)
    return f"sqlite:///{tmp_path / 'standfirst.db'}"


@pytest.fixture
def postgres_migrated_url(postgres: servers.Postgres, postgres_template: str) -> Iterator[str]:
    """The URL of a migrated PostgreSQL store of the test's own."""
    with postgres.database(postgres_template) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated_url(request: pytest.FixtureRequest) -> str:
    """The URL of a migrated store, once for each database."""
    return str(request.getfixturevalue(f"{'sqlite' if request.param == 'sqlite' else 'postgres'}_migrated_url"))


@pytest.fixture
def store(migrated_url: str) -> Iterator[Any]:
    """A migrated store, open, once for each database."""
    yield from open_store(migrated_url)


@pytest.fixture
def sqlite_store(sqlite_migrated_url: str) -> Iterator[Any]:
    """A migrated SQLite store, open: for tests to which the database does not matter."""
    yield from open_store(sqlite_migrated_url)


def open_store(url: str) -> Iterator[Any]:
    from pipeline.store import Store

    store = Store.open(url)
    yield store
    store.close()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say at the end how many forms a browser pressed, which suites were left out and how to have them."""
    passed = terminalreporter.stats.get("passed", [])
    pressed = {value for report in passed for name, value in report.user_properties if name == "pressed"}
    if pressed:
        terminalreporter.section("in a real browser")
        terminalreporter.line(f"{len(pressed)} forms of the console were pressed")
    left_out: Counter[tuple[str, str]] = Counter()
    for report in terminalreporter.stats.get("skipped", []):
        reason = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
        if found := re.search(rf"{NEEDS}(.*)", reason):
            left_out[report.nodeid.partition("::")[0], found[1]] += 1
    if left_out:
        terminalreporter.section("left out on this machine")
        for (suite, need), number in sorted(left_out.items()):
            terminalreporter.line(f"{suite}: {number} test{'s' if number > 1 else ''}, because {need}")
        terminalreporter.line("With these installed, `make test` runs everything.")
