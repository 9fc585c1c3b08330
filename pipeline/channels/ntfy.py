"""ntfy notifications. https://docs.ntfy.sh/publish/"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar

from pipeline.judged import judged, shaped, token, within
from pipeline.model import Capabilities, Post, Receipt, Sending

TOPIC = "this is no topic; use at most 64 letters, digits, - and _"


@dataclass(frozen=True, slots=True)
class Channel:
    """Sends to one topic; who repeats a notification replaces it."""

    topic: str = field(metadata=judged(shaped(r"[-_A-Za-z0-9]{1,64}", TOPIC)))
    instance: str = "https://ntfy.sh"
    token: str | None = field(default=None, repr=False, metadata=judged(token))
    priority: int = field(default=3, metadata=judged(within(1, 5)))

    CAN: ClassVar[Capabilities] = Capabilities(
        "notifications on phones and desktops",
        per_day=200,
        limit=4000,
        counting="bytes",
        link_in_text=False,
        media=1,
        edit=True,
        replays=timedelta(hours=12),  # the sequence id replaces; servers keep messages for half a day
        mentions="keep",
        template="{teaser|or:…}",
    )
    HOW: ClassVar[str] = "Choose a topic that nobody guesses, or make an access token in your account."

    def send(self, post: Post, to: Sending) -> Receipt:
        """The notification, under our key."""
        return self._publish(post, to, to.key)

    def edit(self, post: Post, to: Sending) -> Receipt:
        """The notification replaced."""
        return self._publish(post, to, str(to.remote_id))

    def check(self, to: Sending) -> str:
        """Whether the token may read the topic."""
        to.http.ask(f"{self._root}/{self.topic}/auth", headers=self._auth())
        return f"{self._root}/{self.topic}"

    def _publish(self, post: Post, to: Sending, sequence: str) -> Receipt:
        fields: dict[str, Any] = {
            "topic": self.topic,
            "title": post.title[:250],
            "message": post.text,
            "priority": self.priority,
            "sequence_id": sequence,
        }
        if post.link:
            fields["click"] = post.link
        if post.image:
            fields["attach"] = post.image.url
        to.http.post(self._root, headers=self._auth(), json=fields).json()
        return Receipt(sequence, f"{self._root}/{self.topic}")

    @property
    def _root(self) -> str:
        return self.instance.rstrip("/")

    def _auth(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}
