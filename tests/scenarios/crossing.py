"""Services in one process whose news cross: each hears what the others told only when it is delivered.

What one service tells another comes in the order in which it was told; between streams there is no order at all.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from random import Random
from typing import Any

from shared.bus.inbox.reading import Delivery
from shared.contracts import EVENTS
from shared.contracts.base import Event
from shared.contracts.envelope import CONTENT_TYPE, decode
from shared.contracts.flow import LISTENERS
from tests.harness import Bus, HandClock, encoded

ON_THE_WAY = timedelta(milliseconds=50)
TOGETHER = (1, 1, 1, 2, 5)
WORDS = frozenset(
    {"title", "content", "caller", "place", "evidence", "category", "said_by", "leader", "person", "voice"}
)
"""What a course does not show: the same in every life, drawn anew in each, or nothing about where it stands."""
Note = Callable[[str], None]


class Streams:
    """What services have told and listeners have not heard, one stream for each pair of them."""

    def __init__(self, buses: Mapping[str, Bus], clock: HandClock, dice: Random, note: Note) -> None:
        self._buses, self._clock, self._dice, self._note = buses, clock, dice, note
        self._read = dict.fromkeys(buses, 0)
        self._unheard: dict[tuple[str, str], deque[Delivery]] = {}

    def say(self, event: Event, event_id: str) -> None:
        """By a service that is not here but in what it tells."""
        body = encoded(event, event_id, self._clock.now())
        self._add(event.publisher, Delivery(1, 1, body, CONTENT_TYPE, event_id, event.wire_type, {}))

    def deliver(self, most: int | None = None) -> None:
        """So many batches, or all and what follows from them, of whichever stream the dice say."""
        self._collect()
        while (waiting := [stream for stream, news in self._unheard.items() if news]) and most != 0:
            self._deliver_from(self._dice.choice(waiting))
            self._collect()
            most = None if most is None else most - 1

    def _deliver_from(self, stream: tuple[str, str]) -> None:
        """One batch, as it had come in together: mostly it is one event."""
        (publisher, listener), news = stream, self._unheard[stream]
        batch = [news.popleft() for _ in range(min(len(news), self._dice.choice(TOGETHER)))]
        self._clock.instant += ON_THE_WAY
        self._note(f"    {listener} hears {', '.join(one.routing_key for one in batch)} of {publisher}")
        self._buses[listener].deliver(*batch)

    def _collect(self) -> None:
        for publisher, bus in self._buses.items():
            for delivery in bus.told_after(self._read[publisher]):
                self._read[publisher] = delivery.tag
                self._add(publisher, delivery)

    def _add(self, publisher: str, delivery: Delivery) -> None:
        assert delivery.routing_key in EVENTS, f"{publisher} could not read {delivery.body!r}"
        content = decode(delivery.body, CONTENT_TYPE).content
        self._note(f"  {publisher} tells {delivery.routing_key} {dict(_facts(content))}")
        for listener in self._buses:
            if EVENTS[delivery.routing_key] in LISTENERS[listener]:
                self._unheard.setdefault((publisher, listener), deque()).append(delivery)


def _facts(content: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((name, value) for name, value in content.items() if name not in WORDS and value not in ("", None, [], {}))
