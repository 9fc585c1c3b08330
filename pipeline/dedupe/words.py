"""Text to blocks of words, the ground that fingerprints stand on. A change here is a new `fingerprint.VERSION`.

It has its own small reading of markup, so that a better `pipeline.text` never makes yesterday's fingerprints strangers.
Every step is linear in the length of the text, whatever the text is.
"""

import re
import unicodedata
from html import unescape

LONGEST = 120_000  # characters of markup that are read
MOST_WORDS = 4_000  # words of an article that are looked at

SCRIPTS = (("<!--", "-->"), ("<script", "</script>"), ("<style", "</style>"))
TAG = re.compile(r"<(/?[a-zA-Z!?][a-zA-Z0-9]*)[^<>]*>")
INLINE = re.compile(
    r"/?(?:a|abbr|b|bdi|bdo|cite|code|del|dfn|em|font|i|ins|kbd|mark|q|s|small|span|strong|sub|sup|tt|u|wbr)$",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"[.!?…][\"”»)\]]*\s+|[。！？\n]+")
# Scripts written without spaces between words: Thai, Lao, Myanmar, Khmer, Tibetan, kana, Han.
SPACELESS = re.compile(
    "[\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)
WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+")
# Soft hyphen, zero-width characters and apostrophes come and go between copies of one text.
UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff'\u2018\u2019\u02bc`\u00b4]+")


def blocks(markup: str) -> list[list[str]]:
    """The text's sentences, each a list of words with their capitals. Markup, quotes and hyphenation leave no trace."""
    text = even(plain(markup[:LONGEST]))
    parts = WORD.findall if text.isascii() or not SPACELESS.search(text) else _found
    return [block for sentence in SENTENCE.split(text) if (block := parts(sentence))]


def words(text: str) -> list[str]:
    """The words of a plain text; where words have no spaces between them, overlapping pairs of characters."""
    return _found(even(text))


def even(text: str) -> str:
    """One way to write what can be written in several."""
    if text.isascii():
        return text.replace("'", "")
    return UNSEEN.sub("", unicodedata.normalize("NFKC", text))


def _found(text: str) -> list[str]:
    found: list[str] = WORD.findall(text)
    return [pair for word in found for pair in pairs(word)] if SPACELESS.search(text) else found


def pairs(word: str) -> list[str]:
    """The word itself, or its overlapping pairs of characters where its script has no spaces."""
    out: list[str] = []
    at = 0
    for run in SPACELESS.finditer(word):
        out += [word[at : run.start()]] if run.start() > at else []
        characters = run.group()
        out += [characters[i : i + 2] for i in range(max(1, len(characters) - 1))]
        at = run.end()
    return out + ([word[at:]] if at < len(word) else [])


def plain(markup: str) -> str:
    """Markup without its tags; a tag that ends a line ends one here."""
    if "<" in markup:
        for start, end in SCRIPTS:
            markup = without(markup, start, end)
        markup = TAG.sub(_gap, markup)
    return unescape(markup) if "&" in markup else markup


def _gap(tag: re.Match[str]) -> str:
    return "" if INLINE.match(tag.group(1)) else "\n"


def without(text: str, start: str, end: str) -> str:
    """The text without what stands between the two marks. A mark that is never closed ends the search, not the text."""
    lowered = text.lower()
    kept: list[str] = []
    at = 0
    while (begin := lowered.find(start, at)) >= 0 and (stop := lowered.find(end, begin)) >= 0:
        kept += (text[at:begin], " ")
        at = stop + len(end)
    return "".join((*kept, text[at:])) if kept else text
