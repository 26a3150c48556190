"""Stand-ins for the repositories of councils that keep everything in memory."""

from collections.abc import Iterable
from datetime import datetime

from services.councils.domain.directory import Directory
from services.councils.domain.errors import UnknownSession
from services.councils.domain.listing import Listing
from services.councils.domain.session import Session
from tests.fakes import FakeWork


class FakeListings:
    def __init__(self) -> None:
        self.kept: dict[str, Listing] = {}

    def find(self, issue_id: str) -> Listing | None:
        return self.kept.get(issue_id)

    def add(self, listing: Listing) -> None:
        self.kept[listing.issue_id] = listing


class FakeSessions:
    def __init__(self) -> None:
        self.kept: dict[str, Session] = {}

    def get(self, session_id: str) -> Session:
        if session_id not in self.kept:
            raise UnknownSession
        return self.kept[session_id]

    def find_to_change(self, session_id: str) -> Session | None:
        return self.kept.get(session_id)

    def add(self, session: Session) -> None:
        assert session.id not in self.kept
        self.kept[session.id] = session

    def list_for(
        self, unit_code: str, starts_from: datetime | None, starts_to: datetime | None, most: int
    ) -> list[Session]:
        found = [session for session in self.kept.values() if session.unit_code.startswith(unit_code)]
        return sorted(found, key=lambda session: (session.starts_at, session.id))[:most]


class FakeDirectories:
    def __init__(self) -> None:
        self.kept: dict[str, Directory] = {}

    def find(self, unit_code: str) -> Directory | None:
        return self.kept.get(unit_code)

    def add(self, directory: Directory) -> None:
        assert directory.unit_code not in self.kept
        self.kept[directory.unit_code] = directory


class FakeBookings:
    """Refuses what is taken, as the database's keys do."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, datetime], str] = {}

    def taken(
        self, hall_ids: Iterable[str], people_ids: Iterable[str], start_at: datetime, end_at: datetime
    ) -> set[tuple[str, datetime]]:
        asked = {*hall_ids, *people_ids}
        return {(one, at) for one, at in self.kept if one in asked and start_at <= at <= end_at}

    def book(self, session: Session) -> None:
        for one in (session.hall_id, *session.people_ids):
            assert (one, session.starts_at) not in self.kept, f"{one} is booked twice at {session.starts_at}"
            self.kept[(one, session.starts_at)] = session.id

    def release(self, session: Session) -> None:
        self.kept = {key: kept for key, kept in self.kept.items() if kept != session.id}


def a_work() -> FakeWork:
    return FakeWork(
        listings=FakeListings(), sessions=FakeSessions(), directories=FakeDirectories(), bookings=FakeBookings()
    )
