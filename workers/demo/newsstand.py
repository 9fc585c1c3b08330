"""One page with four columns: each channel's posts as its readers see them, and the count behind the summary."""

import dataclasses
import json
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from workers.demo.newspaper import Newspaper
from workers.demo.sandbox.server import Request, Response, Sandbox, Shown

NEWEST = 12
TITLES = {
    "mastodon": ("Mastodon", "@wrenbridge@sandbox"),
    "bluesky": ("Bluesky", "@wrenbridge.test"),
    "webhook": ("Webhook", ""),
    "outfeed": ("Own feed", ""),
}


class Shelf:
    """The feed that Standfirst itself writes, read from its folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.noticed = {item["id"]: moment(item) for item in self.items()}

    def items(self) -> list[dict[str, str]]:
        try:
            feed = json.loads((self.folder / "feed.json").read_text(encoding="utf-8"))
        except FileNotFoundError:  # nothing was written yet
            return []
        return list(reversed(feed["items"]))

    def posts(self) -> list[Shown]:
        """Every item of the JSON Feed there, oldest first; its moment is when we first saw it."""
        now = time.time()
        return [shown(item, self.noticed.setdefault(item["id"], now)) for item in self.items()]


def moment(item: Mapping[str, str]) -> float:
    """The date that a feed gives an item."""
    return datetime.fromisoformat(item["date_published"]).timestamp()


def shown(item: Mapping[str, str], at: float) -> Shown:
    """An item of a JSON Feed."""
    text = item.get("summary") or item.get("content_text", "")
    link = item.get("external_url") or item.get("url", "")
    return Shown(item["id"], at, text, link, item.get("title", ""), item.get("image", ""), note="in the feed")


Channels = Mapping[str, Sandbox | Shelf]


@dataclass(frozen=True, slots=True)
class Count:
    """What a channel has, against what came out."""

    channel: str
    posts: int
    articles: int
    doubles: int
    missing: tuple[str, ...]
    seconds: tuple[float, ...]  # from newsroom to post


def slug(post: Shown) -> str:
    """Which piece a post is about: the last part of its link's path."""
    return urlsplit(post.link).path.rstrip("/").rpartition("/")[2]


def count(newspaper: Newspaper, channels: Channels) -> list[Count]:
    """Every channel against the newspaper: each piece that came out must be there once, and nothing else."""
    out = {piece.slug: at for piece, at in newspaper.out()}
    return [tally(name, channel.posts(), out) for name, channel in channels.items()]


def tally(name: str, posts: list[Shown], out: Mapping[str, float]) -> Count:
    times = Counter(slug(post) for post in posts)
    seconds = tuple(post.at - out[slug(post)] for post in posts if slug(post) in out)
    missing = tuple(one for one in out if one not in times)
    strangers = sum(number for one, number in times.items() if one not in out)  # from the archive, or from nowhere
    doubles = sum(number - 1 for number in times.values()) + strangers
    return Count(name, len(posts), len(out) - len(missing), doubles, missing, seconds)


class Newsstand(Sandbox):
    """The page."""

    name = "newsstand"

    def __init__(self, newspaper: Newspaper, channels: Channels, console: str, *, port: int = 0) -> None:
        super().__init__(port=port)
        self.newspaper, self.channels, self.console = newspaper, channels, console
        self.state = "waiting for the first post …"

    def publishes(self, _: Request) -> bool:
        """Never."""
        return False

    def posts(self) -> list[Shown]:
        """It has none of its own."""
        return []

    def answer(self, request: Request) -> Response:
        """The page, its data, and a word that changes when the data does."""
        if request.path == "/posts.json":
            return Response.json(200, {"state": self.state, "columns": [self.column(name) for name in self.channels]})
        if request.path == "/version":
            counts = [len(channel.posts()) for channel in self.channels.values()]
            return Response(200, f"{counts} {self.state}".encode(), {"Content-Type": "text/plain; charset=utf-8"})
        if request.path != "/":
            return Response(404, b"Not here.")
        page = Template((Path(__file__).parent / "newsstand.html").read_text(encoding="utf-8"))
        html = page.safe_substitute(newspaper=self.newspaper.url, console=self.console)
        return Response(200, html.encode(), {"Content-Type": "text/html; charset=utf-8"})

    def column(self, name: str) -> dict[str, object]:
        posts = self.channels[name].posts()
        title, account = TITLES.get(name, (name, ""))
        newest = [dataclasses.asdict(post) for post in reversed(posts[-NEWEST:])]
        return {"name": name, "title": title, "account": account, "count": len(posts), "posts": newest}
