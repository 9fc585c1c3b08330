"""Ghost posts over the Admin API. https://docs.ghost.org/admin-api/posts/creating-a-post"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import Any, ClassVar, Literal

from pipeline import form, lookback
from pipeline.compose.links import slug
from pipeline.http import Answer
from pipeline.judged import judged, shaped
from pipeline.model import Capabilities, Post, Receipt, Seen, Sending, Unauthorised, Unavailable
from pipeline.pictures import shortened

KEY = "this is no Admin API key: an id, a colon and hexadecimal digits; copy it once more"
MINUTES = 300  # seconds: Ghost takes no token that lives longer
LONGEST_EXCERPT, LONGEST_ALT, LONGEST_TITLE, LONGEST_TAG = 300, 190, 255, 191
GONE = frozenset({404})
MOST_TAGS = 8
PAGE, FIELDS = 100, "id,url,canonical_url,created_at"
COLLISION = 409


def _read(answer: Answer) -> None:
    if answer.status == COLLISION:  # someone saved the post meanwhile, or this very edit arrived before: read again
        raise Unavailable(f"{answer.host}: the post was changed meanwhile", status=COLLISION, channel_wide=False)


@dataclass(frozen=True, slots=True)
class Channel:
    """Publishes the teaser as a post whose canonical address is the article."""

    site: str
    admin_key: str = field(
        repr=False, metadata=judged(shaped(r"[^\s:]+:([0-9a-fA-F]{2})+", KEY))
    )  # id:secret, of a custom integration
    status: Literal["published", "draft"] = "published"
    read_more: str = "Read the whole article"

    CAN: ClassVar[Capabilities] = Capabilities(
        "Ghost sites",
        per_hour=0,
        per_day=0,
        link_in_text=False,
        media=1,
        edit=True,
        delete=True,
        lookup=True,
        mentions="keep",
    )
    HOW: ClassVar[str] = "In Ghost Admin: Settings, Integrations, Add custom integration; copy its Admin API key."

    def send(self, post: Post, to: Sending) -> Receipt:
        """The post, under a slug that names our key. It is mailed to nobody."""
        fields = {**self._fields(post), "slug": slug(post.title, to.key), "status": self.status}
        tags = [tag for tag in post.tags if len(tag) <= LONGEST_TAG][:MOST_TAGS]  # a longer one would refuse the post
        fields |= {"tags": [{"name": tag} for tag in tags]}
        answer = to.http.post(self._at("posts/?source=html"), headers=self._auth(to), json={"posts": [fields]})
        return _receipt(answer.json()["posts"][0])

    def edit(self, post: Post, to: Sending) -> Receipt:
        """The post with its new words, unless someone else edits it this moment."""
        url = self._at(f"posts/{to.remote_id}/")
        now = to.http.ask(url, headers=self._auth(to)).json()["posts"][0]
        fields = {**self._fields(post), "updated_at": now["updated_at"]}
        answer = to.http.post(
            f"{url}?source=html", headers=self._auth(to), json={"posts": [fields]}, method="PUT", read=_read
        )
        return _receipt(answer.json()["posts"][0])

    def delete(self, to: Sending) -> None:
        """The post is gone, whether it was there or not."""
        to.http.post(self._at(f"posts/{to.remote_id}/"), headers=self._auth(to), method="DELETE", allow=GONE)

    def look_up(self, post: Post, to: Sending) -> Receipt | None:
        """The post under our slug, whatever its state."""
        answer = to.http.ask(self._at(f"posts/slug/{slug(post.title, to.key)}/"), headers=self._auth(to), allow=GONE)
        return _receipt(answer.json()["posts"][0]) if answer.ok else None

    def recent(self, to: Sending, since: datetime) -> list[Seen]:
        """The site's posts that were made since then, in whatever state, for the audit."""
        return lookback.listing(self._shown(to), since)

    def check(self, to: Sending) -> str:
        """The site's title; the key is good for it."""
        to.http.ask(self._at("posts/?limit=1&fields=id"), headers=self._auth(to))
        return str(to.http.ask(self._at("site/"), headers=self._auth(to)).json()["site"]["title"])

    def _shown(self, to: Sending) -> Iterator[list[Seen]]:
        for told in lookback.answers(
            lambda params: to.http.ask(self._at("posts/"), headers=self._auth(to), params=params).json(),
            {"limit": PAGE, "order": "created_at desc", "fields": FIELDS},
            lambda told: {"page": ((told.get("meta") or {}).get("pagination") or {}).get("next")},
        ):
            yield [_seen(one) for one in told["posts"]]

    def _fields(self, post: Post) -> dict[str, Any]:
        more = f'<p><a href="{escape(post.link)}">{escape(self.read_more)}</a></p>' if post.link else ""
        paragraphs = "".join(f"<p>{escape(part)}</p>" for part in post.teaser.split("\n\n") if part)
        fields: dict[str, Any] = {
            "title": shortened(post.title, LONGEST_TITLE) or shortened(post.teaser, LONGEST_TITLE),
            "html": paragraphs + more,
            "custom_excerpt": shortened(post.teaser, LONGEST_EXCERPT) or None,
            "canonical_url": post.link or None,
        }
        if post.image:
            fields |= {"feature_image": post.image.url, "feature_image_alt": shortened(post.image.alt, LONGEST_ALT)}
        return fields

    def _auth(self, to: Sending) -> dict[str, str]:
        token = jwt(self.admin_key, int(to.now.timestamp()))
        return {"Authorization": f"Ghost {token}", "Accept-Version": "v5.0"}

    def _at(self, path: str) -> str:
        return f"{self.site.rstrip('/')}/ghost/api/admin/{path}"


def jwt(admin_key: str, now: int) -> str:
    """A token for five minutes, signed with the secret half of the key."""
    ident, _, secret = admin_key.partition(":")
    head = {"alg": "HS256", "typ": "JWT", "kid": ident}
    claims = {"iat": now, "exp": now + MINUTES, "aud": "/admin/"}
    signed = ".".join(_b64(json.dumps(part, separators=(",", ":")).encode()) for part in (head, claims))
    try:
        key = bytes.fromhex(secret)
    except ValueError:
        raise Unauthorised("the Ghost admin key must be an id, a colon and hexadecimal digits") from None
    return f"{signed}.{_b64(hmac.digest(key, signed.encode(), hashlib.sha256))}"


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _seen(told: dict[str, Any]) -> Seen:
    receipt, canonical = _receipt(told), told.get("canonical_url")
    return Seen(receipt.remote_id, lookback.at(told.get("created_at")), (canonical,) if canonical else (), receipt.url)


def _receipt(told: dict[str, Any]) -> Receipt:
    return Receipt(form.ident(told["id"]), told.get("url"))
