"""X posts. https://docs.x.com/x-api/posts/create-post"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from pipeline import form, lookback, oauth, pictures, postings
from pipeline.http import Answer
from pipeline.judged import judged, token, within
from pipeline.model import (
    Capabilities,
    DeliveryError,
    Post,
    Receipt,
    Rejected,
    Seen,
    Sending,
    Unauthorised,
    Unavailable,
)
from pipeline.preparation import nothing_posted_yet
from pipeline.text.counting.links import links

PRICE, PRICE_WITH_LINK = 0.015, 0.20  # dollars
LONGEST_ALT = 1000
IMAGE_BYTES = 5_000_000
PAGE, PAGES = 100, 31  # posts: X shows an account's last 3,200
ADDRESSES = ("expanded_url", "unwound_url")
SCOPES = ("tweet.read", "tweet.write", "users.read", "media.write", "offline.access")


class Duplicate(Exception):
    """X has a post with this text."""


def _read(answer: Answer) -> None:
    detail = str(answer.told.get("detail") or "")
    if answer.status == 403 and "duplicate content" in detail.lower():
        raise Duplicate(detail)


@dataclass(frozen=True, slots=True)
class Channel:
    """Posts to an account; X charges for each post, more for one with a link."""

    token: str | None = field(default=None, repr=False, metadata=judged(token))
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    budget: float | None = field(default=None, metadata=judged(within(0, 1e6)))  # dollars a month: a hard stop
    api_url: str = "https://api.x.com"

    CAN: ClassVar[Capabilities] = Capabilities(
        "X, formerly Twitter (paid)",
        limit=280,
        counting="x",
        media=1,
        image_bytes=IMAGE_BYTES,
        card="crawled",
        delete=True,
        thread=True,
        lookup=True,
    )
    CONNECT: ClassVar[oauth.Flow] = oauth.Flow(
        "https://x.com/i/oauth2/authorize", "https://api.x.com/2/oauth2/token", SCOPES, basic=True
    )
    HOW: ClassVar[str] = (
        "Make a project and an app on developer.x.com with OAuth 2.0 (web app), add credit, then connect."
    )

    def send(self, post: Post, to: Sending) -> Receipt:
        """The post, or each part of the thread as a reply to the last."""
        return oauth.with_token(self._client, to, lambda token: self._send(post, to, token))

    def delete(self, to: Sending) -> None:
        """The post, and every part of a thread, is gone, whether it was there or not."""
        postings.delete_all(to, lambda ident: self._with(to, "DELETE", f"tweets/{ident}", None, frozenset({404})))

    def look_up(self, post: Post, to: Sending) -> Receipt | None:
        """The post with this link or text; of a thread, what was missing of it: None while there is more to send."""
        if not post.parts:
            return self._find(post, to)
        number, part = lookback.part_in_doubt(post, to)
        found = self._find(part, to) if number not in to.progress else None
        progress: Any = to.progress
        if found:
            progress[number] = found.remote_id
        return _receipt(progress["0"]) if len(progress) == len(post.parts) else None

    def recent(self, to: Sending, since: datetime) -> list[Seen]:
        """The account's own posts since then, for the audit."""
        return lookback.listing(self._shown(to, since), since, most=PAGES)

    def check(self, to: Sending) -> str:
        """Whose token it is."""
        return f"@{oauth.with_token(self._client, to, lambda token: self._me(to, token))['username']}"

    def _send(self, post: Post, to: Sending, token: str) -> Receipt:
        progress: Any = to.progress
        media, degraded = self._media(post, to, token)
        ids: list[str] = []
        for number, text in enumerate(post.parts or (post.text,)):
            ident = progress.get(str(number)) or self._say(post, to, token, text, [] if number else media, ids)
            if post.parts:
                progress[str(number)] = ident
            ids.append(ident)
        return _receipt(ids[0], degraded)

    def _say(self, post: Post, to: Sending, token: str, text: str, media: list[str], thread: list[str]) -> str:
        fields: dict[str, Any] = {"text": text}
        if media:
            fields["media"] = {"media_ids": media}
        if thread:
            fields["reply"] = {"in_reply_to_tweet_id": thread[-1]}
        self._spend(text, to)
        try:
            told = to.http.post(self._at("tweets"), headers=_auth(token), json=fields, read=_read).json()
            return form.ident(told["data"]["id"])
        except Duplicate as error:
            found = self._find(replace(post, text=text, link=post.link if post.link in text else ""), to)
            if found is None:
                raise Rejected(f"X: {error}; but it is none of this article's posts", status=403) from None
            return found.remote_id

    def _find(self, post: Post, to: Sending) -> Receipt | None:
        shown = self._shown(to, lookback.reach(post, to))
        return lookback.find(shown, post, to, lookback.of(post), most=PAGES)

    def _shown(self, to: Sending, since: datetime) -> Iterator[list[Seen]]:
        me = oauth.with_token(self._client, to, lambda token: self._me(to, token))["id"]
        start = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")  # each post that is read costs
        asked = {"max_results": PAGE, "tweet.fields": "entities,created_at", "start_time": start}
        for told in lookback.answers(
            lambda params: oauth.with_token(self._client, to, lambda token: self._page(to, token, me, params)),
            asked,
            lambda told: {"pagination_token": (told.get("meta") or {}).get("next_token")},
        ):
            yield [_seen(tweet) for tweet in told.get("data") or []]

    def _page(self, to: Sending, token: str, me: str, params: dict[str, Any]) -> dict[str, Any]:
        told: dict[str, Any] = to.http.ask(self._at(f"users/{me}/tweets"), headers=_auth(token), params=params).json()
        return told

    def _me(self, to: Sending, token: str) -> dict[str, Any]:
        told: dict[str, Any] = to.http.ask(self._at("users/me"), headers=_auth(token)).json()["data"]
        return told

    def _media(self, post: Post, to: Sending, token: str) -> tuple[list[str], tuple[str, ...]]:
        if post.image is None or to.progress:
            return [], ()
        try:
            picture = pictures.prepare(post.image, to.http, to.bounded, most_bytes=IMAGE_BYTES, alt=LONGEST_ALT)
            with nothing_posted_yet():
                files = {"media": (picture.name, picture.data, picture.mime)}
                url, fields = self._at("media/upload"), {"media_category": "tweet_image"}
                answer = to.http.post(url, headers=_auth(token), files=files, data=fields)
                ident = form.ident(answer.json()["data"]["id"])
                if picture.alt:
                    named = {"id": ident, "metadata": {"alt_text": {"text": picture.alt}}}
                    to.http.post(self._at("media/metadata"), headers=_auth(token), json=named)
                return [ident], ()
        except Unauthorised:
            raise
        except (pictures.PictureError, DeliveryError) as error:
            return [], (str(error),)

    def _spend(self, text: str, to: Sending) -> None:
        """Count the price before it is paid; past the budget the channel waits for the next month."""
        if self.budget is None:
            return
        name = f"spent-{to.now:%Y-%m}"
        price = PRICE_WITH_LINK if links(text) else PRICE
        with to.vault.single(name):
            spent = float((to.vault.get(name) or {}).get("dollars", 0.0))
            if spent + price > self.budget:
                start = (to.now.replace(day=1, hour=0, minute=0, second=0, microsecond=0) + timedelta(days=32)).replace(
                    day=1
                )
                raise Unavailable(f"the month's budget of ${self.budget:.2f} is spent", retry_after=start - to.now)
            to.vault.put(name, {"dollars": round(spent + price, 3)})

    def _with(self, to: Sending, method: str, path: str, fields: Any, allow: frozenset[int]) -> None:
        def act(token: str) -> None:
            to.http.post(self._at(path), headers=_auth(token), json=fields, method=method, allow=allow)

        oauth.with_token(self._client, to, act)

    @property
    def _client(self) -> oauth.Client:
        url = f"{self.api_url.rstrip('/')}/2/oauth2/token"
        basic = bool(self.client_secret)
        return oauth.Client(url, self.client_id or "", self.client_secret, self.refresh_token, self.token, basic)

    def _at(self, path: str) -> str:
        return f"{self.api_url.rstrip('/')}/2/{path}"


def _auth(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _seen(tweet: dict[str, Any]) -> Seen:
    named = (url.get(name) for url in (tweet.get("entities") or {}).get("urls") or [] for name in ADDRESSES)
    receipt = _receipt(form.ident(tweet["id"]))
    at, links = lookback.at(tweet.get("created_at")), tuple(url for url in named if url)
    return Seen(receipt.remote_id, at, links, receipt.url, str(tweet.get("text") or ""))


def _receipt(ident: str, degraded: tuple[str, ...] = ()) -> Receipt:
    return Receipt(ident, f"https://x.com/i/web/status/{ident}", degraded)
