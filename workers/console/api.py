"""The same as JSON: `Authorization: Bearer TOKEN`, or from our own pages the session with `X-CSRF-Token`."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from pipeline.model import Article, ArticleState, DeliveryState, UsageError
from pipeline.stages import orders, push
from pipeline.stages.once import LONGEST, KeyReused, key_for, once
from pipeline.store import articles, overview
from pipeline.world import World
from workers import needs
from workers.console.desk import Admitted, Desk, Here
from workers.console.orders import known
from workers.console.pages import configured_feeds, story
from workers.console.parameters import (
    WHOLE,
    AnyFilter,
    Before,
    ChosenByProgram,
    Name,
    RowId,
    Rows,
    YesOfProgram,
    only_known,
)
from workers.health import examine

Listed = list[dict[str, Any]]
REFUSALS = {
    401: "The token is not shown.",
    403: "The order comes from no page of the console.",
    404: "It is not there.",
    409: "The order makes no sense now; the sentence says why.",
    413: "The body is too large.",
    422: "A parameter is unknown, missing or out of bounds.",
    429: "Wrong tokens were shown too often.",
    503: "The store is away.",
}
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


class Refusal(BaseModel):
    """What every refusal says."""

    error: str


router = APIRouter(
    prefix="/api",
    tags=["standfirst"],
    dependencies=[Depends(only_known)],
    responses={status: {"model": Refusal, "description": words} for status, words in REFUSALS.items()},
)


@router.get("/overview")
def overview_(desk: Admitted) -> dict[str, Any]:
    """What is due, what needs a person, what does not run."""
    wanting = needs.needs(desk.world)
    with desk.world.store.read() as tx:
        now = desk.world.now()
        told = {"now": now, "counts": overview.counts(tx, now), "queues": overview.queues(tx, now)}
    found = [asdict(need) | {"next": need.next} for need in wanting]
    return told | {"problems": list(examine(desk.world).problems), "needs": found}


@router.get("/queues")
def queues(desk: Admitted) -> Listed:
    """Each queue: rows due, age of the oldest."""
    with desk.world.store.read() as tx:
        return overview.queues(tx, desk.world.now())


@router.get("/feeds")
def feeds_(desk: Admitted) -> Listed:
    """Every feed."""
    with desk.world.store.read() as tx:
        return [{name: row[name] for name in FEED_FIELDS} for row in configured_feeds(tx, desk)]


@router.get("/channels")
def channels(desk: Admitted) -> Listed:
    """Every channel with its mailbox."""
    with desk.world.store.read() as tx:
        return overview.channels_list(tx, desk.world.now())


@router.get("/articles")
def article_list(
    desk: Admitted,
    feed: AnyFilter = None,
    state: ArticleState | None = None,
    limit: Rows = 50,
    before: Before = 0,
) -> Listed:
    """Articles, newest first; `before` is the seq to go on from."""
    with desk.world.store.read() as tx:
        return overview.articles_list(
            tx, feed=feed, states=[state] if state else [], limit=limit, before=before or None
        )


@router.get("/deliveries")
def delivery_list(
    desk: Admitted,
    channel: AnyFilter = None,
    state: DeliveryState | None = None,
    limit: Rows = 50,
    before: Before = 0,
) -> Listed:
    """Deliveries, newest first; `before` is the id to go on from."""
    with desk.world.store.read() as tx:
        return overview.deliveries_list(
            tx, desk.world.now(), channel=channel, states=[state] if state else [], limit=limit, before=before or None
        )


@router.get("/articles/{ident}")
def article(desk: Admitted, ident: Name) -> dict[str, Any]:
    """One article's history: steps, deliveries, attempts."""
    with desk.world.store.read() as tx:
        one = articles.get(tx, ident)
        if one is None:
            raise HTTPException(404)
        told = story(tx, one, desk.world.now())
    return {
        "article": asdict(one),
        "feeds": told["through"],
        "steps": [asdict(step) for step in told["steps"]],
        "deliveries": [asdict(one) | {"attempts": told["attempts"].get(one.id, [])} for one in told["deliveries"]],
    }


@dataclass(frozen=True)
class Call:
    """An order of a program, or of a page's script: who gives it, and its key."""

    desk: Desk
    request: Request
    key: str

    def obey(self, order: str, arguments: Mapping[str, Any], act: Callable[[World], Any]) -> dict[str, Any]:
        """Carry it out for whoever may, once for each key; 409 and a sentence when it makes no sense now."""
        self.desk.accept(self.request, self.request.headers.get("x-csrf-token", ""))
        try:
            return {"done": once(self.desk.world, key_for("order", self.key), order, arguments, act)}
        except KeyReused as error:
            raise HTTPException(422, str(error)) from None
        except orders.AsksFirst as error:
            raise HTTPException(409, f'{error}; send "again": true when it is meant') from None
        except UsageError as error:
            raise HTTPException(409, str(error)) from None


IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        max_length=LONGEST,
        pattern=WHOLE,
        description="The same key carries an order out once: given again, it gets the same answer.",
    ),
]


def called(request: Request, desk: Here, idempotency_key: IdempotencyKey = "") -> Call:
    """The order that is given."""
    return Call(desk, request, idempotency_key)


Given = Annotated[Call, Depends(called)]


@router.post("/articles/{ident}/republish")
def republish(
    call: Given, ident: Name, channels: ChosenByProgram = None, again: YesOfProgram = False
) -> dict[str, Any]:
    """Deliver an article again; a second time within a minute with `again` only."""
    article = found(call, ident)
    chosen = sorted(set(channels or ()))
    return call.obey(
        "republish",
        {"article": article.id, "channels": chosen},
        lambda world: orders.republish(world, article, chosen, again=again),
    )


@router.post("/articles/{ident}/release")
def release(call: Given, ident: Name) -> dict[str, Any]:
    """Let a held article go on."""
    article = found(call, ident)
    return call.obey("release", {"article": article.id}, lambda world: len(orders.release(world, [article])))


@router.post("/articles/{ident}/hold")
def hold(call: Given, ident: Name) -> dict[str, Any]:
    """Stop what has not been sent of an article."""
    article = found(call, ident)
    return call.obey("hold", {"article": article.id}, lambda world: orders.hold(world, article))


@router.post("/articles/{ident}/discard")
def discard(call: Given, ident: Name) -> dict[str, Any]:
    """Never send what has not been sent."""
    article = found(call, ident)
    return call.obey("discard", {"article": article.id}, lambda world: orders.discard(world, article))


@router.post("/deliveries/{ident}/retry")
def retry(call: Given, ident: RowId) -> dict[str, Any]:
    """Send a dead or held delivery now."""
    return call.obey("retry", {"delivery": ident}, lambda world: orders.retry(world, ident).id)


@router.post("/deliveries/{ident}/resolve")
def resolve(call: Given, ident: RowId, there: YesOfProgram) -> dict[str, Any]:
    """A person's word on an uncertain delivery."""
    return call.obey(
        "resolve", {"delivery": ident, "there": there}, lambda world: orders.resolve(world, ident, there=there).id
    )


@router.post("/channels/{name}/pause")
def pause(call: Given, name: Name) -> dict[str, Any]:
    """Stop a channel's mailbox."""
    return call.obey("pause", {"channel": name}, lambda world: orders.pause_channel(world, name))


@router.post("/channels/{name}/resume")
def resume(call: Given, name: Name, skip: YesOfProgram = False) -> dict[str, Any]:
    """Let a channel's mailbox go on."""
    return call.obey(
        "resume",
        {"channel": name, "skip": skip},
        lambda world: orders.resume_channel(world, name, skip_backlog=skip),
    )


@router.post("/feeds/{name}/poll")
def poll(call: Given, name: Name) -> dict[str, Any]:
    """Have a feed polled now."""
    return call.obey("poll", {"feed": name}, lambda world: push.poll_now(world, known(call.desk, name)))


def found(call: Call, ident: str) -> Article:
    """The article that is meant, for whoever may order; 409 where none is known by these words, or several are."""
    call.desk.accept(call.request, call.request.headers.get("x-csrf-token", ""))
    try:
        return orders.the_article(call.desk.world, ident)
    except UsageError as error:
        raise HTTPException(409, str(error)) from None
