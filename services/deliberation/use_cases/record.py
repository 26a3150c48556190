"""What every use case begins and ends with: the session, locked and within the caller's unit, and the entry for it."""

from datetime import datetime
from typing import Any

from services.deliberation.domain.motion import Motion
from services.deliberation.domain.session import Session, SessionState
from services.deliberation.storage.repository import DeliberationStore
from shared.auth import Caller


def session_for(work: DeliberationStore, session_id: str, by: Caller) -> Session:
    """The session, locked. Raises UnknownSession, or NotAllowed outside the caller's unit."""
    session: Session = work.sessions.get(session_id)
    by.must_act_in(session.unit_code)
    return session


def motion_for(work: DeliberationStore, motion_id: str, by: Caller) -> tuple[Session, Motion]:
    """The motion and its session, which must be open. The lock on the session guards both, so it comes first."""
    session = work.sessions.find(session_of(motion_id))
    motion = work.motions.get(motion_id)
    assert session is not None, "a motion has its session"
    by.must_act_in(session.unit_code)
    session.must_be(SessionState.OPEN)
    return session, motion


def session_of(motion_id: str) -> str:
    """The id of a motion's session: the motion's own without its last part."""
    return motion_id.rpartition("/")[0]


def record(work: DeliberationStore, session: Session, kind: str, *, by: str, at: datetime, **content: Any) -> None:
    """Add an entry to the session's record."""
    work.journal.add(session.record(kind, by=by, at=at, content=content))
