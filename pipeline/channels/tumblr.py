"""Tumblr posts in its own block format. https://www.tumblr.com/docs/en/api/v2#posts---createreblog-a-post-neue-post-format"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Literal

from pipeline import form, lookback, oauth
from pipeline.http import Answer
from pipeline.model import Capabilities, Post, Receipt, Seen, Sending, Unauthorised, Unavailable

PAGE = 20  # posts
DAILY, BUSY = 8023, 503
PAGES = 100
WAITING = ("queue", "draft")  # what is not published yet is listed apart


def _read(answer: Answer) -> None:
    codes = {error.get("code") for error in answer.told.get("errors") or [] if isinstance(error, dict)}
    if answer.status == 403 and DAILY in codes:
        raise Unavailable("Tumblr: the day's limit is reached", status=403)


@dataclass(frozen=True, slots=True)
class Channel:
    """Posts to a blog: title, teaser and a link block that we describe."""

    blog: str
    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    state: Literal["published", "queue", "draft", "private"] = "published"
    api_url: str = "https://api.tumblr.com"

    CAN: ClassVar[Capabilities] = Capabilities(
        "Tumblr blogs",
        per_hour=20,
        per_day=200,
        limit=4096,
        link_in_text=False,
        media=1,
        card="built",
        edit=True,
        delete=True,
        lookup=True,
        template="{teaser}",
    )
    CONNECT: ClassVar[oauth.Flow] = oauth.Flow(
        "https://www.tumblr.com/oauth2/authorize",
        "https://api.tumblr.com/v2/oauth2/token",
        ("basic", "write", "offline_access"),
        pkce=False,
    )
    HOW: ClassVar[str] = "Register an application on tumblr.com/oauth/apps, then connect."

    def send(self, post: Post, to: Sending) -> Receipt:
        """The post."""
        told = self._call("POST", f"blog/{self.blog}/posts", to, {**self._fields(post), "state": self.state})
        return self._receipt(form.ident(told["id"]))

    def edit(self, post: Post, to: Sending) -> Receipt:
        """The post with its new words."""
        self._call("PUT", f"blog/{self.blog}/posts/{to.remote_id}", to, self._fields(post))
        return self._receipt(str(to.remote_id))

    def delete(self, to: Sending) -> None:
        """The post is gone, whether it was there or not."""
        self._call("POST", f"blog/{self.blog}/post/delete", to, {"id": to.remote_id}, frozenset({404}))

    def look_up(self, post: Post, to: Sending) -> Receipt | None:
        """The post with this link, wherever it was put."""
        return lookback.find(self._shown(to), post, to, lookback.of(post), most=PAGES)

    def recent(self, to: Sending, since: datetime) -> list[Seen]:
        """The blog's posts since then, for the audit."""
        return lookback.listing(self._shown(to), since)

    def check(self, to: Sending) -> str:
        """Whose token it is, and that the blog is theirs."""
        told = oauth.with_token(self._client, to, lambda t: to.http.ask(self._at("user/info"), headers=_auth(t))).json()
        user = told["response"]["user"]
        names = {blog.get("name") for blog in user.get("blogs") or []}
        if self.blog.partition(".")[0] not in names:
            raise Unauthorised(f"{user['name']} has no blog {self.blog}")
        return f"{user['name']}, {self.blog}"

    def _shown(self, to: Sending) -> Iterator[list[Seen]]:
        if self.state in WAITING:
            yield from self._waiting(to)
        turn: dict[str, int] = {}
        while posts := self._page(to, "posts", turn):
            yield [self._seen(one, one.get("timestamp")) for one in posts]
            older = before(posts)
            if older == turn and len(posts) < PAGE:
                return
            turn = older

    def _waiting(self, to: Sending) -> Iterator[list[Seen]]:
        """The queue or the drafts: they have their time still to come, so all of them are looked at."""
        turn: dict[str, Any] = {}
        number = 0
        while posts := self._page(to, f"posts/{self.state}", turn):
            yield [self._seen(one, None) for one in posts]
            number += len(posts)
            turn = {"offset": number} if self.state == "queue" else {"before_id": posts[-1]["id"]}

    def _page(self, to: Sending, path: str, more: dict[str, Any]) -> list[dict[str, Any]]:
        def act(token: str) -> list[dict[str, Any]]:
            params = {"limit": PAGE, "npf": "true", **more}
            told = to.http.ask(self._at(f"blog/{self.blog}/{path}"), headers=_auth(token), params=params).json()
            return list(told["response"].get("posts") or [])

        return oauth.with_token(self._client, to, act)

    def _seen(self, told: dict[str, Any], at: object) -> Seen:
        receipt = self._receipt(form.ident(told.get("id_string") or told["id"]))
        blocks = told.get("content") or []
        links = (told.get("source_url"), *(block.get("url") for block in blocks))
        text = " ".join(block.get("text") or "" for block in blocks if block.get("subtype") != "heading1")
        return Seen(receipt.remote_id, lookback.at(at), tuple(link for link in links if link), receipt.url, text)

    @staticmethod
    def _fields(post: Post) -> dict[str, Any]:
        content: list[dict[str, Any]] = []
        if post.image:
            content.append({"type": "image", "media": [{"url": post.image.url}], "alt_text": post.image.alt[:4096]})
        if post.title:
            content.append({"type": "text", "subtype": "heading1", "text": post.title})
        content += [{"type": "text", "text": part} for part in post.text.split("\n\n") if part]
        if post.link:
            content.append({"type": "link", "url": post.link, "title": post.title, "description": post.teaser[:1000]})
        return {
            "content": content,
            "tags": ",".join(tag.replace(",", " ") for tag in post.tags),
            "source_url": post.link,
        }

    def _call(
        self, method: str, path: str, to: Sending, fields: dict[str, Any], allow: frozenset[int] = frozenset()
    ) -> dict[str, Any]:
        def act(token: str) -> dict[str, Any]:
            answer = to.http.post(
                self._at(path), headers=_auth(token), json=fields, method=method, read=_read, allow=allow
            )
            told = answer.json().get("response")
            return told if isinstance(told, dict) else {}

        return oauth.with_token(self._client, to, act)

    @property
    def _client(self) -> oauth.Client:
        return oauth.Client(self._at("oauth2/token"), self.client_id, self.client_secret, self.refresh_token)

    def _at(self, path: str) -> str:
        return f"{self.api_url.rstrip('/')}/v2/{path}"

    def _receipt(self, ident: str) -> Receipt:
        return Receipt(ident, f"https://www.tumblr.com/{self.blog.partition('.')[0]}/{ident}")


def _auth(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def before(posts: list[dict[str, Any]]) -> dict[str, int]:
    """Where the next page begins: with those of the last one's second once more, and whatever is pinned on top."""
    times = [one["timestamp"] for one in posts if not one.get("is_pinned")] or [one["timestamp"] for one in posts]
    return {"before": min(times) + 1}
