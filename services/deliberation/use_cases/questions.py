"""Questions, which change nothing: a session with its motions, one motion with its vote, the record and its proof."""

from collections.abc import Sequence

from services.deliberation.domain import journal
from services.deliberation.domain.journal import Entry
from services.deliberation.domain.motion import Motion
from services.deliberation.domain.session import Session
from services.deliberation.domain.vote import Ballot, Vote
from services.deliberation.storage.repository import DeliberationStore
from shared.auth import Caller


def get_session(work: DeliberationStore, session_id: str, *, by: Caller) -> tuple[Session, Sequence[Motion]]:
    """The session and its motions. Raises NotAllowed outside the caller's unit."""
    session = work.sessions.read(session_id)
    by.must_act_in(session.unit_code)
    return session, work.motions.list_of_session(session.id)


def get_motion(work: DeliberationStore, motion_id: str, *, by: Caller) -> tuple[Motion, Vote | None, Sequence[Ballot]]:
    """The motion, its vote if there was one, and the ballots."""
    motion = work.motions.get(motion_id)
    by.must_act_in(motion.unit_code)
    return motion, work.votes.find(motion_id), work.votes.list_ballots(motion_id)


def get_record(work: DeliberationStore, session_id: str, *, by: Caller) -> tuple[Session, Sequence[Entry], list[str]]:
    """Every entry, and what is wrong with them: nothing, unless somebody tampered with the database."""
    session = work.sessions.read(session_id)
    by.must_act_in(session.unit_code)
    entries = work.journal.list_of_session(session.id)
    return session, entries, journal.faults_in(entries, head_hash=session.head_hash)
