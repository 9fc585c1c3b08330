"""Steps around a post: logging in, uploading, asking, looking it up. A lost answer there has posted nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from pipeline.compose import Limits
from pipeline.model import Post, Sending, Unavailable, Uncertain

FRESH = timedelta(days=1)  # how long an instance's limits are believed
SKEW = timedelta(minutes=10)  # by which a platform's clock may be behind ours


@contextmanager
def nothing_posted_yet() -> Iterator[None]:
    """What is uncertain inside is merely unavailable: it may be done again."""
    try:
        yield
    except Uncertain as error:
        if error.for_a_person:
            raise
        raise Unavailable(f"{error.reason} (before anything was posted)", status=error.status) from None


def kept_limits(to: Sending, ask: Callable[[], Limits]) -> Limits:
    """The limits that an instance publishes, asked once a day by all workers together."""
    kept = to.vault.get("limits")
    if kept is not None:
        return Limits(**kept)
    limits = ask()
    to.vault.put("limits", asdict(limits), until=to.now + FRESH)
    return limits


def since(post: Post, told: object) -> bool:
    """Whether a post found on a platform can be this one: not an earlier one of the same article."""
    try:
        made = datetime.fromtimestamp(told, UTC) if isinstance(told, int | float) else datetime.fromisoformat(str(told))
    except (ValueError, OverflowError, OSError):
        return True  # it does not say
    return (made if made.tzinfo else made.replace(tzinfo=UTC)) >= post.created - SKEW
