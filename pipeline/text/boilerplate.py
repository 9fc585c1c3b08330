"""What stands among an article's paragraphs and is none of its text: calls, credits, stamps, bylines."""

import re

from pipeline.text import clean, phrases

EDGES = " \t*_•►▶»›→–—-|[]()"
LONGEST = 700  # letters: a longer paragraph is no boilerplate, whatever it begins with
LONGEST_CALL = 300


def any_of(*tables: str) -> re.Pattern[str]:
    """One pattern for all lines of some tables."""
    lines = [line for table in tables for line in table.strip().splitlines()]
    return re.compile("|".join(lines), re.IGNORECASE | re.DOTALL)


CALL = any_of(phrases.LINKS, phrases.CALLS, phrases.CREDITS)
LOOSE = any_of(phrases.LOOSE)
NOTE = any_of(phrases.ORIGINS, phrases.NOTES, phrases.SHORT)
ELSEWHERE = any_of(phrases.LINKS, phrases.ORIGINS, phrases.CALLS, phrases.SHORT)
SENTENCE = any_of(phrases.SENTENCES, phrases.CALLS)
SHARE = frozenset(phrases.SHARE.split())
MONTHS = rf"(?:{'|'.join(phrases.MONTHS.split())})\w*\.?"
STAMP = re.compile(
    r"\W*(?:(?:mon|tue|wed|thu|fri|sat|sun)\w*\.?,?\s*)?"
    rf"(?:{MONTHS}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d"
    rf"|\d{{1,2}}\.?\s+(?:de\s+)?{MONTHS}\s*(?:de\s+)?(?:19|20)\d\d"
    r"|\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4})"
    r"(?:\W*(?:at|um|à|a las|alle|o'clock|uhr|\d{1,2}[:.h]\d{2}|[ap]\.?m\.?|gmt|utc|[ecmp][sd]?t|bst|ist|cest?)\b)*\W*",
    re.IGNORECASE,
)
CLOCK = re.compile(r"\W*\d{1,2}[:.]\d{2}\s*(?:[ap]\.?m\.?|uhr|gmt|bst|utc|[ecmp][sd]t|ist)?\W*", re.IGNORECASE)
NAME = r"[^\W\d_a-zß-ÿ][\w.’'\-]*"
BYLINE = re.compile(
    r"(?i:by|von|par|por|di|door|av|af|text|texto|texte|testo|story by|written by|posted by|reported by|автор|текст)"
    rf"\s*:?\s+{NAME}(?:\s+{NAME}){{0,4}}"
    r"(?:\s*[,|•·–—-].*|\s+(?:and|und|et|y|e|og|och|en|i|и|&|in|for)\s.*)?"
)
PART = rf"(?:{NAME}|\([^()]{{2,80}}\)|and|of|the|for)"
AUTHORS = re.compile(rf"(?i:by)\s+{PART}(?:(?:\s*[,;&]\s*|\s+){PART})*\s*\.?")
HANDLE = re.compile(r"@\w+|\S+@\S+\.\S+|https?://\S+|www\.\S+")


def furniture(text: str) -> bool:
    """Whether a whole paragraph is none of the article's text."""
    line = text.strip(EDGES)
    if not line or len(line) > LONGEST:
        return not line
    if NOTE.match(line) or (len(line) <= LONGEST_CALL and calling(line)):
        return True
    return stamp(line) or shares(line) or byline(line)


def foreign(text: str) -> bool:
    """Whether a paragraph of a page is a call, a link elsewhere or a share bar; notes on the article stay."""
    line = text.strip(EDGES)
    if not line or len(line) > LONGEST_CALL:
        return False
    if ELSEWHERE.match(line) or (LOOSE.match(line) and not clean.closed(line)):
        return True
    return line[-1:].isalpha() and shares(line)


def calling(line: str) -> bool:
    """Whether the line asks for something, leads elsewhere, or belongs to a picture."""
    return bool(CALL.match(line)) or (not clean.closed(line) and bool(LOOSE.match(line)))


def stamp(line: str) -> bool:
    """Whether the line is a date, a time, an account or an address."""
    return any(rule.fullmatch(line) for rule in (STAMP, CLOCK, HANDLE))


def shares(line: str) -> bool:
    """Whether the line is a share bar: nothing but its words and counts."""
    words = re.findall(r"[\w&-]+", line.lower())
    return len(words) < 25 and all(word in SHARE or word.isdigit() for word in words)


def byline(line: str) -> bool:
    """Whether the line only says who wrote it."""
    length = len(line.split())
    if length < 50 and AUTHORS.fullmatch(line):
        return True
    return length < 16 and not clean.closed(line) and bool(BYLINE.fullmatch(line))


def call(sentence: str) -> bool:
    """Whether one sentence among others is a call or a credit."""
    bare = sentence.strip(" *()[]")
    return len(bare) <= LONGEST_CALL and (bool(SENTENCE.match(bare)) or (byline(bare.rstrip(".")) and " " in bare))
