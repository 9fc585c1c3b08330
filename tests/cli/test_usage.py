"""Help, usage, exit codes: what every command has in common."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from workers.cli import commands
from workers.cli.commands import ORDER

HERE = Path(sys.executable).with_name("standfirst")
NAMES = sorted(ORDER)
LISTINGS = (
    "articles",
    "deliveries",
    "feeds",
    "channels",
    "status",
    "check",
    "channels --kinds",
    "feeds log news",
    "db check",
)


def real(*args: str, **env: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [HERE, *args], check=False, capture_output=True, text=True, env={**os.environ, **env}, timeout=60
    )


def test_every_command_of_the_design_is_there(standfirst: Command) -> None:
    said = standfirst.ok("--help").out
    for name in NAMES:
        assert f"\n  {name} " in said


def test_no_line_of_the_help_is_cut(standfirst: Command) -> None:
    assert "..." not in standfirst.ok("--help").out.partition("Commands:")[2]


@pytest.mark.parametrize("name", NAMES)
def test_every_command_explains_itself(standfirst: Command, name: str) -> None:
    assert f"Usage: standfirst {name}" in standfirst.ok(name, "--help").out


def test_every_option_and_argument_is_explained() -> None:
    import typer

    def walk(command: object) -> list[str]:
        inner = getattr(command, "commands", {})
        bare = [
            f"{command.name} {p.name}"  # type: ignore[attr-defined]
            for p in command.params  # type: ignore[attr-defined]
            if not getattr(p, "help", None) and p.name != "help"
        ]
        return bare + [name for one in inner.values() for name in walk(one)]

    assert walk(typer.main.get_command(commands.app)) == []


@pytest.mark.parametrize(
    "args",
    [("nonsense",), ("articles", "--nonsense"), ("explain",), ("articles", "--limit", "none"), ("feeds", "nonsense")],
)
def test_wrong_usage_is_one_sentence_and_exit_2(standfirst: Command, args: tuple[str, ...]) -> None:
    said = standfirst(*args)
    assert said.code == 2
    assert said.out == ""
    assert said.err.startswith("standfirst: ")
    assert "--help" in said.err
    assert said.err.count("\n") == 1


@pytest.mark.parametrize("args", [(), ("db",)])
def test_no_command_at_all_shows_what_there_is(standfirst: Command, args: tuple[str, ...]) -> None:
    said = standfirst(*args)
    assert said.code == 2
    assert said.err.startswith("Usage: standfirst")


def test_a_missing_configuration_says_how_to_make_one(standfirst: Command) -> None:
    said = standfirst("articles")
    assert said.code == 2
    assert "standfirst init" in said.err


def test_the_configuration_may_be_named_before_or_after_the_command(standfirst: Command, path: Path) -> None:
    elsewhere = path.rename(path.with_name("other.toml"))
    assert standfirst.ok("--config", str(elsewhere), "articles", "--json").json == []
    assert standfirst.ok("articles", "--json", "--config", str(elsewhere)).json == []


def test_the_configuration_may_be_named_by_the_environment(path: Path) -> None:
    elsewhere = path.rename(path.with_name("other.toml"))
    assert json.loads(real("articles", "--json", STANDFIRST_CONFIG=str(elsewhere)).stdout) == []


@pytest.mark.parametrize("listing", LISTINGS)
def test_every_listing_has_json(standfirst: Command, path: Path, listing: str) -> None:
    standfirst.ok("db", "migrate")
    said = standfirst(*listing.split(), "--json")
    assert said.code == (1 if listing == "status" else 0)  # nothing runs
    assert isinstance(said.json, list | dict)


def test_a_store_that_cannot_be_opened_is_one_sentence_and_exit_1(path: Path) -> None:
    (path.parent / "standfirst.db").mkdir()
    done = real("articles")
    assert done.returncode == 1
    assert done.stderr.startswith("standfirst: ")
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1


def test_an_unexpected_error_is_one_sentence_that_says_where_its_trace_is(
    standfirst: Command, path: Path, tmp_path: Path
) -> None:
    from workers.cli.main import _explained

    assert _explained(ZeroDivisionError("hunter2")) == 1
    said = standfirst._capsys.readouterr().err
    assert said.count("\n") == 1
    assert "hunter2" not in said
    Path(said.split()[-1]).unlink()


def test_a_trace_is_kept_for_whoever_looks_into_it() -> None:
    from workers.cli.trace import keep

    try:
        raise RuntimeError("the answer was https://user:hunter2@x.example/")
    except RuntimeError as error:
        kept = keep(error)
    text = kept.read_text()
    kept.unlink()
    assert "RuntimeError" in text
    assert "hunter2" not in text


def test_a_reader_that_has_seen_enough_is_no_error(path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [HERE, "channels", "--kinds"], check=False, stdout=writing, stderr=subprocess.PIPE, text=True, timeout=60
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_help_comes_at_once() -> None:
    from resource import RUSAGE_CHILDREN, getrusage

    def seconds() -> float:  # of work: how long that takes depends on what else the machine does
        before = getrusage(RUSAGE_CHILDREN)
        real("--help")
        after = getrusage(RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    assert min(seconds() for _ in range(5)) < 0.3


def test_the_help_needs_none_of_the_heavy_libraries() -> None:
    code = (
        "import sys; from workers.cli.main import run; run(['--help']); "
        "print([m for m in sys.modules if m.split('.')[0] in sys.argv[1:]])"
    )
    heavy = ("sqlalchemy", "celery", "requests", "lxml", "rich", "trafilatura", "fastapi", "structlog", "alembic")
    done = subprocess.run([sys.executable, "-c", code, *heavy], check=False, capture_output=True, text=True, timeout=60)
    assert done.stdout.endswith("[]\n")
