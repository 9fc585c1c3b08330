"""Slack messages, by a bot or by an incoming webhook. https://docs.slack.dev/reference/methods/chat.postMessage"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from html import unescape
from typing import Any, ClassVar

from pipeline import form, lookback
from pipeline.http import Answer
from pipeline.judged import address, judged, token
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
    UsageError,
)
from pipeline.preparation import nothing_posted_yet

EVENT = "standfirst_article"
PAUSES = {
    *("invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "missing_scope"),
    *("not_in_channel", "channel_not_found", "is_archived", "no_permission", "restricted_action"),
}
LATER = {"ratelimited", "rate_limited", "service_unavailable", "request_timeout"}
UNKNOWN = {"fatal_error", "internal_error"}  # "some aspect of the operation may have succeeded"
PAGE = 200  # messages
LINK = re.compile(r"<(https?://[^|>]+)")


def failure(error: str) -> DeliveryError:
    """What a Slack error means."""
    words = f"Slack: {error}"
    if error in PAUSES:
        return Unauthorised(words)
    if error in LATER:
        return Unavailable(words)
    return Uncertain(words) if error in UNKNOWN else Rejected(words)


def _read_hook(answer: Answer) -> None:
    words = f"Slack answered {answer.status}: {answer.text[:100]}"
    if answer.status in {404, 410}:
        raise Unauthorised(words, status=answer.status)
    if answer.text.startswith("rollup_error"):
        raise Unavailable(words, status=answer.status)


@dataclass(frozen=True)
class Channel:
    """Posts to one Slack channel, by `token` and `channel`, or by `webhook`."""

    token: str | None = field(default=None, repr=False, metadata=judged(token))
    channel: str | None = None
    webhook: str | None = field(default=None, repr=False, metadata=judged(address))
    preview: bool = True
    api_url: str = "https://slack.com/api"

    CAN: ClassVar[Capabilities] = Capabilities(
        "Slack channels; a bot's posts can be found again, a webhook's cannot",
        limit=3000,
        card="crawled",
        markup="mrkdwn",
        spacing=timedelta(seconds=1),
        template="*{title}*\n{teaser}\n{link}",
    )
    HOW: ClassVar[str] = (
        "Make an app on api.slack.com/apps with chat:write and channels:history, install it, invite it to the "
        "channel, and copy the bot token (xoxb-…)."
    )

    def __post_init__(self) -> None:
        if not self.webhook and not (self.token and self.channel):
            raise UsageError("slack needs a token and a channel, or a webhook")
        if not self.webhook:
            object.__setattr__(self, "CAN", replace(self.CAN, lookup=True, edit=True, delete=True))

    def send(self, post: Post, to: Sending) -> Receipt:
        """The message."""
        if self.webhook:
            to.http.post(self.webhook, json={"text": post.text, **self._unfurl()}, read=_read_hook)
            return Receipt(to.key)  # a webhook names nothing
        told = self._call("chat.postMessage", to, {**self._said(post), **self._unfurl(), "metadata": _marker(to)})
        return self._receipt(told)

    def edit(self, post: Post, to: Sending) -> Receipt:
        """The message with its new words."""
        return self._receipt(self._call("chat.update", to, {**self._said(post), "ts": _ts(to)}))

    def delete(self, to: Sending) -> None:
        """The message is gone, whether it was there or not."""
        try:
            self._call("chat.delete", to, {"channel": _place(to) or self.channel, "ts": _ts(to)})
        except Rejected as error:
            if "message_not_found" not in error.reason:
                raise

    def look_up(self, post: Post, to: Sending) -> Receipt | None:
        """The message with our key."""
        return lookback.find(self._shown(to, lookback.reach(post, to)), post, to, lookback.marked(to))

    def recent(self, to: Sending, since: datetime) -> list[Seen]:
        """The channel's messages since then, for the audit; other people's without their links."""
        return lookback.listing(self._shown(to, since), since)

    def check(self, to: Sending) -> str:
        """Whose token it is."""
        if self.webhook:
            return "an incoming webhook cannot be asked without posting"
        told = self._asked("auth.test", to, {})
        return f"{told.get('user')} in {told.get('team')}"

    def _shown(self, to: Sending, since: datetime) -> Iterator[list[Seen]]:
        asked = {"channel": self.channel, "include_all_metadata": True, "limit": PAGE, "oldest": str(since.timestamp())}
        for told in lookback.answers(
            lambda fields: self._asked("conversations.history", to, fields),
            asked,
            lambda told: {"cursor": (told.get("response_metadata") or {}).get("next_cursor")},
        ):
            yield [self._seen(message) for message in told.get("messages") or []]

    def _seen(self, message: dict[str, Any]) -> Seen:
        key, text = str(_key(message) or ""), str(message.get("text") or "")
        links = tuple(unescape(link) for link in LINK.findall(text)) if key else ()
        remote_id = self._receipt({**message, "channel": self.channel}).remote_id
        return Seen(remote_id, lookback.at(float(message["ts"])), links, None, text, key)

    def _said(self, post: Post) -> dict[str, Any]:
        return {"channel": self.channel, "text": post.text}

    def _unfurl(self) -> dict[str, Any]:
        return {"unfurl_links": self.preview, "unfurl_media": self.preview}

    def _asked(self, method: str, to: Sending, fields: dict[str, Any]) -> dict[str, Any]:
        with nothing_posted_yet():
            return self._call(method, to, fields)

    def _call(self, method: str, to: Sending, fields: dict[str, Any]) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token}"}
        told: dict[str, Any] = to.http.post(f"{self.api_url}/{method}", headers=headers, json=fields).json()
        if not told.get("ok"):  # Slack says no with a 200
            raise failure(str(told.get("error") or "no reason given"))
        return told

    @staticmethod
    def _receipt(told: dict[str, Any]) -> Receipt:
        return Receipt(f"{form.ident(told['channel'])}/{form.ident(told['ts'])}")


def _marker(to: Sending) -> dict[str, Any]:
    return {"event_type": EVENT, "event_payload": {"id": to.key}}


def _key(message: dict[str, Any]) -> Any:
    return ((message.get("metadata") or {}).get("event_payload") or {}).get("id")


def _ts(to: Sending) -> str:
    return str(to.remote_id).rpartition("/")[2]


def _place(to: Sending) -> str:
    return str(to.remote_id).rpartition("/")[0]
