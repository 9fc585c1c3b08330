"""Mastodon, GoToSocial, Pleroma and Akkoma statuses. https://docs.joinmastodon.org/methods/statuses/#create"""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal

from pipeline import form, lookback, pictures, postings
from pipeline.compose import Limits
from pipeline.http import Answer
from pipeline.judged import judged, token
from pipeline.model import Capabilities, Post, Receipt, Rejected, Seen, Sending, Unavailable
from pipeline.preparation import kept_limits, nothing_posted_yet, read_limits

READY, PROCESSING, PARTIAL = 200, 202, 206
GONE = frozenset({404, 410})
UNPROCESSABLE = 422
PAGE = 40  # statuses
POLLS = 10  # a second apart: how long a picture may be in processing
IMAGE_BYTES = 8_000_000  # what the smallest instances take


class Unchanged(Exception):
    """The edit is there already: GoToSocial refuses it the second time."""


def _read(answer: Answer) -> None:
    if answer.status == UNPROCESSABLE and "not changed" in answer.text:
        raise Unchanged


@dataclass(frozen=True, slots=True)
class Channel:
    """Posts to an account on an instance, with its picture and content warning."""

    instance: str
    token: str = field(repr=False, metadata=judged(token))
    visibility: Literal["public", "unlisted", "private", "direct"] = "public"
    language: str | None = None

    CAN: ClassVar[Capabilities] = Capabilities(
        "Mastodon, GoToSocial, Pleroma, Akkoma",
        limit=500,
        counting="mastodon",
        media=1,
        image_bytes=IMAGE_BYTES,
        card="crawled",
        edit=True,
        delete=True,
        thread=True,
        warning=True,
        replays=timedelta(hours=1),
        lookup=True,
        template="{title}\n\n{teaser}\n\n{link}\n\n{hashtags}",
    )
    HOW: ClassVar[str] = (
        "On your instance: Preferences, Development, New application, with write:statuses, write:media and "
        "read:accounts, read:statuses; copy the access token."
    )

    def send(self, post: Post, to: Sending) -> Receipt:
        """The status, or each part of the thread as a reply to the last."""
        media, degraded = ([], ()) if to.progress else self._media(post, to)
        progress: Any = to.progress
        said: list[dict[str, Any]] = []
        for number, text in enumerate(post.parts or (post.text,)):
            status = progress.get(str(number))
            if status is None:
                key, parent = (f"{to.key}.{number}", said[-1]["id"]) if number else (to.key, None)
                status = self._status(post, to, text, [] if number else media, key, parent)
                if post.parts:
                    progress[str(number)] = status
            said.append(status)
        return Receipt(said[0]["id"], said[0]["url"], degraded)

    def edit(self, post: Post, to: Sending) -> Receipt:
        """Each part with its new text; parts that are new are added, and those that are too many deleted."""
        there: Any = to.parts or {"0": {"id": to.remote_id}}
        progress: Any = to.progress
        texts = post.parts or (post.text,)
        said: list[dict[str, Any]] = []
        for number in range(len(texts)):
            told = progress.get(str(number)) or self._changed(post, to, number, there.get(str(number)), said)
            if post.parts or to.parts:
                progress[str(number)] = told
            said.append(told)
        for number in sorted((int(one) for one in there if int(one) >= len(texts)), reverse=True):
            self._delete(there[str(number)]["id"], to)
            progress[str(number)] = None
        return _receipt(said[0])

    def delete(self, to: Sending) -> None:
        """The status, and every part of a thread, is gone, whether it was there or not."""
        postings.delete_all(to, lambda ident: self._delete(ident, to))

    def look_up(self, post: Post, to: Sending) -> Receipt | None:
        """The status with this link; of a thread, what was missing of it: None while there is more to send."""
        if not post.parts:
            return lookback.find(self._shown(to), post, to, lookback.of(post))
        number, part = lookback.part_in_doubt(post, to)
        found = lookback.find(self._shown(to), part, to, lookback.of(part)) if number not in to.progress else None
        progress: Any = to.progress
        if found:
            progress[number] = {"id": found.remote_id, "url": found.url}
        complete = len(progress) == len(post.parts)
        return Receipt(progress["0"]["id"], progress["0"]["url"]) if complete else None

    def recent(self, to: Sending, since: datetime) -> list[Seen]:
        """The account's own statuses since then, for the audit."""
        return lookback.listing(self._shown(to), since)

    def check(self, to: Sending) -> str:
        """Whose token it is."""
        return f"@{self._account(to)['acct']}"

    def limits(self, to: Sending) -> Limits:
        """What the instance says of itself."""
        return kept_limits(to, self.instance, lambda: self._ask_limits(to))

    def _shown(self, to: Sending) -> Iterator[list[Seen]]:
        url = self._at(f"/api/v1/accounts/{self._account(to)['id']}/statuses")
        asked = {"exclude_reblogs": "true", "limit": PAGE}
        for statuses in lookback.answers(
            lambda params: to.http.ask(url, headers=self._auth(), params=params).json(),
            asked,
            lambda statuses: {"max_id": statuses[-1]["id"]} if statuses else {},
        ):
            yield [_seen(status) for status in statuses]

    def _ask_limits(self, to: Sending) -> Limits:
        answer = to.http.ask(self._at("/api/v2/instance"), allow=GONE)
        return limits_of(answer.json()) if answer.ok else self._old_limits(to)

    def _old_limits(self, to: Sending) -> Limits:
        most = form.whole(to.http.ask(self._at("/api/v1/instance")).json().get("max_toot_chars"))
        return Limits(limit=most, counting="characters" if most else None)

    def _account(self, to: Sending) -> dict[str, Any]:
        account: dict[str, Any] = to.http.ask(
            self._at("/api/v1/accounts/verify_credentials"), headers=self._auth()
        ).json()
        return account

    def _status(
        self, post: Post, to: Sending, text: str, media: list[str], key: str, parent: str | None
    ) -> dict[str, Any]:
        fields = self._fields(post, text, media)
        if parent:
            fields["in_reply_to_id"] = parent
        headers = {**self._auth(), "Idempotency-Key": key}
        status = to.http.post(self._at("/api/v1/statuses"), headers=headers, json=fields).json()
        return {"id": form.ident(status["id"]), "url": form.address(status.get("url"))}

    def _changed(
        self, post: Post, to: Sending, number: int, old: dict[str, Any] | None, said: list[dict[str, Any]]
    ) -> dict[str, Any]:
        """A part as it is to be: edited where it is there, else added behind the one before."""
        text = (post.parts or (post.text,))[number]
        if old is not None:
            return self._edited(post, to, text, old["id"])
        if to.since is not None:  # an earlier attempt may have added it
            part = lookback.part(post, number)
            if found := lookback.find(self._shown(to), part, to, lookback.of(part)):
                return {"id": found.remote_id, "url": found.url}
        return self._status(post, to, text, [], f"{to.key}.{number}", said[-1]["id"])

    def _edited(self, post: Post, to: Sending, text: str, ident: str) -> dict[str, Any]:
        """The status with its new text; its pictures stay, and who may see it (F83)."""
        url = self._at(f"/api/v1/statuses/{ident}")
        old = to.http.ask(url, headers=self._auth()).json()
        media = [one["id"] for one in old.get("media_attachments") or []]
        fields = {**self._fields(post, text, media), "visibility": old.get("visibility") or self.visibility}
        try:
            status = to.http.post(url, headers=self._auth(), json=fields, method="PUT", read=_read).json()
        except Unchanged:
            status = old
        return {"id": form.ident(status["id"]), "url": form.address(status.get("url"))}

    def _delete(self, ident: str, to: Sending) -> None:
        url = self._at(f"/api/v1/statuses/{ident}")
        to.http.post(url, headers=self._auth(), method="DELETE", allow=GONE)

    def _fields(self, post: Post, text: str, media: list[str]) -> dict[str, Any]:
        # The type is for GoToSocial and Akkoma, whose accounts may prefer Markdown: a feed's asterisks are asterisks.
        fields: dict[str, Any] = {"status": text, "visibility": self.visibility, "content_type": "text/plain"}
        language = (self.language or post.language or "").partition("-")[0].lower()
        if re.fullmatch("[a-z]{2,3}", language):
            fields["language"] = language
        if post.spoiler:
            fields |= {"spoiler_text": post.spoiler, "sensitive": True}
        if media:
            fields["media_ids"] = media
        return fields

    def _media(self, post: Post, to: Sending) -> tuple[list[str], tuple[str, ...]]:
        """The uploaded picture; or why there is none, for a picture never stops a post."""
        if post.image is None:
            return [], ()
        try:
            picture = pictures.prepare(post.image, to.http, to.bounded, most_bytes=IMAGE_BYTES)
            with nothing_posted_yet():
                return [self._upload(picture, to)], ()
        except (pictures.PictureError, Rejected, Unavailable) as error:
            return [], (str(error),)

    def _upload(self, picture: pictures.Picture, to: Sending) -> str:
        files = {"file": (picture.name, picture.data, picture.mime)}
        url = self._at("/api/v2/media")
        answer = to.http.post(url, headers=self._auth(), files=files, data={"description": picture.alt})
        medium = form.ident(answer.json()["id"])
        url = self._at(f"/api/v1/media/{medium}")
        for _ in range(POLLS):
            if answer.status == READY:
                return medium
            time.sleep(1)
            answer = to.http.ask(url, headers=self._auth())
        raise Unavailable("no picture: the instance was too slow to process it")

    def _auth(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def _at(self, path: str) -> str:
        return self.instance.rstrip("/") + path


def limits_of(instance: dict[str, Any]) -> Limits:
    """The limits in an answer of /api/v2/instance. GoToSocial counts links in full whatever it says."""
    said = instance.get("configuration") or {}
    statuses, media = said.get("statuses") or {}, said.get("media_attachments") or {}
    version, source = str(instance.get("version")), str(instance.get("source_url"))
    other = "compatible" in version or "gotosocial" in source.lower()
    return read_limits(
        {
            "limit": statuses.get("max_characters"),
            "counting": "characters" if other else None,
            "link": None if other else statuses.get("characters_reserved_per_url"),
            "media": statuses.get("max_media_attachments"),
            "alt": media.get("description_limit"),
            "image_bytes": media.get("image_size_limit"),
            "image_pixels": media.get("image_matrix_limit"),
        }
    )


def _seen(status: dict[str, Any]) -> Seen:
    content, card = status.get("content") or "", (status.get("card") or {}).get("url")
    links = (*lookback.hrefs(content), *([card] if card else []))
    text = lookback.words(content)
    return Seen(form.ident(status["id"]), lookback.at(status.get("created_at")), links, status.get("url"), text)


def _receipt(status: dict[str, Any]) -> Receipt:
    return Receipt(form.ident(status["id"]), status.get("url"))
