"""Tumblr posts in its own block format. https://www.tumblr.com/docs/en/api/v2#posts---createreblog-a-post-neue-post-format"""

from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from pipeline import oauth
from pipeline.http import Answer
from pipeline.model import Capabilities, Post, Receipt, Sending, Unauthorised, Unavailable
from pipeline.preparation import since

RECENT = 20
DAILY, BUSY = 8023, 503


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
        return self._receipt(str(told["id"]))

    def edit(self, post: Post, to: Sending) -> Receipt:
        """The post with its new words."""
        self._call("PUT", f"blog/{self.blog}/posts/{to.remote_id}", to, self._fields(post))
        return self._receipt(str(to.remote_id))

    def delete(self, to: Sending) -> None:
        """The post is gone, whether it was there or not."""
        self._call("POST", f"blog/{self.blog}/post/delete", to, {"id": to.remote_id}, frozenset({404}))

    def look_up(self, post: Post, to: Sending) -> Receipt | None:
        """The post with this link among the blog's last ones."""
        params = {"limit": RECENT, "npf": "true"}
        told = oauth.with_token(
            self._client,
            to,
            lambda t: to.http.ask(self._at(f"blog/{self.blog}/posts"), headers=_auth(t), params=params),
        ).json()["response"]
        found = (
            one for one in told.get("posts") or [] if since(post, one.get("timestamp")) and _links_to(one, post.link)
        )
        return next((self._receipt(str(one.get("id_string") or one["id"])) for one in found), None)

    def check(self, to: Sending) -> str:
        """Whose token it is, and that the blog is theirs."""
        told = oauth.with_token(self._client, to, lambda t: to.http.ask(self._at("user/info"), headers=_auth(t))).json()
        user = told["response"]["user"]
        names = {blog.get("name") for blog in user.get("blogs") or []}
        if self.blog.partition(".")[0] not in names:
            raise Unauthorised(f"{user['name']} has no blog {self.blog}")
        return f"{user['name']}, {self.blog}"

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


def _links_to(told: dict[str, Any], link: str) -> bool:
    blocks = {block.get("url") for block in told.get("content") or []}
    return bool(link) and (told.get("source_url") == link or link in blocks)
