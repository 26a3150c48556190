"""Putting a session off 延期: one of its chair and clerks asks, another decides. Nobody does it alone.

Refused, or decided by nobody in time, it is held as announced. Granted, the system sets the new date.
"""

from services.councils.domain.session import Session, issue_of
from services.councils.schemas.requests import PostponeSession
from services.councils.storage.repository import CouncilsStore
from services.councils.use_cases.sessions import must_be_theirs, put_off
from shared.bus.moment import Moment
from shared.bus.timers.timers import Due
from shared.contracts.councils import PostponementAskedV1, PostponementDecidedV1
from shared.contracts.requests import Want
from shared.contracts.vocabulary import PostponementReason
from shared.requests import deciding
from shared.requests.messages import (
    DecideRequest,
    GetRequest,
    RequestReply,
    request_reply,
)
from shared.requests.request import Request

SERVICE = "councils"


def postpone_session(work: CouncilsStore, request: PostponeSession, at: Moment) -> RequestReply:
    """Ask for another date. Raises SessionNotAhead, PostponedTooOften, AlreadyAsked, BadRequest, OwnMatter."""
    listing = work.listings.find_and_lock(request.subject)
    session = work.sessions.get(request.session_id)
    must_be_theirs(session, listing, at)
    rule = at.policy_in(session.unit_code).postpone
    session.must_be_postponable(rule.times)
    asked = deciding.ask(
        work,
        at,
        wants=Want.POSTPONEMENT,
        about=session.id,
        unit_code=session.unit_code,
        reason=request.reason,
        words=request.words.strip(),
        decided_in=session.unit_code,
        decide_by=min(at.now + rule.decide_within, session.lapses_at),
    )
    work.outbox.add(_asked(session, asked), at=at.now)
    return request_reply(asked)


def decide_request(work: CouncilsStore, request: DecideRequest, at: Moment) -> RequestReply:
    """Raises OwnRequest, AlreadyDecided, OwnMatter; SessionNotAhead, PostponedTooOften, NoDateLeft if granted."""
    listing = work.listings.find_and_lock(request.subject)
    session = work.sessions.get(work.requests.get(request.request_id).about)
    must_be_theirs(session, listing, at)
    decided = deciding.decided(work, request.request_id, at, grant=request.grant, answer=request.reason)
    work.outbox.add(_decided(session, decided, at), at=at.now)
    if decided.is_granted:
        put_off(work, session, PostponementReason(decided.reason.value), decided.words, at, not_before=at.now)
    return request_reply(decided)


def decide_by_default(work: CouncilsStore, due: Due, at: Moment) -> None:
    """Nobody did in time: it is held as announced."""
    asked = work.requests.get(due.ref)
    work.listings.find_and_lock(issue_of(asked.about))
    decided = deciding.defaulted(work, due, at, grant=False, by=SERVICE)
    if decided is not None:
        work.outbox.add(_decided(work.sessions.get(asked.about), decided, at), at=at.now)


def get_request(work: CouncilsStore, request: GetRequest, at: Moment) -> RequestReply:
    """For whoever may decide it, and whoever asked."""
    one = work.requests.get(request.request_id)
    at.caller.must_act_in(one.decided_in)
    return request_reply(one)


def _asked(session: Session, asked: Request) -> PostponementAskedV1:
    return PostponementAskedV1(
        request_id=asked.id,
        session_id=session.id,
        issue_id=session.issue_id,
        unit_code=session.unit_code,
        reason=PostponementReason(asked.reason.value),
        words=asked.words,
        decided_in=asked.decided_in,
        decide_by=asked.decide_by,
        asked_by=asked.asked_by,
        asked_at=asked.asked_at,
    )


def _decided(session: Session, decided: Request, at: Moment) -> PostponementDecidedV1:
    return PostponementDecidedV1(
        request_id=decided.id,
        session_id=session.id,
        issue_id=session.issue_id,
        unit_code=session.unit_code,
        granted=decided.is_granted,
        is_default=decided.is_default,
        answer=decided.answer,
        decided_by=decided.decided_by,
        decided_at=at.now,
    )
