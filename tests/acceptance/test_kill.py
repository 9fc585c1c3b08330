"""The process is killed at random moments while it works: no article is posted twice, none is lost.

The newspaper and the platforms live in the process of the tests; Standfirst is another, which gets `kill -9`. For more
kills than the suite has time for: STANDFIRST_KILLS=10 python -m pytest tests/acceptance/test_kill.py -s
"""

import os
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.proof.figures import record
from workers.demo.newsstand import count, slug
from workers.demo.sandbox import Fault, Request, Sandbox
from workers.demo.town import Town

pytestmark = pytest.mark.xdist_group("demo")  # two at once would race for the demo's ports

KILLS = int(os.environ.get("STANDFIRST_KILLS", "3"))
SEED = int(os.environ.get("STANDFIRST_SEED", str(time.time_ns() % 100_000)))
PATIENCE = 180.0  # a doubt that lost its worker again is looked at after a minute


def until(holds: Callable[[], bool], what: str, town: Town) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert town.standfirst.process
        assert town.standfirst.process.poll() is None, town.standfirst.tail()
        assert time.monotonic() < end, f"{what} did not come true; seed {SEED}\n{town.standfirst.tail()}"
        time.sleep(0.05)


def arrived(town: Town) -> bool:
    """Whether every piece that came out is on every channel."""
    out = {piece.slug for piece, _ in town.newspaper.out()}
    return all(out <= {slug(post) for post in channel.posts()} for channel in town.channels.values())


def slow(platform: Sandbox) -> None:
    """Let half a second pass between storing a post and answering: most kills then find something under way."""

    def late(request: Request) -> Fault | None:
        return Fault(honest=True, delay=0.5) if platform.publishes(request) else None

    platform.script = late


class Patient(Town):
    """The demo's town, whose feed may bring any number at once: what is published while we are killed is no flood."""

    def configure(self) -> None:
        super().configure()
        path = self.folder / "standfirst.toml"
        path.write_text(path.read_text().replace("[standfirst]", "[standfirst]\nflood = 1000", 1))


@pytest.mark.timeout(900)
def test_no_article_is_lost_or_doubled_when_the_process_is_killed(tmp_path: Path) -> None:
    dice = random.Random(SEED)
    with Patient(tmp_path / "demo") as town:
        for platform in (town.mastodon, town.atproto, town.webhook):
            slow(platform)
        polled = town.standfirst.log
        until(lambda: "feed_polled" in polled.read_text(errors="replace"), "what was there before us is known", town)
        for number in range(KILLS):
            # The moment counts from the first read of the feed, so that most kills meet it at work, some at its start.
            known = town.newspaper.known
            if dice.random() < 0.8 or number == 0:
                until(lambda known=known: town.newspaper.known > known, "a read of the feed", town)  # type: ignore[misc]
            for _ in range(dice.randint(1, 3)):
                town.newspaper.publish()
                time.sleep(dice.uniform(0.0, 0.9))
            assert town.standfirst.process
            town.standfirst.process.kill()
            town.standfirst.process.wait()
            assert town.standfirst.watch() == "SIGKILL"
        until(lambda: arrived(town), "every article on every channel", town)
        town.standfirst.stop()
        counts = count(town.newspaper, town.channels)
        repeats = town.webhook.repeats
    for one in counts:
        print(f"seed {SEED}, {KILLS} kills: {one.channel} {one.posts} posts of {one.articles} articles")
    record(
        "kills",
        kills=KILLS,
        articles=max(one.articles for one in counts),
        channels=len(counts),
        posts=sum(one.posts for one in counts),
        doubled=sum(one.doubles for one in counts),
        lost=sum(len(one.missing) for one in counts),
        repeats=repeats,
    )
    print(f"requests repeated with the same webhook-id: {repeats}")
    assert [(one.channel, one.doubles, one.missing) for one in counts] == [(name, 0, ()) for name in town.channels]
