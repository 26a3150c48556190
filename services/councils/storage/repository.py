"""Finding and keeping listings and sessions. The lock on a listing guards the sessions of its issue."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, select

from services.councils.domain.errors import UnknownSession
from services.councils.domain.listing import Listing, ListingState
from services.councils.domain.session import Session
from services.councils.storage import tables
from services.councils.storage.bookings import BookingRepository
from services.councils.storage.council_file import CouncilBook, council_book
from services.councils.storage.councils import CouncilRepository
from shared.bus.work import Store
from shared.requests.tables import RequestRepository
from shared.storage import Repository, is_any


class ListingRepository(Repository[Listing]):
    """Listings by issue id."""

    entity, table = Listing, tables.listings

    def ids_listed_in(self, unit_code: str, most: int) -> list[str]:
        """Issues that stand on the unit's own list, in order. Look at each again under its lock."""
        at = tables.listings.c
        found = select(at.issue_id).where(at.unit_code == unit_code, at.state == ListingState.LISTED)
        return list(self.connection.scalars(found.order_by(at.issue_id).limit(most)))

    def ids_hindered(self, after: str, most: int) -> list[str]:
        """Issues for which no session could be called, in order, from the one after this."""
        at = tables.listings.c
        found = select(at.issue_id).where(at.obstacle.is_not(None), at.issue_id > after)
        return list(self.connection.scalars(found.order_by(at.issue_id).limit(most)))


class SessionRepository(Repository[Session]):
    entity, table = Session, tables.sessions

    def unknown(self, key: str) -> UnknownSession:
        return UnknownSession(f"no session has the id {key}", {"session_id": ["Unknown session."]})

    def list_in(
        self, unit_codes: Collection[str] | None, starts_from: datetime | None, starts_to: datetime | None, most: int
    ) -> list[Session]:
        """Those of these units, or of all, by their beginning."""
        at = tables.sessions.c
        wanted = self.select_from_here()
        if unit_codes is not None:
            wanted = wanted.where(is_any(at.unit_code, unit_codes))
        if starts_from is not None:
            wanted = wanted.where(at.starts_at >= starts_from)
        if starts_to is not None:
            wanted = wanted.where(at.starts_at < starts_to)
        return self.look_up(wanted.order_by(at.starts_at, at.id).limit(most))

    def list_due_in(self, unit_codes: Collection[str], most: int) -> list[Session]:
        """Those of these units in which somebody must move, the soonest due first."""
        at = tables.sessions.c
        wanted = self.select_from_here().where(at.due_at.is_not(None), is_any(at.unit_code, unit_codes))
        return self.look_up(wanted.order_by(at.due_at, at.id).limit(most))


class RequestsOfSessions(RequestRepository):
    table = tables.requests


class CouncilsStore(Store):
    """The unit of work that councils' use cases see."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.listings = ListingRepository(self)
        self.sessions = SessionRepository(self)
        self.requests = RequestsOfSessions(self)
        self.councils = CouncilRepository(self)
        self.bookings = BookingRepository(self)

    @property
    def book(self) -> CouncilBook:
        return council_book()
