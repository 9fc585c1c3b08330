"""Accounts that show what they hold as each platform documents it: newest first, in pages of its largest size."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.channels.play import KEY
from tests.channels.scripted import Answer, Asked


@dataclass(frozen=True)
class Held:
    """One post that an account holds."""

    number: int  # later posts have higher ones
    at: datetime | None
    text: str = ""
    link: str = ""
    key: str = ""

    @property
    def iso(self) -> str | None:
        return self.at.isoformat(timespec="milliseconds").replace("+00:00", "Z") if self.at else None

    @property
    def seconds(self) -> int | None:
        return int(self.at.timestamp()) if self.at else None


@dataclass
class Account:
    """Answers a listing from its posts, and keeps count of the pages it gave."""

    shows: Callable[["Account", Asked], Answer]
    route: str
    most: int  # posts on a page, whatever is asked for
    beside: dict[str, Any] = field(default_factory=dict)  # what else is asked on the way
    deep: int = 1000  # how many later posts a look-up gets behind
    ordered: bool = True  # whether its newest come first
    dated: bool = False  # whether every post has its time: it is what they are called or asked for by
    found_by_key: bool = False  # whether a post is found by its key, and the listing is for the audit alone
    ident: Callable[[Held], str] = lambda post: str(post.number)
    posts: Sequence[Held] = ()  # newest first
    pinned: Sequence[Held] = ()  # above them
    stuck: bool = False  # gives its first page whatever is asked
    pages: int = 0

    def routes(self) -> dict[str, Any]:
        return {self.route: self._asked, **self.beside}

    def _asked(self, asked: Asked) -> Answer:
        self.pages += 1
        return self.shows(self, asked)

    def page(self, wished: Any, below: Any = None, since: Any = None) -> list[Held]:
        """The posts below a number and since a time, as many as wished and allowed."""
        limit = min(int(wished), self.most)
        start = float(since) if since else 0.0
        held = [post for post in self.posts if post.at is None or post.at.timestamp() >= start]
        if self.stuck or below is None:
            return [*self.pinned, *held][:limit]
        return [post for post in held if post.number < int(below)][:limit]

    def following(self, found: Sequence[Held]) -> str | None:
        """A cursor that leads on, or none at the end."""
        last = self.posts[-1].number if self.posts else None
        return str(found[-1].number) if found and (self.stuck or found[-1].number != last) else None


def _one(asked: Asked, name: str) -> str | None:
    return asked.query.get(name, [None])[0]


def _misskey(account: Account, asked: Asked) -> Answer:
    given = asked.json
    if given["userId"] != "u1" or not 1 <= given["limit"] <= 100:
        return {"status": 400, "json": {"error": {"code": "INVALID_PARAM"}}}
    found = account.page(given["limit"], given.get("untilId"))
    return {"json": [{"id": f"{p.number:010d}", "createdAt": p.iso, "text": f"{p.text}\n\n{p.link}"} for p in found]}


def _mastodon(account: Account, asked: Asked) -> Answer:
    found = account.page(_one(asked, "limit") or 20, _one(asked, "max_id"))
    link = '<p><a href="{}" rel="nofollow"><span class="invisible">https://</span><span>{}</span></a></p>'
    shown = [
        {
            "id": str(p.number),
            "created_at": p.iso,
            "content": f"<p>{p.text}</p>" + (link.format(p.link, p.link.removeprefix("https://")) if p.link else ""),
        }
        for p in found
    ]
    return {"json": shown}


def _bluesky(account: Account, asked: Asked) -> Answer:
    found = account.page(_one(asked, "limit") or 50, _one(asked, "cursor"))
    records = [
        {
            "uri": f"at://did:plc:news/app.bsky.feed.post/{p.number}",
            "value": {"text": p.text, "createdAt": p.iso, "embed": {"external": {"uri": p.link}}},
        }
        for p in found
    ]
    return {"json": {"records": records, "cursor": account.following(found)}}


def _x(account: Account, asked: Asked) -> Answer:
    assert 5 <= int(_one(asked, "max_results") or 10) <= 100
    start = datetime.fromisoformat(_one(asked, "start_time") or "1970-01-01T00:00:00Z").timestamp()
    found = account.page(_one(asked, "max_results") or 10, _one(asked, "pagination_token"), start)
    data = [
        {"id": str(p.number), "created_at": p.iso, "text": p.text, "entities": {"urls": [{"expanded_url": p.link}]}}
        for p in found
    ]
    following = account.following(found)
    return {"json": {"data": data, "meta": {"next_token": following} if following else {}}}


def _graph(account: Account, asked: Asked, shown: Callable[[Held], dict[str, Any]]) -> Answer:
    """Cursors and the whole address of the next page, as Meta gives them."""
    found = account.page(_one(asked, "limit") or 25, _one(asked, "after"), _one(asked, "since"))
    following = account.following(found)
    paging = {
        "cursors": {"after": following},
        "next": f"https://elsewhere.example{asked.path}?after={following}&limit=100",
    }
    return {"json": {"data": [shown(p) for p in found], "paging": paging if following else {}}}


def _facebook(account: Account, asked: Asked) -> Answer:
    def shown(p: Held) -> dict[str, Any]:
        told = {"id": f"1001_{p.number}", "message": p.text, "attachments": {"data": [{"unshimmed_url": p.link}]}}
        return told | ({"created_time": p.at.strftime("%Y-%m-%dT%H:%M:%S+0000")} if p.at else {})

    return _graph(account, asked, shown)


def _threads(account: Account, asked: Asked) -> Answer:
    def shown(p: Held) -> dict[str, Any]:
        return {"id": str(p.number), "permalink": f"https://t.example/{p.number}", "text": f"{p.text}\n\n{p.link}"} | (
            {"timestamp": p.at.strftime("%Y-%m-%dT%H:%M:%S+0000")} if p.at else {}
        )

    return _graph(account, asked, shown)


def _tumblr(account: Account, asked: Asked) -> Answer:
    before = _one(asked, "before")
    older = [p for p in account.posts if p.seconds is not None and p.seconds < int(before)] if before else account.posts
    pinned = [] if before else account.pinned
    found = ([*account.pinned, *account.posts] if account.stuck else [*pinned, *older])[: account.most]
    posts = [
        {
            "id_string": str(p.number),
            "timestamp": p.seconds,
            "is_pinned": p in account.pinned,
            "content": [{"type": "text", "text": p.text}, {"type": "link", "url": p.link}],
        }
        for p in found
    ]
    return {"json": {"response": {"posts": posts}}}


def _reddit(account: Account, asked: Asked) -> Answer:
    after = _one(asked, "after")
    found = account.page(_one(asked, "limit") or 25, after.removeprefix("t3_") if after else None)
    children = [
        {
            "data": {
                "name": f"t3_{p.number}",
                "created_utc": p.seconds,
                "url": p.link,
                "subreddit": "Town",
                "permalink": "",
            }
        }
        for p in found
    ]
    following = account.following(found)
    return {"json": {"data": {"children": children, "after": f"t3_{following}" if following else None}}}


def _pinterest(account: Account, asked: Asked) -> Answer:
    found = account.page(_one(asked, "page_size") or 25, _one(asked, "bookmark"))
    items = [{"id": str(p.number), "created_at": p.iso, "link": p.link, "description": p.text} for p in found]
    return {"json": {"items": items, "bookmark": account.following(found)}}


def _numbered(account: Account, asked: Asked) -> list[Held]:
    """A page by its number."""
    size = min(int(_one(asked, "per_page") or _one(asked, "limit") or 10), account.most)
    number = 1 if account.stuck else int(_one(asked, "page") or 1)
    return [*account.pinned, *account.posts][size * (number - 1) : size * number]


def _devto(account: Account, asked: Asked) -> Answer:
    shown = [
        {"id": p.number, "url": f"https://dev.example/{p.number}", "published_at": p.iso, "canonical_url": p.link}
        for p in _numbered(account, asked)
    ]
    return {"json": shown}


def _wordpress(account: Account, asked: Asked) -> Answer:
    if slug := _one(asked, "slug"):
        return {"json": [{"id": p.number} for p in account.posts if p.key == KEY and slug]}
    assert (_one(asked, "orderby"), _one(asked, "order")) == ("id", "desc")
    content = '<p>{}</p><p><a href="{}">Read</a></p>'
    shown = [
        {
            "id": p.number,
            "link": f"https://b.example/{p.number}",
            "modified_gmt": (p.iso or "").removesuffix("Z"),
            "content": {"raw": content.format(p.text, p.link)},
        }
        for p in _numbered(account, asked)
    ]
    return {"json": shown, "headers": {"X-WP-TotalPages": str(-(-len(account.posts) // 100))}}


def _ghost(account: Account, asked: Asked) -> Answer:
    found, number = _numbered(account, asked), int(_one(asked, "page") or 1)
    more = len(account.posts) > number * account.most
    posts = [
        {"id": str(p.number), "url": f"https://g.example/{p.number}", "canonical_url": p.link, "created_at": p.iso}
        for p in found
    ]
    return {"json": {"posts": posts, "meta": {"pagination": {"page": number, "next": number + 1 if more else None}}}}


def _matrix(account: Account, asked: Asked) -> Answer:
    assert _one(asked, "dir") == "b"
    assert json.loads(_one(asked, "filter") or "")["senders"] == ["@news:example.org"]
    found = account.page(_one(asked, "limit") or 10, _one(asked, "from"))
    chunk = [
        {
            "event_id": f"${p.number}",
            "content": {"msgtype": "m.notice", "body": f"{p.text}\n\n{p.link}"},
            "unsigned": {"transaction_id": p.key} if p.key else {},
        }
        | ({"origin_server_ts": int(p.at.timestamp() * 1000)} if p.at else {})
        for p in found
    ]
    following = account.following(found)
    return {"json": {"chunk": chunk, "start": "s"} | ({"end": following} if following else {})}


def _slack(account: Account, asked: Asked) -> Answer:
    given = asked.json
    found = account.page(given.get("limit", 100), given.get("cursor"), given.get("oldest"))
    messages = [
        {"ts": _ts(p)}
        | {"text": f"{p.text}\n<{p.link}>", "metadata": {"event_payload": {"id": p.key or f"sf_{p.number}"}}}
        for p in found
    ]
    more = {"response_metadata": {"next_cursor": account.following(found) or ""}}
    return {"json": {"ok": True, "messages": messages, **more}}


def _ts(post: Held) -> str:
    assert post.at
    return f"{post.at.timestamp():.3f}{post.number % 1000:03d}"


ROOM = "/_matrix/client/v3/rooms/%21room%3Aexample.org"

ACCOUNTS: dict[str, Callable[[], Account]] = {
    "bluesky": lambda: Account(
        _bluesky,
        "GET /xrpc/com.atproto.repo.listRecords",
        100,
        {
            "POST /xrpc/com.atproto.server.createSession": {
                "json": {"did": "did:plc:news", "handle": "news", "accessJwt": "a", "refreshJwt": "r"}
            }
        },
        found_by_key=True,
    ),
    "devto": lambda: Account(_devto, "GET /api/articles/me/all", 100),
    "facebook": lambda: Account(_facebook, "GET /v23.0/1001/feed", 100),
    "ghost": lambda: Account(_ghost, "GET /ghost/api/admin/posts/", 100, found_by_key=True),
    "mastodon": lambda: Account(
        _mastodon,
        "GET /api/v1/accounts/9/statuses",
        40,
        {"GET /api/v1/accounts/verify_credentials": {"json": {"id": "9", "acct": "news"}}},
    ),
    "matrix": lambda: Account(
        _matrix,
        f"GET {ROOM}/messages",
        100,
        {
            "GET /_matrix/client/v3/account/whoami": {"json": {"user_id": "@news:example.org"}},
            "GET /_matrix/client/v3/directory/room/*": {"json": {"room_id": "!room:example.org"}},
            f"GET {ROOM}/state/m.room.encryption": {"status": 404, "json": {"errcode": "M_NOT_FOUND"}},
        },
    ),
    "misskey": lambda: Account(_misskey, "POST /api/users/notes", 100, {"POST /api/i": {"json": {"id": "u1"}}}),
    "pinterest": lambda: Account(_pinterest, "GET /v5/boards/b1/pins", 250, ordered=False),
    "reddit": lambda: Account(
        _reddit,
        "GET /user/crier/submitted",
        100,
        {
            "POST /api/v1/access_token": {"json": {"access_token": "t", "expires_in": 3600}},
            "GET /api/v1/me": {"json": {"name": "crier"}},
        },
        deep=700,
    ),
    "slack": lambda: Account(_slack, "POST /api/conversations.history", 200, dated=True, ident=_ts),
    "threads": lambda: Account(_threads, "GET /v1.0/55/threads", 100),
    "tumblr": lambda: Account(
        _tumblr,
        "GET /v2/blog/town.tumblr.com/posts",
        20,
        {"POST /v2/oauth2/token": {"json": {"access_token": "t", "expires_in": 2520}}},
        dated=True,
    ),
    "wordpress": lambda: Account(_wordpress, "GET /wp-json/wp/v2/posts", 100, found_by_key=True),
    "x": lambda: Account(
        _x, "GET /2/users/5/tweets", 100, {"GET /2/users/me": {"json": {"data": {"id": "5", "username": "crier"}}}}
    ),
}
