"""Which hall and who is taken when: what a unit of work takes and gives back is seen at once and written at its end.

That two transactions never take the same is the primary key of the two tables.
"""

from collections.abc import Iterable
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
        return self._halls.taken(hall_ids, start_at, end_at) | self._people.taken(people_ids, start_at, end_at)

    def book(self, session: Session) -> None:
        """Take the hall and everybody invited. If someone else was faster the database says so at the end."""
        self._halls.book([session.hall_id], session)
        self._people.book(session.people_ids, session)

    def release(self, session: Session) -> None:
        """Give back all that the session had taken for its hour. Nothing happens the second time."""
        self._halls.release([session.hall_id], session)
        self._people.release(session.people_ids, session)


class _Bookings:
    """One table of them."""

    def __init__(self, work: Work, table: Table) -> None:
        self.connection = work.connection
        self._table = table
        self._whose = next(iter(table.primary_key))
        self._changes: dict[Taken, Change] = {}
        self._marked: dict[Taken, Change] = {}
        work.parts.append(self)

    def taken(self, ids: Iterable[str], start_at: datetime, end_at: datetime) -> set[Taken]:
        wanted, starts_at = set(ids), self._table.c.starts_at
        query = select(self._whose, starts_at).where(is_any(self._whose, wanted), starts_at.between(start_at, end_at))
        found = {(one, at) for one, at in self.connection.execute(query)}
        for (one, at), (_, now) in self._changes.items():
            if now is None:
                found.discard((one, at))
            elif one in wanted and start_at <= at <= end_at:
                found.add((one, at))
        return found

    def book(self, ids: Iterable[str], session: Session) -> None:
        for key in ((one, session.starts_at) for one in ids):
            was, now = self._changes.get(key, (None, None))
            if now is not None:
                raise ValueError(f"{key} is taken by {now} already")
            self._changes[key] = was, session.id

    def release(self, ids: Iterable[str], session: Session) -> None:
        for key in ((one, session.starts_at) for one in ids):
            was, now = self._changes.get(key, (session.id, session.id))
            if now == session.id:
                self._changes[key] = was, None

    def mark(self) -> None:
        self._marked = dict(self._changes)

    def restore(self) -> None:
        self._changes = dict(self._marked)

    def flush(self, writes: Writes) -> None:
        """What one session gave back and another took is one change of one row."""
        changes, self._changes, self._marked = self._changes, {}, {}
        known = {key: change for key, change in changes.items() if change[0] is not None}
        writes.delete(self._table, [self._key(key) for key, (_, now) in known.items() if now is None])
        writes.update(self._table, [self._row(key, now) for key, (was, now) in known.items() if now not in (was, None)])
        new = {key: now for key, (was, now) in changes.items() if was is None and now is not None}
        writes.insert(self._table, [self._row(key, now) for key, now in new.items()])

    def _key(self, key: Taken) -> Row:
        return {self._whose.name: key[0], "starts_at": key[1]}

    def _row(self, key: Taken, session_id: str | None) -> Row:
        return self._key(key) | {"session_id": session_id}
