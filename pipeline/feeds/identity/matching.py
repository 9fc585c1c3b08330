"""Which line of a document is which stored article: every article is claimed once, by the line most like it. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.feeds.identity.keys import Alias
from pipeline.feeds.identity.likeness import Comparison, Face, Likened, Likeness, Match, compare, judge, texts, titles
from pipeline.feeds.identity.memory import Memory
from pipeline.feeds.identity.sheet import Line, Sheet

FEWEST = 4  # entries from which on a share of a document means something


@dataclass(frozen=True, slots=True)
class Outline:
    """The little that is read of many stored articles, to find those worth a closer look."""

    seq: int
    title: str
    entry_id: str | None
    link: str | None
    published: datetime | None
    updated: datetime | None
    summary: str = ""
    content: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A line's article, and why."""

    seq: int
    reason: str
    plain: bool = False  # nothing was to be weighed: id and link agree
    by_id: bool = False
    repeat: bool = False  # another line is nearer to that article
    doubt: bool = False


def settled(sheet: Sheet, found: Mapping[bytes, int]) -> dict[int, Claim]:
    """The lines, by place, that need no closer look: id and link name one article, and no other line does."""
    wanted = [({found[a.key] for a in _deciding(line) if a.key in found}, line) for line in sheet.lines]
    claims = Counter(seq for seqs, _ in wanted for seq in seqs)
    claimed = {}
    for seqs, line in wanted:
        if len(seqs) == 1 and claims[seq := min(seqs)] == 1 and _unanimous(line, found, sheet.memory):
            claimed[line.place] = Claim(seq, "its id and link are known", plain=True)
    return claimed


def _deciding(line: Line) -> list[Alias]:
    return [a for a in line.aliases if a.kind in ("id", "link", "exact")]


def _unanimous(line: Line, found: Mapping[bytes, int], memory: Memory) -> bool:
    """Whether each strong part of the line is known; an upgrade may know it by an older version's key."""
    parts: dict[str, bool] = {}
    for alias in _deciding(line):
        if alias.kind == "id" and not memory.trusts_ids:
            continue
        part = "link" if alias.kind == "exact" else alias.kind
        parts[part] = parts.get(part, False) or alias.key in found
    return bool(parts) and all(parts.values())


def suspects(lines: Iterable[Line], found: Mapping[bytes, int], outlines: Sequence[Outline]) -> set[int]:
    """The stored articles that open lines are to be compared with: those a key names, and those that look alike."""
    lines = list(lines)
    seqs = {found[a.key] for line in lines for a in line.aliases if a.key in found}
    faces = [(outline.seq, Face(outline)) for outline in outlines]
    return seqs | {seq for line in lines for seq in _alike(Face(line.entry), faces)}


def _alike(face: Face, faces: Sequence[tuple[int, Face]]) -> list[int]:
    def alike(other: Face) -> bool:
        if (face.date is not None and face.date == other.date) or (face.tail and face.tail == other.tail):
            return True
        return titles(face, other) in (Likeness.SAME, Likeness.NEAR)

    return [seq for seq, other in faces if alike(other)][-20:]  # a feed of one title compares with the last ones


def match(
    sheet: Sheet, claims: Mapping[int, Claim], found: Mapping[bytes, int], articles: Mapping[int, Likened]
) -> dict[int, Claim]:
    """Claims for the lines left open: the pairs most alike first, each line and each article once."""
    lines = [line for line in sheet.lines if line.place not in claims]
    faces = {seq: Face(article) for seq, article in articles.items()}
    taken = {claim.seq for claim in claims.values()}
    pairs = [pair for line in lines for pair in _pairs(line, sheet.memory, found, faces, taken)]
    pairs.sort(key=lambda pair: (-pair[0].score, pair[1], -pair[2]))
    made: dict[int, Claim] = {}
    for verdict, place, seq in pairs:
        if place in made and not made[place].doubt:
            continue
        if verdict.doubt:
            made.setdefault(place, Claim(seq, verdict.reason, doubt=True))
        elif seq not in taken:
            made[place] = Claim(seq, verdict.reason, by_id=verdict.by_id)
            taken.add(seq)
        else:
            made[place] = Claim(seq, "the document lists a known article twice", repeat=True)
    return made | _by_titles([line for line in lines if line.place not in made], len(sheet.lines), faces, taken)


def _by_titles(left: Sequence[Line], size: int, faces: Mapping[int, Face], taken: set[int]) -> dict[int, Claim]:
    """F05 at its worst: ids, links and dates are all new, but most titles are known. One such title means nothing."""
    free = {face.title: (seq, face) for seq, face in sorted(faces.items()) if seq not in taken and face.title}
    made = {}
    for line in left:
        face = Face(line.entry)
        seq, other = free.get(face.title, (0, None))
        if other is not None and texts(face, other) is not Likeness.OTHER:
            made[line.place] = Claim(seq, "its title is known, as most of the document's are")
            del free[face.title]
    return made if len(made) >= FEWEST and len(made) * 2 > size else {}


def _pairs(
    line: Line, memory: Memory, found: Mapping[bytes, int], faces: Mapping[int, Face], taken: set[int]
) -> list[tuple[Match, int, int]]:
    face = Face(line.entry)
    named = {found[a.key] for a in line.aliases if a.key in found}
    free = [(seq, other) for seq, other in faces.items() if seq not in taken]
    oldest = min(taken, default=max(faces, default=0))  # of what the document still shows
    pairs = []
    for seq in sorted(named | set(_alike(face, free))):
        compared = _compared(line, face, seq, faces[seq], found, memory)
        verdict = judge(replace(compared, absent=seq > oldest), line.when)
        if (verdict.doubt and seq not in taken) or (verdict.same and (verdict.firm or seq not in taken)):
            pairs.append((verdict, line.place, seq))
    return pairs


def _compared(line: Line, face: Face, seq: int, other: Face, found: Mapping[bytes, int], memory: Memory) -> Comparison:
    """The comparison by what the article looks like now, and by every id and link it ever had."""
    trusted = frozenset(alias.kind for alias in line.aliases)
    compared = compare(face, other, trust_ids=memory.trusts_ids, trusted=trusted)
    had = {alias.kind for alias in line.aliases if found.get(alias.key) == seq}
    if "id" in had:
        compared = replace(compared, ident=Likeness.SAME)
    if had & {"link", "exact"}:
        compared = replace(compared, link=Likeness.SAME)
    return replace(compared, tail=compared.tail or "tail" in had)


def missing(
    claims: Mapping[int, Claim], sheet: Sheet, waiting: Mapping[int, datetime | None], *, complete: bool = False
) -> list[int]:
    """Which of the waiting articles (with their dates) are gone though the document still shows older ones.

    A `complete` document says that it shows all there is; an empty one is not believed.
    """
    present = {claim.seq for claim in claims.values()}
    dates = [line.when for line in sheet.lines if line.when]

    def should_show(seq: int, when: datetime | None) -> bool:
        if complete and present:
            return True
        return any(other < seq for other in present) and (when is None or not dates or min(dates) <= when)

    return [seq for seq, when in waiting.items() if seq not in present and should_show(seq, when)]
