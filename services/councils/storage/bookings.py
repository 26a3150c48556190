"""Which hall and who is taken when: what a unit of work takes and gives back is seen at once and written at its end.

That two transactions never take the same is the primary key of the two tables.
"""

from collections import defaultdict
from collections.abc import Iterable, Set
from datetime import datetime

from sqlalchemy import Table, select

from services.councils.domain.meeting import Taken
from services.councils.domain.session import Session
from services.councils.storage import tables
from shared.storage import Row, Writes, is_any
from shared.storage.work import Work

Change = tuple[str | None, str | None]
"""The session that has it in the database, as far as is known, and the one that has it now."""


class BookingRepository:
    """The hours of halls, and those of people."""

    def __init__(self, work: Work) -> None:
        self._halls = _Bookings(work, tables.hall_bookings)
        self._people = _Bookings(work, tables.person_bookings)

    def taken(
        self, hall_ids: Iterable[str], people_ids: Iterable[str], start_at: datetime, end_at: datetime
    ) -> set[Taken]:
        """From one instant to another, both included."""
        return self.halls_taken(hall_ids, start_at, end_at) | self.people_taken(people_ids, start_at, end_at)

    def halls_taken(self, ids: Iterable[str], start_at: datetime, end_at: datetime) -> set[Taken]:
        return self._halls.taken(ids, start_at, end_at)

    def people_taken(self, ids: Iterable[str], start_at: datetime, end_at: datetime) -> set[Taken]:
        return self._people.taken(ids, start_at, end_at)

    def book(self, session: Session) -> None:
        """Take the hall and everybody invited. If someone else was faster the database says so at the end."""
        self._halls.book([session.hall_id], session)
        self._people.book(session.people_ids, session)

    def release(self, session: Session) -> None:
        """Give back all that the session had taken for its hour. Nothing happens the second time."""
        self._halls.release([session.hall_id], session)
        self._people.release(session.people_ids, session)


class _Bookings:
    """One table of them. What was read of somebody in a span of time is not read again in a unit of work."""

    def __init__(self, work: Work, table: Table) -> None:
        self.connection = work.connection
        self._table = table
        self._whose = next(iter(table.primary_key))
        self._read: set[tuple[str, datetime, datetime]] = set()
        self._stored: dict[str, set[datetime]] = defaultdict(set)
        self._changes: dict[str, dict[datetime, Change]] = {}
        self._marked: dict[str, dict[datetime, Change]] = {}
        work.parts.append(self)

    def taken(self, ids: Iterable[str], start_at: datetime, end_at: datetime) -> set[Taken]:
        wanted = list(ids)
        self._load({one for one in wanted if (one, start_at, end_at) not in self._read}, start_at, end_at)
        return {(one, at) for one in wanted for at in self._hours_of(one) if start_at <= at <= end_at}

    def _load(self, ids: Set[str], start_at: datetime, end_at: datetime) -> None:
        if not ids:
            return
        starts_at = self._table.c.starts_at
        query = select(self._whose, starts_at).where(is_any(self._whose, ids), starts_at.between(start_at, end_at))
        for one, at in self.connection.execute(query):
            self._stored[one].add(at)
        self._read.update((one, start_at, end_at) for one in ids)

    def _hours_of(self, one: str) -> set[datetime]:
        hours, changes = self._stored.get(one, set()), self._changes.get(one)
        if not changes:
            return hours
        taken = {at for at, (_, now) in changes.items() if now is not None}
        return (hours - changes.keys()) | taken

    def book(self, ids: Iterable[str], session: Session) -> None:
        for one in ids:
            changes = self._changes.setdefault(one, {})
            was, now = changes.get(session.starts_at, (None, None))
            if now is not None:
                raise ValueError(f"{one} is taken by {now} at {session.starts_at} already")
            changes[session.starts_at] = was, session.id

    def release(self, ids: Iterable[str], session: Session) -> None:
        for one in ids:
            changes = self._changes.setdefault(one, {})
            was, now = changes.get(session.starts_at, (session.id, session.id))
            if now == session.id:
                changes[session.starts_at] = was, None

    def mark(self) -> None:
        self._marked = {one: dict(changes) for one, changes in self._changes.items()}

    def restore(self) -> None:
        self._changes = {one: dict(changes) for one, changes in self._marked.items()}

    def flush(self, writes: Writes) -> None:
        """What one session gave back and another took is one change of one row."""
        changes = {(one, at): change for one, those in self._changes.items() for at, change in those.items()}
        self._changes, self._marked = {}, {}
        known = {key: change for key, change in changes.items() if change[0] is not None}
        writes.delete(self._table, [self._key(key) for key, (_, now) in known.items() if now is None])
        writes.update(self._table, [self._row(key, now) for key, (was, now) in known.items() if now not in (was, None)])
        new = {key: now for key, (was, now) in changes.items() if was is None and now is not None}
        writes.insert(self._table, [self._row(key, now) for key, now in new.items()])

    def _key(self, key: Taken) -> Row:
        return {self._whose.name: key[0], "starts_at": key[1]}

    def _row(self, key: Taken, session_id: str | None) -> Row:
        return self._key(key) | {"session_id": session_id}
