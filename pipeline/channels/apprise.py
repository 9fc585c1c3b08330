"""The hundred other services, through the Apprise library. https://github.com/caronc/apprise/wiki"""

import threading
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pipeline import departure
from pipeline.judged import judged
from pipeline.model import Capabilities, Post, Receipt, Sending, Unauthorised, Unavailable, Uncertain

PATIENCE = 45.0  # seconds: a service behind Apprise may sleep inside the call


def not_understood(url: str) -> str | None:
    """What keeps Apprise from using an address."""
    try:
        import apprise
    except ImportError:
        return 'the kind apprise needs its library; pip install "standfirst[apprise]"'
    sound = bool(apprise.Apprise().add(url))
    return None if sound else "Apprise does not understand this address; write it as the Apprise wiki says"


@dataclass(frozen=True, slots=True)
class Channel:
    """Sends one message through a URL of Apprise's; it says yes or no, and nothing more."""

    url: str = field(repr=False, metadata=judged(not_understood))  # holds the service's secrets

    CAN: ClassVar[Capabilities] = Capabilities(
        "a hundred other services (Apprise); a doubt is always a person's to settle",
        limit=2000,
        template="{teaser}\n\n{link}",
    )
    HOW: ClassVar[str] = (
        "Write the service's address as the Apprise wiki says and keep it in an environment variable or a file."
    )

    def send(self, post: Post, to: Sending) -> Receipt:
        """The message, as far as Apprise can tell; a no leaves it open whether some of it arrived."""
        service = self._service()
        departure.left()
        told: list[bool] = []
        thread = threading.Thread(target=lambda: told.append(_notified(service, post)), daemon=True)
        thread.start()
        thread.join(PATIENCE)
        if not told:
            raise Uncertain("Apprise has not come back")
        if not told[0]:
            raise Uncertain("Apprise says that it failed, and not why")
        return Receipt(to.key)

    def check(self, to: Sending) -> str:  # noqa: ARG002  (nothing can be asked)
        """That Apprise understands the address."""
        services = [str(service.service_name) for service in self._service()]
        return f"{services[0]}: the address is well-formed"

    def _service(self) -> Any:
        try:
            import apprise
        except ImportError:
            raise Unavailable('the kind apprise needs its library: pip install "standfirst[apprise]"') from None
        service = apprise.Apprise()
        if not service.add(self.url):
            raise Unauthorised("Apprise does not understand the channel's url")
        return service


def _notified(service: Any, post: Post) -> bool:
    try:
        return bool(service.notify(body=post.text, title=post.title))
    except Exception:  # its hundred plug-ins raise whatever they like, with secrets in the text
        return False
