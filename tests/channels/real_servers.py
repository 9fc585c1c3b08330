"""The same promises against real servers: `STANDFIRST_REAL=FILE python -m pytest tests/channels/real_servers.py`.

The file is JSON, of kinds and their settings:

{"mastodon": {"instance": "http://127.0.0.1:3001", "token": "test-token"}, "matrix": {…}}
"""

import json
import os
import secrets
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline import channels
from pipeline.bounded import Bounded
from pipeline.model import Image, Receipt, Unauthorised
from tests.channels.play import ARTICLE, Vault, config, door, outcome, post_of, sending
from tests.channels.scripted import platform
from tests.channels.test_pictures import JPEG

NAMED = os.environ.get("STANDFIRST_REAL", "")
REAL: dict[str, Any] = json.loads(Path(NAMED).read_text("utf-8")) if NAMED else {}
CREDENTIALS = ("token", "password", "admin_key")

pytestmark = pytest.mark.skipif(not REAL, reason="STANDFIRST_REAL names no file of real servers")


@pytest.mark.parametrize("kind", sorted(REAL))
def test_a_real_server_keeps_the_promises(kind: str) -> None:
    now, key = datetime.now(UTC), f"sf_{secrets.token_hex(13)}"
    channel, vault = channels.build(config(kind, REAL[kind])), Vault()
    picture = {"GET /bridge.jpg": {"bytes": JPEG, "type": "image/jpeg"}}
    with platform(picture) as stage, closing(door(30)) as http, closing(Bounded(1)) as bounded:

        def to(**more: Any) -> Any:
            return sending(http, bounded=bounded, vault=vault, **{"key": key, "now": now, **more})

        link = f"https://example.org/{key}"
        article = replace(ARTICLE, link=link, image=Image(f"{stage.url}/bridge.jpg", alt="The old bridge"))
        limits = channel.limits(to()) if hasattr(channel, "limits") else None
        post = replace(post_of(kind, article, limits), created=now, published=now)
        assert channel.check(to())
        first = channel.send(post, to())
        assert isinstance(first, Receipt)
        if channel.CAN.media and kind not in {"nostr", "ghost"}:
            assert first.degraded == ()
        if channel.CAN.replays:
            assert channel.send(post, to(attempt=2)).remote_id == first.remote_id
        if channel.CAN.lookup:
            assert channel.look_up(post, to()).remote_id == first.remote_id
            assert channel.look_up(replace(post, link=link + "x"), to(key="sf_another")) is None
        if channel.CAN.edit:
            edited = replace(post, text=post.text.replace("bridge", "ferry"), title="A ferry")
            assert channel.edit(edited, to(key=key + "e", remote_id=first.remote_id)).remote_id == first.remote_id
        if channel.CAN.delete:
            channel.delete(to(key=key + "d", remote_id=first.remote_id))
            channel.delete(to(key=key + "d", remote_id=first.remote_id))


@pytest.mark.parametrize("kind", sorted(kind for kind in REAL if set(REAL[kind]) & set(CREDENTIALS)))
def test_a_real_server_refuses_credentials_that_are_void(kind: str) -> None:
    wrong = {"token": "void", "password": "void-void-void-void", "admin_key": "6489aa:" + "00" * 32}
    settings = {name: wrong.get(name, value) for name, value in REAL[kind].items()}
    channel = channels.build(config(kind, settings))
    with closing(door(30)) as http:
        assert isinstance(outcome(lambda: channel.check(sending(http, now=datetime.now(UTC)))), Unauthorised)
