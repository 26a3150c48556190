"""The tables of councils beside the bus's own.

That no hall and nobody is booked twice for one hour is the primary key of the two booking tables.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, Dialect, Index, Integer, MetaData, String, Table, Text
from sqlalchemy.types import TypeDecorator

from services.councils.domain.invitation import Invitee
from services.councils.domain.listing import ListingState, Succession
from services.councils.domain.postponement import Postponement
from services.councils.domain.session import SessionState
from shared.bus.tables import bus_tables
from shared.contracts.base import schema_of
from shared.contracts.councils import AgendaItemPart
from shared.contracts.vocabulary import FailureReason, Obstacle, PostponementReason, Publicity, SessionKind
from shared.directory.tables import directory_tables
from shared.requests.tables import requests_table
from shared.storage import Instant, Json, Words

metadata = MetaData()
bus = bus_tables(metadata)
directory = directory_tables(metadata)
requests = requests_table(metadata)


Rows = list[dict[str, Any]]


class Invitees(TypeDecorator[list[Invitee]]):
    """Those invited, as a JSON list."""

    impl = Json
    cache_ok = True

    def process_bind_param(self, value: list[Invitee] | None, dialect: Dialect) -> Rows:
        return [asdict(invitee) for invitee in value or []]

    def process_result_value(self, value: Rows | None, dialect: Dialect) -> list[Invitee]:
        return [Invitee(**kept) for kept in value or []]


class Postponements(TypeDecorator[list[Postponement]]):
    """Each postponing of a session, as a JSON list."""

    impl = Json
    cache_ok = True
    _instants = ("at", "was_to_start_at", "starts_at")

    def process_bind_param(self, value: list[Postponement] | None, dialect: Dialect) -> Rows:
        kept = [asdict(postponement) for postponement in value or []]
        return [one | {name: one[name].isoformat() for name in self._instants} for one in kept]

    def process_result_value(self, value: Rows | None, dialect: Dialect) -> list[Postponement]:
        read = [one | {name: datetime.fromisoformat(one[name]) for name in self._instants} for one in value or []]
        return [Postponement(**one | {"reason": PostponementReason(one["reason"])}) for one in read]


class Successions(TypeDecorator[list[Succession]]):
    """Each unit that a listing was passed on by, as a JSON list."""

    impl = Json
    cache_ok = True

    def process_bind_param(self, value: list[Succession] | None, dialect: Dialect) -> Rows:
        return [asdict(succession) | {"at": succession.at.isoformat()} for succession in value or []]

    def process_result_value(self, value: Rows | None, dialect: Dialect) -> list[Succession]:
        return [Succession(**kept | {"at": datetime.fromisoformat(kept["at"])}) for kept in value or []]


class Agenda(TypeDecorator[list[AgendaItemPart]]):
    """The items of an agenda, as a JSON list."""

    impl = Json
    cache_ok = True

    def process_bind_param(self, value: list[AgendaItemPart] | None, dialect: Dialect) -> object:
        return schema_of(AgendaItemPart).dump(value or [], many=True)

    def process_result_value(self, value: Rows | None, dialect: Dialect) -> list[AgendaItemPart]:
        return list(schema_of(AgendaItemPart).load(value or [], many=True))


listings = Table(
    "listings",
    metadata,
    Column("issue_id", String(120), primary_key=True),
    Column("unit_code", String(15), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("category", String(100), nullable=False),
    Column("state", Words(ListingState), nullable=False),
    Column("listed_at", Instant),
    Column("moved_at", Instant),
    Column("ended_at", Instant),
    Column("failures", Integer, nullable=False),
    Column("sessions", Integer, nullable=False),
    Column("session_id", String(140)),
    Column("awaits_session", Boolean, nullable=False),
    Column("next_kind", Words(SessionKind), nullable=False),
    Column("call_by", Instant),
    Column("lapsed_session", String(140), nullable=False, server_default=""),
    Column("obstacle", Words(Obstacle)),
    Column("passed_on", Successions, nullable=False, server_default="[]"),
    Column("publicity", Words(Publicity), nullable=False, server_default="public"),
    Column("respondents", Json, nullable=False, server_default="[]"),
)
Index(
    "listings_hindered",
    listings.c.issue_id,
    sqlite_where=listings.c.obstacle.is_not(None),
    postgresql_where=listings.c.obstacle.is_not(None),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", String(140), primary_key=True),
    Column("issue_id", String(120), nullable=False, index=True),
    Column("unit_code", String(15), nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", Words(SessionKind), nullable=False),
    Column("title", Text, nullable=False),
    Column("category", String(100), nullable=False),
    Column("hall_id", String(120), nullable=False),
    Column("hall_name", String(200), nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("first_starts_at", Instant, nullable=False),
    Column("deputies", Invitees, nullable=False),
    Column("experts", Invitees, nullable=False),
    Column("scheduled_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("replaces", String(140), nullable=False, server_default=""),
    Column("state", Words(SessionState), nullable=False),
    Column("postponements", Postponements, nullable=False),
    Column("opened_at", Instant),
    Column("ended_at", Instant),
    Column("failure_reason", Words(FailureReason)),
    Column("agenda", Agenda, nullable=False),
    Index("sessions_by_unit", "unit_code", "starts_at"),
)

Index(
    "sessions_due",
    sessions.c.due_at,
    sqlite_where=sessions.c.due_at.is_not(None),
    postgresql_where=sessions.c.due_at.is_not(None),
)

hall_bookings = Table(
    "hall_bookings",
    metadata,
    Column("hall_id", String(120), primary_key=True),
    Column("starts_at", Instant, primary_key=True),
    Column("session_id", String(140), nullable=False, index=True),
)

person_bookings = Table(
    "person_bookings",
    metadata,
    Column("person_id", String(120), primary_key=True),
    Column("starts_at", Instant, primary_key=True),
    Column("session_id", String(140), nullable=False, index=True),
)
