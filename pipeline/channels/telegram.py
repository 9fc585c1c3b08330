"""Telegram channel posts by a bot. https://core.telegram.org/bots/api#sendmessage"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar

from pipeline import form
from pipeline.compose.markup import shown
from pipeline.http import Answer
from pipeline.judged import judged, shaped, token
from pipeline.model import Capabilities, Post, Receipt, Rejected, Sending, Unauthorised, Unavailable
from pipeline.preparation import keep, kept

CHAT = "this is no chat; write its @name, or its number in quotes"
PATIENCE = 45.0  # there is no key: a long wait is cheaper than a doubt
BAD_REQUEST, NO_SUCH_BOT, TOO_MANY = 400, 404, 429


class Refused(Exception):
    """A 400 with its words, which may be worth a second look."""

    def __init__(self, words: str, moved_to: int | None) -> None:
        super().__init__(words)
        self.words = words
        self.moved_to = moved_to


def _read(answer: Answer) -> None:
    told = answer.told
    if (answer.ok and told.get("ok") is not False) or not told:
        return
    status = told.get("error_code") or answer.status  # a server of one's own may say it in a 200
    words, more = str(told.get("description") or ""), told.get("parameters") or {}
    if status == NO_SUCH_BOT:
        raise Unauthorised("Telegram knows no bot with this token", status=status)
    if status == TOO_MANY and more.get("retry_after"):
        raise Unavailable(f"Telegram: {words}", status=TOO_MANY, retry_after=form.wait(more["retry_after"]))
    if status == BAD_REQUEST or answer.ok:
        moved = more.get("migrate_to_chat_id") if isinstance(more, dict) else None
        raise Refused(words or "Bad Request", moved if type(moved) is int else None)


@dataclass(frozen=True, slots=True)
class Channel:
    """Posts to a channel or group in which the bot may write."""

    chat: str = field(metadata=judged(shaped(r"@\w{3,}|-?\d+", CHAT)))  # @name or number
    token: str = field(repr=False, metadata=judged(token))
    silent: bool = False
    preview: bool = True
    api_url: str = "https://api.telegram.org"

    CAN: ClassVar[Capabilities] = Capabilities(
        "Telegram channels and groups, by a bot",
        limit=4096,
        counting="utf16",
        card="crawled",
        markup="html",
        edit=True,
        delete=True,  # within 48 hours
        spacing=timedelta(seconds=1),
        template="<b>{title}</b>\n\n{teaser}\n\n{link}",
    )
    HOW: ClassVar[str] = (
        "Ask @BotFather for a bot, copy its token, and make the bot an administrator of your channel with the "
        "right to post."
    )

    def send(self, post: Post, to: Sending) -> Receipt:
        """The message."""
        message = self._say("sendMessage", post, to, {"disable_notification": self.silent})
        return self._receipt(message)

    def edit(self, post: Post, to: Sending) -> Receipt:
        """The message with its new words."""
        try:
            message = self._say("editMessageText", post, to, {"message_id": int(to.remote_id or 0)})
        except Rejected as error:
            if "message is not modified" in error.reason:
                return Receipt(str(to.remote_id))
            raise
        return self._receipt(message) if isinstance(message, dict) else Receipt(str(to.remote_id))

    def delete(self, to: Sending) -> None:
        """The message is gone, whether it was there or not."""
        try:
            self._call("deleteMessage", to, {"message_id": int(to.remote_id or 0)})
        except Rejected as error:
            if "not found" not in error.reason:
                raise

    def check(self, to: Sending) -> str:
        """The bot's name, and that it knows the chat."""
        bot = to.http.ask(self._at("getMe"), read=_read).json()["result"]["username"]
        try:
            chat = to.http.ask(self._at("getChat"), params={"chat_id": self._chat(to)}, read=_read).json()["result"]
        except Refused as error:
            raise Rejected(f"Telegram: {error.words}", status=BAD_REQUEST) from None
        return f"@{bot} in {chat.get('title') or self.chat}"

    def _say(self, method: str, post: Post, to: Sending, more: dict[str, Any]) -> Any:
        preview: dict[str, Any] = {"is_disabled": not self.preview}
        if self.preview and post.link:
            preview["url"] = post.link
        fields = {"text": post.text, "parse_mode": "HTML", "link_preview_options": preview, **more}
        try:
            return self._call(method, to, fields)
        except Rejected as error:
            if "can't parse entities" not in error.reason:
                raise
        return self._call(method, to, {**fields, "text": shown(post.text, "html"), "parse_mode": None})

    def _call(self, method: str, to: Sending, fields: dict[str, Any]) -> Any:
        for _ in range(2):
            try:
                told = {"chat_id": self._chat(to), **fields}
                return to.http.post(self._at(method), json=told, read=_read, deadline=PATIENCE).json()["result"]
            except Refused as error:
                if error.moved_to is None:
                    raise Rejected(f"Telegram: {error.words}", status=BAD_REQUEST) from None
                keep(to, "chat", self._configured, {"id": error.moved_to})  # the group became a supergroup
        raise Rejected("Telegram keeps saying that the group has moved")

    def _chat(self, to: Sending) -> Any:
        moved = kept(to, "chat", self._configured)
        return moved["id"] if moved else self.chat

    @property
    def _configured(self) -> str:
        return form.mark(self.api_url, self.chat)

    def _at(self, method: str) -> str:
        return f"{self.api_url.rstrip('/')}/bot{self.token}/{method}"

    def _receipt(self, message: dict[str, Any]) -> Receipt:
        name, ident = (message.get("chat") or {}).get("username"), form.ident(message["message_id"])
        return Receipt(ident, f"https://t.me/{name}/{ident}" if name else None)
