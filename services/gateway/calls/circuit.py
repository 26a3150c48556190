"""A circuit: after some calls in a row that a service did not answer, nobody waits for it any more for a while.

Then one call tries again. If it is answered the circuit closes; if not it stays open, longer each time.
"""

import threading
import time
from collections.abc import Callable

from shared.errors import Unavailable

MOST_UNANSWERED = 3
FIRST_SECONDS, LONGEST_SECONDS = 5.0, 60.0


class CircuitOpen(Unavailable):
    """The service has not answered for a while; it is asked again soon."""

    retry_after_seconds = 1


class Circuit:
    """Of one service, for all threads."""

    def __init__(self, service: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._service = service
        self._clock = clock
        self._guard = threading.Lock()
        self._unanswered = 0
        self._seconds = FIRST_SECONDS
        self._open_until: float | None = None

    def must_be_closed(self) -> None:
        """Raises CircuitOpen while nobody should call. When it is time to try again it lets one call pass."""
        with self._guard:
            if self._open_until is None:
                return
            left = self._open_until - self._clock()
            if left > 0:
                error = CircuitOpen(f"{self._service} does not answer at the moment")
                error.retry_after_seconds = max(1, round(left))
                raise error
            self._open_until = self._clock() + self._seconds  # the others go on waiting for what this one finds

    def answered(self) -> None:
        """Also by a refusal: it is there."""
        with self._guard:
            self._unanswered, self._seconds, self._open_until = 0, FIRST_SECONDS, None

    def unanswered(self) -> None:
        """Open once it was so often."""
        with self._guard:
            self._unanswered += 1
            if self._unanswered == MOST_UNANSWERED or self._open_until is not None:
                self._open_until = self._clock() + self._seconds
                self._seconds = min(self._seconds * 2, LONGEST_SECONDS)
