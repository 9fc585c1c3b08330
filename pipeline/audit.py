"""The ledger beside what an account shows: what is there twice, what is gone, what arrived after all. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pipeline.feeds import canonical
from pipeline.model import Action, Delivery, DeliveryState, Seen

FRESH = timedelta(minutes=2)  # what was sent just now may not be listed yet


class What(StrEnum):
    """What does not agree."""

    DOUBLED = "doubled"  # a further post of an article, beside the one in the ledger
    GONE = "gone"  # in the ledger, and not on the account
    ARRIVED = "arrived"  # nobody knew whether it had, and it is there
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
    deleted = {str(one.delivery.remote_id) for one in ledger if _done(one.delivery, Action.DELETE)}
    posted = {str(one.delivery.remote_id): one for one in ledger if _done(one.delivery, Action.POST)}
    standing = {ident: one for ident, one in posted.items() if ident not in deleted}
    there = {post.remote_id for post in seen}
    gone = [_gone(one) for ident, one in standing.items() if ident not in there and _listed(one.delivery, since, now)]
    strays = [post for post in seen if post.remote_id not in standing and _since(post, since)]
    return gone + [finding for post in strays for finding in _stray(post, ledger, there & standing.keys())]


def _since(post: Seen, since: datetime) -> bool:
    return post.at is None or post.at >= since


def _done(delivery: Delivery, action: Action) -> bool:
    return delivery.state == DeliveryState.DELIVERED and delivery.action == action and bool(delivery.remote_id)


def _listed(delivery: Delivery, since: datetime, now: datetime) -> bool:
    """Whether the account's list must hold it: sent within its reach, and not just now."""
    return delivery.delivered_at is not None and since <= delivery.delivered_at <= now - FRESH


def _gone(one: Entry) -> Finding:
    said = f"“{one.title or one.link}” is no longer on the account"
    return Finding(
        What.GONE, one.delivery.id, one.delivery.article, said, str(one.delivery.remote_id), one.delivery.remote_url
    )


def _stray(post: Seen, ledger: Sequence[Entry], agreed: set[str]) -> list[Finding]:
    """A post that is in no receipt: of an article of ours, or of nobody we know."""
    addresses = {canonical.key(link) for link in post.links}
    mine = [one for one in ledger if canonical.key(one.link) in addresses and _was_post(one.delivery)]
    if not mine:
        return []
    one = _likeliest(mine)
    what, said = _told(one.delivery, agreed)
    return [
        Finding(
            what, one.delivery.id, one.delivery.article, f"“{one.title or one.link}” {said}", post.remote_id, post.url
        )
    ]


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
