"""The buttons: each is a POST of a page of ours, does one thing, and says what became of it."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from pipeline.model import UsageError
from pipeline.stages import orders, push
from pipeline.store import overview
from workers import comparing
from workers.console.desk import Desk, Here

router = APIRouter(prefix="/orders", include_in_schema=False)

Text = Annotated[str, Form(max_length=2000)]
Number = Annotated[int, Form()]
Yes = Annotated[bool, Form()]
Names = Annotated[list[str] | None, Form()]


def obey(desk: Desk, request: Request, csrf: str, back: str, order: Callable[[], str]) -> Response:
    """Give the order for whoever may, and go back to the page with a word on it."""
    desk.accept(request, csrf)
    try:
        said = order()
    except UsageError as error:
        said = str(error)
    return desk.back(back, said)


@router.post("/republish")
def republish(
    request: Request, desk: Here, csrf: Text, article: Text, channel: Names = None, back: Text = "/"
) -> Response:
    """Deliver an article again, on the chosen channels."""

    def order() -> str:
        if not channel:
            return "Nothing was ordered: choose at least one channel."
        written = orders.republish(desk.world, orders.the_article(desk.world, article), channel)
        return f"It goes out again on {len(written)} of {len(channel)}." if written else "It is on its way already."

    return obey(desk, request, csrf, back, order)


@router.post("/retry")
def retry(request: Request, desk: Here, csrf: Text, delivery: Number, back: Text = "/") -> Response:
    """Send a dead or held delivery now."""
    return obey(desk, request, csrf, back, lambda: f"Sent again on {orders.retry(desk.world, delivery).channel}.")


@router.post("/resolve")
def resolve(request: Request, desk: Here, csrf: Text, delivery: Number, there: Yes, back: Text = "/") -> Response:
    """A person's word on an uncertain delivery."""

    def order() -> str:
        orders.resolve(desk.world, delivery, there=there)
        return "Noted: it is there." if there else "Noted: it is not there, and is sent again."

    return obey(desk, request, csrf, back, order)


@router.post("/release")
def release(
    request: Request, desk: Here, csrf: Text, article: Text = "", feed: Text = "", back: Text = "/"
) -> Response:
    """Let a held article go on, or all of a feed."""

    def order() -> str:
        if article:
            found = [orders.the_article(desk.world, article)]
        else:
            with desk.world.store.read() as tx:
                found = overview.held_articles(tx, feed or None)
        return f"Released: {len(orders.release(desk.world, found))}."

    return obey(desk, request, csrf, back, order)


@router.post("/hold")
def hold(request: Request, desk: Here, csrf: Text, article: Text, back: Text = "/") -> Response:
    """Stop what has not been sent of an article."""

    def order() -> str:
        held = orders.hold(desk.world, orders.the_article(desk.world, article))
        return f"Held; {held} posts that were not sent yet wait with it."

    return obey(desk, request, csrf, back, order)


@router.post("/discard")
def discard(request: Request, desk: Here, csrf: Text, article: Text, back: Text = "/") -> Response:
    """Never send what has not been sent of an article."""

    def order() -> str:
        gone = orders.discard(desk.world, orders.the_article(desk.world, article))
        return f"Discarded; {gone} posts will not be sent."

    return obey(desk, request, csrf, back, order)


@router.post("/apart")
def apart(request: Request, desk: Here, csrf: Text, article: Text, other: Text, back: Text = "/") -> Response:
    """These are two stories: the held one goes its own way."""
    return obey(desk, request, csrf, back, lambda: _noted(comparing.apart(desk.world, _pair(desk, article, other))))


@router.post("/together")
def together(request: Request, desk: Here, csrf: Text, article: Text, other: Text, back: Text = "/") -> Response:
    """These are one story: the held one joins the other."""
    return obey(desk, request, csrf, back, lambda: _noted(comparing.together(desk.world, _pair(desk, article, other))))


def _pair(desk: Desk, one: str, other: str) -> comparing.Pair:
    return comparing.pair(desk.world, one, other)


def _noted(said: str) -> str:
    return f"{said[:1].upper()}{said[1:]}."


@router.post("/pause")
def pause(request: Request, desk: Here, csrf: Text, channel: Text, back: Text = "/") -> Response:
    """Stop a channel's mailbox."""

    def order() -> str:
        orders.pause_channel(desk.world, channel)
        return f"{channel} is paused; its queue is kept."

    return obey(desk, request, csrf, back, order)


@router.post("/resume")
def resume(request: Request, desk: Here, csrf: Text, channel: Text, skip: Yes = False, back: Text = "/") -> Response:
    """Let a channel's mailbox go on, with or without what waited."""

    def order() -> str:
        skipped = orders.resume_channel(desk.world, channel, skip_backlog=skip)
        return f"{channel} goes on." + (f" {skipped} posts that waited were skipped." if skip else "")

    return obey(desk, request, csrf, back, order)


@router.post("/poll")
def poll(request: Request, desk: Here, csrf: Text, feed: Text, back: Text = "/") -> Response:
    """Have a feed polled now."""
    return obey(desk, request, csrf, back, lambda: f"{feed}: {push.poll_now(desk.world, known(desk, feed))}.")


def known(desk: Desk, feed: str) -> str:
    """The name of a feed that is configured."""
    if feed not in desk.config.feeds:
        raise UsageError(f"There is no feed called “{feed}”.")
    return feed
