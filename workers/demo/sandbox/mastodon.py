"""A Mastodon server on loopback. https://docs.joinmastodon.org/methods/statuses/"""

import hashlib
import html
import json
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import regex

from workers.demo.sandbox.limits import Window
from workers.demo.sandbox.server import Request, Response, Sandbox, Shown

TOKEN = "sandbox-token"  # noqa: S105  nothing behind it
KEY_SECONDS = 3600.0
LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]]")
MENTION = re.compile(r"(@\w+)@[\w.-]+\w")
HASHTAG = re.compile(r"(?<![\w&])#(\w+)")
ALBUM = ("image/jpeg", "image/png", "image/gif", "image/heic", "image/heif", "image/webp", "image/avif")
PAGE = """<!doctype html><meta charset="utf-8"><title>The Wrenbridge Courier</title><style>
body{{background:#20212f;color:#f2f2f7;font:17px/1.5 system-ui;max-width:560px;margin:40px auto;padding:0 20px}}
a{{color:#9d9cff}}img{{width:100%;border-radius:8px}}</style><b>The Wrenbridge Courier</b> @wrenbridge
{content}{pictures}<p><small>{at} UTC</small></p>"""


class Refusal(Exception):
    """The platform says no: the status and its words."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status, self.error = status, error


def counted(text: str) -> int:
    """Mastodon's own count: graphemes, a link is 23, the domain of a mention is free."""
    text = MENTION.sub(r"\1", LINK.sub("x" * 23, text))
    return len(regex.findall(r"\X", text))


class Mastodon(Sandbox):
    """One account, `@wrenbridge`, with the token given. `limit` characters, media ready after `slow_media` looks."""

    name = "mastodon"

    def __init__(self, folder: Path | None = None, *, port: int = 0, token: str = TOKEN, limit: int = 500) -> None:
        super().__init__(folder, port=port)
        self.token, self.limit, self.slow_media = token, limit, 0
        self.window, self.media_window = Window(300, 300), Window(30, 1800)

    def publishes(self, request: Request) -> bool:
        """A new status."""
        return request.method == "POST" and request.path == "/api/v1/statuses"

    # --- requests ---

    def answer(self, request: Request) -> Response:
        """Route the request; refusals in Mastodon's shape."""
        try:
            for method, pattern, handler, needs_token in self.routes():
                if request.method == method and (found := re.fullmatch(pattern, request.path)):
                    if needs_token:
                        self.admit(request)
                    return handler(request, *found.groups())
            raise Refusal(404, "Record not found")
        except Refusal as refusal:
            return Response.json(refusal.status, {"error": refusal.error}, **self.limits())

    def routes(self) -> list[tuple[str, str, Callable[..., Response], bool]]:
        return [
            ("GET", "/api/v[12]/instance", self.instance, False),
            ("GET", "/api/v1/accounts/verify_credentials", self.me, True),
            ("GET", r"/api/v1/accounts/(\w+)/statuses", self.timeline, True),
            ("POST", "/api/v1/statuses", self.create, True),
            ("GET", r"/api/v1/statuses/(\w+)", self.show, True),
            ("PUT", r"/api/v1/statuses/(\w+)", self.edit, True),
            ("DELETE", r"/api/v1/statuses/(\w+)", self.delete, True),
            ("POST", "/api/v[12]/media", self.upload, True),
            ("GET", r"/api/v1/media/(\w+)", self.media, True),
            ("GET", r"/media/(\w+)", self.picture, False),
            ("GET", r"/@wrenbridge/(\w+)", self.page, False),
        ]

    def admit(self, request: Request) -> None:
        if request.bearer() != self.token:
            raise Refusal(401, "The access token is invalid")
        if not self.window.take():
            raise Refusal(429, "Too many requests")

    def limits(self) -> dict[str, str]:
        window = self.window
        return {
            "X_RateLimit_Limit": str(window.limit),
            "X_RateLimit_Remaining": str(window.remaining),
            "X_RateLimit_Reset": window.reset_iso,
        }

    def ok(self, value: Any) -> Response:
        return Response.json(200, value, **self.limits())

    def instance(self, _: Request) -> Response:
        configuration = {
            "statuses": {
                "max_characters": self.limit,
                "max_media_attachments": 4,
                "characters_reserved_per_url": 23,
            },
            "media_attachments": {
                "supported_mime_types": list(ALBUM),
                "image_size_limit": 16_777_216,
                "image_matrix_limit": 33_177_600,
                "description_limit": 1500,
            },
        }
        return Response.json(
            200,
            {
                "domain": f"127.0.0.1:{self.port}",
                "title": "Sandbox",
                "version": "4.5.0",
                "configuration": configuration,
            },
        )

    def account(self) -> dict[str, Any]:
        return {
            "id": "1",
            "username": "wrenbridge",
            "acct": "wrenbridge",
            "display_name": "The Wrenbridge Courier",
            "url": f"{self.url}/@wrenbridge",
        }

    def me(self, _: Request) -> Response:
        return self.ok(self.account())

    def create(self, request: Request) -> Response:
        key = request.headers.get("idempotency-key", "")
        known = self.books.get("key", key) if key else None
        if known and self.clock() - known["at"] < KEY_SECONDS and (status := self.books.get("status", known["status"])):
            return self.ok(self.rendered(status))
        fields = form(request)
        if fields.get("scheduled_at"):
            raise Refusal(422, "Validation failed: scheduling is not part of the sandbox")
        self.check(fields)
        number = len(self.books.all("number")) + 1
        self.books.put("number", str(number), {})
        status = {"id": f"1160000000000{number:05d}", "at": self.clock(), "key": key, **fields}
        for media in fields["media_ids"]:
            self.books.put("media", media, (self.books.get("media", media) or {}) | {"status": status["id"]})
        self.books.put("status", status["id"], status)
        if key:
            self.books.put("key", key, {"at": status["at"], "status": status["id"]})
        return self.ok(self.rendered(status))

    def check(self, fields: dict[str, Any], status: str | None = None) -> None:
        if not fields["status"].strip() and not fields["media_ids"]:
            raise Refusal(422, "Validation failed: Text can't be blank")
        if counted(fields["spoiler_text"]) + counted(fields["status"]) > self.limit:
            raise Refusal(422, f"Validation failed: Text character limit of {self.limit} exceeded")
        if fields["visibility"] not in {"public", "unlisted", "private", "direct"}:
            raise Refusal(422, "Validation failed: Visibility is not included in the list")
        if len(fields["media_ids"]) > 4:
            raise Refusal(422, "Cannot attach more than 4 files")
        for media in fields["media_ids"]:
            found = self.books.get("media", media)
            if found is None or found.get("status") not in {None, status}:
                raise Refusal(422, "Media attachments not found or already used")
            if found["looks"] > 0:
                raise Refusal(422, "Cannot attach files that have not finished processing. Try again in a moment!")

    def found(self, status: str) -> dict[str, Any]:
        if (found := self.books.get("status", status)) is None:
            raise Refusal(404, "Record not found")
        return found

    def show(self, _: Request, status: str) -> Response:
        return self.ok(self.rendered(self.found(status)))

    def edit(self, request: Request, status: str) -> Response:
        fields = form(request)
        self.check(fields, status)
        changed = self.found(status) | fields | {"edited": time.time()}
        self.books.put("status", status, changed)
        return self.ok(self.rendered(changed))

    def delete(self, _: Request, status: str) -> Response:
        found = self.found(status)
        self.books.drop("status", status)
        return self.ok(self.rendered(found) | {"text": found["status"]})

    def timeline(self, request: Request, _account: str) -> Response:
        limit = min(int(request.query.get("limit", "20")), 40)
        newest = list(reversed(self.books.all("status")))
        if until := request.query.get("max_id"):
            newest = [status for status in newest if status["id"] < until]
        return self.ok([self.rendered(status) for status in newest[:limit]])

    # --- media ---

    def upload(self, request: Request) -> Response:
        if not self.media_window.take():
            raise Refusal(429, "Too many requests")
        parts = multipart(request)
        mime, blob = parts.get("file", ("", b""))
        if mime not in ALBUM or not blob:
            raise Refusal(422, "Validation failed: File content type is invalid, File is invalid")
        description = parts.get("description", ("", b""))[1].decode()
        if len(description) > 1500:
            raise Refusal(422, "Validation failed: Description is too long (maximum is 1500 characters)")
        name = hashlib.sha256(blob + str(time.time_ns()).encode()).hexdigest()[:18]
        self.books.put(
            "media", name, {"id": name, "mime": mime, "description": description, "looks": self.slow_media}, blob
        )
        return Response.json(202 if self.slow_media else 200, self.attachment(name), **self.limits())

    def attachment(self, media: str) -> dict[str, Any]:
        found = self.books.get("media", media) or {}
        url = None if found.get("looks") else f"{self.url}/media/{media}"
        return {"id": media, "type": "image", "url": url, "preview_url": url, "description": found.get("description")}

    def media(self, _: Request, media: str) -> Response:
        if (found := self.books.get("media", media)) is None:
            raise Refusal(404, "Record not found")
        if found["looks"]:
            self.books.put("media", media, found | {"looks": found["looks"] - 1})
        return Response.json(206 if found["looks"] else 200, self.attachment(media), **self.limits())

    def picture(self, _: Request, media: str) -> Response:
        found, blob = self.books.get("media", media), self.books.blob("media", media)
        if found is None or blob is None:
            raise Refusal(404, "Record not found")
        return Response(200, blob, {"Content-Type": found["mime"], "Cache-Control": "max-age=3600"})

    # --- what readers see ---

    def page(self, _: Request, status: str) -> Response:
        """The status where its `url` leads."""
        found = self.rendered(self.found(status))
        pictures = "".join(f'<img src="{one["url"]}">' for one in found["media_attachments"])
        body = PAGE.format(content=found["content"], pictures=pictures, at=found["created_at"][:16].replace("T", " "))
        return Response(200, body.encode(), {"Content-Type": "text/html; charset=utf-8"})

    def rendered(self, status: dict[str, Any]) -> dict[str, Any]:
        """The status as the API gives it."""
        url = f"{self.url}/@wrenbridge/{status['id']}"
        return {
            "id": status["id"],
            "created_at": datetime.fromtimestamp(status["at"], UTC).isoformat(timespec="milliseconds"),
            "uri": f"{self.url}/users/wrenbridge/statuses/{status['id']}",
            "url": url,
            "content": as_html(status["status"]),
            "spoiler_text": status["spoiler_text"],
            "visibility": status["visibility"],
            "language": status["language"],
            "account": self.account(),
            "media_attachments": [self.attachment(media) for media in status["media_ids"]],
            "card": None,
        }

    def posts(self) -> list[Shown]:
        """Every status, oldest first."""
        return [self.shown(status) for status in self.books.all("status")]

    def shown(self, status: dict[str, Any]) -> Shown:
        links = LINK.findall(status["status"])
        image = self.attachment(status["media_ids"][0]) if status["media_ids"] else {}
        return Shown(
            id=status["id"],
            at=status["at"],
            text=status["status"],
            link=links[-1] if links else "",
            image=image.get("url") or "",
            alt=image.get("description") or "",
            key=status["key"],
            note=f"{counted(status['spoiler_text']) + counted(status['status'])} of {self.limit} characters",
        )


def as_html(text: str) -> str:
    """Plain text as Mastodon marks it up: paragraphs, links, hashtags."""
    safe = html.escape(text, quote=False)
    safe = LINK.sub(lambda found: f'<a href="{found[0]}" rel="nofollow noopener" target="_blank">{found[0]}</a>', safe)
    safe = HASHTAG.sub(r'<a href="#" class="hashtag">#\1</a>', safe)
    return "".join(f"<p>{part.replace(chr(10), '<br>')}</p>" for part in re.split(r"\n{2,}", safe))


def form(request: Request) -> dict[str, Any]:
    """The fields of a status, from JSON or a form."""
    if request.headers.get("content-type", "").startswith("application/json"):
        try:
            given = json.loads(request.body or b"{}")
        except ValueError:
            raise Refusal(400, "Error occurred while parsing request parameters") from None
        media = given.get("media_ids") or []
    else:
        lists = parse_qs(request.body.decode())
        given = {name: values[-1] for name, values in lists.items()}
        media = lists.get("media_ids[]", [])
    names = ("status", "spoiler_text", "language", "in_reply_to_id", "scheduled_at")
    fields = {name: str(given.get(name) or "") for name in names}
    return fields | {"visibility": str(given.get("visibility") or "public"), "media_ids": [str(one) for one in media]}


def multipart(request: Request) -> dict[str, tuple[str, bytes]]:
    """The parts of a multipart body by name: type and bytes."""
    head = f"Content-Type: {request.headers.get('content-type', '')}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + request.body)
    parts: dict[str, tuple[str, bytes]] = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        payload = part.get_payload(decode=True)
        parts[str(name)] = (part.get_content_type(), payload if isinstance(payload, bytes) else b"")
    return parts
