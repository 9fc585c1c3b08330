"""The judgement: are two articles one story? A pure function with a reason an editor understands.

Each rule looks at the evidence and speaks, or leaves it to the next. The order is the argument: what a publisher says
by an address comes before what the words say, what speaks against a wording that repeats (a template, a series, a
digest) comes before what speaks for it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from pipeline.dedupe.boilerplate import NOTHING, Boilerplate
from pipeline.dedupe.evidence import Candidate, Evidence, Known, gather
from pipeline.dedupe.links import Link
from pipeline.dedupe.titles import Title

COPY = 0.75  # of a text found in the other: it stands there, edits and an agency's line included
WHOLE = 0.85
NEARLY = 0.9
REWRITE = 0.6  # where the headline speaks for it too
CHANCE = 0.05  # of a text's runs that any other text may have
KIN = 0.5  # from here a person should look
EXCERPT = 0.4  # a longer text that quotes a shorter one whole is a digest from here down
BRIEF = 12  # words under which two equal texts say little
SHORT = 100  # words a page's description may have
LONG = 300  # words that no footer has
FOOTED = 60  # words under which a text has no long footer
SEEN = 6  # sampled runs under which a share is a guess
DENSE = 0.012  # changed numbers per word of a report that is its template's next
CROWDED = 0.02  # numbers per word that the shorter text has alone
NAMED = 0.04  # changed names per word of the same
HALF = 0.4
TELLS = 3  # words from which a headline tells one article from others
SUBJECT = 0.2
PAGE_LIVES = timedelta(days=3)
STANDS = timedelta(days=14)
SOON = timedelta(hours=2)
DEVELOPS = timedelta(hours=6)  # a first line and the article that follows may have no word in common
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Same:
    """The same story again: it joins the known one."""

    reason: str
    weight: float = field(default=1.0, compare=False)


@dataclass(frozen=True, slots=True)
class Revised:
    """The same article, changed: the known one gets a new revision."""

    reason: str
    weight: float = field(default=1.0, compare=False)


@dataclass(frozen=True, slots=True)
class Different:
    """Two articles."""

    reason: str
    weight: float = field(default=0.0, compare=False)


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A person should look at both texts."""

    reason: str
    weight: float = field(default=0.5, compare=False)


Verdict = Same | Revised | Different | Doubtful
Rule = Callable[[Evidence], Verdict | None]


def judge(candidate: Candidate, known: Known, *, boilerplate: Boilerplate = NOTHING, strict: bool = False) -> Verdict:
    """Whether the candidate tells the known article's story, and why. What recurs in the feed counts for nothing."""
    evidence = gather(candidate, known, recurring=boilerplate.headline(candidate.title))
    verdict = weigh(evidence)
    return resembling(evidence, verdict) if strict and isinstance(verdict, Different) else verdict


def weigh(evidence: Evidence) -> Verdict:
    """The first rule that speaks."""
    for rule in RULES:
        if (verdict := rule(evidence)) is not None:
            return verdict
    return Different("another text")


def same_page(e: Evidence) -> Verdict | None:
    """One address is one article, changed or not, while the page lives."""
    if e.link is not Link.SAME:
        return None
    if e.text.exact or not min(e.words):
        return Same(f"same address{same_headline(e)}", 3)
    if e.words[0] < e.words[1] and (e.text.of_candidate >= COPY or (e.words[0] <= SHORT and e.title is Title.SAME)):
        return Same("same address, a shorter text of it", 3)
    if strangers(e) and not (e.same_feed and e.apart <= DEVELOPS):
        return Doubtful("same address, but not a phrase, name or number in common: was the address used again?")
    alike = e.title in (Title.SAME, Title.NEAR) and e.apart <= STANDS
    if (
        alike
        or max(e.text.of_candidate, e.text.of_known) >= KIN
        or e.apart <= (PAGE_LIVES if e.headline_in_text >= HALF else DAY)
    ):
        return Revised("same address, the text was changed", 3)
    return Doubtful(f"same address, but another text {days(e)} later")


def word_for_word(e: Evidence) -> Verdict | None:
    """The same words are the same story, unless they are few."""
    if not e.text.exact:
        return None
    if min(e.words) >= BRIEF or e.title is Title.SAME:
        return Same("same text, word for word" + ("" if e.title is Title.SAME else ", under another headline"), 2.5)
    return None


def template(e: Evidence) -> Verdict | None:
    """The same wording with other numbers or names: an alert, a result, a forecast."""
    words = max(1, min(e.words))
    numbers = e.numbers.changed / words >= DENSE and e.numbers.share >= HALF and e.numbers.changed > 1
    names = e.names.changed / words >= NAMED and e.names.share >= HALF and e.names.changed > 1 and e.ratio >= COPY
    if max(e.text.of_candidate, e.text.of_known) >= EXCERPT and e.ratio >= KIN and (numbers or names):
        what = " and ".join(word for word, changed in (("numbers", numbers), ("names", names)) if changed)
        return Different(f"same wording, other {what}: another report of the kind")
    own = e.numbers.candidate if e.words[0] <= e.words[1] else e.numbers.known
    if max(e.text.of_candidate, e.text.of_known) >= EXCERPT and own / words >= CROWDED and own > max(1, e.numbers.both):
        return Different("same wording, but numbers of its own: another report of the kind")
    return None


def part_of_page(e: Evidence) -> Verdict | None:
    """Entries of a live blog share address and headline."""
    if e.link is Link.PART and not both(e, COPY):
        return Different("two parts of one page, with texts of their own")
    return None


def series(e: Evidence) -> Verdict | None:
    """Headlines that differ only by a number are parts, unless the text is the same."""
    if e.title is Title.NUMBERED and max(e.text.of_candidate, e.text.of_known) < COPY:
        return Different("same headline but for a number, another text: parts of a series")
    return None


def surroundings(e: Evidence) -> Verdict | None:
    """What two short texts share says nothing of what either is about: a footer, a caption, an appeal."""
    if e.title is not Title.OTHER or min(e.words) >= LONG or max(e.text.of_candidate, e.text.of_known) < KIN:
        return None
    if (e.words[0] > e.words[1] and e.ratio < EXCERPT) or (max(e.words) < FOOTED and both(e, COPY)):
        return None  # a digest, maybe; or too short to have much around it
    if e.subject >= SUBJECT or e.headline_in_text >= SUBJECT:
        return None
    if max(e.text.of_candidate, e.text.of_known) >= NEARLY:
        return Doubtful("nearly the same text, but it tells nothing of either headline: a copy, or a long footer?")
    return Different("what both texts have tells nothing of either headline: it is what surrounds the articles")


def copy(e: Evidence) -> Verdict | None:
    """Most of each text stands in the other."""
    return Same(near_reason(e), 1 + e.text.both) if both(e, COPY) and e.text.seen >= SEEN else None


def excerpt(e: Evidence) -> Verdict | None:
    """The candidate stands in the known text: a teaser, a shortened copy, a rewrite."""
    titled = e.headline_in_text >= HALF and e.subject >= SUBJECT and EXCERPT <= e.ratio < WHOLE
    if e.text.of_candidate < (REWRITE if titled else COPY) or not e.words[0]:
        return None
    if e.title in (Title.SAME, Title.NEAR) and not (e.recurring and e.text.seen < SEEN):
        return Same("a shorter copy under the same headline", 1 + e.text.of_candidate)
    if e.text.seen < SEEN:
        return None
    whole = e.text.of_candidate >= WHOLE and (e.ratio >= KIN or e.words[0] >= SHORT)
    if whole or e.headline_in_text >= HALF:
        return Same("a shorter copy under another headline", e.text.of_candidate)
    return Doubtful("its text stands in a longer one with another headline")


def extended(e: Evidence) -> Verdict | None:
    """The known text stands in the candidate: a longer version, or a digest that quotes it."""
    if e.text.of_known < COPY or not e.words[1] or e.text.seen < SEEN:
        return None
    if e.title in (Title.SAME, Title.NEAR) and not (e.recurring and e.ratio < EXCERPT):
        kind = Revised if e.same_feed or e.same_site else Same
        return kind("a longer version under the same headline", 1 + e.text.of_known)
    if e.ratio < KIN:
        return Different("a longer text that quotes it whole among others: a digest")
    if e.text.of_known >= WHOLE and (e.subject >= SUBJECT or e.ratio >= REWRITE):
        return Same("a longer version under another headline", e.text.of_known)
    return Doubtful("a longer text that has most of it, under another headline")


def headline_only(e: Evidence) -> Verdict | None:
    """The same telling headline where one of the two has hardly a text."""
    if e.title is not Title.SAME or e.recurring or e.link is Link.PART:
        return None
    if e.title_words < TELLS or min(e.words) > SHORT or (e.ratio > EXCERPT and max(e.words) > BRIEF):
        return None
    if (e.same_site and e.apart <= SOON) or (not min(e.words) and e.same_site and e.apart <= DAY):
        return Same("same headline on the same site, the other has hardly a text", 0.8)
    return Doubtful("same headline, too little text to compare") if e.apart <= DAY else None


def kindred(e: Evidence) -> Verdict | None:
    """Half a text in common, and it is what the headlines speak of. In one feed that is background or boilerplate."""
    if e.same_feed or e.text.seen < SEEN or e.ratio < EXCERPT or e.subject < HALF:
        return None
    alike = max(e.text.of_candidate, e.text.of_known) >= KIN
    return Doubtful("about half of the text is the same") if alike else None


def headline_again(e: Evidence) -> Verdict | None:
    """The same headline over another text."""
    return Different("same headline, another text") if e.title is Title.SAME else None


RULES: tuple[Rule, ...] = (
    same_page,
    word_for_word,
    template,
    part_of_page,
    series,
    surroundings,
    copy,
    excerpt,
    extended,
    headline_only,
    kindred,
    headline_again,
)


def resembling(e: Evidence, verdict: Verdict) -> Verdict:
    """Under the strict policy: what is much alike waits for a person, with the reason why it seems different."""
    alike = max(e.text.of_candidate, e.text.of_known) >= KIN and e.text.seen >= SEEN
    headline = e.title is Title.SAME and not e.recurring
    return Doubtful(f"resembles it, but: {verdict.reason}", 0.3) if alike or headline else verdict


def both(e: Evidence, share: float) -> bool:
    """Whether that much of each text stands in the other."""
    return e.text.of_candidate >= share and e.text.of_known >= share


def strangers(e: Evidence) -> bool:
    """Whether two texts have nothing at all in common."""
    nothing = e.names.both + e.numbers.both == 0 and not e.headline_in_text and e.title is Title.OTHER
    return nothing and max(e.text.of_candidate, e.text.of_known) < CHANCE and min(e.words) >= BRIEF


def near_reason(e: Evidence) -> str:
    """What a copy has changed, in an editor's words."""
    text = "same text" if e.text.both >= WHOLE else "nearly the same text"
    return text if e.title is Title.SAME else f"{text} under another headline"


def same_headline(e: Evidence) -> str:
    """The headline's part of a reason."""
    return " and headline" if e.title is Title.SAME else ""


def days(e: Evidence) -> str:
    """How long apart, in words."""
    return f"{e.apart.days} days" if e.apart.days > 1 else "a day"
