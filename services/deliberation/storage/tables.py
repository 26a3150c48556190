"""The tables of deliberation beside the bus's own.

What `append_only.py` names is only added to, such as votes, papers and the journal; the rest says where things stand.
"""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Dialect, ForeignKey, Index, Integer, MetaData, String, Table, Text
from sqlalchemy.types import TypeDecorator

from services.deliberation.domain import display
from services.deliberation.domain.attendance import Attendance, Movement
from services.deliberation.domain.display import DisplayState
from services.deliberation.domain.electorate import Voter
from services.deliberation.domain.minutes import MinutesState, Objection
from services.deliberation.domain.motion import MotionState, Recusal, Statement, Turn
from services.deliberation.domain.poll import PollState
from services.deliberation.domain.quorum import Invitee
from services.deliberation.domain.session import SessionState
from services.deliberation.domain.tally import OptionCount
from services.deliberation.domain.vote import Choice
from services.deliberation.storage.append_only import APPEND_ONLY, seal_when_created
from shared.bus.tables import bus_tables
from shared.contracts.base import schema_of
from shared.contracts.councils import AgendaItemPart
from shared.contracts.vocabulary import ElectorateKind, FailureReason, MoneySource, Publicity, SessionKind, VoteOutcome
from shared.directory.tables import directory_tables
from shared.sealing import WrongKey, opened_text, sealed_text
from shared.storage import Instant, Json, Words

metadata = MetaData()
bus = bus_tables(metadata)
directory = directory_tables(metadata)


class Values(TypeDecorator[tuple[Any, ...]]):
    """A tuple of frozen dataclasses as a JSON list. Replace the tuple; it is never changed in place.

    `private` fields hold what people said, or who: they are sealed in the table, and empty where the key is lost.
    """

    impl = Json
    cache_ok = True

    def __init__(self, kind: type, private: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.kind = kind
        self.private = private

    def process_bind_param(self, value: tuple[Any, ...] | None, dialect: Dialect) -> object:
        dumped = schema_of(self.kind).dump(value or (), many=True)
        return [one | {name: sealed_text(one[name]) for name in self.private} for one in dumped]

    def process_result_value(self, value: list[dict[str, Any]] | None, dialect: Dialect) -> tuple[Any, ...]:
        kept = [one | {name: _opened(one[name]) for name in self.private} for one in value or []]
        return tuple(schema_of(self.kind).load(kept, many=True))


def _opened(kept: str) -> str:
    try:
        return opened_text(kept)
    except WrongKey:
        return ""


class AttendanceLedger(TypeDecorator[Attendance]):
    """An Attendance as the list of its movements."""

    impl = Json
    cache_ok = True

    def process_bind_param(self, value: Attendance | None, dialect: Dialect) -> object:
        return schema_of(Movement).dump(value.movements if value else (), many=True)

    def process_result_value(self, value: list[dict[str, Any]] | None, dialect: Dialect) -> Attendance:
        return Attendance(tuple(schema_of(Movement).load(value or [], many=True)))


class Names(TypeDecorator[tuple[str, ...]]):
    """A tuple of names as a JSON list."""

    impl = Json
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> list[str]:
        return list(value or ())

    def process_result_value(self, value: list[str] | None, dialect: Dialect) -> tuple[str, ...]:
        return tuple(value or ())


sessions = Table(
    "sessions",
    metadata,
    Column("id", String(140), primary_key=True),
    Column("issue_id", String(120), nullable=False),
    Column("unit_code", String(15), nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", Words(SessionKind), nullable=False),
    Column("title", Text, nullable=False),
    Column("hall_name", Text, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("dated_at", Instant, nullable=False),
    Column("lapses_at", Instant, nullable=False),
    Column("deputies", Values(Invitee), nullable=False),
    Column("experts", Values(Invitee), nullable=False),
    Column("state", Words(SessionState), nullable=False),
    Column("attendance", AttendanceLedger(), nullable=False),
    Column("chair", String(200), nullable=False),
    Column("clerks", Names(), nullable=False),
    Column("opened_at", Instant),
    Column("closed_at", Instant),
    Column("failure", Words(FailureReason)),
    Column("respondents", Json, nullable=False),
    Column("publicity", Words(Publicity), nullable=False),
    Column("agenda", Values(AgendaItemPart), nullable=False),
    Column("entries", Integer, nullable=False),
    Column("head_hash", String(64), nullable=False),
    Index("sessions_by_issue", "issue_id", "unit_code", "number"),
)

motions = Table(
    "motions",
    metadata,
    Column("id", String(160), primary_key=True),
    Column("session_id", String(140), ForeignKey("sessions.id"), nullable=False, index=True),
    Column("issue_id", String(120), nullable=False),
    Column("unit_code", String(15), nullable=False),
    Column("mover", String(120), nullable=False),
    Column("motion", Text, nullable=False),
    Column("item", Integer, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("money", Words(MoneySource), nullable=False),
    Column("leaves_as_is", Boolean, nullable=False),
    Column("stated_at", Instant, nullable=False),
    Column("new_facts", Text, nullable=False),
    Column("state", Words(MotionState), nullable=False),
    Column("seconders", Names(), nullable=False),
    Column("oppositions", Values(Statement), nullable=False),
    Column("turns", Values(Turn), nullable=False),
    Column("opinions", Values(Statement), nullable=False),
    Column("recusals", Values(Recusal), nullable=False),
    Column("votes", Integer, nullable=False),
    Column("voted_at", Instant),
    Column("resolution_id", String(160), nullable=False),
    Column("poll_id", String(170), nullable=False),
    Column("option", Text, nullable=False),
    Index("motions_by_issue", "issue_id", "unit_code"),
)

votes = Table(
    "votes",
    metadata,
    Column("motion_id", String(160), ForeignKey("motions.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("outcome", Words(VoteOutcome), nullable=False),
    Column("votes_for", Integer, nullable=False),
    Column("votes_against", Integer, nullable=False),
    Column("abstained", Integer, nullable=False),
    Column("recused", Integer, nullable=False),
    Column("present", Integer, nullable=False),
    Column("invited", Integer, nullable=False),
    Column("quorum_needed", Integer, nullable=False),
    Column("residents", Integer, nullable=False),
    Column("residents_needed", Integer, nullable=False),
    Column("votes_needed", Integer, nullable=False),
    Column("voted_at", Instant, nullable=False),
)

ballots = Table(
    "ballots",
    metadata,
    Column("motion_id", String(160), ForeignKey("motions.id"), primary_key=True),
    Column("vote", Integer, primary_key=True),
    Column("person_id", String(120), primary_key=True),
    Column("choice", Words(Choice), nullable=False),
    Column("cast_at", Instant, nullable=False),
)

polls = Table(
    "polls",
    metadata,
    Column("id", String(170), primary_key=True),
    Column("motion_id", String(160), ForeignKey("motions.id"), nullable=False, index=True),
    Column("session_id", String(140), ForeignKey("sessions.id"), nullable=False),
    Column("issue_id", String(120), nullable=False),
    Column("unit_code", String(15), nullable=False),
    Column("electorate", Words(ElectorateKind), nullable=False),
    Column("options", Names(), nullable=False),
    Column("voters", Values(Voter), nullable=False),
    Column("owners_item", Integer, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("opens_at", Instant, nullable=False),
    Column("closes_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("state", Words(PollState), nullable=False),
    Index("polls_by_unit", "unit_code", "state"),
)

papers = Table(
    "papers",
    metadata,
    Column("poll_id", String(170), ForeignKey("polls.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("dwelling", String(120), nullable=False),
    Column("choice", Integer, nullable=False),
    Column("signed_by", Names(), nullable=False),
    Column("authorised", Text, nullable=False),
    Column("entered_by", String(200), nullable=False),
    Column("entered_at", Instant, nullable=False),
)

checks = Table(
    "checks",
    metadata,
    Column("poll_id", String(170), ForeignKey("polls.id"), primary_key=True),
    Column("paper", Integer, primary_key=True),
    Column("is_right", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("checked_by", String(200), nullable=False),
    Column("checked_at", Instant, nullable=False),
)

tallies = Table(
    "tallies",
    metadata,
    Column("poll_id", String(170), ForeignKey("polls.id"), primary_key=True),
    Column("outcome", Words(VoteOutcome), nullable=False),
    Column("option", Integer, nullable=False),
    Column("votes", Values(OptionCount), nullable=False),
    Column("abstained", Integer, nullable=False),
    Column("heads", Integer, nullable=False),
    Column("area", BigInteger, nullable=False),
    Column("base_heads", Integer, nullable=False),
    Column("base_area", BigInteger, nullable=False),
    Column("unchecked", Integer, nullable=False),
    Column("quorum_heads", String(40), nullable=False),
    Column("quorum_area", String(40), nullable=False),
    Column("majority", String(40), nullable=False),
    Column("counted_by", String(200), nullable=False),
    Column("counted_at", Instant, nullable=False),
)

resolutions = Table(
    "resolutions",
    metadata,
    Column("id", String(160), primary_key=True),
    Column("motion_id", String(160), ForeignKey("motions.id"), nullable=False, unique=True),
    Column("session_id", String(140), ForeignKey("sessions.id"), nullable=False, index=True),
    Column("issue_id", String(120), nullable=False),
    Column("unit_code", String(15), nullable=False),
    Column("motion", Text, nullable=False),
    Column("tasks", Integer, nullable=False),
    Column("adopted_by", String(200), nullable=False),
    Column("adopted_at", Instant, nullable=False),
    Column("published_at", Instant, nullable=False),
    Column("displayed_until", Instant, nullable=False),
    Index("resolutions_by_issue", "issue_id"),
    Index("resolutions_by_unit", "unit_code", "displayed_until"),
)

displays = Table(
    "displays",
    metadata,
    Column("resolution_id", String(160), ForeignKey("resolutions.id"), primary_key=True),
    Column("session_id", String(140), ForeignKey("sessions.id"), nullable=False),
    Column("issue_id", String(120), nullable=False),
    Column("unit_code", String(15), nullable=False),
    Column("displayed_until", Instant, nullable=False),
    Column("due_at", Instant),
    Column("state", Words(DisplayState), nullable=False),
    Column("objections", Values(display.Objection, private=("objector", "reasons")), nullable=False),
)

Index(
    "displays_contested",
    displays.c.due_at,
    sqlite_where=displays.c.due_at.is_not(None),
    postgresql_where=displays.c.due_at.is_not(None),
)

minutes = Table(
    "minutes",
    metadata,
    Column("session_id", String(140), ForeignKey("sessions.id"), primary_key=True),
    Column("due_at", Instant),
    Column("state", Words(MinutesState), nullable=False),
    Column("corrections", Integer, nullable=False),
    Column("objections", Values(Objection), nullable=False),
    Column("objections_until", Instant),
    Column("chair", String(200), nullable=False),
    Column("clerk", String(200), nullable=False),
    Column("signed_at", Instant),
    Column("signed_hash", String(64), nullable=False),
)

Index(
    "minutes_unsigned",
    minutes.c.due_at,
    sqlite_where=minutes.c.due_at.is_not(None),
    postgresql_where=minutes.c.due_at.is_not(None),
)

journal = Table(
    "journal",
    metadata,
    Column("session_id", String(140), ForeignKey("sessions.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("recorded_by", String(200), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("content", Text, nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

for name in APPEND_ONLY:
    seal_when_created(metadata.tables[name])
