"""Whether everything that was said has been heard: exact, by counting rows in the services' own databases.

For every type of event and every listener, what stands in the listener's inbox must equal what stands in the
publisher's outbox, and nothing may be unsent or waiting. Inboxes are read before outboxes: as neither ever shrinks,
equal counts then prove that nothing was under way at an instant in between. Whoever asks must have all replies to
their calls, and no timers firing.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, MetaData, func, select
from sqlalchemy.exc import SQLAlchemyError

from services import SERVICES
from services.cli.nodes.trouble import NodeUnavailable
from shared.contracts.flow import LISTENERS
from shared.storage.bus_tables import EventStatus, bus_tables
from shared.storage.engine import READS, engine_for

POLL_SECONDS = 0.004

_bus = bus_tables(MetaData())
_INTERNAL = {name: {one.wire_type for one in heard if one.publisher != "hotline"} for name, heard in LISTENERS.items()}


class NotDrained(NodeUnavailable):
    """Events did not come to rest in time; the message says where they are stuck."""


@dataclass
class Tally:
    """How many rows of each type a table has. On SQLite only new rows are counted, as its numbers never go back."""

    table: Any
    type_column: Any
    counts: Counter[str] = field(default_factory=Counter)
    position: int = 0

    def read(self, connection: Any) -> None:
        is_sqlite = connection.dialect.name == "sqlite"
        if not is_sqlite:
            self.counts.clear()
            self.position = 0
        wanted = select(self.type_column, func.count(), func.max(self.table.c.position))
        wanted = wanted.where(self.table.c.position > self.position).group_by(self.type_column)
        for wire_type, count, position in connection.execute(wanted).all():
            self.counts[wire_type] += count
            self.position = max(self.position, position) if is_sqlite else 0


@dataclass
class Books:
    """What one service has heard and said, as last read."""

    service: str
    heard: Tally = field(default_factory=lambda: Tally(_bus.inbox, _bus.inbox.c.type))
    said: Tally = field(default_factory=lambda: Tally(_bus.outbox, _bus.outbox.c.routing_key))
    unsettled: Counter[str] = field(default_factory=Counter)
    held_up: int = 0
    unsent: int = 0

    @property
    def engine(self) -> Engine:
        return engine_for(self.service)

    def read_inbox(self) -> None:
        status = _bus.inbox.c.status
        handled = (status != EventStatus.HANDLED.value) & (status != EventStatus.DROPPED.value)
        with self.engine.connect().execution_options(**READS) as connection:
            self.heard.read(connection)
            rows = connection.execute(select(status, _bus.inbox.c.subject).where(handled)).all()
        parked = {subject for found, subject in rows if found == EventStatus.PARKED}
        self.unsettled = Counter(found for found, _ in rows)
        self.held_up = sum(found == EventStatus.WAITING and subject in parked for found, subject in rows)

    def read_outbox(self) -> None:
        with self.engine.connect().execution_options(**READS) as connection:
            self.said.read(connection)
            unsent = select(func.count()).select_from(_bus.outbox).where(_bus.outbox.c.sent_at.is_(None))
            self.unsent = connection.execute(unsent).scalar_one()

    @property
    def from_outside(self) -> int:
        """Messages that came from no service of ours, readable or not."""
        return sum(count for wire_type, count in self.heard.counts.items() if wire_type not in _INTERNAL[self.service])

    @property
    def under_way(self) -> int:
        """Kept events that may still be handled by themselves: early ones, and waiting ones not behind a parked one."""
        return self.unsettled[EventStatus.EARLY] + self.unsettled[EventStatus.WAITING] - self.held_up


class Drain:
    """Reads all books again and again, as cheaply as may be. Keep one for a whole run."""

    def __init__(self) -> None:
        self.books = {service: Books(service) for service in SERVICES}

    def is_drained(self, sent: int) -> bool:
        """`sent` is how many different messages the hotline has sent so far."""
        return self.trouble(sent) is None

    def trouble(self, sent: int) -> str | None:
        """The first sentence that says what is still under way, or nothing. Stops reading at the first."""
        for found in self._troubles(sent):
            return found
        return None

    def troubles(self, sent: int) -> list[str]:
        """All that is still under way."""
        return list(self._troubles(sent))

    def wait_until_drained(
        self, sent: int, timeout: float = 60.0, *, still_well: Callable[[], None] = lambda: None
    ) -> None:
        """Raises NotDrained, which says where events are stuck. `still_well` may raise when waiting is of no use."""
        deadline = time.monotonic() + timeout
        looks = 0
        while self.trouble(sent) is not None:
            looks += 1
            if looks % 50 == 0:
                still_well()
            if time.monotonic() > deadline:
                raise NotDrained("Not drained after {:.0f} s:\n  {}".format(timeout, "\n  ".join(self.troubles(sent))))
            time.sleep(POLL_SECONDS)

    def said(self, wire_types: set[str]) -> int:
        """How many events of these types all services have announced, as last read."""
        return sum(books.said.counts[wire_type] for books in self.books.values() for wire_type in wire_types)

    def _troubles(self, sent: int) -> Iterator[str]:
        try:
            for books in self.books.values():
                books.read_inbox()
                if books.under_way:
                    yield f"{books.service}: {books.under_way} events wait in the inbox ({dict(books.unsettled)})"
            if (came := self.books["intake"].from_outside) != sent:
                yield f"intake: {came} of {sent} messages of the hotline were taken in"
            for books in self.books.values():
                books.read_outbox()
                if books.unsent:
                    yield f"{books.service}: {books.unsent} events in the outbox are not sent"
        except SQLAlchemyError as trouble:
            yield f"a database can't be read: {str(trouble).splitlines()[0]}"
            return
        yield from self._unheard()

    def _unheard(self) -> Iterator[str]:
        for listener, contracts in LISTENERS.items():
            heard = self.books[listener].heard.counts
            for contract in contracts:
                if contract.publisher == "hotline":
                    continue
                said = self.books[contract.publisher].said.counts[contract.wire_type]
                if heard[contract.wire_type] != said:
                    yield (
                        f"{listener}: heard {heard[contract.wire_type]} {contract.wire_type} "
                        f"of the {said} that {contract.publisher} sent"
                    )


def wait_until_drained(sent: int, timeout: float = 60.0) -> None:
    """For a caller who asks once."""
    Drain().wait_until_drained(sent, timeout)
