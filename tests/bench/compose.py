"""`python -m tests.bench.compose`: how long composing a post takes, for each kind.

The promise is 0.3 ms at the median, of processor time: what else the machine does is not counted.
"""

import statistics
import time
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

from pipeline import channels
from pipeline.compose import compose
from pipeline.model import Article, ArticleState

PROMISE = 0.3  # milliseconds
ROUNDS = 400
WORDS = (
    "the council voted on Tuesday to rebuild the old mill bridge which has been closed since the spring flood work "
    "begins in May and should take eleven months said the mayor critics call the plan too costly while shops hope "
    "for visitors"
).split()
MOMENT = datetime(2026, 3, 1, 12, tzinfo=UTC)
WISHES = SimpleNamespace(
    name="bench", template=None, utm={"source": "bench"}, hashtags=5, max_words=None, max_characters=None, images=True,
    warning="", thread=False,
)  # fmt: skip


def article(number: int) -> Article:
    """An article of its own: nothing is remembered from the one before."""
    shift = number % len(WORDS)
    words = [*WORDS[shift:], *WORDS[:shift]]
    sentences = [" ".join(words[i : i + 12]).capitalize() + f" in {number} “places”." for i in range(0, 60, 12)]
    base = Article(number, f"a{number}", "news", ArticleState.READY, " ".join(words[:8]), "", MOMENT, language="en")
    link = f"https://www.example.com/2026/03/{number}/{words[0]}-{words[1]}"  # a link for X, as .example is not
    return replace(
        base, link=link, teaser=" ".join(sentences), tags=("town council", "roads & bridges", f"ward {number}")
    )


def median(kind: str) -> float:
    """Milliseconds for one post of a kind."""
    can = channels.channel_class(kind).CAN
    articles = [article(number) for number in range(ROUNDS)]
    for one in articles[:20]:
        compose(one, WISHES, can, None, MOMENT)
    took = []
    for one in articles:
        start = time.thread_time()
        compose(one, WISHES, can, None, MOMENT)
        took.append(time.thread_time() - start)
    return statistics.median(took) * 1000


def main() -> int:
    """Print each kind's median; the exit code says whether all keep the promise."""
    slow = 0
    for kind in channels.kinds():
        taken = median(kind)
        slow += taken > PROMISE
        print(f"{kind:12} {taken:6.3f} ms{'  more than promised' if taken > PROMISE else ''}")
    return 1 if slow else 0


if __name__ == "__main__":
    raise SystemExit(main())
