"""Accounts that show what they hold as each platform documents it: newest first, in pages of its largest size."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

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


@dataclass
class Account:
    """Answers a listing from its posts, and keeps count of the pages it gave."""

    shows: Callable[["Account", Asked], Answer]
    route: str
    most: int  # posts on a page, whatever is asked for
    beside: dict[str, Answer] = field(default_factory=dict)  # what else is asked on the way
    posts: Sequence[Held] = ()  # newest first
    pinned: Sequence[Held] = ()  # above them
    stuck: bool = False  # gives its first page whatever is asked
    pages: int = 0

    def routes(self) -> dict[str, Any]:
        return {self.route: self._asked, **self.beside}

    def _asked(self, asked: Asked) -> Answer:
        self.pages += 1
        return self.shows(self, asked)

    def page(self, wished: Any, below: int | None = None) -> list[Held]:
        """The posts below a number, as many as wished and allowed."""
        if self.stuck or below is None:
            return [*self.pinned, *self.posts][: self._limit(wished)]
        return [post for post in self.posts if post.number < below][: self._limit(wished)]

    def _limit(self, wished: Any) -> int:
        return min(int(wished), self.most)


def _number(ident: str | None) -> int | None:
    return int(ident) if ident else None


def _one(asked: Asked, name: str) -> str | None:
    return asked.query.get(name, [None])[0]


def _misskey(account: Account, asked: Asked) -> Answer:
    given = asked.json
    if given["userId"] != "u1" or not 1 <= given["limit"] <= 100:
        return {"status": 400, "json": {"error": {"code": "INVALID_PARAM"}}}
    found = account.page(given["limit"], _number(given.get("untilId")))
    return {"json": [{"id": f"{p.number:010d}", "createdAt": p.iso, "text": f"{p.text}\n\n{p.link}"} for p in found]}


def _mastodon(account: Account, asked: Asked) -> Answer:
    found = account.page(_one(asked, "limit") or 20, _number(_one(asked, "max_id")))
    content = '<p>{}</p><p><a href="{}" rel="nofollow">a link</a></p>'
    shown = [{"id": str(p.number), "created_at": p.iso, "content": content.format(p.text, p.link)} for p in found]
    return {"json": shown}


ACCOUNTS: dict[str, Callable[[], Account]] = {
    "mastodon": lambda: Account(
        _mastodon,
        "GET /api/v1/accounts/9/statuses",
        40,
        {"GET /api/v1/accounts/verify_credentials": {"json": {"id": "9", "acct": "news"}}},
    ),
    "misskey": lambda: Account(_misskey, "POST /api/users/notes", 100, {"POST /api/i": {"json": {"id": "u1"}}}),
}
