"""Pinterest pins; each needs a picture. https://developers.pinterest.com/docs/api/v5/pins-create"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from pipeline import form, lookback, oauth
from pipeline.http import Answer
from pipeline.judged import judged, token
from pipeline.model import Capabilities, Post, Receipt, Rejected, Seen, Sending, Unauthorised, Unavailable
from pipeline.pictures import shortened

LONGEST_TITLE, LONGEST_ALT, LONGEST_LINK = 100, 500, 2048
PAGE = 250  # pins
RATE, AUTH = 8, 2


def _read(answer: Answer) -> None:
    code, words = answer.told.get("code"), f"Pinterest: {answer.told.get('message')}"
    if not answer.ok and code == RATE:
        raise Unavailable(words, status=answer.status)
    if not answer.ok and code == AUTH:
        raise Unauthorised(words, status=answer.status)


@dataclass(frozen=True, slots=True)
class Channel:
    """Pins each article's picture to a board."""

    board: str
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    refresh_token: str | None = field(default=None, repr=False, metadata=judged(token))
    token: str | None = field(default=None, repr=False)
    api_url: str = "https://api.pinterest.com"

    CAN: ClassVar[Capabilities] = Capabilities(
        "Pinterest boards, for articles with a picture",
        per_hour=20,
        per_day=150,
        limit=500,
        link_in_text=False,
        media=1,
        edit=True,
        delete=True,
        lookup=True,
        template="{teaser}",
    )
    CONNECT: ClassVar[oauth.Flow] = oauth.Flow(
        "https://www.pinterest.com/oauth/",
        "https://api.pinterest.com/v5/oauth/token",
        ("pins:read", "pins:write", "boards:read", "user_accounts:read"),
        pkce=False,
        basic=True,
    )
    HOW: ClassVar[str] = "Make an app on developers.pinterest.com with pins:write and boards:read, then connect."

    def send(self, post: Post, to: Sending) -> Receipt:
        """The pin."""
        if post.image is None:
            raise Rejected("Pinterest needs a picture, and the article has none")
        fields = self._fields(post)
        fields |= {"board_id": self.board, "media_source": {"source_type": "image_url", "url": post.image.url}}
        return _receipt(self._call("POST", "pins", to, fields)["id"])

    def edit(self, post: Post, to: Sending) -> Receipt:
        """The pin with its new words."""
        self._call("PATCH", f"pins/{to.remote_id}", to, self._fields(post))
        return _receipt(str(to.remote_id))

    def delete(self, to: Sending) -> None:
        """The pin is gone, whether it was there or not."""
        self._call("DELETE", f"pins/{to.remote_id}", to, None, frozenset({404}))

    def look_up(self, post: Post, to: Sending) -> Receipt | None:
        """The pin with this link; people put boards in any order, so all of it is looked at."""
        return lookback.find(self._shown(to), post, to, lookback.of(post), ordered=False)

    def recent(self, to: Sending, since: datetime) -> list[Seen]:
        """The board's pins since then, for the audit."""
        return lookback.listing(self._shown(to), since, ordered=False)

    def check(self, to: Sending) -> str:
        """Whose token it is."""
        return str(self._asked(self._at("user_account"), to, {})["username"])

    def _shown(self, to: Sending) -> Iterator[list[Seen]]:
        for told in lookback.answers(
            lambda params: self._asked(self._at(f"boards/{self.board}/pins"), to, params),
            {"page_size": PAGE},
            lookback.by("bookmark"),
        ):
            yield [_seen(one) for one in told.get("items") or []]

    @staticmethod
    def _fields(post: Post) -> dict[str, Any]:
        fields = {"title": shortened(post.title, LONGEST_TITLE), "description": post.text}
        if post.link and len(post.link) <= LONGEST_LINK:
            fields["link"] = post.link
        if post.image and post.image.alt:
            fields["alt_text"] = shortened(post.image.alt, LONGEST_ALT)
        return fields

    def _asked(self, url: str, to: Sending, params: dict[str, Any]) -> dict[str, Any]:
        def act(token: str) -> dict[str, Any]:
            told: dict[str, Any] = to.http.ask(url, headers=_auth(token), params=params, read=_read).json()
            return told

        return oauth.with_token(self._client, to, act)

    def _call(
        self, method: str, path: str, to: Sending, fields: Any, allow: frozenset[int] = frozenset()
    ) -> dict[str, Any]:
        def act(token: str) -> dict[str, Any]:
            answer = to.http.post(
                self._at(path), headers=_auth(token), json=fields, method=method, read=_read, allow=allow
            )
            return answer.json() if answer.body else {}

        return oauth.with_token(self._client, to, act)

    @property
    def _client(self) -> oauth.Client:
        url = self._at("oauth/token")
        return oauth.Client(url, self.client_id or "", self.client_secret, self.refresh_token, self.token, basic=True)

    def _at(self, path: str) -> str:
        return f"{self.api_url.rstrip('/')}/v5/{path}"


def _auth(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _seen(told: dict[str, Any]) -> Seen:
    receipt, link = _receipt(told["id"]), told.get("link")
    links, text = (link,) if link else (), told.get("description") or ""
    return Seen(receipt.remote_id, lookback.at(told.get("created_at")), links, receipt.url, text)


def _receipt(told: object) -> Receipt:
    ident = form.ident(told)
    return Receipt(ident, f"https://www.pinterest.com/pin/{ident}/")
