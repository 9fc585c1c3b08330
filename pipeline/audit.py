"""The ledger beside what an account shows: what is there twice, what is gone, what arrived after all. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pipeline import lookback, postings
from pipeline.feeds import canonical
from pipeline.model import Action, Delivery, DeliveryState, Seen
from pipeline.postings import Posting

FRESH = timedelta(minutes=2)  # what was sent just now may not be listed yet


class What(StrEnum):
    """What does not agree."""

    DOUBLED = "doubled"  # a further post of an article, beside the one in the ledger
    GONE = "gone"  # in the ledger, and not on the account
    ARRIVED = "arrived"  # nobody knew whether it had, and it is there
    ORPHANED = "orphaned"  # a part of a thread whose other parts are deleted, or whose delivery was given up
    UNKNOWN = "unknown"  # on the account, of a dead or cancelled delivery, or of none that was sent


@dataclass(frozen=True, slots=True)
class Entry:
    """One delivery in the ledger, with its article's address."""

    delivery: Delivery
    link: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One disagreement, in words, with the post it is about."""

    what: What
    delivery: int
    article: str
    said: str
    remote_id: str = ""
    url: str | None = None


def compare(ledger: Sequence[Entry], seen: Sequence[Seen], since: datetime, now: datetime) -> list[Finding]:
    """Every disagreement between ledger and account, back to `since`. Posts of other things are left alone."""
    known = _known(ledger)
    standing = {ident: part for ident, part in known.items() if part.stands}
    there = {post.remote_id for post in seen}
    gone = [_gone(part, ident) for ident, part in standing.items() if ident not in there and _listed(part, since, now)]
    strays = [post for post in seen if post.remote_id not in standing and _since(post, since)]
    agreed = there & standing.keys()
    return gone + [finding for post in strays for finding in _stray(post, known.get(post.remote_id), ledger, agreed)]


@dataclass(frozen=True, slots=True)
class _Part:
    """A post of the platform that a receipt names: a whole post, or one part of a thread."""

    entry: Entry
    posting: Posting
    number: int | None  # of a thread's part
    there: bool  # its receipt was not followed by its delete
    deleted: bool  # with its whole post

    @property
    def open(self) -> bool:
        """Whether its thread is still being sent, edited or deleted: what is there then may be half."""
        return any(postings.under_way(one) for one in self.posting.all)

    @property
    def stands(self) -> bool:
        """Whether it is to be on the account."""
        return self.there and self.posting.sent and not self.deleted

    @property
    def named(self) -> str:
        """What it is, for people."""
        title = f"“{self.entry.title or self.entry.link}”"
        return f"part {self.number + 1} of {title}" if self.number else title


def _known(ledger: Sequence[Entry]) -> dict[str, _Part]:
    """Every post of the platform that is or was named by a receipt."""
    mine: dict[str, list[Delivery]] = {}
    for one in ledger:
        mine.setdefault(one.delivery.article, []).append(one.delivery)
    entries = {one.delivery.id: one for one in ledger}
    deleted = {str(one.delivery.remote_id) for one in ledger if _is_deleted(one.delivery)}
    found: dict[str, _Part] = {}
    for made in (made for some in mine.values() for made in postings.postings(some)):
        entry, now = entries[made.post.id], set(postings.remote_ids(made.parts).values())
        gone = made.deleted or str(made.post.remote_id) in deleted
        if made.sent:
            found[str(made.post.remote_id)] = _Part(entry, made, None, there=True, deleted=gone)
        for each in made.all:
            for number, ident in postings.remote_ids(each.parts).items():
                found[ident] = _Part(entry, made, int(number), there=ident in now, deleted=gone)
    return found


def _is_deleted(delivery: Delivery) -> bool:
    return delivery.action == Action.DELETE and delivery.state == DeliveryState.DELIVERED


def _since(post: Seen, since: datetime) -> bool:
    return post.at is None or post.at >= since


def _listed(part: _Part, since: datetime, now: datetime) -> bool:
    """Whether the account's list must hold it: sent within its reach, and not just now."""
    at = part.entry.delivery.delivered_at
    return at is not None and since <= at <= now - FRESH and not part.open


def _gone(part: _Part, ident: str) -> Finding:
    one = part.entry.delivery
    said = f"{part.named} is no longer on the account"
    return Finding(What.GONE, one.id, one.article, said, ident, None if part.number else one.remote_url)


def _stray(post: Seen, part: _Part | None, ledger: Sequence[Entry], agreed: set[str]) -> list[Finding]:
    """A post that is not to be there: a part of a thread that is gone, of an article of ours, or of nobody we know."""
    if part is not None and part.number is not None:
        return [] if part.open else [_orphan(part, post)]
    mine = [one for one in ledger if _was_post(one.delivery) and _is_of(post, one)]
    if not mine or any(_resolves_itself(one.delivery) for one in mine):
        return []
    one = _likeliest(mine)
    what, said = _told(one.delivery, agreed)
    return [
        Finding(
            what, one.delivery.id, one.delivery.article, f"“{one.title or one.link}” {said}", post.remote_id, post.url
        )
    ]


def _orphan(part: _Part, post: Seen) -> Finding:
    one = part.entry.delivery
    if part.deleted:
        why = "its thread was deleted"
    elif part.posting.sent:
        why = "an edit left it out"
    else:
        why = f"its delivery is {one.state}"
    named = part.named if part.number else f"the beginning of {part.named}"
    return Finding(What.ORPHANED, one.id, one.article, f"{named} is there, and {why}", post.remote_id, post.url)


def _is_of(post: Seen, one: Entry) -> bool:
    """Whether a post is of this delivery: by its link, or as a part of its thread by its words."""
    if canonical.key(one.link) in {canonical.key(link) for link in post.links}:
        return True
    parts = one.delivery.post.parts if one.delivery.post else ()
    return any(lookback.same_words(post.text, text) for text in parts)


def _resolves_itself(delivery: Delivery) -> bool:
    """Whether it is a thread in doubt: its parts are looked for and completed when its delivery goes on."""
    return bool(delivery.post and delivery.post.parts) and postings.under_way(delivery)


def _was_post(delivery: Delivery) -> bool:
    return delivery.action == Action.POST


def _likeliest(mine: Iterable[Entry]) -> Entry:
    """The delivery that the post is of: one in doubt before one that is settled."""
    order = (DeliveryState.UNCERTAIN, DeliveryState.LEASED, DeliveryState.DELIVERED)
    return min(
        mine, key=lambda one: (order.index(one.delivery.state) if one.delivery.state in order else 9, one.delivery.id)
    )


def _told(delivery: Delivery, agreed: set[str]) -> tuple[What, str]:
    if delivery.state in (DeliveryState.UNCERTAIN, DeliveryState.LEASED):
        return What.ARRIVED, "was in doubt, and it is there"
    if delivery.state == DeliveryState.DELIVERED and str(delivery.remote_id) in agreed:
        return What.DOUBLED, "is there a second time"
    if delivery.state == DeliveryState.DELIVERED:
        return What.UNKNOWN, "is there, and no receipt stands for it"
    return What.UNKNOWN, f"is there, and its delivery is {delivery.state}"
