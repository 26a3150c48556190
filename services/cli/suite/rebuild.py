"""The board made anew from what all services announced, while the one there is goes on serving.

It is written into the generation that does not serve, in batches, from the event logs and outboxes. At the end, in one
transaction in which the board takes in nothing, what came meanwhile is added, and that generation serves. Every event
is in it once: what the board itself had not heard by then is noted in its inbox as heard, and what waited there in
trouble as done.
"""

import fcntl
import heapq
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from operator import attrgetter
from typing import NamedTuple

import orjson
from sqlalchemy import Connection, Engine, func, select, text

from services.board.storage import tables
from services.board.storage.repository import BoardStore, clear, serving
from services.board.use_cases.rebuilding import HANDLERS, take_in
from services.cli.folders import in_var
from shared.bus.inbox import rows as inbox_rows
from shared.bus.inbox.reading import BROKEN, Identity
from shared.bus.log.reading import events_of
from shared.bus.log.rows import event_log, outbox
from shared.bus.log.segment import LoggedEvent
from shared.bus.moment import Moments
from shared.bus.tables import EventStatus
from shared.bus.work import transaction
from shared.contracts import EVENTS, Event
from shared.storage.engine import READS, writing
from shared.storage.writes import Writes

AT_ONCE = 1000
LITTLE = 2000
"""So many events are taken in while the board waits; it waits for less than a second."""
MOST_ROUNDS = 50
TYPES = frozenset(contract.wire_type for contract in HANDLERS)
INBOX = inbox_rows.INBOX


class Busy(Exception):
    """Somebody rebuilds already."""


class Said(NamedTuple):
    """An event of a service's log."""

    service: str
    event: LoggedEvent

    @property
    def identity(self) -> Identity:
        return Identity(self.service, self.event.event_id)


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild came to."""

    generation: int
    events: int
    not_heard_before: int


class Rebuild:
    """One rebuild. `sources` are the databases of the services that announce something."""

    def __init__(self, engine: Engine, sources: dict[str, Engine], moments: Moments | None = None) -> None:
        self._engine, self._sources = engine, sources
        self._moments = moments or Moments()
        self._positions = dict.fromkeys(sources, 0)
        self._unheard: dict[Identity, Said] = {}
        self._taken = 0
        with engine.connect() as connection:
            self._target = next(number for number in tables.generation if number != serving(connection))

    def total(self) -> int:
        """About how many positions are to be read."""
        return sum(_last_position(engine) for engine in self._sources.values())

    def run(self, show: Callable[[int], None] = lambda positions: None) -> Rebuilt:
        """Raises ContractBroken for an event that this version can't read, and BrokenSegment."""
        with self._writing() as work:
            _empty(work)
        for _ in range(MOST_ROUNDS):
            if self._catch_up(show) <= LITTLE:
                break
        return self._change_over(show)

    def _catch_up(self, show: Callable[[int], None]) -> int:
        """Take in all there is by now, and say how much that was."""
        number = 0
        for batch in self._batches():
            with self._writing() as work:
                self._take(work, batch)
            number += len(batch)
            show(sum(self._positions.values()))
        return number

    def _change_over(self, show: Callable[[int], None]) -> Rebuilt:
        with writing(self._engine), self._engine.begin() as connection:
            _hold_up(connection)
            for batch in self._batches():
                work = BoardStore(connection, self._target)
                self._take(work, batch)
                work.flush()
            self._settle_inbox(connection)
            writes = Writes(connection)
            row = {"id": 1, "generation": self._target, "since": datetime.now(UTC)}
            writes.insert(tables.serving, [row], replace="id")
            writes.flush()
        show(sum(self._positions.values()))
        return Rebuilt(self._target, self._taken, len(self._unheard))

    @contextmanager
    def _writing(self) -> Iterator[BoardStore]:
        with transaction(self._engine, lambda connection: BoardStore(connection, self._target)) as work:
            yield work

    def _batches(self) -> Iterator[Sequence[Said]]:
        """What comes after what was read so far, of all services by the instants at which it was announced."""
        streams = [self._told_by(name) for name in self._sources]
        merged = heapq.merge(*streams, key=attrgetter("event.created_at"))
        while batch := list(islice(merged, AT_ONCE)):
            yield batch

    def _told_by(self, name: str) -> Iterator[Said]:
        told = events_of(self._sources[name], after=self._positions[name], types=TYPES)
        return (Said(name, event) for event in told)

    def _take(self, work: BoardStore, batch: Sequence[Said]) -> None:
        read = [(one.event.event_id, _read(one.event)) for one in batch]
        take_in(work, read, self._moments.now(work))
        known = inbox_rows.known(work.connection, [one.event.event_id for one in batch])
        self._unheard |= {one.identity: one for one in batch if one.identity not in known}
        for one in batch:
            self._positions[one.service] = max(self._positions[one.service], one.event.position)
        self._taken += len(batch)

    def _settle_inbox(self, connection: Connection) -> None:
        """What the board itself has not heard by now it knows already when it comes; what waited has been taken in."""
        now = datetime.now(UTC)
        known = inbox_rows.known(connection, [one.event.event_id for one in self._unheard.values()])
        self._unheard = {identity: one for identity, one in self._unheard.items() if identity not in known}
        writes = Writes(connection)
        inbox_rows.add(writes, [_heard(one, now) for one in self._unheard.values()])
        writes.flush()
        waited = [status.value for status in (EventStatus.EARLY, EventStatus.WAITING, EventStatus.PARKED)]
        is_event = INBOX.c.status.in_(waited) & ~INBOX.c.event_id.startswith(BROKEN)
        done = {"status": EventStatus.HANDLED.value, "handled_at": now, "next_attempt_at": None, "error": None}
        connection.execute(INBOX.update().where(is_event).values(**done, body=None, headers=None))


@contextmanager
def one_rebuild_at_a_time() -> Iterator[None]:
    """Raises Busy."""
    in_var().mkdir(parents=True, exist_ok=True)
    with in_var("rebuild.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Busy("the board is being rebuilt by another command") from None
        with suppress(BrokenPipeError):
            yield


def _empty(work: BoardStore) -> None:
    if work.connection.dialect.name == "postgresql":
        names = ", ".join(f'"{table.name}"' for table in work.shelf)
        work.connection.execute(text(f"TRUNCATE {names}"))
    else:
        clear(work.connection, work.shelf)


def _hold_up(connection: Connection) -> None:
    """Until the end of this transaction the board writes nothing. (SQLite's transactions have it to themselves.)"""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE serving IN EXCLUSIVE MODE"))


def _read(event: LoggedEvent) -> Event:
    return EVENTS[event.type].from_wire(orjson.loads(event.body)["data"])


def _heard(one: Said, now: datetime) -> dict[str, object]:
    return {
        "event_id": one.event.event_id,
        "source": one.service,
        "data_sha256": None,
        "type": one.event.type,
        "subject": one.event.subject,
        "status": EventStatus.HANDLED.value,
        "received_at": now,
        "handled_at": now,
        "attempts": 0,
        "next_attempt_at": None,
        "lets_pass_since": None,
        "error": None,
        "body": None,
        "headers": None,
    }


def _last_position(engine: Engine) -> int:
    with engine.connect().execution_options(**READS) as connection:
        logged = connection.scalar(select(func.max(event_log.c.last_position))) or 0
        return max(logged, connection.scalar(select(func.max(outbox.c.position))) or 0)
