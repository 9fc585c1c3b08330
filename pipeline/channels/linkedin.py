"""LinkedIn posts. https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/posts-api"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import quote

from pipeline import form, oauth, pictures
from pipeline.http import Answer
from pipeline.judged import judged, shaped, token
from pipeline.model import Capabilities, DeliveryError, Post, Receipt, Sending, Unauthorised, Unavailable, Uncertain
from pipeline.preparation import nothing_posted_yet

URN = re.compile(r"urn:li:(?:share|ugcPost):\d+")
AUTHOR = "this is no author; write urn:li:organization:NUMBER or urn:li:person:ID"
SUNSET, TOO_MANY = 426, 429
LONGEST_TITLE, LONGEST_DESCRIPTION = 400, 4000


class Duplicate(Exception):
    """LinkedIn has the same post, under this URN."""


def _read(answer: Answer) -> None:
    told = answer.told
    urn = URN.search(str(told.get("message") or ""))
    if answer.status == 422 and told.get("code") == "DUPLICATE_POST" and urn:
        raise Duplicate(urn[0])
    if answer.status == SUNSET:
        raise Unauthorised("LinkedIn no longer speaks this version: set a later one", status=SUNSET)
    if answer.status == TOO_MANY and "retry-after" not in answer.headers:
        now = datetime.now(UTC)
        midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        raise Unavailable("LinkedIn: the day's limit is reached", status=TOO_MANY, retry_after=midnight - now)


@dataclass(frozen=True, slots=True)
class Channel:
    """Posts as an organisation or a person, with a card that we describe."""

    author: str = field(
        metadata=judged(shaped(r"urn:li:(organization|person):[\w-]+", AUTHOR))
    )  # urn:li:organization:… or urn:li:person:…
    token: str | None = field(default=None, repr=False, metadata=judged(token))
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    version: str = "202606"
    api_url: str = "https://api.linkedin.com"

    CAN: ClassVar[Capabilities] = Capabilities(
        "LinkedIn, organisations and people",
        per_hour=10,
        per_day=100,
        limit=3000,
        link_in_text=False,
        media=1,
        card="built",
        markup="little",
        edit=True,
        delete=True,
        mentions="keep",  # the escaped @ calls nobody
        template="{title}\n\n{teaser}\n\n{link}\n\n{hashtags}",
    )
    CONNECT: ClassVar[oauth.Flow] = oauth.Flow(
        "https://www.linkedin.com/oauth/v2/authorization",
        "https://www.linkedin.com/oauth/v2/accessToken",
        ("w_member_social", "w_organization_social"),
        pkce=False,
    )
    HOW: ClassVar[str] = (
        "Make an app on developer.linkedin.com for your page, request Share on LinkedIn or Community "
        "Management, then connect."
    )

    def send(self, post: Post, to: Sending) -> Receipt:
        """The post; a duplicate is the post that is there."""
        return oauth.with_token(self._client, to, lambda token: self._send(post, to, token))

    def edit(self, post: Post, to: Sending) -> Receipt:
        """The post with its new words; its card stays."""
        fields = {"patch": {"$set": {"commentary": post.text}}}
        headers = {"X-RestLi-Method": "PARTIAL_UPDATE"}
        self._call(to, f"posts/{quote(str(to.remote_id), safe='')}", fields, headers)
        return _receipt(str(to.remote_id))

    def delete(self, to: Sending) -> None:
        """The post is gone, whether it was there or not."""
        self._call(to, f"posts/{quote(str(to.remote_id), safe='')}", None, {}, "DELETE", frozenset({404}))

    def check(self, to: Sending) -> str:
        """Whose token it is."""
        url = f"{self.api_url.rstrip('/')}/v2/userinfo"
        told = oauth.with_token(self._client, to, lambda t: to.http.ask(url, headers=self._auth(t))).json()
        return str(told.get("name") or told.get("sub"))

    def _send(self, post: Post, to: Sending, token: str) -> Receipt:
        thumb, degraded = self._thumb(post, to, token)
        try:
            answer = to.http.post(
                self._at("posts"), headers=self._auth(token), json=self._fields(post, thumb), read=_read
            )
        except Duplicate as error:
            return _receipt(str(error), ("LinkedIn says that it was there already",))
        urn = answer.headers.get("x-restli-id") or answer.headers.get("x-linkedin-id")
        if not urn:
            raise Uncertain("LinkedIn answered without the post's id", status=answer.status)
        return _receipt(urn, degraded)

    def _fields(self, post: Post, thumb: str | None) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "author": self.author,
            "commentary": post.text,
            "visibility": "PUBLIC",
            "distribution": {
                "feedDistribution": "MAIN_FEED",
                "targetEntities": [],
                "thirdPartyDistributionChannels": [],
            },
            "lifecycleState": "PUBLISHED",
            "isReshareDisabledByAuthor": False,
        }
        if post.link:  # LinkedIn reads no page: what is not said here is not shown
            article = {
                "source": post.link,
                "title": (post.title or post.link)[:LONGEST_TITLE],
                "description": post.teaser[:LONGEST_DESCRIPTION],
            }
            fields["content"] = {"article": {**article, **({"thumbnail": thumb} if thumb else {})}}
        return fields

    def _thumb(self, post: Post, to: Sending, token: str) -> tuple[str | None, tuple[str, ...]]:
        if post.image is None or not post.link:
            return None, ()
        try:
            picture = pictures.prepare(post.image, to.http, to.bounded)
            with nothing_posted_yet():
                url, asked = self._at("images"), {"initializeUploadRequest": {"owner": self.author}}
                params = {"action": "initializeUpload"}
                answer = to.http.post(url, headers=self._auth(token), params=params, json=asked)
                told = answer.json()["value"]
                headers = {"Authorization": f"Bearer {token}", "Content-Type": picture.mime}
                to.http.post(form.text(told["uploadUrl"]), headers=headers, data=picture.data, method="PUT")
                return form.text(told["image"]), ()
        except Unauthorised:
            raise
        except (pictures.PictureError, DeliveryError) as error:
            return None, (str(error),)

    def _call(
        self,
        to: Sending,
        path: str,
        fields: Any,
        headers: dict[str, str],
        method: str = "POST",
        allow: frozenset[int] = frozenset(),
    ) -> None:
        def act(token: str) -> None:
            sent = {**self._auth(token), **headers}
            to.http.post(self._at(path), headers=sent, json=fields, method=method, read=_read, allow=allow)

        oauth.with_token(self._client, to, act)

    @property
    def _client(self) -> oauth.Client:
        url = "https://www.linkedin.com/oauth/v2/accessToken"
        return oauth.Client(url, self.client_id or "", self.client_secret, self.refresh_token, self.token)

    def _auth(self, token: str) -> dict[str, str]:
        more = {"LinkedIn-Version": self.version, "X-Restli-Protocol-Version": "2.0.0"}
        return {"Authorization": f"Bearer {token}", **more}

    def _at(self, path: str) -> str:
        return f"{self.api_url.rstrip('/')}/rest/{path}"


def _receipt(urn: str, degraded: tuple[str, ...] = ()) -> Receipt:
    return Receipt(urn, f"https://www.linkedin.com/feed/update/{urn}", degraded)
