"""What a language's punctuation and abbreviations are, ready to be asked."""

import re
from dataclasses import dataclass
from functools import cache

from pipeline.text import abbreviations as words
from pipeline.text import usage
from pipeline.text.languages import detect, subtag
from pipeline.text.starters import PRONOUNS, STARTERS
from pipeline.text.titles import TITLES

CLOSERS = r"(?:[\"'”’»›)\]}」』】）》〉*_]|“(?!\w)|(?<=[.!?…])«(?=\s|$)|[ \u00a0\u202f]»(?!\w))*"
NOTE = r"(?:\s?\[\d{1,3}\])+|(?<=[^\W\d_][.!?])\d{1,3}(?: \d{1,3})*(?=\s+[^\W\d_])|(?<=\)\.)\d{1,3}(?=\s+[^\W\d_])"
BROKEN = r"(?:--|—)(?=[\"”])"
STOPS = "[.!?…‽⁇⁈⁉。！？｡．।॥։።፧፨။۔؟។]"
SPACED = r"(?<=\s)\.(?:\s\.){2,3}|(?<=\w)\.(?=(?:\s\.){2,}\s+\w)"
TRAILING = r"(?:(?<=[!?])\s(?:\.{3}|…|\.\s\.\s\.)(?=\s))?"
VIRAMA = "\u094d\u09cd\u0acd\u0bcd\u0c4d\u0ccd\u0d4d"
VOICELESS = re.compile(r"(?i)[bcdfghjklmnpqstvwxz]{2,4}")
NAME_SAYS = re.compile(r"\s*([A-Z][\w’'.-]*)\s+(?:[A-Z][\w’'.-]*\s+){0,2}(\w+)")
CLAUSE = 40
"""Letters before an Arabic comma that make a clause of its own."""
LISTED = re.compile(r"\s\S+،")
QUOTES = "«“\"‘„‹'"
SAYING = re.compile(
    r"(?<!\w)[وف]?(?:قال|يقول|تقول|صاح|أضاف|يضيف|تضيف|سأل|يسأل|تسأل|أجاب|يجيب|صرح|صرّح|أكد|أكّد|أعلن|رد|ردّ|هتف|صرخ|كتب|ذكر)(?:ت|وا|نا)?(?!\w)"
    r"[^.؟!:]*$"
)
BARE = r"[^\s.!?…।۔؟,،\"“«]"
HOUSE = re.compile(
    r"\s*\d{1,3}\s?(?:[A-Za-z](?!\w))?(?:\s*$|[.,;:)!?]|\s+(?:i|in|på|ved|og|och|und|en|te|till|til|[A-ZÅÄÖØÆ]\w*|\d{3,5})(?!\w))"
)
UNCASED = "ar fa ur he hi mr ne kn te ta ml bn gu pa si th lo km my am ti ka zh ja ko"
CASELESS = frozenset(UNCASED.split())
ORDINALS = frozenset(usage.ORDINALS.split())
ROMANS = frozenset(usage.ROMANS.split())
PERSONAL = frozenset(usage.PERSONAL.split())
ATTRIBUTION = frozenset(usage.ATTRIBUTION.split())
SPELT = frozenset(usage.SPELT.split())
EXCLAIMED = frozenset(usage.EXCLAIMED.split())
LEADING_IN = frozenset(usage.LEADING_IN.split())
TIMES = frozenset(usage.TIMES.split())
AFTER_TIMES = frozenset(usage.AFTER_TIMES.split())


@dataclass(frozen=True, slots=True)
class Profile:
    """One language, for the splitter."""

    language: str
    marks: re.Pattern[str]
    titles: frozenset[str]
    numbers: frozenset[str]
    ending: frozenset[str]
    starters: frozenset[str]
    pronouns: frozenset[str]
    units: frozenset[str]
    and_so_on: frozenset[str]
    years: frozenset[str]
    counting: frozenset[str]
    ordinals: bool
    romans: bool
    eras: frozenset[str]
    streets: tuple[str, ...]
    finite: re.Pattern[str] | None
    said: re.Pattern[str] | None
    led_on: frozenset[str]
    extra: str = ""  # marks of this language beyond the usual
    small: str = ""  # marks that end a sentence before small letters
    glued: str = ""  # marks that need no white space after them

    def abbreviated(self, word: str) -> bool:
        """Whether the word is a known abbreviation, or has no vowel as only abbreviations have."""
        key = word.lower().strip("-–")
        known = any(key in table for table in (self.titles, self.numbers, self.ending, self.and_so_on))
        return known or self.title(key) or self.voiceless(word) or self.street(key)

    def street(self, key: str) -> bool:
        """Whether a street's name ends so: Hauptstr., Kerkstr., Storgt."""
        return self.streets[:1] in (("str",), ("gd",)) and key.endswith(self.streets[0])

    def housed(self, word: str, rest: str) -> bool:
        """Whether the word is a street's name cut short, and its house's number follows: Storg. 4 i Lund."""
        return self.shortened(word) and bool(HOUSE.match(rest))

    def shortened(self, word: str) -> bool:
        """Whether the word looks like a street's name cut short: Storg., Kirkev."""
        return len(word) > 3 and word[0].isupper() and word.lower().endswith(self.streets)

    def voiceless(self, word: str) -> bool:
        """Whether a short word in small Latin letters has no vowel: bzw, tzn, np."""
        return bool(VOICELESS.fullmatch(word)) and not word.isupper() and word.lower() not in SPELT

    def unknown(self, word: str) -> bool:
        """Whether only its look says that the word is an abbreviation."""
        return self.voiceless(word) and not self.title(word) and not self.counted(word)

    def title(self, word: str) -> bool:
        """Whether the abbreviation never ends a sentence."""
        key = word.lower()
        first, *others = key.split(".")
        if not others:
            return key in self.titles
        if self.language in CASELESS and first in self.titles:  # कि.ग्रा
            return True
        return key in self.titles or first in PERSONAL or all(part in self.titles for part in (first, *others))

    def chains(self, word: str) -> bool:
        """Whether it is a person's title that others follow."""
        return word.lower() in PERSONAL

    def counted(self, word: str) -> bool:
        """Whether it is an abbreviation only before a number."""
        return word.lower() in self.numbers and word.lower() not in self.titles

    def closing(self, word: str) -> bool:
        """Whether it may end a sentence."""
        key = word.lower()
        return (key in self.ending or self.street(key)) and key not in self.titles

    def starts(self, word: str) -> bool:
        """Whether sentences like to begin with the word, and names do not."""
        key = word.lower().replace("’", "'")
        if self.finite and self.finite.fullmatch(key):
            return True
        return key in self.starters or key.split("'")[0] in self.starters or key.split("'")[0] + "'" in self.starters

    def beheads(self, word: str) -> bool:
        """Whether no sentence begins with the word as it is: a usual first word, small or without its initial."""
        return word.islower() and (self.starts(word) or any(word == known[1:] for known in self.starters))

    def exclaimed(self, word: str) -> bool:
        """Whether the exclamation mark is a part of the name."""
        return word.lower() in EXCLAIMED or (len(word) == 1 and word.isupper())

    def attributes(self, rest: str) -> bool:
        """Whether a name and a verb of saying follow: “…?” Ada Brown asked."""
        if self.said:
            return bool(self.said.match(rest))
        found = NAME_SAYS.match(rest)
        return bool(found) and found[2] in ATTRIBUTION and not self.starts(found[1])  # type: ignore[index]

    @property
    def unspaced(self) -> bool:
        """Whether words are not parted."""
        return self.language in ("zh", "ja")

    @property
    def uncased(self) -> bool:
        """Whether no capital shows where a sentence begins, so that who asked cannot be told from a new one."""
        return self.language in CASELESS and self.language != "ko"

    def initial(self, word: str) -> bool:
        """Whether the word is one written letter of a script that has no capitals."""
        return self.language in CASELESS and all(is_letter(part) for part in word.split("."))

    def is_time(self, word: str) -> bool:
        """Whether the word is a half of the day."""
        return word.lower() in TIMES

    def leads_in(self, word: str) -> bool:
        """Whether a sentence that begins with the word says when or where first."""
        return word.lower() in LEADING_IN

    def goes_on(self, word: str) -> bool:
        """Whether the word belongs to a time of day before it."""
        return word.lower() in AFTER_TIMES

    def extra_ends(self, mark: str, before: str, rest: str) -> bool:
        """Whether a mark of this language alone ends here.

        The Arabic comma does not inside a list or after few words, nor the colon where somebody is quoted.
        """
        if self.language != "ar":
            return True
        if mark[-1] == "،":
            return len(before.strip()) >= CLAUSE and not LISTED.match(rest)
        return rest.lstrip()[:1] not in QUOTES and not SAYING.search(before)


def said_by(language: str) -> re.Pattern[str] | None:
    """How a clause begins that says who spoke, in languages whose capitals do not show it."""
    if language in usage.SAID_FIRST:
        return re.compile(rf"\s*(?:[^\W\d_]+\s)?(?:{'|'.join(usage.SAID_FIRST[language].split())})(?!\w)")
    if language in usage.SAID:
        verbs = "|".join(usage.SAID[language].split())
        return re.compile(rf"\s*(?:(?!را\s){BARE}+\s+){{0,4}}(?:{verbs}){BARE}*(?:\s+{BARE}+)?\s*[.!?।۔،,።]")
    return None


def is_letter(word: str) -> bool:
    """Whether a word is one letter as such scripts write it, with its signs, or the name of a Latin one: ಡಿ, ಎಚ್."""
    letters = [c for c in word if c.isalpha()]
    return len(letters) == 1 or (len(letters) == 2 and word[-1] in VIRAMA)


def profile_of(language: str | None, text: str, clauses: bool = False) -> Profile:
    """The profile of a language; where none is said, of the one that the text shows."""
    return build(subtag(language) or detect(text) or "", clauses)


@cache
def build(language: str, clauses: bool) -> Profile:
    """Gathers a language's facts, once."""
    extra = {"hy": ":", "el": ";"}.get(language, "") + (":،" if clauses and language == "ar" else "")
    stops = STOPS[:-1] + extra + "]"
    if language == "hy":
        stops = stops.replace(".", "").replace("…", "")
    return Profile(
        language=language,
        marks=re.compile(
            rf"(?P<mark>{SPACED}|{stops}+{TRAILING}|{BROKEN})(?P<closers>{CLOSERS}(?:[.!?]{CLOSERS})?(?:{NOTE})?)"
        ),
        titles=gathered(TITLES, language, words.COMMON_TITLES),
        numbers=gathered(words.COUNTED, language, words.COMMON_COUNTED),
        ending=gathered(words.ENDS, language, words.COMMON_ENDS),
        starters=gathered(STARTERS, language, ""),
        pronouns=gathered(PRONOUNS, language, ""),
        and_so_on=gathered(words.AND_SO_ON, language, ""),
        units=gathered(words.UNITS, language, ""),
        years=gathered(words.YEARS, language, ""),
        eras=frozenset(usage.ERAS.get(language, "").split()),
        streets=tuple(usage.STREETS.get(language, "").split()),
        finite=re.compile(usage.FINITE[language]) if language in usage.FINITE else None,
        said=said_by(language),
        led_on=frozenset(usage.LED_ON.get(language, "").split()),
        counting=frozenset(usage.COUNTING.get(language, "").split()),
        ordinals=language in ORDINALS,
        romans=language in ROMANS,
        extra=extra.replace(";", ""),
        small={"el": ".;", "kk": "?"}.get(language, ""),
        glued="",
    )


def gathered(table: dict[str, str], language: str, common: str) -> frozenset[str]:
    """The words of a language and of all; without a language, English stands in, the web's second language."""
    return frozenset(f"{table.get(language or 'en', '')} {common}".split())
