"""What was in a lost worker's hands is worked on apart, so that the third time is its own: then it is set aside.

Workers are lost for many reasons (a restart, a full memory, kill -9), and what they were at is rarely one of them. So a
loss says little of an article; it makes a suspect. Where an article's own text is read, a suspect's last try is made in
a child process: when that dies and we live, it was the article. Where articles are decided on together no text is
parsed and nobody is witness: a suspect is taken alone, and it takes many losses in a row to tell it from a bad hour.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from itertools import takewhile

import structlog

from pipeline.model import Article, ArticleState, Stage, StoreError
from pipeline.store import Tx, articles, history, locks
from pipeline.world import World

log = structlog.get_logger()

TRIES = 3
LEASE = timedelta(seconds=30)  # of a batch: longer than a batch waits for its turn
FAULT = 5  # what a try that an article failed by itself weighs among its `tries`; one whose worker was lost weighs 1
LOST = 12  # losses in a row, without one try that came to its end: nothing that comes of it is worth more of them

Order = Callable[[Tx, list[Article], datetime], Iterable[Article]]


def spent(article: Article) -> int:
    """How many of its tries are spent: those it failed by itself, and of lost workers two at most."""
    failed, lost = divmod(article.tries - 1, FAULT)
    return failed + min(lost, TRIES - 1)


def take(world: World, stage: Stage, state: ArticleState, limit: int, order: Order) -> tuple[list[int], bool]:
    """Claim a batch for a stage that decides on many: unsuspected articles, or one suspect; and whether more wait."""
    with world.store.begin(durable=False) as tx:  # claims that a power failure undoes were nobody's
        locks.serial(tx, stage.value)
        now = world.now()
        found = list(order(tx, articles.open_before(tx, state, now, limit), now))
        lost = [article for article in found if article.tries >= LOST]
        for article in lost:
            set_aside(world, tx, article, stage)
        found = [article for article in found if article.tries < LOST]
        taken = found[:1] if found and found[0].tries else list(takewhile(lambda one: not one.tries, found))
        articles.claim_all(tx, taken, now + LEASE, by=world.process)
    return [article.seq for article in taken], len(taken) < len(found) or len(found) + len(lost) == limit


@contextmanager
def claimed(world: World, seqs: Sequence[int]) -> Iterator[None]:
    """Decide on what was taken. After a fault of ours it is tried one by one; a store that is away blames nobody."""
    try:
        yield
    except StoreError:
        _free(world, seqs, -1, "")
        raise
    except Exception as error:
        _free(world, seqs, FAULT - 1 if len(seqs) == 1 else 0, f"it could not be decided on ({type(error).__name__})")
        raise


def _free(world: World, seqs: Sequence[int], by: int, reason: str) -> None:
    with suppress(StoreError), world.store.begin() as tx:
        articles.free(tx, seqs, by, reason)


def set_aside(world: World, tx: Tx, article: Article, stage: Stage, reason: str = "") -> None:
    """Put it where only a person moves it on, with the reason: the last fault's, or that its workers were lost."""
    what = "no teaser" if stage is Stage.TEASER else f"it did not pass {stage.value}"
    reason = reason or article.reason
    why = f"{what} after {TRIES} tries: {reason}" if reason else f"{what}: its worker was lost {LOST} times in a row"
    if not articles.move(tx, article, ArticleState.SET_ASIDE, why):
        return
    history.note(tx, article.seq, world.now(), stage.value, "set aside", why)
    log.error(
        "article_set_aside", article=article.id, feed=article.feed, stage=stage.value, reason=why, trace=article.trace
    )
