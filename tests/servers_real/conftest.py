"""What each promise is given: a door, a child for pictures, a picture's server; and the word about who was left out."""

import secrets
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline import channels
from pipeline.bounded import Bounded
from pipeline.http import Http
from pipeline.model import Article, Image, Post, Receipt
from tests.channels.play import ARTICLE, Vault, config, door, post_of, sending
from tests.channels.scripted import platform
from tests.channels.test_pictures import JPEG
from tests.servers_real.named import FILE, NAMED, SERVERS, UNKNOWN, left_out
from tests.servers_real.peers import PEERS, Peer

TITLE = "“Mill & bridge” <rebuilt>: Bürger*innen jubeln 🎉"
TEASER = (
    "The council's plan is at https://rebuild.example/plan & costs 5 > 4 millions, says Ana_Reis.\n\n"
    "Work begins in May: 橋は五月に. 👩‍👩‍👧‍👦 C:\\new [gallery] _this_ $1 %s"
)


@dataclass
class Case:
    """One article, one channel, one delivery's key."""

    peer: Peer
    http: Http
    bounded: Bounded
    picture: str
    key: str = field(default_factory=lambda: f"sf_{secrets.token_hex(13)}")
    vault: Vault = field(default_factory=Vault)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def channel(self, **settings: Any) -> Any:
        return channels.build(config(self.peer.name, self.peer.settings | settings))

    def to(self, **more: Any) -> Any:
        return sending(
            self.http, **{"key": self.key, "now": self.now, "vault": self.vault, "bounded": self.bounded, **more}
        )

    @property
    def link(self) -> str:
        return f"https://town.example/{self.key}?a=1&b=%C3%BC#top"

    @property
    def article(self) -> Article:
        image = Image(self.picture, alt='The "old" bridge & the mill – 橋')
        given = replace(ARTICLE, title=TITLE, teaser=TEASER, link=self.link, image=image, language="pt-BR")
        return replace(given, tags=("Straßenbau", f"Bridge {self.key[-6:]}"))

    @property
    def post(self) -> Post:
        return self.composed(self.article)

    def composed(self, article: Article) -> Post:
        """The post of an article, within the limits that the server publishes."""
        made = self.channel()
        limits = made.limits(self.to()) if hasattr(made, "limits") else None
        return replace(post_of(self.peer.name, article, limits), created=self.now, published=self.now)

    def sent(self) -> Receipt:
        receipt = self.channel().send(self.post, self.to())
        assert isinstance(receipt, Receipt)
        return receipt


@pytest.fixture(scope="session")
def bounded() -> Iterator[Bounded]:
    """One child for all."""
    with closing(Bounded(1)) as pool:
        yield pool


@pytest.fixture(scope="session")
def http() -> Iterator[Http]:
    with closing(door(30)) as made:
        yield made


@pytest.fixture(scope="session")
def picture() -> Iterator[str]:
    """Where the article's picture is."""
    with platform({"GET /bridge.jpg": {"bytes": JPEG, "type": "image/jpeg"}}) as stage:
        yield f"{stage.url}/bridge.jpg"


def named(server: str) -> Peer:
    """The server, when the run was told of it."""
    if server not in NAMED:
        pytest.skip(left_out(server))
    return PEERS[server]


@pytest.fixture(scope="session")
def logins() -> dict[str, Vault]:
    """What each server's channel keeps from its first case: servers allow few logins in five minutes."""
    return {}


@pytest.fixture
def case(request: pytest.FixtureRequest, http: Http, bounded: Bounded, picture: str, logins: dict[str, Vault]) -> Case:
    """A case on the server that the test names."""
    made = Case(named(request.param), http, bounded, picture)
    if request.param not in logins and made.peer.logs_in:
        made.channel().check(made.to())
        logins[request.param] = Vault(dict(made.vault.kept))
    made.vault = Vault(dict(logins[request.param].kept)) if request.param in logins else Vault()
    return made


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """One sentence for each server that was not asked."""
    terminalreporter.section("real servers")
    reports = terminalreporter.stats.get("skipped", [])
    said = [str(one.longrepr[2] if isinstance(one.longrepr, tuple) else one.longrepr) for one in reports]
    for sentence in dict.fromkeys(one.removeprefix("Skipped: ") for one in said):
        terminalreporter.line(sentence)
    asked = [SERVERS[name] for name in SERVERS if name in NAMED]
    terminalreporter.line(
        f"Asked from {FILE}: {', '.join(asked)}."
        if asked
        else "No server was named: STANDFIRST_SERVERS=FILE names them."
    )
    for name in UNKNOWN:
        terminalreporter.line(f"The file names [{name}], which no test knows.")
