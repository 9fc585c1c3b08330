"""`standfirst dedupe review` and `dedupe silent`: joins and holds, seen again."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pipeline.dedupe import Candidate, Decision, Known
from pipeline.model import Article, ArticleState
from pipeline.stages.dedupe import judged
from pipeline.stages.recognise import Desk
from pipeline.store import Tx, fingerprints, joins
from pipeline.wording import counted
from pipeline.world import World
from workers import joins as joined_articles
from workers.cli.output import clipped

EVERYTHING = 1_000_000
COLUMNS = {
    "article": "article",
    "feed": "feed",
    "title": "title",
    "was": "was",
    "would": "would be",
    "reason": "why",
    "next": "to part them",
}
SILENT = {
    "article": "article",
    "feed": "feed",
    "title": "title",
    "joined": "joined",
    "channels": "no post on",
    "next": "to part them",
}


@dataclass(slots=True)
class Reviewer(Desk):
    """Judges an article against those of one story alone: the ones it was joined to, or held to be compared with."""

    story: list[int] = field(default_factory=list)

    def found(self, candidate: Candidate, now: datetime) -> list[Known]:
        """What is remembered of the story, whether or not a search would find it now."""
        del candidate, now
        return list(fingerprints.of(self.tx, self.story).values())


def review(world: World, days: int) -> dict[str, Any]:
    """Judge again what was joined and held since; the rows that should not have been. Changes nothing."""
    with world.store.read() as tx:
        since = world.now() - timedelta(days=days)
        found = _to_judge(tx, since)
        apart = joins.said(tx, [article.id for article, _ in found], "different")
        rows = [row for article, first in found for row in _again(world, tx, article, first, apart)]
    return {"days": days, "judged": len(found), "rows": rows}


def _to_judge(tx: Tx, since: datetime) -> list[tuple[Article, str]]:
    """Articles with the id of the one they joined or are compared with, the oldest first; a person's word stands."""
    joined = joins.since(tx, since, EVERYTHING)
    same = joins.said(tx, [one.id for one in joined], "same")
    found = [(one, one.joined_to) for one in joined if one.joined_to and frozenset((one.id, one.joined_to)) not in same]
    for one in joins.doubted(tx):
        other = next(iter(fingerprints.asked_about(tx, one.id)), None)
        if other and one.first_seen >= since:
            found.append((one, other))
    return sorted(found, key=lambda pair: pair[0].seq)


def _again(world: World, tx: Tx, article: Article, first: str, apart: set[frozenset[str]]) -> list[dict[str, Any]]:
    desk = Reviewer(tx, world.config.settings.dedupe_window)
    desk.open([article])
    # That a person was asked is no word of theirs.
    desk.apart[article.id] = {other for pair in apart if article.id in pair for other in pair - {article.id}}
    desk.story = joins.members(tx, first, article.seq)
    decision = judged(world, desk, article, desk.read(article), article.first_seen)
    held = article.state == ArticleState.HELD
    if decision.joins or (held and decision.waits):
        return []
    return [_row(article, first, decision)]


def _row(article: Article, first: str, decision: Decision) -> dict[str, Any]:
    held = article.state == ArticleState.HELD
    return {
        "article": article.id,
        "feed": article.feed,
        "title": clipped(article.title),
        "was": f"held beside {first}" if held else f"joined {first}",
        "would": "held for a person" if decision.waits else "its own story",
        "reason": decision.verdict.reason,
        "next": f"standfirst dedupe {article.id} {first} --different",
    }


def summary(told: dict[str, Any]) -> str:
    """All of it in one sentence."""
    wrong = counted(len(told["rows"]), "join or hold", "joins and holds")
    days = counted(told["days"], "day")
    return f"{wrong} of {told['judged']} in {days} would be judged otherwise now"


def silent(world: World, days: int) -> list[dict[str, Any]]:
    """The joins that left a channel without either post."""
    with world.store.read() as tx:
        found = joined_articles.silent(world, tx, timedelta(days=days))
    return [
        {
            "article": one.article.id,
            "feed": one.article.feed,
            "title": clipped(one.article.title),
            "joined": one.story.id,
            "channels": list(one.channels),
            "next": f"standfirst dedupe {one.article.id} {one.story.id} --different",
        }
        for one in found
    ]
