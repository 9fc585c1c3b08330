"""The whole of a delivery, from the ledger to the real server and back: once, whatever the line between them loses."""

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline import channels, config
from pipeline.bounded import Bounded
from pipeline.model import Action, ArticleState, Delivery, DeliveryState, Entry, Image, Receipt
from pipeline.stages import orders
from pipeline.store import Store, articles
from tests.servers_real.conftest import TEASER, TITLE, named
from tests.servers_real.peers import PEERS, Peer
from tests.servers_real.proxy import MISHAPS, Line, line
from tests.stages.conftest import Newsroom

# Where a server's address stands among the settings, and the request that posts.
POSTS = {
    "bluesky": ("service", r"POST /xrpc/com\.atproto\.repo\.putRecord"),
    "mastodon": ("instance", r"POST /api/v1/statuses"),
    "matrix": ("homeserver", r"PUT /_matrix/client/v3/rooms/[^/]+/send/.*"),
    "wordpress": ("site", r"POST /wp-json/wp/v2/posts"),
    "ghost": ("site", r"POST /ghost/api/admin/posts/\?.*"),
}
HEAD = """
[standfirst]
delay = "0s"
fetch_pages = false
allow_networks = ["127.0.0.0/8"]
[[feeds]]
name = "news"
url = "https://town.example/feed.xml"
[[routes]]
feeds = ["*"]
channels = ["*"]
[[channels]]
name = "there"
"""


@dataclass
class Desk:
    """A newsroom with one channel, which leads to a real server."""

    newsroom: Newsroom
    peer: Peer
    picture: str
    link: str = ""

    def article(self) -> Any:
        """An article that waits for fan-out."""
        room, ident = self.newsroom, secrets.token_hex(8)
        self.link = f"https://town.example/{ident}?a=1&b=%C3%BC#top"
        image = Image(self.picture, alt='The "old" bridge & the mill – 橋')
        given = Entry(entry_id=self.link, link=self.link, title=TITLE, language="pt-BR", image=image,
                      tags=("Straßenbau", f"Bridge {ident[:6]}"))  # fmt: skip
        with room.store.begin() as tx:
            seq, made = articles.add(
                tx, "news", given, seed=self.link, state=ArticleState.READY, now=room.now, trace="t"
            )
            articles.write_teaser(tx, seq, TEASER, "summary", "the feed's summary")
            return articles.get(tx, made)

    def delivery(self, article: Any) -> Delivery:
        return self.newsroom.deliveries(article)["there"]


def hidden(kind: str, settings: dict[str, Any]) -> list[str]:
    """The settings that are secrets."""
    return [field.name for field in channels.settings_of(kind) if not field.repr and field.name in settings]


def secrets_of(kind: str, settings: dict[str, Any], channel: str = "there") -> dict[str, str]:
    """The environment that holds a channel's secrets."""
    return {f"{channel}_{name}".upper(): str(settings[name]) for name in hidden(kind, settings)}


def table(kind: str, settings: dict[str, Any], channel: str = "there") -> str:
    """A channel's table as its operator writes it; its secrets are in the environment."""
    lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items() if name not in hidden(kind, settings)]
    keys = {name: f"{channel}_{name}".upper() for name in hidden(kind, settings)}
    lines += [f'{name} = {{ env = "{key}" }}' for name, key in keys.items()]
    return "\n".join([f'kind = "{kind}"', 'spacing = "0s"', *lines, ""])


def configured(folder: Path, kind: str, settings: dict[str, Any]) -> config.Config:
    """The configuration of a newsroom with this channel."""
    path = folder / "standfirst.toml"
    path.write_text(HEAD + table(kind, settings), encoding="utf-8")
    return config.load(path, secrets_of(kind, settings))


@pytest.fixture
def desk(
    request: pytest.FixtureRequest, sqlite_store: Store, tmp_path: Path, bounded: Bounded, picture: str
) -> Callable[..., Desk]:
    """Makes the newsroom of a server, reached by its address or by another."""

    def made(server: str, **instead: Any) -> Desk:
        peer = named(server)
        settings = {**peer.settings, **instead}
        room = Newsroom(configured(tmp_path, server, settings), sqlite_store, {}, bounded, now=datetime.now(UTC))
        return Desk(room, peer, picture)

    return made


@pytest.fixture
def lines() -> Iterator[Callable[[str, str], Line]]:
    """Opens a line to a server on which something will go wrong."""
    with ExitStack() as stack:

        def opened(server: str, mishap: str) -> Line:
            setting, publishes = POSTS[server]
            return stack.enter_context(line(named(server).settings[setting], publishes, mishap))

        yield opened


@pytest.mark.parametrize("server", [name for name in PEERS if name != "telegram"])
def test_an_article_arrives_whole_and_once(desk: Callable[..., Desk], server: str) -> None:
    made = desk(server)
    article = made.article()
    made.newsroom.work()
    delivery = made.delivery(article)
    assert delivery.state == DeliveryState.DELIVERED, delivery.reason
    assert delivery.post is not None
    made.peer.compare(delivery.post, Receipt(str(delivery.remote_id)))
    assert made.peer.copies(made.link) == 1


@pytest.mark.parametrize("mishap", MISHAPS)
@pytest.mark.parametrize("server", POSTS)
def test_what_the_line_loses_is_settled_with_one_post(
    desk: Callable[..., Desk], lines: Callable[[str, str], Line], server: str, mishap: str
) -> None:
    there = lines(server, mishap)
    made = desk(server, **{POSTS[server][0]: there.url})
    article = made.article()
    made.newsroom.work()
    delivery = made.delivery(article)
    assert delivery.state == DeliveryState.DELIVERED, delivery.reason
    assert made.peer.copies(made.link) == 1
    assert delivery.post is not None
    made.peer.compare(delivery.post, Receipt(str(delivery.remote_id)))
    assert there.published() <= 2


@pytest.mark.parametrize("server", [*POSTS, "nostr"])
def test_an_article_that_a_person_publishes_again_is_a_second_post(desk: Callable[..., Desk], server: str) -> None:
    made = desk(server)
    article = made.article()
    made.newsroom.work()
    first = made.delivery(article)
    orders.republish(made.newsroom.world(), article)
    made.newsroom.work()
    second = made.delivery(article)
    assert (second.state, second.action) == (DeliveryState.DELIVERED, Action.POST)
    assert second.remote_id != first.remote_id
    assert made.peer.copies(made.link) == 2


@pytest.mark.parametrize("server", POSTS)
def test_void_credentials_pause_the_channel_and_keep_the_article(desk: Callable[..., Desk], server: str) -> None:
    made = desk(server, **PEERS[server].void)
    article = made.article()
    made.newsroom.work(rounds=10)
    assert made.delivery(article).state == DeliveryState.PENDING
    assert made.peer.copies(made.link) == 0
