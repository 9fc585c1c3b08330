"""A receiver of signed webhooks on loopback. https://github.com/standard-webhooks/standard-webhooks"""

import base64
import hashlib
import hmac
import time
from pathlib import Path
from typing import Any

from workers.demo.sandbox.server import Request, Response, Sandbox, Shown

TOLERANCE_SECONDS = 300
SECRET = "whsec_" + base64.b64encode(b"a sandbox has no real secrets").decode()


class Webhook(Sandbox):
    """Takes every POST, signed where there is a secret. An id that came before is answered and not kept twice."""

    name = "webhook"

    def __init__(self, folder: Path | None = None, *, port: int = 0, secret: str | None = SECRET) -> None:
        super().__init__(folder, port=port)
        self.secret, self.repeats = secret, 0

    def publishes(self, request: Request) -> bool:
        """Every POST."""
        return request.method == "POST"

    def answer(self, request: Request) -> Response:
        """2xx for what is accepted; 400 for what is not signed as agreed."""
        if request.method != "POST":
            return Response.json(405, {"error": "a webhook takes POST"})
        identifier = request.headers.get("webhook-id", "")
        if not identifier or "." in identifier:
            return Response.json(400, {"error": "webhook-id is missing or has a full stop"})
        if mistake := self.mistake(request, identifier):
            return Response.json(400, {"error": mistake})
        try:
            event = request.json()
        except ValueError:
            return Response.json(400, {"error": "the body is not JSON"})
        if self.books.get("event", identifier):
            self.repeats += 1
        else:
            self.books.put("event", identifier, {"id": identifier, "at": time.time(), "event": event})
        return Response.json(200, {"received": identifier})

    def mistake(self, request: Request, identifier: str) -> str:
        """What is wrong with the signature, or nothing."""
        if self.secret is None:
            return ""
        stamp = request.headers.get("webhook-timestamp", "")
        if not stamp.isdigit() or abs(time.time() - int(stamp)) > TOLERANCE_SECONDS:
            return "webhook-timestamp is missing or too far from now"
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        signed = f"{identifier}.{stamp}.".encode() + request.body
        wanted = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        given = request.headers.get("webhook-signature", "").split(" ")
        return "" if any(hmac.compare_digest(wanted, one) for one in given) else "webhook-signature does not match"

    def events(self) -> list[dict[str, Any]]:
        """Every event kept, oldest first: id, at, event."""
        return self.books.all("event")

    def posts(self) -> list[Shown]:
        """Every published article, oldest first."""
        return [self.shown(kept) for kept in self.events() if kept["event"].get("type") == "article.published"]

    def shown(self, kept: dict[str, Any]) -> Shown:
        article = kept["event"].get("data", {}).get("article", {})
        image = article.get("image") or {}
        return Shown(
            id=kept["id"],
            at=kept["at"],
            text=article.get("teaser") or "",
            link=article.get("link") or "",
            title=article.get("title") or "",
            image=image.get("url", "") if isinstance(image, dict) else str(image),
            alt=image.get("alt", "") if isinstance(image, dict) else "",
            key=kept["id"],
            note="signature verified" if self.secret else "unsigned",
        )
