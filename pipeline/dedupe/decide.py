"""The decision on one article among all it might repeat, under its feed's policy."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from pipeline.dedupe.boilerplate import NOTHING, Boilerplate
from pipeline.dedupe.evidence import Candidate, Known
from pipeline.dedupe.judge import Different, Doubtful, Revised, Same, Verdict, judge

ALONE = Different("no earlier article is like it")


class Policy(StrEnum):
    """What a feed wants done about stories that were told before."""

    STRICT = "strict"  # only what leaves no doubt is posted: whatever resembles an earlier article waits for a person
    NORMAL = "normal"  # duplicates join, the doubtful wait for a person
    OFF = "off"  # nothing is compared; the same address across feeds still joins


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of the candidate, and the known article that it is about."""

    verdict: Verdict
    known: Known | None = None

    @property
    def joins(self) -> bool:
        """Whether it is the known article's story."""
        return isinstance(self.verdict, Same | Revised)

    @property
    def waits(self) -> bool:
        """Whether a person has to look."""
        return isinstance(self.verdict, Doubtful)


def decide(
    candidate: Candidate,
    knowns: Iterable[Known],
    policy: Policy = Policy.NORMAL,
    *,
    boilerplate: Boilerplate = NOTHING,
    apart: Collection[str] = (),
) -> Decision:
    """The strongest verdict among all. `apart`: ids that a person said are other stories; their word stands."""
    if policy is Policy.OFF:
        return Decision(Different("this feed's articles are not compared"))
    best = Decision(ALONE)
    for known in knowns:
        if known.id == candidate.id or known.id in apart or known.story in apart:
            continue
        verdict = judge(candidate, known, boilerplate=boilerplate, strict=policy is Policy.STRICT)
        if _before(verdict, known, best):
            best = Decision(verdict, known)
    return best


def _before(verdict: Verdict, known: Known, best: Decision) -> bool:
    if best.known is None:
        return True
    return (verdict.weight, best.known.at) > (best.verdict.weight, known.at)
