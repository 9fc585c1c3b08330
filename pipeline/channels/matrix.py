"""Matrix room messages. https://spec.matrix.org/latest/client-server-api/#put_matrixclientv3roomsroomidsendeventtypetxnid"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import escape
from typing import Any, ClassVar, Literal
from urllib.parse import quote

from pipeline import form, lookback
from pipeline.http import Answer
from pipeline.judged import judged, shaped, token
from pipeline.model import Capabilities, Post, Receipt, Rejected, Seen, Sending, Unauthorised, Unavailable
from pipeline.preparation import keep, kept

NOT_FOUND = frozenset({404})
UNSEEN = frozenset({403, 404})  # what a room does not have, or does not show
UPGRADES = 10  # of one room, one after the other
ROOM_KEPT = timedelta(hours=1)
ROOM = "this is no room; write its alias (#name:server) or its id (!…)"
PAGE = 100  # events
PAUSES = {
    "M_UNKNOWN_TOKEN",
    "M_MISSING_TOKEN",
    "M_USER_DEACTIVATED",
    "M_USER_LOCKED",
    "M_USER_SUSPENDED",
    "M_FORBIDDEN",
}


def _read(answer: Answer) -> None:
    if answer.ok or not answer.told:
        return
    told = answer.told
    code, words = told.get("errcode"), f"{answer.host}: {told.get('errcode')} {told.get('error', '')}".strip()
    if code in PAUSES:
        raise Unauthorised(words, status=answer.status)
    if code == "M_LIMIT_EXCEEDED" and told.get("retry_after_ms") and "retry-after" not in answer.headers:
        wait = form.wait(told["retry_after_ms"], timedelta(milliseconds=1))
        raise Unavailable(words, status=answer.status, retry_after=wait)


@dataclass(frozen=True, slots=True)
class Channel:
    """Posts to one room that is not encrypted."""

    homeserver: str
    room: str = field(metadata=judged(shaped(r"[!#][^\s:]+(:\S+)?", ROOM)))  # an id or an alias
    token: str = field(repr=False, metadata=judged(token))
    msgtype: Literal["m.text", "m.notice"] = "m.notice"

    CAN: ClassVar[Capabilities] = Capabilities(
        "Matrix rooms",
        limit=12_000,
        counting="bytes",  # an event holds 65,536 bytes, and the text stands in it twice
        card="crawled",
        edit=True,
        delete=True,
        replays=timedelta(minutes=20),
        lookup=True,
    )
    HOW: ClassVar[str] = (
        "Log in once as the posting account with any client, copy its access token, and do not log that "
        "session out: repeats are recognised by it."
    )

    def send(self, post: Post, to: Sending) -> Receipt:
        """The event, under a transaction id that is our key."""
        return self._event(self._content(post), to)

    def edit(self, post: Post, to: Sending) -> Receipt:
        """A replacement of the event."""
        content = self._content(post)
        whole = {"m.new_content": content, "m.relates_to": {"rel_type": "m.replace", "event_id": to.remote_id}}
        self._event({**content, "body": f"* {content['body']}", **whole}, to)
        return self._receipt(str(to.remote_id), self._room(to))

    def delete(self, to: Sending) -> None:
        """The event is redacted."""
        path = f"rooms/{_q(self._room(to))}/redact/{_q(str(to.remote_id))}/{_q(to.key)}"
        to.http.post(self._at(path), headers=self._auth(), json={}, method="PUT", read=_read, allow=NOT_FOUND)

    def look_up(self, post: Post, to: Sending) -> Receipt | None:
        """The event of our transaction; in another session, which is told no transactions, the one with this link."""
        ours, same = lookback.marked(to), lookback.of(post)
        return lookback.find(self._shown(to), post, to, lambda one: ours(one) if one.mark else same(one))

    def recent(self, to: Sending, since: datetime) -> list[Seen]:
        """Our own messages in the room since then, for the audit."""
        return lookback.listing(self._shown(to), since)

    def check(self, to: Sending) -> str:
        """Whose token it is, and that the room is not encrypted."""
        return f"{self._me(to)} in {self._room(to)}"

    def _me(self, to: Sending) -> str:
        return str(to.http.ask(self._at("account/whoami"), headers=self._auth(), read=_read).json()["user_id"])

    def _shown(self, to: Sending) -> Iterator[list[Seen]]:
        room = self._room(to)
        ours = json.dumps({"types": ["m.room.message"], "senders": [self._me(to)]})  # others may say any time
        url = self._at(f"rooms/{_q(room)}/messages")
        for told in lookback.answers(
            lambda params: to.http.ask(url, headers=self._auth(), params=params, read=_read).json(),
            {"dir": "b", "limit": PAGE, "filter": ours},
            lookback.by("from", "end"),
        ):
            yield [self._seen(event, room) for event in told.get("chunk") or []]

    def _seen(self, event: dict[str, Any], room: str) -> Seen:
        receipt = self._receipt(form.ident(event["event_id"]), room)
        text = str((event.get("content") or {}).get("body") or "")
        made, mark = event.get("origin_server_ts"), (event.get("unsigned") or {}).get("transaction_id")
        at = lookback.at(made / 1000) if made else None
        return Seen(receipt.remote_id, at, lookback.links(text), receipt.url, text, str(mark or ""))

    def _event(self, content: dict[str, Any], to: Sending) -> Receipt:
        room = self._room(to)
        try:
            return self._put(content, room, to)
        except Unauthorised:  # a room that was upgraded takes no more
            onward = self._learned(to)
            if onward == room:
                raise
        return self._put(content, onward, to)

    def _put(self, content: dict[str, Any], room: str, to: Sending) -> Receipt:
        url = self._at(f"rooms/{_q(room)}/send/m.room.message/{_q(to.key)}")
        told = to.http.post(url, headers=self._auth(), json=content, method="PUT", read=_read).json()
        return self._receipt(form.ident(told["event_id"]), room)

    def _content(self, post: Post) -> dict[str, Any]:
        content: dict[str, Any] = {"msgtype": self.msgtype, "body": post.text, "m.mentions": {}}
        return content | {"format": "org.matrix.custom.html", "formatted_body": formatted(post)}

    def _room(self, to: Sending) -> str:
        """The room's id, asked anew each hour, for rooms are upgraded; in doubt it stays, as the path must."""
        known = kept(to, "room", self._configured)
        if known is not None and (to.since is not None or datetime.fromisoformat(known["at"]) > to.now - ROOM_KEPT):
            return str(known["id"])
        return self._learned(to)

    @property
    def _configured(self) -> str:
        return form.mark(self.homeserver, self.room)

    def _learned(self, to: Sending) -> str:
        room = self._resolved(to)
        keep(to, "room", self._configured, {"id": room, "at": to.now.isoformat()})
        return room

    def _resolved(self, to: Sending) -> str:
        """The room's id; of a room that was upgraded, the id of the last that took its place."""
        room = self.room
        if room.startswith("#"):
            url = self._at(f"directory/room/{_q(room)}")
            room = form.text(to.http.ask(url, headers=self._auth(), read=_read).json()["room_id"])
        for _ in range(UPGRADES):
            url = self._at(f"rooms/{_q(room)}/state/m.room.tombstone")
            answer = to.http.ask(url, headers=self._auth(), allow=UNSEEN)
            onward = answer.told.get("replacement_room") if answer.ok else None
            if not onward:
                break
            room = form.text(onward)
        url = self._at(f"rooms/{_q(room)}/state/m.room.encryption")
        if to.http.ask(url, headers=self._auth(), allow=UNSEEN).ok:
            raise Rejected("the room is encrypted; Standfirst posts to rooms that are not")
        return room

    def _receipt(self, event: str, room: str) -> Receipt:
        return Receipt(event, f"https://matrix.to/#/{_q(room)}/{_q(event)}")

    def _auth(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def _at(self, path: str) -> str:
        return f"{self.homeserver.rstrip('/')}/_matrix/client/v3/{path}"


def _q(part: str) -> str:
    return quote(part, safe="")


def formatted(post: Post) -> str:
    """The post's text as Matrix HTML: its own paragraphs, the link a link, the title strong."""
    text = escape(post.text)
    if post.title and text.startswith(escape(post.title)):
        title = escape(post.title)
        text = f"<strong>{title}</strong>{text.removeprefix(title)}"
    if post.link:
        link = escape(post.link)
        text = text.replace(link, f'<a href="{link}">{link}</a>')
    return "".join(f"<p>{part.replace(chr(10), '<br>')}</p>" for part in text.split("\n\n"))
