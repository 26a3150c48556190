"""The minutes after a session: circulated, objected to, corrected, signed by two. They say what is on record."""

from typing import Any

from services.deliberation.domain.errors import MinutesNotReady
from services.deliberation.domain.minutes import Minutes
from services.deliberation.domain.session import Session
from services.deliberation.schemas.replies import MinutesReply, minutes_reply
from services.deliberation.schemas.requests import (
    AnswerObjection,
    CirculateMinutes,
    CorrectMinutes,
    ObjectToMinutes,
    SignMinutes,
)
from services.deliberation.storage.repository import DeliberationStore
from services.deliberation.use_cases.record import lock_session, record
from shared.bus.moment import Moment
from shared.bus.timers.timers import Due
from shared.contracts.deliberation import (
    MinutesCirculatedV1,
    MinutesCorrectedV1,
    MinutesObjectedV1,
    MinutesOverdueV1,
    MinutesSignedV1,
    ObjectionAnsweredV1,
)

DUE = "minutes"
"""Somebody should have moved in the minutes by then; the timer refers to their session."""


def begin(work: DeliberationStore, session: Session, at: Moment) -> None:
    """The session has ended: its minutes are to be written."""
    minutes = Minutes(session.id, at.now + at.policy_in(session.unit_code).minutes.circulated_within)
    work.minutes.add(minutes)
    _await_move(work, session, minutes)


def circulate_minutes(work: DeliberationStore, request: CirculateMinutes, at: Moment) -> MinutesReply:
    """From now on whoever took part may object, for the policy's time."""
    session, minutes = _lock_minutes(work, request.session_id, at)
    minutes.circulate(at.policy_in(session.unit_code).minutes, at=at.now)
    assert minutes.objections_until is not None
    record(work, session, "minutes_circulated", at)
    event = MinutesCirculatedV1(**_of(session), circulated_at=at.now, objections_until=minutes.objections_until)
    work.outbox.add(event, at=at.now)
    _await_move(work, session, minutes)
    return minutes_reply(minutes)


def object_to_minutes(work: DeliberationStore, request: ObjectToMinutes, at: Moment) -> MinutesReply:
    """Whoever took part says what is wrong, while there is time. It stays in the minutes."""
    session, minutes = _lock_minutes(work, request.session_id, at)
    session.must_have_taken_part(request.person_id)
    if not request.objection.strip():
        raise MinutesNotReady(fields={"objection": ["Says what is wrong."]})
    made = minutes.object(request.person_id, request.objection, at=at.now)
    said: dict[str, Any] = {"number": made.number, "person_id": made.person_id, "objection": made.objection}
    record(work, session, "minutes_objected", at, **said)
    work.outbox.add(MinutesObjectedV1(**_of(session), **said, objected_at=at.now), at=at.now)
    return minutes_reply(minutes)


def answer_objection(work: DeliberationStore, request: AnswerObjection, at: Moment) -> MinutesReply:
    session, minutes = _lock_minutes(work, request.session_id, at)
    if not request.answer.strip():
        raise MinutesNotReady(fields={"answer": ["Says what is done about it, or why nothing."]})
    minutes.answer(request.number, request.answer)
    said: dict[str, Any] = {"number": request.number, "answer": request.answer}
    record(work, session, "objection_answered", at, **said)
    event = ObjectionAnsweredV1(**_of(session), **said, answered_by=at.caller.subject, answered_at=at.now)
    work.outbox.add(event, at=at.now)
    return minutes_reply(minutes)


def correct_minutes(work: DeliberationStore, request: CorrectMinutes, at: Moment) -> MinutesReply:
    """Append a correction; what it corrects stays as it was, signed or not."""
    session, minutes = _lock_minutes(work, request.session_id, at)
    if not request.correction.strip():
        raise MinutesNotReady(fields={"correction": ["Says what is wrong, and what is right."]})
    minutes.correct(at.policy_in(session.unit_code).minutes, at=at.now)
    record(work, session, "minutes_corrected", at, correction=request.correction)
    event = MinutesCorrectedV1(
        **_of(session), correction=request.correction, corrected_by=at.caller.subject, corrected_at=at.now
    )
    work.outbox.add(event, at=at.now)
    _await_move(work, session, minutes)
    return minutes_reply(minutes)


def sign_minutes(work: DeliberationStore, request: SignMinutes, at: Moment) -> MinutesReply:
    """The second signature closes the record: the hash of its own entry stands for all that came before it."""
    session, minutes = _lock_minutes(work, request.session_id, at)
    capacity = session.capacity_of(at.caller.person_id)
    are_signed = minutes.sign(capacity, by=at.caller.person_id, at=at.now)
    record(work, session, "minutes_signed", at, signed_as=capacity)
    if are_signed:
        minutes.signed_hash = session.head_hash
        by = {"chair": minutes.chair, "clerk": minutes.clerk}
        event = MinutesSignedV1(**_of(session), **by, head_hash=session.head_hash, signed_at=at.now)
        work.outbox.add(event, at=at.now)
        _await_move(work, session, minutes)
    return minutes_reply(minutes)


def pass_due(work: DeliberationStore, due: Due, at: Moment) -> None:
    """Nobody has moved by then: the minutes still wait, and that is told."""
    session, minutes = work.sessions.find_and_lock(due.ref), work.minutes.find(due.ref)
    if session is None or minutes is None or minutes.due_at is None or minutes.due_at > at.now:
        return
    of = _of(session) | {"unit_code": session.unit_code}
    work.outbox.add(MinutesOverdueV1(**of, state=minutes.state.value, due_at=minutes.due_at, told_at=at.now), at=at.now)


def _await_move(work: DeliberationStore, session: Session, minutes: Minutes) -> None:
    """Have minutes looked at when somebody should have moved; nothing more once they are signed."""
    if minutes.due_at is None:
        work.timers.cancel(DUE, session.id)
    else:
        work.timers.set(DUE, session.id, minutes.due_at, subject=session.issue_id)


def _lock_minutes(work: DeliberationStore, session_id: str, at: Moment) -> tuple[Session, Minutes]:
    """The minutes and their session, whose lock guards both."""
    session = lock_session(work, session_id, at)
    minutes = work.minutes.find(session.id)
    if minutes is None:
        raise MinutesNotReady(f"there are minutes when the session has ended; this is {session.state}")
    return session, minutes


def _of(session: Session) -> dict[str, Any]:
    return {"session_id": session.id, "issue_id": session.issue_id}
