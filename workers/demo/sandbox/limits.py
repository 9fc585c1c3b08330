"""Rate limits as platforms keep them: so many requests in a window, and how many are left."""

import math
import time
from collections import deque
from datetime import UTC, datetime


class Window:
    """At most `limit` in `seconds`. `limit` may be changed while it runs."""

    def __init__(self, limit: int, seconds: float) -> None:
        self.limit, self.seconds = limit, seconds
        self.taken: deque[float] = deque()

    def take(self) -> bool:
        """Count one; False when the limit was reached already."""
        now = time.time()
        while self.taken and self.taken[0] <= now - self.seconds:
            self.taken.popleft()
        if len(self.taken) >= self.limit:
            return False
        self.taken.append(now)
        return True

    @property
    def remaining(self) -> int:
        return max(0, self.limit - len(self.taken))

    @property
    def reset(self) -> int:
        """When the oldest counted request leaves the window, in seconds since 1970."""
        return math.ceil((self.taken[0] if self.taken else time.time()) + self.seconds)

    @property
    def reset_iso(self) -> str:
        return datetime.fromtimestamp(self.reset, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
