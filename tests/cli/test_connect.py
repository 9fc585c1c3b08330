"""channels connect: the code flow on a loopback address, and the way for kinds that have none."""

import json
import os
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
import requests

from pipeline import channels
from pipeline.http import Http
from pipeline.model import Error, UsageError
from pipeline.oauth import Flow, challenge
from tests.cli.conftest import Command
from workers.cli import connecting
from workers.cli.loopback import code_in, listening


class Platform:
    """An authorisation server: it remembers the challenge and wants the verifier."""

    def __init__(self) -> None:
        self.asked: dict[str, str] = {}
        self.told: list[dict[str, str]] = []
        self.url = ""

    def consent(self, address: str) -> str:
        """What a browser does when its person says yes; where it ends."""
        self.asked = dict(parse_qsl(urlsplit(address).query))
        query = urlencode({"code": "the-code", "state": self.asked["state"]})
        return f"{self.asked['redirect_uri']}?{query}"


@pytest.fixture
def platform() -> Iterator[Platform]:
    made = Platform()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.path == "/2/users/me" and self.headers["Authorization"] == "Bearer the-token"
            self.answer(200 if known else 401, {"data": {"id": "7", "username": "herald"}} if known else {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            given = {name: values[0] for name, values in parse_qs(body).items()}
            made.told.append(given)
            right = challenge(given.get("code_verifier", "")) == made.asked.get("code_challenge")
            answer = {"access_token": "the-token", "refresh_token": "again"} if right else {"error": "invalid_grant"}
            self.answer(200 if right else 400, answer)

        def answer(self, status: int, told: object) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def http() -> Http:
    return Http(allow_networks=(ip_network("127.0.0.0/8"),), user_agent="tests")


def test_the_code_flow_ends_with_tokens(platform: Platform) -> None:
    flow = Flow(f"{platform.url}/authorize", f"{platform.url}/token", ("post",))
    how = connecting.How(port=0, open_page=lambda address: requests.get(platform.consent(address), timeout=5))
    tokens = connecting.obtained(flow, http(), ("client", "secret"), how)
    assert tokens["access_token"] == "the-token"
    assert platform.told[0]["redirect_uri"] == platform.asked["redirect_uri"]
    assert platform.told[0]["client_secret"] == "secret"


def test_only_the_answer_to_our_own_question_is_taken() -> None:
    with listening("ours", 0) as waiting:
        foreign = requests.get(f"{waiting.address}?code=evil&state=theirs", timeout=5)
        assert foreign.status_code == 404
        assert not waiting.came.is_set()
        assert requests.get(f"{waiting.address}?code=good&state=ours", timeout=5).status_code == 200
        assert requests.get(f"{waiting.address}?code=late&state=ours", timeout=5).status_code == 404
        assert waiting.code(1) == "good"


def test_a_no_is_told_in_the_platforms_words() -> None:
    with listening("ours", 0) as waiting:
        requests.get(f"{waiting.address}?error=access_denied&error_description=No+thanks&state=ours", timeout=5)
        with pytest.raises(Error, match="No thanks"):
            waiting.code(1)


def test_nobody_coming_back_is_an_error() -> None:
    with listening("ours", 0) as waiting, pytest.raises(Error, match="nobody came back"):
        waiting.code(0.01)


def test_a_port_that_is_taken_says_so() -> None:
    with listening("one", 0) as waiting:
        port = urlsplit(waiting.address).port
        assert port
        with pytest.raises(UsageError, match="--port"), listening("two", port):
            pass


def test_a_pasted_address_must_be_of_this_attempt() -> None:
    assert code_in("https://x.example/back?code=abc&state=s", "s") == "abc"
    with pytest.raises(UsageError, match="another attempt"):
        code_in("https://x.example/back?code=abc&state=t", "s")


def test_a_saved_token_can_be_read_by_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "x.token"
    file.write_text("old")
    file.chmod(0o644)
    connecting.write(file, "the-token")
    assert file.read_text() == "the-token\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_kind_without_a_flow_says_what_it_needs_and_where_it_goes(standfirst: Command, path: Path) -> None:
    more = '[[channels]]\nname = "m"\nkind = "mastodon"\ninstance = "https://m.example"\ntoken = { env = "M_TOKEN" }\n'
    path.write_text(path.read_text() + more)
    said = standfirst.ok("channels", "connect", "m").out
    assert "token: named in the configuration, but not set" in said
    assert "set M_TOKEN, then: standfirst channels test m" in said
    assert "https://docs.joinmastodon.org" in said
    assert standfirst("channels", "connect", "nobody").code == 2


def keeping() -> list[str]:
    """The kinds with a flow whose tokens are kept and refreshed by us."""
    flows = [kind for kind in channels.kinds() if getattr(channels.channel_class(kind), "CONNECT", None)]
    return [kind for kind in flows if connecting.refreshes(kind)]


SAID = {"author": "urn:li:person:1"}  # settings whose form is judged before anything else


@pytest.mark.parametrize("kind", keeping())
def test_tokens_are_never_kept_in_the_open(standfirst: Command, path: Path, kind: str) -> None:
    secret = {field.name for field in channels.settings_of(kind) if not field.repr}
    lines = [f'{name} = {{ env = "SOME" }}' for name in secret]
    lines += [f'{name} = "{SAID.get(name, "x")}"' for name in required(kind) - secret]
    path.write_text(path.read_text() + f'[[channels]]\nname = "o"\nkind = "{kind}"\n' + "\n".join(lines) + "\n")
    said = standfirst("channels", "connect", "o")
    assert said.code == 2
    assert "STANDFIRST_KEY" in said.err


def required(kind: str) -> set[str]:
    from pipeline.config import is_required

    return {field.name for field in channels.settings_of(kind) if is_required(field)}


# --- the whole command, against an authorisation server


class Person:
    """`standfirst channels connect desk`, as it runs in a terminal."""

    def __init__(self, path: Path, *args: str) -> None:
        command = [
            sys.executable,
            "-c",
            "from workers.cli import main; main()",
            "channels",
            "connect",
            "desk",
            "--config",
            str(path),
            *args,
        ]
        env = {**os.environ, "STANDFIRST_KEY": "a long and random text"}
        self._run = subprocess.Popen(
            command,
            env=env,
            cwd=path.parent,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.said = ""

    def address(self) -> str:
        """The page that the person is asked to open."""
        assert self._run.stdout
        for line in self._run.stdout:
            self.said += line
            if "open this and say yes: " in line:
                return line.partition("say yes: ")[2].strip()
        raise AssertionError(self.said)

    def ends(self, pasted: str = "") -> int:
        """The exit code, after pasting this."""
        rest, _ = self._run.communicate(pasted, timeout=60)
        self.said += rest
        return self._run.returncode


@pytest.fixture
def desk(path: Path, platform: Platform) -> Path:
    """A configuration with an X channel whose API is the test's."""
    text = path.read_text().replace("[standfirst]", '[standfirst]\nkey = { env = "STANDFIRST_KEY" }', 1)
    more = f'[[channels]]\nname = "desk"\nkind = "x"\nclient_id = "ours"\napi_url = "{platform.url}"\n'
    path.write_text(text + more)
    return path


def free_port() -> str:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return str(one.getsockname()[1])


def test_connect_ends_with_an_encrypted_token_that_posts_use(desk: Path, platform: Platform) -> None:
    person = Person(desk, "--port", free_port(), "--no-browser")
    end = platform.consent(person.address())
    foreign = end.replace(platform.asked["state"], "somebody-elses")
    assert requests.get(foreign, timeout=5).status_code == 404
    assert requests.get(end, timeout=5).status_code == 200
    assert person.ends() == 0, person.said
    assert "connected: @herald" in person.said
    assert platform.told[0]["redirect_uri"] == platform.asked["redirect_uri"]
    assert platform.asked["code_challenge_method"] == "S256"
    kept = b"".join(file.read_bytes() for file in desk.parent.glob("standfirst.db*"))
    assert b"oauth" in kept
    assert b"the-token" not in kept
    assert b"again" not in kept
    assert "the-token" not in person.said


def test_a_live_check_renews_no_token_since_it_would_be_lost(
    desk: Path, platform: Platform, standfirst: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STANDFIRST_KEY", "a long and random text")
    monkeypatch.setenv("X_REFRESH", "the-only-one")
    seeded = desk.read_text().replace('client_id = "ours"', 'client_id = "ours"\nrefresh_token = { env = "X_REFRESH" }')
    person = Person(desk, "--port", free_port(), "--no-browser")
    requests.get(platform.consent(person.address()), timeout=5)
    assert person.ends() == 0, person.said
    assert "@herald" in standfirst.ok("check", "--live").out
    desk.write_text(seeded)
    assert "not tried: its token is renewed when it posts" in standfirst.ok("check", "--live").out
    assert [one["grant_type"] for one in platform.told] == ["authorization_code"]


def test_without_a_browser_on_this_machine_the_address_it_ended_on_is_pasted(desk: Path, platform: Platform) -> None:
    person = Person(desk, "--port", free_port(), "--no-browser")
    assert person.ends(platform.consent(person.address()) + "\n") == 0, person.said
    assert "connected: @herald" in person.said


@pytest.mark.parametrize(
    ("pasted", "why"),
    [
        ("yes please\n", "this is no address"),
        ("https://x.example/callback?code=stolen&state=other\n", "another attempt"),
        ("https://x.example/callback?error=access_denied&error_description=Not+today&state={state}\n", "Not today"),
    ],
)
def test_nonsense_a_foreign_answer_and_a_no_keep_nothing(desk: Path, platform: Platform, pasted: str, why: str) -> None:
    person = Person(desk, "--port", free_port(), "--no-browser")
    platform.consent(person.address())
    assert person.ends(pasted.format(state=platform.asked["state"])) in {1, 2}
    assert why in person.said
    assert "Traceback" not in person.said
    assert platform.told == []


def test_a_code_that_the_platform_does_not_know_any_more_is_told(desk: Path, platform: Platform) -> None:
    person = Person(desk, "--port", free_port(), "--no-browser")
    end = platform.consent(person.address())
    platform.asked["code_challenge"] = "of another attempt"
    requests.get(end, timeout=5)
    assert person.ends() == 1
    assert "invalid_grant" in person.said


def test_a_connection_that_says_nothing_keeps_nobody() -> None:
    with listening("ours", 0) as waiting:
        port = urlsplit(waiting.address).port
        with socket.create_connection(("127.0.0.1", port or 0)):  # as browsers open ahead
            assert requests.get(f"{waiting.address}?code=good&state=ours", timeout=5).status_code == 200
            assert waiting.code(1) == "good"
