"""The first whole sentences of a text that make a teaser. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from pipeline.text import boilerplate, clean, datelines, leads
from pipeline.text.html import Block
from pipeline.text.place import OPENERS
from pipeline.text.profiles import profile_of
from pipeline.text.sentences import sentences

UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
SEEN = 500  # blocks that are looked at
REACH = 3000  # letters of a paragraph, and more where the limits allow more
BEGINNING = 4  # paragraphs that may begin with a dateline
FIRST = 12  # paragraphs from which a teaser is made
WORDS = re.compile(r"\w+(?:[’'\-]\w+)*")
CUT_MARK = re.compile(r"\[\s*(?:…|\.{3})\s*\]\s*$")
ADDRESS = re.compile(r"https?://|\bwww\.[\w./-]+[\"”’»).!?]*$")
"""A sentence that leads to an address. One that only names a site is read like any other."""
ASIDE = re.compile(r"\s{0,3}[(\[](?:https?://|www\.)[^\s()\[\]]*[)\]]")
LEADING_ON = re.compile(
    r"(?<=\s)\(?(?:continue reading|keep reading|read (?:more|on)|weiterlesen|mehr lesen|lire la suite|leer más"
    r"|seguir leyendo|continua a leggere|leggi tutto|leia mais|continue lendo|lees (?:meer|verder)|läs mer|les mer"
    r"|læs mere|lue lisää|czytaj (?:dalej|więcej)|číst dále|читать далее|devamını oku|続きを読む|阅读全文|더 보기)\b"
    r"[^.!?。]{0,120}$",
    re.IGNORECASE,
)
PROSE = 80  # letters from which on a cell of a table is a paragraph
OPEN_END = re.compile(r"(?:…|(?<!\.)\.{2,})[\"”’»)\]\s]*$")
CUT = re.compile(r"(?:\[\s*(?:…|\.{3})\s*\]|…|(?<!\.)\.{3,}|\(\s*(?:…|\.{3})\s*\)|more)[\"”’»)\]\s]*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a teaser may be, in words, or in characters where those are set."""

    min_words: int = 25
    max_words: int = 110
    min_characters: int | None = None
    max_characters: int | None = None

    @property
    def reach(self) -> int:
        """How many letters of a paragraph can matter."""
        return max(REACH, 15 * self.max_words, 3 * (self.max_characters or 0))

    def enough(self, text: str) -> bool:
        """Whether the text is long enough."""
        return len(text) >= self.min_characters if self.min_characters else words(text) >= self.min_words

    def fits(self, text: str) -> bool:
        """Whether the text is not too long."""
        return len(text) <= self.max_characters if self.max_characters else words(text) <= self.max_words


def words(text: str) -> int:
    """How many words a text has; two letters count as a word where words are not parted."""
    unspaced = len(UNSPACED.findall(text))
    return len(UNSPACED.sub(" ", text).split()) + unspaced // 2 if unspaced else len(text.split())


def tokens(text: str) -> list[str]:
    """A text's words for comparing: small letters, plain apostrophes."""
    return [word.casefold() for word in WORDS.findall(text.replace("’", "'").replace("‘", "'"))]


def same(one: str, other: str) -> bool:
    """Whether two short texts say the same in almost the same words."""
    if not one or not 0.4 < len(one) / (len(other) or 1) < 2.5:
        return False
    a, b = set(tokens(one)), set(tokens(other))
    if not a or not b:
        return one == other
    return len(a & b) >= 0.8 * len(a | b)


def excerpt(text: Sequence[Block], title: str, limits: Limits, language: str | None) -> str:
    """The first sentences of the text, whole, within the limits; shorter where there is no more, or nothing."""
    taken: list[str] = []
    skipped = Block("")
    text = unattributed(text)
    given = list(islice(leads.joined(near(proper(text, title), limits.reach), language, limits.fits), FIRST))
    for at, block in enumerate(given):
        if limits.enough(joined(taken)) and not open_ended(taken):
            break
        if (
            not taken
            and at + 1 < len(given)
            and (unfinished(block.text, limits, language) or inside(given[at:], skipped))
        ):
            skipped = block
            continue
        for sentence in whole(block.text, title, language):
            if sentence in taken:
                continue
            if not limits.fits(joined([*taken, sentence])):
                return joined(rounded(taken, limits))
            taken.append(sentence)
    return joined(rounded(uncut(taken, given), limits))


def unattributed(text: Sequence[Block]) -> Sequence[Block]:
    """The text without the line under it that says where it first appeared, in any language.

    It is known by its shape: the last paragraph, one short sentence around two links, to the article and to the site.
    """
    last = next((at for at in range(len(text) - 1, 0, -1) if text[at].text), 0)
    block = text[last] if last else Block("")
    around = words(block.text) * (1 - block.links)
    if block.anchors == 2 and block.kind == "paragraph" and 0.1 < block.links < 0.95 and 1 <= around <= 14:
        return [*text[:last], *text[last + 1 :]]
    return text


def unfinished(paragraph: str, limits: Limits, language: str | None) -> bool:
    """Whether a first paragraph is a line without a full stop at its end: the text proper comes after it."""
    if clean.closed(paragraph) and not CUT_MARK.search(paragraph):
        return False
    return not limits.enough(joined([s for s in sentences(paragraph, language) if clean.closed(s)]))


def inside(rest: Sequence[Block], skipped: Block) -> bool:
    """Whether a list goes on that was passed over, and text follows it: none begins in the middle of a list."""
    return rest[0].kind == skipped.kind == "item" and any(block.kind != "item" for block in rest)


def near(text: Iterable[Block], reach: int) -> Iterator[Block]:
    """The blocks as far as a teaser can reach, the long ones cut: what is longer is hostile, or no sentence for it."""
    left = 3 * reach
    for block in text:
        yield block if len(block.text) <= reach else Block(block.text[:reach], block.kind)
        left -= min(len(block.text), reach)
        if left < 0:
            return


def paragraphs(text: Sequence[Block], title: str) -> Iterator[str]:
    """The paragraphs of the article proper, without datelines and what stands between them."""
    return (block.text for block in proper(text, title) if block.text)


def proper(text: Sequence[Block], title: str) -> Iterator[Block]:
    """The article proper; a block without text stands for what is left out of it: headings, pictures, code, links."""
    begun = 0
    for block in islice(text, SEEN):
        if block.kind == "byline" or boilerplate.furniture(block.text) or same(block.text, title):
            continue
        if block.kind in ("heading", "caption", "code") or block.links > 0.8 or tabular(block):
            yield Block("", block.kind)
        else:
            plain = ASIDE.sub("", block.text) if "://" in block.text or "www." in block.text else block.text
            plain = LEADING_ON.sub("[…]", plain)
            yield Block((datelines.without(plain) if begun < BEGINNING else plain) or block.text, block.kind)
            begun += 1


def tabular(block: Block) -> bool:
    """Whether a cell is one of a table of values; in a page laid out as tables cells are paragraphs."""
    return block.kind == "cell" and not (len(block.text) >= PROSE and clean.closed(block.text) and block.links < 0.5)


def whole(paragraph: str, title: str, language: str | None) -> Iterator[str]:
    """The paragraph's sentences up to the first that is not closed, or that only makes sense with its address."""
    found = sentences(paragraph, language)
    for sentence in found[1:] if beheaded(found, language) else found:
        if not clean.closed(sentence) or CUT_MARK.search(sentence) or ADDRESS.search(sentence):
            return
        if not boilerplate.call(sentence) and not same(sentence, title):
            yield sentence


def beheaded(found: Sequence[str], language: str | None) -> bool:
    """Whether the first sentence has lost its initial, which was a picture or set apart: he point of the thing …"""
    if len(found) < 2 or not found[0][:1].islower() or not found[1].lstrip(OPENERS)[:1].isupper():
        return False
    return profile_of(language, found[0]).beheads(found[0].split()[0])


def joined(taken: Sequence[str]) -> str:
    """Sentences as one paragraph; without spaces where the script has none."""
    text = ""
    for sentence in taken:
        close = text.rstrip(clean.CLOSERS)[-1:] in "。！？｡．"
        text += sentence if close else f" {sentence}"
    return text


def open_ended(taken: Sequence[str]) -> bool:
    """Whether the sentences break off: in an ellipsis, or inside a quotation."""
    text = joined(taken)
    return bool(OPEN_END.search(text)) or unclosed(text)


def unclosed(text: str) -> bool:
    """Whether a quotation is opened and not closed; „…“ closes with what opens “…”."""
    if "„" in text:
        return text.count("„") > text.count("“") + text.count("”")
    return text.count("“") > text.count("”") or text.count("「") > text.count("」")


def uncut(taken: list[str], given: Sequence[Block]) -> list[str]:
    """The sentences without one that breaks off where the whole text does: a feed or a page has cut it."""
    last = taken[-1] if taken else ""
    cut = bool(last) and bool(OPEN_END.search(last)) and given[-1].text.endswith(last)
    return taken[:-1] if cut else taken


def rounded(taken: list[str], limits: Limits) -> list[str]:
    """The sentences without those at their end that break off, if enough is left."""
    kept = list(taken)
    while kept and open_ended(kept):
        kept.pop()
    return kept if kept and limits.enough(joined(kept)) else taken
