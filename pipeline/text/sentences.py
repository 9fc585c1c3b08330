"""Where sentences end, in whatever language: marks are found, then each is judged by what stands around it.

No sentence ends inside quotation marks or brackets; a full stop after an abbreviation, an initial or an ordinal ends
none, unless what follows can only begin one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.text import shelter
from pipeline.text.listed import lines
from pipeline.text.profiles import Profile, profile_of

UNMARKED = ("th", "lo")
PHRASE = 40  # letters
AROUND = 160  # characters on either side by which a mark is judged
BULLETS = "•⁃‣▪●"
OPENERS = "\"'“‘«‹„‚([{「『【（¿¡*_"
CLOSERS = "\"'”’»›)]}」』】）“"
HARD = "。！？｡．।॥։።፧፨။۔؟។‽⁇⁈⁉"
CLOSING = rf"(?:[{re.escape(CLOSERS)}]|[ \u00a0\u202f]»)*"
GAP = re.compile(r"\s{40,}")  # as no text has, and patterns for white space are slow in
WORD_BEFORE = re.compile(r"(?:[^\s(\[{\"“”«»„‘‚\u2014\u2013]|(?<=[\u05d0-\u05ea])\")*$")
ACRONYM = re.compile(r"(?:[^\W\d_]{1,2}\.-?)+[^\W\d_]{1,2}")
ROMAN = re.compile(r"[IVXLC]{1,6}")
ELIDED = re.compile(r"(?i)^(?:l|d|dell|all|nell|sull|dall|un|qu|c|n|s|j)['’](?=\w)")
GOES_ON = re.compile(r"\s*(?:[,;:)،؛、…!?]|[.\s]+[\"'”’»)]*$)")
DASH = re.compile(r"[-–—―]+\s*")
LEADING = re.compile(rf"[{re.escape(OPENERS)}\s•⁃]*")
FIRST_WORD = re.compile(r"[^\W\d_]+(?:['’.][^\W\d_]+)*['’]?|\d+")
JOINED = re.compile(r"\w-[^\W\d_a-zß-ÿа-я]$")
INITIAL = re.compile(r"\s*[^\W\d_]\.")
ELISION = re.compile(r"\s*['’‘](?:s|t|n|k|m)\s+[A-Z]")
"""Dutch cuts the first word's head off and gives the capital to the second: 's Avonds."""
CHORUS = re.compile("[「『][^」』]{0,80}[」』](?:と|など|の|、)")
"""A second voice, and then who spoke: 「…！」「…」との声."""
TOLD = re.compile(
    "[^，。！？、]{0,12}(?:[说說问問道称稱喊答写寫笑叫的与與和等]|表示|告诉|告訴|认为|認為|强调|強調|指出|补充)|[，、]"
)
"""Who said it: “……。”她问。"""
LETTER = re.compile("(?:^|[^\uff21-\uff3a\uff41-\uff5a])[\uff21-\uff3a]$")
NUMBER = re.compile(
    r"(?:\d|\b(?:кв|куб)\.|[IVXLC]|\b(?:m(?:ln|ld|rd|dr|io|ia|il)|bn|tys|тыс|тис|млн|млрд|трлн|мил)\w*\.?)\s*$"
)
LATE = 9  # words of a beginning with a preposition: On the day they left at 6 a.m. Mr. Weber …
PAIR = re.compile(r"(?<!\w)([^\W\d_]{1,2})\. ([^\W\d_]{1,2})$")
SPACED_TIME = re.compile(r"(?i)(?<!\w)[ap]\. m$")
EARLY = 5  # words: a year so near a sentence's start has a verb still to come
STREET = re.compile(r"\d+(?:\s+\w+\.?){1,3}\s+\w+$")


@dataclass(frozen=True, slots=True)
class Place:
    """A mark that may end a sentence, with what stands around it."""

    before: str  # from the sentence's start to the mark
    mark: str
    closers: str
    gap: bool  # white space follows
    rest: str  # what follows

    @property
    def word(self) -> str:
        """The word that the mark stands at, without what opens it."""
        found = WORD_BEFORE.search(self.before, self.before.rfind(" ") + 1)  # a word has no space
        return found[0].lstrip(OPENERS + BULLETS + "-–") if found else ""

    @property
    def next(self) -> str:
        """The first letter or digit that follows, past opening marks."""
        elided = ELISION.match(self.rest)
        return elided[0][-1] if elided else self.rest[LEADING.match(self.rest).end() :][:1]  # type: ignore[union-attr]

    @property
    def next_word(self) -> str:
        """The first word that follows."""
        found = FIRST_WORD.match(self.rest, LEADING.match(self.rest).end())  # type: ignore[union-attr]
        return found[0] if found else ""


def sentences(text: str, language: str | None = None, *, clauses: bool = False) -> list[str]:
    """The sentences of a text, in order, each as it stands there. `clauses` parts Arabic at colons and commas too."""
    text = GAP.sub(lambda found: "\n\n" if "\n" in found[0] else " ", text)
    profile = profile_of(language, text, clauses)
    return [part for line in lines(text) for part in split(line, profile)]


def split(line: str, profile: Profile) -> Iterator[str]:
    """The sentences of one line."""
    if profile.language in UNMARKED:
        yield from phrases(line)
        return
    sheltered = shelter.spans(line)
    start = 0
    for found in profile.marks.finditer(line):
        end = found.end()
        if found.start() < start or shelter.covers(sheltered, found.start(), end):
            continue
        before = line[max(start, found.start() - AROUND) : found.start()]
        rest = line[end : end + AROUND]
        place = Place(before, found["mark"], found["closers"], rest[:1].isspace(), rest)
        if ends(place, profile):
            yield line[start:end].strip()
            start = end
    if rest := line[start:].strip():
        yield rest


def phrases(line: str) -> Iterator[str]:
    """Thai and Lao end sentences with a space, as they do clauses: pieces of some length, parted at spaces."""
    piece = ""
    for word in line.split(" "):
        piece = f"{piece} {word}".strip()
        if len(piece) >= PHRASE:
            yield piece
            piece = ""
    if piece:
        yield piece


def ends(place: Place, profile: Profile) -> bool:
    """Whether a sentence ends at the place."""
    if not place.rest or not place.before.strip():
        return not place.rest
    if place.mark[-1] in HARD:
        return after_hard(place, profile)
    if not place.gap:
        return glued(place, profile)
    if GOES_ON.match(place.rest) or interrupted(place):
        return False
    if place.mark[-1] in profile.extra:
        return profile.extra_ends(place.rest)
    if place.mark[-1] in "!?;":
        return after_shout(place, profile)
    return after_stop(place, profile)


def small(letter: str) -> bool:
    """Whether it is a small letter in a script that has capitals in use (Georgian has none in its prose)."""
    return letter.islower() and not "\u10d0" <= letter <= "\u10ff"


def interrupted(place: Place) -> bool:
    """Whether a dash leads on to words about the speech: «…? — спросила мама»."""
    dash = DASH.match(place.rest.lstrip())
    return bool(dash) and small(place.rest.lstrip()[dash.end() :][:1])  # type: ignore[union-attr]


def after_hard(place: Place, profile: Profile) -> bool:
    """Marks that are nothing else than ends, unless a closed quotation is only a part: 「…。」と."""
    following = place.rest.lstrip()[:1]
    if following in "、，,;:；：…・":
        return False
    if place.mark[-1] == "．" and (following.isdigit() or LETTER.search(place.before)):
        return False
    if place.mark == "۔" and profile.title(place.word) and (spelt(place.rest, profile) or spelt(place.before, profile)):
        return False
    if CHORUS.match(place.rest):
        return False
    if place.closers and following and following not in "「『“‘（":
        whole = profile.language == "zh" and not TOLD.match(place.rest)
        return (whole or shelter.leads(place.before)) and following not in "とっては、がをのにでも"
    return True


def spelt(text: str, profile: Profile) -> bool:
    """Whether a letter's name with its mark stands in the text, next to another: اے۔ کیو۔ خان."""
    return any(word.endswith("۔") and profile.title(word[:-1]) for word in (*text.split()[:1], *text.split()[-2:-1]))


def glued(place: Place, profile: Profile) -> bool:
    """A mark without white space after it: an end only between two plain words (…world.Today is)."""
    if place.mark[-1] in profile.glued:
        return True
    word, following = place.word, FIRST_WORD.match(place.rest)
    if len(place.mark) > 1 or place.closers or not following or len(following[0]) < 2 or re.search(r"[/@.:_=]", word):
        return False
    plain = place.rest[following.end() : following.end() + 1] in ("", " ", ",", ".")
    grown = len(word) > 2 and (word[-3:].isdigit() or word[-2:].islower())
    return plain and following[0][0].isupper() and grown and not profile.abbreviated(word)


def after_shout(place: Place, profile: Profile) -> bool:
    """Question and exclamation marks end a sentence unless it goes on in small letters, or says who asked."""
    if small(place.next):
        return place.mark[-1] in profile.small and not place.closers
    if place.closers and profile.uncased:
        return shelter.leads(place.before) or place.rest.lstrip()[:1] in OPENERS
    if profile.exclaimed(place.word) and not profile.starts(place.next_word):
        return False
    return not (place.closers and profile.attributes(place.rest))


def after_stop(place: Place, profile: Profile) -> bool:
    """A full stop or an ellipsis before white space."""
    if small(place.next):
        return after_small(place, profile)
    if place.mark == ". . ." or (len(place.mark) > 1 and place.closers[:1] == "]"):
        return False
    if len(place.mark) > 1 or (place.closers and not closes_word(place)):
        return True
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
    pair = PAIR.search(place.before)
    if bare.lower() in profile.and_so_on or (pair and ".".join(pair.groups()).lower() in profile.and_so_on):
        return False
    if profile.is_time(bare) or SPACED_TIME.search(place.before):
        return profile.goes_on(place.next_word) or not told(place, profile)
    if (len(bare) == 1 and bare.isalpha()) or profile.initial(bare) or JOINED.search(bare):
        return not initial_ends(bare, place, profile)
    if bare[:1].isdigit() or ROMAN.fullmatch(bare):
        return ordinal(bare, place, profile)
    if ACRONYM.fullmatch(bare) and not profile.title(bare):
        return not profile.starts(place.next_word)
    if chained(bare, place, profile):
        return True
    return profile.abbreviated(bare) and abbreviation_holds(bare, place, profile)


def chained(word: str, place: Place, profile: Profile) -> bool:
    """Whether a title goes on with the word: Ing. arch. Novák, Dr. rer. nat. Weber."""
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
    if key in profile.units:
        state = place.next_word.isupper() and 1 < len(place.next_word) < 5  # 3 млн долл. США
        return place.next.isdigit() or state or profile.goes_on(place.next_word)
    if key in profile.years:
        return not profile.starts(place.next_word) and len(place.before.rpartition(":")[2].split()) < EARLY
    return None


def abbreviation_holds(word: str, place: Place, profile: Profile) -> bool:
    """Whether an abbreviation's sentence goes on before a capital or a number."""
    if profile.counted(word):
        return place.next.isdigit() or bool(ROMAN.fullmatch(place.next_word)) or place.next in "§#"
    if profile.closing(word) or STREET.search(place.before):
        return not profile.starts(place.next_word)
    return True


def ordinal(word: str, place: Place, profile: Profile) -> bool:
    """Whether a number with a full stop is a rank (12. Juni, Karl V. kam) or an item's number."""
    if place.before.strip(f" {BULLETS}") == word and len(word) < 4:
        return True
    if not profile.ordinals or (word.isdigit() and numbered(word, place, profile)):
        return False
    ranked = profile.romans if word.isalpha() else word.isdigit() and len(word) < 3
    return ranked and not profile.starts(place.next_word)


def numbered(word: str, place: Place, profile: Profile) -> bool:
    """Whether the number belongs to the abbreviation before it, and is none of a rank: č. 3, kl. 7, Nr. 12."""
    *_, last = place.before[: -len(word)].split() or [""]
    noun = last.rstrip(".").lstrip(OPENERS)
    named = len(noun) > 1 and noun.isalpha() and noun.isupper()  # SV 98
    return named or noun.lower() in profile.numbers or noun.lower() in profile.counting


def initial_ends(word: str, place: Place, profile: Profile) -> bool:
    """Whether one letter ends a sentence: “you and I.” does before a usual first word, “Albert I.” does not."""
    if word.islower() or INITIAL.match(place.rest) or not profile.starts(place.next_word):
        return False
    earlier = place.before.split()[-2:-1]
    return bool(earlier) and (earlier[0].islower() or word.isdigit())
