"""Looking back through what an account shows, page by page: for a post that may be there, and for an audit.

“It is not there” is said only when everything was seen, back to the time at which the post could have left.
"""

import html
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from pipeline.feeds import canonical
from pipeline.model import Post, Receipt, Seen, Sending, Uncertain

MARGIN = timedelta(minutes=10)  # by which a platform's clock may be behind ours
PAGES = 50  # how many are asked for before a doubt goes to a person
AUDIT_PAGES = 250
LINK = re.compile(r"https?://[^\s<>\"]+")
CLOSING = ".,;:!?'\"*_~|>)]}»”’"  # what may follow a link in a text, and is no part of it then
HREF = re.compile(r"""href=["']([^"']+)["']""")
TAG = re.compile(r"<[^>]*>")

Pages = Iterable[Sequence[Seen]]  # newest first, but for what is pinned; an empty one ends nothing


class OutOfReach(Exception):
    """The account shows more than is looked through. Its text says how much was seen."""


def find(
    pages: Pages, post: Post, to: Sending, is_it: Callable[[Seen], bool], *, ordered: bool = True
) -> Receipt | None:
    """The receipt of a post that arrived; None when it did not; a doubt for a person when neither can be said."""
    since = (to.since or post.created) - MARGIN
    seen = back(pages, since, PAGES, ordered=ordered)
    try:
        found = next((one for one in seen if is_it(one) and not to.taken(one.remote_id)), None)
    except OutOfReach as error:
        raise Uncertain(f"whether it arrived cannot be told: {error}", for_a_person=True) from None
    return Receipt(found.remote_id, found.url) if found else None


def listing(pages: Pages, since: datetime, *, ordered: bool = True) -> list[Seen]:
    """Everything that an account shows since then, for the audit."""
    try:
        return list(back(pages, since, AUDIT_PAGES, ordered=ordered))
    except OutOfReach as error:
        raise Uncertain(f"{error}; ask for fewer days", for_a_person=True) from None


def back(pages: Pages, since: datetime, most: int, *, ordered: bool = True) -> Iterator[Seen]:
    """Each post since then, once, and those without a time; OutOfReach where the pages do not get that far."""
    known: set[str] = set()
    for number, page in enumerate(pages):
        fresh = [one for one in page if one.remote_id not in known]
        if number == most or (len(page) > 1 and not fresh):  # … or it gives the same page again and again
            raise OutOfReach(_short(known, since))
        if page and not fresh:
            return  # a platform whose cursor includes the last one
        known |= {one.remote_id for one in fresh}
        yield from (one for one in fresh if one.at is None or one.at >= since)
        if ordered and _older(fresh, since):
            return


def _older(page: Sequence[Seen], since: datetime) -> bool:
    """Whether all of a page is from before: one old post may be pinned, or shown out of its turn."""
    times = [one.at for one in page if one.at is not None]
    return bool(times) and max(times) < since


def _short(known: set[str], since: datetime) -> str:
    return f"the account's last {len(known)} posts do not reach back to {since.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


# --- which post it is ------------------------------------------------------------------------------------------------


def of(post: Post) -> Callable[[Seen], bool]:
    """Whether something seen is this post: by its link; by its words where it has none."""
    if not post.link:
        words = _letters(post.text)
        return lambda one: bool(words) and _letters(one.text) == words
    wanted = canonical.key(post.link)
    return lambda one: any(canonical.key(link) == wanted for link in one.links)


def marked(to: Sending) -> Callable[[Seen], bool]:
    """Whether something seen carries our key."""
    return lambda one: one.mark == to.key


def links(text: str) -> tuple[str, ...]:
    """The addresses in a plain text; of two readings of an address's end, both."""
    found = LINK.findall(text)
    return tuple(dict.fromkeys(form for link in found for form in (link, link.rstrip(CLOSING))))


def hrefs(markup: str) -> tuple[str, ...]:
    """The addresses in a text in HTML: those it links to, and those that stand in it."""
    return (*(html.unescape(link) for link in HREF.findall(markup)), *links(words(markup)))


def words(markup: str) -> str:
    """The words of a text in HTML, for comparing."""
    return html.unescape(TAG.sub(" ", markup))


def at(told: object) -> datetime | None:
    """The moment in a platform's time, ISO or Unix; None when it does not say."""
    try:
        made = datetime.fromtimestamp(told, UTC) if isinstance(told, int | float) else datetime.fromisoformat(str(told))
    except (ValueError, OverflowError, OSError):
        return None
    return made if made.tzinfo else made.replace(tzinfo=UTC)


def _letters(text: str) -> str:
    """What stays of a text whatever a platform does to its spaces, quotes and links."""
    return re.sub(r"[\W_]+", "", text).casefold()
