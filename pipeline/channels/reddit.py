"""Reddit link posts. https://www.reddit.com/dev/api#POST_api_submit"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

from pipeline import form, lookback, oauth
from pipeline.judged import judged, shaped
from pipeline.model import Capabilities, Post, Receipt, Rejected, Seen, Sending, Unauthorised, Unavailable
from pipeline.pictures import shortened

SUBREDDIT = "this is no subreddit; write its name without r/"
LONGEST_TITLE = 300
PAGE, PAGES = 100, 9  # posts: Reddit lists an account's last thousand
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
    return form.wait(found[1], timedelta(**{f"{found[2]}s": 1})) if found else None


@dataclass(frozen=True, slots=True)
class Channel:
    """Submits links to one subreddit."""

    subreddit: str = field(metadata=judged(shaped(r"\w+", SUBREDDIT)))
    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    flair: str | None = None
    nsfw: bool = False
    api_url: str = "https://oauth.reddit.com"
    site: str = "https://www.reddit.com"

    CAN: ClassVar[Capabilities] = Capabilities(
        "Reddit, link posts (new applications need Reddit's approval)",
        per_hour=5,
        per_day=30,
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
        """The account's post with this link in this subreddit."""
        return lookback.find(self._shown(to), post, to, lookback.of(post), most=PAGES)

    def recent(self, to: Sending, since: datetime) -> list[Seen]:
        """The account's own posts since then, for the audit; of other subreddits without their links."""
        return lookback.listing(self._shown(to), since, most=PAGES)

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
            found = self.look_up(post, to)
            if found is None:
                raise Rejected(f"Reddit: {error} (by someone else, or of this article before)") from None
            return found
        return Receipt(form.ident(told["data"]["name"]), told["data"].get("url"))

    def _shown(self, to: Sending) -> Iterator[list[Seen]]:
        me = self._asked(to, "api/v1/me", {})["name"]
        for told in lookback.answers(
            lambda params: self._asked(to, f"user/{me}/submitted", params)["data"],
            {"limit": PAGE, "sort": "new"},
            lookback.by("after"),
        ):
            yield [self._seen(one["data"]) for one in told["children"]]

    def _seen(self, told: dict[str, Any]) -> Seen:
        here = str(told.get("subreddit", "")).lower() == self.subreddit.lower()
        links = (str(told.get("url")),) if here else ()
        ident, address = form.ident(told["name"]), f"{self.site}{told.get('permalink', '')}"
        return Seen(ident, lookback.at(told.get("created_utc")), links, address)

    def _asked(self, to: Sending, path: str, params: dict[str, Any]) -> dict[str, Any]:
        def act(token: str) -> dict[str, Any]:
            told: dict[str, Any] = to.http.ask(f"{self.api_url}/{path}", headers=_auth(token), params=params).json()
            return told

        return oauth.with_token(self._client, to, act)

    @property
    def _client(self) -> oauth.Client:
        url = f"{self.site.rstrip('/')}/api/v1/access_token"
        return oauth.Client(url, self.client_id, self.client_secret, self.refresh_token, basic=True)


def _auth(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
