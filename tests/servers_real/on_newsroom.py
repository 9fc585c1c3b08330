"""A newsroom whose channels are all the servers that were named: what is published by hand is everywhere, once."""

import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline import config
from pipeline.model import DeliveryState
from pipeline.stages import orders
from pipeline.store import Store
from tests.channels.scripted import platform
from tests.channels.test_pictures import JPEG
from tests.servers_real.named import NAMED
from tests.servers_real.on_stages import HEAD, secrets_of, table
from tests.servers_real.peers import PEERS
from tests.stages.conftest import Newsroom

PAGE = """<!doctype html><html lang="pt-BR"><head><title>A ponte & o moinho</title>
<meta property="og:title" content="A ponte &amp; o moinho"><meta property="og:type" content="article">
<meta property="og:description" content="O conselho votou na terça-feira para reconstruir a ponte do moinho, que fora
levada pela cheia de março. As obras começam em maio e devem durar oito meses, disse a presidente.">
<meta property="og:image" content="{url}/bridge.jpg"><link rel="canonical" href="{link}"></head>
<body><article><h1>A ponte &amp; o moinho</h1><p>O conselho votou na terça-feira para reconstruir a ponte do moinho, que
fora levada pela cheia de março.</p></article></body></html>"""


def newsroom(folder: Path, store: Store, bounded: Any) -> Newsroom:
    """With a channel for each server."""
    named = [name for name in PEERS if name in NAMED]
    if not named:
        pytest.skip("Left out: a newsroom of all servers, because none is named by STANDFIRST_SERVERS.")
    head = HEAD.partition("[[channels]]")[0].replace("fetch_pages = false", "fetch_pages = true")
    channels = [f'[[channels]]\nname = "{name}"\n{table(name, PEERS[name].settings, name)}' for name in named]
    path = folder / "standfirst.toml"
    path.write_text("\n".join([head, *channels]), encoding="utf-8")
    hidden: dict[str, str] = {}
    for name in named:
        hidden |= secrets_of(name, PEERS[name].settings, name)
    return Newsroom(config.load(path, hidden), store, {}, bounded, now=datetime.now(UTC))


def test_what_a_person_publishes_is_everywhere_once(sqlite_store: Store, tmp_path: Path, bounded: Any) -> None:
    room = newsroom(tmp_path, sqlite_store, bounded)
    routes: dict[str, Any] = {"GET /bridge.jpg": {"bytes": JPEG, "type": "image/jpeg"}}
    with platform(routes) as site:
        path = f"/ponte-{secrets.token_hex(6)}"
        link = site.url + path
        routes[f"GET {path}"] = {"text": PAGE.format(url=site.url, link=link), "type": "text/html; charset=utf-8"}
        site.routes = routes
        article = orders.publish(room.world(), link)
        orders.publish(room.world(), link)  # once more, by an impatient hand
        room.work(rounds=80)
        states = {name: (one.state, one.reason) for name, one in room.deliveries(article).items()}
    assert {name: state for name, (state, _) in states.items()} == dict.fromkeys(
        room.config.channels, DeliveryState.DELIVERED
    ), states
    assert {name: PEERS[name].copies(link) for name in states} == dict.fromkeys(states, 1)
