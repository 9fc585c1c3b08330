"""`standfirst backtest`: the stored articles once more, one after the other, in a store that lasts as long as this."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pipeline.dedupe import Decision, Policy
from pipeline.model import Article, ArticleState
from pipeline.stages.recognise import Desk
from pipeline.store import Store, Tx, articles
from pipeline.store.tables import articles as rows
from pipeline.wording import counted
from pipeline.world import World
from workers.cli.output import clipped, progress

COLUMNS = {
    "article": "article",
    "feed": "feed",
    "was": "was",
    "would": "would be",
    "title": "title",
    "reason": "reason",
}
BATCH = 500
UNDECIDED = (ArticleState.ARCHIVED, ArticleState.NEW, ArticleState.TEASED, ArticleState.SET_ASIDE)
FOR_A_PERSON = "waits for a person"
OWN = "own story"


def replay(world: World, days: int, policy: Policy, feed: str | None) -> dict[str, Any]:
    """Every decision of the last days again, under the policy; where it differs from what was decided."""
    window = world.config.settings.dedupe_window
    since = world.now() - timedelta(days=days)
    differences: list[dict[str, Any]] = []
    total = 0
    with elsewhere() as tx, world.store.read() as real, progress("replaying", count(real, since)) as shown:
        for batch in batches(real, since - window):
            desk = Desk(tx, window)
            for article in batch:
                chosen = policy if feed in (None, article.feed) else Policy(world.config.feed(article.feed).dedupe)
                decision = again(desk, article, chosen)
                if article.first_seen < since or article.state in UNDECIDED:
                    continue
                total += 1
                differences += difference(article, decision)
                shown(total)
            desk.close()
    return {"days": days, "policy": str(policy), "feed": feed, "articles": total, "differences": differences}


@contextmanager
def elsewhere() -> Iterator[Tx]:
    """A transaction on an empty store that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="standfirst-backtest-") as folder:
        store = Store.open(f"sqlite:///{Path(folder) / 'backtest.db'}")
        try:
            store.migrate()
            with store.begin() as tx:
                yield tx
        finally:
            store.close()


def count(tx: Tx, since: Any) -> int:
    """How many articles there are since then."""
    return tx.scalar(sa.select(sa.func.count()).select_from(rows).where(rows.c.first_seen_at >= since)) or 0


def batches(tx: Tx, since: Any) -> Iterator[list[Article]]:
    """The articles since then in order of first sight, some at a time."""
    last = 0
    while True:
        query = (
            sa.select(rows).where(rows.c.first_seen_at >= since, rows.c.seq > last).order_by(rows.c.seq).limit(BATCH)
        )
        found = [articles.from_row(row) for row in tx.execute(query)]
        if not found:
            return
        last = found[-1].seq
        yield found


def again(desk: Desk, article: Article, policy: Policy) -> Decision:
    """Decide on an article as if it had just come, and remember it."""
    candidate = desk.read(article)
    decision = desk.decide(candidate, policy, article.first_seen)
    story = decision.known.story or decision.known.id if decision.joins and decision.known else None
    desk.tx.execute(
        rows.insert().values(
            seq=article.seq,
            id=article.id,
            feed=article.feed,
            state=ArticleState.JOINED if story else ArticleState.FANNED,
            title=article.title,
            link=article.link,
            published_at=article.published,
            first_seen_at=article.first_seen,
            joined_to=story,
        )
    )
    desk.remember(article, candidate, own_story=story is None)
    return decision


def difference(article: Article, decision: Decision) -> list[dict[str, Any]]:
    """A row where the decision is another than it was."""
    was = (
        f"joined {article.joined_to}"
        if article.joined_to
        else FOR_A_PERSON
        if article.state == ArticleState.HELD
        else OWN
    )
    would = OWN
    if decision.joins and decision.known:
        would = f"joined {decision.known.story or decision.known.id}"
    elif decision.waits:
        would = FOR_A_PERSON
    if was == would:
        return []
    row = {"article": article.id, "feed": article.feed, "was": was, "would": would, "reason": decision.verdict.reason}
    return [row | {"title": clipped(article.title)}]


def summary(told: dict[str, Any]) -> str:
    """All of it in one sentence."""
    differ = counted(len(told["differences"]), "decision differs", "decisions differ")
    return f'{differ} of {told["articles"]} in {counted(told["days"], "day")} under dedupe = "{told["policy"]}"'
