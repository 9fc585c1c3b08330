"""Micropub: a post on your own site. https://www.w3.org/TR/micropub/"""

import hashlib
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal
from urllib.parse import urljoin

from pipeline.http import Answer
from pipeline.judged import judged, token
from pipeline.model import Capabilities, Post, Receipt, Sending, Unauthorised, Uncertain

NOT_FOUND = frozenset({404, 410})


def _read(answer: Answer) -> None:
    if answer.told.get("error") in {"unauthorized", "forbidden", "insufficient_scope"}:
        raise Unauthorised(f"{answer.host}: {answer.told['error']}", status=answer.status)


@dataclass(frozen=True, slots=True)
class Channel:
    """Creates an entry on a site that speaks Micropub."""

    endpoint_url: str
    token: str = field(repr=False, metadata=judged(token))
    status: Literal["published", "draft"] = "published"
    syndicate_to: tuple[str, ...] = ()

    CAN: ClassVar[Capabilities] = Capabilities(
        "sites that speak Micropub",
        per_hour=0,
        per_day=0,
        link_in_text=False,
        media=1,
        edit=True,
        delete=True,
        mentions="keep",
    )
    HOW: ClassVar[str] = "Get a token for the scopes create, update and delete from your site's token endpoint."

    def send(self, post: Post, to: Sending) -> Receipt:
        """The entry; its address is where the site says."""
        properties = {**self._properties(post), "post-status": [self.status], "mp-slug": [_slug(to.key)]}
        if self.syndicate_to:
            properties["mp-syndicate-to"] = list(self.syndicate_to)
        answer = to.http.post(
            self.endpoint_url, headers=self._auth(), json={"type": ["h-entry"], "properties": properties}, read=_read
        )
        location = answer.headers.get("location")
        if not location:
            raise Uncertain(f"{answer.host} answered {answer.status} without the entry's address", status=answer.status)
        url = urljoin(self.endpoint_url, location)
        return Receipt(url, url)

    def edit(self, post: Post, to: Sending) -> Receipt:
        """The entry with its new words."""
        fields = {"action": "update", "url": to.remote_id, "replace": self._properties(post)}
        answer = to.http.post(self.endpoint_url, headers=self._auth(), json=fields, read=_read)
        url = urljoin(str(to.remote_id), answer.headers.get("location") or str(to.remote_id))
        return Receipt(url, url)

    def delete(self, to: Sending) -> None:
        """The entry is gone, whether it was there or not."""
        fields = {"action": "delete", "url": to.remote_id}
        to.http.post(self.endpoint_url, headers=self._auth(), json=fields, read=_read, allow=NOT_FOUND)

    def check(self, to: Sending) -> str:
        """That the token is good for the endpoint."""
        to.http.ask(self.endpoint_url, headers=self._auth(), params={"q": "config"}, read=_read)
        return "the endpoint knows the token"

    @staticmethod
    def _properties(post: Post) -> dict[str, Any]:
        told: dict[str, Any] = {
            "name": [post.title],
            "content": [post.teaser],
            "summary": [post.teaser],
            "category": list(post.tags),
            "bookmark-of": [post.link] if post.link else [],
            "published": [post.published.isoformat()],
        }
        if post.image:
            told["photo"] = [{"value": post.image.url, "alt": post.image.alt}]
        return {name: value for name, value in told.items() if value and value != [""]}

    def _auth(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def _slug(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:12]
