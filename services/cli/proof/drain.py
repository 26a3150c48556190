"""Whether everything that was said has been heard: exact, by counting rows in the services' own databases.

For every type of event and every listener, what stands in the listener's inbox must equal what stands in the
publisher's outbox, with what was taken out of both by age, and nothing may be unsent or waiting. A server is asked for
all of it in one statement. Of files, inboxes are read before outboxes: as neither sum ever shrinks, equal counts then
prove that nothing was under way at an instant in between. Whoever asks must have all replies to their calls, and no
timers firing (`rest` sees to those).
"""

import sqlite3
import time
import weakref
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
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
        self._place = "" if self.engine.dialect.name == "sqlite" else f"{self.service}."
        self._change = Change(self.engine)
        self._numbers = {table: Numbers(self.engine) for table in (INBOX, OUTBOX)}

    def read_inbox(self) -> None:
        if self._change.is_fresh(INBOX):
            self.take_inbox(self._rows(self.query_of_inbox()))

    def read_outbox(self) -> None:
        if self._change.is_fresh(OUTBOX):
            self.take_outbox(self._rows(self.query_of_outbox()))

    def query_of_inbox(self) -> str:
        """One statement, so that all is of one instant. Its rows: service, kind, name, subject, number, position."""
        holds_up = "CASE WHEN lets_pass_since IS NULL THEN 1 ELSE 0 END"
        return self._new_ones(INBOX, "type") + self._also("unsettled", "status, subject", holds_up, INBOX, _UNSETTLED)

    def query_of_outbox(self) -> str:
        """As `query_of_inbox`."""
        query = self._new_ones(OUTBOX, "routing_key")
        query += self._also("unsent", "NULL, NULL", "count(*)", OUTBOX, "sent_at IS NULL AND set_aside_at IS NULL")
        query += self._also("aside", "routing_key, NULL", "position", OUTBOX, _SET_ASIDE)
        if self.set_aside and self._numbers[OUTBOX].newest:
            known = f"position IN ({', '.join(map(str, self.set_aside))}) AND {_DROPPED}"
            query += self._also("dropped", "routing_key, NULL", "position", OUTBOX, known)
        return query

    def take_inbox(self, rows: Sequence[Any]) -> None:
        """What `query_of_inbox` found; rows of other kinds may be among it."""
        self._count(INBOX, rows, self.heard)
        kept = [(status, subject, holds_up) for _, kind, status, subject, holds_up, _ in rows if kind == "unsettled"]
        parked = {subject for status, subject, holds_up in kept if status in _NEEDS_A_PERSON and holds_up}
        self.unsettled = Counter(status for status, *_ in kept)
        self.held_up = sum(status == EventStatus.WAITING and subject in parked for status, subject, _ in kept)

    def take_outbox(self, rows: Sequence[Any]) -> None:
        """What `query_of_outbox` found; rows of other kinds may be among it. Nobody will hear what was given up."""
        self._count(OUTBOX, rows, self.said)
        self.said.subtract(wire_type for _, kind, wire_type, *_ in rows if kind == "dropped")
        self.unsent = next(number for _, kind, _, _, number, _ in rows if kind == "unsent")
        self.set_aside = {position: wire_type for _, kind, wire_type, _, position, _ in rows if kind == "aside"}

    def _new_ones(self, table: str, column: str) -> str:
        """What is there and what was taken out, at one instant: a row that goes meanwhile counts once."""
        numbers = self._numbers[table]
        counts_too = numbers.uncounted + (f" AND NOT ({_DROPPED})" if table == OUTBOX else "")
        one, grouped = ("1, position", "") if numbers.one_by_one else ("count(*), max(position)", f" GROUP BY {column}")
        place = f"FROM {self._place}{table}"
        query = f"SELECT '{self.service}', '{table}', {column}, NULL, {one} {place} WHERE {counts_too}{grouped}"
        if numbers.newest:
            return query
        return query + self._also(table, "type, NULL", "number", "forgotten", f"name = '{table}'")

    def _also(self, kind: str, words: str, number: str, table: str, where: str) -> str:
        found = f"SELECT '{self.service}', '{kind}', {words}, {number}, 0 FROM {self._place}{table} WHERE {where}"
        return f" UNION ALL {found}"

    def _count(self, table: str, rows: Sequence[Any], counts: Counter[str]) -> None:
        numbers = self._numbers[table]
        if not numbers.newest:
            counts.clear()
        found = [(wire_type, number, position) for _, kind, wire_type, _, number, position in rows if kind == table]
        for wire_type, number, _ in found:
            counts[wire_type] += number
        numbers.take([position for _, _, position in found])

    def _rows(self, query: str) -> Sequence[Any]:
        """Straight from the file where there is one: this is asked hundreds of times a second."""
        if self.engine.dialect.name == "sqlite":
            return self._change.file.execute(query).fetchall()
        return rows_of(self.engine, query)

    @property
    def from_outside(self) -> int:
        """Messages that came from no service of ours, readable or not."""
        return sum(count for wire_type, count in self.heard.items() if wire_type not in _INTERNAL[self.service])

    @property
    def under_way(self) -> int:
        """Kept events that may still be handled by themselves, and wait for no person before them."""
        return self.unsettled[EventStatus.EARLY] + self.unsettled[EventStatus.WAITING] - self.held_up


def rows_of(engine: Engine, query: str) -> Sequence[Any]:
    with engine.connect().execution_options(**READS) as connection:
        return connection.exec_driver_sql(query).all()


class Drain:
    """Reads all books again and again, as cheaply as may be: on a server in one statement. Keep one for a whole run."""

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
            return str(rows_of(self._server, "SELECT pg_current_snapshot()"))
        except SQLAlchemyError:
            self._connect_anew()
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
            self._read_on_server()
            for books in self.books.values():
                if self._server is None:
                    books.read_inbox()
                if books.under_way:
                    yield f"{books.service}: {books.under_way} events wait in the inbox ({dict(books.unsettled)})"
            if (came := self.books["intake"].from_outside) != sent:
                yield f"intake: {came} of {sent} messages of the hotline were taken in"
            for books in self.books.values():
                if self._server is None:
                    books.read_outbox()
                if books.unsent:
                    yield f"{books.service}: {books.unsent} events in the outbox are not sent"
                if books.set_aside:
                    yield f"{books.service}: the broker would not take {len(books.set_aside)} events; see stuck list"
        except (SQLAlchemyError, sqlite3.Error) as trouble:
            self._asked = None  # whatever is committed there, it was not seen
            self._connect_anew()
            yield f"a database can't be read: {str(trouble).splitlines()[0]}"
            return
        yield from self._unheard()

    def _read_on_server(self) -> None:
        """All books as they were at one instant."""
        if self._server is None:
            return
        queries = [query for one in self.books.values() for query in (one.query_of_inbox(), one.query_of_outbox())]
        found: dict[str, list[Any]] = {service: [] for service in self.books}
        for row in rows_of(self._server, " UNION ALL ".join(queries)):
            found[row[0]].append(row)
        for service, books in self.books.items():
            books.take_inbox(found[service])
            books.take_outbox(found[service])

    def _connect_anew(self) -> None:
        """Who lost a server over one connection has lost it over all, though others find out with their next query."""
        for books in self.books.values():
            books.engine.dispose()

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
