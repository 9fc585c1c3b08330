"""The dedupe stage: teased → ready, or joined to an earlier article. Serial, in the order of first sight.

What an address says across feeds is known for ever; what the texts say, for the window. A duplicate joins: its feed's
routes add up. A person's word that two are different stands. Safe to run again, after an upgrade too: only what is
teased is decided on, by what is remembered of everything else.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import structlog

from pipeline.dedupe import Candidate, Decision, Known, Policy, Revised, Same
from pipeline.model import Article, ArticleState, Entry, Stage
from pipeline.stages import shelved, suspects
from pipeline.stages.recognise import Desk
from pipeline.stages.upkeep import upkeep
from pipeline.store import Tx, articles, deliveries, fingerprints, history, locks
from pipeline.world import World

log = structlog.get_logger()

BATCH = 50
# How long an article waits for earlier ones of its feed that still have no teaser, so that posts keep their order.
PATIENCE = timedelta(seconds=60)


def dedupe(world: World) -> None:
    """Decide on everything that is teased. Serial across all workers: two copies arriving together cannot both win."""
    upkeep(world.store, world.config.settings.dedupe_window, world.now())
    while _batch(world):
        pass


def _batch(world: World) -> bool:
    taken, more = suspects.take(world, Stage.DEDUPE, ArticleState.TEASED, BATCH, _in_order)
    if not taken:
        return more
    with suspects.claimed(world, taken), world.store.begin() as tx:
        locks.serial(tx, "dedupe")
        now = world.now()
        desk = Desk(tx, world.config.settings.dedupe_window)
        found = articles.claimed(tx, ArticleState.TEASED, taken)
        desk.open(found)
        decided = [(article, *_decide(world, desk, article, now)) for article in found]
        desk.close()
    for article, decision, reason in decided:
        log.info(
            "article_judged",
            article=article.id,
            feed=article.feed,
            decision=decision,
            reason=reason,
            trace=article.trace,
        )
    if decided:
        world.hint(Stage.FANOUT, "")
    return more


def _in_order(tx: Tx, found: list[Article], now: datetime) -> Iterator[Article]:
    waiting: set[str] = set()
    before: list[int] = []
    for article in found:
        if article.feed in waiting:
            continue
        if articles.undecided_before(tx, article.feed, article.seq, now - PATIENCE, before):
            waiting.add(article.feed)
            continue
        before.append(article.seq)
        yield article


def _decide(world: World, desk: Desk, article: Article, now: datetime) -> tuple[str, str]:
    candidate = desk.read(article)
    if article.revision > 1 and deliveries.of_article(desk.tx, article.seq):
        articles.move(desk.tx, article, ArticleState.READY, "an edit of an article that has its deliveries", due_at=now)
        desk.remember(article, candidate, own_story=False)
        return "revised", "an edit of an article that has its deliveries"
    decision = judged(world, desk, article, candidate, now)
    desk.remember(article, candidate, own_story=not decision.joins)
    return _carry_out(desk.tx, article, decision, now)


def judged(world: World, desk: Desk, article: Article, candidate: Candidate, now: datetime) -> Decision:
    """Whether it is an earlier article's story, under its feed's policy. Writes nothing."""
    policy = Policy(world.config.feed(article.feed).dedupe)
    return _known_address(desk, article, candidate, desk.decide(candidate, policy, now))


def _known_address(desk: Desk, article: Article, candidate: Candidate, decision: Decision) -> Decision:
    """An address that another feed gave before joins, whenever that was, unless both texts were looked at."""
    if decision.joins or decision.waits:
        return decision
    first = articles.same_link_elsewhere(desk.tx, article)
    if first is None or first.id in fingerprints.apart(desk.tx, article.id):
        return decision
    known = Known(first.id, first.feed, first.title, first.link, first.date, candidate.reading.fingerprint, first.id)
    return Decision(Same(f"the same address as {first.id} from {first.feed}"), known)


def _carry_out(tx: Tx, article: Article, decision: Decision, now: datetime) -> tuple[str, str]:
    verdict, known = decision.verdict, decision.known
    name = type(verdict).__name__.lower()
    if decision.joins and known is not None:
        first = shelved.bearer(tx, known.story)
        assert first is not None
        if first.state is ArticleState.ARCHIVED:
            return shelved.repeated(tx, article, first, verdict.reason, now)
        join(tx, article, first, verdict.reason, now)
        if isinstance(verdict, Revised) and first.feed == article.feed:
            _revise(tx, article, first, verdict.reason, now)
    elif decision.waits and known is not None:
        reason = f"{verdict.reason} (compare with {known.id}: “{known.title}”)"
        articles.move(tx, article, ArticleState.HELD, reason, joined_to=None)
        fingerprints.set_apart(tx, article.id, known.story, "asked", now)  # released is answered: it is not asked twice
        history.note(tx, article.seq, now, "dedupe", "held", reason)
    else:
        told = f"{verdict.reason} ({known.id})" if known else verdict.reason
        articles.move(tx, article, ArticleState.READY, "a story of its own", due_at=now, joined_to=None)
        history.note(tx, article.seq, now, "dedupe", "its own story", told)
    return name, verdict.reason


def join(tx: Tx, article: Article, first: Article, reason: str, now: datetime) -> None:
    """Make the article part of an earlier one: its feeds' routes add up there, no channel gets it twice."""
    articles.move(tx, article, ArticleState.JOINED, reason, joined_to=first.id)
    history.note(tx, article.seq, now, "dedupe", f"joined {first.id}", reason)
    fresh = articles.seen_through(tx, first.seq, articles.feeds_of(tx, article.seq), now)
    if fresh:
        history.note(tx, first.seq, now, "dedupe", f"{article.id} joined", f"it also came through {', '.join(fresh)}")
        articles.set_state(
            tx, first.seq, [ArticleState.FANNED], ArticleState.READY, "further routes through a feed that joined", now
        )


def _revise(tx: Tx, article: Article, first: Article, reason: str, now: datetime) -> None:
    """The first article becomes what its feed says now; posts follow where their channels are told to.

    Only where its own entry has left the feed: as long as both are there, each poll would turn it back.
    """
    vanished, digest = fingerprints.last_seen(tx, first.seq, article.seq)
    if not vanished or digest is None:
        return
    fields = ("title", "link", "summary", "content", "image")
    changed = {name: getattr(article, name) for name in fields if getattr(article, name) != getattr(first, name)}
    number = articles.revise(tx, first.seq, entry_of(article), changed, digest, now)
    fingerprints.returned(tx, first.seq)
    told = f"revision {number}: {reason}, as {article.id}"
    history.note(tx, first.seq, now, "dedupe", f"revision {number}", told)
    again = [ArticleState.TEASED, ArticleState.READY, ArticleState.FANNED]
    articles.set_state(tx, first.seq, again, ArticleState.NEW, told, now)


def entry_of(article: Article) -> Entry:
    """What the feed gave, as far as it is stored."""
    return Entry(
        entry_id=article.entry_id,
        link=article.link,
        title=article.title,
        summary=article.summary,
        content=article.content,
        published=article.published,
        updated=article.updated,
        language=article.language,
        authors=article.authors,
        tags=article.tags,
        image=article.image,
    )
