"""What the channels' tests share: an article, a vault, a way to send."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any

from pipeline import channels
from pipeline.compose import compose
from pipeline.config import ChannelConfig
from pipeline.http import Http
from pipeline.model import Article, ArticleState, DeliveryError, Image, Outcome, Post, Sending

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
KEY = "sf_abcdefghijklmnopqrstuvwxyz"
LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))

ARTICLE = Article(
    seq=1,
    id="01J0ARTICLE",
    feed="news",
    state=ArticleState.READY,
    title="Council votes to rebuild the mill bridge",
    link="https://news.example/2026/mill-bridge",
    first_seen=datetime(2026, 3, 1, 11, 58, tzinfo=UTC),
    published=datetime(2026, 3, 1, 11, 30, tzinfo=UTC),
    language="en",
    authors=("Ana Reis",),
    tags=("town council", "Roads"),
    teaser="The council voted on Tuesday to rebuild the mill bridge. Work begins in May.",
)
WITH_IMAGE = replace(ARTICLE, image=Image("https://news.example/bridge.jpg", alt="The old bridge"))


@dataclass
class Vault:
    """Keeps in memory what the store would keep."""

    kept: dict[str, tuple[Mapping[str, Any], datetime | None]] = field(default_factory=dict)
    lock: Any = field(default_factory=threading.RLock)

    def get(self, name: str) -> Mapping[str, Any] | None:
        value, until = self.kept.get(name, (None, None))
        return value if until is None or until > NOW else None

    def put(self, name: str, value: Mapping[str, Any], *, until: datetime | None = None) -> None:
        self.kept[name] = (value, until)

    @contextmanager
    def single(self, name: str) -> Iterator[None]:
        with self.lock:
            yield


class Hasty(Http):
    """The one door, with less patience: a test of a time-out takes no half minute."""

    patience = 5.0

    def post(self, url: str, **more: Any) -> Any:
        return super().post(url, **{**more, "deadline": min(self.patience, more.get("deadline", 99.0))})

    def ask(self, url: str, **more: Any) -> Any:
        return super().ask(url, **{**more, "deadline": min(self.patience, more.get("deadline", 99.0))})


def door(patience: float = 5.0, secrets: Sequence[str] = ()) -> Hasty:
    """A door to the loopback."""
    http = Hasty(allow_networks=LOOPBACK, user_agent="Standfirst-tests", secrets=secrets)
    http.patience = patience
    return http


def config(kind: str, settings: Mapping[str, Any], **wishes: Any) -> ChannelConfig:
    """A channel's configuration."""
    return ChannelConfig(name="the-channel", kind=kind, settings=settings, **wishes)


def post_of(kind: str, article: Article = ARTICLE, limits: Any = None, **wishes: Any) -> Post:
    """The post of an article on a kind."""
    return compose(article, config(kind, {}, **wishes), channels.channel_class(kind).CAN, limits, NOW)


def sending(http: Http, **more: Any) -> Sending:
    """What one attempt is given."""
    given = {"key": KEY, "now": NOW, "vault": Vault(), "channel": "the-channel", "progress": {}} | more
    return Sending(http=http, **given)


def outcome(act: Any) -> Outcome:
    """What became of it, as a value."""
    try:
        return act()
    except DeliveryError as error:
        return error
