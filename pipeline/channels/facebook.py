"""Facebook page posts. https://developers.facebook.com/docs/pages-api/posts"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from pipeline import form, graph, lookback, oauth
from pipeline.model import Capabilities, Error, Post, Receipt, Rejected, Seen, Sending, UsageError

PAGE = 100  # posts
FIELDS = "id,message,permalink_url,created_time,attachments{unshimmed_url}"


@dataclass(frozen=True, slots=True)
class Channel:
    """Posts to a page, with the card that Facebook makes of the link."""

    page: str
    token: str = field(repr=False)  # a page access token
    version: str = "v23.0"
    api_url: str = "https://graph.facebook.com"
    client_id: str | None = None  # of the app: these two are asked for by `channels connect` alone
    client_secret: str | None = field(default=None, repr=False)

    CAN: ClassVar[Capabilities] = Capabilities(
        "Facebook pages",
        per_hour=10,
        per_day=50,
        limit=63_206,
        link_in_text=False,
        card="crawled",
        edit=True,
        delete=True,
        lookup=True,
        template="{title}\n\n{teaser}",
    )
    CONNECT: ClassVar[oauth.Flow] = oauth.Flow(
        "https://www.facebook.com/v23.0/dialog/oauth",
        "https://graph.facebook.com/v23.0/oauth/access_token",
        ("pages_show_list", "pages_manage_posts", "pages_read_engagement"),
        pkce=False,
    )
    HOW: ClassVar[str] = (
        "In the Meta developer console make an app of type Business and add the page, then connect as a person who "
        "manages it: the page's own token is fetched, which does not end."
    )

    def send(self, post: Post, to: Sending) -> Receipt:
        """The post on the page."""
        fields = {"message": post.text, "link": post.link, **self._auth}
        try:
            told = to.http.post(self._at(f"{self.page}/feed"), data=fields, read=graph.read).json()
        except graph.Duplicate as error:
            found = self.look_up(post, to)
            if found is None:
                raise Rejected(str(error)) from None
            return found
        return _receipt(told["id"])

    def edit(self, post: Post, to: Sending) -> Receipt:
        """The post with its new words; its card stays."""
        to.http.post(self._at(str(to.remote_id)), data={"message": post.text, **self._auth}, read=graph.read)
        return _receipt(str(to.remote_id))

    def delete(self, to: Sending) -> None:
        """The post is gone."""
        to.http.post(
            self._at(str(to.remote_id)), data=self._auth, method="DELETE", read=graph.read, allow=frozenset({404})
        )

    def look_up(self, post: Post, to: Sending) -> Receipt | None:
        """The post with this link or text."""
        return lookback.find(self._shown(to, lookback.reach(post, to)), post, to, lookback.of(post))

    def recent(self, to: Sending, since: datetime) -> list[Seen]:
        """The page's posts since then, for the audit."""
        return lookback.listing(self._shown(to, since), since)

    def check(self, to: Sending) -> str:
        """Which page the token is for."""
        params = {"fields": "name", **self._auth}
        return str(to.http.ask(self._at(self.page), params=params, read=graph.read).json()["name"])

    def connected(self, told: Mapping[str, Any], client: tuple[str, str | None], to: Sending) -> str:
        """The page's own token, which does not end, by way of a person's that lasts: the flow's ends in an hour."""
        asked = {"grant_type": "fb_exchange_token", "client_id": client[0], "client_secret": client[1] or ""}
        asked["fb_exchange_token"] = told["access_token"]
        lasting = to.http.ask(self._at("oauth/access_token"), params=asked, read=graph.read).told.get("access_token")
        if not lasting:
            raise Error("Facebook gave no lasting token for the one of an hour; is the app's secret right?")
        params = {"fields": "id,name,access_token", "limit": PAGE, "access_token": lasting}
        pages = [page for some in graph.pages(to, self._at("me/accounts"), params) for page in some]
        found = [page["access_token"] for page in pages if page.get("id") == self.page and page.get("access_token")]
        if not found:
            theirs = ", ".join(f"{page.get('name')} ({page.get('id')})" for page in pages) or "none"
            raise UsageError(f"this person does not manage the page {self.page}; of pages there are: {theirs}")
        return form.token(found[0])

    def _shown(self, to: Sending, since: datetime) -> Iterator[list[Seen]]:
        # Over a whole year the listing is a choice; of a short time it shows all.
        params = {"fields": FIELDS, "limit": PAGE, "since": int(since.timestamp()), **self._auth}
        for posts in graph.pages(to, self._at(f"{self.page}/feed"), params):
            yield [_seen(one) for one in posts]

    @property
    def _auth(self) -> dict[str, str]:
        return {"access_token": self.token}

    def _at(self, path: str) -> str:
        return f"{self.api_url.rstrip('/')}/{self.version}/{path}"


def _seen(told: dict[str, Any]) -> Seen:
    attached = (one.get("unshimmed_url") for one in (told.get("attachments") or {}).get("data") or [])
    text = told.get("message") or ""
    links = (*(link for link in attached if link), *lookback.links(text))
    receipt = _receipt(told["id"])
    return Seen(receipt.remote_id, lookback.at(told.get("created_time")), links, receipt.url, text)


def _receipt(told: object) -> Receipt:
    ident = form.ident(told)
    return Receipt(ident, f"https://www.facebook.com/{ident}")
