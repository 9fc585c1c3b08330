"""Load what is known and decide on a document. Reads only: the feed's lease keeps other polls of it away."""

from dataclasses import dataclass, replace
from datetime import datetime

from pipeline import routes
from pipeline.feeds import identity
from pipeline.feeds.identity import Decision, Ruling, Verdict
from pipeline.model import Article, Document
from pipeline.stages.poll.hearing import Hearing
from pipeline.stages.poll.visit import DISPLAY, Visit
from pipeline.store import Tx, articles, feeds
from pipeline.wording import counted
from pipeline.world import World

RECENT = 200  # articles that an unknown entry is compared with, at least …
MOST = 1000  # … and at most
STRANGERS = 300
CUT_OFF = "the document is cut off: its whole entries were taken, the rest is asked for again"
NAMELESS = "neither id nor link nor title nor a text long enough to be recognised by, and cannot be taken"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be written of a document."""

    decision: Decision
    memory: identity.Memory
    document: Document
    missing: tuple[int, ...] = ()
    whole: bool = False  # absence from it means something
    baseline: bool = False
    set_back: tuple[tuple[int, datetime], ...] = ()  # articles that the feed dates earlier than before

    @property
    def present(self) -> frozenset[int]:
        """The known articles that the document shows."""
        return frozenset(ruling.seq for ruling in self.decision.rulings if ruling.seq is not None)


def plan(world: World, visit: Visit, hearing: Hearing, now: datetime) -> Plan | None:
    """Rule on a document's entries; None when there is none."""
    document = hearing.document
    if document is None:
        return None
    baseline = visit.first
    if baseline and document.truncated:
        decision = Decision((), replace(visit.memory, ill=_ill(visit, hearing, document)), (CUT_OFF,))
        return Plan(decision, decision.memory, document)  # half an archive is no baseline
    sheet = identity.lay_out(document.entries, visit.memory, now)
    with world.store.read() as tx:
        sheet, claims, known = _claims(tx, visit.name, sheet)
        lost = baseline and feeds.has_articles(tx, visit.name)
        whole = not (document.truncated or document.unread or hearing.partial)
        shown = feeds.on_display(tx, visit.name, now - DISPLAY) if whole and not baseline else {}
    renamed = identity.renamed(visit.feed.title, document.title)
    decision = identity.decide(
        sheet, claims, known, _policy(visit), now, baseline=baseline, state_lost=lost, renamed=renamed
    )
    if document.guessed:
        decision = replace(decision, rulings=tuple(_unedited(ruling) for ruling in decision.rulings))
    memory = replace(decision.memory, ill=_ill(visit, hearing, document))
    if document.truncated:  # whole entries count, nothing else is learnt
        memory = replace(visit.memory, ill=memory.ill)
        decision = replace(decision, warnings=(*decision.warnings, CUT_OFF))
    if sheet.nameless:
        warning = f"{counted(sheet.nameless, 'entry has', 'entries have')} {NAMELESS}"
        decision = replace(decision, warnings=(*decision.warnings, warning))
    missing = tuple(identity.missing(claims, sheet, shown, complete=document.complete))
    back = tuple(identity.set_back(claims, sheet, shown))
    return Plan(decision, memory, document, missing, whole, baseline and not document.truncated, back)


def _unedited(ruling: Ruling) -> Ruling:
    """The ruling without the edit that it found: a reading that guessed never revises an article."""
    verdict = Verdict.KNOWN if ruling.verdict is Verdict.REVISED else ruling.verdict
    return replace(ruling, verdict=verdict, edited=False, retagged=False)


def _claims(
    tx: Tx, feed: str, sheet: identity.Sheet
) -> tuple[identity.Sheet, dict[int, identity.Claim], dict[int, identity.Known]]:
    """Which lines are which articles: one look-up for a feed that behaves, a closer look at the rest."""
    found, known = feeds.recognised(tx, feed, sheet.strong())
    claims = identity.settled(sheet, found)
    if len(claims) == len(sheet.lines):
        return sheet, claims, known
    sheet = identity.complete(sheet, {line.place for line in sheet.lines} - claims.keys())
    left = [line for line in sheet.lines if line.place not in claims]
    found |= feeds.recognised(tx, feed, [alias.key for line in left for alias in line.aliases])[0]
    # A document of hundreds of strangers is a flood, whatever they look like; nobody compares each with everything.
    near = feeds.outlines(tx, feed, min(MOST, max(RECENT, 2 * len(sheet.lines)))) if len(left) <= STRANGERS else []
    seqs = sorted(identity.suspects(left, found, near))
    alike: dict[int, Article] = {}
    for start in range(0, len(seqs), feeds.CHUNK):
        alike |= articles.by_seq(tx, seqs[start : start + feeds.CHUNK])
    claims |= identity.match(sheet, claims, found, alike)
    known |= feeds.known(tx, {claim.seq for claim in claims.values()} - known.keys())
    return sheet, claims, known


def _policy(visit: Visit) -> identity.Policy:
    config = visit.config
    return identity.Policy(config.first_run, config.flood, config.max_age, routes.patience(config.embargo))


def _ill(visit: Visit, hearing: Hearing, document: Document) -> tuple[str, int]:
    if not document.truncated or hearing.digest is None:
        return ("", 0)
    last, times = visit.memory.ill
    return hearing.digest.hex(), times + 1 if last == hearing.digest.hex() else 1
