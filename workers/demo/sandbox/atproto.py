"""A personal data server of the AT Protocol on loopback. https://docs.bsky.app/docs/api/com-atproto-repo-put-record"""

import base64
import dataclasses
import hashlib
import html
import json
import re
import secrets
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import regex

from workers.demo.sandbox.limits import Window
from workers.demo.sandbox.server import Request, Response, Sandbox, Shown

PASSWORD = "sandbox-pass"  # noqa: S105  nothing behind it
DID = "did:plc:wrenbridgecourier22222222"
HANDLE = "wrenbridge.test"
POST = "app.bsky.feed.post"
TID = re.compile(r"[234567abcdefghij][234567a-z]{12}")
RECORD_KEY = re.compile(r"[A-Za-z0-9._~:-]{1,512}")
UPLOAD_LIMIT = 5 * 1024 * 1024

PROFILE = re.compile(rf"/profile/(?:{re.escape(DID)}|{re.escape(HANDLE)})/post/([^/]+)")
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>The Wrenbridge Courier</title><style>
body{{background:#fff;color:#0b0f14;font:17px/1.5 system-ui;max-width:560px;margin:40px auto;padding:0 20px}}
a{{color:#0a66e0}}img{{width:100%;border-radius:8px}}.text{{white-space:pre-wrap}}</style>
<b>The Wrenbridge Courier</b> @wrenbridge.test<p class="text">{text}</p>{picture}<p><a href="{link}">{title}</a></p>
<p><small>{note}</small></p></html>"""


class Refusal(Exception):
    """The platform says no: the status, its error name and its words."""

    def __init__(self, status: int, error: str, message: str = "") -> None:
        super().__init__(error)
        self.status, self.error, self.message = status, error, message or error


def cid(blob: bytes, codec: int) -> str:
    """A content identifier, version 1: sha-256 of the bytes."""
    digest = bytes([1, codec, 0x12, 0x20]) + hashlib.sha256(blob).digest()
    return "b" + base64.b32encode(digest).decode().lower().rstrip("=")


def record_cid(record: Any) -> str:
    """The identifier of a record: equal records have equal ones."""
    return cid(json.dumps(record, sort_keys=True, ensure_ascii=False).encode(), 0x71)


def graphemes(text: str) -> int:
    return len(regex.findall(r"\X", text))


class Atproto(Sandbox):
    """One account, `wrenbridge.test`, with the app password given. Access tokens live `access_seconds`."""

    name = "atproto"

    def __init__(self, folder: Path | None = None, *, port: int = 0, password: str = PASSWORD) -> None:
        super().__init__(folder, port=port)
        self.password, self.access_seconds = password, 7200.0
        self.window, self.logins = Window(3000, 300), Window(30, 300)

    def publishes(self, request: Request) -> bool:
        """A record written."""
        return request.path in {"/xrpc/com.atproto.repo.createRecord", "/xrpc/com.atproto.repo.putRecord"}

    # --- requests ---

    def answer(self, request: Request) -> Response:
        """Route the call; refusals in the protocol's shape."""
        try:
            if not self.window.take():
                raise Refusal(429, "RateLimitExceeded", "Rate Limit Exceeded")
            if found := PROFILE.fullmatch(request.path):
                return self.page(found[1])
            name = request.path.removeprefix("/xrpc/")
            method, handler = self.calls().get(name, ("", None))
            if handler is None:
                raise Refusal(501, "MethodNotImplemented", "Method Not Implemented")
            if request.method != method:
                raise Refusal(405, "InvalidRequest", f"Incorrect HTTP method ({request.method}) expected {method}")
            return handler(request)
        except Refusal as refusal:
            wait = {"Retry_After": str(max(1, self.window.reset - int(time.time())))} if refusal.status == 429 else {}
            body = {"error": refusal.error, "message": refusal.message}
            return Response.json(refusal.status, body, **self.limits(), **wait)

    def calls(self) -> dict[str, tuple[str, Callable[[Request], Response]]]:
        return {
            "com.atproto.server.describeServer": ("GET", self.describe),
            "com.atproto.server.createSession": ("POST", self.create_session),
            "com.atproto.server.refreshSession": ("POST", self.refresh_session),
            "com.atproto.server.getSession": ("GET", self.get_session),
            "com.atproto.identity.resolveHandle": ("GET", self.resolve),
            "com.atproto.repo.createRecord": ("POST", self.create_record),
            "com.atproto.repo.putRecord": ("POST", self.put_record),
            "com.atproto.repo.deleteRecord": ("POST", self.delete_record),
            "com.atproto.repo.getRecord": ("GET", self.get_record),
            "com.atproto.repo.listRecords": ("GET", self.list_records),
            "com.atproto.repo.uploadBlob": ("POST", self.upload_blob),
            "com.atproto.sync.getBlob": ("GET", self.get_blob),
        }

    def limits(self) -> dict[str, str]:
        return {
            "RateLimit_Limit": str(self.window.limit),
            "RateLimit_Remaining": str(self.window.remaining),
            "RateLimit_Reset": str(self.window.reset),
            "RateLimit_Policy": f"{self.window.limit};w={self.window.seconds:.0f}",
        }

    def ok(self, value: Any) -> Response:
        return Response.json(200, value, **self.limits())

    # --- sessions ---

    def describe(self, _: Request) -> Response:
        return self.ok({"did": "did:web:127.0.0.1", "availableUserDomains": [".test"], "blobUploadLimit": UPLOAD_LIMIT})

    def resolve(self, request: Request) -> Response:
        if request.query.get("handle") != HANDLE:
            raise Refusal(400, "InvalidRequest", "Unable to resolve handle")
        return self.ok({"did": DID})

    def create_session(self, request: Request) -> Response:
        if not self.logins.take():
            raise Refusal(429, "RateLimitExceeded", "Rate Limit Exceeded")
        given = request.json()
        if given.get("identifier") not in {HANDLE, DID} or given.get("password") != self.password:
            raise Refusal(401, "AuthenticationRequired", "Invalid identifier or password")
        return self.session()

    def session(self) -> Response:
        now = time.time()
        access, refresh = f"access-{secrets.token_urlsafe(24)}", f"refresh-{secrets.token_urlsafe(24)}"
        self.books.put("token", access, {"kind": "access", "until": now + self.access_seconds})
        self.books.put("token", refresh, {"kind": "refresh", "until": now + 90 * 86400})
        return self.ok(self.identity() | {"accessJwt": access, "refreshJwt": refresh})

    def identity(self) -> dict[str, Any]:
        service = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": self.url}
        document = {"id": DID, "alsoKnownAs": [f"at://{HANDLE}"], "service": [service]}
        return {"did": DID, "handle": HANDLE, "active": True, "didDoc": document}

    def admit(self, request: Request, kind: str = "access") -> None:
        token = request.bearer()
        if not token:
            raise Refusal(401, "AuthMissing", "Authentication Required")
        found = self.books.get("token", token)
        if found is None or found["kind"] != kind:
            raise Refusal(400, "InvalidToken", "Token could not be verified")
        if found["until"] <= time.time():
            raise Refusal(400, "ExpiredToken", "Token has expired")

    def refresh_session(self, request: Request) -> Response:
        self.admit(request, "refresh")
        self.books.drop("token", request.bearer())
        return self.session()

    def get_session(self, request: Request) -> Response:
        self.admit(request)
        return self.ok(self.identity())

    # --- records ---

    def create_record(self, request: Request) -> Response:
        given = self.written(request)
        rkey = given.get("rkey") or tid()
        self.check(given, rkey)
        if self.books.get(given["collection"], rkey):
            # The reference server fails inside its tree here; it does not say "already there".
            raise Refusal(500, "InternalServerError", "Internal Server Error")
        return self.keep(given, rkey)

    def put_record(self, request: Request) -> Response:
        given = self.written(request)
        rkey = str(given.get("rkey", ""))
        self.check(given, rkey)
        current = self.books.get(given["collection"], rkey)
        if current and current["cid"] == record_cid(given["record"]):
            return self.ok({"uri": current["uri"], "cid": current["cid"], "validationStatus": "valid"})
        there = current["cid"] if current else None
        if "swapRecord" in given and given["swapRecord"] != there:
            raise Refusal(400, "InvalidSwap", f"Record was at {there or 'null'}")
        return self.keep(given, rkey)

    def written(self, request: Request) -> dict[str, Any]:
        self.admit(request)
        try:
            given = request.json()
        except ValueError:
            raise Refusal(400, "InvalidRequest", "Unexpected token in JSON") from None
        if given.get("repo") not in {DID, HANDLE}:
            raise Refusal(400, "InvalidRequest", "Could not find repo")
        return dict(given)

    def check(self, given: dict[str, Any], rkey: str) -> None:
        record = given.get("record")
        if not isinstance(record, dict) or not RECORD_KEY.fullmatch(rkey):
            raise Refusal(400, "InvalidRequest", "Input/rkey must be a valid Record Key")
        if given.get("collection") != POST:
            return
        if not TID.fullmatch(rkey):
            raise Refusal(400, "InvalidRequest", f"Invalid {POST} record: Record key must be a TID")
        if mistake := post_mistake(record):
            raise Refusal(400, "InvalidRequest", f"Invalid {POST} record: {mistake}")
        for blob, limit in blobs(record):
            link = blob.get("ref", {}).get("$link", "")
            if self.books.get("blob", link) is None:
                raise Refusal(400, "BlobNotFound", f"Could not find blob: {link}")
            if int(blob.get("size", 0)) > limit:
                raise Refusal(400, "BlobTooLarge", f"This file is too large, the maximum is {limit} bytes")

    def keep(self, given: dict[str, Any], rkey: str) -> Response:
        uri = f"at://{DID}/{given['collection']}/{rkey}"
        identifier = record_cid(given["record"])
        before = self.books.get(given["collection"], rkey) or {"at": time.time()}
        kept = {"uri": uri, "cid": identifier, "value": given["record"], "rkey": rkey, "at": before["at"]}
        self.books.put(given["collection"], rkey, kept)
        commit = {"cid": cid(uri.encode() + identifier.encode(), 0x71), "rev": tid()}
        return self.ok({"uri": uri, "cid": identifier, "commit": commit, "validationStatus": "valid"})

    def delete_record(self, request: Request) -> Response:
        given = self.written(request)
        self.books.drop(given["collection"], given["rkey"])
        return self.ok({})

    def get_record(self, request: Request) -> Response:
        collection, rkey = request.query.get("collection", ""), request.query.get("rkey", "")
        found = self.books.get(collection, rkey)
        if found is None:
            raise Refusal(400, "RecordNotFound", f"Could not locate record: at://{DID}/{collection}/{rkey}")
        return self.ok({name: found[name] for name in ("uri", "cid", "value")})

    def list_records(self, request: Request) -> Response:
        found = sorted(self.books.all(request.query.get("collection", "")), key=lambda one: one["rkey"], reverse=True)
        limit = min(int(request.query.get("limit", "50")), 100)
        if cursor := request.query.get("cursor"):
            found = [one for one in found if one["rkey"] < cursor]
        page = found[:limit]
        more = {"cursor": page[-1]["rkey"]} if len(found) > limit else {}
        return self.ok({"records": [{name: one[name] for name in ("uri", "cid", "value")} for one in page]} | more)

    # --- blobs ---

    def upload_blob(self, request: Request) -> Response:
        self.admit(request)
        if len(request.body) > UPLOAD_LIMIT:
            raise Refusal(413, "PayloadTooLarge", "request entity too large")
        mime = request.headers.get("content-type", "application/octet-stream")
        link = cid(request.body, 0x55)
        self.books.put("blob", link, {"mime": mime, "size": len(request.body)}, request.body)
        return self.ok({"blob": {"$type": "blob", "ref": {"$link": link}, "mimeType": mime, "size": len(request.body)}})

    def get_blob(self, request: Request) -> Response:
        link = request.query.get("cid", "")
        found, blob = self.books.get("blob", link), self.books.blob("blob", link)
        if found is None or blob is None:
            raise Refusal(400, "InvalidRequest", "Blob not found")
        return Response(200, blob, {"Content-Type": found["mime"], "Cache-Control": "max-age=3600"})

    # --- what readers see ---

    def page(self, rkey: str) -> Response:
        """The post where its address leads: in the real world a page of bsky.app."""
        kept = self.books.get(POST, rkey)
        if kept is None:
            raise Refusal(404, "NotFound", "Post not found")
        seen = {name: html.escape(str(value)) for name, value in dataclasses.asdict(self.shown(kept)).items()}
        picture = f'<img src="{seen["image"]}" alt="{seen["alt"]}">' if seen["image"] else ""
        body = PAGE.format(**seen | {"title": seen["title"] or seen["link"]}, picture=picture)
        return Response(200, body.encode(), {"Content-Type": "text/html; charset=utf-8"})

    def posts(self) -> list[Shown]:
        """Every post, oldest first."""
        return [self.shown(kept) for kept in self.books.all(POST)]

    def shown(self, kept: dict[str, Any]) -> Shown:
        record = kept["value"]
        card, picture, alt = preview(record)
        link = card.get("uri") or next(iter(links(record)), "")
        return Shown(
            id=kept["rkey"],
            at=kept["at"],
            text=record["text"],
            link=link,
            title=card.get("title", ""),
            image=f"{self.url}/xrpc/com.atproto.sync.getBlob?did={DID}&cid={picture}" if picture else "",
            alt=alt,
            key=kept["rkey"],
            note=f"{graphemes(record['text'])} of 300 characters",
        )


def tid() -> str:
    """A fresh timestamp identifier."""
    number = (time.time_ns() // 1000) << 10 | secrets.randbelow(1024)
    return "".join("234567abcdefghijklmnopqrstuvwxyz"[number >> shift & 31] for shift in range(60, -1, -5))


def post_mistake(record: dict[str, Any]) -> str:
    """What the lexicon says against the record, or nothing."""
    text = record.get("text")
    if not isinstance(text, str):
        return 'Record must have the property "text"'
    if len(text.encode()) > 3000:
        return f"string too big (maximum 3000, got {len(text.encode())}) at $.text"
    if graphemes(text) > 300:
        return f"grapheme too big (maximum 300, got {graphemes(text)}) at $.text"
    if not valid_date(record.get("createdAt")):
        return "Record/createdAt must be an valid atproto datetime (both RFC-3339 and ISO-8601)"
    if len(record.get("langs") or []) > 3:
        return "Record/langs must not have more than 3 elements"
    return facet_mistake(record.get("facets") or [], len(text.encode())) or embed_mistake(record.get("embed") or {})


def valid_date(value: Any) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except (TypeError, ValueError):
        return False


def facet_mistake(facets: list[dict[str, Any]], size: int) -> str:
    for facet in facets:
        start, end = facet["index"]["byteStart"], facet["index"]["byteEnd"]
        if not 0 <= start < end <= size:
            return f"Record/facets/index is outside the text ({start}-{end} of {size} bytes)"
    return ""


def embed_mistake(embed: dict[str, Any]) -> str:
    external = embed.get("external")
    if external is None:
        return ""
    absent = [name for name in ("uri", "title", "description") if not isinstance(external.get(name), str)]
    return f'Record/embed/external must have the property "{absent[0]}"' if absent else ""


def blobs(record: dict[str, Any]) -> list[tuple[dict[str, Any], int]]:
    """The blobs that a record embeds, each with its size limit."""
    embed = record.get("embed") or {}
    thumb = (embed.get("external") or {}).get("thumb")
    return [(image["image"], 2_000_000) for image in embed.get("images") or []] + (
        [(thumb, 1_000_000)] if thumb else []
    )


def preview(record: dict[str, Any]) -> tuple[dict[str, Any], str, str]:
    """The card, and the picture's identifier and description."""
    embed = record.get("embed") or {}
    card = embed.get("external") or {}
    image: dict[str, Any] = next(iter(embed.get("images") or []), {})
    blob = card.get("thumb") or image.get("image") or {}
    return card, blob.get("ref", {}).get("$link", ""), image.get("alt", "")


def links(record: dict[str, Any]) -> list[str]:
    """The links of a record's facets."""
    return [one["uri"] for facet in record.get("facets") or [] for one in facet["features"] if "uri" in one]
