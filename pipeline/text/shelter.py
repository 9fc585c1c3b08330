"""Quotations and brackets: inside them no sentence of the text around them ends."""

import re
from bisect import bisect_right

Spans = list[tuple[int, int]]

PAIRS = {
    "(": ")",
    "[": "]",
    "{": "}",
    "“": "”",
    "«": "»",
    "„": "“”",
    "「": "」",
    "『": "』",
    "（": "）",
    "【": "】",
    "《": "》",
    "〈": "〉",
    "‹": "›",
    "»": "«",
}
GERSHAYIM = r'(?<=[\u05d0-\u05ea])"(?=[\u05d0-\u05ea])(?!(?<=\s[בהולמכש]")[\u05d0-\u05ea]{3})'
"""The mark inside Hebrew abbreviations; after a prefix it opens a quotation."""
STRAIGHT = re.compile(rf'(?!{GERSHAYIM})"')
# A mark is looked for before what stands before it: most letters are none.
MARKS = re.compile(
    rf"[(\[{{“«„「『（【《〈‹»)\]}}”」』）】》〉›]|{STRAIGHT.pattern}|['‘`](?:(?<=[\s(\[“\"«]['‘`])|(?<=^.))(?=\S)",
    re.DOTALL,
)
SINGLE_END = re.compile(r"(?<=[.,!?…\w])['’](?=[\s.,;:!?)\]”\"»]|$)")
SINGLE_START = re.compile(r"(?<=[\s(\[“\"«])['‘`](?=\w)")
LEADING_IN = re.compile(r"[:：,，]\s*[“「『«\"‘][^“「『«\"‘]*$")
LONGEST = 3000
MOST_UNCLOSED = 40  # opening marks in a line; with more it is no prose


def spans(line: str) -> Spans:
    """Where quotations and brackets stand that are both opened and closed; the outer ones only, in order."""
    found: Spans = []
    done = unclosed = 0
    for mark in MARKS.finditer(line):
        if mark.start() < done:
            continue
        if unclosed > MOST_UNCLOSED:
            break
        end = closing(line, mark.start(), mark[0])
        if end:
            found.append((mark.start(), end))
            done = end
        else:
            unclosed += mark[0] in PAIRS or mark[0] in "\"'‘`"
    return found


def closing(line: str, start: int, opener: str) -> int:
    """Where the mark opened at `start` is closed: the place after the closing mark, or 0 where it is not."""
    if opener in "'‘`":
        return single(line, start)
    if opener == '"':
        found = STRAIGHT.search(line, start + 1, start + LONGEST)
        return found.end() if found else 0
    closers = PAIRS.get(opener)
    return nested(line, start, opener, closers) if closers else 0


def nested(line: str, start: int, opener: str, closers: str) -> int:
    """The closing mark of the same depth."""
    depth = 0
    for at in range(start, min(len(line), start + LONGEST)):
        if at > start and line[at] in closers:
            depth -= 1
            if not depth:
                return at + 1
        elif line[at] == opener:
            depth += 1
    return 0


def single(line: str, start: int) -> int:
    """The end of a quotation in single marks, which apostrophes must not be taken for."""
    again = SINGLE_START.search(line, start + 1)
    ends = list(SINGLE_END.finditer(line, start + 1, min(start + LONGEST, again.start() if again else len(line))))
    spoken = next((end for end in ends if line[end.start() - 1] in ".,!?…"), None)
    found = spoken or (ends[0] if ends else None)
    return found.end() if found else 0


def covers(sheltered: Spans, start: int, end: int) -> bool:
    """Whether the mark at `start`, closed at `end`, lies inside a span and does not close it."""
    at = bisect_right(sheltered, (start, 1 << 60)) - 1
    return at >= 0 and sheltered[at][0] <= start < sheltered[at][1] and end < sheltered[at][1]


def leads(before: str) -> bool:
    """Whether a quotation was led in by a colon or comma: its end is then the sentence's."""
    return bool(LEADING_IN.search(before))
