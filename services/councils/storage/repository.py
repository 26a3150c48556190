"""Loads and saves what councils keep. Bookings are written at once, so that one found taken fails where it is made."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Table, delete, insert, select
from sqlalchemy.orm import Session as Connection

from services.councils.domain.directory import Directory
from services.councils.domain.errors import UnknownSession
from services.councils.domain.hall import Hall
from services.councils.domain.listing import Listing
from services.councils.domain.person import Person
from services.councils.domain.session import Session
from services.councils.storage.tables import hall_bookings, halls, people, person_bookings, sessions
from shared.bus import Store
from shared.storage import is_any, is_within


class ListingRepository:
    """Listings by issue."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, issue_id: str) -> Listing | None:
        return self._connection.get(Listing, issue_id)

    def add(self, listing: Listing) -> None:
        self._connection.add(listing)


class SessionRepository:
    """Sessions by id, and by unit and time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, session_id: str) -> Session:
        """To look at. Raises UnknownSession."""
        found = self._connection.get(Session, session_id)
        if found is None:
            raise UnknownSession(f"no session has the id {session_id}", {"session_id": ["Unknown session."]})
        return found

    def find_to_change(self, session_id: str) -> Session | None:
        """Nobody else changes it until this work is done."""
        self._connection.flush()
        return self._connection.get(Session, session_id, with_for_update=True)

    def add(self, session: Session) -> None:
        self._connection.add(session)

    def list_for(
        self, unit_code: str, starts_from: datetime | None, starts_to: datetime | None, most: int
    ) -> Sequence[Session]:
        """Sessions of a unit and of those inside it, by their beginning."""
        chosen = select(Session).where(is_within(sessions.c.unit_code, unit_code))
        if starts_from is not None:
            chosen = chosen.where(sessions.c.starts_at >= starts_from)
        if starts_to is not None:
            chosen = chosen.where(sessions.c.starts_at < starts_to)
        return self._connection.scalars(chosen.order_by(sessions.c.starts_at, sessions.c.id).limit(most)).all()


class DirectoryRepository:
    """The stored directory of each unit, once it was needed or entered. Read once in each unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[str, Directory] = {}

    def find(self, unit_code: str) -> Directory | None:
        """None for a unit without halls: nothing was stored for it yet."""
        found = self._known.get(unit_code) or self._load(unit_code)
        if found is not None:
            self._known[unit_code] = found
        return found

    def add(self, directory: Directory) -> None:
        self._connection.add_all([*directory.halls, *directory.people])
        self._connection.flush()
        self._known[directory.unit_code] = directory

    def _load(self, unit_code: str) -> Directory | None:
        own_halls = select(Hall).where(halls.c.unit_code == unit_code).order_by(halls.c.id)
        found = self._connection.scalars(own_halls).all()
        if not found:
            return None
        own_people = select(Person).where(people.c.unit_code == unit_code).order_by(people.c.id)
        return Directory(unit_code, found, self._connection.scalars(own_people).all())


class BookingRepository:
    """Which hall and who is taken when."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def taken(
        self, hall_ids: Iterable[str], people_ids: Iterable[str], start_at: datetime, end_at: datetime
    ) -> set[tuple[str, datetime]]:
        """Pairs of hall or person and hour, from one instant to another, both included."""
        return self._taken(hall_bookings, "hall_id", hall_ids, start_at, end_at) | self._taken(
            person_bookings, "person_id", people_ids, start_at, end_at
        )

    def book(self, session: Session) -> None:
        """Take the hall and everybody invited. If someone else was faster the database says so, and it is done anew."""
        booked = {"starts_at": session.starts_at, "session_id": session.id}
        self._connection.execute(insert(hall_bookings), [booked | {"hall_id": session.hall_id}])
        invited = [booked | {"person_id": person_id} for person_id in session.people_ids]
        self._connection.execute(insert(person_bookings), invited)

    def release(self, session: Session) -> None:
        """Give back all that the session had taken. Nothing happens the second time."""
        for table in (hall_bookings, person_bookings):
            self._connection.execute(delete(table).where(table.c.session_id == session.id))

    def _taken(
        self, table: Table, column: str, ids: Iterable[str], start_at: datetime, end_at: datetime
    ) -> set[tuple[str, datetime]]:
        chosen = select(table.c[column], table.c.starts_at).where(
            is_any(table.c[column], ids), table.c.starts_at.between(start_at, end_at)
        )
        return {(taken, at) for taken, at in self._connection.execute(chosen)}


class CouncilsStore(Store):
    """The unit of work of the service."""

    def __init__(self, session: Connection) -> None:
        super().__init__(session)
        self.listings = ListingRepository(session)
        self.sessions = SessionRepository(session)
        self.directories = DirectoryRepository(session)
        self.bookings = BookingRepository(session)
