"""What repeats an article that was in its feed before us: no channel ever had that one.

A copy of it is no reason to be silent. It is posted and takes the archived article's place, so that later copies join
it; or a person is asked, where it plainly is the archive come back: from the same feed, and not dated anew.
"""

from datetime import datetime, timedelta

from pipeline.model import Article, ArticleState
from pipeline.store import Tx, articles, fingerprints, history

ANEW = timedelta(days=1)  # by so much a story is dated later when it is told again; an edit moves its date by less


def bearer(tx: Tx, ident: str) -> Article | None:
    """The article that stands for a story: the one that took an archived article's place, where one did."""
    found = articles.get(tx, ident)
    while found is not None and found.state is ArticleState.ARCHIVED and found.joined_to:
        found = articles.get(tx, found.joined_to)
    return found


def repeated(tx: Tx, article: Article, first: Article, reason: str, now: datetime) -> tuple[str, str]:
    """Post what repeats an archived article, or ask; gives the decision and its reason."""
    same = f"{reason}: the story of {first.id}, which was in {first.feed} before us and went to no channel"
    if come_back(article, first):
        told = f"{same}; is it the archive come back?"
        articles.move(tx, article, ArticleState.HELD, told, joined_to=None)
        fingerprints.set_apart(tx, article.id, first.id, "asked", now)  # released is answered: it is not asked twice
        history.note(tx, article.seq, now, "dedupe", "held", told)
        return "doubtful", told
    told = f"{same}; so it is posted"
    articles.move(tx, article, ArticleState.READY, told, due_at=now, joined_to=None)
    articles.give_place(tx, first.seq, article.id)
    history.note(tx, article.seq, now, "dedupe", "its own story", told)
    history.note(tx, first.seq, now, "dedupe", f"{article.id} stands for it", told)
    return "different", told


def come_back(article: Article, first: Article) -> bool:
    """Whether a copy plainly is the archived article itself, under another id or address."""
    if article.feed != first.feed:
        return False
    anew = article.published is not None and article.published > first.first_seen
    return not (anew and article.date - first.date >= ANEW)
