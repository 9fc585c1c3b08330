"""The buttons: each is a POST of a page of ours, does one thing, once, and says what became of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from pipeline.model import Article, UsageError
from pipeline.stages import orders, push
from pipeline.stages.once import LONGEST, asked, key_for, once
from pipeline.store import overview
from pipeline.wording import counted
from pipeline.world import World
from workers import comparing
from workers.console.desk import Desk, Here
from workers.console.guard import is_ours
from workers.console.parameters import WHOLE, Chosen, Number, Text, Yes

router = APIRouter(prefix="/orders", include_in_schema=False)

Key = Annotated[str, Form(max_length=LONGEST, pattern=WHOLE)]
MOST = 100_000  # articles that one order is about


@dataclass(frozen=True)
class Submitted:
    """What every form of ours carries: whose page it is, a key of its own, and where to go back to."""

    desk: Desk
    request: Request
    csrf: str
    key: str
    back: str

    def obey(self, order: str, arguments: Mapping[str, Any], act: Callable[[World], str]) -> Response:
        """Carry out the order for whoever may, once for each form, and go back to the page with a word on it."""
        try:
            return self.desk.back(self.back, self.carried_out(order, arguments, act))
        except UsageError as error:
            return self.desk.back(self.back, str(error))

    def carried_out(self, order: str, arguments: Mapping[str, Any], act: Callable[[World], str]) -> str:
        """What became of it. Raises UsageError where it makes no sense now."""
        self.desk.accept(self.request, self.csrf)
        # The same form with another choice, as after the browser's back button, is another order.
        key = key_for("page", f"{self.key}:{asked(order, arguments)}") if self.key else ""
        return once(self.desk.world, key, order, arguments, act)

    def ask(self, question: str, words: str, order: str, fields: Mapping[str, Any]) -> Response:
        """A page that asks whether the order is meant; it has the button that gives it."""
        to = self.back if is_ours(self.back) else "/"
        values: dict[str, Any] = {
            "question": question,
            "words": f"{words[:1].upper()}{words[1:]}.",
            "order": order,
            "fields": fields,
        }
        return self.desk.page(self.request, "question.html", to=to, **values)


def given(request: Request, desk: Here, csrf: Text, key: Key = "", back: Text = "/") -> Submitted:
    """The form that was sent."""
    return Submitted(desk, request, csrf, key, back)


Given = Annotated[Submitted, Depends(given)]


@router.post("/republish")
def republish(form: Given, article: Text, channel: Chosen = None, again: Yes = False) -> Response:
    """Deliver an article again, on the chosen channels; a second time within a minute after a question only."""
    chosen = sorted(set(channel or ()))

    def order(world: World) -> str:
        if not chosen:
            raise UsageError("Nothing was ordered: choose at least one channel.")
        written = orders.republish(world, orders.the_article(world, article), chosen, again=again)
        return f"It goes out again on {len(written)} of {len(chosen)}." if written else "It is on its way already."

    try:
        said = form.carried_out("republish", {"article": article, "channels": chosen}, order)
    except orders.AsksFirst as error:
        return form.ask(
            "Post it once more?", str(error), "republish", {"article": article, "channel": chosen, "again": "true"}
        )
    except UsageError as error:
        said = str(error)
    return form.desk.back(form.back, said)


@router.post("/retry")
def retry(form: Given, delivery: Number) -> Response:
    """Send a dead or held delivery now."""
    return form.obey(
        "retry", {"delivery": delivery}, lambda world: f"Sent again on {orders.retry(world, delivery).channel}."
    )


@router.post("/resolve")
def resolve(form: Given, delivery: Number, there: Yes) -> Response:
    """A person's word on an uncertain delivery."""

    def order(world: World) -> str:
        orders.resolve(world, delivery, there=there)
        return "Noted: it is there." if there else "Noted: it is not there, and is sent again."

    return form.obey("resolve", {"delivery": delivery, "there": there}, order)


@dataclass(frozen=True)
class Which:
    """The articles that an order is about: one, or those held of a feed, or those of them that a card showed."""

    article: str
    feed: str
    reason: str
    upto: int

    def found(self, world: World) -> list[Article]:
        """They themselves, oldest first. What came after the page was drawn is not among a card's."""
        if self.article:
            return [orders.the_article(world, self.article)]
        if not self.feed:
            raise UsageError("Nothing was ordered: say which article.")
        with world.store.read() as tx:
            return overview.held_articles(tx, self.feed, reason=self.reason or None, upto=self.upto or None, limit=MOST)

    def words(self) -> dict[str, Any]:
        """What tells the order from others."""
        return {"article": self.article, "feed": self.feed, "reason": self.reason, "upto": self.upto}


def which(article: Text = "", feed: Text = "", reason: Text = "", upto: Number = 0) -> Which:
    """The articles that were named."""
    return Which(article, feed, reason, upto)


Articles = Annotated[Which, Depends(which)]


@router.post("/release")
def release(form: Given, wanted: Articles) -> Response:
    """Let a held article go on, or all of a feed, or all of a card."""
    return form.obey(
        "release", wanted.words(), lambda world: f"Released: {len(orders.release(world, wanted.found(world)))}."
    )


@router.post("/hold")
def hold(form: Given, article: Text) -> Response:
    """Stop what has not been sent of an article."""

    def order(world: World) -> str:
        held = orders.hold(world, orders.the_article(world, article))
        return f"Held, with {counted(held, 'post')} that {'was' if held == 1 else 'were'} not sent yet."

    return form.obey("hold", {"article": article}, order)


@router.post("/discard")
def discard(form: Given, wanted: Articles) -> Response:
    """Never send what has not been sent of an article, or of all that a card showed."""

    def order(world: World) -> str:
        found = wanted.found(world)
        gone = sum(orders.discard(world, one) for one in found)
        them = f"{counted(len(found), 'article')} and " if not wanted.article else ""
        return f"Discarded: {them}{counted(gone, 'post')} that will not be sent."

    return form.obey("discard", wanted.words(), order)


@router.post("/apart")
def apart(form: Given, article: Text, other: Text) -> Response:
    """These are two stories: the held one goes its own way."""
    return form.obey(
        "apart",
        {"article": article, "other": other},
        lambda world: _noted(comparing.apart(world, comparing.pair(world, article, other))),
    )


@router.post("/together")
def together(form: Given, article: Text, other: Text) -> Response:
    """These are one story: the held one joins the other."""
    return form.obey(
        "together",
        {"article": article, "other": other},
        lambda world: _noted(comparing.together(world, comparing.pair(world, article, other))),
    )


def _noted(said: str) -> str:
    return f"{said[:1].upper()}{said[1:]}."


@router.post("/pause")
def pause(form: Given, channel: Text) -> Response:
    """Stop a channel's mailbox."""

    def order(world: World) -> str:
        orders.pause_channel(world, channel)
        return f"{channel} is paused; its queue is kept."

    return form.obey("pause", {"channel": channel}, order)


@router.post("/resume")
def resume(form: Given, channel: Text, skip: Yes = False) -> Response:
    """Let a channel's mailbox go on, with or without what waited."""

    def order(world: World) -> str:
        skipped = orders.resume_channel(world, channel, skip_backlog=skip)
        rest = f" {counted(skipped, 'post')} that waited will not be sent." if skip else ""
        return f"{channel} goes on.{rest}"

    return form.obey("resume", {"channel": channel, "skip": skip}, order)


@router.post("/poll")
def poll(form: Given, feed: Text) -> Response:
    """Have a feed polled now."""
    return form.obey("poll", {"feed": feed}, lambda world: f"{feed}: {push.poll_now(world, known(form.desk, feed))}.")


def known(desk: Desk, feed: str) -> str:
    """The name of a feed that is configured."""
    if feed not in desk.config.feeds:
        raise UsageError(f"There is no feed called “{feed}”.")
    return feed
