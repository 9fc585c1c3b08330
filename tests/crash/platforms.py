"""Platforms of the two classes that have no key: one whose posts can be looked up, one that is blind."""

import itertools
import time
from datetime import UTC, datetime

from workers.demo.sandbox import Request, Response, Sandbox, Shown


class Misskey(Sandbox):
    """Notes: no key, but the account's own notes can be listed. https://misskey-hub.net/en/docs/for-developers/api/"""

    name = "misskey"
    numbers = itertools.count(1)

    def publishes(self, request: Request) -> bool:
        return request.path == "/api/notes/create"

    def answer(self, request: Request) -> Response:
        body = request.json()
        match request.path:
            case "/api/notes/create":
                at = self.clock()
                made = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
                note = {"id": f"9{next(self.numbers):09d}", "text": body["text"], "at": at, "createdAt": made}
                self.books.put("note", note["id"], note)
                return Response.json(200, {"createdNote": note})
            case "/api/i":
                return Response.json(200, {"id": "u1", "username": "town"})
            case "/api/users/notes":
                return self._notes(**body)
            case "/api/meta":
                return Response.json(200, {"maxNoteTextLength": 3000})
        return Response.json(404, {"error": {"code": "NO_SUCH_ENDPOINT", "message": "no such endpoint"}})

    def _notes(self, userId: str, limit: int = 10, untilId: str = "", sinceId: str = "") -> Response:
        """A page: newest first, from `untilId` down; oldest first where only `sinceId` is given."""
        if userId != "u1" or not 1 <= limit <= 100:
            return Response.json(400, {"error": {"code": "INVALID_PARAM", "message": "Invalid param."}})
        notes = [note for note in self.books.all("note") if sinceId < note["id"] < (untilId or "~")]
        return Response.json(200, (notes if sinceId and not untilId else notes[::-1])[:limit])

    def posts(self) -> list[Shown]:
        return [Shown(note["id"], note["at"], note["text"]) for note in self.books.all("note")]


class Slack(Sandbox):
    """An incoming webhook: answers `ok`, knows no key and shows nothing. https://docs.slack.dev/messaging/"""

    name = "slack"
    numbers = itertools.count(1)

    def publishes(self, request: Request) -> bool:
        return request.method == "POST"

    def answer(self, request: Request) -> Response:
        ident = f"m{next(self.numbers)}"
        self.books.put("message", ident, {"id": ident, "text": str(request.json()), "at": time.time()})
        return Response(200, b"ok", {"Content-Type": "text/html"})

    def posts(self) -> list[Shown]:
        return [Shown(one["id"], one["at"], one["text"]) for one in self.books.all("message")]
