"""Resolutions on display: objected to by residents, declined by organisations, answered, in force or no more."""

import hashlib
from datetime import datetime
from typing import Any

from services.deliberation.domain.display import Display, Objection
from services.deliberation.domain.errors import ReviewRefused
from services.deliberation.domain.motion import session_of
from services.deliberation.domain.session import Session
from services.deliberation.schemas.displays import (
    DisplayReply,
    ObjectToResolution,
    RecordObjection,
    ReviewObjection,
    display_reply,
)
from services.deliberation.storage.repository import DeliberationStore
from services.deliberation.use_cases.record import SERVICE, lock_session, record_as_rule
from shared.auth import OUTSIDE
from shared.bus.inbox.reading import NotYet
from shared.bus.moment import Moment
from shared.bus.timers.timers import Due
from shared.contracts.deliberation import ResolutionObjectedV1, ResolutionReviewedV1
from shared.contracts.dispatch import TaskDeclinedV1
from shared.contracts.supervision import IssueClosedV1
from shared.contracts.vocabulary import Review
from shared.errors import BadRequest
from shared.units import Tier, tier_of

DUE = "display"
"""An answer is due; the timer refers to the resolution."""
UNANSWERED = "逾期未答复,决议退回,由居民重新协商"
ISSUE_ENDED = "议题已办结;仍有异议的,可以另行提出诉求"


def object_to_resolution(work: DeliberationStore, request: ObjectToResolution, at: Moment) -> DisplayReply:
    """A resident's own, in whatever unit, against what residents may see."""
    session = work.sessions.find_and_lock(session_of(request.resolution_id))
    if session is None or not session.is_public:
        raise work.resolutions.unknown(request.resolution_id)
    display = display_of(work, request.resolution_id)
    return _object(work, session, display, at.caller.subject, request.reasons, at)


def record_objection(work: DeliberationStore, request: RecordObjection, at: Moment) -> DisplayReply:
    """Somebody's whom a clerk listened to."""
    session = lock_session(work, session_of(request.resolution_id), at)
    return _object(work, session, display_of(work, request.resolution_id), request.objector, request.reasons, at)


def take_declined(work: DeliberationStore, event: TaskDeclinedV1, at: Moment) -> None:
    """An organisation declines the task that a resolution gave it. Raises NotYet for news before its resolution."""
    session = work.sessions.find_and_lock(session_of(event.resolution_id))
    if session is None or work.resolutions.find(event.resolution_id) is None:
        raise NotYet(f"resolution {event.resolution_id} is not known here yet")
    display = display_of(work, event.resolution_id)
    if display.is_no_more or any(one.task_id == event.task_id for one in display.objections):
        return
    made = display.object(
        lambda number: Objection(
            number,
            event.department,
            event.reasons,
            event.declined_by,
            event.declined_at,
            _due_at(work, session, at),
            organisation=event.organisation_id or event.department,
            task_id=event.task_id,
        )
    )
    said: dict[str, Any] = {"number": made.number, "task_id": made.task_id, "reasons": made.reasons}
    _record(work, session, display, "task_declined", at, by=event.declined_by, **said)
    _tell(work, display, made, at)


def review_objection(work: DeliberationStore, request: ReviewObjection, at: Moment) -> DisplayReply:
    """Answer it. Nobody answers what they or their own organisation said; the district has nobody to refer it to."""
    session = lock_session(work, session_of(request.resolution_id), at)
    display = display_of(work, request.resolution_id)
    if not request.answer.strip():
        raise BadRequest("an answer says why", {"answer": ["Says why it stands, goes back, or goes up."]})
    if request.review is Review.REFERRED and tier_of(session.unit_code) is Tier.DISTRICT:
        raise ReviewRefused(fields={"review": ["The district has nobody above it: stands, or returned."]})
    theirs = [one.organisation for one in display.objections if one.number == request.number]
    if at.caller.acts_for_any(theirs):
        raise ReviewRefused(f"{at.caller.organisation} declined it: somebody else decides what follows")
    display.review(request.number, request.review, request.answer, by=at.caller.person_id)
    said = {"number": request.number, "review": request.review, "answer": request.answer}
    _answered(work, session, display, said, at, by=at.caller.subject)
    return _reply(work, display, at)


def pass_due(work: DeliberationStore, due: Due, at: Moment) -> None:
    """Nobody answered by then: the residents deliberate anew."""
    session, display = work.sessions.find_and_lock(session_of(due.ref)), work.displays.find(due.ref)
    if session is None or display is None or display.due_at is None or display.due_at > at.now:
        return
    overdue = next(one for one in display.unanswered if one.due_at <= at.now)
    display.review(overdue.number, Review.RETURNED, UNANSWERED, by=SERVICE)
    said = {"number": overdue.number, "review": Review.RETURNED, "answer": UNANSWERED}
    _answered(work, session, display, said, at, by=SERVICE)


def end_displays(work: DeliberationStore, event: IssueClosedV1, at: Moment) -> None:
    """What was resolved is done, and those concerned were asked: nothing is objected to, or answered, any more."""
    for one in work.resolutions.of(issue_id=event.issue_id):
        session, display = work.sessions.lock(one.session_id), display_of(work, one.id)
        if not display.is_no_more and (display.unanswered or at.now < display.displayed_until):
            display.close(ISSUE_ENDED, by=SERVICE)
            _keep(work, display)
            record_as_rule(work, session, "issue_closed", at, resolution_id=one.id)


def _due_at(work: DeliberationStore, session: Session, at: Moment) -> datetime:
    """By when an objection of now is to be answered."""
    return at.policy_in(session.unit_code).resolution.answered_within.ends_at(at.now, work.calendar)


def _answered(
    work: DeliberationStore, session: Session, display: Display, said: dict[str, Any], at: Moment, *, by: str
) -> None:
    _record(work, session, display, "objection_reviewed", at, by=by, **said)
    about = _of(display) | said
    event = ResolutionReviewedV1(**about, is_default=by == SERVICE, reviewed_by=by, reviewed_at=at.now)
    work.outbox.add(event, at=at.now)
    _keep(work, display)


def _tell(work: DeliberationStore, display: Display, made: Objection, at: Moment) -> None:
    theirs = {"organisation": made.organisation, "task_id": made.task_id, "reasons": made.reasons}
    event = ResolutionObjectedV1(
        **_of(display),
        number=made.number,
        **(theirs if made.task_id else {}),
        due_at=made.due_at,
        objected_at=made.made_at,
    )
    work.outbox.add(event, at=at.now)
    _keep(work, display)


def _record(
    work: DeliberationStore, session: Session, display: Display, kind: str, at: Moment, *, by: str = "", **said: object
) -> None:
    """In the session's record. Of a resident only that it was one."""
    actor = by or ("resident" if at.caller.is_any_of(OUTSIDE) else at.caller.subject)
    content = {"resolution_id": display.resolution_id, **said}
    work.journal.add(session.record(kind, by=actor, at=at.now, content=content))


def _keep(work: DeliberationStore, display: Display) -> None:
    """And have it looked at when an answer is due."""
    if work.displays.find(display.resolution_id) is None:
        work.displays.add(display)
    if display.due_at is None:
        work.timers.cancel(DUE, display.resolution_id)
    else:
        work.timers.set(DUE, display.resolution_id, display.due_at, subject=display.issue_id)


def _object(
    work: DeliberationStore, session: Session, display: Display, objector: str, reasons: str, at: Moment
) -> DisplayReply:
    """Words and name stay here; in the record is only what proves them."""
    if not reasons.strip():
        raise BadRequest("an objection says why", {"reasons": ["Says what is wrong with the resolution."]})
    due_at = _due_at(work, session, at)
    by = at.caller.person_id
    made = display.object(lambda number: Objection(number, objector, reasons, by, at.now, due_at))
    proof = hashlib.sha256(reasons.encode()).hexdigest()
    _record(work, session, display, "resolution_objected", at, number=made.number, sha256=proof)
    _tell(work, display, made, at)
    return _reply(work, display, at)


def display_of(work: DeliberationStore, resolution_id: str) -> Display:
    """As it is kept, or that of one that nobody has objected to so far. Raises UnknownResolution."""
    resolution = work.resolutions.get(resolution_id)
    return work.displays.find(resolution_id) or Display(
        resolution_id=resolution.id,
        session_id=resolution.session_id,
        issue_id=resolution.issue_id,
        unit_code=resolution.unit_code,
        displayed_until=resolution.displayed_until,
    )


def _reply(work: DeliberationStore, display: Display, at: Moment) -> DisplayReply:
    is_inside = not at.caller.is_any_of(OUTSIDE)
    resolution = work.resolutions.get(display.resolution_id)
    return display_reply(display, resolution, at.now, reader=at.caller.person_id, is_inside=is_inside)


def _of(display: Display) -> dict[str, str]:
    return {"resolution_id": display.resolution_id, "issue_id": display.issue_id, "unit_code": display.unit_code}
