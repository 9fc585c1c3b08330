"""Dates of feeds that feedparser leaves unread or reads wrongly. Pure."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from time import struct_time

_OFFSET = re.compile(r"\b(?:UTC|GMT)\s*([+-])(\d{1,2})(?::?(\d{2}))?\b", re.IGNORECASE)
_WEEKDAY = re.compile(r"^\s*[^\W\d]+\.?\s*,?\s+(?=\d)")
# Month names of the languages whose publishers translate their dates, by their beginnings.
_MONTHS = {
    1: ("jän", "jan", "gen", "ene", "янв", "sty"),
    2: ("feb", "fév", "fev", "фев", "lut"),
    3: ("mär", "mar", "mrz", "maa", "mrt", "мар"),
    4: ("apr", "avr", "abr", "апр", "kwi"),
    5: ("mai", "may", "mag", "mei", "maj", "май", "мая"),
    6: ("jun", "juin", "giu", "июн", "cze"),
    7: ("jul", "juil", "lug", "июл", "lip"),
    8: ("aug", "aoû", "aou", "ago", "авг", "sie"),
    9: ("sep", "set", "сен", "wrz"),
    10: ("okt", "oct", "ott", "out", "окт", "paź"),
    11: ("nov", "ноя", "lis"),
    12: ("dez", "dec", "déc", "dic", "дек", "gru"),
}
_ENGLISH = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def moment(raw: str | None, parsed: struct_time | None) -> datetime | None:
    """When it was, in UTC: as feedparser read it, unless the text is of a kind that it gets wrong."""
    if not raw and parsed is None:
        return None
    text = (raw or "").strip()[:100]
    if text.isascii() and text.isdigit() and len(text) in (10, 13):
        return datetime.fromtimestamp(int(text) / (1000 if len(text) == 13 else 1), UTC)
    if parsed is not None and not _OFFSET.search(text):
        return _instant(parsed)
    return _spelled(text) if text else None


def _instant(parsed: struct_time) -> datetime | None:
    try:
        if 0 <= parsed[5] < 60:
            return datetime(*parsed[:6], tzinfo=UTC)
        return datetime(*parsed[:5], tzinfo=UTC) + timedelta(seconds=min(parsed[5], 60))
    except (ValueError, TypeError, OverflowError):
        return None


def _spelled(text: str) -> datetime | None:
    text = _OFFSET.sub(lambda found: f"{found[1]}{int(found[2]):02d}{found[3] or '00'}", text)
    text = _WEEKDAY.sub("", re.sub(r"(\d{1,2}:\d{2}):60\b", r"\1:59", text))
    text = re.sub(r"(\d)\.(?=\s)", r"\1", text)
    text = re.sub(r"[^\W\d]{3,}\.?", lambda found: _month(found[0]) or found[0], text, count=1)
    try:
        found = parsedate_to_datetime(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _month(word: str) -> str | None:
    word = word.lower()
    return next((_ENGLISH[number - 1] for number, names in _MONTHS.items() if word.startswith(names)), None)
