"""Steps around a post: logging in, uploading, asking, looking it up. A lost answer there has posted nothing."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import Any

from pipeline import departure, form
from pipeline.compose import Limits
from pipeline.model import Sending, Unavailable, Uncertain

FRESH = timedelta(days=1)  # how long an instance's limits are believed


@contextmanager
def nothing_posted_yet() -> Iterator[None]:
    """What is uncertain inside, or cannot be read, is merely unavailable: it may be done again."""
    with departure.preparing():
        try:
            yield
        except Uncertain as error:
            if error.for_a_person:
                raise
            raise Unavailable(f"{error.reason} (before anything was posted)", status=error.status) from None
        except departure.MISREAD as error:
            reason = departure.misread(error, departure.trail().answered)
            raise Unavailable(f"{reason} (before anything was posted)") from None


def kept(to: Sending, name: str, of: str) -> Mapping[str, Any] | None:
    """What the vault keeps under a name, if it was learned for these settings (`of`); else nothing."""
    found = to.vault.get(name)
    return found if found is not None and found.get("of") == of else None


def keep(
    to: Sending, name: str, of: str, value: Mapping[str, Any], *, until: datetime | None = None
) -> Mapping[str, Any]:
    """Keep what was learned for these settings (`of`): a session, an id, limits. It ends with them."""
    to.vault.put(name, {**value, "of": of}, until=until)
    return value


def kept_limits(to: Sending, of: str, ask: Callable[[], Limits]) -> Limits:
    """The limits that an instance (`of`) publishes, asked once a day by all workers together."""
    known = kept(to, "limits", of)
    if known is not None:
        return read_limits(known)
    limits = ask()
    keep(to, "limits", of, asdict(limits), until=to.now + FRESH)
    return limits


def read_limits(given: Mapping[str, Any]) -> Limits:
    """Limits by the names of their fields; what is no sensible number is as if it were not said."""
    numbers = {one.name: form.whole(given.get(one.name)) for one in fields(Limits) if one.name != "counting"}
    return Limits(**numbers, counting="characters" if given.get("counting") == "characters" else None)
