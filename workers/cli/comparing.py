"""`standfirst dedupe`: two articles side by side, the judgement on them, and a person's word over it."""

from dataclasses import asdict
from typing import Any

from pipeline.dedupe import Doubtful, Known, Policy, Revised, Same, judge
from pipeline.dedupe.evidence import gather
from pipeline.model import Article, ArticleState, UsageError
from pipeline.stages import orders
from pipeline.stages.dedupe import join
from pipeline.stages.recognise import Desk, when
from pipeline.store import articles, deliveries, fingerprints, history
from pipeline.world import World
from workers.cli import output

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
    evidence = asdict(gather(candidate, known, recurring=boilerplate.headline(candidate.title)))
    return {
        "articles": [about(earlier), about(later)],
        "verdict": type(verdict).__name__.lower(),
        "reason": verdict.reason,
        "a_person_said": "different" if apart else None,
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


def show(told: dict[str, Any]) -> None:
    """The same for people."""
    for article in told["articles"]:
        output.heading(
            f"{article['id']} · {article['feed']} · {output.cell(article['published'] or article['first_seen'])}"
        )
        output.say(article["title"])
        output.say(article["link"])
        output.say(f"  {output.clipped(article['text'], 600)}")
    evidence = told["evidence"]
    text = evidence["text"]
    output.heading("what speaks for and against")
    output.say(
        f"  address {evidence['link']}, headline {evidence['title']}, "
        f"{evidence['words'][1]} words and {evidence['words'][0]}"
    )
    output.say(f"  shared text: {text['of_candidate']:.0%} of the later, {text['of_known']:.0%} of the earlier")
    output.say(
        f"  only in the later: {evidence['numbers']['candidate']:.0f} numbers, "
        f"{evidence['names']['candidate']:.0f} names"
    )
    meaning = {"same": "one story", "revised": "one story, changed", "doubtful": "a person should look"}
    said = "a person said: two stories" if told["a_person_said"] else meaning.get(told["verdict"], "two stories")
    output.gap()
    output.say(f"{said}: {told['reason']}")


def apart(world: World, pair: Pair) -> str:
    """These are two stories: the word stands, and what was joined or held goes its own way."""
    earlier, later = pair
    now = world.now()
    freed = False
    with world.store.begin() as tx:
        fingerprints.set_apart(tx, earlier.id, later.id, "different", now)
        if later.joined_to == earlier.id or later.state == ArticleState.HELD:
            states = [ArticleState.JOINED, ArticleState.HELD]
            freed = articles.set_state(tx, later.seq, states, ArticleState.TEASED, "a person said: another story", now)
        history.note(tx, later.seq, now, "order", f"another story than {earlier.id}", "by a person")
    return f"noted: two stories; {later.id} goes its own way" if freed else "noted: two stories"


def together(world: World, pair: Pair) -> str:
    """These are one story: the later joins the earlier, unless it was posted already."""
    earlier, later = pair
    now = world.now()
    with world.store.begin() as tx:
        if later.state not in OPEN or deliveries.of_article(tx, later.seq):
            raise UsageError(f"{later.id} is {later.state}: only what has gone nowhere yet can join {earlier.id}")
        fingerprints.set_together(tx, earlier.id, later.id)
        join(tx, later, earlier, "a person said: the same story", now)
    return f"noted: one story; {later.id} joined {earlier.id}"


def decided(verdict: object) -> str:
    """A verdict in one word."""
    return "joins" if isinstance(verdict, Same | Revised) else "waits" if isinstance(verdict, Doubtful) else "own story"
