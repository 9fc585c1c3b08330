"""Platforms of the two classes that have no key: one whose posts can be looked up, one that is blind."""

import itertools
import time

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
                note = {"id": f"n{next(self.numbers)}", "text": body["text"], "at": time.time()}
                self.books.put("note", note["id"], note)
                return Response.json(200, {"createdNote": note})
            case "/api/i":
                return Response.json(200, {"id": "u1", "username": "town"})
            case "/api/users/notes":
                return Response.json(200, self.books.all("note")[::-1][: body.get("limit", 10)])
            case "/api/meta":
                return Response.json(200, {"maxNoteTextLength": 3000})
        return Response.json(404, {"error": {"code": "NO_SUCH_ENDPOINT", "message": "no such endpoint"}})

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
