"""What deliberation is asked. Nothing here changes anything."""

from datetime import datetime
from enum import StrEnum

from services.deliberation.domain.errors import MinutesNotReady
from services.deliberation.domain.journal import faults_in
from services.deliberation.domain.minutes import Minutes, MinutesState
from services.deliberation.domain.motion import Motion
from services.deliberation.domain.session import Session
from services.deliberation.domain.waits import ANSWERING, OF_MOTIONS, WAITS
from services.deliberation.schemas.replies import (
    MinutesReply,
    MotionReply,
    RecordReply,
    SessionReply,
    minutes_reply,
    motion_reply,
    record_reply,
    session_reply,
)
from services.deliberation.schemas.requests import GetMinutes, GetMotion, GetRecord, GetSession
from services.deliberation.storage.repository import DeliberationStore
from shared.auth import Caller
from shared.bus.moment import Moment
from shared.bus.rpc.my_work import ListMyWork, MyWorkReply, WaitPart, my_work, waits_for
from shared.waits import Wait

MOST_LOOKED_AT = 500


def get_session(work: DeliberationStore, request: GetSession, at: Moment) -> SessionReply:
    """A session with its motions."""
    session = _session(work, request.session_id, at)
    return session_reply(session, at, work.motions.list_in(session))


def get_motion(work: DeliberationStore, request: GetMotion, at: Moment) -> MotionReply:
    """A motion with its votes and their ballots. Raises NotAllowed outside the caller's unit."""
    motion = work.motions.get(request.motion_id)
    at.caller.must_act_in(motion.unit_code)
    return motion_reply(motion, work.votes.of(motion_id=motion.id), work.ballots.of(motion_id=motion.id))


def get_minutes(work: DeliberationStore, request: GetMinutes, at: Moment) -> MinutesReply:
    """Where they stand, with all that was objected and answered. Raises MinutesNotReady before the session's end."""
    session = _session(work, request.session_id, at)
    minutes = work.minutes.find(session.id)
    if minutes is None:
        raise MinutesNotReady(f"there are minutes when the session has ended; this is {session.state}")
    return minutes_reply(minutes)


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


def list_my_work(work: DeliberationStore, request: ListMyWork, at: Moment) -> MyWorkReply:
    """In the caller's unit and inside it: motions to take further, and minutes to circulate, answer for and sign."""
    inside = work.units(at.now).ever_inside(at.caller.unit or "")
    motions = work.motions.list_waiting_in(inside, request.most)
    minutes = work.minutes.list_unsigned_in(inside, MOST_LOOKED_AT)
    work.sessions.load({*(one.session_id for one in motions), *(one.session_id for one in minutes)})
    waits = [_moved(one, work.sessions.get(one.session_id), at) for one in motions]
    waits += [_written(one, work.sessions.get(one.session_id), at.caller) for one in minutes]
    return my_work([one for one in waits if one is not None], request.most)


def _moved(motion: Motion, session: Session, at: Moment) -> WaitPart | None:
    """Before its session is to be closed. Nobody on their own matter."""
    if at.caller.acts_for_any(session.respondents) or session.opened_at is None:
        return None
    due_at = session.opened_at + at.policy_in(session.unit_code).lapse.closed_within
    return _waiting(OF_MOTIONS[motion.state], motion.id, session, motion.state, due_at)


def _written(minutes: Minutes, session: Session, caller: Caller) -> WaitPart | None:
    """Whoever is in the hall circulates and answers; chair and clerk sign, each once. Nobody on their own matter."""
    awaited = ([] if minutes.chair else [session.chair]) + ([] if minutes.clerk else [*session.clerks])
    is_anybodys = minutes.state is MinutesState.DRAFT or bool(minutes.unanswered)
    if caller.acts_for_any(session.respondents) or not (is_anybodys or caller.person_id in awaited):
        return None
    wait = ANSWERING if minutes.unanswered else WAITS[minutes.state]
    return _waiting(wait, session.id, session, minutes.state, minutes.due_at)


def _waiting(wait: Wait, about: str, session: Session, state: StrEnum, due_at: datetime | None) -> WaitPart:
    unit, title = session.unit_code, session.title
    return waits_for(wait, about=about, title=title, unit_code=unit, state=state.value, due_at=due_at)
