"""Every form of every page: what has to be in the store for it to be there, and what pressing it does.

A form is known by its page, its address and the words on its button, with # for numbers. `tests/browser/test_forms.py`
presses each, and looks for forms that are not in this table.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pipeline.model import ArticleState
from tests.browser.newsroom import Newsroom

Scene = dict[str, Any]
HELD, NEW, ASIDE, ARCHIVED = ArticleState.HELD, ArticleState.NEW, ArticleState.SET_ASIDE, ArticleState.ARCHIVED


@dataclass(frozen=True)
class Press:
    """One form and its effect."""

    page: str  # its address; {names} are the scene's
    action: str
    button: str
    scene: Callable[[Newsroom], Scene]
    said: str  # on the page it leads to
    effect: Callable[[Newsroom, Scene], object]  # true when the store says so
    ticked: str = ""  # a box to tick first
    chosen: str = ""  # a state to choose first
    within: str = "main"  # where on the page it is

    @property
    def name(self) -> str:
        """What the form is known by."""
        return form_name(self.page, self.action, self.button)


def form_name(page: str, action: str, button: str) -> str:
    """A page's kind, the form's address, its words."""
    kind = "/" + page.partition("?")[0].strip("/").partition("/")[0]
    where = "any page" if action == "/logout" else kind
    return f"{where} {action} {button}"


# --- what is in the store --------------------------------------------------------------------------------------------


def nothing(_: Newsroom) -> Scene:
    """The empty store."""
    return {}


def article(state: ArticleState) -> Callable[[Newsroom], Scene]:
    """An article in this state."""
    return lambda newsroom: {"article": newsroom.article(state)}


def delivery(state: str) -> Callable[[Newsroom], Scene]:
    """A delivery in this state."""

    def made(newsroom: Newsroom) -> Scene:
        ident, number = newsroom.settled(state)
        return {"article": ident, "delivery": number}

    return made


def paused(newsroom: Newsroom) -> Scene:
    """A paused channel with a post that waits."""
    ident = newsroom.fanned()
    newsroom.paused()
    return {"article": ident}


def locked_out(newsroom: Newsroom) -> Scene:
    """A channel whose credentials work no longer."""
    return {"delivery": newsroom.locked_out()}


def flood(newsroom: Newsroom) -> Scene:
    """A flood, and another article that waits for another reason."""
    return {"flood": newsroom.flood(), "other": newsroom.article(HELD)}


def doubt(newsroom: Newsroom) -> Scene:
    """Two articles that may be one story."""
    first, held = newsroom.doubtful()
    return {"first": first, "article": held}


def silent_join(newsroom: Newsroom) -> Scene:
    """Two articles that were taken for one story, and neither was posted."""
    first, second = newsroom.silenced()
    return {"first": first, "article": second}


def posted(newsroom: Newsroom) -> Scene:
    """An article that was posted."""
    return {"article": newsroom.delivered()}


# --- what it does ----------------------------------------------------------------------------------------------------


def becomes(state: str) -> Callable[[Newsroom, Scene], bool]:
    """The article's state."""
    return lambda newsroom, scene: newsroom.state(scene["article"]) == state


def delivery_becomes(state: str) -> Callable[[Newsroom, Scene], bool]:
    """The delivery's state."""
    return lambda newsroom, scene: newsroom.delivery(scene["delivery"]) == state


def flood_becomes(state: str) -> Callable[[Newsroom, Scene], bool]:
    """Every article of the flood, and no other."""
    return lambda newsroom, scene: (
        {newsroom.state(one) for one in scene["flood"]} == {state} and newsroom.state(scene["other"]) == "held"
    )


def first_alone(newsroom: Newsroom, scene: Scene) -> bool:
    """The first of the flood is released, the others wait."""
    return [newsroom.state(one) for one in scene["flood"]] == ["new", "held", "held"]


def runs(channel: str = "desk") -> Callable[[Newsroom, Scene], bool]:
    """The channel goes on, with what waited."""
    return lambda newsroom, scene: (
        not newsroom.is_paused(channel)
        and ("article" not in scene or {str(one.state) for one in newsroom.deliveries(scene["article"])} == {"pending"})
    )


def runs_without_backlog(newsroom: Newsroom, scene: Scene) -> bool:
    """The channel goes on, without what waited."""
    mine = [str(one.state) for one in newsroom.deliveries(scene["article"]) if one.channel == "desk"]
    return not newsroom.is_paused() and mine == ["cancelled"]


def stopped(newsroom: Newsroom, _: Scene) -> bool:
    """The channel is paused."""
    return newsroom.is_paused()


def polled(newsroom: Newsroom, _: Scene) -> bool:
    """The feed is due, because a person asked."""
    return newsroom.why_polled() == "asked for by a person"


def unchanged(_: Newsroom, __: Scene) -> bool:
    """A form that only shows: the page says it all."""
    return True


def joined(newsroom: Newsroom, scene: Scene) -> bool:
    """One story."""
    return newsroom.read(scene["article"]).joined_to == scene["first"]


def twice(newsroom: Newsroom, scene: Scene) -> bool:
    """A second post on wire, and on no other channel."""
    return (newsroom.posts(scene["article"], "desk"), newsroom.posts(scene["article"], "wire")) == (1, 2)


def resolving(page: str) -> list[Press]:
    """The two words on a delivery in doubt, and the two on one that was given up or is held."""
    doubted, resolve, retry = delivery("uncertain"), "/orders/resolve", "/orders/retry"
    return [
        Press(page, resolve, "It is there", doubted, "Noted: it is there.", delivery_becomes("delivered")),
        Press(page, resolve, "It is not there: send it", doubted, "it is not there", delivery_becomes("pending")),
        Press(page, retry, "Try again", delivery("dead"), "Sent again on desk.", delivery_becomes("pending")),
        Press(page, retry, "Send now", delivery("held"), "Sent again on desk.", delivery_becomes("pending")),
    ]


def resuming(page: str, other: str) -> list[Press]:
    """A paused channel: on with its queue, on without it, on with new credentials."""
    order, said, renewed = "/orders/resume", "desk goes on.", "The credentials are renewed: resume"
    skipped = "desk goes on. 1 post that waited will not be sent."
    return [
        Press(page, order, "Resume", paused, said, runs()),
        Press(page, order, "Skip the backlog and resume", paused, skipped, runs_without_backlog),
        Press(other, order, renewed, locked_out, "toots goes on.", runs("toots")),
    ]


RELEASE, DISCARD = "/orders/release", "/orders/discard"
ONE = "/article/{article}"
PRESSES = [
    *resuming("/", "/"),
    *resolving("/"),
    Press("/", RELEASE, "Release", article(HELD), "Released: 1.", becomes("new")),
    Press("/", RELEASE, "Release", flood, "Released: 1.", first_alone, within=".flood"),
    Press("/", RELEASE, "Release all #", flood, "Released: 3.", flood_becomes("new")),
    Press("/", DISCARD, "Discard it", article(HELD), "Discarded: 0 posts", becomes("withdrawn")),
    Press("/", DISCARD, "Discard all #", flood, "Discarded: 3 articles", flood_becomes("withdrawn")),
    Press("/feeds", "/orders/poll", "Poll now", nothing, "herald: it is polled now.", polled),
    Press("/feed/herald", "/orders/poll", "Poll now", nothing, "herald: it is polled now.", polled),
    Press("/feed/herald", RELEASE, "Release all #", article(HELD), "Released: 1.", becomes("new")),
    Press("/channels", "/orders/pause", "Pause", nothing, "desk is paused; its queue is kept.", stopped),
    Press("/channels", "/orders/resume", "Resume", paused, "desk goes on.", runs()),
    Press("/channel/desk", "/orders/pause", "Pause", nothing, "desk is paused; its queue is kept.", stopped),
    *resuming("/channel/desk", "/channel/toots"),
    *resolving("/channel/desk"),
    Press("/articles", "/articles", "Show", article(HELD), "The bridge, part 1", unchanged, chosen="held"),
    Press("/deliveries", "/deliveries", "Show", delivery("dead"), "The bridge, part 1", unchanged, chosen="dead"),
    *resolving("/deliveries"),
    *resolving(ONE),
    Press(ONE, RELEASE, "Release", article(ARCHIVED), "Released: 1.", becomes("new")),
    Press(ONE, DISCARD, "Discard it", article(ASIDE), "Discarded: 0 posts", becomes("withdrawn")),
    Press(ONE, "/orders/hold", "Hold", article(NEW), "Held, with 0 posts", becomes("held")),
    Press(ONE, "/orders/republish", "Republish", posted, "It goes out again on 1 of 1.", twice, ticked="wire"),
    Press(ONE, "/orders/together", "One story: join them", doubt, "Noted: one story", joined),
    Press(ONE, "/orders/apart", "Two stories: post this one too", doubt, "Noted: two stories", becomes("new")),
    Press(ONE, "/orders/together", "One story", silent_join, "Noted: one story", joined),
    Press("/", "/orders/together", "One story", silent_join, "Noted: one story", joined),
    Press("/", "/orders/apart", "Two stories: post it", silent_join, "Noted: two stories", becomes("new")),
]

# Pressed by tests of their own.
LOGIN, LOGOUT = "/login /login Come in", "any page /logout Log out"
ONCE_MORE = "/orders /orders/republish Yes, post it once more"
ELSEWHERE = {LOGIN, LOGOUT, ONCE_MORE}
