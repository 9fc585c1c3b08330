"""Write what a poll brought: articles, keys, validators, the next due time and the log's line, all or nothing."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from pipeline.feeds import canonical, identity
from pipeline.feeds.absence import Said
from pipeline.feeds.identity import Ruling, Verdict
from pipeline.model import Article, ArticleState
from pipeline.stages import follow
from pipeline.stages.poll import embargo, planning, settling, subscribing, vanishing
from pipeline.stages.poll.hearing import Hearing
from pipeline.stages.poll.planning import Plan
from pipeline.stages.poll.visit import Visit
from pipeline.store import Tx, articles, deliveries, feeds, history
from pipeline.world import World

STEADY = 4  # revisions from which on a feed that goes back and forth is no longer followed
MOST = 50  # revisions of one article
OWN_TEXT = "it has a text of its own now, which it had not when it joined"
STATES = {Verdict.NEW: ArticleState.NEW, Verdict.HELD: ArticleState.HELD}
OPEN = (ArticleState.TEASED, ArticleState.READY, ArticleState.FANNED)


@dataclass(frozen=True, slots=True)
class Stored:
    """An article that this poll stored."""

    ident: str
    reason: str
    trace: str


@dataclass(slots=True)
class Kept:
    """What was written, for the log and the hints."""

    new: list[Stored] = field(default_factory=list)
    held: list[Stored] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    warnings: tuple[str, ...] = ()
    line: dict[str, Any] = field(default_factory=dict)


class _Lost(Exception):
    """The lease went to another worker: nothing is written."""


def keep(world: World, visit: Visit, hearing: Hearing, said: Mapping[int, Said] = MappingProxyType({})) -> Kept | None:
    """Decide and save; None when the lease was lost."""
    now, kept = world.now(), Kept()
    plan = planning.plan(world, visit, hearing, now)
    try:
        with world.store.begin(durable=_weighs(plan)) as tx:
            if plan is not None:
                _save(world, tx, visit, plan, kept, now)
            memory = visit.memory
            if hearing.ok:
                memory = vanishing.follow_up(world, tx, visit, plan, said, kept.channels, now)
            if subscribing.possible(world, visit):
                subscribing.note(tx, visit, hearing, now)
                subscribing.doubt(tx, visit, len(kept.new))
            columns = settling.columns(visit, hearing, plan, memory, now)
            if visit.host:
                feeds.leave(tx, visit.host, *settling.quiet(hearing, now))
            if not feeds.settle(tx, visit.feed, **columns):
                raise _Lost
            kept.line = settling.line(visit, hearing, plan, columns)
            feeds.note_poll(tx, feed=visit.name, at=now, **settling.logged(kept.line, columns))
    except _Lost:
        return None
    kept.warnings = plan.decision.warnings if plan else ()
    return kept


def _weighs(plan: Plan | None) -> bool:
    """Whether something is written that is not simply found again when the feed is asked once more."""
    return plan is not None and (plan.baseline or bool(plan.missing) or any(r.changes for r in plan.decision.rulings))


def _save(world: World, tx: Tx, visit: Visit, plan: Plan, kept: Kept, now: datetime) -> None:
    old = [ruling for ruling in plan.decision.rulings if ruling.verdict is Verdict.ARCHIVED]
    if old:
        feeds.archive(tx, visit.name, [_archived(ruling) for ruling in old], now, old[0].reason)
    for ruling in plan.decision.rulings:
        if ruling.verdict is Verdict.ARCHIVED:
            continue
        if ruling.seq is None:
            _store(tx, visit, ruling, kept, now)
        else:
            _update(world, tx, visit, ruling, kept, now)


def _store(tx: Tx, visit: Visit, ruling: Ruling, kept: Kept, now: datetime) -> None:
    entry, trace = ruling.entry, secrets.token_hex(8)
    seq, ident = articles.add(
        tx,
        visit.name,
        entry,
        seed=_seed(ruling),
        state=STATES[ruling.verdict],
        now=now,
        trace=trace,
        reason=ruling.reason,
        content_hash=ruling.content_hash,
    )
    feeds.learn(tx, visit.name, seq, ruling.aliases, take=True)
    history.note(tx, seq, now, "poll", str(ruling.verdict), ruling.reason)
    stored = Stored(ident, ruling.reason, trace)
    if ruling.verdict is Verdict.NEW:
        kept.new.append(stored)
    elif ruling.verdict is Verdict.HELD:
        kept.held.append(stored)


def _archived(ruling: Ruling) -> feeds.Archived:
    return feeds.Archived(ruling.entry, _seed(ruling), ruling.content_hash, ruling.aliases)


def _seed(ruling: Ruling) -> str:
    """What the article's public id is made of: the same in a new store."""
    entry = ruling.entry
    if entry.entry_id:
        return canonical.bare(entry.entry_id)
    return canonical.key(entry.link) if entry.link else f"{entry.title}\n{ruling.content_hash[16:32].hex()}"


def _update(world: World, tx: Tx, visit: Visit, ruling: Ruling, kept: Kept, now: datetime) -> None:
    seq = ruling.seq
    assert seq is not None
    feeds.learn(tx, visit.name, seq, ruling.aliases)
    if ruling.redated and ruling.entry.published:
        kept.channels += embargo.follow(world, tx, seq, ruling.entry.published, now)
    if ruling.verdict is Verdict.RETURNED:
        kept.channels += vanishing.back(world, tx, seq, now)
        article = articles.by_seq(tx, [seq])[seq]
        if article.state is ArticleState.NEW:
            kept.new.append(Stored(article.id, article.reason, article.trace))
    if ruling.edited:
        _revise(tx, seq, ruling, now)
    if ruling.retagged:
        articles.retag(tx, seq, ruling.entry.tags, None if ruling.edited else ruling.content_hash)
        follow.retagged(world, tx, articles.by_seq(tx, [seq])[seq], now)


def _damaged(text: str, before: str) -> bool:
    """Whether letters of a text are unreadable (U+FFFD) that were not before."""
    return text.count("\ufffd") > before.count("\ufffd")


def _revise(tx: Tx, seq: int, ruling: Ruling, now: datetime) -> None:
    before = articles.by_seq(tx, [seq])[seq]
    entry = ruling.entry
    fields = ("title", "link", "summary", "content", "image")
    if before.revision >= MOST or (before.revision >= STEADY and feeds.says_again(tx, seq, entry)):
        return  # two servers that disagree, or one that is never done, would revise it for ever
    if _damaged(entry.title, before.title) or _damaged(entry.summary + entry.content, before.summary + before.content):
        return  # its letters broke on the way; the text that is known is the better one
    changed = {name: getattr(entry, name) for name in fields if getattr(entry, name) != getattr(before, name)}
    number = articles.revise(tx, seq, entry, changed, ruling.content_hash, now)
    reason = f"its {' and '.join(sorted(changed)) or 'text'} changed in the feed"
    history.note(tx, seq, now, "poll", f"revision {number}", reason)
    articles.set_state(tx, seq, OPEN, ArticleState.NEW, f"revision {number}: {reason}", now)
    if before.state is ArticleState.JOINED and identity.has_its_own_text(before, entry):
        _judge_again(tx, before, now)


def _judge_again(tx: Tx, article: Article, now: datetime) -> None:
    """A password was removed, a placeholder filled: what the article joined for is no longer what it says."""
    if deliveries.of_article(tx, article.seq):
        return
    if articles.set_state(tx, article.seq, [ArticleState.JOINED], ArticleState.NEW, OWN_TEXT, now):
        history.note(tx, article.seq, now, "poll", "to be judged again", OWN_TEXT)
