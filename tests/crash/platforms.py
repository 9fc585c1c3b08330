"""The platforms of the suites, of every class, and the one place where their configuration stands.

Beside the product's own sandboxes: two whose posts have no key and can be looked up, and one that is blind.
"""

import itertools
import json
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workers.demo.sandbox import Atproto, Mastodon, Request, Response, Sandbox, Shown, Webhook


class Misskey(Sandbox):
    """Notes: no key, but the account's own notes can be listed. https://misskey-hub.net/en/docs/for-developers/api/"""

    name = "misskey"
    numbers = itertools.count(1)

    def publishes(self, request: Request) -> bool:
        return request.path == "/api/notes/create"

    def answer(self, request: Request) -> Response:
        body = request.json()
        match request.path:
            case "/api/notes/create":
                return Response.json(200, {"createdNote": self.note(body["text"])})
            case "/api/i":
                return Response.json(200, {"id": "u1", "username": "town"})
            case "/api/users/notes":
                return self._notes(**body)
            case "/api/meta":
                return Response.json(200, {"maxNoteTextLength": 3000})
        return Response.json(404, {"error": {"code": "NO_SUCH_ENDPOINT", "message": "no such endpoint"}})

    def note(self, text: str) -> dict[str, Any]:
        """A note of now."""
        at = self.clock()
        made = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        note = {"id": f"9{next(self.numbers):09d}", "text": text, "at": at, "createdAt": made}
        self.books.put("note", note["id"], note)
        return note

    def _notes(self, userId: str, limit: int = 10, untilId: str = "", sinceId: str = "") -> Response:
        """A page: newest first, from `untilId` down; oldest first where only `sinceId` is given."""
        if userId != "u1" or not 1 <= limit <= 100:
            return Response.json(400, {"error": {"code": "INVALID_PARAM", "message": "Invalid param."}})
        notes = [note for note in self.books.all("note") if sinceId < note["id"] < (untilId or "~")]
        return Response.json(200, (notes if sinceId and not untilId else notes[::-1])[:limit])

    def posts(self) -> list[Shown]:
        return [Shown(note["id"], note["at"], note["text"]) for note in self.books.all("note")]


class Slack(Sandbox):
    """An incoming webhook: answers `ok`, knows no key and shows nothing. https://docs.slack.dev/messaging/"""

    name = "slack"
    numbers = itertools.count(1)

    def publishes(self, request: Request) -> bool:
        return request.method == "POST"

    def answer(self, request: Request) -> Response:
        ident = f"m{next(self.numbers)}"
        self.books.put("message", ident, {"id": ident, "text": str(request.json()), "at": time.time()})
        return Response(200, b"ok", {"Content-Type": "text/html"})

    def posts(self) -> list[Shown]:
        return [Shown(one["id"], one["at"], one["text"]) for one in self.books.all("message")]


class X(Sandbox):
    """Posts without a key: a text that is there is refused as a duplicate. https://docs.x.com/x-api/posts/create-post"""

    name = "x"
    numbers = itertools.count(1)

    def publishes(self, request: Request) -> bool:
        return request.method == "POST" and request.path == "/2/tweets"

    def answer(self, request: Request) -> Response:
        match request.method, request.path:
            case "POST", "/2/tweets":
                return self._post(request.json())
            case "GET", "/2/users/me":
                return Response.json(200, {"data": {"id": "u1", "username": "town"}})
            case "GET", "/2/users/u1/tweets":
                return Response.json(200, {"data": self.books.all("tweet")[::-1]})
        found = re.fullmatch(r"/2/tweets/(\w+)", request.path)
        if found and request.method == "DELETE":
            return self._delete(found[1])
        return Response.json(404, {"detail": "there is nothing here"})

    def _delete(self, ident: str) -> Response:
        """https://docs.x.com/x-api/posts/delete-post: its replies stay, each of them has to be deleted."""
        if self.books.get("tweet", ident) is None:
            detail = f"Could not find tweet with id: [{ident}]."
            return Response.json(404, {"title": "Not Found Error", "detail": detail})
        self.books.drop("tweet", ident)
        return Response.json(200, {"data": {"deleted": True}})

    def _post(self, fields: dict[str, Any]) -> Response:
        if any(tweet["text"] == fields["text"] for tweet in self.books.all("tweet")):
            detail = "You are not allowed to create a Tweet with duplicate content."
            return Response.json(403, {"title": "Forbidden", "detail": detail})
        parent = fields.get("reply", {}).get("in_reply_to_tweet_id")
        tweet = {"id": f"x{next(self.numbers)}", "text": fields["text"], "parent": parent, "at": self.clock()}
        tweet["created_at"] = datetime.fromtimestamp(tweet["at"], UTC).isoformat()
        self.books.put("tweet", tweet["id"], tweet)
        return Response.json(201, {"data": {"id": tweet["id"], "text": tweet["text"]}})

    def posts(self) -> list[Shown]:
        return [Shown(one["id"], one["at"], one["text"], note=one["parent"] or "") for one in self.books.all("tweet")]


# --- their configuration, the same for every suite --------------------------------------------------------------------

CLASSES = ("replays", "lookup", "neither")  # one of each class: what a doubt can be resolved by
CHANNELS = ("replays", "mastodon", "bluesky", "lookup", "neither")
PLATFORMS: dict[str, type[Sandbox]] = {
    "replays": Webhook,
    "mastodon": Mastodon,
    "bluesky": Atproto,
    "lookup": Misskey,
    "neither": Slack,
}
PRIVATE = {"MISSKEY": "a-long-token"}


@contextmanager
def opened(channels: Sequence[str] = CHANNELS) -> Iterator[dict[str, Any]]:
    """The platforms by the names of their channels, each on a port of its own."""
    made = {name: PLATFORMS[name](secret=None) if name == "replays" else PLATFORMS[name]() for name in channels}  # type: ignore[call-arg]
    with ExitStack() as stack:
        for platform in made.values():
            stack.enter_context(platform)
        yield made


UNBOUNDED = {"per_hour": 0, "per_day": 0}  # what takes a day is done here in a minute


def configured(
    folder: Path,
    platforms: Mapping[str, Any],
    *,
    feeds: Sequence[Mapping[str, Any]],
    channels: Mapping[str, Mapping[str, Any]] | None = None,
    **settings: Any,
) -> tuple[Path, dict[str, str]]:
    """Write `standfirst.toml` with these feeds, a channel for each platform and a route to all; and its secrets."""
    given = {"delay": "0s", "fetch_pages": False, "allow_networks": ["127.0.0.0/8"]} | settings
    parts = ["[standfirst]", *_lines(given)]
    for feed in feeds:
        parts += ["[[feeds]]", *_lines(feed)]
    for name, platform in platforms.items():
        table = {"name": name} | UNBOUNDED | _channel(name, platform) | (channels or {}).get(name, {})
        parts += ["[[channels]]", *_lines(table)]
    parts += ["[[routes]]", *_lines({"feeds": ["*"], "channels": list(platforms)})]
    path = folder / "standfirst.toml"
    path.write_text("\n".join(parts) + "\n")
    return path, secrets(platforms)


def secrets(platforms: Mapping[str, Any]) -> dict[str, str]:
    """The environment that the configuration refers to."""
    found = dict(PRIVATE)
    if "mastodon" in platforms:
        found["MASTODON"] = platforms["mastodon"].token
    if "bluesky" in platforms:
        found["BLUESKY"] = platforms["bluesky"].password
    if "neither" in platforms:
        found["SLACK"] = f"{platforms['neither'].url}/services/T/B/X"
    return found


def _channel(name: str, platform: Any) -> dict[str, Any]:
    return {
        "replays": {"kind": "webhook", "url": f"{platform.url}/in"},
        "mastodon": {"kind": "mastodon", "instance": platform.url, "token": {"env": "MASTODON"}},
        "bluesky": {
            "kind": "bluesky",
            "service": platform.url,
            "identifier": "wrenbridge.test",
            "password": {"env": "BLUESKY"},
        },
        "lookup": {"kind": "misskey", "instance": platform.url, "token": {"env": "MISSKEY"}},
        "neither": {"kind": "slack", "webhook": {"env": "SLACK"}, "spacing": "0s"},
    }[name]


def _lines(values: Mapping[str, Any]) -> list[str]:
    return [f"{name} = {_value(value)}" for name, value in values.items()]


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(_lines(value)) + " }"
    return json.dumps(value)
