"""Threads posts: a container is made, then published. https://developers.facebook.com/docs/threads/posts"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

from pipeline import departure, form, graph, lookback, oauth
from pipeline.model import (
    Capabilities,
    DeliveryError,
    Error,
    Post,
    Receipt,
    Rejected,
    Seen,
    Sending,
    Unavailable,
    Uncertain,
)
from pipeline.preparation import keep, kept, nothing_posted_yet

ALIVE = timedelta(hours=23)  # a container can be published for a day
POLLS = 5
PAGE = 100  # posts
RENEW = timedelta(days=20)  # tokens live for sixty days and are renewed when a third is left
TOMORROW = timedelta(days=1)
FIELDS = "id,permalink,text,timestamp,link_attachment_url"


@dataclass(frozen=True, slots=True)
class Channel:
    """Posts to a profile, with its picture or the card that Threads makes of the link."""

    user: str
    token: str = field(repr=False)  # a long-lived one
    api_url: str = "https://graph.threads.net"
    client_id: str | None = None  # of the app: these two are asked for by `channels connect` alone
    client_secret: str | None = field(default=None, repr=False)

    CAN: ClassVar[Capabilities] = Capabilities(
        "Threads",
        per_hour=20,
        per_day=200,
        limit=500,
        counting="threads",
        media=1,
        card="crawled",
        delete=True,
        replays=ALIVE,  # a container is published once
        lookup=True,
        spacing=timedelta(seconds=5),
    )
    CONNECT: ClassVar[oauth.Flow] = oauth.Flow(
        "https://threads.net/oauth/authorize",
        "https://graph.threads.net/oauth/access_token",
        ("threads_basic", "threads_content_publish", "threads_delete"),
        pkce=False,
    )
    HOW: ClassVar[str] = (
        "Make an app with the Threads use case in the Meta developer console, then connect; the token is "
        "renewed from then on."
    )

    def send(self, post: Post, to: Sending) -> Receipt:
        """The post: the same container each time, and a container is published once."""
        container, degraded = self._container(post, to)
        if self._state(container, to) == "PUBLISHED":
            return self._published(post, to) or Receipt(container)
        url = self._at(f"{self.user}/threads_publish")
        told = to.http.post(url, data={"creation_id": container, **self._auth(to)}, read=graph.read).json()
        ident = form.ident(told["id"])
        return Receipt(ident, self._permalink(ident, to), degraded)

    def delete(self, to: Sending) -> None:
        """The post is gone, whether it was there or not."""
        params = self._auth(to)
        to.http.post(
            self._at(str(to.remote_id)), params=params, method="DELETE", read=graph.read, allow=frozenset({404})
        )

    def look_up(self, post: Post, to: Sending) -> Receipt | None:
        """The post with this link or text."""
        return lookback.find(self._shown(to, lookback.reach(post, to)), post, to, lookback.of(post))

    def recent(self, to: Sending, since: datetime) -> list[Seen]:
        """The profile's own posts since then, for the audit."""
        return lookback.listing(self._shown(to, since), since)

    def check(self, to: Sending) -> str:
        """Whose token it is."""
        params = {"fields": "username", **self._auth(to)}
        return f"@{to.http.ask(self._at('me'), params=params, read=graph.read).json()['username']}"

    def connected(self, told: Mapping[str, Any], client: tuple[str, str | None], to: Sending) -> str:
        """A token of sixty days, which renews itself: the flow's ends in an hour and cannot be renewed."""
        asked = {"grant_type": "th_exchange_token", "client_secret": client[1] or ""}
        asked["access_token"] = told["access_token"]
        url = f"{self.api_url.rstrip('/')}/access_token"
        lasting = to.http.ask(url, params=asked, read=graph.read).told.get("access_token")
        if not lasting:
            raise Error("Threads gave no lasting token for the one of an hour; is the app's secret right?")
        return form.token(lasting)

    def _container(self, post: Post, to: Sending) -> tuple[str, tuple[str, ...]]:
        name, of = f"container:{to.key}", form.mark(self.api_url, self.user, post.text)
        known = kept(to, name, of)
        if known is not None:
            return str(known["id"]), tuple(known["degraded"])
        ident, degraded = self._made(post, to)
        keep(to, name, of, {"id": ident, "degraded": list(degraded)}, until=to.now + ALIVE)
        return ident, degraded

    def _made(self, post: Post, to: Sending) -> tuple[str, tuple[str, ...]]:
        fields: dict[str, Any] = {"text": post.text, "media_type": "TEXT"}
        if post.hashtags:
            fields["topic_tag"] = post.hashtags[0]
        picture = {"media_type": "IMAGE", "image_url": post.image.url, "alt_text": post.image.alt} if post.image else {}
        try:
            return self._make({**fields, **picture}, to), ()
        except Rejected as error:
            if not picture:
                raise
            return self._make(fields, to), (f"no picture: {error.reason}",)

    def _make(self, fields: dict[str, Any], to: Sending) -> str:
        with nothing_posted_yet():
            url = self._at(f"{self.user}/threads")
            ident = form.ident(to.http.post(url, data={**fields, **self._auth(to)}, read=graph.read).json()["id"])
        for _ in range(POLLS):
            state = self._state(ident, to)
            if state in {"FINISHED", "PUBLISHED"}:
                return ident
            if state in {"ERROR", "EXPIRED"}:
                raise Rejected(f"Threads could not take it: {state}")
            time.sleep(1)
        raise Unavailable("Threads was too slow to take it in", channel_wide=False)

    def _state(self, container: str, to: Sending) -> str:
        params = {"fields": "status,error_message", **self._auth(to)}
        return str(to.http.ask(self._at(container), params=params, read=graph.read).json().get("status"))

    def _published(self, post: Post, to: Sending) -> Receipt | None:
        """The post of a container that is published: it is there, whether it can be found or not."""
        try:
            return self.look_up(post, to)
        except (Uncertain, *departure.MISREAD):
            return None

    def _shown(self, to: Sending, since: datetime) -> Iterator[list[Seen]]:
        params = {"fields": FIELDS, "limit": PAGE, "since": int(since.timestamp()), **self._auth(to)}
        for posts in graph.pages(to, self._at(f"{self.user}/threads"), params):
            yield [_seen(one) for one in posts]

    def _permalink(self, ident: str, to: Sending) -> str | None:
        try:
            params = {"fields": "permalink", **self._auth(to)}
            return form.address(to.http.ask(self._at(ident), params=params, read=graph.read).json().get("permalink"))
        except (DeliveryError, *departure.MISREAD):  # the post is there; only its address is not known
            return None

    def _auth(self, to: Sending) -> dict[str, str]:
        return {"access_token": self._token(to)}

    def _token(self, to: Sending) -> str:
        """The token, renewed long before it ends; when that fails it is tried again tomorrow, and the old one used."""
        kept = self._kept(to)
        if datetime.fromisoformat(kept["look"]) > to.now:
            return str(kept["access"])
        with to.vault.single(oauth.NAME):
            kept = self._kept(to)
            if datetime.fromisoformat(kept["look"]) <= to.now:
                kept = {**kept, **self._renewed(str(kept["access"]), to)}
                to.vault.put(oauth.NAME, kept)
        return str(kept["access"])

    def _kept(self, to: Sending) -> dict[str, Any]:
        client = oauth.Client("", "", access_token=self.token)
        new = {"access": self.token, "mark": client.mark, "look": to.now.isoformat()}
        return {**new, **(oauth.kept_of(client, to) or {})}

    def _renewed(self, token: str, to: Sending) -> dict[str, Any]:
        params = {"grant_type": "th_refresh_token", "access_token": token}
        try:
            told = to.http.ask(
                f"{self.api_url.rstrip('/')}/refresh_access_token", params=params, read=graph.read
            ).json()
            access, until = form.token(told["access_token"]), to.now + timedelta(seconds=int(told["expires_in"]))
            return {"access": access, "until": until.isoformat(), "look": (until - RENEW).isoformat()}
        except (DeliveryError, *departure.MISREAD):  # one that is younger than a day is not renewed
            return {"look": (to.now + TOMORROW).isoformat()}

    def _at(self, path: str) -> str:
        return f"{self.api_url.rstrip('/')}/v1.0/{path}"


def _seen(told: dict[str, Any]) -> Seen:
    text = told.get("text") or ""
    attached = told.get("link_attachment_url")
    links = (*((attached,) if attached else ()), *lookback.links(text))
    return Seen(form.ident(told["id"]), lookback.at(told.get("timestamp")), links, told.get("permalink"), text)
