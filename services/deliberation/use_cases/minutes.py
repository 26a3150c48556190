"""The minutes after a session: circulated, corrected, approved, signed. What they say is the session's record."""

from typing import Any

from services.deliberation.domain.errors import MinutesNotReady
from services.deliberation.domain.minutes import Minutes
from services.deliberation.domain.session import Session
from services.deliberation.schemas.replies import MinutesReply, minutes_reply
from services.deliberation.schemas.requests import ApproveMinutes, CirculateMinutes, CorrectMinutes, SignMinutes
from services.deliberation.storage.repository import DeliberationStore
from services.deliberation.use_cases.record import lock_session, record
from shared.bus.moment import Moment
from shared.contracts.deliberation import (
    MinutesApprovedV1,
    MinutesCirculatedV1,
    MinutesCorrectedV1,
    MinutesSignedV1,
)


def circulate_minutes(work: DeliberationStore, request: CirculateMinutes, at: Moment) -> MinutesReply:
    session, minutes = _lock_minutes(work, request.session_id, at)
    minutes.circulate()
    record(work, session, "minutes_circulated", at)
    work.outbox.add(MinutesCirculatedV1(**_of(session), circulated_at=at.now), at=at.now)
    return minutes_reply(minutes)


def correct_minutes(work: DeliberationStore, request: CorrectMinutes, at: Moment) -> MinutesReply:
    """Append a correction; what it corrects stays as it was, signed or not."""
    session, minutes = _lock_minutes(work, request.session_id, at)
    if not request.correction.strip():
        raise MinutesNotReady(fields={"correction": ["Says what is wrong, and what is right."]})
    minutes.correct()
    record(work, session, "minutes_corrected", at, correction=request.correction)
    event = MinutesCorrectedV1(
        **_of(session), correction=request.correction, corrected_by=at.caller.subject, corrected_at=at.now
    )
    work.outbox.add(event, at=at.now)
    return minutes_reply(minutes)


def approve_minutes(work: DeliberationStore, request: ApproveMinutes, at: Moment) -> MinutesReply:
    session, minutes = _lock_minutes(work, request.session_id, at)
    minutes.approve()
    record(work, session, "minutes_approved", at)
    work.outbox.add(MinutesApprovedV1(**_of(session), approved_by=at.caller.subject, approved_at=at.now), at=at.now)
    return minutes_reply(minutes)


def sign_minutes(work: DeliberationStore, request: SignMinutes, at: Moment) -> MinutesReply:
    """Close the record: the hash of the signature's own entry stands for all that came before it."""
    session, minutes = _lock_minutes(work, request.session_id, at)
    minutes.sign(by=at.caller.subject, at=at.now)
    record(work, session, "minutes_signed", at)
    minutes.signed_hash = session.head_hash
    event = MinutesSignedV1(**_of(session), signed_by=at.caller.subject, head_hash=session.head_hash, signed_at=at.now)
    work.outbox.add(event, at=at.now)
    return minutes_reply(minutes)


def _lock_minutes(work: DeliberationStore, session_id: str, at: Moment) -> tuple[Session, Minutes]:
    """The minutes and their session, whose lock guards both."""
    session = lock_session(work, session_id, at)
    minutes = work.minutes.find(session.id)
    if minutes is None:
        raise MinutesNotReady(f"there are minutes when the session has ended; this is {session.state}")
    return session, minutes


def _of(session: Session) -> dict[str, Any]:
    return {"session_id": session.id, "issue_id": session.issue_id}
