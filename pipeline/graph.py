"""Meta's Graph API: what its errors mean. https://developers.facebook.com/docs/graph-api/guides/error-handling"""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from pipeline import form, lookback
from pipeline.http import Answer
from pipeline.model import Rejected, Sending, Unauthorised, Unavailable

RATE = {4, 17, 32, 341, 613, 80001}
PASSING = {1, 2}
BLOCKED = 368
BLOCKED_FOR = timedelta(hours=6)
DUPLICATE = 506


class Duplicate(Exception):
    """The page has just posted the same."""


def read(answer: Answer) -> None:
    """Raise what the error in an answer means; nothing when there is none or HTTP says it all."""
    told = answer.told.get("error")
    if answer.ok or not isinstance(told, dict):
        return
    code, words = told.get("code"), f"{answer.host}: {told.get('message') or 'no words'} ({told.get('code')})"
    if code == DUPLICATE:
        raise Duplicate(words)
    if code == BLOCKED:
        raise Unavailable(words, status=answer.status, retry_after=BLOCKED_FOR)
    if code in RATE:
        raise Unavailable(words, status=answer.status, retry_after=regained(answer))
    if code in PASSING or told.get("is_transient"):
        raise Unavailable(words, status=answer.status)
    if code in {10, 102, 190} or (isinstance(code, int) and 200 <= code <= 299):
        raise Unauthorised(words, status=answer.status)
    if code == 100:
        raise Rejected(words, status=answer.status)


def pages(to: Sending, url: str, params: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
    """A listing, page by page: the next is asked for as the last one says, of the same address."""

    def onward(told: dict[str, Any]) -> dict[str, str]:
        named = dict(parse_qsl(urlsplit((told.get("paging") or {}).get("next") or "").query))
        return {name: value for name, value in named.items() if name != "access_token"}

    for told in lookback.answers(lambda asked: to.http.ask(url, params=asked, read=read).json(), params, onward):
        yield told.get("data") or []


def regained(answer: Answer) -> timedelta | None:
    """When the account may call again, as the usage header tells in minutes."""
    try:
        usage = json.loads(answer.headers.get("x-business-use-case-usage", "{}"))
        minutes = [row.get("estimated_time_to_regain_access") for rows in usage.values() for row in rows]
    except (ValueError, AttributeError, TypeError, RecursionError):
        return None
    waits = [form.wait(some, timedelta(minutes=1)) for some in minutes]
    return max((wait for wait in waits if wait), default=None)
