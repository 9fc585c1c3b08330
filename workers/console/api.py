"""The same as JSON: `Authorization: Bearer TOKEN`, or from our own pages the session with `X-CSRF-Token`."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from starlette.exceptions import HTTPException

from pipeline.model import ArticleState, DeliveryState, UsageError
from pipeline.stages import orders, push
from pipeline.store import articles, overview
from workers.console.desk import Admitted, Desk, Here
from workers.console.orders import known
from workers.console.pages import configured_feeds, story
from workers.health import examine

MOST = 500
Rows = list[dict[str, Any]]
Channels = Annotated[list[str] | None, Body(embed=True)]
Yes = Annotated[bool, Body(embed=True)]
FEED_FIELDS = (
    "name",
    "url",
    "state",
    "reason",
    "title",
    "polled_at",
    "due_at",
    "due_reason",
    "changed_at",
    "failures",
    "error",
)


router = APIRouter(prefix="/api", tags=["standfirst"])


@router.get("/overview")
def overview_(desk: Admitted) -> dict[str, Any]:
    """What is due, what waits, what does not run."""
    with desk.world.store.read() as tx:
        now = desk.world.now()
        found = {"now": now, "counts": overview.counts(tx, now), "queues": overview.queues(tx, now)}
    return found | {"problems": list(examine(desk.world).problems)}


@router.get("/queues")
def queues(desk: Admitted) -> Rows:
    """Each queue: rows due, age of the oldest."""
    with desk.world.store.read() as tx:
        return overview.queues(tx, desk.world.now())


@router.get("/feeds")
def feeds_(desk: Admitted) -> Rows:
    """Every feed."""
    with desk.world.store.read() as tx:
        return [{name: row[name] for name in FEED_FIELDS} for row in configured_feeds(tx, desk)]


@router.get("/channels")
def channels(desk: Admitted) -> Rows:
    """Every channel with its mailbox."""
    with desk.world.store.read() as tx:
        return overview.channels_list(tx, desk.world.now())


@router.get("/articles")
def article_list(
    desk: Admitted,
    feed: str | None = None,
    state: ArticleState | None = None,
    limit: int = 50,
    before: int | None = None,
) -> Rows:
    """Articles, newest first; `before` is the seq to go on from."""
    with desk.world.store.read() as tx:
        return overview.articles_list(
            tx, feed=feed, states=[state] if state else [], limit=bounded(limit), before=before
        )


@router.get("/deliveries")
def delivery_list(
    desk: Admitted,
    channel: str | None = None,
    state: DeliveryState | None = None,
    limit: int = 50,
    before: int | None = None,
) -> Rows:
    """Deliveries, newest first; `before` is the id to go on from."""
    with desk.world.store.read() as tx:
        return overview.deliveries_list(
            tx, desk.world.now(), channel=channel, states=[state] if state else [], limit=bounded(limit), before=before
        )


@router.get("/articles/{ident}")
def article(desk: Admitted, ident: str) -> dict[str, Any]:
    """One article's history: steps, deliveries, attempts."""
    with desk.world.store.read() as tx:
        found = articles.get(tx, ident)
        if found is None:
            raise HTTPException(404)
        told = story(tx, found, desk.world.now())
    return {
        "article": asdict(found),
        "feeds": told["through"],
        "steps": [asdict(step) for step in told["steps"]],
        "deliveries": [asdict(one) | {"attempts": told["attempts"].get(one.id, [])} for one in told["deliveries"]],
    }


def obey(desk: Desk, request: Request, order: Callable[[], Any]) -> dict[str, Any]:
    """Give the order for whoever may; 409 and a sentence when it makes no sense now."""
    desk.accept(request, request.headers.get("x-csrf-token", ""))
    try:
        return {"done": order()}
    except UsageError as error:
        raise HTTPException(409, str(error)) from None


@router.post("/articles/{ident}/republish")
def republish(request: Request, desk: Here, ident: str, channels: Channels = None) -> dict[str, Any]:
    """Deliver an article again."""
    return obey(
        desk, request, lambda: orders.republish(desk.world, orders.the_article(desk.world, ident), channels or ())
    )


@router.post("/articles/{ident}/release")
def release(request: Request, desk: Here, ident: str) -> dict[str, Any]:
    """Let a held article go on."""
    return obey(desk, request, lambda: len(orders.release(desk.world, [orders.the_article(desk.world, ident)])))


@router.post("/articles/{ident}/hold")
def hold(request: Request, desk: Here, ident: str) -> dict[str, Any]:
    """Stop what has not been sent of an article."""
    return obey(desk, request, lambda: orders.hold(desk.world, orders.the_article(desk.world, ident)))


@router.post("/articles/{ident}/discard")
def discard(request: Request, desk: Here, ident: str) -> dict[str, Any]:
    """Never send what has not been sent."""
    return obey(desk, request, lambda: orders.discard(desk.world, orders.the_article(desk.world, ident)))


@router.post("/deliveries/{ident}/retry")
def retry(request: Request, desk: Here, ident: int) -> dict[str, Any]:
    """Send a dead or held delivery now."""
    return obey(desk, request, lambda: orders.retry(desk.world, ident).id)


@router.post("/deliveries/{ident}/resolve")
def resolve(request: Request, desk: Here, ident: int, there: Yes) -> dict[str, Any]:
    """A person's word on an uncertain delivery."""
    return obey(desk, request, lambda: orders.resolve(desk.world, ident, there=there).id)


@router.post("/channels/{name}/pause")
def pause(request: Request, desk: Here, name: str) -> dict[str, Any]:
    """Stop a channel's mailbox."""
    return obey(desk, request, lambda: orders.pause_channel(desk.world, name))


@router.post("/channels/{name}/resume")
def resume(request: Request, desk: Here, name: str, skip: Yes = False) -> dict[str, Any]:
    """Let a channel's mailbox go on."""
    return obey(desk, request, lambda: orders.resume_channel(desk.world, name, skip_backlog=skip))


@router.post("/feeds/{name}/poll")
def poll(request: Request, desk: Here, name: str) -> dict[str, Any]:
    """Have a feed polled now."""
    return obey(desk, request, lambda: push.poll_now(desk.world, known(desk, name)))


def bounded(limit: int) -> int:
    """A listing's length that costs nobody much."""
    return max(1, min(limit, MOST))
