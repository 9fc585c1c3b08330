"""Looking back through what an account shows, page by page: for a post that may be there, and for an audit.

“It is not there” is said only when everything was seen, back to the time at which the post could have left.
"""

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pipeline.feeds import canonical
from pipeline.model import Post, Receipt, Seen, Sending, Uncertain
from pipeline.wording import counted

MARGIN = timedelta(minutes=10)  # by which a platform's clock may be behind ours
PAGES = 50  # how many are asked for before a doubt goes to a person
AUDIT_PAGES = 250
LINK = re.compile(r"https?://[^\s<>\"]+")
CLOSING = ".,;:!?'\"*_~|>)]}»”’"  # what may follow a link in a text, and is no part of it then
HREF = re.compile(r"""href=["']([^"']+)["']""")
BREAK = re.compile(r"(?i)<(?:br|/?(?:p|div|li|h[1-6]))\b[^>]*>")
TAG = re.compile(r"<[^>]*>")  # the others stand inside words: a link is shown in pieces

Pages = Iterable[Sequence[Seen]]  # newest first, but for what is pinned; an empty one ends nothing


class OutOfReach(Exception):
    """The account shows more than is looked through. Its text says how much was seen."""


def find(
    pages: Pages,
    post: Post,
    to: Sending,
    is_it: Callable[[Seen], bool],
    *,
    ordered: bool = True,
    most: int = PAGES,
) -> Receipt | None:
    """The receipt of a post that arrived; None when it did not; a doubt for a person when neither can be said."""
    seen = back(pages, reach(post, to), most, ordered=ordered)
    try:
        found = next((one for one in seen if is_it(one) and not to.taken(one.remote_id)), None)
    except OutOfReach as error:
        raise Uncertain(f"whether it arrived cannot be told: {error}", for_a_person=True) from None
    return Receipt(found.remote_id, found.url) if found else None


def reach(post: Post, to: Sending) -> datetime:
    """How far back a post can be, by the platform's clock."""
    return (to.since or post.created) - MARGIN


def listing(pages: Pages, since: datetime, *, ordered: bool = True, most: int = AUDIT_PAGES) -> list[Seen]:
    """Everything that an account shows since then, for the audit."""
    try:
        return list(back(pages, since, most, ordered=ordered))
    except OutOfReach as error:
        raise Uncertain(f"{error}; ask for fewer days", for_a_person=True) from None


def answers(
    ask: Callable[[dict[str, Any]], Any], asked: dict[str, Any], onward: Callable[[Any], Mapping[str, Any]]
) -> Iterator[Any]:
    """The answers of a listing one after the other; `onward` names what leads on from each, if there is anything."""
    while True:
        told = ask(asked)
        yield told
        following = {name: value for name, value in onward(told).items() if value}
        if not following:
            return
        asked = {**asked, **following}


def by(name: str, told_as: str | None = None) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """A cursor that is asked for by this name, and told by the same or another."""
    return lambda told: {name: told.get(told_as or name)}


def back(pages: Pages, since: datetime, most: int, *, ordered: bool = True) -> Iterator[Seen]:
    """Each post since then, once, and those without a time; OutOfReach where the pages do not get that far."""
    known: set[str] = set()
    last: list[str] = []
    for number, page in enumerate(pages):
        ids = [one.remote_id for one in page]
        if number == most or (ids == last and len(ids) > 1):  # … or it gives the same page whatever is asked
            raise OutOfReach(_short(known, since))
        fresh = [one for one in page if one.remote_id not in known]
        yield from (one for one in fresh if one.at is None or one.at >= since)
        if (ordered and _older(fresh, since)) or (page and ids == last):  # a cursor that includes the last one
            return
        known.update(ids)
        last = ids


def _older(page: Sequence[Seen], since: datetime) -> bool:
    """Whether all of a page is from before: one old post may be pinned, or shown out of its turn."""
    times = [one.at for one in page if one.at is not None]
    return bool(times) and max(times) < since


def _short(known: set[str], since: datetime) -> str:
    reach = counted(len(known), "post does not reach", "posts do not reach")
    return f"the account's last {reach} back to {since.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


# --- which post it is ------------------------------------------------------------------------------------------------


def of(post: Post) -> Callable[[Seen], bool]:
    """Whether something seen is this post: it has its link, or its words where the link cannot be told from another."""
    wanted, site, words = _key(post.link), canonical.site(post.link), _letters(post.text)

    def is_it(one: Seen) -> bool:
        if wanted and any(_key(link) == wanted for link in one.links):
            return True
        another = bool(site) and any(canonical.site(link) == site for link in one.links)
        return not another and bool(words) and _letters(one.text) == words

    return is_it


def part_in_doubt(post: Post, to: Sending) -> tuple[str, Post]:
    """The part of a thread that may be there: the first that has no receipt. Each waits for the one before."""
    number = next((n for n in range(len(post.parts)) if str(n) not in to.progress), len(post.parts) - 1)
    return str(number), part(post, number)


def part(post: Post, number: int) -> Post:
    """One part of a thread as a post of its own, with the link where it stands in it."""
    text = post.parts[number]
    return replace(post, text=text, link=post.link if post.link in text else "", parts=())


def same_words(one: str, other: str) -> bool:
    """Whether two texts say the same, whatever a platform did to spaces, quotes and links."""
    return _letters(one) == _letters(other) != ""


def marked(to: Sending) -> Callable[[Seen], bool]:
    """Whether something seen carries our key."""
    return lambda one: one.mark == to.key


def links(text: str) -> tuple[str, ...]:
    """The addresses in a plain text; where it is unclear what ends one, every reading."""
    return tuple(dict.fromkeys(form for link in LINK.findall(text) for form in _readings(link)))


def _readings(link: str) -> Iterator[str]:
    yield link
    while link[-1] in CLOSING:
        link = link[:-1]
        yield link


def hrefs(markup: str) -> tuple[str, ...]:
    """The addresses in a text in HTML: those it links to, and those that stand in it."""
    return (*(html.unescape(link) for link in HREF.findall(markup)), *links(words(markup)))


def words(markup: str) -> str:
    """The words of a text in HTML, for comparing."""
    return html.unescape(TAG.sub("", BREAK.sub(" ", markup)))


def at(told: object) -> datetime | None:
    """The moment in a platform's time, ISO or Unix; None when it does not say."""
    try:
        made = datetime.fromtimestamp(told, UTC) if isinstance(told, int | float) else datetime.fromisoformat(str(told))
    except (ValueError, OverflowError, OSError):
        return None
    return made if made.tzinfo else made.replace(tzinfo=UTC)


def _key(link: str) -> str:
    return canonical.key(link) if link else ""


def _letters(text: str) -> str:
    """What stays of a text whatever a platform does to its spaces, quotes and links."""
    return re.sub(r"[\W_]+", "", LINK.sub("", text)).casefold()
