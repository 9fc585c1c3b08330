"""Standfirst's own syndication: feeds and a page in a folder. https://validator.w3.org/feed/docs/"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

from pipeline.model import Capabilities, DeliveryError, Post, Receipt, Sending, Unavailable
from pipeline.syndication import Feed, Item, render
from pipeline.wording import counted

ITEMS = ".items.json"  # the truth, for us alone: it holds keys; every document is made from it
ITEMS_BEFORE = "items.json"  # its name in 0.1: read once, then replaced
FEEDS = ("feed.xml", "atom.xml", "feed.json")
KEPT = 1000  # the list forgets older ones: their feeds have moved on
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Channel:
    """Writes RSS, Atom, JSON Feed, a page of teasers and a news sitemap; the console serves them."""

    folder: str
    title: str = "Standfirst"
    site: str | None = None  # the publisher's own site
    public_url: str | None = None  # the folder's address from outside
    description: str = ""
    language: str | None = None
    author: str = ""
    hub_url: str | None = None
    newest: int = 50

    CAN: ClassVar[Capabilities] = Capabilities(
        "your own RSS, Atom and JSON feeds and a page of teasers",
        per_hour=0,
        per_day=0,
        link_in_text=False,
        media=1,
        edit=True,
        delete=True,
        replays=timedelta(days=3650),
        mentions="keep",
    )
    HOW: ClassVar[str] = "Nothing to get: choose a folder, and the address under which the console is reached."

    def send(self, post: Post, to: Sending) -> Receipt:
        """The article is in the feeds, once, whatever happened before."""
        with self._list() as items:
            dates = {date for one in items.values() for date in (one.date, one.updated)}
            item = items.get(to.key) or self._item(post, to, dates)
            items[to.key] = item
            self._write(items, to)
        return Receipt(item.id, f"{self._base(to)}index.html#{item.id}", self._ping(to))

    def edit(self, post: Post, to: Sending) -> Receipt:
        """The item with its new words; its id and date stay."""
        with self._list() as items:
            for key, old in items.items():
                if old.id == to.remote_id:
                    new = self._item(post, to, set())
                    others = {one.updated for one in items.values() if one is not old}
                    changed = _free(max(to.now, old.date), others)
                    items[key] = replace(new, id=old.id, date=old.date, updated=changed)
            self._write(items, to)
        return Receipt(str(to.remote_id), f"{self._base(to)}index.html#{to.remote_id}", self._ping(to))

    def delete(self, to: Sending) -> None:
        """The item is gone from the feeds."""
        with self._list() as items:
            for key in [key for key, item in items.items() if item.id == to.remote_id]:
                del items[key]
            self._write(items, to)
        self._ping(to)

    def check(self, to: Sending) -> str:
        """Whether the folder can be written to."""
        with self._list() as items:
            return f"{self.folder}: {counted(len(items), 'article')}, served as {self._base(to)}"

    # --- the list

    @contextmanager
    def _list(self) -> Iterator[dict[str, Item]]:
        """The items by key, for one writer at a time on this machine."""
        folder = Path(self.folder)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with (folder / ".lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield _read(folder)
        except OSError as error:
            raise Unavailable(f"the folder cannot be written to: {error.strerror}") from None

    def _write(self, items: dict[str, Item], to: Sending) -> None:
        newest = sorted(items.items(), key=lambda one: one[1].date, reverse=True)[:KEPT]
        kept = [{"key": key, **asdict(item)} for key, item in newest]
        folder = Path(self.folder)
        listed = json.dumps(kept, ensure_ascii=False, default=datetime.isoformat).encode()
        replace_file(folder / ITEMS, listed, mode=0o600)
        (folder / ITEMS_BEFORE).unlink(missing_ok=True)
        feed = self._feed([item for _, item in newest[: self.newest]], to)
        for name, body in render(feed, to.now).items():
            replace_file(folder / name, body)

    def _feed(self, items: list[Item], to: Sending) -> Feed:
        base = self._base(to)
        site = self.site or base
        updated = max((item.updated for item in items), default=to.now)
        return Feed(self.title, site, base, items, updated, self.description, self.language, self.author, self.hub_url)

    def _item(self, post: Post, to: Sending, taken: set[datetime]) -> Item:
        date = _free(post.published, taken)
        host = _ascii(urlsplit(self.site or post.link or self._base(to)).hostname or "localhost")
        image = post.image
        return Item(
            id=f"tag:{host},{date:%Y-%m-%d}:{_name(to.key)}",
            title=post.title,
            link=post.link,
            teaser=post.teaser,
            date=date,
            updated=date,
            language=post.language or self.language,
            authors=post.authors,
            tags=post.tags,
            image=image.url if image else None,
            alt=image.alt if image else "",
            mime=image.mime if image else "",
            length=image.length if image else None,
        )

    # --- the world

    def _base(self, to: Sending) -> str:
        return (self.public_url or f"{to.home}/feeds/{to.channel}").rstrip("/") + "/"

    def _ping(self, to: Sending) -> tuple[str, ...]:
        """Tell the hub, after the bytes are there; a hub that is away costs nobody the article."""
        if not self.hub_url:
            return ()
        topics = [self._base(to) + name for name in FEEDS]
        try:
            for topic in topics:
                to.http.post(
                    self.hub_url, data={"hub.mode": "publish", "hub.url": topic, "hub.topic": topic}, deadline=5.0
                )
        except DeliveryError as error:
            return (f"the hub was not told: {error.reason}",)
        return ()


def _free(date: datetime, taken: set[datetime]) -> datetime:
    """The date, in whole seconds, or the next one after it: a validator wants each once, and readers sort by it."""
    date = date.replace(microsecond=0)
    while date in taken:
        date += SECOND
    return date


def _name(key: str) -> str:
    """What names an article in public: always the same for its key, and the key cannot be found from it."""
    return blake2b(key.encode(), digest_size=12, person=b"standfirst-item").hexdigest()


def _ascii(host: str) -> str:
    """The host as a tag: URI can hold it."""
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return "localhost"


def _read(folder: Path) -> dict[str, Item]:
    path = next((folder / name for name in (ITEMS, ITEMS_BEFORE) if (folder / name).exists()), None)
    if path is None:
        return {}
    rows: list[dict[str, Any]] = json.loads(path.read_bytes())
    return {row.pop("key"): _item_of(row) for row in rows}


def _item_of(row: dict[str, Any]) -> Item:
    moments = {name: datetime.fromisoformat(row[name]) for name in ("date", "updated")}
    return Item(**{**row, **moments, "authors": tuple(row["authors"]), "tags": tuple(row["tags"])})


def replace_file(path: Path, body: bytes, *, mode: int = 0o666) -> None:
    """The file has the old bytes or the new ones, whatever happens; `mode` holds from its first byte."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
