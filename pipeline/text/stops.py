"""Whether a full stop before white space ends a sentence, or belongs to an abbreviation, a number, an initial. Pure."""

import re

from pipeline.text.place import BULLETS, OPENERS, Place, small
from pipeline.text.profiles import Profile

ACRONYM = re.compile(r"(?:[^\W\d_]{1,2}\.-?)+[^\W\d_]{1,2}")
ROMAN = re.compile(r"[IVXLC]{1,6}")
ELIDED = re.compile(r"(?i)^(?:l|d|dell|all|nell|sull|dall|un|qu|c|n|s|j)['’](?=\w)")
JOINED = re.compile(r"\w-[^\W\d_a-zß-ÿа-я]$")
INITIAL = re.compile(r"\s*[^\W\d_]\.")
NUMBER = re.compile(
    r"(?:\d|\b(?:кв|куб)\.|[IVXLC]|\b(?:m(?:ln|ld|rd|dr|io|ia|il)|bn|tys|тыс|тис|млн|млрд|трлн|мил)\w*\.?)\s*$"
)
PAIR = re.compile(r"(?<!\w)([^\W\d_]{1,2})\. ([^\W\d_]{1,2})$")
SPACED_TIME = re.compile(r"(?i)(?<!\w)[ap]\. m$")
INITIALS = ("M", "G", "H", "L", "S", "T", "U")  # of names rather than metres, grams, hours
EARLY = 5  # words: a year so near a sentence's start has a verb still to come
LATE = 9  # words of a beginning with a preposition: On the day they left at 6 a.m. Mr. Weber …
DATED = ("ru", "bg")
"""Languages in which a name often follows a year's mark: Указом от 5 мая 2014 г. Иванов …"""
ADDRESS = re.compile(r"\b(?:ul|pl|al|os|nám|tř|nábř|trg)\.\s+(?:\S+\s+){1,3}$")
QUOTES_END = tuple("\"'”’»›“")
DAY_NEXT = re.compile(r"\s?\d{1,2}\.")
ROAD = re.compile(
    r"(?i)\w(?:straße|strasse|str|platz|weg|gasse|allee|damm|ufer|vej|gade|gata|gate|veien|vegen|katu|tie)$"
)
YEAR_MONTH = re.compile(r"(?<![\w.])(?:1\d|20)\d\d\. ?(?:0?[1-9]|1[0-2])$")
YEAR_FIRST = re.compile(r"(?<![\w.])(?:1\d|20)\d\d$")
MONTH_NEXT = re.compile(r"\s?(?:0?[1-9]|1[0-2])\.\s?\d{1,2}(?:\.|$)")
YEAR_MONTH_DAY = re.compile(r"(?<![\w.])(?:(?:1\d|20)\d\d|['’]\d\d)\. ?\d{1,2}\. ?\d{1,2}$")
LETTERED = re.compile(r"\s*[A-Z](?![\w’'.])")
"""A letter instead of a number: bât. B."""
AND_OTHERS = re.compile(r"(?<!\w)et al$")
GREEK_NAME = re.compile("[Α-Ω][βγδζθκλμπρτφχ]")  # Ελ. Ρήγα: no Greek word ends so
SHOUT = re.compile(r"\s*[¡\"“„«]?[^\W\d_]+[!?](?!\s+[^\W\d_A-Z])")
INVERTED = re.compile(r"\s*[A-ZÄÖÜ]\w+ [a-zäöüß]+t (?:er|sie|es|wir|man|ihr)(?!\w)")
"""A noun, a verb and then who: Bier trinkt er nie."""
DAY = re.compile(r"\b\d{1,2}\. \d{1,2}$")
STREET = re.compile(r"(?i)\d+(?:\s+\w+\.?){1,3}\s+(?:st|dr|ct|ln|pl|sq|rd|ave?|blvd|hwy|pk|pkwy|ter|cir|mt|way)$")


def after_stop(place: Place, profile: Profile) -> bool:
    """A full stop or an ellipsis before white space."""
    if small(place.next):
        return after_small(place, profile)
    if place.mark == ". . ." or (len(place.mark) > 1 and place.closers[:1] == "]"):
        return False
    if len(place.mark) > 1 or (place.closers and not closes_word(place)):
        return not (profile.said and place.closers[-1:] in QUOTES_END and profile.attributes(place.rest))
    return not held(place, profile)


def after_small(place: Place, profile: Profile) -> bool:
    """Small letters follow: an end only where the language allows it, or a name is spelt so (iPhone)."""
    named = place.next_word[1:2].isupper() and place.mark == "."
    if ACRONYM.fullmatch(place.word):
        return False
    return (named or place.mark[-1] in profile.small) and not profile.abbreviated(place.word)


def closes_word(place: Place) -> bool:
    """Whether the bracket before the mark holds an abbreviation only: (approx.) Weber."""
    return place.closers[:1] in ")]" and len(place.word) < 7


def held(place: Place, profile: Profile) -> bool:
    """Whether the full stop belongs to the word: then a capital after it proves nothing by itself."""
    bare = ELIDED.sub("", place.word)
    if (measured := measure(bare, place, profile)) is not None:
        return measured
    if dated(place, profile) or profile.housed(bare, place.rest):
        return True
    if so_on(bare, place, profile):
        return False
    if profile.is_time(bare) or SPACED_TIME.search(place.before):
        return profile.goes_on(place.next_word) or not told(place, profile)
    if (len(bare) == 1 and bare.isalpha()) or profile.initial(bare) or JOINED.search(bare):
        return not initial_ends(bare, place, profile)
    if bare[:1].isdigit() or ROMAN.fullmatch(bare):
        return ordinal(bare, place, profile)
    if ACRONYM.fullmatch(bare) and not profile.title(bare):
        return not profile.starts(place.next_word)
    known = profile.abbreviated(bare) and abbreviation_holds(bare, place, profile)
    return known or chained(bare, place, profile)


def so_on(word: str, place: Place, profile: Profile) -> bool:
    """Whether it says “and so on”, also in two words: m. m."""
    pair = PAIR.search(place.before)
    return word.lower() in profile.and_so_on or bool(pair and ".".join(pair.groups()).lower() in profile.and_so_on)


def chained(word: str, place: Place, profile: Profile) -> bool:
    """Whether a title goes on with the word: Ing. arch. Novák, Dr. rer. nat. Weber; or a name: Smith et al. (2019)."""
    if AND_OTHERS.search(place.before) or (profile.language == "el" and GREEK_NAME.fullmatch(word)):
        return not profile.starts(place.next_word)
    *_, last = place.before[: len(place.before) - len(word)].split() or [""]
    titled = last.endswith(".") and profile.chains(last[:-1].lstrip(OPENERS))
    return titled and word.islower() and len(word) < 6 and not profile.starts(place.next_word)


def told(place: Place, profile: Profile) -> bool:
    """Whether the sentence has said something before its time of day: At 6 p.m. Mr. Weber … has not."""
    said = place.before.split()
    leading = profile.leads_in(said[0].lstrip(OPENERS)) and len(said) <= LATE
    return profile.starts(place.next_word) or (len(said) >= EARLY and not leading)


def measure(word: str, place: Place, profile: Profile) -> bool | None:
    """Whether the sentence goes on after a number's unit (4,5 mln zł.) or a year's mark (1987 r.); None: it is neither.

    After a unit a capital can only begin a sentence; after a year it may be a name, where the sentence has just begun.
    """
    key = word.lower()
    before = place.before[: len(place.before) - len(word)]
    if not NUMBER.search(before):
        return None
    if key in profile.eras:
        return not profile.starts(place.next_word)
    if key in profile.units and word not in INITIALS:
        state = place.next_word.isupper() and 1 < len(place.next_word) < 5  # 3 млн долл. США
        return place.next.isdigit() or state or profile.goes_on(place.next_word)
    if key in profile.years:
        said = len(place.before.split())
        if profile.language in DATED:
            return said < LATE or not profile.starts(place.next_word)
        return said < EARLY and not profile.starts(place.next_word)
    return None


def abbreviation_holds(word: str, place: Place, profile: Profile) -> bool:
    """Whether an abbreviation's sentence goes on before a capital or a number."""
    if profile.counted(word):
        if LETTERED.match(place.rest) and place.next_word.lower() not in profile.starters:
            return True
        return place.next.isdigit() or bool(ROMAN.fullmatch(place.next_word)) or place.next in "§#"
    if profile.closing(word) or STREET.search(place.before) or profile.unknown(word):
        return not (profile.starts(place.next_word) or SHOUT.match(place.rest) or inverted(place, profile))
    return True


def inverted(place: Place, profile: Profile) -> bool:
    """Whether a German sentence begins that has its verb before who does it."""
    return profile.language == "de" and bool(INVERTED.match(place.rest))


def dated(place: Place, profile: Profile) -> bool:
    """Whether the mark stands in a date that begins with its year: 2014. 5. 12."""
    if not place.before[-1:].isdigit():
        return False
    if YEAR_FIRST.search(place.before):
        return bool(MONTH_NEXT.match(place.rest)) or (profile.language == "ko" and bool(DAY_NEXT.match(place.rest)))
    if YEAR_MONTH.search(place.before):
        return bool(DAY_NEXT.match(place.rest)) or profile.language == "ko"
    return bool(YEAR_MONTH_DAY.search(place.before)) and not profile.starts(place.next_word)


def ordinal(word: str, place: Place, profile: Profile) -> bool:
    """Whether a number with a full stop is a rank (12. Juni, Karl V. kam) or an item's number."""
    if place.before.strip(f" {BULLETS}") == word and len(word) < 4:
        return True
    if not profile.ordinals or (word.isdigit() and numbered(word, place, profile)):
        return False
    ranked = profile.romans if word.isalpha() else word.isdigit() and len(word) < 3
    return ranked and not profile.starts(place.next_word)


def numbered(word: str, place: Place, profile: Profile) -> bool:
    """Whether the number belongs to what stands before it, and is none of a rank: č. 3, Kapitel 7, ul. Dlouhá 12."""
    before = place.before[: -len(word)]
    *_, last = before.split() or [""]
    noun = last.rstrip(".").lstrip(OPENERS)
    if len(noun) > 1 and noun.isalpha() and noun.isupper():  # SV 98
        return True
    if ADDRESS.search(before) or ROAD.search(noun) or (DAY.search(place.before) and not place.next.isdigit()):
        return True
    if last.endswith(".") and profile.shortened(noun):
        return True
    return profile.street(noun.lower()) or noun.lower() in profile.numbers or noun.lower() in profile.counting


def initial_ends(word: str, place: Place, profile: Profile) -> bool:
    """Whether one letter ends a sentence: “you and I.” does before a usual first word, “Albert I.” does not."""
    if word.islower() or INITIAL.match(place.rest) or not profile.starts(place.next_word):
        return False
    if word.isupper() and place.next_word.lower() in profile.pronouns and place.before.strip(f" {OPENERS}") != word:
        return True
    earlier = place.before.split()[-2:-1]
    return bool(earlier) and (earlier[0].islower() or word.isdigit())
