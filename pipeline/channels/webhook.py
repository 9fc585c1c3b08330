"""Signed webhooks. https://www.standardwebhooks.com — the receiver recognises a repeat by its webhook-id."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from pipeline.http import Answer
from pipeline.judged import header, judged, signing
from pipeline.model import Capabilities, Post, Receipt, Sending, Unauthorised

PREFIX = "whsec_"
GONE = 410


def stamp(moment: datetime) -> str:
    """A moment as RFC 3339 in UTC."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def signature(secret: str, ident: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the signature; of several secrets, separated by spaces, one each (rotation)."""
    signed = f"{ident}.{timestamp}.".encode() + body
    return " ".join(f"v1,{_sign(one, signed)}" for one in secret.split())


def _sign(secret: str, signed: bytes) -> str:
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except ValueError:
        raise Unauthorised("the webhook's secret must be whsec_ and base64") from None
    return base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def _read(answer: Answer) -> None:
    if answer.status == GONE:  # "the receiver wants no more": the channel pauses and keeps its queue
        raise Unauthorised(f"{answer.host} answered 410: this webhook is gone", status=GONE)


@dataclass(frozen=True, slots=True)
class Channel:
    """POSTs each article as `article.published` to a URL of your own."""

    url: str
    secret: str | None = field(default=None, repr=False, metadata=judged(signing))
    authorization: str | None = field(default=None, repr=False, metadata=judged(header))  # the whole header: "Bearer …"

    CAN: ClassVar[Capabilities] = Capabilities(
        "a signed JSON request to your own service",
        per_hour=0,
        per_day=0,
        link_in_text=False,
        media=1,
        replays=timedelta(days=3650),
        edit=True,
        delete=True,
        mentions="keep",
        template="{title}\n\n{teaser}\n\n{link}",
    )
    HOW: ClassVar[str] = (
        "Generate a secret with 24 random bytes as base64 after whsec_, and give it to the receiver too."
    )

    def send(self, post: Post, to: Sending) -> Receipt:
        """Post it; the receiver's 2xx is the receipt."""
        return self._tell("article.published", self._article(post), to, stamp(post.created))

    def edit(self, post: Post, to: Sending) -> Receipt:
        """Tell of a new revision."""
        return self._tell("article.updated", self._article(post), to, stamp(post.created))

    def delete(self, to: Sending) -> None:
        """Tell that the article was withdrawn: which, and under which key it was told of first."""
        article = {"id": to.article, "link": to.link, "remote_id": to.first or to.remote_id}
        self._tell("article.deleted", article, to, stamp(to.now))

    def check(self, to: Sending) -> str:
        """A webhook has nothing to ask: that its secret can sign is all that can be known without posting."""
        if self.secret:
            signature(self.secret, to.key, 0, b"")
        return "a webhook cannot be asked without posting; its settings are complete"

    def _tell(self, kind: str, article: dict[str, Any], to: Sending, timestamp: str) -> Receipt:
        data = {"delivery": to.key, "channel": to.channel, "article": article}
        if to.first:
            data["first_delivery"] = to.first
        body = json.dumps(
            {"type": kind, "timestamp": timestamp, "data": data}, ensure_ascii=False, separators=(",", ":")
        )
        sent = int(to.now.timestamp())
        headers = {
            "Content-Type": "application/json",
            "webhook-id": to.key,
            "webhook-timestamp": str(sent),
        }
        if self.secret:
            headers["webhook-signature"] = signature(self.secret, to.key, sent, body.encode())
        if self.authorization:
            headers["Authorization"] = self.authorization
        to.http.post(self.url, headers=headers, data=body.encode(), read=_read)
        return Receipt(to.key)

    @staticmethod
    def _article(post: Post) -> dict[str, Any]:
        image = post.image
        return {
            "id": post.article,
            "title": post.title,
            "link": post.link,
            "teaser": post.teaser,
            "published": stamp(post.published),
            "language": post.language,
            "authors": list(post.authors),
            "tags": list(post.tags),
            "image": {"url": image.url, "alt": image.alt} if image else None,
        }
