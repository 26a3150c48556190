"""What supervision is asked. Nothing here changes anything."""

from services.supervision.domain.case import Case, CaseState
from services.supervision.domain.errors import OutsideYourUnit
from services.supervision.domain.explanation import explain
from services.supervision.schemas.replies import (
    CaseReply,
    CasesReply,
    ExplainClockReply,
    TimelineReply,
    case_line,
    case_reply,
    clock_line,
    timeline_line,
)
from services.supervision.schemas.requests import ExplainClock, GetCase, GetTimeline, ListCases, Status
from services.supervision.storage.repository import SupervisionStore
from shared.bus.moment import Moment


def get_case(work: SupervisionStore, request: GetCase | Status, at: Moment) -> CaseReply:
    """The whole file. A unit may ask for what is in it, came from it or has been in it."""
    return case_reply(work, _case(work, request.issue_id, at), at.now)


def list_cases(work: SupervisionStore, request: ListCases, at: Moment) -> CasesReply:
    if not at.caller.may_act_in(request.unit_code):
        raise OutsideYourUnit(f"{request.unit_code} is outside {at.caller.unit}", {"unit_code": ["Outside your unit."]})
    state = CaseState(request.state) if request.state else None
    units = work.units(at.now).ever_inside(request.unit_code)
    return CasesReply(cases=[case_line(case) for case in work.cases.list_in(units, state, request.most)])


def get_timeline(work: SupervisionStore, request: GetTimeline, at: Moment) -> TimelineReply:
    case = _case(work, request.issue_id, at)
    return TimelineReply(entries=[timeline_line(one) for one in work.timeline.list_of(case.issue_id, request.most)])


def explain_clock(work: SupervisionStore, request: ExplainClock, at: Moment) -> ExplainClockReply:
    """The ledger of a clock in words."""
    clock = work.clocks.get(request.clock_id)
    _case(work, clock.issue_id, at)
    return ExplainClockReply(clock=clock_line(clock, at.now), words=explain(clock, at.now))


def _case(work: SupervisionStore, issue_id: str, at: Moment) -> Case:
    """A case that the caller may see."""
    case = work.cases.get(issue_id)
    if not any(at.caller.may_act_in(unit) for unit in (case.unit_code, case.origin_unit, *case.came_from)):
        raise OutsideYourUnit(f"{issue_id} has never been in {at.caller.unit}")
    return case
