"""Two articles side by side, the judgement on them, and a person's word: for the command line and the console."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from pipeline.dedupe import Known, Policy, judge
from pipeline.dedupe.evidence import gather
from pipeline.model import Article, ArticleState, Stage, UsageError
from pipeline.stages import orders
from pipeline.stages.dedupe import join
from pipeline.stages.recognise import Desk, when
from pipeline.store import Tx, articles, deliveries, fingerprints, history
from pipeline.world import World

Pair = tuple[Article, Article]
OPEN = (ArticleState.NEW, ArticleState.TEASED, ArticleState.READY, ArticleState.HELD, ArticleState.SET_ASIDE)


def pair(world: World, one: str, other: str) -> Pair:
    """The two articles, the earlier first."""
    found = sorted((orders.the_article(world, one), orders.the_article(world, other)), key=lambda article: article.seq)
    if found[0].seq == found[1].seq:
        raise UsageError("these are one and the same article")
    return found[0], found[1]


def explained(world: World, pair: Pair) -> dict[str, Any]:
    """Both texts, what speaks for and against, and the judgement under the later one's policy."""
    earlier, later = pair
    policy = Policy(world.config.feed(later.feed).dedupe)
    with world.store.read() as tx:
        desk = Desk(tx, world.config.settings.dedupe_window)
        candidate, other = desk.read(later), desk.read(earlier)
        known = Known(
            earlier.id,
            earlier.feed,
            earlier.title,
            earlier.link,
            when(earlier),
            other.reading.fingerprint,
            earlier.joined_to or earlier.id,
        )
        boilerplate = desk.memory(later.feed).boilerplate()
        verdict = judge(candidate, known, boilerplate=boilerplate, strict=policy is Policy.STRICT)
        apart = fingerprints.said_apart(tx, earlier.id, later.id)
        together = fingerprints.said_together(tx, earlier.id, later.id)
    evidence = asdict(gather(candidate, known, recurring=boilerplate.headline(candidate.title)))
    return {
        "articles": [about(earlier), about(later)],
        "verdict": type(verdict).__name__.lower(),
        "reason": verdict.reason,
        "a_person_said": "different" if apart else "same" if together else None,
        "joined": earlier.joined_to == later.id or later.joined_to == earlier.id,
        "policy": str(policy),
        "evidence": evidence,
    }


def about(article: Article) -> dict[str, Any]:
    """What is laid side by side."""
    names = ("id", "feed", "state", "title", "link", "published", "first_seen", "joined_to")
    text = max(article.content, article.summary, key=len)
    return {name: getattr(article, name) for name in names} | {"text": words_of(text)}


def words_of(markup: str) -> str:
    """The words of a text without its markup."""
    from pipeline.dedupe.words import plain

    return " ".join(plain(markup).split())


def asked(world: World, article: Article) -> Pair | None:
    """The article and the one it joined, or is held to be compared with; None where nobody needs to say a word."""
    with world.store.read() as tx:
        if article.state == ArticleState.JOINED and article.joined_to:
            told = fingerprints.said_together(tx, article.id, article.joined_to)
            other = None if told else article.joined_to
        elif article.state == ArticleState.HELD:
            other = next(iter(fingerprints.asked_about(tx, article.id)), None)
        else:
            return None
    return pair(world, article.id, other) if other else None


def apart(world: World, pair: Pair) -> str:
    """These are two stories: the word stands, and what was joined or held goes its own way."""
    earlier, later = pair
    now = world.now()
    with world.store.begin() as tx:
        freed = next((one for one in (later, earlier) if _freed(tx, one, _other(pair, one), now)), None)
        fingerprints.set_apart(tx, earlier.id, later.id, "different", now)
        told = freed or later
        history.note(tx, told.seq, now, "order", f"another story than {_other(pair, told).id}", "by a person")
    if freed:
        world.hint(Stage.TEASER, freed.id)
    return f"noted: two stories; {freed.id} goes its own way" if freed else "noted: two stories"


def _freed(tx: Tx, one: Article, other: Article, now: datetime) -> bool:
    """Let it go where it joined the other or waits because of it; one that waits for another reason goes on waiting.

    Its teaser is written anew: of what joined long ago the feed may have said more since, and the rules may be better.
    """
    doubted = one.state == ArticleState.HELD and {other.id, other.joined_to} & {*fingerprints.asked_about(tx, one.id)}
    if one.joined_to != other.id and not doubted:
        return False
    states = [ArticleState.JOINED, ArticleState.HELD]
    return articles.set_state(tx, one.seq, states, ArticleState.NEW, "a person said: another story", now)


def _other(pair: Pair, one: Article) -> Article:
    return pair[1] if one.seq == pair[0].seq else pair[0]


def together(world: World, pair: Pair) -> str:
    """These are one story: the one that has gone nowhere yet joins the other; of two, the later.

    Of what joined already, the word is kept: no more is said of it.
    """
    earlier, later = pair
    now = world.now()
    with world.store.begin() as tx:
        one = next((one for one in (later, earlier) if one.joined_to == _other(pair, one).id), None)
        if one is not None:
            fingerprints.set_together(tx, earlier.id, later.id, now)
            history.note(tx, one.seq, now, "order", f"the same story as {_other(pair, one).id}", "by a person")
            return f"noted: one story; {one.id} stays joined to {_other(pair, one).id}"
        open_ = [one for one in (later, earlier) if one.state in OPEN and not deliveries.of_article(tx, one.seq)]
        if not open_:
            raise UsageError(f"{later.id} is {later.state}: only what has gone nowhere yet can join {earlier.id}")
        moving, first = open_[0], _other(pair, open_[0])
        fingerprints.set_together(tx, earlier.id, later.id, now)
        join(tx, moving, first, "a person said: the same story", now)
    return f"noted: one story; {moving.id} joined {first.id}"
