"""What can be configured: frozen values; each setting with its reader, its default and one line for people."""

# ruff: noqa: RUF009 - `setting` makes a dataclass field

import dataclasses
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pipeline.config import values
from pipeline.config.secret import Secret
from pipeline.config.values import Network, Quiet, Reader

if TYPE_CHECKING:
    from pipeline.teaser import TeaserRules

EVERYTHING = "*"
SHORTEST = 4  # hiding every "on" and "1" of a log would hide the log
NOTHING: Mapping[str, Any] = MappingProxyType({})


def setting(read: Reader, about: str, *, default: Any = MISSING, secret: bool = False, inherits: bool = False) -> Any:
    """A field that stands in the file. `secret`: by reference only. `inherits`: else as under [standfirst]."""
    metadata = {"read": read, "about": about, "secret": secret, "inherits": inherits}
    return field(default=default, metadata=metadata, repr=not secret)


@dataclass(frozen=True, slots=True)
class Settings:
    """The table [standfirst]: what holds for the whole installation."""

    store: str = field(
        default="sqlite:///standfirst.db",
        repr=False,
        metadata={"read": values.store, "about": "where everything is kept: sqlite:///FILE or postgresql://…"},
    )
    broker: str = field(
        default="memory://",
        repr=False,
        metadata={
            "read": values.broker,
            "about": "how workers are woken: memory:// (one process), redis://… or amqp://…",
        },
    )
    delay: timedelta = setting(
        values.at_least("0s", "7d"),
        "how long an article rests before it is sent: edits merge, vanished entries cancel",
        default=timedelta(minutes=2),
    )
    flood: int = setting(values.integer(1), "more new articles than this in one poll wait for a person", default=12)
    max_age: timedelta = setting(
        values.at_least("1h"),
        "an entry dated longer ago than this when first seen waits for a person",
        default=timedelta(days=7),
    )
    fetch_pages: bool = setting(values.flag, "read the article's page for teaser and picture", default=True)
    dedupe_window: timedelta = setting(
        values.at_least("1h", "365d"), "how far back the same story is looked for", default=timedelta(days=14)
    )
    allow_networks: tuple[Network, ...] = setting(
        values.networks, "private networks that may be reached; all others are refused", default=()
    )
    retention: timedelta = setting(
        values.at_least("7d"),
        "how long texts and histories are kept; identities are kept for ever",
        default=timedelta(days=365),
    )
    log: str = setting(values.one_of("console", "json"), "lines for people or for machines", default="console")
    user_agent_contact: str = setting(values.text, "a URL or address where publishers reach you", default="")
    console: str = setting(values.address, 'where the console listens, or "off"', default="127.0.0.1:8080")
    public_url: str | None = setting(
        values.public_url, "the console's address from outside, for push and own feeds", default=None
    )
    trusted_proxies: tuple[Network, ...] = setting(
        values.networks, "proxies whose X-Forwarded-For or Forwarded is believed", default=()
    )
    console_token: Secret | None = setting(
        values.text, "the console's token; without it one is made at each start", default=None, secret=True
    )
    key: Secret | None = setting(
        values.text, "encrypts what channels keep, such as sessions", default=None, secret=True
    )
    alert_url: Secret | None = setting(
        values.url, "gets a JSON message when something needs a person", default=None, secret=True
    )
    folder: Path = field(default=Path())  # where relative paths start: the configuration's own folder


@dataclass(frozen=True, slots=True)
class FeedConfig:
    """One [[feeds]] table."""

    name: str = setting(values.name, "what it is called in routes, listings and logs")
    url: str = setting(values.url, "the address that is polled")
    every: timedelta = setting(
        values.at_least("1s", "30d"), "how often it is polled at most", default=timedelta(hours=1)
    )
    first_run: int = setting(
        values.first_run, 'articles of the archive to post at first: "none" or "last N"', default=0
    )
    delay: timedelta = setting(
        values.at_least("0s", "7d"), "as under [standfirst]", default=timedelta(minutes=2), inherits=True
    )
    flood: int = setting(values.integer(1), "as under [standfirst]", default=12, inherits=True)
    max_age: timedelta = setting(
        values.at_least("1h"), "as under [standfirst]", default=timedelta(days=7), inherits=True
    )
    fetch_pages: bool = setting(values.flag, "as under [standfirst]", default=True, inherits=True)
    allow_networks: tuple[Network, ...] = setting(values.networks, "as under [standfirst]", default=(), inherits=True)
    dedupe: str = setting(
        values.one_of("normal", "strict", "off"), "how boldly the same story is recognised", default="normal"
    )
    language: str | None = setting(values.language, "the feed's language, when it does not say so itself", default=None)
    wait_for_link: bool = setting(values.flag, "send only when the article's address answers", default=False)
    embargo: bool | None = setting(
        values.flag,
        "keep an article dated in the future until the date its feed gives last, or never; "
        "unless said, one dated over a day ahead",
        default=None,
    )
    push: bool = setting(values.flag, "let the feed's hub tell us of news (WebSub)", default=True)
    deltas: bool = setting(values.flag, "ask the server for what is new only (RFC 3229)", default=False)
    silence: timedelta = setting(
        values.at_least("1h"), "no alarm before it was silent for so long", default=timedelta(days=7)
    )
    hook: Secret | None = setting(values.text, "the secret of POST /hooks/feeds/NAME", default=None, secret=True)
    min_words: int = setting(values.integer(1, 500), "the shortest good teaser", default=25)
    max_words: int = setting(values.integer(1, 1000), "the longest teaser", default=110)
    min_characters: int | None = setting(values.integer(1), "the shortest good teaser in characters", default=None)
    max_characters: int | None = setting(values.integer(20), "the longest teaser in characters", default=None)
    strip: tuple[str, ...] = setting(values.patterns, "regular expressions of text that never is a teaser", default=())
    prefer: str | None = setting(values.selector, "CSS selector of the page's standfirst", default=None)


@dataclass(frozen=True, slots=True)
class ChannelConfig:
    """One [[channels]] table: what all kinds share, and in `settings` what its kind asks for."""

    name: str = setting(values.name, "what it is called in routes, listings and logs")
    kind: str = setting(values.text, "which platform: see standfirst channels --kinds")
    settings: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    template: str | None = setting(
        values.text, "how a post is put together; else as is usual for the kind", default=None
    )
    spacing: timedelta | None = setting(values.at_least("0s", "7d"), "the least time between two posts", default=None)
    per_hour: int | None = setting(
        values.integer(0, 100_000), "the most posts in an hour, the others wait; 0 for no limit", default=None
    )
    per_day: int | None = setting(
        values.integer(0, 1_000_000), "the most posts in a day, the others wait; 0 for no limit", default=None
    )
    lanes: int | None = setting(values.integer(1, 64), "how many posts may be sent at once", default=None)
    quiet: Quiet | None = setting(values.quiet, 'hours of rest: "22:00-07:00 Europe/Lisbon"', default=None)
    edits: str = setting(
        values.one_of("ignore", "follow"), "edit the post when the article is edited", default="ignore"
    )
    deletes: str = setting(
        values.one_of("ignore", "ask", "follow"),
        'delete the post when the article is gone from its feed and its page: "follow", or "ask" a person',
        default="ignore",
    )
    approval: bool = setting(values.flag, "every post waits for a person", default=False)
    utm: Mapping[str, str] = field(
        default_factory=lambda: NOTHING,
        metadata={"read": values.utm, "about": 'parameters added to links: { source = "mastodon" }'},
    )
    hashtags: int = setting(values.integer(0, 30), "how many of the article's tags become hashtags at most", default=5)
    max_words: int | None = setting(values.integer(1, 1000), "the longest teaser on this channel", default=None)
    max_characters: int | None = setting(values.integer(20), "the longest teaser here in characters", default=None)
    images: bool = setting(values.flag, "post the article's picture", default=True)
    warning: str = setting(values.text, "content warning set before every post", default="")
    thread: bool = setting(values.flag, "post a long text as a thread, where the kind can", default=False)

    def renew(self) -> list[str]:
        """Read the secrets that stand in files anew; gives those that are others now."""
        held = [value for value in self.settings.values() if isinstance(value, Secret)]
        return [value.reveal() for value in held if value.renew()]

    def secrets(self) -> list[str]:
        """Every secret of this channel."""
        return [value.reveal() for value in self.settings.values() if isinstance(value, Secret)]


@dataclass(frozen=True, slots=True)
class RouteConfig:
    """One [[routes]] table: articles of these feeds go to these channels."""

    feeds: tuple[str, ...] = setting(values.texts, 'names of feeds, or ["*"] for all')
    channels: tuple[str, ...] = setting(values.texts, 'names of channels, or ["*"] for all')
    tags: tuple[str, ...] = setting(values.texts, "only articles with one of these tags", default=())
    without_tags: tuple[str, ...] = setting(values.texts, "no articles with any of these tags", default=())


@dataclass(frozen=True, slots=True)
class Config:
    """All that was configured, checked as a whole."""

    settings: Settings = field(default_factory=Settings)
    feeds: Mapping[str, FeedConfig] = field(default_factory=dict)
    channels: Mapping[str, ChannelConfig] = field(default_factory=dict)
    routes: tuple[RouteConfig, ...] = ()
    path: Path = field(default_factory=lambda: Path("standfirst.toml"))
    referenced: tuple[Secret, ...] = field(default=(), repr=False)  # all that came by { env = … } or { file = … }

    def secrets(self) -> list[str]:
        """Every secret known from the configuration, for the redactor; longest first."""
        found = {secret.reveal() for secret in self.referenced}
        found |= {secret for channel in self.channels.values() for secret in channel.secrets()}
        found |= {password_of(address) or "" for address in (self.settings.store, self.settings.broker)}
        return sorted(
            (secret for secret in found if len(secret) >= SHORTEST), key=lambda secret: (-len(secret), secret)
        )

    def feed(self, name: str) -> FeedConfig:
        """A feed's settings; of one that is no longer configured, those under [standfirst]."""
        return self.feeds.get(name) or FeedConfig(name, "", **inherited(self.settings))

    def delay(self, feed: str) -> timedelta:
        """How long a feed's articles rest before they are sent."""
        return self.feed(feed).delay

    def fetch_pages(self, feed: str) -> bool:
        """Whether the pages of a feed's articles are read."""
        return self.feed(feed).fetch_pages

    def feed_embargo(self, feed: str) -> bool | None:
        """Whether a date in the future keeps a feed's article until then; None: if it is far ahead."""
        return self.feed(feed).embargo

    def teaser_rules(self, feed: str) -> "TeaserRules":
        """A feed's rules for its teasers."""
        from pipeline.teaser import TeaserRules

        chosen = self.feed(feed)
        return TeaserRules(**{field.name: getattr(chosen, field.name) for field in dataclasses.fields(TeaserRules)})

    def networks(self) -> tuple[Network, ...]:
        """The private networks that may be reached, for all feeds together."""
        every = (*self.settings.allow_networks, *(net for feed in self.feeds.values() for net in feed.allow_networks))
        return tuple(dict.fromkeys(every))


def inherited(settings: Settings) -> dict[str, Any]:
    """What a feed that says nothing else takes over from [standfirst]."""
    names = [field.name for field in dataclasses.fields(FeedConfig) if field.metadata["inherits"]]
    return {name: getattr(settings, name) for name in names}


def password_of(address: str) -> str | None:
    """The password in the address of a store or broker."""
    try:
        return urlsplit(address).password
    except ValueError:
        return None


def loose_ends(config: Config) -> list[str]:
    """What is no mistake but hardly meant: feeds and channels that nothing connects, one address twice."""
    feeds = {name for route in config.routes for name in route.feeds}
    channels = {name for route in config.routes for name in route.channels}
    ends = [f'no route leads from the feed "{name}"' for name in config.feeds if not feeds & {name, EVERYTHING}]
    ends += [f'no route leads to the channel "{name}"' for name in config.channels if not channels & {name, EVERYTHING}]
    first: dict[str, str] = {}
    for feed in config.feeds.values():
        if first.setdefault(feed.url, feed.name) != feed.name:
            ends.append(f'the feeds "{first[feed.url]}" and "{feed.name}" have the same URL')
    return ends
