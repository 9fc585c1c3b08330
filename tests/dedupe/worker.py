"""`python -m tests.dedupe.worker STORE CONFIG FEED`: takes in its feed's copies of every story and decides, at "go"."""

import sys
from datetime import timedelta

from pipeline.config import load
from pipeline.model import ArticleState, Entry
from pipeline.stages.dedupe import dedupe
from pipeline.store import Store, articles
from pipeline.world import World
from tests.dedupe.writing import NOON, stories


def main(url: str, config: str, feed: str) -> None:
    """One worker among several."""
    store = Store.open(url)
    world = World(load(config, {}), store, None, None, lambda: NOON + timedelta(hours=1))  # type: ignore[arg-type]
    print("ready", flush=True)
    sys.stdin.readline()
    for n, text in enumerate(stories(feed)):
        entry = Entry(
            entry_id=f"{feed}/{n}",
            link=f"https://{feed}.example/{n}",
            title=f"{feed}: {' '.join(text.split()[2:9])} {n}",
            content=text,
        )
        with store.begin() as tx:
            articles.add(tx, feed, entry, seed=entry.entry_id or "", state=ArticleState.TEASED, now=NOON, trace="")
        dedupe(world)
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
