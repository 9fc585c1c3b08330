"""A post on a channel with everything done to it since, and the receipts of all its parts. Pure.

A thread is several posts of the platform. Each part has its receipt in the progress of the delivery that wrote it, by
its number: `None` there says that the part was deleted. What is there now is what the last word on each number says.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.model import Action, Delivery, DeliveryState, Sending

S = DeliveryState
_UNDER_WAY = (S.PENDING, S.LEASED, S.UNCERTAIN)


@dataclass(frozen=True, slots=True)
class Posting:
    """One post of an article on one channel, and its edits and deletes in order."""

    post: Delivery
    since: tuple[Delivery, ...] = ()

    @property
    def all(self) -> tuple[Delivery, ...]:
        """The post and what followed it."""
        return (self.post, *self.since)

    @property
    def last(self) -> Delivery:
        """The post as it is shown: the last of its deliveries, but for deletes, that has its receipt."""
        shown = [one for one in self.all if one.action != Action.DELETE and one.state == S.DELIVERED and one.remote_id]
        return shown[-1] if shown else self.post

    @property
    def parts(self) -> dict[str, Any]:
        """The receipts of a thread's parts that are there, by number; empty for a single post."""
        return standing(one.parts for one in self.all)

    @property
    def sent(self) -> bool:
        """Whether it arrived."""
        return self.post.state == S.DELIVERED and bool(self.post.remote_id)

    @property
    def deleted(self) -> bool:
        """Whether its delete was carried out."""
        return any(one.action == Action.DELETE and one.state == S.DELIVERED for one in self.since)

    @property
    def stands(self) -> bool:
        """Whether it arrived and no delete of it was carried out or is on its way."""
        deletes = [one for one in self.since if one.action == Action.DELETE]
        return self.sent and not any(one.state in (S.DELIVERED, S.LEASED, S.UNCERTAIN) for one in deletes)


def postings(mine: Iterable[Delivery]) -> list[Posting]:
    """The posts among the deliveries of one article to one channel, the first one first."""
    found: dict[int, Posting] = {}
    of: dict[int, int] = {}  # delivery → its post
    for one in sorted(mine, key=lambda one: one.ordinal):
        post = one.id if one.action == Action.POST else of.get(one.republish_of or 0)
        if post is None:
            continue
        of[one.id] = post
        before = found.get(post)
        found[post] = Posting(one) if before is None else Posting(before.post, (*before.since, one))
    return list(found.values())


def of_delivery(one: Delivery, mine: Iterable[Delivery]) -> Posting:
    """The post that a delivery is, or changes."""
    return next((made for made in postings(mine) if any(other.id == one.id for other in made.all)), Posting(one))


def standing(receipts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What is there of a thread: the last word on each number, without the parts that were deleted."""
    said: dict[str, Any] = {}
    for told in receipts:
        said |= told
    there = {number: told for number, told in said.items() if told is not None and number.isdigit()}
    return dict(sorted(there.items(), key=lambda pair: int(pair[0])))


def remote_id(told: Any) -> str:
    """The platform's id in a part's receipt."""
    return str(told.get("id") or told.get("uri") or "") if isinstance(told, Mapping) else str(told)


def remote_ids(told: Mapping[str, Any]) -> dict[str, str]:
    """The platform's ids of parts, by number."""
    return {number: remote_id(one) for number, one in told.items() if one is not None}


def delete_all(to: Sending, delete: Callable[[str], None]) -> None:
    """Delete a post with all its parts, the last one first, and note each: a delete that broke off goes on there.

    Backwards, so that whatever is left at any time is the beginning of the thread and no reply to nothing.
    """
    progress: Any = to.progress
    there = remote_ids(to.parts)
    for number in sorted(there, key=int, reverse=True):
        delete(there[number])
        progress[number] = None
    if to.remote_id and to.remote_id not in there.values() and not _gone(to):
        delete(to.remote_id)


def _gone(to: Sending) -> bool:
    """Whether an earlier attempt has deleted the first part."""
    return "0" in to.progress and to.progress["0"] is None and not to.parts


def under_way(one: Delivery) -> bool:
    """Whether a delivery is still being sent, or will be."""
    return one.state in _UNDER_WAY


def by_channel(mine: Sequence[Delivery]) -> dict[str, list[Delivery]]:
    """An article's deliveries by channel."""
    found: dict[str, list[Delivery]] = {}
    for one in mine:
        found.setdefault(one.channel, []).append(one)
    return found
