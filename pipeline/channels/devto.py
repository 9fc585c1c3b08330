"""dev.to and other Forem sites. https://developers.forem.com/api/v1#tag/articles/operation/createArticle"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any, ClassVar

from pipeline import form, lookback
from pipeline.compose.markup import escape
from pipeline.http import Answer
from pipeline.judged import judged, token
from pipeline.model import Capabilities, Post, Receipt, Rejected, Seen, Sending

MOST_TAGS = 4
PAGE = 100  # articles


class Taken(Exception):
    """Another article has this canonical address: ours, most likely."""


def _read(answer: Answer) -> None:
    if answer.status == 422 and "canonical" in answer.text.lower() and "taken" in answer.text.lower():
        raise Taken


@dataclass(frozen=True, slots=True)
class Channel:
    """Publishes the teaser as an article whose canonical address is the original."""

    api_key: str = field(repr=False, metadata=judged(token))
    site: str = "https://dev.to"
    organization_id: int | None = None
    published: bool = True

    CAN: ClassVar[Capabilities] = Capabilities(
        "dev.to and Forem sites",
        per_hour=10,
        per_day=50,
        markup="markdown",
        media=1,
        edit=True,
        delete=True,
        lookup=True,
        spacing=timedelta(seconds=30),
        mentions="defuse",
        template="{teaser}\n\n[{title}]({link})",
    )
    HOW: ClassVar[str] = (
        "On the site: Settings, Extensions, DEV Community API Keys; generate one and keep it as `api_key`."
    )

    def send(self, post: Post, to: Sending) -> Receipt:
        """The article; its canonical address is there once."""
        try:
            return self._write("POST", "/api/articles", {**self._fields(post), "published": self.published}, to)
        except Taken:
            found = self.look_up(post, to)
        if found is None:
            raise Rejected(f"{self.site} has an article with this address, by someone else or from before")
        return found

    def edit(self, post: Post, to: Sending) -> Receipt:
        """The article with its new words; whether it is published stays as it is there (F83)."""
        return self._write("PUT", f"/api/articles/{to.remote_id}", self._fields(post), to)

    def delete(self, to: Sending) -> None:
        """The article is unpublished, whether it was there or not."""
        url = self._at(f"/api/articles/{to.remote_id}/unpublish")
        to.http.post(url, headers=self._auth(), method="PUT", allow=frozenset({404}))

    def look_up(self, post: Post, to: Sending) -> Receipt | None:
        """Our article with this canonical address."""
        return lookback.find(self._shown(to), post, to, lookback.of(post))

    def recent(self, to: Sending, since: datetime) -> list[Seen]:
        """Our own articles since then, and our drafts, for the audit."""
        return lookback.listing(self._shown(to), since)

    def check(self, to: Sending) -> str:
        """Whose key it is."""
        return f"@{to.http.ask(self._at('/api/users/me'), headers=self._auth()).json()['username']}"

    def _shown(self, to: Sending) -> Iterator[list[Seen]]:
        """Drafts first, which have no time; then what is published, newest first."""
        url = self._at("/api/articles/me/all")
        for number in count(1):
            articles = to.http.ask(url, headers=self._auth(), params={"per_page": PAGE, "page": number}).json()
            if not articles:
                return
            yield [_seen(one) for one in articles]

    def _write(self, method: str, path: str, fields: dict[str, Any], to: Sending) -> Receipt:
        told = to.http.post(
            self._at(path), headers=self._auth(), json={"article": fields}, method=method, read=_read
        ).json()
        return _receipt(told)

    def _fields(self, post: Post) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "title": post.title or post.teaser[:80],
            "body_markdown": post.text if post.text.strip() else escape(post.teaser, "markdown"),
            "canonical_url": post.link,
            "description": post.teaser[:150],
            "tags": tags(post),
        }
        if post.image:
            fields["main_image"] = post.image.url
        if self.organization_id:
            fields["organization_id"] = self.organization_id
        return fields

    def _auth(self) -> dict[str, str]:
        return {"api-key": self.api_key, "Accept": "application/vnd.forem.api-v1+json"}

    def _at(self, path: str) -> str:
        return self.site.rstrip("/") + path


def tags(post: Post) -> list[str]:
    """Forem's tags: four, of letters and digits."""
    plain = [re.sub(r"[^a-z0-9]", "", tag.lower()) for tag in post.tags]
    return list(dict.fromkeys(filter(None, plain)))[:MOST_TAGS]


def _seen(told: dict[str, Any]) -> Seen:
    receipt, canonical = _receipt(told), told.get("canonical_url")
    text = told.get("body_markdown") or ""
    return Seen(
        receipt.remote_id, lookback.at(told.get("published_at")), (canonical,) if canonical else (), receipt.url, text
    )


def _receipt(told: dict[str, Any]) -> Receipt:
    return Receipt(form.ident(told["id"]), told.get("url"))
