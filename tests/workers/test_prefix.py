"""The console below a path of its public address, behind a proxy that keeps the path and behind one that strips it."""

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
import requests

from pipeline.config import Config, load, values
from pipeline.stages.deliver.mailbox import Mailbox
from pipeline.stages.poll import subscribing
from pipeline.world import World
from tests.workers.http_client import TOKEN, TOML, fanned
from workers.console.gate import below
from workers.console.server import Console
from workers.console.site import PARTS

PREFIX = "/press/the%20desk"


class Proxy(BaseHTTPRequestHandler):
    """A reverse proxy for what is below the prefix; all else on the host belongs to others."""

    console = ""
    strips = False

    def _pass_on(self) -> None:
        if not self.path.startswith(PREFIX):
            self.send_error(404, "another application")
            return
        path = self.path.removeprefix(PREFIX) if self.strips else self.path
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
        with requests.Session() as session:
            session.trust_env = False
            answer = session.request(
                self.command,
                self.console + (path or "/"),
                data=body,
                headers=headers,
                allow_redirects=False,
                timeout=20,
            )
        self.send_response(answer.status_code)
        for name, value in answer.raw.headers.items():
            if name.lower() not in ("transfer-encoding", "connection", "date"):
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.content)

    do_GET = do_POST = do_HEAD = _pass_on

    def log_message(self, *_: Any) -> None:
        return


@pytest.fixture(params=["keeps", "strips"])
def outside(request: pytest.FixtureRequest, config: Config, world: World) -> Iterator[str]:
    """The console's public address."""
    handler = type("Handler", (Proxy,), {"strips": request.param == "strips"})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    public = f"http://127.0.0.1:{server.server_port}{PREFIX}"
    console = Console(replace(config, settings=replace(config.settings, public_url=public + "/")), world)
    console.start()
    handler.console = console.address  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield public
    server.shutdown()
    server.server_close()
    console.stop()


class Person:
    """Somebody who follows links and presses buttons by the address bar's rules."""

    def __init__(self, public: str) -> None:
        self.at = public + "/"
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["accept"] = "text/html"

    def open(self, address: str) -> str:
        answer = self.session.get(urljoin(self.at, address), timeout=20)
        assert answer.status_code == 200, (address, answer.status_code)
        self.at = answer.url
        return answer.text

    def press(self, action: str, **fields: str) -> str:
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(self.at))
        answer = self.session.post(
            urljoin(self.at, action),
            data=fields,
            headers={"origin": origin, "sec-fetch-site": "same-origin"},
            timeout=20,
        )
        assert answer.status_code == 200, (action, answer.status_code, answer.text)
        self.at = answer.url
        return answer.text


@pytest.fixture
def person(outside: str) -> Iterator[Person]:
    made = Person(outside)
    yield made
    made.session.close()


ADDRESS = re.compile(r'\b(?:href|src|action)="([^"#]+)"')


def test_every_link_of_every_page_leads_to_a_page(world: World, person: Person) -> None:
    fanned(world)
    person.press("login", token=TOKEN)
    to_see, seen = [person.at], set[str]()
    while to_see:
        at = to_see.pop()
        seen.add(at)
        answer = person.session.get(at, timeout=20)
        assert answer.status_code in (200, 405), at  # 405: an order, which is pressed
        if "text/html" in answer.headers["content-type"]:
            found = {urljoin(at, one) for one in ADDRESS.findall(answer.text)}
            to_see += [one for one in found - seen - set(to_see) if urlsplit(one).netloc == urlsplit(at).netloc]
    assert len(seen) > 12


def test_log_in_order_and_log_out(world: World, person: Person, outside: str) -> None:
    ident, _ = fanned(world)
    page = person.press("login", token=TOKEN)
    assert person.at == f"{outside}/"
    assert {cookie.path for cookie in person.session.cookies} == {PREFIX}
    csrf = re.search(r'name="csrf" value="(\w+)"', page)
    assert csrf
    page = person.open(f"{outside}/article/{ident}")
    back = re.search(r'name="back" value="([^"]+)"', page)
    assert back
    said = person.press(f"{outside}/orders/pause", csrf=csrf[1], channel="desk", back=back[1])
    assert "desk is paused" in said
    assert person.at == f"{outside}/article/{ident}"
    person.press(f"{outside}/logout", csrf=csrf[1])
    assert person.at == f"{outside}/login"


def test_the_printed_link_and_the_api(world: World, person: Person, outside: str) -> None:
    assert "Overview" in person.open(f"login?token={TOKEN}")
    assert person.at == f"{outside}/"
    described = person.session.get(f"{outside}/api/openapi.json", timeout=20).json()
    assert described["servers"] == [{"url": PREFIX}]
    assert person.session.get(f"{outside}/api/channels", timeout=20).status_code == 200
    assert person.session.get(f"{outside}/channels/", timeout=20).url == f"{outside}/channels"


def test_hooks_hubs_feeds_and_probes(config: Config, outside: str) -> None:
    folder = config.settings.folder / "public"
    folder.mkdir()
    (folder / "feed.xml").write_text("<rss/>")
    assert requests.get(f"{outside}/feeds/own/feed.xml", timeout=20).text == "<rss/>"
    assert requests.get(f"{outside}/healthz", timeout=20).text == "ok\n"
    hook = requests.post(f"{outside}/hooks/feeds/herald", headers={"authorization": "Bearer hook-s3cret"}, timeout=20)
    assert hook.status_code == 202
    assert requests.post(f"{outside}/websub/none", timeout=20).status_code == 410
    assert requests.get(f"{outside}/websub/none", timeout=20).text == "No such subscription was asked for.\n"


def test_addresses_that_others_are_told_hold_the_path(config: Config, world: World) -> None:
    path = config.settings.folder / "standfirst.toml"
    path.write_text(TOML.replace("[standfirst]", '[standfirst]\npublic_url = "https://example.org/press/"'))
    told = replace(world, config=load(path, {"HOOK": "x", "TOKEN": TOKEN}))
    assert subscribing.callback(told, "token") == "https://example.org/press/websub/token"
    home = Mailbox(told, "own", told.config.channels["own"], None, None).home  # type: ignore[arg-type]
    assert home == "https://example.org/press"


@pytest.mark.parametrize("part", values.CONSOLE_PATHS)
def test_a_path_that_the_console_has_itself_is_refused(part: str) -> None:
    with pytest.raises(values.Bad):
        values.public_url(f"https://example.org/{part}/x")


def test_every_first_part_of_a_path_of_the_console_is_known() -> None:
    paths = [route.path for part in PARTS for route in part.router.routes]
    assert {path.split("/")[1] for path in paths} - {""} == set(values.CONSOLE_PATHS)


@pytest.mark.parametrize(
    "address", ["https://a.example/x?y", "https://a.example/x#y", "https://a.example//x", "https://a.example/../x"]
)
def test_an_address_from_outside_that_cannot_be_a_root_is_refused(address: str) -> None:
    with pytest.raises(values.Bad):
        values.public_url(address)


@pytest.mark.parametrize(
    ("path", "prefix", "left"),
    [
        ("/press/articles", "/press", "/articles"),
        ("/articles", "/press", "/articles"),
        ("/press", "/press", "/"),
        ("/press/", "/press", "/"),
        ("/pressroom", "/press", "/pressroom"),
        ("/a", "", "/a"),
    ],
)
def test_the_path_is_taken_away_once_and_only_whole(path: str, prefix: str, left: str) -> None:
    assert below(path, prefix) == left
