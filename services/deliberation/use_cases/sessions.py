"""Sessions from their opening to their end: who comes, whether it opens, and what it came to."""

from typing import Any

from services.deliberation.domain.motion import Motion, MotionState
from services.deliberation.domain.quorum import QuorumCount
from services.deliberation.domain.session import Session, SessionState, failure_of, inquorate_in_a_row
from services.deliberation.schemas.replies import SessionReply, session_reply
from services.deliberation.schemas.requests import CloseSession, OpenSession, RecordArrivals, RecordDepartures
from services.deliberation.storage.repository import DeliberationStore
from services.deliberation.use_cases import minutes
from services.deliberation.use_cases.motions import fall_with_issue
from services.deliberation.use_cases.record import lock_session, record, record_as_rule
from shared.bus.moment import Moment
from shared.contracts.deliberation import (
    DeliberationFailedV1,
    SessionClosedV1,
    SessionInquorateV1,
    SessionOpenedV1,
)
from shared.contracts.supervision import IssueClosedV1
from shared.contracts.vocabulary import FailureReason


def record_arrivals(work: DeliberationStore, request: RecordArrivals, at: Moment) -> SessionReply:
    """Who came in. Nobody named puts on record that nobody has come."""
    session = lock_session(work, request.session_id, at)
    before = session.attendance.present_at(at.now)
    session.arrive(request.person_ids, at=at.now)
    newcomers = sorted(session.attendance.present_at(at.now) - before)
    if newcomers or not request.person_ids:
        record(work, session, "arrived", at, person_ids=newcomers)
    return session_reply(session, at)


def record_departures(work: DeliberationStore, request: RecordDepartures, at: Moment) -> SessionReply:
    session = lock_session(work, request.session_id, at)
    session.leave(request.person_ids, at=at.now)
    record(work, session, "departed", at, person_ids=sorted(set(request.person_ids)))
    return session_reply(session, at)


def open_session(work: DeliberationStore, request: OpenSession, at: Moment) -> SessionReply:
    """Open it, or find it inquorate. Two inquorate ones running are a failed deliberation."""
    session = lock_session(work, request.session_id, at)
    quorum = session.open(at.policy_in(session.unit_code).quorum, by=at.caller.person_id, at=at.now)
    counts = {"present": quorum.present, "needed": quorum.needed, "invited": quorum.invited}
    if session.state is SessionState.OPEN:
        led: dict[str, Any] = {"chair": session.chair, "clerks": list(session.clerks)}
        record(work, session, "session_opened", at, **led, **counts)
        event = SessionOpenedV1(**_of(session), **led, present=quorum.present, opened_at=at.now)
        work.outbox.add(event, at=at.now)
    else:
        record(work, session, "session_inquorate", at, **counts)
        _end_inquorate(work, session, quorum, at)
    return session_reply(session, at)


def close_session(work: DeliberationStore, request: CloseSession, at: Moment) -> SessionReply:
    """End it once all is decided. A session in which nothing was carried is a failed deliberation."""
    session = lock_session(work, request.session_id, at)
    motions = work.motions.list_in(session)
    end(work, session, motions, at)
    return session_reply(session, at, motions)


def end(work: DeliberationStore, session: Session, motions: list[Motion], at: Moment) -> None:
    """Raises SessionUnfinished. What was carried, or that nothing was, is told."""
    session.close(motions, at=at.now)
    counts = _counts(motions)
    record(work, session, "session_closed", at, **counts)
    _tell_closed(work, session, counts, at)
    if reason := failure_of(motions):
        fail(work, session, reason, at)


def end_with_issue(work: DeliberationStore, event: IssueClosedV1, at: Moment) -> None:
    """Its issue is before a court, was given up or is solved: a session that is on decides nothing more, and ends.

    What one that is over left to a poll, and has no resolution yet, is decided by nobody either.
    """
    for one in work.sessions.of(issue_id=event.issue_id):
        session = work.sessions.lock(one.id)
        if session.opened_at is None or event.closed_at < session.opened_at:
            continue
        motions, is_on = work.motions.list_in(session), session.state is SessionState.OPEN
        for motion in motions:
            if is_on or motion.poll_id:
                fall_with_issue(work, session, motion, at)
        if is_on:
            session.close(motions, at=at.now)
            counts = _counts(motions)
            record_as_rule(work, session, "session_closed", at, outcome=event.outcome.value, **counts)
            _tell_closed(work, session, counts, at)


def _tell_closed(work: DeliberationStore, session: Session, counts: dict[str, Any], at: Moment) -> None:
    minutes.begin(work, session, at)
    work.outbox.add(SessionClosedV1(**_of(session), **counts, closed_at=at.now), at=at.now)


def _counts(motions: list[Motion]) -> dict[str, Any]:
    made = [motion for motion in motions if motion.state is not MotionState.WITHDRAWN]
    return {"motions": len(made), "carried": sum(motion.is_carried for motion in made)}


def _end_inquorate(work: DeliberationStore, session: Session, quorum: QuorumCount, at: Moment) -> None:
    minutes.begin(work, session, at)
    event = SessionInquorateV1(
        **_of(session), kind=session.kind, present=quorum.present, needed=quorum.needed, closed_at=at.now
    )
    work.outbox.add(event, at=at.now)
    failed_after = at.policy_in(session.unit_code).inquorate.failed_after
    if inquorate_in_a_row(work.sessions.list_before(session)) >= failed_after:
        fail(work, session, FailureReason.INQUORATE_TWICE, at)


def fail(work: DeliberationStore, session: Session, reason: FailureReason, at: Moment) -> None:
    """It came to nothing, which is told with how often that was so."""
    said: dict[str, Any] = {"reason": reason, "failures": work.sessions.count_failed_before(session) + 1}
    session.failure = reason
    record_as_rule(work, session, "deliberation_failed", at, **said)
    event = DeliberationFailedV1(**_of(session), kind=session.kind, **said, failed_at=at.now)
    work.outbox.add(event, at=at.now)


def _of(session: Session) -> dict[str, Any]:
    return {"session_id": session.id, "issue_id": session.issue_id, "unit_code": session.unit_code}
