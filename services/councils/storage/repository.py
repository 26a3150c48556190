"""Finding and keeping listings, sessions and the directory. The lock on a listing guards the sessions of its issue."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from services.councils.domain.directory import Directory
from services.councils.domain.errors import UnknownSession
from services.councils.domain.hall import Hall
from services.councils.domain.listing import Listing
from services.councils.domain.person import Person
from services.councils.domain.session import Session
from services.councils.storage import tables
from services.councils.storage.bookings import BookingRepository
from services.councils.storage.council_file import CouncilBook, council_book
from shared.bus.work import Store
from shared.storage import Repository, is_within
from shared.storage.work import Work


class ListingRepository(Repository[Listing]):
    """Listings by issue id."""

    entity, table = Listing, tables.listings


class SessionRepository(Repository[Session]):
    entity, table = Session, tables.sessions

    def unknown(self, key: str) -> UnknownSession:
        return UnknownSession(f"no session has the id {key}", {"session_id": ["Unknown session."]})

    def list_in(
        self, unit_code: str, starts_from: datetime | None, starts_to: datetime | None, most: int
    ) -> list[Session]:
        """Those of the unit and of the units inside it, by their beginning."""
        at = tables.sessions.c
        wanted = self.select_from_here().where(is_within(at.unit_code, unit_code))
        if starts_from is not None:
            wanted = wanted.where(at.starts_at >= starts_from)
        if starts_to is not None:
            wanted = wanted.where(at.starts_at < starts_to)
        return self.look_up(wanted.order_by(at.starts_at, at.id).limit(most))


class HallRepository(Repository[Hall]):
    entity, table = Hall, tables.halls


class PersonRepository(Repository[Person]):
    entity, table = Person, tables.people


class DirectoryRepository:
    """The stored directory of each unit, once it was needed or entered. It is never changed here."""

    def __init__(self, work: Work) -> None:
        self._halls = HallRepository(work)
        self._people = PersonRepository(work)

    def find(self, unit_code: str) -> Directory | None:
        """None for a unit without halls: nothing was stored for it yet."""
        halls = self._halls.of(unit_code=unit_code)
        return Directory(unit_code, halls, self._people.of(unit_code=unit_code)) if halls else None

    def load(self, unit_codes: Collection[str]) -> None:
        """Read many at once, so that `find` asks no more."""
        self._halls.load_of("unit_code", unit_codes)
        self._people.load_of("unit_code", unit_codes)

    def add(self, directory: Directory) -> None:
        self._people.none_of("unit_code", directory.unit_code)
        for hall in directory.halls:
            self._halls.add(hall)
        for person in directory.people:
            self._people.add(person)


class CouncilsStore(Store):
    """The unit of work that councils' use cases see."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.listings = ListingRepository(self)
        self.sessions = SessionRepository(self)
        self.directories = DirectoryRepository(self)
        self.bookings = BookingRepository(self)

    @property
    def book(self) -> CouncilBook:
        return council_book()
