"""Whether everything that was said has been heard: exact, by counting rows in the services' own databases.

For every type of event and every listener, what stands in the listener's inbox must equal what stands in the
publisher's outbox, with what was taken out of both by age, and nothing may be unsent or waiting. Inboxes are read
before outboxes: as neither sum ever shrinks, equal counts then prove that nothing was under way at an instant in
between. Whoever asks must have all replies to their calls, and no timers firing (`rest` sees to those).
"""

import sqlite3
import time
import weakref
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from services import SERVICES
from services.cli.servers.unavailable import NodeUnavailable
from shared.bus.tables import EventStatus
from shared.contracts.flow import LISTENERS, OURS
from shared.storage.engine import READS, engine_for

POLL_SECONDS = 0.004
LONGEST_POLL_SECONDS = 0.02
"""A look at a server takes some of the time of those it waits for: they have as long until the next one."""
MOST_MISSING = 5_000
INBOX, OUTBOX = "inbox", "outbox"

_UNSETTLED = f"status <> '{EventStatus.HANDLED}' AND status <> '{EventStatus.DROPPED}'"  # as its index is worded
_NEEDS_A_PERSON = (EventStatus.PARKED, EventStatus.UNKNOWN)
_SET_ASIDE = "set_aside_at IS NOT NULL AND sent_at IS NULL"
_DROPPED = "set_aside_at IS NOT NULL AND sent_at IS NOT NULL"  # given up, and heard by nobody
_INTERNAL = {name: {one.wire_type for one in heard if one.publisher in OURS} for name, heard in LISTENERS.items()}


class NotDrained(NodeUnavailable):
    """Events did not come to rest in time; the message says where they are stuck."""


class Change:
    """Whether a database may have changed since it was last asked: SQLite can tell, a server is always asked."""

    def __init__(self, engine: Engine) -> None:
        self._file = engine.url.database if engine.dialect.name == "sqlite" else None
        self._connection: sqlite3.Connection | None = None
        self._seen: dict[str, int] = {}

    def is_fresh(self, reader: str) -> bool:
        """To be asked before reading, so that a change in between is seen the next time."""
        if self._file is None:
            return True
        version = self.file.execute("PRAGMA data_version").fetchone()[0]
        is_fresh = self._seen.get(reader) != version
        self._seen[reader] = version
        return is_fresh

    @property
    def file(self) -> sqlite3.Connection:
        if self._connection is None:
            # Whichever thread collects this object last closes the file.
            self._connection = sqlite3.connect(str(self._file), isolation_level=None, check_same_thread=False)
            weakref.finalize(self, self._connection.close)
        return self._connection


class Numbers:
    """Up to which number the rows of a table are counted, and which below it had no row yet.

    PostgreSQL may show a lower number after a higher one, and some never. Where very many are missing, as where rows
    were taken out by age, all that is there is counted each time.
    """

    def __init__(self, engine: Engine) -> None:
        self.newest = 0
        self._goes_back = engine.dialect.name != "sqlite"
        self._missing: set[int] = set()
        self._are_sparse = False

    @property
    def one_by_one(self) -> bool:
        return self._goes_back and not self._are_sparse

    @property
    def uncounted(self) -> str:
        """The condition for rows that are still to be counted."""
        missing = f" OR position IN ({', '.join(map(str, self._missing))})" if self._missing else ""
        return f"(position > {self.newest}{missing})"

    def take(self, positions: Collection[int]) -> None:
        """These are counted now."""
        if self._are_sparse:
            return
        newest = max(positions, default=self.newest)
        if self._goes_back:
            self._missing |= set(range(self.newest + 1, newest + 1))
            self._missing -= set(positions)
        self.newest = max(newest, self.newest)
        if len(self._missing) > MOST_MISSING:
            self.newest, self._missing, self._are_sparse = 0, set(), True


@dataclass
class Books:
    """What one service has heard and said, as last read. Only new rows are counted, as far as numbers allow it."""

    service: str
    heard: Counter[str] = field(default_factory=Counter)
    said: Counter[str] = field(default_factory=Counter)
    unsettled: Counter[str] = field(default_factory=Counter)
    held_up: int = 0
    unsent: int = 0
    set_aside: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.engine = engine_for(self.service)
        self._change = Change(self.engine)
        self._numbers = {table: Numbers(self.engine) for table in (INBOX, OUTBOX)}

    def read_inbox(self) -> None:
        if not self._change.is_fresh(INBOX):
            return
        self._count(INBOX, "type", self.heard)
        rows = self._rows(f"SELECT status, subject, lets_pass_since IS NULL FROM inbox WHERE {_UNSETTLED}")
        parked = {subject for found, subject, holds_up in rows if found in _NEEDS_A_PERSON and holds_up}
        self.unsettled = Counter(found for found, *_ in rows)
        self.held_up = sum(found == EventStatus.WAITING and subject in parked for found, subject, _ in rows)

    def read_outbox(self) -> None:
        if not self._change.is_fresh(OUTBOX):
            return
        self._count(OUTBOX, "routing_key", self.said)
        self.unsent = self._rows("SELECT count(*) FROM outbox WHERE sent_at IS NULL AND set_aside_at IS NULL")[0][0]
        aside = dict(self._rows(f"SELECT position, routing_key FROM outbox WHERE {_SET_ASIDE}"))
        if self._numbers[OUTBOX].newest:
            self._take_back_dropped(self.set_aside.keys() - aside.keys())
        self.set_aside = aside

    def _take_back_dropped(self, positions: Iterable[int]) -> None:
        """Of rows that were counted when they were set aside, those that were given up since: nobody will hear them."""
        for position in positions:
            gone = f"SELECT routing_key FROM outbox WHERE position = {position} AND {_DROPPED}"
            self.said.subtract(wire_type for (wire_type,) in self._rows(gone))

    def _count(self, table: str, column: str, counts: Counter[str]) -> None:
        """One statement reads what is there and what was taken out: a row that goes meanwhile counts once."""
        numbers = self._numbers[table]
        counts_too = numbers.uncounted + (f" AND NOT ({_DROPPED})" if table == OUTBOX else "")
        if numbers.one_by_one:
            query = f"SELECT {column}, 1, position FROM {table} WHERE {counts_too}"
        else:
            query = f"SELECT {column}, count(*), max(position) FROM {table} WHERE {counts_too} GROUP BY {column}"
        if not numbers.newest:
            counts.clear()
            query += f" UNION ALL SELECT type, number, 0 FROM forgotten WHERE name = '{table}'"
        rows = self._rows(query)
        for wire_type, count, _ in rows:
            counts[wire_type] += count
        numbers.take([position for _, _, position in rows])

    def _rows(self, query: str) -> Sequence[Any]:
        """Straight from the file where there is one: this is asked hundreds of times a second."""
        if self.engine.dialect.name == "sqlite":
            return self._change.file.execute(query).fetchall()
        with self.engine.connect().execution_options(**READS) as connection:
            return connection.exec_driver_sql(query).all()

    @property
    def from_outside(self) -> int:
        """Messages that came from no service of ours, readable or not."""
        return sum(count for wire_type, count in self.heard.items() if wire_type not in _INTERNAL[self.service])

    @property
    def under_way(self) -> int:
        """Kept events that may still be handled by themselves, and wait for no person before them."""
        return self.unsettled[EventStatus.EARLY] + self.unsettled[EventStatus.WAITING] - self.held_up


class Drain:
    """Reads all books again and again, as cheaply as may be. Keep one for a whole run."""

    def __init__(self) -> None:
        self.books = {service: Books(service) for service in SERVICES}
        self._server = next((one.engine for one in self.books.values() if one.engine.dialect.name != "sqlite"), None)
        self._asked: tuple[str | None, int] | None = None
        self._found: str | None = None

    def is_drained(self, sent: int) -> bool:
        """`sent` is how many different messages the hotline has sent so far."""
        return self.trouble(sent) is None

    def trouble(self, sent: int) -> str | None:
        """The first sentence that says what is still under way, or nothing. Stops reading at the first."""
        asked = self._committed(), sent
        if asked[0] is None or asked != self._asked:
            self._asked = asked
            self._found = next(self._troubles(sent), None)
        return self._found

    def _committed(self) -> str | None:
        """What a server has committed: where this is the same, all books still say what they said. SQLite has none."""
        if self._server is None:
            return None
        try:
            with self._server.connect().execution_options(**READS) as connection:
                return str(connection.exec_driver_sql("SELECT pg_current_snapshot()").scalar())
        except SQLAlchemyError:
            return None

    def troubles(self, sent: int) -> list[str]:
        """All that is still under way."""
        return list(self._troubles(sent))

    def wait_until_drained(
        self, sent: int, timeout: float = 60.0, *, still_well: Callable[[], None] = lambda: None
    ) -> None:
        """Raises NotDrained, which says where events are stuck. `still_well` may raise when waiting is of no use."""
        began = time.monotonic()
        deadline, looks = began + timeout, 0
        while self.trouble(sent) is not None:
            looks += 1
            if looks % 50 == 0:
                still_well()
            if time.monotonic() > deadline:
                raise NotDrained("Not drained after {:.0f} s:\n  {}".format(timeout, "\n  ".join(self.troubles(sent))))
            took = time.monotonic() - began
            time.sleep(min(max(POLL_SECONDS, took), LONGEST_POLL_SECONDS))
            began = time.monotonic()

    def said(self, wire_types: set[str]) -> int:
        """How many events of these types all services have announced, as last read."""
        return sum(books.said[wire_type] for books in self.books.values() for wire_type in wire_types)

    def all_said(self) -> int:
        """How many events all services have announced, as last read."""
        return sum(books.said.total() for books in self.books.values())

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
                if books.set_aside:
                    yield f"{books.service}: the broker would not take {len(books.set_aside)} events; see stuck list"
        except (SQLAlchemyError, sqlite3.Error) as trouble:
            self._asked = None  # whatever is committed there, it was not seen
            yield f"a database can't be read: {str(trouble).splitlines()[0]}"
            return
        yield from self._unheard()

    def _unheard(self) -> Iterator[str]:
        for listener, contracts in LISTENERS.items():
            heard = self.books[listener].heard
            for contract in contracts:
                if contract.publisher not in OURS:
                    continue
                said = self.books[contract.publisher].said[contract.wire_type]
                if heard[contract.wire_type] != said:
                    yield (
                        f"{listener}: heard {heard[contract.wire_type]} {contract.wire_type} "
                        f"of the {said} that {contract.publisher} sent"
                    )


def wait_until_drained(sent: int, timeout: float = 60.0) -> None:
    """For a caller who asks once."""
    Drain().wait_until_drained(sent, timeout)
