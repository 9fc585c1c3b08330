"""IndexNow: search engines are told of a new address. https://www.indexnow.org/documentation"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit

from pipeline.judged import judged, shaped
from pipeline.model import Capabilities, Post, Receipt, Rejected, Sending

KEY = "this is no key; choose 8 to 128 letters and digits"


@dataclass(frozen=True, slots=True)
class Channel:
    """Tells of addresses on your own host, which holds the key in a file."""

    host: str = field(
        metadata=judged(shaped(r"[^\s/:@]+", "this is no host; write its name alone, as in news.example"))
    )
    key: str = field(metadata=judged(shaped(r"[A-Za-z0-9-]{8,128}", KEY)))  # public: it stands in a file on the host
    key_url: str | None = None
    api_url: str = "https://api.indexnow.org/indexnow"

    CAN: ClassVar[Capabilities] = Capabilities(
        "search engines, for your own site",
        per_hour=0,
        per_day=0,
        link_in_text=False,
        edit=True,
        delete=True,
        replays=timedelta(days=3650),  # to say it twice is harmless
        lanes=1,
        mentions="keep",
        template="{link}",
    )
    HOW: ClassVar[str] = (
        "Choose a key of 8 to 128 letters and digits and put it into a file KEY.txt at the root of your host."
    )

    def send(self, post: Post, to: Sending) -> Receipt:
        """The article's address is made known."""
        if urlsplit(post.link).hostname != self.host:
            raise Rejected(f"the article is not on {self.host}: IndexNow takes addresses of your own host only")
        return self._tell(post.link, to)

    def edit(self, post: Post, to: Sending) -> Receipt:
        """The address is made known again."""
        return self._tell(post.link, to)

    def delete(self, to: Sending) -> None:
        """The address is made known again: it answers 404 now."""
        self._tell(str(to.remote_id), to)

    def check(self, to: Sending) -> str:
        """Whether the key file is where it must be."""
        where = self.key_url or f"https://{self.host}/{self.key}.txt"
        if self.key not in to.http.ask(where).text:
            raise Rejected(f"the file at {where} does not hold the key")
        return f"{self.host}, with its key file"

    def _tell(self, link: str, to: Sending) -> Receipt:
        fields: dict[str, Any] = {"host": self.host, "key": self.key, "urlList": [link]}
        if self.key_url:
            fields["keyLocation"] = self.key_url
        to.http.post(self.api_url, json=fields)
        return Receipt(link, link)
