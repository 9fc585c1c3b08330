"""What a process writes: JSON to the last line, in any character set, with its streams closed, and after a hang-up."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.model import ArticleState, Entry
from pipeline.store import Store, articles
from tests.workers.http_client import NOW
from tests.workers.town import Process, Town, configured, process, until

LOUD = """
import os, sys, threading, warnings
def loud():
    os.write(2, b"from a library in C\\n")
    os.write(1, b"half a line")
    print("to standard output")
    print("two", "lines", sep="\\n", file=sys.__stderr__)
    warnings.warn("something is old", DeprecationWarning)
    sys.stderr.write('{"at": "forged"\\n')
    os.system("echo from a child")
    raise ValueError("in a thread")
def when_it_logs():
    while not getattr(sys.modules.get("workers.logs"), "_captured", None):
        threading.Event().wait(0.05)
    loud()
warnings.simplefilter("always")
threading.Thread(target=when_it_logs, daemon=True).start()
"""
SPOKEN = ["from a library in C", "to standard output", "something is old", "from a child", "in a thread"]


UP = {"run": '"started"', "console": "console: http", "worker": "ready.", "sweep": '"started"'}


def all_json(said: Process) -> None:
    lines = said.log.splitlines()
    loose = [line for line in lines if not line.startswith("{") or "event" not in json.loads(line)]
    assert loose == []
    assert lines


@pytest.mark.parametrize("command", ["run", "console", "worker", "sweep", "celery"])
def test_every_line_of_every_process_is_json(command: str, tmp_path: Path, town: Town, redis_url: str) -> None:
    broker = "memory://" if command == "run" else redis_url
    plain = ["celery", "-A", "workers.app", "worker", "-Q", "poll", "-c", "1"]
    arguments = {"celery": plain, "worker": ["worker", "--concurrency", "1"]}.get(command, [command])
    with process(configured(tmp_path, town, broker=broker), *arguments, first=LOUD) as said:
        if command == "celery":
            until(lambda: "ready" in said.log, "it is ready")
        else:
            until(lambda: all(words in said.log for words in SPOKEN), "all of it was written")
            until(lambda: UP[command] in said.log, "it is up")
        said.tell(signal.SIGTERM)
        assert said.ended(40) == 0
        all_json(said)
        assert "[config]" not in said.log


def test_a_start_that_fails_says_so_in_json(tmp_path: Path, town: Town) -> None:
    port = town.url.rpartition(":")[2]
    with process(configured(tmp_path, town, console=f'"127.0.0.1:{port}"'), "run") as said:
        assert said.ended() == 1
        all_json(said)
        assert f"cannot listen on 127.0.0.1:{port}" in said.log


# --- hang-up ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", UP)
def test_a_hang_up_ends_a_process_as_a_termination_does(
    command: str, tmp_path: Path, town: Town, redis_url: str
) -> None:
    broker = "memory://" if command == "run" else redis_url
    with process(configured(tmp_path, town, broker=broker), command) as said:
        until(lambda: UP[command] in said.log, "it is up")
        said.tell(signal.SIGHUP)
        assert said.ended(40) == 0
        assert "Traceback" not in said.log


def test_what_nohup_started_goes_on(tmp_path: Path, town: Town) -> None:
    first = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)"
    with process(configured(tmp_path, town), "run", first=first) as said:
        until(lambda: said.events("started"), "it is ready")
        said.tell(signal.SIGHUP)
        town.articles = 5
        until(lambda: len(town.posted) == 5, "it works on")
        said.tell(signal.SIGTERM)
        assert said.ended() == 0


# --- character sets and closed streams -------------------------------------------------------------------------------

TITLE = "Мост — “bridge” 🐈 åß"


@pytest.fixture
def told(tmp_path: Path, town: Town) -> Path:
    """A configuration whose store holds an article in several scripts."""
    path = configured(tmp_path, town, log='"console"')
    store = Store.open(f"sqlite:///{tmp_path}/standfirst.db")
    store.migrate()
    entry = Entry(entry_id="1", link="https://town.example/1", title=TITLE)
    with store.begin() as tx:
        articles.add(tx, "town", entry, seed="1", state=ArticleState.HELD, now=NOW, trace="t", reason=TITLE)
    store.close()
    return path


def standfirst(
    config: Path, *arguments: str | bytes, shell: str = "", **env: str
) -> subprocess.CompletedProcess[bytes]:
    """One command as a terminal runs it."""
    program: list[str | bytes] = [sys.executable, "-c", "from workers.cli import main; main()", *arguments]
    command = ["sh", "-c", f'exec "$@" {shell}', "sh", *program] if shell else program
    where = {**os.environ, "STANDFIRST_CONFIG": str(config), "PYTHONPATH": str(Path.cwd()), **env}
    return subprocess.run(command, capture_output=True, env=where, cwd=config.parent, check=False, timeout=60)


LOCALES = [{"PYTHONIOENCODING": "iso-8859-1"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}]
LISTINGS = [
    ["articles"],
    ["articles", "--json"],
    ["explain", "https://town.example/1"],
    ["feeds"],
    ["status"],
    ["--help"],
]


@pytest.mark.parametrize("locale", LOCALES, ids=["latin", "ascii"])
@pytest.mark.parametrize("command", LISTINGS, ids=" ".join)
def test_a_listing_survives_any_character_set(told: Path, command: list[str], locale: dict[str, str]) -> None:
    done = standfirst(told, *command, **locale)
    said = done.stdout + done.stderr
    assert done.returncode in (0, 1), said
    assert b"Traceback" not in said
    assert b"unexpected" not in said
    if command == ["articles"]:
        assert "? “bridge” ?".replace("“", "?").replace("”", "?").encode() in done.stdout
    if "--json" in command:
        assert json.loads(done.stdout.decode("ascii"))[0]["title"] == TITLE


@pytest.mark.parametrize("locale", LOCALES, ids=["latin", "ascii"])
def test_a_log_for_people_survives_any_character_set(tmp_path: Path, town: Town, locale: dict[str, str]) -> None:
    first = f"import logging, threading\nthreading.Timer(1.0, lambda: logging.warning({TITLE!a})).start()"
    with process(configured(tmp_path, town, log='"console"'), "run", first=first, **locale) as said:
        until(lambda: "bridge" in said.log and " started " in said.log, "the line is there, with other letters")
        assert "UnicodeEncodeError" not in said.log
        said.tell(signal.SIGTERM)
        assert said.ended() == 0


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("command", [["articles"], ["articles", "--json"], ["status"], ["nonsense"]], ids=" ".join)
def test_a_command_survives_closed_streams(told: Path, command: list[str], closed: str) -> None:
    done = standfirst(told, *command, shell=closed)
    assert done.returncode in (0, 1, 2)
    assert b"Traceback" not in done.stdout + done.stderr
    assert (told.parent / "standfirst.db").read_bytes().startswith(b"SQLite format 3\0")


@pytest.mark.parametrize("kind", ["json", "console"])
def test_a_process_works_with_all_its_streams_closed(tmp_path: Path, town: Town, kind: str) -> None:
    config = configured(tmp_path, town, log=f'"{kind}"')
    shell = [
        "sh",
        "-c",
        'exec "$@" <&- >&- 2>&-',
        "sh",
        sys.executable,
        "-c",
        "from workers.cli import main; main()",
        "run",
    ]
    env = {**os.environ, "STANDFIRST_CONFIG": str(config), "PYTHONPATH": str(Path.cwd())}
    running = subprocess.Popen(shell, env=env, cwd=tmp_path, start_new_session=True)
    try:
        until(lambda: len(town.posted) == 3, "three articles are posted")
        running.terminate()
        assert running.wait(40) == 0
    finally:
        running.kill()
        running.wait()


def test_an_argument_that_is_no_text_is_refused_in_a_sentence(told: Path) -> None:
    done = standfirst(told, "explain", b"\xff\xfe", LC_ALL="C.UTF-8")
    assert done.returncode == 2
    assert b"character set" in done.stderr
    assert b"Traceback" not in done.stderr
