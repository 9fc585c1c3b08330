"""What speaks for and against two articles being one story. Weighs nothing: `judge` does."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.dedupe import links, titles
from pipeline.dedupe.fingerprint import RUN, Fingerprint, Reading, Sample
from pipeline.dedupe.links import Link
from pipeline.dedupe.titles import Title, headline, stem


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article to be decided on, its text read in full."""

    id: str
    feed: str
    title: str
    link: str
    at: datetime
    reading: Reading


@dataclass(frozen=True, slots=True)
class Known:
    """A remembered article: its fingerprint instead of its text. `story` is the article that it joined, or itself."""

    id: str
    feed: str
    title: str
    link: str
    at: datetime
    fingerprint: Fingerprint
    story: str = ""


@dataclass(frozen=True, slots=True)
class Overlap:
    """How much of each of two texts stands in the other, estimated from `seen` sampled runs."""

    of_candidate: float
    of_known: float
    both: float  # shared runs in all runs
    seen: int
    exact: bool  # word for word


@dataclass(frozen=True, slots=True)
class Facts:
    """Numbers, or names: how many are only in one, only in the other, and in both."""

    candidate: float
    known: float
    both: float

    @property
    def changed(self) -> float:
        """How many have another in their place."""
        return min(self.candidate, self.known)

    @property
    def share(self) -> float:
        """The changed among those that could have been the same."""
        return self.changed / (self.changed + self.both) if self.changed else 0.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known of two articles together."""

    link: Link
    title: Title
    title_words: int  # of the shorter headline
    text: Overlap
    numbers: Facts
    names: Facts
    words: tuple[int, int]  # candidate's, known's
    ratio: float  # the shorter text's length by the longer's; with or without boilerplate, whichever is nearer
    subject: float  # share of either headline's telling words that stand in the shared text
    headline_in_text: float  # share of the known headline's telling words in the candidate's text
    same_feed: bool
    same_site: bool
    apart: timedelta
    recurring: bool = False  # the headline stands over many articles of the feed


def gather(candidate: Candidate, known: Known, *, recurring: bool = False) -> Evidence:
    """Lay two articles side by side. `recurring`: the candidate's headline is a standing one of its feed."""
    mine, theirs = candidate.reading.fingerprint, known.fingerprint
    overlap, shared = compare_texts(candidate.reading, theirs)
    titled, wanted = headline(candidate.title), headline(known.title)
    return Evidence(
        link=links.compare(candidate.link, known.link),
        title=titles.compare(candidate.title, known.title),
        title_words=min(len(titled.words), len(wanted.words)),
        text=overlap,
        numbers=compare_facts(mine.numbers, theirs.numbers),
        names=compare_facts(mine.names, theirs.names),
        words=(mine.words, theirs.words),
        ratio=max(_ratio(mine.words, theirs.words), _ratio(mine.words + candidate.reading.ignored_words, theirs.words)),
        subject=max(_share(titled.telling, shared), _share(wanted.telling, shared)),
        headline_in_text=_share(wanted.telling, candidate.reading.stems),
        same_feed=candidate.feed == known.feed,
        same_site=links.site(candidate.link) == links.site(known.link) != "",
        apart=abs(candidate.at - known.at),
        recurring=recurring,
    )


def compare_texts(reading: Reading, known: Fingerprint) -> tuple[Overlap, set[str]]:
    """How much of each stands in the other, and the words of what both have."""
    theirs = set(known.runs.least) - reading.ignored
    mine = len(reading.ordered) if known.runs.whole else bisect_right(reading.ordered, known.runs.least[-1])
    both = theirs & reading.runs.keys()
    exact = bool(reading.words) and reading.fingerprint.digest == known.digest
    overlap = Overlap(
        of_candidate=len(both) / mine if mine else 0.0,
        of_known=len(both) / len(theirs) if theirs else 0.0,
        both=len(both) / (len(theirs) + mine - len(both)) if theirs or mine else 0.0,
        seen=min(len(theirs), mine),
        exact=exact,
    )
    return overlap, _stems(reading, both)


def _stems(reading: Reading, runs: Iterable[int]) -> set[str]:
    """Of the words of these runs; runs overlap, so each place is looked at once."""
    starts = [reading.runs[value] for value in runs]
    places = {at + n for n in range(RUN) for at in starts}
    words = reading.words
    return {stem(words[at]) for at in places if at < len(words)}


def compare_facts(mine: Sample, theirs: Sample) -> Facts:
    """Numbers or names of two texts, scaled up from what both samples saw."""
    last = min((each.least[-1] for each in (mine, theirs) if not each.whole), default=0xFFFF)
    a, b = ({value for value in each.least if value <= last} for each in (mine, theirs))
    grow_a, grow_b = _grown(mine, a), _grown(theirs, b)
    return Facts(len(a - b) * grow_a, len(b - a) * grow_b, len(a & b) * (grow_a + grow_b) / 2)


def _ratio(one: int, other: int) -> float:
    return min(one, other) / max(one, other, 1)


def _grown(sample: Sample, seen: set[int]) -> float:
    return sample.size / len(seen) if seen else 0.0


def _share(wanted: frozenset[str], found: Iterable[str]) -> float:
    """One word of many may be chance."""
    hits = len(wanted.intersection(found))
    return hits / len(wanted) if hits > 1 or hits == len(wanted) > 0 else 0.0
