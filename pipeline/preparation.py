"""Steps around a post: logging in, uploading, asking, looking it up. A lost answer there has posted nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta

from pipeline.compose import Limits
from pipeline.model import Sending, Unavailable, Uncertain

FRESH = timedelta(days=1)  # how long an instance's limits are believed


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
