"""Keeping requests: asked with a timer for the default, decided by another person, or by the timer when nobody does."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from shared.bus.moment import Moment
from shared.bus.timers.timers import Due, Timers
from shared.contracts.dispatch import EvidencePart, plain_evidence
from shared.contracts.requests import RequestReason, Want
from shared.directory.dated import DatedUnits
from shared.requests.messages import ListRequests, RequestsReply, request_reply
from shared.requests.request import AlreadyAsked, Request, RequestState
from shared.requests.tables import RequestRepository

REQUEST = "request"
"""The kind of the timer; it refers to the request."""


class HasRequests(Protocol):
    """What is asked of a unit of work."""

    timers: Timers

    @property
    def requests(self) -> RequestRepository: ...

    def units(self, now: datetime) -> DatedUnits: ...


class Grounds(Protocol):
    """Why something is asked for, as whoever asks says it."""

    @property
    def reason(self) -> RequestReason: ...

    @property
    def words(self) -> str: ...

    @property
    def evidence(self) -> Sequence[EvidencePart]: ...


def ask(
    work: HasRequests,
    at: Moment,
    *,
    wants: Want,
    about: str,
    unit_code: str,
    reason: RequestReason,
    words: str,
    decided_in: str,
    decide_by: datetime,
    evidence: Sequence[EvidencePart] = (),
    facts: dict[str, str] | None = None,
) -> Request:
    """The caller asks for it. Raises BadRequest for a reason of another list, AlreadyAsked."""
    request = Request(
        id=f"{about}/Q{len(work.requests.of(about=about)) + 1}",
        wants=wants,
        about=about,
        unit_code=unit_code,
        reason=reason,
        words=words,
        evidence=plain_evidence(evidence),
        facts=facts or {},
        asked_by=at.caller.subject,
        asked_person=at.caller.person_id,
        asked_at=at.now,
        decided_in=decided_in,
        decide_by=decide_by,
    )
    keep(work, request)
    return request


def keep(work: HasRequests, request: Request) -> None:
    """On the list of whoever decides it. Raises AlreadyAsked while the same waits to be decided."""
    for other in work.requests.of(about=request.about):
        if other.is_open and (other.wants, other.whom) == (request.wants, request.whom):
            raise AlreadyAsked(f"{other.id} asks for the same, and is to be decided in {other.decided_in}")
    work.requests.add(request)
    work.timers.set(REQUEST, request.id, request.decide_by, subject=request.about)


def decided(work: HasRequests, request_id: str, at: Moment, *, grant: bool, answer: str) -> Request:
    """By somebody of the unit that decides, or of the organisation that is asked, who is not who asked.

    Raises NotAllowed, OwnRequest, AlreadyDecided; DecidedBefore for whoever refused what is appealed against.
    """
    request = work.requests.lock(request_id)
    if not request.whom or at.caller.organisation != request.whom:
        at.caller.must_act_in(request.decided_in)
    if request.appeals:
        work.requests.get(request.appeals).must_not_be_decided_again_by(at.caller)
    request.decide(grant=grant, by=at.caller, answer=answer, at=at.now)
    work.timers.cancel(REQUEST, request.id)
    return request


def defaulted(work: HasRequests, due: Due, at: Moment, *, grant: bool, by: str) -> Request | None:
    """By the clock, because nobody decided; None if it is decided already."""
    request = work.requests.find_and_lock(due.ref)
    if request is None or not request.is_open:
        return None
    request.default(grant=grant, by=by, at=at.now)
    return request


def list_requests(work: HasRequests, request: ListRequests, at: Moment) -> RequestsReply:
    """What is to be decided in a unit and inside it. Raises NotAllowed outside the caller's own unit."""
    at.caller.must_act_in(request.unit_code)
    units = work.units(at.now).ever_inside(request.unit_code)
    return listed(work, units, open_only=request.open_only, most=request.most)


def listed(
    work: HasRequests, unit_codes: Collection[str], *, open_only: bool, most: int, wants: Collection[Want] = tuple(Want)
) -> RequestsReply:
    """Those that are to be decided in these units, or also what was decided there."""
    states = [RequestState.ASKED] if open_only else list(RequestState)
    found = work.requests.list_in(unit_codes, states, most, wants)
    return RequestsReply(requests=[request_reply(one) for one in found])


def end_open(work: HasRequests, about: str, answer: str, at: Moment, *, by: str) -> None:
    """What they were about is over."""
    for request in work.requests.of(about=about):
        if request.is_open:
            request.end(answer, by=by, at=at.now)
            work.timers.cancel(REQUEST, request.id)
