"""Misskey, Sharkey and Firefish notes. https://misskey-hub.net/en/docs/for-developers/api/"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Literal

from pipeline import form, lookback, pictures
from pipeline.compose import Limits
from pipeline.judged import judged, token
from pipeline.model import Capabilities, Post, Receipt, Rejected, Seen, Sending, Unavailable
from pipeline.preparation import kept_limits, nothing_posted_yet

LONGEST_WARNING = 100
LONGEST_ALT = 512
GONE = frozenset({400, 404})
PAGE = 100  # notes


@dataclass(frozen=True, slots=True)
class Channel:
    """Posts notes to an account, with picture and content warning."""

    instance: str
    token: str = field(repr=False, metadata=judged(token))
    visibility: Literal["public", "home", "followers"] = "public"

    CAN: ClassVar[Capabilities] = Capabilities(
        "Misskey, Sharkey, Firefish",
        limit=3000,
        media=1,
        card="crawled",
        markup="mfm",
        delete=True,
        warning=True,
        lookup=True,
        template="{title}\n\n{teaser}\n\n{link}\n\n{hashtags}",
    )
    HOW: ClassVar[str] = "On your instance: Settings, API, Generate access token, with notes, drive and account (read)."

    def send(self, post: Post, to: Sending) -> Receipt:
        """The note."""
        files, degraded = self._files(post, to)
        note: dict[str, Any] = {"text": post.text, "visibility": self.visibility, "noExtractMentions": True}
        if post.spoiler:
            note["cw"] = post.spoiler[:LONGEST_WARNING]
        if files:
            note["fileIds"] = files
        return self._receipt(self._call("notes/create", to, note)["createdNote"], degraded)

    def delete(self, to: Sending) -> None:
        """The note is gone, whether it was there or not."""
        self._call("notes/delete", to, {"noteId": to.remote_id}, GONE)

    def look_up(self, post: Post, to: Sending) -> Receipt | None:
        """The note with this link."""
        return lookback.find(self._shown(to), post, to, lookback.of(post))

    def recent(self, to: Sending, since: datetime) -> list[Seen]:
        """The account's own notes since then, for the audit."""
        return lookback.listing(self._shown(to), since)

    def check(self, to: Sending) -> str:
        """Whose token it is."""
        return f"@{self._asked('i', to, {})['username']}"

    def limits(self, to: Sending) -> Limits:
        """What the instance says of itself."""
        return kept_limits(to, self.instance, lambda: self._ask_limits(to))

    def _ask_limits(self, to: Sending) -> Limits:
        return Limits(limit=form.whole(self._asked("meta", to, {}).get("maxNoteTextLength")))

    def _shown(self, to: Sending) -> Iterator[list[Seen]]:
        asked = {"userId": self._asked("i", to, {})["id"], "limit": PAGE}
        for notes in lookback.answers(
            lambda fields: self._asked("users/notes", to, fields),
            asked,
            lambda notes: {"untilId": notes[-1]["id"]} if notes else {},
        ):
            yield [self._seen(note) for note in notes]

    def _seen(self, note: dict[str, Any]) -> Seen:
        receipt, text = self._receipt(note), note.get("text") or ""
        made = lookback.at(note.get("createdAt"))
        return Seen(receipt.remote_id, made, lookback.links(text), receipt.url, text)

    def _files(self, post: Post, to: Sending) -> tuple[list[str], tuple[str, ...]]:
        if post.image is None:
            return [], ()
        try:
            picture = pictures.prepare(post.image, to.http, to.bounded, alt=LONGEST_ALT)
            with nothing_posted_yet():
                files = {"file": (picture.name, picture.data, picture.mime)}
                url = f"{self.instance.rstrip('/')}/api/drive/files/create"
                answer = to.http.post(url, headers=self._auth(), files=files, data={"comment": picture.alt})
                return [form.ident(answer.json()["id"])], ()
        except (pictures.PictureError, Rejected, Unavailable) as error:
            return [], (str(error),)

    def _asked(self, name: str, to: Sending, fields: dict[str, Any]) -> Any:
        with nothing_posted_yet():
            return self._call(name, to, fields)

    def _call(self, name: str, to: Sending, fields: dict[str, Any], allow: frozenset[int] = frozenset()) -> Any:
        url = f"{self.instance.rstrip('/')}/api/{name}"
        answer = to.http.post(url, headers=self._auth(), json=fields, allow=allow)
        return answer.json() if answer.body else {}

    def _auth(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def _receipt(self, note: dict[str, Any], degraded: tuple[str, ...] = ()) -> Receipt:
        ident = form.ident(note["id"])
        return Receipt(ident, f"{self.instance.rstrip('/')}/notes/{ident}", degraded)
