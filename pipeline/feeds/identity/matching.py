"""Which line of a document is which stored article: every article is claimed once, by the line most like it. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipeline.feeds import canonical
from pipeline.feeds.identity.keys import Alias
from pipeline.feeds.identity.likeness import Comparison, Face, Likened, Likeness, Match, compare, judge, texts, titles
from pipeline.feeds.identity.memory import Memory
from pipeline.feeds.identity.sheet import Line, Sheet

FEWEST = 4  # entries from which on a share of a document means something
FLEETING = 3  # documents in a row without a known id from which on a single entry's ids are taken to change
SOON = timedelta(minutes=30)


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
    if parts.keys() == {"link"} and canonical.tracked(line.entry.link or ""):
        return False  # nothing but an address without a part of it: that the rest agrees is to be seen
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
    company = sum(any(alias.kind == "id" for alias in line.aliases) for line in sheet.lines) > 1
    pairs = [pair for line in lines for pair in _pairs(line, sheet.memory, found, faces, taken, company=company)]
    pairs.sort(key=lambda pair: (-pair[0].score, pair[1], -pair[2]))
    made: dict[int, Claim] = {}
    for verdict, place, seq in pairs:
        if place in made and not made[place].doubt:
            continue
        if verdict.weak and seq in taken:
            continue
        if verdict.doubt:
            made.setdefault(place, Claim(seq, verdict.reason, doubt=True))
        elif seq not in taken:
            made[place] = Claim(seq, verdict.reason, by_id=verdict.by_id)
            taken.add(seq)
        else:
            made[place] = Claim(seq, "the document lists a known article twice", repeat=True)
    left = [line for line in lines if line.place not in made]
    return made | _by_titles(left, faces, taken, sheet, found)


def _by_titles(
    left: Sequence[Line], faces: Mapping[int, Face], taken: set[int], sheet: Sheet, found: Mapping[bytes, int]
) -> dict[int, Claim]:
    """F05 at its worst: ids, links and dates are all new, but most titles are known. One such title means little."""
    free = {face.title: (seq, face) for seq, face in sorted(faces.items()) if seq not in taken and face.title}
    pairs = {}
    for line in left:
        face = Face(line.entry)
        seq, other = free.get(face.title, (0, None))
        if other is not None and texts(face, other) is not Likeness.OTHER:
            pairs[line.place] = (seq, face, other)
            del free[face.title]
    if len(pairs) >= FEWEST and len(pairs) * 2 > len(sheet.lines):
        return _titled(pairs)
    bare = {place: pair for place, pair in pairs.items() if not _told_apart(*pair[1:])}
    return _titled(bare) if _moved(bare, sheet, found) else {}


def _titled(pairs: Mapping[int, tuple[int, Face, Face]]) -> dict[int, Claim]:
    return {place: Claim(pair[0], "its title is known, as most of the document's are") for place, pair in pairs.items()}


def _told_apart(face: Face, other: Face) -> bool:
    """Whether few words of text are other ones: a level, a place, a caption."""
    return bool(face.text and other.text) and texts(face, other) is Likeness.SILENT and face.text != other.text


def _moved(pairs: Mapping[int, tuple[int, Face, Face]], sheet: Sheet, found: Mapping[bytes, int]) -> bool:
    """Whether these few entries, by title alone, are known ones under new ids.

    A feed whose ids were found to change by themselves says so. Else nothing of the document may be known by id or
    link, and most titles must be known; fewer are enough where the last ids never stood in two polls and the date is
    no later one: the photo of the day has its headline each day.
    """
    memory, size = sheet.memory, len(sheet.lines)
    if not pairs or not memory.trusts_ids:
        return bool(pairs)
    if any(alias.key in found for line in sheet.lines for alias in _deciding(line)):
        return False
    if len(pairs) > 1 and len(pairs) * 2 > size:
        return True
    if size == 1 and memory.fleeting >= FLEETING:
        return True
    return memory.fleeting > 0 and not any(_dated_later(face, other) for _, face, other in pairs.values())


def _dated_later(face: Face, other: Face) -> bool:
    return face.date is not None and other.date is not None and face.date - other.date >= SOON


def _pairs(
    line: Line, memory: Memory, found: Mapping[bytes, int], faces: Mapping[int, Face], taken: set[int], *, company: bool
) -> list[tuple[Match, int, int]]:
    face = Face(line.entry)
    named = {found[a.key] for a in line.aliases if a.key in found}
    free = [(seq, other) for seq, other in faces.items() if seq not in taken]
    oldest = min(taken, default=max(faces, default=0))  # of what the document still shows
    pairs = []
    for seq in sorted(named | set(_alike(face, free))):
        compared = _compared(line, face, seq, faces[seq], found, memory)
        verdict = judge(replace(compared, company=company, absent=seq > oldest), line.when)
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


def set_back(
    claims: Mapping[int, Claim], sheet: Sheet, shown: Mapping[int, datetime | None]
) -> list[tuple[int, datetime]]:
    """Which of the articles on display their feed dates earlier than before, and when: it leaves the window sooner."""
    found = []
    for line in sheet.lines:
        seq = claims[line.place].seq if line.place in claims else None
        before = shown.get(seq) if seq is not None else None
        if seq is not None and line.when and before and line.when < before:
            found.append((seq, line.when))
    return found
