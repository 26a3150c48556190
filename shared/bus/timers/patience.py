"""How long due timers wait for what their service has not read yet: a minute, counted from when they were seen due.

Not from when they were due: a service that was away, or frozen, for an hour has read nothing of that hour yet.
"""

import time
from collections import deque
from collections.abc import Callable
from datetime import datetime

LONGEST_SECONDS = 60.0


class Patience:
    """Remembers when timers were seen waiting. `elapsed` counts real seconds, whatever the suite's clock does."""

    def __init__(self, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._elapsed = elapsed
        self._seen: deque[tuple[float, datetime]] = deque()
        self._over: datetime | None = None

    def note_waiting(self, now: datetime) -> None:
        """Something that was due at `now` waits."""
        self._seen.append((self._elapsed(), now))

    def over_until(self) -> datetime | None:
        """What was due until then has waited long enough."""
        while self._seen and self._elapsed() - self._seen[0][0] >= LONGEST_SECONDS:
            self._over = self._seen.popleft()[1]
        return self._over
