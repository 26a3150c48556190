"""The minutes after a session: circulated, corrected, approved, signed. What they say is the session's record."""

from datetime import datetime
from typing import Any

from services.deliberation.domain.errors import MinutesNotReady
from services.deliberation.domain.minutes import Minutes
from services.deliberation.domain.session import Session
from services.deliberation.storage.repository import DeliberationStore
from services.deliberation.use_cases.record import record, session_for
from shared.auth import Caller
from shared.contracts.deliberation import (
    MinutesApprovedV1,
    MinutesCirculatedV1,
    MinutesCorrectedV1,
    MinutesSignedV1,
)


def circulate_minutes(work: DeliberationStore, request: Any, *, by: Caller, now: datetime) -> Minutes:
    session, minutes = _minutes_for(work, request.session_id, by)
    minutes.circulate()
    record(work, session, "minutes_circulated", by=by.subject, at=now)
    work.outbox.add(MinutesCirculatedV1(**_of(session), circulated_at=now), at=now)
    return minutes


def correct_minutes(work: DeliberationStore, request: Any, *, by: Caller, now: datetime) -> Minutes:
    """Append a correction; what it corrects stays as it was, signed or not."""
    session, minutes = _minutes_for(work, request.session_id, by)
    if not request.correction.strip():
        raise MinutesNotReady(fields={"correction": ["Says what is wrong, and what is right."]})
    minutes.correct()
    record(work, session, "minutes_corrected", by=by.subject, at=now, correction=request.correction)
    event = MinutesCorrectedV1(**_of(session), correction=request.correction, corrected_by=by.subject, corrected_at=now)
    work.outbox.add(event, at=now)
    return minutes


def approve_minutes(work: DeliberationStore, request: Any, *, by: Caller, now: datetime) -> Minutes:
    session, minutes = _minutes_for(work, request.session_id, by)
    minutes.approve()
    record(work, session, "minutes_approved", by=by.subject, at=now)
    work.outbox.add(MinutesApprovedV1(**_of(session), approved_by=by.subject, approved_at=now), at=now)
    return minutes


def sign_minutes(work: DeliberationStore, request: Any, *, by: Caller, now: datetime) -> Minutes:
    """Close the record: the hash of the signature's own entry stands for all that came before it."""
    session, minutes = _minutes_for(work, request.session_id, by)
    minutes.sign(by=by.subject, at=now)
    record(work, session, "minutes_signed", by=by.subject, at=now)
    minutes.signed_hash = session.head_hash
    event = MinutesSignedV1(**_of(session), signed_by=by.subject, head_hash=session.head_hash, signed_at=now)
    work.outbox.add(event, at=now)
    return minutes


def _minutes_for(work: DeliberationStore, session_id: str, by: Caller) -> tuple[Session, Minutes]:
    session = session_for(work, session_id, by)
    minutes = work.minutes.find(session.id)
    if minutes is None:
        raise MinutesNotReady(f"there are minutes when the session has ended; this is {session.state}")
    return session, minutes


def _of(session: Session) -> dict[str, Any]:
    return {"session_id": session.id, "issue_id": session.issue_id}
