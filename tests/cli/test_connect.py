"""channels connect: the code flow on a loopback address, and the way for kinds that have none."""

import json
import stat
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
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            given = {name: values[0] for name, values in parse_qs(body).items()}
            made.told.append(given)
            right = challenge(given.get("code_verifier", "")) == made.asked.get("code_challenge")
            answer = {"access_token": "the-token", "refresh_token": "again"} if right else {"error": "invalid_grant"}
            self.send_response(200 if right else 400)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

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


@pytest.mark.parametrize("kind", keeping())
def test_tokens_are_never_kept_in_the_open(standfirst: Command, path: Path, kind: str) -> None:
    secret = {field.name for field in channels.settings_of(kind) if not field.repr}
    lines = [f'{name} = {{ env = "SOME" }}' for name in secret]
    lines += [f'{name} = "x"' for name in required(kind) - secret]
    path.write_text(path.read_text() + f'[[channels]]\nname = "o"\nkind = "{kind}"\n' + "\n".join(lines) + "\n")
    said = standfirst("channels", "connect", "o")
    assert said.code == 2
    assert "STANDFIRST_KEY" in said.err


def required(kind: str) -> set[str]:
    from pipeline.config import is_required

    return {field.name for field in channels.settings_of(kind) if is_required(field)}
