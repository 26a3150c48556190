"""What every command begins and ends with: its session, locked and within the caller's unit, and the entry for it."""

from services.deliberation.domain.motion import Motion, session_of
from services.deliberation.domain.session import Session, SessionState
from services.deliberation.storage.repository import DeliberationStore
from shared.bus.moment import Moment
from shared.errors import OwnMatter

SERVICE = "deliberation"


def lock_session(work: DeliberationStore, session_id: str, at: Moment) -> Session:
    """Raises UnknownSession, OwnMatter, or NotAllowed outside the caller's unit."""
    session = work.sessions.lock(session_id)
    _must_be_theirs(session, at)
    work.seat(session, at.now)
    return session


def lock_motion(work: DeliberationStore, motion_id: str, at: Moment) -> tuple[Session, Motion]:
    """The motion and its session, which must be open, unless it was put to a poll. The session's lock guards both."""
    session = work.sessions.find_and_lock(session_of(motion_id))
    motion = work.motions.get(motion_id)
    assert session is not None, "a motion has its session"
    _must_be_theirs(session, at)
    session.must_be(SessionState.OPEN, *([SessionState.CLOSED] if motion.poll_id else []))
    work.seat(session, at.now)
    return session, motion


def record(work: DeliberationStore, session: Session, kind: str, at: Moment, **content: object) -> None:
    """Add to the session's record what the caller did, who so keeps the record while the session lasts."""
    session.keep_record(at.caller.person_id)
    work.journal.add(session.record(kind, by=at.caller.subject, at=at.now, content=content))


def record_as_rule(work: DeliberationStore, session: Session, kind: str, at: Moment, **content: object) -> None:
    """The same of what follows by rule: nobody here did it."""
    work.journal.add(session.record(kind, by=SERVICE, at=at.now, content=content))


def _must_be_theirs(session: Session, at: Moment) -> None:
    """In the caller's unit, and not against their own organisation."""
    at.caller.must_act_in(session.unit_code)
    if at.caller.acts_for_any(session.respondents):
        raise OwnMatter(f"the issue of {session.id} is against {at.caller.organisation}: somebody else holds it")
