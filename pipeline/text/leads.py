"""Sentences that end in a colon, and what they lead to: a list, a quotation, the next paragraph. Pure."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from pipeline.text import clean
from pipeline.text.html import Block
from pipeline.text.sentences import sentences

SHORTEST = 4  # words: a shorter line with a colon is a label
SHORTEST_WIDE = 10  # letters, where words are not parted
ALONE = 12  # words with which a lead says enough though what it leads to is left out
COLONS = ":："

Fits = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Lead:
    """A sentence that waits for what it leads to; `items` of a list that it has got, `bare` when that was left out."""

    text: str = ""
    items: int = 0
    bare: bool = False

    def with_item(self, item: str) -> "Lead":
        """The lead with one more item of its list."""
        sign = "" if self.text[-1] in COLONS else "；" if "：" in self.text else ";"
        return Lead(glued(self.text + sign, item.rstrip(",;")), self.items + 1)

    def before(self, paragraph: str) -> list[str]:
        """What is read instead of the paragraph after the lead: the lead stays only where it makes sense."""
        if self.items:
            return [stopped(self.text), paragraph]
        if not self.bare:
            return [glued(self.text, paragraph)]
        enough = len(self.text.split()) >= ALONE
        return [glued(stopped(self.text), paragraph)] if enough else [paragraph]


def glued(one: str, other: str) -> str:
    """Two pieces as one; a wide mark needs no space after it."""
    return f"{one}{other}" if one[-1] in "：；。" else f"{one} {other}"


def stopped(text: str) -> str:
    """The lead with a full stop instead of its colon."""
    return text.rstrip(COLONS) + ("。" if "：" in text else ".")


def joined(text: Iterable[Block], language: str | None, fits: Fits) -> Iterator[Block]:
    """The paragraphs, each lead together with what it leads to. A block without text stands for one left out."""
    lead = Lead()
    for block in text:
        if not block.text:
            lead = replace(lead, bare=True)
        elif lead.text and block.kind == "item" and not lead.bare:
            lead = lead.with_item(block.text)
            if not fits(lead.text):  # a list so long stands by itself
                yield block
                lead = Lead()
            elif clean.closed(block.text):
                yield Block(lead.text)
                lead = Lead()
        else:
            *whole, last = lead.before(block.text) if lead.text else [block.text]
            start, end = parted(last, language)
            if not fits(end):
                start, end = last, ""
            yield from (Block(each, block.kind) for each in (*whole, start) if each)
            lead = Lead(end)
    if lead.text:
        yield Block(stopped(lead.text) if lead.items else lead.text)


def parted(paragraph: str, language: str | None) -> tuple[str, str]:
    """The paragraph, and the lead that it ends in, if it does."""
    if paragraph[-1] not in COLONS or clean.closed(paragraph) or label(paragraph):
        return paragraph, ""
    last = sentences(paragraph, language)[-1]
    if not paragraph.endswith(last):
        return paragraph, ""
    return paragraph[: -len(last)].rstrip(), last


def label(line: str) -> bool:
    """Whether a line with a colon only names what follows."""
    return len(line) < SHORTEST_WIDE if line[-1] == "：" else len(line.split()) < SHORTEST
