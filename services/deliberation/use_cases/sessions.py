"""Sessions from being called to their end: who comes, whether it opens, and what it came to."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from services.deliberation.domain.minutes import Minutes
from services.deliberation.domain.motion import MotionState
from services.deliberation.domain.quorum import Invitee, QuorumCount
from services.deliberation.domain.session import (
    Session,
    SessionState,
    failure_of,
    inquorate_in_a_row,
)
from services.deliberation.storage.repository import DeliberationStore
from services.deliberation.use_cases.record import record, session_for
from shared.auth import Caller
from shared.contracts.councils import InviteePart
from shared.contracts.deliberation import DeliberationFailedV1, SessionClosedV1, SessionInquorateV1, SessionOpenedV1
from shared.contracts.vocabulary import FailureReason
from shared.policy import Policy


def call_session(work: DeliberationStore, event: Any) -> None:
    """Know a session and who is invited. The second time changes nothing."""
    if work.sessions.find(event.session_id) is not None:
        return
    session = Session(
        id=event.session_id,
        issue_id=event.issue_id,
        unit_code=event.unit_code,
        number=event.number,
        kind=event.kind,
        title=event.title,
        hall_name=event.hall_name,
        starts_at=event.starts_at,
        dated_at=event.scheduled_at,
        deputies=_invitees(event.deputies),
        experts=_invitees(event.experts),
    )
    work.sessions.add(session)
    record(work, session, "session_called", by="councils", at=event.scheduled_at, **_call(event))


def postpone_session(work: DeliberationStore, event: Any) -> None:
    """Move a session that has not begun. An older date, or one for a session that has begun, changes nothing."""
    session = work.sessions.get(event.session_id)
    if session.postpone(event.starts_at, dated_at=event.postponed_at):
        details = {"reason": event.reason, "starts_at": event.starts_at.isoformat()}
        record(work, session, "session_postponed", by=event.postponed_by, at=event.postponed_at, **details)


def move_up_session(work: DeliberationStore, event: Any) -> None:
    """The issue climbed first: this session is not held. One that has begun goes on."""
    session = work.sessions.get(event.session_id)
    if session.move_up():
        record(work, session, "session_moved_up", by="councils", at=event.moved_up_at)


def record_arrivals(work: DeliberationStore, request: Any, *, by: Caller, now: datetime) -> Session:
    session = session_for(work, request.session_id, by)
    before = session.attendance.present_at(now)
    session.arrive(request.person_ids, at=now)
    if newcomers := sorted(session.attendance.present_at(now) - before):
        record(work, session, "arrived", by=by.subject, at=now, person_ids=newcomers)
    return session


def record_departures(work: DeliberationStore, request: Any, *, by: Caller, now: datetime) -> Session:
    session = session_for(work, request.session_id, by)
    session.leave(request.person_ids, at=now)
    record(work, session, "departed", by=by.subject, at=now, person_ids=sorted(set(request.person_ids)))
    return session


def open_session(work: DeliberationStore, request: Any, *, by: Caller, policy: Policy, now: datetime) -> Session:
    """Open it, or find it inquorate. Two inquorate ones running are a failed deliberation."""
    session = session_for(work, request.session_id, by)
    quorum = session.open(policy.quorum, by=by.subject, at=now)
    counts = {"present": quorum.present, "needed": quorum.needed, "invited": quorum.invited}
    if session.state is SessionState.OPEN:
        record(work, session, "session_opened", by=by.subject, at=now, **counts)
        work.outbox.add(SessionOpenedV1(**_of(session), present=quorum.present, opened_at=now), at=now)
        return session
    record(work, session, "session_inquorate", by=by.subject, at=now, **counts)
    work.minutes.add(Minutes(session.id))
    _announce_inquorate(work, session, quorum, now)
    if inquorate_in_a_row(work.sessions.list_before(session)) >= policy.inquorate.failed_after:
        _fail(work, session, FailureReason.INQUORATE_TWICE, now)
    return session


def close_session(work: DeliberationStore, request: Any, *, by: Caller, now: datetime) -> Session:
    """End it once all is decided. A session in which nothing was carried is a failed deliberation."""
    session = session_for(work, request.session_id, by)
    motions = work.motions.list_of_session(session.id)
    session.close(motions, at=now)
    made = [motion for motion in motions if motion.state is not MotionState.WITHDRAWN]
    counts: dict[str, Any] = {"motions": len(made), "carried": sum(motion.is_carried for motion in made)}
    record(work, session, "session_closed", by=by.subject, at=now, **counts)
    work.minutes.add(Minutes(session.id))
    work.outbox.add(SessionClosedV1(**_of(session), **counts, closed_at=now), at=now)
    if reason := failure_of(motions):
        _fail(work, session, reason, now)
    return session


def _announce_inquorate(work: DeliberationStore, session: Session, quorum: QuorumCount, now: datetime) -> None:
    event = SessionInquorateV1(
        **_of(session), kind=session.kind, present=quorum.present, needed=quorum.needed, closed_at=now
    )
    work.outbox.add(event, at=now)


def _fail(work: DeliberationStore, session: Session, reason: FailureReason, now: datetime) -> None:
    failures = work.sessions.count_failed_before(session) + 1
    session.failure = reason
    record(work, session, "deliberation_failed", by="deliberation", at=now, reason=reason, failures=failures)
    event = DeliberationFailedV1(**_of(session), kind=session.kind, reason=reason, failures=failures, failed_at=now)
    work.outbox.add(event, at=now)


def _of(session: Session) -> dict[str, Any]:
    return {"session_id": session.id, "issue_id": session.issue_id, "unit_code": session.unit_code}


def _invitees(people: Iterable[InviteePart]) -> tuple[Invitee, ...]:
    return tuple(Invitee(person.person_id, person.name, person.category) for person in people)


def _call(event: Any) -> dict[str, Any]:
    return {
        "title": event.title,
        "session_kind": event.kind,
        "starts_at": event.starts_at.isoformat(),
        "deputies": [person.person_id for person in event.deputies],
        "experts": [person.person_id for person in event.experts],
    }
