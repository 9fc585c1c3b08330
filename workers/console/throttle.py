"""Wrong credentials are counted at one door and for one client at a time."""

import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from workers.console.clients import counted_as
from workers.console.guard import same

WRONG = RateLimitItemPerMinute(10)
GUESSABLE = 20  # shorter credentials than this could be found by trying; the ones we make are longer


class TooOften(Exception):
    """A client has shown wrong credentials too often at this door."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"Too many wrong tokens. Wait {wait} seconds.")
        self.wait = wait


class Throttle:
    """Lets a client be wrong ten times a minute at each door. What is refused meanwhile prolongs nothing."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def blocks(self, door: str, client: str) -> bool:
        """Whether this client was wrong too often here."""
        return not self._limiter.test(WRONG, door, counted_as(client))

    def wait(self, door: str, client: str) -> int:
        """Seconds until it may be wrong again."""
        ends = self._limiter.get_window_stats(WRONG, door, counted_as(client)).reset_time
        return max(1, math.ceil(ends - time.time()))

    def examine(self, door: str, client: str, right: str, given: str) -> bool:
        """Whether the right credentials are shown; a wrong one is counted. Raises TooOften.

        Several people may share an address. Credentials too long to be guessed are therefore compared whatever others
        there have tried; short ones are not compared while the client is blocked, since that would be one more guess.
        """
        blocked = self.blocks(door, client)
        if right and (not blocked or len(right) >= GUESSABLE) and same(given.strip(), right):
            return True
        if blocked:
            raise TooOften(self.wait(door, client))
        self._limiter.hit(WRONG, door, counted_as(client))
        return False
