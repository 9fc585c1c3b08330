"""Reddit link posts. https://www.reddit.com/dev/api#POST_api_submit"""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar

from pipeline import oauth
from pipeline.model import Capabilities, Post, Receipt, Rejected, Sending, Unauthorised, Unavailable
from pipeline.pictures import shortened

LONGEST_TITLE = 300
RECENT = 25
MINUTES = re.compile(r"(\d+) (second|minute|hour)")
PAUSES = {"SUBREDDIT_NOTALLOWED", "SUBREDDIT_NOEXIST", "USER_REQUIRED", "BANNED_FROM_SUBREDDIT"}


class Duplicate(Exception):
    """The subreddit has a post with this link."""


def refuse(error: list[str]) -> None:
    """Raise what an error of Reddit's means."""
    code, words = error[0], " ".join(str(part) for part in error[1:2])
    if code == "ALREADY_SUB":
        raise Duplicate(words)
    if code == "RATELIMIT":
        raise Unavailable(f"Reddit: {words}", retry_after=wait(words))
    if code in PAUSES:
        raise Unauthorised(f"Reddit: {code} {words}")
    raise Rejected(f"Reddit: {code} {words}")


def wait(words: str) -> timedelta | None:
    """The wait in "try again in 9 minutes"."""
    found = MINUTES.search(words)
    return timedelta(**{f"{found[2]}s": int(found[1])}) if found else None


@dataclass(frozen=True, slots=True)
class Channel:
    """Submits links to one subreddit."""

    subreddit: str
    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    flair: str | None = None
    nsfw: bool = False
    api_url: str = "https://oauth.reddit.com"
    site: str = "https://www.reddit.com"

    CAN: ClassVar[Capabilities] = Capabilities(
        "Reddit, link posts (new applications need Reddit's approval)",
        limit=LONGEST_TITLE,
        link_in_text=False,
        card="crawled",
        delete=True,
        lookup=True,
        spacing=timedelta(seconds=10),
        mentions="keep",
        template="{title}",
    )
    CONNECT: ClassVar[oauth.Flow] = oauth.Flow(
        "https://www.reddit.com/api/v1/authorize",
        "https://www.reddit.com/api/v1/access_token",
        ("identity", "submit", "edit", "history"),
        pkce=False,
        basic=True,
        extra={"duration": "permanent"},
    )
    HOW: ClassVar[str] = "Apply for API access, make a web app on reddit.com/prefs/apps, then connect."

    def send(self, post: Post, to: Sending) -> Receipt:
        """The link, once a subreddit."""
        if not post.link:
            raise Rejected("Reddit takes links here, and the article has none")
        return oauth.with_token(self._client, to, lambda token: self._send(post, to, token))

    def delete(self, to: Sending) -> None:
        """The post is gone, whether it was there or not."""

        def act(token: str) -> None:
            to.http.post(f"{self.api_url}/api/del", headers=_auth(token), data={"id": to.remote_id})

        oauth.with_token(self._client, to, act)

    def look_up(self, post: Post, to: Sending) -> Receipt | None:
        """The post with this link among the account's last ones in this subreddit."""
        return oauth.with_token(self._client, to, lambda token: self._find(post, to, token))

    def check(self, to: Sending) -> str:
        """Whose token it is."""

        def act(token: str) -> str:
            return str(to.http.ask(f"{self.api_url}/api/v1/me", headers=_auth(token)).json()["name"])

        return f"u/{oauth.with_token(self._client, to, act)} in r/{self.subreddit}"

    def _send(self, post: Post, to: Sending, token: str) -> Receipt:
        fields: dict[str, Any] = {
            "sr": self.subreddit,
            "kind": "link",
            "title": shortened(post.text or post.link, LONGEST_TITLE),
            "url": post.link,
            "resubmit": "false",
            "sendreplies": "false",
            "nsfw": str(self.nsfw).lower(),
            "api_type": "json",
        }
        if self.flair:
            fields["flair_id"] = self.flair
        told = to.http.post(f"{self.api_url}/api/submit", headers=_auth(token), data=fields).json()["json"]
        try:
            for error in told.get("errors") or []:
                refuse(error)
        except Duplicate as error:
            found = self._find(post, to, token)
            if found is None:
                raise Rejected(f"Reddit: {error} (posted by someone else)") from None
            return found
        return Receipt(told["data"]["name"], told["data"].get("url"))

    def _find(self, post: Post, to: Sending, token: str) -> Receipt | None:
        me = to.http.ask(f"{self.api_url}/api/v1/me", headers=_auth(token)).json()["name"]
        url = f"{self.api_url}/user/{me}/submitted"
        told = to.http.ask(url, headers=_auth(token), params={"limit": RECENT, "sort": "new"}).json()
        for one in told["data"]["children"]:
            data = one["data"]
            if data.get("url") == post.link and str(data.get("subreddit", "")).lower() == self.subreddit.lower():
                return Receipt(data["name"], f"{self.site}{data.get('permalink', '')}")
        return None

    @property
    def _client(self) -> oauth.Client:
        url = f"{self.site.rstrip('/')}/api/v1/access_token"
        return oauth.Client(url, self.client_id, self.client_secret, self.refresh_token, basic=True)


def _auth(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
