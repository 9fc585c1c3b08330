"""The Celery application's settings: what keeps a broker's faults small."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.config import Config, Settings
from workers.app import QUEUES, settings, transport_options
from workers.hints import AGAIN


def of(broker: str) -> dict[str, object]:
    return settings(Config(settings=Settings(broker=broker)))


@pytest.mark.parametrize("broker", ["memory://", "redis://10.0.0.1/0", "rediss://10.0.0.1/0", "amqp://10.0.0.1//"])
def test_messages_are_json_without_results_or_remote_control(broker: str) -> None:
    found = of(broker)
    assert found["accept_content"] == ["json"]
    assert found["result_backend"] is None
    assert found["task_ignore_result"] is True
    assert found["worker_enable_remote_control"] is False
    assert [queue.name for queue in found["task_queues"]] == list(QUEUES)  # type: ignore[attr-defined]


def test_f92_no_message_waits_in_the_broker_for_its_time() -> None:
    """A visibility time-out is longer than any task may take, and nothing is ever sent with an ETA."""
    found = of("redis://10.0.0.1/0")
    limit = found["task_time_limit"]
    assert isinstance(limit, int)
    assert transport_options("redis://10.0.0.1/0")["visibility_timeout"] > 2 * limit > AGAIN
    sources = [path.read_text() for path in Path("workers").glob("*.py")]
    assert not [text for text in sources if "countdown=" in text or "eta=" in text]


def test_a_broker_that_hangs_is_given_up_in_seconds() -> None:
    options = transport_options("redis://10.0.0.1/0")
    assert options["socket_timeout"] <= 5
    assert options["socket_connect_timeout"] <= 2
    assert of("redis://10.0.0.1/0")["task_publish_retry"] is False
    assert transport_options("amqp://10.0.0.1")["write_timeout"] <= 5


def test_importing_the_application_reads_no_configuration(tmp_path: Path) -> None:
    code = "import workers.app; print(workers.app.app.main)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path.cwd())},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "standfirst\n"


def test_a_worker_without_a_configuration_says_what_to_do(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "celery", "-A", "workers.app", "worker"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path.cwd()), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "there is no configuration" in done.stderr
    assert "Traceback" not in done.stderr
