"""How much one address may ask of a worker: so much at once, and so much a second after that."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from services.gateway.accounts.errors import TooMany

MOST_KNOWN = 20_000


class Limit:
    """A bucket for each address that fills again steadily. Those not seen for longest are forgotten first."""

    def __init__(self, at_once: int, a_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._at_once, self._a_second, self._clock = at_once, a_second, clock
        self._guard = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, address: str) -> None:
        """Raises TooMany, which says in how many seconds there is room again."""
        now = self._clock()
        with self._guard:
            left, seen_at = self._left.pop(address, (float(self._at_once), now))
            left = min(self._at_once, left + (now - seen_at) * self._a_second)
            self._left[address] = (max(0.0, left - 1), now)
            if len(self._left) > MOST_KNOWN:
                self._left.popitem(last=False)
        if left < 1:
            error = TooMany()
            error.retry_after_seconds = max(1, round((1 - left) / self._a_second))
            raise error
