"""What deliberation is asked. Nothing here changes anything."""

from services.deliberation.domain.journal import faults_in
from services.deliberation.domain.session import Session
from services.deliberation.schemas.replies import (
    MotionReply,
    RecordReply,
    SessionReply,
    motion_reply,
    record_reply,
    session_reply,
)
from services.deliberation.schemas.requests import GetMotion, GetRecord, GetSession
from services.deliberation.storage.repository import DeliberationStore
from shared.bus.moment import Moment


def get_session(work: DeliberationStore, request: GetSession, at: Moment) -> SessionReply:
    """A session with its motions."""
    session = _session(work, request.session_id, at)
    return session_reply(session, at, work.motions.list_in(session))


def get_motion(work: DeliberationStore, request: GetMotion, at: Moment) -> MotionReply:
    """A motion with its votes and their ballots. Raises NotAllowed outside the caller's unit."""
    motion = work.motions.get(request.motion_id)
    at.caller.must_act_in(motion.unit_code)
    return motion_reply(motion, work.votes.of(motion_id=motion.id), work.ballots.of(motion_id=motion.id))


def get_record(work: DeliberationStore, request: GetRecord, at: Moment) -> RecordReply:
    """Every entry, and what is wrong with them: nothing, unless somebody tampered with the database."""
    session = _session(work, request.session_id, at)
    entries = work.journal.of(session_id=session.id)
    return record_reply(session, entries, faults_in(entries, head_hash=session.head_hash))


def _session(work: DeliberationStore, session_id: str, at: Moment) -> Session:
    """A session that the caller may see."""
    session = work.sessions.get(session_id)
    at.caller.must_act_in(session.unit_code)
    return session
