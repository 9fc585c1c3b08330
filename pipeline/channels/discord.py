"""Discord messages, by a webhook or (safer in doubt) by a bot. https://discord.com/developers/docs/resources/message"""

import base64
import hashlib
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, ClassVar

from pipeline import form
from pipeline.http import Answer
from pipeline.judged import address, judged, shaped, token
from pipeline.model import Capabilities, Post, Receipt, Sending, Unauthorised, Unavailable, UsageError

GONE_CODES = {10003, 10015, 50027}  # unknown channel, unknown webhook, its token is void
LATER_CODES = {20016, 20028, 20029, 30046, 130000}
CHANNEL = "this is no channel's id; copy its number (developer mode, Copy channel ID), in quotes"
NOT_ALLOWED = 50013
NOT_FOUND = frozenset({404})


def _read(answer: Answer) -> None:
    if answer.ok:
        return
    told = answer.told
    code, words = told.get("code"), f"{answer.host}: {told.get('message') or answer.status}"
    if answer.status == 404 or code in GONE_CODES or code == NOT_ALLOWED:  # asking again and again is punished
        raise Unauthorised(words, status=answer.status)
    if code in LATER_CODES:
        raise Unavailable(words, status=answer.status)
    if answer.status == 429 and told.get("retry_after") is not None:
        raise Unavailable(words, status=429, retry_after=form.wait(told["retry_after"]))


def nonce(key: str) -> str:
    """The key in 25 characters, which is all that Discord takes."""
    return base64.b32encode(hashlib.sha256(key.encode()).digest()).decode()[:25].lower()


@dataclass(frozen=True)
class Channel:
    """Posts to one Discord channel, by `webhook`, or by `bot_token` and `channel_id`."""

    webhook: str | None = field(default=None, repr=False, metadata=judged(address))
    bot_token: str | None = field(default=None, repr=False, metadata=judged(token))
    channel_id: str | None = field(default=None, metadata=judged(shaped(r"\d+", CHANNEL)))
    username: str | None = None
    api_url: str = "https://discord.com/api/v10"

    CAN: ClassVar[Capabilities] = Capabilities(
        "Discord channels; a bot's posts can be repeated safely, a webhook's cannot",
        limit=2000,
        counting="utf16",
        card="crawled",
        markup="discord",
        edit=True,
        delete=True,
        template="**{title}**\n{teaser}\n{link}",
    )
    HOW: ClassVar[str] = (
        "Server settings, Integrations, Webhooks, New webhook, copy its URL as `webhook`. Or make a bot in "
        "the developer portal, invite it with Send Messages, and give its `bot_token` and the `channel_id`."
    )

    def __post_init__(self) -> None:
        if not self.webhook and not (self.bot_token and self.channel_id):
            raise UsageError("discord needs a webhook, or a bot_token and a channel_id")
        if not self.webhook:  # the same nonce within some minutes is the same message
            object.__setattr__(self, "CAN", replace(self.CAN, replays=timedelta(minutes=2)))

    def send(self, post: Post, to: Sending) -> Receipt:
        """The message; nobody is called by it."""
        fields = self._fields(post)
        if self.webhook:
            params = {"wait": "true"}  # without it a message that is not kept looks like one that is
            fields |= {"username": self.username} if self.username else {}
        else:
            params = {}
            fields |= {"nonce": nonce(to.key), "enforce_nonce": True}
        answer = to.http.post(self._messages, headers=self._auth(), params=params, json=fields, read=_read)
        return self._receipt(answer.json())

    def edit(self, post: Post, to: Sending) -> Receipt:
        """The message with its new words."""
        url = self._message(to)
        answer = to.http.post(url, headers=self._auth(), json=self._fields(post), method="PATCH", read=_read)
        return self._receipt(answer.json())

    def delete(self, to: Sending) -> None:
        """The message is gone, whether it was there or not."""
        to.http.post(self._message(to), headers=self._auth(), method="DELETE", allow=NOT_FOUND)

    def check(self, to: Sending) -> str:
        """The webhook's or the bot's name."""
        url = self.webhook or f"{self.api_url}/users/@me"
        told = to.http.ask(url, headers=self._auth(), read=_read).json()
        return str(told.get("name") or told.get("username"))

    @staticmethod
    def _fields(post: Post) -> dict[str, Any]:
        return {"content": post.text, "allowed_mentions": {"parse": []}}

    @property
    def _messages(self) -> str:
        return self.webhook or f"{self.api_url}/channels/{self.channel_id}/messages"

    def _message(self, to: Sending) -> str:
        return f"{self._messages}{'/messages' if self.webhook else ''}/{to.remote_id}"

    def _auth(self) -> dict[str, str]:
        return {} if self.webhook else {"Authorization": f"Bot {self.bot_token}"}

    @staticmethod
    def _receipt(message: dict[str, Any]) -> Receipt:
        place = f"{message.get('guild_id') or '@me'}/{message.get('channel_id')}"
        ident = form.ident(message["id"])
        return Receipt(ident, f"https://discord.com/channels/{place}/{ident}")
