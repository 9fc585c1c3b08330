"""One run of the demo: let articles come out, watch them arrive everywhere, and count at the end."""

import signal
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline.model import Error
from pipeline.wording import counted
from workers.demo.newsstand import Count, count, slug
from workers.demo.town import Town

TICK = 0.1
FIRST_READ_SECONDS = 40.0
LAST_SECONDS = 4.0  # before the end nothing more comes out: what did shall arrive
PATIENCE = 25.0  # after the end, for what is still under way
AT_LEAST = 3


class Evening:
    """Brings out the edition and keeps Standfirst running, whatever kills it."""

    def __init__(self, town: Town, seconds: float | None, pace: float | None = None) -> None:
        self.town, self.seconds, self.pace = town, seconds, pace
        self.say = Console(highlight=False, soft_wrap=True).print
        self.begun = time.monotonic()
        self.published = 0
        self.next_at = 0.0
        self.done: set[str] = set()

    def run(self) -> int:
        """The exit code."""
        with terminates_politely(), self.town:
            self.done = self.arrived()
            self.greet()
            try:
                self.play()
                finished = True
            except KeyboardInterrupt:
                finished = self.wait_for_the_rest(3.0)
            self.town.standfirst.stop()  # counted when nothing moves any more
            return self.summary(count(self.town.newspaper, self.town.channels), finished)

    # --- what happens ---

    def play(self) -> None:
        """Until the time is over and everything arrived; for ever when no time was given."""
        while not self.over():
            self.tick()
        if not self.wait_for_the_rest(PATIENCE):
            self.say("[red]Not everything arrived in time.[/]")

    def wait_for_the_rest(self, seconds: float) -> bool:
        """Whether everything that came out arrived everywhere."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.tick(publishing=False)
            if len(self.done) >= len(self.town.newspaper.out()):
                return True
        return False

    def elapsed(self) -> float:
        return time.monotonic() - self.begun

    def over(self) -> bool:
        return self.seconds is not None and self.elapsed() >= self.seconds and self.published >= AT_LEAST

    def tick(self, *, publishing: bool = True) -> None:
        """One look at everything."""
        if how := self.town.standfirst.watch():
            self.say(f"[yellow]Standfirst was ended by {how}: started again as process {self.number}[/]")
        if publishing:
            self.publish()
        self.tell()
        time.sleep(TICK)

    @property
    def number(self) -> int:
        process = self.town.standfirst.process
        return process.pid if process else 0

    def publish(self) -> None:
        """The next piece, when it is time for it and Standfirst knows what was in the feed before."""
        if self.published == 0 and not self.town.newspaper.known:
            if self.elapsed() > FIRST_READ_SECONDS:
                raise Error(f"Standfirst did not read the feed; its last lines:\n{self.town.standfirst.tail()}")
            return
        closing = self.seconds is not None and self.elapsed() > self.seconds - LAST_SECONDS
        if self.elapsed() < self.next_at or (closing and self.published >= AT_LEAST):
            return
        if self.town.newspaper.publish():
            self.published += 1
            self.misbehave()
        self.next_at = self.elapsed() + self.rhythm()

    def misbehave(self) -> None:
        """Feeds do: now and then an old piece comes back with a new date, or under a new id and address."""
        out = self.town.newspaper.out()
        if self.published % 3 or len(out) < AT_LEAST:
            return
        how = "id" if self.published % 2 else "date"
        piece = self.town.newspaper.repeat(out[-AT_LEAST][0].number, how)
        words = {"id": "a new id and address", "date": "a new date"}[how]
        self.say(f"{time.strftime('%H:%M:%S')}  [dim]the feed repeats “{escape(piece.title)}” with {words}[/]")

    def rhythm(self) -> float:
        """Seconds until the next piece: brisk at first, later so that an edition lasts for some minutes."""
        if self.pace is not None:
            return self.pace
        return 2.5 if self.seconds is not None or self.published < 12 else 6.0

    # --- what is said ---

    def greet(self) -> None:
        town = self.town
        self.say(f"""
[bold]Standfirst[/] publishes [bold]The Wrenbridge Courier[/], a newspaper that does not exist.
Nothing leaves this machine.

  what readers see   [link={town.newsstand.url}]{town.newsstand.url}/[/]   four channels, as their platforms show them
  the console        [link={town.console}]{town.console}[/]
  the newspaper      [link={town.newspaper.url}]{town.newspaper.url}/[/]   gains an article every few seconds

Standfirst runs as process {self.number}; [bold]kill -9[/] it whenever you like. Its log is {town.standfirst.log}.
Its commands work here too: standfirst -c {town.folder / "standfirst.toml"} status · articles · explain …
""")

    def arrived(self) -> set[str]:
        """What is on every channel."""
        found = [{slug(post) for post in channel.posts()} for channel in self.town.channels.values()]
        return set.intersection(*found)

    def tell(self) -> None:
        """A line for each article that has reached its last channel since the last look."""
        fresh = self.arrived() - self.done
        for piece, at in self.town.newspaper.out():
            if piece.slug in fresh:
                times = " · ".join(f"{name} {took:.1f} s" for name, took in self.times(piece.slug, at))
                self.say(f"{time.strftime('%H:%M:%S')}  {escape(piece.title)}\n          [dim]{times}[/]")
        self.done |= fresh
        doubles = sum(one.doubles for one in count(self.town.newspaper, self.town.channels))
        each = f"{counted(doubles, 'post')} too many" if doubles else "each once"
        self.town.newsstand.state = (
            f"{counted(len(self.done), 'article')} on {counted(len(self.town.channels), 'channel')}, {each}"
        )

    def times(self, which: str, at: float) -> Iterator[tuple[str, float]]:
        for name, channel in self.town.channels.items():
            yield from ((name, post.at - at) for post in channel.posts() if slug(post) == which)

    def summary(self, counts: list[Count], finished: bool) -> int:
        """The table, and whether the promise held."""
        came_out = len(self.town.newspaper.out())
        table = Table(
            title=f"{counted(came_out, 'article')} came out in {self.town.folder.name}/", title_justify="left"
        )
        for heading in ("channel", "posts", "articles", "doubles", "missing", "median", "slowest"):
            table.add_column(heading, justify="left" if heading == "channel" else "right")
        for one in counts:
            table.add_row(*row(one))
        self.say("", table)
        if restarts := self.town.standfirst.restarts:
            self.say(f"Standfirst was started again {counted(restarts, 'time')} on the way.")
        return self.verdict(counts, finished)

    def verdict(self, counts: list[Count], finished: bool) -> int:
        doubles = sum(one.doubles for one in counts)
        missing = {slug for one in counts for slug in one.missing}
        if doubles:
            self.say(f"[red]{counted(doubles, 'post')} too many.[/]")
        elif missing and finished:
            self.say(f"[red]Lost: {', '.join(sorted(missing))}[/]")
        elif missing:
            self.say(
                f"{counted(len(missing), 'article was', 'articles were')} still under way; what is "
                "in the store goes out when it starts again."
            )
        else:
            self.say("[green]Every article is on every channel, once.[/]")
        return 1 if doubles or (missing and finished) else 0


def row(one: Count) -> list[str]:
    """A channel's line in the table."""
    times = (
        [f"{value:.1f} s" for value in (statistics.median(one.seconds), max(one.seconds))]
        if one.seconds
        else ["–", "–"]
    )
    return [one.channel, *(str(value) for value in (one.posts, one.articles, one.doubles, len(one.missing))), *times]


@contextmanager
def terminates_politely() -> Iterator[None]:
    """SIGTERM ends the demo as Ctrl-C does: with its summary."""

    def interrupted(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
