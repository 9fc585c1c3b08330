"""A webhook's receiver that takes nothing but what the reference library of standardwebhooks.com verifies."""

import base64
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from pipeline import channels
from pipeline.http import Http
from pipeline.model import DeliveryState, Image, Receipt, Unauthorised
from pipeline.store import Store
from tests.channels.play import ARTICLE, config, outcome, post_of, sending
from tests.servers_real.conftest import TEASER, TITLE
from tests.servers_real.on_stages import Desk, configured
from tests.servers_real.proxy import MISHAPS, line
from tests.stages.conftest import Newsroom


def secret() -> str:
    return f"whsec_{base64.b64encode(secrets.token_bytes(24)).decode()}"


@dataclass
class Receiver:
    """What arrived and was genuine, by its webhook-id."""

    secret: str
    told: dict[str, Any] = field(default_factory=dict)
    times: int = 0
    url: str = ""


@contextmanager
def receiver(known: str) -> Iterator[Receiver]:
    state = Receiver(known)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            try:
                told = Webhook(state.secret).verify(body, {name.lower(): value for name, value in self.headers.items()})
            except WebhookVerificationError:
                self.send_response(401)
            else:
                state.times += 1
                state.told.setdefault(self.headers["webhook-id"], told)
                self.send_response(204)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        state.url = f"http://127.0.0.1:{server.server_address[1]}/in"
        yield state
        server.shutdown()


def article() -> Any:
    image = Image("https://news.example/a.jpg", alt='The "old" bridge & the mill – 橋')
    return replace(ARTICLE, title=TITLE, teaser=TEASER, language="pt-BR", image=image)


def send(there: Receiver, http: Http, given: str, act: str = "send", **more: Any) -> Any:
    made = channels.build(config("webhook", {"url": there.url, "secret": given}))
    to = sending(http, **{"now": datetime.now(UTC), **more})
    return outcome(lambda: getattr(made, act)(post_of("webhook", article()), to))


def test_a_post_is_genuine_and_whole(http: Http) -> None:
    with receiver(secret()) as there:
        receipt = send(there, http, there.secret)
    assert isinstance(receipt, Receipt)
    told = there.told[receipt.remote_id]
    assert told["type"] == "article.published"
    assert told["data"]["delivery"] == receipt.remote_id
    said, given = told["data"]["article"], article()
    assert (said["title"], said["teaser"], said["link"], said["language"]) == (TITLE, TEASER, given.link, "pt-BR")
    assert (said["tags"], said["authors"]) == (list(given.tags), list(given.authors))
    assert said["image"] == {"url": given.image.url, "alt": given.image.alt}


def test_the_same_delivery_twice_is_recognised_by_its_id(http: Http) -> None:
    with receiver(secret()) as there:
        first, second = send(there, http, there.secret), send(there, http, there.secret, attempt=2)
    assert first == second
    assert (len(there.told), there.times) == (1, 2)


def test_while_secrets_change_receivers_with_either_are_content(http: Http) -> None:
    old, new = secret(), secret()
    for known in (old, new):
        with receiver(known) as there:
            assert isinstance(send(there, http, f"{new} {old}"), Receipt)


@pytest.mark.parametrize("act", ["send", "edit"])
def test_a_secret_that_is_not_theirs_pauses_the_channel(http: Http, act: str) -> None:
    with receiver(secret()) as there:
        said = send(there, http, secret(), act)
    assert isinstance(said, Unauthorised)
    assert there.told == {}


def test_a_request_that_was_caught_and_kept_is_of_no_use_later(http: Http) -> None:
    with receiver(secret()) as there:
        said = send(there, http, there.secret, now=datetime.now(UTC) - timedelta(minutes=6))
    assert isinstance(said, Unauthorised)


def test_edits_and_deletes_are_told_of(http: Http) -> None:
    with receiver(secret()) as there:
        first = send(there, http, there.secret)
        send(there, http, there.secret, "edit", key="sf_edit", remote_id=first.remote_id)
        made = channels.build(config("webhook", {"url": there.url, "secret": there.secret}))
        made.delete(sending(http, key="sf_delete", now=datetime.now(UTC), remote_id=first.remote_id))
    assert [told["type"] for told in there.told.values()] == ["article.published", "article.updated", "article.deleted"]
    assert there.told["sf_delete"]["data"]["article"]["remote_id"] == first.remote_id


@pytest.mark.parametrize("mishap", ["", *MISHAPS])
def test_the_whole_of_a_delivery(sqlite_store: Store, tmp_path: Path, bounded: Any, picture: str, mishap: str) -> None:
    with receiver(secret()) as there, line(there.url.removesuffix("/in"), r"POST /in", mishap) as between:
        settings = {"url": f"{between.url}/in", "secret": there.secret}
        made = configured(tmp_path, "webhook", settings)
        room = Newsroom(made, sqlite_store, {}, bounded, now=datetime.now(UTC))
        desk = Desk(room, None, picture)  # type: ignore[arg-type]
        story = desk.article()
        room.work()
        delivery = desk.delivery(story)
    assert delivery.state == DeliveryState.DELIVERED, delivery.reason
    assert list(there.told) == [delivery.key]
    assert json.dumps(there.told, ensure_ascii=False).count(desk.link) == 1
