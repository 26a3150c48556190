"""What councils can be asked, and what they reply."""

from datetime import datetime

from shared.bus import reply, request
from shared.contracts.base import Part, part, text
from shared.contracts.vocabulary import SessionKind


@request
class GetSession:
    session_id: str = text(longest=140)


@request
class ListSessions:
    """Sessions of a unit and of those inside it that begin from `starts_from` on and before `starts_to`."""

    unit_code: str = text(longest=15)
    starts_from: datetime | None = None
    starts_to: datetime | None = None


@request
class ListHalls:
    unit_code: str = text(longest=15)


@request
class ListDeputies:
    unit_code: str = text(longest=15)


@request
class PostponeSession:
    """The new date is the system's to set. Time, efficiency and rank are no reasons."""

    session_id: str = text(longest=140)
    reason: str = text(longest=500)
    idempotency_key: str = text(longest=100)


@part
class InviteeLine(Part):
    person_id: str
    name: str
    category: str


@part
class PostponementLine(Part):
    reason: str
    by: str
    at: datetime
    was_to_start_at: datetime
    starts_at: datetime


@reply
class SessionReply:
    session_id: str
    issue_id: str
    unit_code: str
    number: int
    kind: SessionKind
    state: str
    title: str
    category: str
    hall_id: str
    hall_name: str
    starts_at: datetime
    scheduled_at: datetime
    deputies: list[InviteeLine]
    experts: list[InviteeLine]
    postponements: list[PostponementLine]


@reply
class SessionsReply:
    """At most 500 sessions, by their beginning; `is_cut` says that there are more."""

    sessions: list[SessionReply]
    is_cut: bool


@part
class HallLine(Part):
    """What the directory publishes about a hall."""

    id: str
    unit_code: str
    kind: str
    name: str
    address: str
    opening_hours: str
    contact: str


@reply
class HallsReply:
    halls: list[HallLine]


@part
class DeputyLine(Part):
    person_id: str
    name: str
    category: str


@reply
class DeputiesReply:
    deputies: list[DeputyLine]
