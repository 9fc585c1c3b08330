"""Which entries are news: a document and what the store knows become one ruling for each entry. Pure.

The stage asks in this order, so that a document of known articles costs two look-ups::

    sheet = lay_out(document.entries, memory, now)
    claims = settled(sheet, aliases of sheet.strong())
    sheet = complete(sheet, the lines left open)
    claims |= match(sheet, claims, aliases of the open lines, articles among suspects(…))
    decision = decide(sheet, claims, known articles, policy, now)
"""

from pipeline.feeds.identity.decision import Decision, Known, Policy, Ruling, Verdict, decide, renamed
from pipeline.feeds.identity.keys import VERSION, Alias, content_hash, link_key
from pipeline.feeds.identity.likeness import has_its_own_text
from pipeline.feeds.identity.matching import Claim, Outline, match, missing, set_back, settled, suspects
from pipeline.feeds.identity.memory import Memory, dump, load
from pipeline.feeds.identity.sheet import Line, Sheet, complete, lay_out

__all__ = [
    "VERSION",
    "Alias",
    "Claim",
    "Decision",
    "Known",
    "Line",
    "Memory",
    "Outline",
    "Policy",
    "Ruling",
    "Sheet",
    "Verdict",
    "complete",
    "content_hash",
    "decide",
    "dump",
    "has_its_own_text",
    "lay_out",
    "link_key",
    "load",
    "match",
    "missing",
    "renamed",
    "set_back",
    "settled",
    "suspects",
]
