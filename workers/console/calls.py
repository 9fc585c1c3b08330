"""What others call without a session: our own feeds' readers, a CMS's hook, the feeds' hubs."""

from email.utils import formatdate
from hashlib import blake2b
from pathlib import Path
from typing import Any

import structlog
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response

from pipeline.model import UsageError
from pipeline.stages import push
from pipeline.stages.once import key_for, once
from pipeline.syndication import FILES
from workers.console.desk import Desk, Here, client
from workers.console.parameters import Name

PAGE_POLICY = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src https: http: data:; frame-ancestors 'none'"

log = structlog.get_logger()
router = APIRouter(include_in_schema=False)


@router.api_route("/feeds/{channel}/{name:path}", methods=["GET", "HEAD"])
def outfeed(request: Request, desk: Here, channel: Name, name: Name) -> Response:
    """A file of one of our own feeds."""
    path = file_of(desk, channel, name or "index.html")
    if path is None:
        raise HTTPException(404)
    return served(request, path, FILES[path.name])


@router.post("/hooks/feeds/{name}")
def hook(request: Request, desk: Here, name: Name) -> Response:
    """A CMS says that there is news."""
    return hooked(desk, request, name)


@router.get("/websub/{token}")
def confirm(request: Request, desk: Here, token: Name) -> Response:
    """A hub asks whether we meant it (W3C WebSub, 5.3)."""
    challenge = push.confirm(desk.world, token, dict(request.query_params))
    if challenge is None:
        return PlainTextResponse("No such subscription was asked for.\n", 404)
    return PlainTextResponse(challenge)


@router.post("/websub/{token}")
async def pushed(request: Request, desk: Here, token: Name) -> Response:
    """A hub sends news. A bad signature is answered like a good one: who forges learns nothing (W3C WebSub, 8)."""
    body = await request.body()
    headers = {name.lower(): value for name, value in request.headers.items()}
    known = await run_in_threadpool(push.pushed, desk.world, token, headers, body)
    return Response(status_code=202 if known else 410)


# --- our own feeds ---------------------------------------------------------------------------------------------------


def file_of(desk: Desk, channel: Name, name: Name) -> Path | None:
    """A document of an outfeed channel that is meant for readers; None for anything else in its folder or beside it."""
    config = desk.config.channels.get(channel)
    if config is None or config.kind != "outfeed" or name not in FILES:
        return None
    folder = folder_of(desk, config.settings)
    path = folder / name if folder else None
    return path if path and path.is_file() and not path.is_symlink() else None


def folder_of(desk: Desk, settings: Any) -> Path | None:
    """Where an outfeed channel writes."""
    given = settings.get("folder")
    return (desk.config.settings.folder / str(given)).resolve() if given else None


def served(request: Request, path: Path, kind: str) -> Response:
    """The file, or 304 when the reader has it."""
    body = path.read_bytes()
    etag = f'"{blake2b(body, digest_size=12).hexdigest()}"'
    headers = {
        "etag": etag,
        "last-modified": formatdate(path.stat().st_mtime, usegmt=True),
        "cache-control": "public, max-age=60",
        "access-control-allow-origin": "*",
        "cross-origin-resource-policy": "cross-origin",
        "content-security-policy": PAGE_POLICY,
    }
    if is_known(request, etag, headers["last-modified"]):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=kind, headers=headers)


def is_known(request: Request, etag: str, modified: str) -> bool:
    """Whether the reader's validators say that it has this version; If-None-Match wins (RFC 9110, 13.2.2)."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        return tags.strip() == "*" or etag in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
    return request.headers.get("if-modified-since") == modified


# --- a CMS says that there is news ----------------------------------------------------------------------------------


def hooked(desk: Desk, request: Request, name: str) -> Response:
    """Poll a feed now, for whoever knows its hook's secret; the poll is conditional like every other."""
    feed = desk.config.feeds.get(name)
    secret = feed.hook.reveal() if feed and feed.hook else ""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    door = f"hook {name}" if secret else "hook"  # one for all feeds that have none
    shown = given if scheme.lower() == "bearer" else ""
    if not desk.throttle.examine(door, client(request), secret, shown):
        return PlainTextResponse("Send the hook's secret as `Authorization: Bearer SECRET`.\n", 401)
    try:
        key = key_for(f"hook:{name}", request.headers.get("idempotency-key", ""))
        said = once(desk.world, key, "hook", {"feed": name}, lambda world: push.ping(world, name))
    except UsageError as error:
        return PlainTextResponse(f"{error}\n", 422)
    log.info("hook_called", feed=name, reason=said)
    return PlainTextResponse(f"{name}: {said}.\n", 202)
