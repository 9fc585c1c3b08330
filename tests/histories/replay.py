"""Plays a history fast: real stages, a real store, a clock that is moved by hand, a transport that follows a script.

    python -m tests.histories.replay FOLDER…     plays every history of those folders and tells what falls short

A history is JSON: `id`, `case`, `why`; `feeds`: for each feed its steps; `channels`, `routes`; `expect` for every
channel: each mark in `posted` exactly that often, none in `never`, each in `free` at most once, those in `order` in
that order, `titles` word for word; `count` says how often a text stands in a channel's titles. A mark is the word `Mk…`
in a title, else in the address, else in the teaser: it stands in no ordinary headline, so that headlines can
be equal. A step has `status`, `headers`, `polls` (how many answers it serves; the last step is served for ever),
`restart` (the product starts again before it) and either `body`, `body64`, `fault` or `entries`: names, or objects
{"is": name, …changed fields…}. A feed's first step is its archive.
"""

import base64
import hashlib
import importlib
import json
import logging
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

import structlog

from pipeline import bounded, config, stages
from pipeline.http import Answer, FetchError
from pipeline.model import Stage
from pipeline.store import Store, channels
from pipeline.store import feeds as rows
from pipeline.world import World

MARK = re.compile(r"Mk[A-Za-z0-9]+")
START = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
HOST = "127.0.7.1"


class Clock:
    """A clock that is moved by hand."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class InProcess:
    """The jobs of `pipeline.bounded`, without the child: what is played here is our own."""

    def run(self, job: str, payload: Mapping[str, Any], *, seconds: float = 10.0) -> Any:
        module, _, name = bounded.JOBS[job].partition(":")
        return getattr(importlib.import_module(module), name)(payload)

    def close(self) -> None: ...


@dataclass
class Feed:
    """One feed's place in its script, and what was asked of it."""

    steps: list[dict[str, Any]]
    at: int = 0
    served: int = 0
    after: int = 0  # answers given once the script was through
    asked: list[tuple[datetime, dict[str, str]]] = field(default_factory=list)

    def step(self) -> dict[str, Any]:
        """The step that answers now."""
        if self.served >= self.steps[self.at].get("polls", 1):
            if self.at == len(self.steps) - 1:
                self.after += 1
            else:
                self.at, self.served = self.at + 1, 0
        self.served += 1
        return self.steps[self.at]

    def restarts(self) -> bool:
        """Whether the product is to be started again before this feed is asked next."""
        ahead = self.steps[self.at + 1] if self.at + 1 < len(self.steps) else {}
        return bool(ahead.get("restart")) and self.served >= self.steps[self.at].get("polls", 1)


class Transport:
    """Takes the place of `pipeline.http.Http`: answers GETs by the script, keeps what is posted."""

    def __init__(self, feeds: Mapping[str, Feed], clock: Clock, render: Callable[[dict[str, Any]], bytes]) -> None:
        self.feeds, self.clock, self.render = feeds, clock, render
        self.posts: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.refuse: Callable[[str], Exception | None] = lambda channel: None

    def allowing(self, networks: object) -> "Transport":
        return self

    def until(self, latest: float) -> "Transport":
        return self

    def get(self, url: str, *, headers: Mapping[str, str] | None = None, **_: Any) -> Answer:
        feed = self.feeds[urlsplit(url).path.rsplit("/", 1)[-1]]
        sent = {name.lower(): value for name, value in (headers or {}).items()}
        feed.asked.append((self.clock(), sent))
        step = feed.step()
        if "fault" in step:
            raise FetchError(step["fault"], kind=step.get("kind", "reset"))
        body = self.render(step)
        etag = '"' + hashlib.sha1(body).hexdigest()[:16] + '"'
        given = {name.lower(): value for name, value in step.get("headers", {}).items()}
        status = step.get("status", 200)
        if status == 200 and not step.get("no_validators"):
            given.setdefault("etag", etag)
        if status == 200 and sent.get("if-none-match") == given.get("etag", ""):
            return Answer(304, {"etag": given["etag"]}, b"", url)
        given.setdefault("content-type", "application/rss+xml; charset=utf-8")
        return Answer(status, given, body, url)

    def post(self, url: str, *, json: Any = None, data: Any = None, headers: Any = None, **_: Any) -> Answer:
        channel = urlsplit(url).path.rsplit("/", 1)[-1]
        fault = self.refuse(channel)
        if fault is not None:
            raise fault
        sent = json if json is not None else globals()["json"].loads(data)
        self.posts[channel].append({"at": self.clock(), "headers": dict(headers or {}), **sent["data"]["article"]})
        return Answer(200, {"content-type": "application/json"}, b"{}", url)

    def close(self) -> None: ...


def rss(history: Mapping[str, Any]) -> Callable[[dict[str, Any]], bytes]:
    """How a step of this history becomes bytes."""

    def render(step: dict[str, Any]) -> bytes:
        if "body64" in step:
            return base64.b64decode(step["body64"])
        if "body" in step:
            return step["body"].encode()
        items = "\n".join(_item(one) for one in _entries(history, step))
        extra = step.get("channel", "")
        head = "<title>Town</title><link>https://town.example/</link><description>d</description>"
        return f'<?xml version="1.0"?>\n<rss version="2.0"><channel>{head}{extra}\n{items}\n</channel></rss>'.encode()

    return render


def _entries(history: Mapping[str, Any], step: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    known = history.get("entries", {})
    for one in step.get("entries", ()):
        name = one if isinstance(one, str) else one["is"]
        yield {**_usual(name), **known.get(name, {}), **({} if isinstance(one, str) else one)}


WORDS = re.findall(
    r"\w+",
    "bridge harbour council school market river museum ferry library orchard tower garden station choir theatre "
    "cyclist mayor nurse lamp meadow boat window canal ridge tram fisher painter survey budget parade",
)


def _usual(name: str) -> dict[str, Any]:
    """An entry of this name with a text of its own: the name decides on everything."""
    seed = hashlib.sha256(name.encode()).digest()
    words = [WORDS[b % len(WORDS)] for b in hashlib.shake_256(seed).digest(90)]
    number = int(re.search(r"\d+$", name)[0]) if re.search(r"\d+$", name) else 0  # type: ignore[index]
    age = timedelta(hours=30 + 5 * number) if "b" in name else timedelta(hours=2) - timedelta(minutes=10 * number)
    return {
        "title": " ".join(words[:5]).capitalize(),
        "link": f"https://town.example/2026/Mk{name}",
        "guid": f"https://town.example/2026/Mk{name}",
        "date": format_datetime(START - age),
        "text": f"<p>Mk{name} " + " ".join(words) + ".</p>",
    }


def _item(one: Mapping[str, Any]) -> str:
    parts = {"title": one["title"], "link": one["link"], "pubDate": one["date"], "description": one["text"]}
    lines = [f"<{tag}>{escape(value)}</{tag}>" for tag, value in parts.items() if value is not None]
    if one["guid"] is not None:
        lines.append(f'<guid isPermaLink="false">{escape(one["guid"])}</guid>')
    return "<item>" + "".join(lines) + "</item>"


class Play:
    """A history on its way: `turn` is one second of a newsroom."""

    def __init__(self, history: Mapping[str, Any], folder: Path, url: str | None = None) -> None:
        self.history = history
        self.clock = Clock()
        scripts = {name: Feed(list(steps)) for name, steps in history["feeds"].items()}
        self.transport = Transport(scripts, self.clock, rss(history))
        path = folder / "standfirst.toml"
        path.write_text(written(history))
        self.config = config.load(path, {})
        self.store = Store.open(url or f"sqlite:///{folder / 'standfirst.db'}")
        if url is None:
            self.store.migrate()
        self.open()

    def open(self) -> None:
        """Start, or start again with the same store."""
        with self.store.begin() as tx:
            channels.sync(tx, ((one.name, one.kind) for one in self.config.channels.values()), self.clock())
            rows.sync(tx, ((one.name, one.url) for one in self.config.feeds.values()), self.clock())
        self.world = World(self.config, self.store, self.transport, InProcess(), self.clock)  # type: ignore[arg-type]

    def turn(self) -> None:
        """A second passes, and whatever is due is done."""
        self.clock.move(1.2)  # `every` and its jitter
        if any(feed.restarts() for feed in self.transport.feeds.values()):
            self.open()
        while found := stages.due(self.world):
            for stage, ident in found:
                self.act(stage, ident)

    def act(self, stage: Stage, ident: str) -> None:
        """Run one stage as its task would."""
        run: Callable[..., None] = getattr(stages, stage.value)
        run(self.world, *([ident] if ident else []))

    def done(self) -> bool:
        """Whether every feed was asked twice more after its last step."""
        return all(feed.after >= 2 for feed in self.transport.feeds.values())

    def run(self, turns: int = 400) -> list[str]:
        """Play it through; gives what is wrong with the posts, as sentences."""
        for _ in range(turns):
            self.turn()
            if self.done():
                return judge(self.history, self.transport.posts)
        left = [name for name, feed in self.transport.feeds.items() if feed.after < 2]
        return [*judge(self.history, self.transport.posts), f"left unfinished: {', '.join(left)}"]

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()


def written(history: Mapping[str, Any]) -> str:
    """The configuration of a history."""
    lines = ["[standfirst]", 'allow_networks = ["127.0.0.0/8"]', "fetch_pages = false"]
    lines.append(f'delay = "{history.get("delay", "0s")}"')
    for channel in history["channels"]:
        lines += ["[[channels]]", f'name = "{channel}"', 'kind = "webhook"', f'url = "http://{HOST}/sink/{channel}"']
    for name in history["feeds"]:
        lines += ["[[feeds]]", f'name = "{name}"', f'url = "http://{HOST}/feed/{name}"', 'every = "1s"']
        lines += [f"{key} = {json.dumps(value)}" for key, value in history.get("settings", {}).items()]
        chosen = history.get("routes", {}).get(name, history["channels"])
        lines += ["[[routes]]", f'feeds = ["{name}"]', f"channels = {json.dumps(chosen)}"]
    return "\n".join(lines)


def judge(history: Mapping[str, Any], posts: Mapping[str, list[dict[str, Any]]]) -> list[str]:
    """What is wrong with the posts, as sentences."""
    reached = {c for name in history["feeds"] for c in history.get("routes", {}).get(name, history["channels"])}
    return [wrong for channel in sorted(reached) for wrong in _judge(history, channel, posts.get(channel, []))]


def _judge(history: Mapping[str, Any], channel: str, posts: list[dict[str, Any]]) -> Iterable[str]:
    want = {"posted": {}, "never": [], "free": [], "order": [], "titles": {}} | history["expect"]
    marks = [(mark, post["title"]) for post in posts for mark in _marks(post)]
    seen = Counter(mark for mark, _ in marks)
    counted = history.get("count", {}).get(channel, {})
    for text, times in counted.items():
        if (got := sum(text in post["title"] for post in posts)) != times:
            yield f"{channel}: {text!r} posted {got} times, not {times}"
    for post in posts:
        if not _marks(post) and not any(text in post["title"] for text in counted):
            yield f"{channel}: {post['title']!r} posted, and nobody knows its mark"
    wanted = {**want["posted"], **dict.fromkeys(want["never"], 0)}
    for mark, times in wanted.items():
        if seen[mark] != times:
            yield f"{channel}: {mark} posted {seen[mark]} times, not {times}"
    for mark in want["free"]:
        if seen[mark] > 1:
            yield f"{channel}: {mark} posted {seen[mark]} times"
    for mark in seen.keys() - wanted.keys() - set(want["free"]):
        yield f"{channel}: {mark} posted, and nobody expected it"
    order = [mark for mark, _ in marks if mark in want["order"]]
    if order != want["order"]:
        yield f"{channel}: order {order}, not {want['order']}"
    for mark, title in marks:
        if want["titles"].get(mark, title) != title:
            yield f"{channel}: title {title!r}, not {want['titles'][mark]!r}"


def _marks(post: Mapping[str, Any]) -> list[str]:
    """The mark of a post: in its title, else in its address, else in its teaser."""
    found = (MARK.findall(post.get(part) or "") for part in ("title", "link", "teaser"))
    return next(filter(None, found), [])[:1]


def main(folders: list[str]) -> int:
    """Play every history of the folders."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    short = played = 0
    for path in sorted(path for folder in folders for path in Path(folder).glob("*.json")):
        history = json.loads(path.read_text())
        with tempfile.TemporaryDirectory() as folder:
            play = Play(history, Path(folder))
            wrong = play.run()
            play.close()
        played += 1
        if wrong:
            short += 1
            print(f"{history['id']} ({history['case']}: {history['why']}): {'; '.join(wrong[:4])}")
    print(f"{played - short} of {played} histories hold")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
