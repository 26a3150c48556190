"""What supervision is asked. Nothing here changes anything."""

from collections.abc import Collection, Iterator
from datetime import datetime

from services.supervision.domain.case import Case, CaseState
from services.supervision.domain.errors import OutsideYourUnit
from services.supervision.domain.explanation import explain
from services.supervision.domain.incident import Incident
from services.supervision.domain.look_back import LookBack
from services.supervision.domain.waits import HOLDING, LOOKING_BACK, OF_INCIDENTS, OF_REQUESTS, REVIEWING
from services.supervision.schemas.replies import (
    CaseReply,
    CasesReply,
    ExplainClockReply,
    PendingReply,
    TimelineReply,
    case_line,
    case_reply,
    clock_line,
    pending_line,
    timeline_line,
)
from services.supervision.schemas.requests import ExplainClock, GetCase, GetTimeline, ListCases, ListPending, Status
from services.supervision.storage.repository import SupervisionStore
from shared.bus.moment import Moment
from shared.bus.rpc.my_work import ListMyWork, MyWorkReply, WaitPart, my_work, waits_for
from shared.contracts.vocabulary import ClockKind
from shared.requests import deciding
from shared.requests import messages as asked
from shared.requests.request import Request, RequestState
from shared.units import Tier
from shared.waits import Wait


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


def get_request(work: SupervisionStore, request: asked.GetRequest, at: Moment) -> asked.RequestReply:
    """What was asked and decided, for whoever may see the case, and for who decides."""
    one = work.requests.get(request.request_id)
    if not at.caller.may_act_in(one.decided_in):
        _case(work, one.about, at)
    return asked.request_reply(one)


def list_requests(work: SupervisionStore, request: asked.ListRequests, at: Moment) -> asked.RequestsReply:
    """What is to be decided in a unit and inside it."""
    if not at.caller.may_act_in(request.unit_code):
        raise OutsideYourUnit(f"{request.unit_code} is outside {at.caller.unit}", {"unit_code": ["Outside your unit."]})
    units = work.units(at.now).ever_inside(request.unit_code)
    return deciding.listed(work, units, open_only=request.open_only, most=request.most)


def list_pending(work: SupervisionStore, request: ListPending, at: Moment) -> PendingReply:
    """What can't be solved now, each with why, plan, owner, approval and day of review."""
    if not at.caller.may_act_in(request.unit_code):
        raise OutsideYourUnit(f"{request.unit_code} is outside {at.caller.unit}", {"unit_code": ["Outside your unit."]})
    cases = work.cases.list_pending_in(work.units(at.now).ever_inside(request.unit_code), request.most)
    work.requests.load(case.pending for case in cases)
    return PendingReply(issues=[pending_line(case, work.requests.get(case.pending)) for case in cases])


def list_my_work(work: SupervisionStore, request: ListMyWork, at: Moment) -> MyWorkReply:
    """A leader's the cases that their unit holds; and the incidents and look-backs in their unit that are theirs."""
    caller, units = at.caller, work.units(at.now)
    own = caller.unit or ""
    waits: list[WaitPart] = []
    if caller.is_any_of(HOLDING.roles):
        held = [own, *(one.code for one in units.children_of(own) if one.tier is Tier.GRID)]
        waits += _held(work, held, request.most)
    inside = units.ever_inside(own)
    kinds = [kind for kind, wait in OF_INCIDENTS.items() if caller.is_any_of(wait.roles)]
    waits += _of_incidents(work, work.incidents.list_open_in(inside, kinds, request.most))
    if caller.is_any_of({role for wait in OF_REQUESTS.values() for role in wait.roles}):
        waits += _to_decide(work, work.requests.list_in(inside, [RequestState.ASKED], request.most), at)
    if caller.is_any_of(REVIEWING.roles):
        due = work.cases.list_pending_in(inside, request.most, until=at.now)
        waits += [_waiting(REVIEWING, case.pending, case, case.review_at) for case in due]
    if caller.is_any_of(LOOKING_BACK.roles):
        waits += _to_look_back(work, work.look_backs.list_due_in(inside, request.most))
    return my_work(waits, request.most)


def _of_incidents(work: SupervisionStore, incidents: Collection[Incident]) -> list[WaitPart]:
    """They are due at once, and say what happened."""
    work.cases.load(one.issue_id for one in incidents)
    cases = ((one, work.cases.get(one.issue_id)) for one in incidents)
    return [
        _waiting(OF_INCIDENTS[one.kind], one.id, case, one.opened_at, title=f"{case.title}:{one.reason}")
        for one, case in cases
    ]


def _to_decide(work: SupervisionStore, asked: Collection[Request], at: Moment) -> list[WaitPart]:
    """What their roles decide, but for what they asked for themselves."""
    others = (one for one in asked if not one.is_asked_by(at.caller))
    theirs = [one for one in others if at.caller.is_any_of(OF_REQUESTS[one.wants].roles)]
    work.cases.load(one.about for one in theirs)
    cases = [(one, work.cases.get(one.about)) for one in theirs]
    return [_waiting(OF_REQUESTS[one.wants], one.id, case, one.decide_by) for one, case in cases]


def _to_look_back(work: SupervisionStore, look_backs: Collection[LookBack]) -> list[WaitPart]:
    work.cases.load(one.issue_id for one in look_backs)
    return [_waiting(LOOKING_BACK, one.id, work.cases.get(one.issue_id), one.due_at) for one in look_backs]


def _held(work: SupervisionStore, units: Collection[str], most: int) -> list[WaitPart]:
    """Cases that wait for their holder, each with the instant at which its tier's clock runs out."""
    found = [case for case in work.cases.list_in(units, CaseState.OPEN, most) if case.handled_at is None]
    due = {clock.issue_id: clock.due_at for clock in work.clocks.list_counting(case.issue_id for case in found)}
    return [_waiting(HOLDING, case.issue_id, case, due.get(case.issue_id)) for case in found]


def _waiting(wait: Wait, about: str, case: Case, due_at: datetime | None, *, title: str = "") -> WaitPart:
    state = case.state.value
    return waits_for(wait, about=about, title=title or case.title, unit_code=case.unit_code, state=state, due_at=due_at)


def _case(work: SupervisionStore, issue_id: str, at: Moment) -> Case:
    """A case that the caller may see."""
    case = work.cases.get(issue_id)
    if not any(at.caller.may_act_in(unit) for unit in _ever_with(work, case)):
        raise OutsideYourUnit(f"{issue_id} has never been in {at.caller.unit}")
    return case


def _ever_with(work: SupervisionStore, case: Case) -> Iterator[str]:
    """Who held it by mistake as well: they had a tier's clock, which is looked up for nobody else."""
    yield from (case.unit_code, case.origin_unit, *case.came_from)
    yield from (clock.unit_code for clock in work.clocks.of(issue_id=case.issue_id) if clock.kind is ClockKind.TIER)
