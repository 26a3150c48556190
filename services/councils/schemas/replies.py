"""What councils answer, and how each answer is made from what is known."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime

from services.councils.domain.listing import Listing
from services.councils.domain.session import Session
from shared.bus.rpc.messages import reply
from shared.contracts.base import Part, part
from shared.contracts.councils import AgendaItemPart
from shared.contracts.directory import DeputyPart, HallPart
from shared.contracts.vocabulary import PostponementReason, SessionKind


@part
class InviteeLine(Part):
    person_id: str
    name: str
    category: str


@part
class PostponementLine(Part):
    reason: PostponementReason
    words: str
    by: str
    at: datetime
    was_to_start_at: datetime
    starts_at: datetime


@part
class SuccessionLine(Part):
    """That the issue went on at what came after a unit that had ended."""

    from_unit: str
    to_unit: str
    at: datetime


@reply
class SessionReply:
    """`due_at` is by when somebody must open it, or close it; null once it is over."""

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
    due_at: datetime | None
    replaces: str
    deputies: list[InviteeLine]
    experts: list[InviteeLine]
    agenda: list[AgendaItemPart]
    postponements: list[PostponementLine]
    passed_on: list[SuccessionLine]


@reply
class SessionsReply:
    """At most 500 sessions, by their beginning; `is_cut` says that there are more."""

    sessions: list[SessionReply]
    is_cut: bool


@part
class HallLine(Part):
    """What the directory publishes about a hall. `closed_on` are days; `link` is where an online one meets."""

    id: str
    unit_code: str
    kind: str
    name: str
    address: str
    opening_hours: str
    contact: str
    closed_on: list[str]
    capacity: int | None
    link: str


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


def session_reply(session: Session, listing: Listing | None) -> SessionReply:
    return SessionReply(
        session_id=session.id,
        issue_id=session.issue_id,
        unit_code=session.unit_code,
        number=session.number,
        kind=session.kind,
        state=session.state.value,
        title=session.title,
        category=session.category,
        hall_id=session.hall_id,
        hall_name=session.hall_name,
        starts_at=session.starts_at,
        scheduled_at=session.scheduled_at,
        due_at=session.due_at,
        replaces=session.replaces,
        deputies=[InviteeLine(**asdict(invitee)) for invitee in session.deputies],
        experts=[InviteeLine(**asdict(invitee)) for invitee in session.experts],
        agenda=list(session.agenda),
        postponements=[PostponementLine(**asdict(postponement)) for postponement in session.postponements],
        passed_on=[SuccessionLine(**asdict(one)) for one in listing.passed_on] if listing is not None else [],
    )


def sessions_reply(found: Sequence[tuple[Session, Listing | None]], most: int, *, is_cut: bool) -> SessionsReply:
    return SessionsReply(sessions=[session_reply(*one) for one in found[:most]], is_cut=is_cut)


def halls_reply(halls: Iterable[HallPart]) -> HallsReply:
    return HallsReply(halls=[_hall_line(hall) for hall in halls])


def _hall_line(hall: HallPart) -> HallLine:
    return HallLine(
        id=hall.id,
        unit_code=hall.unit,
        kind=hall.kind.value,
        name=hall.name,
        address=hall.address,
        opening_hours=hall.opening_hours,
        contact=hall.contact,
        closed_on=list(hall.closed_on),
        capacity=hall.capacity,
        link=hall.link,
    )


def deputies_reply(deputies: Iterable[DeputyPart]) -> DeputiesReply:
    lines = [DeputyLine(person_id=one.person, name=one.person_name, category=one.category) for one in deputies]
    return DeputiesReply(deputies=lines)
