"""Where sentences end, in whatever language: marks are found, then each is judged by what stands around it.

No sentence ends inside quotation marks or brackets; a full stop after an abbreviation, an initial or an ordinal ends
none, unless what follows can only begin one.
"""

import re
from collections.abc import Iterator

from pipeline.text import shelter
from pipeline.text.listed import lines
from pipeline.text.place import FIRST_WORD, OPENERS, Place, small
from pipeline.text.profiles import Profile, profile_of
from pipeline.text.stops import after_stop

UNMARKED = ("th", "lo")
ASKED = re.compile(r"(?<=\S)\s?[?!]{1,9}(?=\s+[^\s?!.,;:)])")
PHRASE = 40  # letters
AROUND = 160  # characters on either side by which a mark is judged
HARD = "。！？｡．।॥։።፧፨။۔؟។‽⁇⁈⁉"
GAP = re.compile(r"\s{40,}")  # as no text has, and patterns for white space are slow in
GOES_ON = re.compile(r"\s*(?:[,;:)،؛、…!?]|[.\s]+[\"'”’»)]*$)")
DASH = re.compile(r"[-–—―]+\s*")
QUOTATIVE = re.compile(r"\s*\w+\s+(?:कहकर|कहते|कहती|کہہ|کہتے|کہتی|म्हणून|म्हणत|भनेर|भन्दै)(?!\w)")
"""Having said so: "…।" यह कहकर वह चला गया।"""
QUOTING = re.compile(r"(?:कहा|पूछा|बोला|बोली|کہا|پوچھا|بولا|بولی|म्हणाल\w*|বলল\w*)\s*[,،:]?\s*[\"“«][^\"“«]*$")
TITLE_END = ("》", "〉")  # a title’s own mark ends no sentence: 《你好！》吗
PARTICLE = re.compile("を|って|[のはがと](?=[\u30a1-\u30fa\u4e00-\u9fff])")
"""No sentence begins so: the mark belongs to a name, モーニング娘。のファン."""
ALONE = re.compile(r"[AÅEIOÓUVWYZ] [^\W\d_]{2}")
"""A word of one letter: …world.I dag er."""
CHORUS = re.compile("[「『][^」』]{0,80}[」』](?:と|など|の|、)")
"""A second voice, and then who spoke: 「…！」「…」との声."""
HIRAGANA = re.compile("[\u3040-\u309f、，]")
TOLD = re.compile(
    "[^，。！？、]{0,12}(?:[说說问問道称稱喊答写寫笑叫的与與和等]|表示|告诉|告訴|认为|認為|强调|強調|指出|补充)|[，、]"
)
"""Who said it: “……。”她问。"""
LETTER = re.compile("(?:^|[^\uff21-\uff3a\uff41-\uff5a])[\uff21-\uff3a]$")


def sentences(text: str, language: str | None = None, *, clauses: bool = False) -> list[str]:
    """The sentences of a text, in order, each as it stands there. `clauses` parts Arabic at colons and commas too."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = GAP.sub(lambda found: "\n\n" if "\n" in found[0] else " ", text)
    profile = profile_of(language, text, clauses)
    return [part for line in lines(text) for part in split(line, profile)]


def split(line: str, profile: Profile) -> Iterator[str]:
    """The sentences of one line."""
    if profile.language in UNMARKED:
        yield from unmarked(line)
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


def unmarked(line: str) -> Iterator[str]:
    """Thai and Lao: question and exclamation marks end sentences, spaces part what is long."""
    sheltered = shelter.spans(line)
    start = 0
    for found in ASKED.finditer(line):
        if not shelter.covers(sheltered, found.start(), found.end()):
            yield from phrases(line[start : found.end()].strip())
            start = found.end()
    yield from phrases(line[start:].strip())


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
    if place.mark[-1] in HARD or (profile.unspaced and unspaced_end(place)):
        return after_hard(place, profile)
    if not place.gap:
        return glued(place, profile)
    if GOES_ON.match(place.rest) or interrupted(place):
        return False
    if place.mark[-1] in profile.extra:
        return profile.extra_ends(place.mark, place.before, place.rest)
    if place.mark[-1] in "!?;":
        return after_shout(place, profile)
    return after_stop(place, profile)


def unspaced_end(place: Place) -> bool:
    """Whether a mark of Latin shape stands between signs that words are not parted in: 真的吗?!我不信。"""
    return bool(place.closers) if place.mark[-1] == "…" else place.mark[-1] in "!?" and place.before[-1:] > "\u3000"


def interrupted(place: Place) -> bool:
    """Whether a dash leads on to words about the speech: «…? — спросила мама»."""
    dash = DASH.match(place.rest.lstrip())
    return bool(dash) and small(place.rest.lstrip()[dash.end() :][:1])  # type: ignore[union-attr]


def after_hard(place: Place, profile: Profile) -> bool:
    """Marks that are nothing else than ends, unless a closed quotation is only a part: 「…。」と."""
    following = place.rest.lstrip()[:1]
    if following in "、，,;:；：…・" or place.closers[:1] in TITLE_END:
        return False
    if place.mark[-1] == "．" and (following.isdigit() or LETTER.search(place.before)):
        return False
    if place.mark == "۔" and profile.title(place.word) and (spelt(place.rest, profile) or spelt(place.before, profile)):
        return False
    if CHORUS.match(place.rest) or (profile.language == "ja" and not place.closers and PARTICLE.match(place.rest)):
        return False
    if place.closers and following and following not in "「『“‘（":
        if profile.language == "ja" and place.before.lstrip()[:1] in "「『":
            return following not in OPENERS and not HIRAGANA.match(following)
        whole = profile.language == "zh" and not TOLD.match(place.rest)
        if profile.said or profile.led_on:
            return spoken(place, profile)
        return (whole or shelter.leads(place.before)) and following not in "とっては、がをのにでも"
    return True


def spoken(place: Place, profile: Profile) -> bool:
    """Whether a quotation's end is the sentence's: neither who said it nor an “and” follows."""
    said = profile.attributes(place.rest) and not shelter.leads(place.before)
    return not (said or place.next_word in profile.led_on or QUOTATIVE.match(place.rest))


def spelt(text: str, profile: Profile) -> bool:
    """Whether a letter's name with its mark stands in the text, next to another: اے۔ کیو۔ خان."""
    return any(word.endswith("۔") and profile.title(word[:-1]) for word in (*text.split()[:1], *text.split()[-2:-1]))


def glued(place: Place, profile: Profile) -> bool:
    """A mark without white space after it: an end only between two plain words (…world.Today is)."""
    if place.mark[-1] in profile.glued:
        return True
    word, following = place.word, FIRST_WORD.match(place.rest)
    if len(place.mark) > 1 or place.closers or not following or re.search(r"[/@.:_=]", word):
        return False
    if len(following[0]) < 2 and not ALONE.match(place.rest):
        return False
    plain = place.rest[following.end() : following.end() + 1] in ("", " ", ",", ".")
    grown = len(word) > 2 and (word[-3:].isdigit() or word[-2:].islower())
    return plain and following[0][0].isupper() and grown and not profile.abbreviated(word)


def after_shout(place: Place, profile: Profile) -> bool:
    """Question and exclamation marks end a sentence unless it goes on in small letters, or says who asked."""
    if small(place.next):
        return place.mark[-1] in profile.small and not place.closers
    if place.closers and profile.uncased:
        if place.rest.lstrip()[:1] in OPENERS:
            return True
        led = shelter.leads(place.before) or (profile.led_on and QUOTING.search(place.before))
        return bool(led) and spoken(place, profile)
    if profile.exclaimed(place.word) and not profile.starts(place.next_word):
        return False
    return not (place.closers and profile.attributes(place.rest))
