"""`python -m tests.storm --seconds N --seed N`: a storm, then calm, then the books are compared.

Exit status 0 when every article stands once on every platform (or is held for a person with its reason) and the
ledger says so; 1 otherwise. Needs PostgreSQL and Redis installed; starts private ones.
"""

import argparse
import json
import math
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pipeline.store import Store
from pipeline.store.tables import articles, deliveries
from tests import servers
from tests.crash.platforms import CHANNELS
from tests.proof import figures as proof
from tests.proof import page
from tests.storm.newsroom import Newsroom
from tests.storm.sky import Weather, outside
from workers.demo.sandbox.limits import Window

QUICK, STEADY = (0.5, 2.5), (1.0, 3.5)  # seconds between what happens, in a minute's storm and in an hour's
LONG = 600.0  # seconds from which a storm is steady
CALM_SECONDS = 300.0  # within this after the storm everything is settled
OPEN = ("pending", "leased")


def main() -> int:
    """Run one storm."""
    words = argparse.ArgumentParser(prog="python -m tests.storm", description=__doc__)
    words.add_argument("--seconds", type=float, default=60)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--articles", type=int, default=2000)
    words.add_argument("--feeds", type=int, default=20)
    words.add_argument("--faults", type=float, default=0.05, help="share of posting requests that go wrong")
    words.add_argument("--record", action="store_true", help="write the figures onto the page of proofs")
    words.add_argument("--folder", type=Path, help="keep the processes' logs here")
    given = words.parse_args()
    with tempfile.TemporaryDirectory() as folder, servers.Postgres() as postgres, servers.Redis() as redis:
        return storm(given, given.folder or Path(folder), postgres, redis)


def storm(given: Any, folder: Path, postgres: Any, redis: Any) -> int:
    """The storm, the calm, the comparison."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    chance = random.Random(given.seed)
    weather = Weather(given.seed, given.faults)
    with outside(given.feeds, given.articles, weather) as (paper, address, platforms):
        for platform in platforms.values():
            platform.window = Window(10**9, 300)
        url = postgres.url(postgres.create())
        store = Store.open(url)
        store.migrate()
        store.close()
        room = Newsroom.furnish(folder, redis, postgres, url, address, given.feeds, platforms)
        room.open()
        rage(given, chance, paper, room)
        weather.calm = True
        print("posted while it raged:", sum(len(platform.posts()) for platform in platforms.values()))
        paper.publish(given.articles)
        took = calm(room, url, given.articles)
        room.close()
        ledger = read(url)
        wrongs = compare(given.articles, ledger, platforms)
        report(given, room, weather, ledger, platforms, took, wrongs)
        if wrongs:
            keep_evidence(folder, url, platforms)
        if given.record:
            put_down(figures(given, room, weather, platforms, took, wrongs))
    return 1 if wrongs or took is None else 0


def rage(given: Any, chance: random.Random, paper: Any, room: Newsroom) -> None:
    """Articles appear and things happen, until the time is over."""
    began = time.monotonic()
    pauses = STEADY if given.seconds >= LONG else QUICK
    while (gone := time.monotonic() - began) < given.seconds:
        paper.publish(math.ceil(given.articles * max(gone / given.seconds, 0.1)) - paper.out)
        time.sleep(chance.uniform(*pauses))
        room.strike(chance)
        room.tend()
    room.proceed(chance)


def calm(room: Newsroom, url: str, count: int) -> float | None:
    """Wait until nothing is open; how many seconds it took, None when it never ended."""
    began = time.monotonic()
    while time.monotonic() - began < CALM_SECONDS:
        room.tend()
        if settled(url, count):
            return time.monotonic() - began
        time.sleep(1)
    return None


def settled(url: str, count: int, channels: Sequence[str] = CHANNELS) -> bool:
    """Whether every article has its deliveries and none of them waits for the machine."""
    store = Store.open(url)
    try:
        with store.read() as tx:
            moving = sa.or_(
                deliveries.c.state.in_(OPEN),
                sa.and_(deliveries.c.state == "uncertain", deliveries.c.due_at.is_not(None)),
            )
            known = tx.scalar(sa.select(sa.func.count()).select_from(deliveries))
            return known == count * len(channels) and not tx.scalar(
                sa.select(sa.func.count()).select_from(deliveries).where(moving)
            )
    finally:
        store.close()


def read(url: str) -> dict[tuple[str, str], tuple[str, str]]:
    """The ledger: (channel, mark) → (state, reason)."""
    store = Store.open(url)
    with store.read() as tx:
        rows = tx.execute(
            sa.select(deliveries.c.channel, deliveries.c.state, deliveries.c.reason, articles.c.title).join(articles)
        ).all()
    store.close()
    return {(row.channel, row.title.split()[0]): (row.state, row.reason) for row in rows}


def compare(
    count: int,
    ledger: dict[tuple[str, str], tuple[str, str]],
    platforms: dict[str, Any],
    channels: Sequence[str] = CHANNELS,
) -> list[str]:
    """Every article on every channel: what the platform shows beside what the ledger says."""
    wrongs = []
    for channel in channels:
        there = Counter(mark(post) for post in platforms[channel].posts())
        for number in range(count):
            name = f"Mk{number}x"
            state, reason = ledger.get((channel, name), ("missing", ""))
            held = channel == "neither" and state == "uncertain" and bool(reason) and there[name] <= 1
            if not held and (state != "delivered" or there[name] != 1):
                wrongs.append(f"{channel} {name}: {there[name]} posts, the ledger says {state} ({reason})")
    return wrongs


def mark(post: Any) -> str:
    """The article's name in a post."""
    return next(
        word.strip("*")
        for word in f"{post.title} {post.text}".replace("{'text': '", "").split()
        if word.strip("*").startswith("Mk")
    )


def report(
    given: Any, room: Newsroom, weather: Weather, ledger: Any, platforms: Any, took: float | None, wrongs: list[str]
) -> None:
    """The totals."""
    states = Counter(state for state, _ in ledger.values())
    print(f"storm of {given.seconds:.0f} s, seed {given.seed}: {given.articles} articles × {len(CHANNELS)} channels")
    print("befell:", ", ".join(f"{name} {n}" for name, n in sorted(room.befell.items())))
    print("platforms:", ", ".join(f"{name} {n}" for name, n in sorted(weather.struck.items())))
    print("ledger:", ", ".join(f"{name} {n}" for name, n in sorted(states.items())))
    print("posts:", ", ".join(f"{name} {len(platforms[name].posts())}" for name in CHANNELS))
    print(f"settled after {took:.0f} s of calm" if took is not None else f"not settled after {CALM_SECONDS:.0f} s")
    for wrong in wrongs[:20]:
        print("WRONG", wrong)
    doubled = _doubled(wrongs)
    print(f"{doubled} doubled, {len(wrongs) - doubled} lost or untrue")


def keep_evidence(folder: Path, url: str, platforms: dict[str, Any]) -> None:
    """What both sides have, beside the processes' logs: the deliveries, and a platform's whole books."""
    store = Store.open(url)
    with store.read() as tx:
        rows = tx.execute(sa.select(deliveries, articles.c.title).join(articles)).mappings().all()
    store.close()
    (folder / "ledger.jsonl").write_text("".join(json.dumps(dict(row), default=str) + "\n" for row in rows))
    for name, platform in platforms.items():
        lines = (json.dumps(row) + "\n" for row in platform.books.db.execute("SELECT seq, shelf, id, value FROM book"))
        (folder / f"platform-{name}.jsonl").write_text("".join(lines))


def _doubled(wrongs: list[str]) -> int:
    return sum(1 for wrong in wrongs if not wrong.split(": ")[1].startswith(("0 ", "1 ")))


def figures(
    given: Any, room: Newsroom, weather: Weather, platforms: dict[str, Any], took: float | None, wrongs: list[str]
) -> dict[str, Any]:
    """What the page of proofs says of this storm."""
    return {
        "seconds": round(given.seconds),
        "seed": given.seed,
        "articles": given.articles,
        "posts": sum(len(platforms[name].posts()) for name in CHANNELS),
        "befell": dict(room.befell),
        "faults": sum(weather.struck.values()),
        "settled": None if took is None else round(took),
        "doubled": _doubled(wrongs),
        "lost": len(wrongs) - _doubled(wrongs),
    }


def put_down(found: dict[str, Any]) -> None:
    """Keep the figures and write the page anew."""
    if proof.keep("storm", found):
        page.write(proof.kept())
        print("the figures stand in tests/README.md")
    else:
        print("a longer storm is recorded: its figures stay")


if __name__ == "__main__":
    sys.exit(main())
