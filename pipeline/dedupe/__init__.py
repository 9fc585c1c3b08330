"""Fingerprints and the judgement: whether an article is a story that was told before. Pure."""

from pipeline.dedupe.boilerplate import Boilerplate, Memory
from pipeline.dedupe.decide import Decision, Policy, decide
from pipeline.dedupe.evidence import Candidate, Evidence, Known
from pipeline.dedupe.fingerprint import VERSION, Fingerprint, Keys, Reading, read, unpack
from pipeline.dedupe.judge import Different, Doubtful, Revised, Same, Verdict, judge

__all__ = [
    "VERSION",
    "Boilerplate",
    "Candidate",
    "Decision",
    "Different",
    "Doubtful",
    "Evidence",
    "Fingerprint",
    "Keys",
    "Known",
    "Memory",
    "Policy",
    "Reading",
    "Revised",
    "Same",
    "Verdict",
    "decide",
    "judge",
    "read",
    "unpack",
]
