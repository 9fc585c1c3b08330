"""WordPress posts over REST. https://developer.wordpress.org/rest-api/reference/posts/"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from itertools import count
from typing import Any, ClassVar, Literal

from pipeline import departure, form, lookback, pictures
from pipeline.compose.links import slug
from pipeline.http import Answer
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
    Uncertain,
)
from pipeline.preparation import nothing_posted_yet

GONE = frozenset({404, 410})
REFUSED = 400
MOST_TAGS = 8
PAGE = 100  # posts


def _known(answer: Answer) -> None:
    if (
        answer.status == REFUSED and "rest_forbidden_status" in answer.text
    ):  # only strangers may not ask for every state
        raise Unauthorised(f"{answer.host} does not know our user name and password", status=answer.status)


@dataclass(frozen=True, slots=True)
class Channel:
    """Publishes the teaser as a post that leads to the article."""

    site: str
    username: str
    password: str = field(repr=False)  # an application password
    status: Literal["publish", "draft", "pending", "private"] = "publish"
    tags: bool = True
    categories: tuple[int, ...] = ()
    read_more: str = "Read the whole article"
    api_url: str | None = None  # where the site's REST interface is elsewhere

    CAN: ClassVar[Capabilities] = Capabilities(
        "WordPress sites",
        per_hour=0,
        per_day=0,
        link_in_text=False,
        media=1,
        edit=True,
        delete=True,
        lookup=True,
        mentions="keep",
    )
    HOW: ClassVar[str] = "In your profile: Application Passwords, add one named Standfirst, and keep it as `password`."

    def send(self, post: Post, to: Sending) -> Receipt:
        """The post, under a slug that names our key."""
        fields = self._fields(post, to)
        medium, degraded = self._medium(post, to)
        if medium:
            fields["featured_media"] = medium
        tags, without = self._tags(post, to)
        fields |= {"slug": slug(post.title, to.key), "status": self.status, "tags": tags}
        answer = to.http.post(self._at("posts"), headers=self._auth(), json=fields)
        return _receipt(answer.json(), degraded + without)

    def edit(self, post: Post, to: Sending) -> Receipt:
        """The post with its new words."""
        url = self._at(f"posts/{to.remote_id}")
        return _receipt(to.http.post(url, headers=self._auth(), json=self._fields(post, to)).json())

    def delete(self, to: Sending) -> None:
        """The post is in the bin, whether it was there or not."""
        to.http.post(self._at(f"posts/{to.remote_id}"), headers=self._auth(), method="DELETE", allow=GONE)

    def look_up(self, post: Post, to: Sending) -> Receipt | None:
        """The post under our slug, whatever its state."""
        params = {"slug": slug(post.title, to.key), "status": "any", "context": "edit"}
        found = to.http.ask(self._at("posts"), headers=self._auth(), params=params, read=_known).json()
        return _receipt(found[0]) if found else None

    def recent(self, to: Sending, since: datetime) -> list[Seen]:
        """The site's posts that are new or changed since then, in whatever state, for the audit."""
        return lookback.listing(self._shown(to), since)

    def check(self, to: Sending) -> str:
        """Whose password it is, and that it may publish."""
        me = to.http.ask(self._at("users/me"), headers=self._auth(), params={"context": "edit"}).json()
        if not (me.get("capabilities") or {"publish_posts": True}).get("publish_posts"):
            raise Unauthorised(f"{me.get('name')} may not publish posts")
        return str(me.get("name") or me.get("slug"))

    def _shown(self, to: Sending) -> Iterator[list[Seen]]:
        """As they came: a post's date is its article's, which says nothing of when it was posted."""
        asked = {"status": "any", "context": "edit", "orderby": "id", "order": "desc", "per_page": PAGE}
        for number in count(1):
            params = {**asked, "page": number, "_fields": "id,link,modified_gmt,content"}
            answer = to.http.ask(self._at("posts"), headers=self._auth(), params=params, read=_known)
            yield [_seen(one) for one in answer.json()]
            if number >= int(answer.headers.get("x-wp-totalpages", "1")):
                return

    def _fields(self, post: Post, to: Sending) -> dict[str, Any]:
        fields: dict[str, Any] = {"title": escape(post.title), "content": self._content(post)}
        fields["excerpt"] = escape(post.teaser)
        if post.published <= to.now:  # a date in the future would schedule it there
            fields["date_gmt"] = post.published.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
        if self.categories:
            fields["categories"] = list(self.categories)
        return fields

    def _content(self, post: Post) -> str:
        paragraphs = "\n".join(f"<p>{inert(part)}</p>" for part in post.teaser.split("\n\n") if part)
        more = f'\n<p><a href="{escape(post.link)}">{escape(self.read_more)}</a></p>' if post.link else ""
        return paragraphs + more

    def _tags(self, post: Post, to: Sending) -> tuple[list[int], tuple[str, ...]]:
        """The ids of the article's tags, for WordPress takes no names; and which it would not have."""
        found: list[int] = []
        without: list[str] = []
        for name in post.tags[:MOST_TAGS] if self.tags else ():
            try:
                found.append(self._tag(name, to))
            except (Rejected, Uncertain) as error:
                if error.status is None:  # no answer came: it may come next time, and a tag twice is one tag
                    raise Unavailable(f"{error.reason} (before anything was posted)") from None
                without.append(f"no tag “{name}”: {error.reason}")
        return found, tuple(without)

    def _tag(self, name: str, to: Sending) -> int:
        with departure.preparing():
            url, fields = self._at("tags"), {"name": name}
            answer = to.http.post(url, headers=self._auth(), json=fields, allow=frozenset({REFUSED}))
        more = answer.told.get("data")
        ident = answer.told.get("id") or (more.get("term_id") if isinstance(more, dict) else None)  # it may exist
        if ident is None:
            raise Rejected(f"{answer.host}: {answer.told.get('message')}", status=answer.status)
        return int(form.ident(ident))

    def _medium(self, post: Post, to: Sending) -> tuple[int | None, tuple[str, ...]]:
        if post.image is None:
            return None, ()
        try:
            picture = pictures.prepare(post.image, to.http, to.bounded)
            with nothing_posted_yet():
                named = {"Content-Disposition": f'attachment; filename="{picture.name}"', "Content-Type": picture.mime}
                told = to.http.post(self._at("media"), headers={**self._auth(), **named}, data=picture.data).json()
                ident = int(form.ident(told["id"]))
                to.http.post(self._at(f"media/{ident}"), headers=self._auth(), json={"alt_text": picture.alt})
                return ident, ()
        except Unauthorised:
            raise
        except (pictures.PictureError, DeliveryError) as error:
            return None, (str(error),)

    def _auth(self) -> dict[str, str]:
        pair = base64.b64encode(f"{self.username}:{self.password}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}

    def _at(self, path: str) -> str:
        return f"{(self.api_url or self.site.rstrip('/') + '/wp-json').rstrip('/')}/wp/v2/{path}"


def inert(text: str) -> str:
    """The text as HTML in which WordPress finds no shortcode to run."""
    return escape(text).replace("[", "&#91;")


def _seen(told: dict[str, Any]) -> Seen:
    receipt, content = _receipt(told), told.get("content") or {}
    links = lookback.hrefs(content.get("raw") or content.get("rendered") or "")
    return Seen(receipt.remote_id, lookback.at(told.get("modified_gmt")), links, receipt.url)


def _receipt(told: dict[str, Any], degraded: tuple[str, ...] = ()) -> Receipt:
    return Receipt(form.ident(told["id"]), told.get("link"), degraded)
