"""Dates as feeds write them → moments, by a fixed grammar: read right, or unknown. Pure.

Read are RFC 822/2822/3339 and ISO 8601 dates, asctime, seconds and milliseconds since 1970, and what content systems
write by their own language: `2026/11/30 10:00`, `30.11.2026, 10:00 Uhr`, `30 novembre 2026 à 10h15`, `2026年11月30日`.
Whether `10/11/2026` names October or November, and which of its countries a zone such as IST stands for, is told by the
feed's other dates, its language and the country of its address (`Clock`); where they do not tell, the date is unknown.
A parser that guesses (feedparser's, dateutil's) is not asked: a wrong date posts an old article or holds a new one.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# Months by the beginnings of their names, in the languages whose publishers translate their dates; the longest counts.
_NAMES = {
    1: "jan jän gen ene янв sty led ian oca січ яну ιαν tammi يناير كانون_الثاني ינואר",
    2: "feb fév fev фев lut úno şub лют φεβ helmi فبراير פברואר",
    3: "mar mär mrz maa mrt már мар bře бер μαρ μάρ maalis مارس מרץ",
    4: "apr avr abr apr ápr апр kwi dub nis кві απρ huhti أبريل ابريل אפריל",
    5: "mai may mag mei maj maio máj май мая kvě тра μαι μαΐ μάι touko مايو מאי",
    6: "jun juin giu jún июн cze czerw červen iun haz чер юни ιουν kesä يونيو יוני",
    7: "jul juil lug júl июл červenec tem iul лип юли ιουλ heinä يوليو יולי",
    8: "aug aoû aou ago авг sie ağu agu сер αυγ αύγ elo أغسطس اغسطس אוגוסט",
    9: "sep set sett szep сен wrz zář eyl вер сеп σεπ syys سبتمبر ספטמבר",
    10: "okt oct ott out окт paź říj eki жов οκτ loka أكتوبر اكتوبر אוקטובר",
    11: "nov noi ноя kas лис ное νοε νοέ marras نوفمبر נובמבר",
    12: "dez dec déc dic дек des gru pro ara гру δεκ joulu ديسمبر דצמבר",
}
_MONTHS = {name.replace("_", " "): number for number, names in _NAMES.items() for name in names.split()}
# Names that are another month next door: by language or country.
_NEXT_DOOR = {
    "lis": {"pl": 11, "cs": 11, "cz": 11, "sk": 11, "hr": 10},
    "lip": {"pl": 7, "hr": 6},
    "srp": {"cs": 8, "cz": 8, "hr": 7},
}
_ENGLISH_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

# Hours from UTC of the names that mean one zone.
_HOURS = (
    "utc 0 gmt 0 ut 0 z 0 wet 0 uct 0 zulu 0 west 1 cet 1 mez 1 met 1 cest 2 mesz 2 mest 2 eet 2 eest 3 trt 3 msk 3"
    " msd 4 idt 3 irst 3.5 irdt 4.5 get 4 azt 4 gst 4 samt 4 aft 4.5 pkt 5 uzt 5 yekt 5 npt 5.75 omst 6 novt 7 krat 7"
    " ict 7 wib 7 wita 8 irkt 8 hkt 8 sgt 8 myt 8 pht 8 awst 8 wit 9 jst 9 kst 9 yakt 9 acst 9.5 acdt 10.5 aest 10"
    " vlat 10 chst 10 aedt 11 magt 11 nzst 12 pett 12 nzdt 13 wat 1 cat 2 sast 2 eat 3 brst -2 ndt -2.5 brt -3 art -3"
    " uyt -3 clst -3 adt -3 nst -3.5 clt -4 bot -4 vet -4 edt -4 cot -5 pet -5 cdt -5 mdt -6 mst -7 pdt -7 akdt -8"
    " akst -9 hst -10"
)
_ZONES = dict(zip(_HOURS.split()[::2], map(float, _HOURS.split()[1::2]), strict=True))
# Names that mean different zones in different countries; "" is what RFC 822 says, where nothing speaks against it.
_SHARED: dict[str, dict[str, float | None]] = {
    "ist": {"in": 5.5, "lk": 5.5, "il": 2, "ie": 1},
    "bst": {"gb": 1, "bd": 6},
    "est": {"": -5, "au": None},  # there it is said in summer and in winter
    "cst": {"": -6, "cn": 8, "tw": 8, "cu": -5, "au": 9.5},
    "pst": {"": -8, "ph": 8},
    "ast": {"ca": -4, "bm": -4, "pr": -4, "sa": 3, "kw": 3, "iq": 3, "bh": 3, "qa": 3, "ye": 3},
    "sst": {"sg": 8, "as": -11},
    "wst": {"au": 8, "ws": 13},
    "amt": {"br": -4, "am": 4},
}
_PLACES = {"et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles"}
_COUNTRIES = {
    **dict.fromkeys(("hi", "ta", "te", "ml", "kn", "mr", "gu", "pa", "or", "as"), "in"),
    "he": "il",
    "iw": "il",
    "ga": "ie",
    "cy": "gb",
    "gd": "gb",
    "zh": "cn",
    "hy": "am",
    "si": "lk",
    "uk": "ua",
}
_MONTH_FIRST = frozenset({"us", "ph"})
# Languages that put the day before the month wherever they are spoken; English and Spanish do not.
_DAY_FIRST = frozenset(
    [
        "de",
        "fr",
        "it",
        "pt",
        "nl",
        "ru",
        "uk",
        "pl",
        "cs",
        "sk",
        "ro",
        "bg",
        "el",
        "tr",
        "da",
        "nb",
        "nn",
        "no",
        "fi",
        "sv",
        "hr",
        "sr",
        "sl",
        "he",
        "ar",
        "id",
        "vi",
        "th",
        "ca",
        "gl",
        "eu",
    ]
)

_ORDINAL = r"(?:st|nd|rd|th|er|e|º|ª|\.)?+"
_OF = r"[\s,.\-]*(?:(?:de|del|of|d')\s+)?"
_WORD = r"([^\W\d_][^\W\d_]*(?:\s(?:الثاني|الأول))?)"
_YEAR_FIRST = re.compile(
    r"(?<!\d)(\d{4})\s*(?:[-/.]|年|년)\s*(\d{1,2})\s*(?:[-/.]|月|월)\s*(\d{1,2})(?!\d)\s*(?:日|일)?\.?"
)
_BASIC = re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})(?=$|[T ]\d{2}:?\d{2})")
_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4})(?!\d)")
_DAY_MONTH = re.compile(rf"(?<!\d)(\d{{1,2}}){_ORDINAL}{_OF}{_WORD}{_OF}(\d{{4}}|\d{{2}}(?=\s+\d{{1,2}}:))(?!\d)")
_MONTH_DAY = re.compile(rf"{_WORD}\.?\s+(\d{{1,2}}){_ORDINAL},?\s+(\d{{4}})(?!\d)")
_ASCTIME = re.compile(
    rf"{_WORD}\.?\s+(\d{{1,2}})\s+(\d{{1,2}}:\d{{2}}(?::\d{{2}})?)\s*([^\d]*?|[A-Z]*[+-]\d{{4}})\s+(\d{{4}})$"
)
_TIME = re.compile(
    r"(?P<before>上午|下午|午前|午後|오전|오후|[ap]\.?m\.?)?\s*(?<![\d.])(?P<hour>\d{1,2})"
    r"(?:\s*(?:[:.h]|時|时|點|点|시)\s*(?P<minute>\d{2})\s*(?:分|분)?(?:\s*[:.m]?\s*(?P<second>\d{2})(?!\d|:)(?:[.,]\d+)?)?"
    r"|(?P<basic>\d{2})(?P<basic_second>\d{2})?(?!\d)|\s*h(?!\w)|\s*(?:時|时|시)|(?=\s*[ap]\.?m\b))"
    r"\s*(?:秒|초)?\s*(?P<after>[ap]\.?\s?m\b\.?)?",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"^(?:utc|gmt|ut|z)?\s*([+\-\u2212])\s*(\d{1,2})(?:[:.]?(\d{2}))?(?!\d)", re.IGNORECASE)
_FILLERS = re.compile(r"(?i)^(?:uhr|hrs?|h|o'clock|часов|год[ау]?|г|alle|ore)\b\.?|^[\s,.;|)\]]+")
_AFTERNOON = re.compile(r"(?i)下午|午後|오후|p")
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Clock:
    """What a feed shows of how it writes dates."""

    offsets: frozenset[float] = frozenset()  # hours from UTC that its dates state
    places: tuple[str, ...] = ()  # its countries and language, the surest first
    order: str = ""  # "dmy" or "mdy"


def clock(written: Sequence[str], language: str | None, url: str) -> Clock:
    """What the dates, the language and the address of a feed tell."""
    places = _places(language, url)
    offsets = {hours for text in written if (hours := _stated(text)) is not None}
    return Clock(frozenset(offsets), places, _order(written) or _usual_order(language, places))


def moment(text: str | None, known: Clock | None = None) -> datetime | None:
    """When it was, in UTC; None where the text does not say for certain. A date without an hour is its midnight."""
    text = " ".join(unicodedata.normalize("NFKC", text or "")[:_LONGEST].replace("\u2212", "-").split())
    known = known or Clock()
    try:
        if text.isascii() and text.isdigit() and len(text) in (10, 13):
            return datetime.fromtimestamp(int(text) / (1000 if len(text) == 13 else 1), UTC)
        return _read(text, known)
    except (ValueError, OverflowError):
        return None


def _read(text: str, known: Clock) -> datetime | None:
    if found := _ASCTIME.search(text):
        text = f"{found[2]} {found[1]} {found[5]} {found[3]} {found[4]}"
    day = _day(text, known)
    if day is None:
        return None
    (year, month, number), end = day
    rest = text[end:]
    time = _TIME.search(rest)
    if time is None:
        return None if re.search(r"\d", rest) else datetime(year, month, number, tzinfo=UTC)
    if re.search(r"\d", rest[: time.start()]):
        return None
    local = datetime(year, month, number, tzinfo=UTC) + _hours(time)
    hours = _zone(rest[time.end() :], local, known)
    return None if hours is None else local - timedelta(hours=hours)


# --- the day


def _day(text: str, known: Clock) -> tuple[tuple[int, int, int], int] | None:
    """Year, month and day, and where the text goes on."""
    if found := _YEAR_FIRST.search(text) or _BASIC.search(text):
        day = (int(found[1]), int(found[2]), int(found[3]))
    elif found := _NUMBERS.search(text):
        numbers = _by_order(int(found[1]), int(found[3]), int(found[4]), found[2], text[: found.start()], known)
        if numbers is None:
            return None
        day = numbers
    elif found := _DAY_MONTH.search(text):
        day = (_year(found[3]), _month(found[2], known), int(found[1]))
    elif found := _MONTH_DAY.search(text):
        day = (int(found[3]), _month(found[1], known), int(found[2]))
    else:
        return None
    return None if re.search(r"\d", text[: found.start()]) else (day, found.end())


def _by_order(first: int, second: int, year: int, mark: str, before: str, known: Clock) -> tuple[int, int, int] | None:
    """A date of numbers alone: points are written where the day comes first; else something must tell."""
    day_first, month_first = (year, second, first), (year, first, second)
    if mark == "." or second > 12 >= first or first > 12 >= second or first == second:
        return month_first if second > 12 and mark != "." else day_first
    weekday = re.match(r"[A-Za-z]{3}", before.strip())
    if weekday and weekday[0].lower() in _ENGLISH_DAYS:
        fits = [
            day for day in (day_first, month_first) if date(*day).weekday() == _ENGLISH_DAYS.index(weekday[0].lower())
        ]
        if len(fits) == 1:
            return fits[0]
    return {"dmy": day_first, "mdy": month_first}.get(known.order)


def _order(written: Sequence[str]) -> str:
    """The order of day and month in dates of numbers, where one of them shows it and none denies it."""
    found = (_NUMBERS.search(text[:_LONGEST]) for text in written)
    pairs = [(int(one[1]), int(one[3])) for one in found if one and one[2] != "."]
    orders = {"dmy" if first > 12 else "mdy" for first, second in pairs if max(first, second) > 12}
    return orders.pop() if len(orders) == 1 else ""


def _usual_order(language: str | None, places: tuple[str, ...]) -> str:
    country = next((place for place in places if len(place) == 2 and place not in _DAY_FIRST), "")
    if country:
        return "mdy" if country in _MONTH_FIRST else "dmy" if country in ("gb", "ie", "au", "nz", "in", "za") else ""
    return "dmy" if (language or "").lower().partition("-")[0] in _DAY_FIRST else ""


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else int(text) + (2000 if int(text) < 50 else 1900)


def _month(word: str, known: Clock) -> int:
    """A month by its name. Raises ValueError for a word that is none, or another one next door."""
    word = word.lower()
    name = next((word[:length] for length in range(len(word), 2, -1) if word[:length] in _MONTHS), "")
    for beginning, months in _NEXT_DOOR.items():
        if word.startswith(beginning) and len(name) <= len(beginning):
            told = [months[place] for place in known.places if place in months]
            if not told:
                raise ValueError("which month this is depends on the language")
            return told[0]
    if not name:
        raise ValueError("no month")
    return _MONTHS[name]


# --- the hour


def _hours(time: re.Match[str]) -> timedelta:
    hour, half = int(time["hour"]), time["before"] or time["after"]
    if half:
        if not 1 <= hour <= 12:
            half = "" if 12 < hour < 24 and _AFTERNOON.match(half) else "wrong"  # `14:15 PM` is written, too
        hour = hour % 12 + (12 if _AFTERNOON.match(half) else 0) if half else hour
    if half == "wrong" or hour > 24:
        raise ValueError("no such hour")
    minute = int(time["minute"] or time["basic"] or 0)
    second = int(time["second"] or time["basic_second"] or 0)
    if minute > 59 or second > 60:
        raise ValueError("no such minute or second")
    return timedelta(hours=hour, minutes=minute, seconds=min(second, 59))  # a leap second has no moment of its own


def _zone(text: str, local: datetime, known: Clock) -> float | None:
    """Hours from UTC; no zone is UTC, as most readers have it. None for one that is not certain."""
    while found := _FILLERS.match(text):
        text = text[found.end() :]
    text = text.strip().lstrip("([").lower()
    if not text:
        return 0
    if found := _OFFSET.match(text):
        hours = int(found[2]) + int(found[3] or 0) / 60
        return (hours if found[1] == "+" else -hours) if hours <= 14 and int(found[3] or 0) < 60 else None
    if place := re.match(r"[a-z]+/[a-z_/+-]+", text):
        return _there(place[0], local)
    name = re.fullmatch(r"([a-z]{1,5})\b\W*(?:\(.*\))?\W*", text)
    if name is None:
        return None
    if name[1] in _SHARED:
        return _shared(_SHARED[name[1]], known)
    return _there(_PLACES[name[1]], local) if name[1] in _PLACES else _ZONES.get(name[1])


def _shared(meanings: Mapping[str, float | None], known: Clock) -> float | None:
    stated = {hours for hours in meanings.values() if hours is not None and hours in known.offsets}
    if len(stated) == 1:
        return stated.pop()
    here = [meanings[place] for place in known.places if place in meanings]
    return here[0] if here else meanings.get("")


def _there(place: str, local: datetime) -> float | None:
    parts = [part.capitalize() if len(part) > 3 else part.title() for part in place.split("/")]
    name = "/".join("_".join(word.capitalize() for word in part.split("_")) for part in parts)
    try:
        offset = local.replace(tzinfo=ZoneInfo(name)).utcoffset()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
    return offset.total_seconds() / 3600 if offset is not None else None


# --- what the feed tells


def _stated(text: str) -> float | None:
    """The hours from UTC that a date states in figures."""
    found = re.search(r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*([+-])(\d{2}):?(\d{2})\b", text[:_LONGEST])
    return (int(found[2]) + int(found[3]) / 60) * (1 if found[1] == "+" else -1) if found else None


def _places(language: str | None, url: str) -> tuple[str, ...]:
    parts = (language or "").lower().split("-")
    regions = [part for part in parts[1:] if len(part) == 2]
    top = (urlsplit(url).hostname or "").rpartition(".")[2]
    country = {"uk": "gb"}.get(top, top) if len(top) == 2 and top.isalpha() else ""
    found = [*regions, _COUNTRIES.get(parts[0], ""), country, parts[0]]
    return tuple(
        dict.fromkeys({"uk": "gb"}.get(place, place) if place != parts[0] else place for place in found if place)
    )
