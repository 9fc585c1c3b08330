"""Whatever the check of a configuration passes can be started with."""

import re
from pathlib import Path

import pytest
from kombu import Connection
from kombu.exceptions import OperationalError

from pipeline.config import ConfigErrors, load
from pipeline.store import Store
from workers.app import settings

NOWHERE = "127.0.0.1:1"
BROKERS = [
    "memory://",
    f"redis://{NOWHERE}/0",
    f"rediss://{NOWHERE}/0",
    "redis+socket:///nowhere/redis.sock",
    f"sentinel://{NOWHERE}/0?master_name=news",
    f"sentinel://:a-password@{NOWHERE};sentinel://{NOWHERE}/0?master_name=news",
    f"amqp://{NOWHERE}",
    f"amqps://{NOWHERE}",
    f"pyamqp://{NOWHERE}",
]
REFUSED = {
    "broker": [
        f"sentinel://{NOWHERE}/0",
        f"sentinel://{NOWHERE}/0?master_name=",
        "redis://127.0.0.1:99999/0",
        "redis:/x",
    ],
    "store": ["postgresql://here:99999/news", "postgresql://here:port/news", "mysql://here/news", "sqlite:///"],
}


def written(folder: Path, setting: str, value: str) -> Path:
    path = folder / "standfirst.toml"
    path.write_text(f'[standfirst]\n{setting} = "{value}"\n', "utf-8")
    return path


@pytest.mark.parametrize("broker", BROKERS)
def test_a_broker_that_passes_is_one_that_celery_can_try(tmp_path: Path, broker: str) -> None:
    found = settings(load(written(tmp_path, "broker", broker), {}))
    with Connection(
        found["broker_url"], transport_options=found["broker_transport_options"], connect_timeout=1
    ) as connection:
        if broker == "memory://":
            connection.ensure_connection(max_retries=1)
            return
        with pytest.raises(OperationalError):  # nobody listens there; a setting that is wrong would be another error
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=1)


@pytest.mark.parametrize(("setting", "value"), [(name, one) for name, some in REFUSED.items() for one in some])
def test_an_address_that_cannot_be_started_with_does_not_pass(tmp_path: Path, setting: str, value: str) -> None:
    with pytest.raises(ConfigErrors):
        load(written(tmp_path, setting, value), {})


def test_a_store_may_be_named_as_hosts_name_it(tmp_path: Path, postgres_url: str) -> None:
    """`postgres://` is what most hosts give; SQLAlchemy does not know it."""
    for scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        address = re.sub(r"^[\w+]+(?=://)", scheme, postgres_url)
        store = Store.open(load(written(tmp_path, "store", address), {}).settings.store)
        try:
            store.migrate()
            assert store.clock() > 0
        finally:
            store.close()
