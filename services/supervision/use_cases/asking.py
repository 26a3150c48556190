"""Requests about a case: who may ask, who decides, what is told of both. What follows is in the room of each kind."""

from datetime import datetime

from services.supervision.domain.case import Case
from services.supervision.domain.errors import OutsideYourUnit
from services.supervision.domain.timeline import SERVICE
from services.supervision.storage.repository import SupervisionStore
from services.supervision.use_cases.timeline import announce
from shared.bus.moment import Moment
from shared.contracts.directory import OrganisationPart
from shared.contracts.requests import Want
from shared.contracts.supervision import RequestAskedV1, RequestDecidedV1
from shared.errors import BadRequest, NotAllowed, OwnMatter
from shared.requests import deciding
from shared.requests.request import Request
from shared.units import tier_of


def case_to_ask_about(work: SupervisionStore, issue_id: str, at: Moment) -> Case:
    """An open case, locked, of the caller's unit or inside it. Raises OutsideYourUnit, OwnMatter, IssueClosed."""
    case = work.cases.lock(issue_id)
    if not at.caller.may_act_in(case.unit_code):
        raise OutsideYourUnit(f"{issue_id} is held by {case.unit_code}, which is outside {at.caller.unit}")
    must_not_be_against(case, at)
    case.must_be_open()
    return case


def must_not_be_against(case: Case, at: Moment) -> None:
    """Raises OwnMatter."""
    if at.caller.acts_for_any(case.respondents):
        raise OwnMatter(f"{case.issue_id} is against {at.caller.organisation}: somebody else asks and decides")


def must_be_asked(request: Request, at: Moment) -> None:
    """Raises NotAllowed: what another organisation is asked for, its own people decide, or its letter is taken down."""
    if request.whom and at.caller.organisation != request.whom:
        raise NotAllowed(f"{request.whom} answers {request.id}: take its letter down by record_answer")


def organisation_named(work: SupervisionStore, field: str, organisation_id: str, at: Moment) -> OrganisationPart:
    """Raises BadRequest, which names the field, for one that the directory does not have now."""
    organisation = work.directory.find(OrganisationPart, organisation_id, at.now)
    if organisation is None:
        told = {field: ["No organisation of the directory has this id now."]}
        raise BadRequest(f"unknown organisation {organisation_id!r}", told)
    return organisation


def unit_above(work: SupervisionStore, case: Case, tiers_up: int, at: Moment) -> str:
    """So many tiers above the holder, or above who asks where that is higher; at most the district."""
    own = at.caller.unit or case.unit_code
    first = own if tier_of(own) > tier_of(case.unit_code) else case.unit_code
    return work.units(at.now).so_far_up(first, tiers_up)


def ask(
    work: SupervisionStore,
    case: Case,
    at: Moment,
    *,
    wants: Want,
    asked: deciding.Grounds,
    decided_in: str,
    decide_by: datetime,
    facts: dict[str, str] | None = None,
) -> Request:
    """Keep it, and tell who is to decide. Raises BadRequest for a reason of another list, AlreadyAsked."""
    request = deciding.ask(
        work,
        at,
        wants=wants,
        about=case.issue_id,
        unit_code=case.unit_code,
        reason=asked.reason,
        words=asked.words,
        evidence=asked.evidence,
        facts=facts,
        decided_in=decided_in,
        decide_by=decide_by,
    )
    case.requests += 1
    tell_asked(work, request, at)
    return request


def tell_asked(work: SupervisionStore, request: Request, at: Moment) -> None:
    announce(work, _asked(request), at)


def requests_of(work: SupervisionStore, case: Case) -> list[Request]:
    """Most cases have none: then nothing is asked of the database."""
    return work.requests.of(about=case.issue_id) if case.requests else []


def end_open(work: SupervisionStore, case: Case, why: str, at: Moment) -> None:
    """The case is over, and what was asked about it."""
    if case.requests:
        deciding.end_open(work, case.issue_id, why, at, by=SERVICE)


def tell_decision(work: SupervisionStore, request: Request, at: Moment) -> None:
    event = RequestDecidedV1(
        request_id=request.id,
        issue_id=request.about,
        unit_code=request.unit_code,
        wants=request.wants,
        whom=request.whom,
        granted=request.is_granted,
        is_default=request.is_default,
        answer=request.answer,
        decided_by=request.decided_by,
        decided_at=at.now,
    )
    announce(work, event, at)


def _asked(request: Request) -> RequestAskedV1:
    return RequestAskedV1(
        request_id=request.id,
        issue_id=request.about,
        unit_code=request.unit_code,
        wants=request.wants,
        reason=request.reason,
        words=request.words,
        whom=request.whom,
        appeals=request.appeals,
        decided_in=request.decided_in,
        decide_by=request.decide_by,
        asked_by=request.asked_by,
        asked_at=request.asked_at,
    )
