"""What deliberation is asked. Nothing here changes anything."""

from datetime import datetime
from enum import StrEnum

from services.deliberation.domain.display import Display
from services.deliberation.domain.errors import MinutesNotReady
from services.deliberation.domain.journal import faults_in
from services.deliberation.domain.minutes import Minutes, MinutesState
from services.deliberation.domain.motion import Motion
from services.deliberation.domain.poll import Poll
from services.deliberation.domain.session import Session, SessionState
from services.deliberation.domain.waits import ANSWERING, OF_DISPLAYS, OF_MOTIONS, OF_POLLS, RESOLVING, WAITS
from services.deliberation.schemas.displays import (
    DisplayReply,
    DisplaysReply,
    GetResolution,
    ListResolutions,
    display_reply,
    displays_reply,
)
from services.deliberation.schemas.polls import (
    GetPoll,
    ListPolls,
    PollLine,
    PollReply,
    PollsReply,
    poll_line,
    poll_reply,
)
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
from services.deliberation.use_cases.displays import display_of
from services.deliberation.use_cases.polls import box_of
from shared.auth import SYSTEMS, Caller, Role
from shared.bus.moment import Moment
from shared.bus.rpc.my_work import ListMyWork, MyWorkReply, WaitPart, my_work, waits_for
from shared.units import tier_of
from shared.waits import Wait

MOST_LOOKED_AT = 500


def get_session(work: DeliberationStore, request: GetSession, at: Moment) -> SessionReply:
    """A session with its motions."""
    session = _session(work, request.session_id, at)
    work.seat(session, session.closed_at or at.now)
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


def get_poll(work: DeliberationStore, request: GetPoll, at: Moment) -> PollReply:
    """The counts for everybody; papers and who is still to be asked for those who collect in its unit."""
    poll = work.polls.get(request.poll_id)
    session = work.sessions.get(poll.session_id)
    if not _is_for(at.caller, session):
        raise work.polls.unknown(request.poll_id)
    is_theirs = _works_in(at.caller, session) and not at.caller.acts_for_any(session.respondents)
    is_collector = is_theirs and at.caller.is_any_of({Role.CHAIR, Role.CLERK})
    motion, collector = work.motions.get(poll.motion_id).motion, at.caller if is_collector else None
    return poll_reply(poll, motion, box_of(work, poll), work.tallies.find(poll.id), collector=collector)


def list_polls(work: DeliberationStore, request: ListPolls, at: Moment) -> PollsReply:
    """In a unit and inside it, what is open the soonest due first, then what was counted the latest first."""
    at.caller.must_act_in(request.unit_code)
    inside = work.units(at.now).ever_inside(request.unit_code)
    found = work.polls.list_open_in(inside, request.most)
    if not request.open_only and len(found) < request.most:
        found += work.polls.list_over_in(inside, request.most - len(found))
    work.sessions.load(one.session_id for one in found)
    work.motions.load(one.motion_id for one in found)
    work.tallies.load(one.id for one in found)
    return PollsReply(polls=[_poll_line(work, one) for one in found])


def _poll_line(work: DeliberationStore, poll: Poll) -> PollLine:
    title, motion = work.sessions.get(poll.session_id).title, work.motions.get(poll.motion_id).motion
    return poll_line(poll, title, motion, work.tallies.find(poll.id))


def get_resolution(work: DeliberationStore, request: GetResolution, at: Moment) -> DisplayReply:
    """With its objections, as far as they are for the caller. To whom it is not for it is unknown."""
    resolution = work.resolutions.get(request.resolution_id)
    session = work.sessions.get(resolution.session_id)
    if not _is_for(at.caller, session):
        raise work.resolutions.unknown(request.resolution_id)
    is_inside = _works_in(at.caller, session) and not at.caller.acts_for_any(session.respondents)
    reader = at.caller.person_id
    return display_reply(display_of(work, resolution.id), resolution, at.now, reader=reader, is_inside=is_inside)


def list_resolutions(work: DeliberationStore, request: ListResolutions, at: Moment) -> DisplaysReply:
    """On display in a unit and inside it; so whoever lives there finds what they may object to."""
    tier_of(request.unit_code)
    units = work.units(at.now).ever_inside(request.unit_code)
    found = work.resolutions.list_in(units, None if request.ended_too else at.now, request.most)
    work.sessions.load(one.session_id for one in found)
    work.displays.load(one.id for one in found)
    theirs = [one for one in found if _is_for(at.caller, work.sessions.get(one.session_id))]
    return displays_reply([(display_of(work, one.id), one) for one in theirs], at.now)


def _is_for(caller: Caller, session: Session) -> bool:
    """What is not public is for those who work in its unit."""
    return session.is_public or _works_in(caller, session)


def _works_in(caller: Caller, session: Session) -> bool:
    return not caller.is_any_of(SYSTEMS) and caller.may_act_in(session.unit_code)


def _session(work: DeliberationStore, session_id: str, at: Moment) -> Session:
    """A session that the caller may see."""
    session = work.sessions.get(session_id)
    at.caller.must_act_in(session.unit_code)
    return session


def list_my_work(work: DeliberationStore, request: ListMyWork, at: Moment) -> MyWorkReply:
    """In the caller's unit and inside it: motions to take further, objections to answer, and minutes."""
    inside = work.units(at.now).ever_inside(at.caller.unit or "")
    motions = work.motions.list_waiting_in(inside, request.most)
    minutes = work.minutes.list_unsigned_in(inside, MOST_LOOKED_AT)
    polls = work.polls.list_open_in(inside, request.most)
    displays = work.displays.list_contested_in(inside, request.most)
    work.sessions.load(one.session_id for some in (motions, polls, minutes, displays) for one in some)
    waits = [_moved(one, work.sessions.get(one.session_id), at) for one in motions]
    waits += [_written(one, work.sessions.get(one.session_id), at.caller) for one in minutes]
    waits += [_polled(one, work.sessions.get(one.session_id), at.caller) for one in polls]
    waits += [_contested(one, work.sessions.get(one.session_id), at.caller) for one in displays]
    return my_work([one for one in waits if one is not None], request.most)


def _polled(poll: Poll, session: Session, caller: Caller) -> WaitPart | None:
    """Until it is counted. Nobody on their own matter."""
    if caller.acts_for_any(session.respondents):
        return None
    return _waiting(OF_POLLS[poll.state], poll.id, session, poll.state, poll.due_at)


def _contested(display: Display, session: Session, caller: Caller) -> WaitPart | None:
    """By when the first of its objections is to be answered; not by whoever made them all, or on their own matter."""
    theirs = {caller.organisation, caller.person_id} - {""}
    if caller.acts_for_any(session.respondents):
        return None
    if all({one.organisation, one.made_by} & theirs for one in display.unanswered):
        return None
    return _waiting(OF_DISPLAYS[display.state], display.resolution_id, session, display.state, display.due_at)


def _moved(motion: Motion, session: Session, at: Moment) -> WaitPart | None:
    """Before its session is to be closed; what a poll carried, as long after it. Nobody on their own matter."""
    is_over = session.state is not SessionState.OPEN
    since = motion.voted_at if is_over else session.opened_at
    if at.caller.acts_for_any(session.respondents) or since is None:
        return None
    due_at = since + at.policy_in(session.unit_code).lapse.closed_within
    wait = RESOLVING if is_over else OF_MOTIONS[motion.state]
    return _waiting(wait, motion.id, session, motion.state, due_at)


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
