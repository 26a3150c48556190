"""What people ask councils for: sessions, halls, deputies, and another date."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from services.councils.council_book import CouncilBook
from services.councils.domain.errors import NoDateLeft, UnknownSession
from services.councils.domain.meeting import first_free_slot
from services.councils.domain.postponement import Postponement
from services.councils.domain.session import Session
from services.councils.domain.slot import slots_between
from services.councils.schemas import (
    DeputiesReply,
    DeputyLine,
    GetSession,
    HallLine,
    HallsReply,
    InviteeLine,
    ListDeputies,
    ListHalls,
    ListSessions,
    PostponementLine,
    PostponeSession,
    SessionReply,
    SessionsReply,
)
from services.councils.use_cases.planning import PolicyAt, deputies_of, directory_of
from shared.auth import Caller
from shared.contracts.councils import SessionPostponedV1
from shared.policy import Policy
from shared.units import tier_of

MOST_SESSIONS = 500


def get_session(work: Any, request: GetSession) -> SessionReply:
    return _reply(work.sessions.get(request.session_id))


def list_sessions(work: Any, request: ListSessions) -> SessionsReply:
    """Sessions of a unit and of those inside it, by their beginning; `is_cut` if there are more."""
    tier_of(request.unit_code)
    found = work.sessions.list_for(request.unit_code, request.starts_from, request.starts_to, MOST_SESSIONS + 1)
    lines = [_reply(session) for session in found[:MOST_SESSIONS]]
    return SessionsReply(sessions=lines, is_cut=len(found) > MOST_SESSIONS)


def list_halls(work: Any, request: ListHalls, *, book: CouncilBook) -> HallsReply:
    unit = book.units.get(request.unit_code)
    halls = directory_of(work, unit.code, book).halls
    return HallsReply(halls=[HallLine(**{**asdict(hall), "kind": hall.kind.value}) for hall in halls])


def list_deputies(work: Any, request: ListDeputies, *, book: CouncilBook) -> DeputiesReply:
    unit = book.units.get(request.unit_code)
    deputies = deputies_of(work, unit.code, book)
    lines = [DeputyLine(person_id=one.id, name=one.name, category=one.category) for one in deputies]
    return DeputiesReply(deputies=lines)


def postpone_session(
    work: Any, request: PostponeSession, *, by: Caller, book: CouncilBook, policy_for: PolicyAt, now: datetime
) -> SessionReply:
    """Move a session to the next hour that suits its hall and everybody invited, within the policy's days."""
    session = work.sessions.find_to_change(request.session_id)
    if session is None:
        raise UnknownSession(f"no session has the id {request.session_id}", {"session_id": ["Unknown session."]})
    by.must_act_in(session.unit_code)
    session.must_be_ahead()
    book.reasons.must_allow(request.reason)
    policy = policy_for(session.unit_code)
    latest = session.first_starts_at + policy.postpone.within
    postponement = Postponement(
        reason=request.reason.strip(),
        by=by.subject,
        at=now,
        was_to_start_at=session.starts_at,
        starts_at=_next_date(work, session, book, policy, latest, now),
    )
    work.bookings.release(session)
    session.postpone(postponement, latest=latest)
    work.bookings.book(session)
    _announce(work, session, postponement)
    return _reply(session)


def _next_date(
    work: Any, session: Session, book: CouncilBook, policy: Policy, latest: datetime, now: datetime
) -> datetime:
    """Later than planned, and late enough for everybody to hear of it. Raises NoDateLeft."""
    start_at = max(session.starts_at + timedelta(seconds=1), now + policy.notice.urgent)
    booked = work.bookings.taken([session.hall_id], session.people_ids, start_at, latest)
    slots = slots_between(start_at, latest, book.slots, book.calendar)
    found = first_free_slot(slots, session.hall_id, session.people_ids, booked)
    if found is None:
        raise NoDateLeft(
            f"no hour up to {latest.isoformat()} suits the hall and everybody invited; session {session.id} stays"
        )
    return found


def _announce(work: Any, session: Session, postponement: Postponement) -> None:
    postponed = SessionPostponedV1(
        session_id=session.id,
        issue_id=session.issue_id,
        unit_code=session.unit_code,
        reason=postponement.reason,
        postponed_by=postponement.by,
        was_to_start_at=postponement.was_to_start_at,
        starts_at=postponement.starts_at,
        postponed_at=postponement.at,
    )
    work.outbox.add(postponed, at=postponement.at)


def _reply(session: Session) -> SessionReply:
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
        deputies=[InviteeLine(**asdict(invitee)) for invitee in session.deputies],
        experts=[InviteeLine(**asdict(invitee)) for invitee in session.experts],
        postponements=[PostponementLine(**asdict(postponement)) for postponement in session.postponements],
    )
