"""What a correction of an order does to the case of its issue: the right holder, the right limit, and time goes on."""

from services.supervision.domain.case import Case
from services.supervision.domain.clock import Clock
from services.supervision.storage.repository import SupervisionStore
from services.supervision.use_cases import clocks
from services.supervision.use_cases.cases import take_over
from services.supervision.use_cases.timeline import announce
from shared.bus.moment import Moment
from shared.contracts.intake import ComplaintCorrectedV1
from shared.contracts.supervision import ClockCorrectedV1, IssueReassignedV1


def reassign(work: SupervisionStore, case: Case, event: ComplaintCorrectedV1, at: Moment) -> None:
    """Nothing, where the issue began as it is said to be, or is closed."""
    is_so = (case.origin_unit, case.category, case.sla_class) == (event.to_unit, event.category, event.sla_class)
    if is_so or not case.is_open:
        return
    from_unit, to_unit = case.unit_code, work.units(at.now).heir_of(event.to_unit)
    if event.sla_class is not case.sla_class:
        _correct_limit(work, case, event, at)
    case.correct(
        event.to_unit,
        category=event.category,
        title=event.title,
        sla_class=event.sla_class,
        route=event.route,
    )
    case.respondents = event.respondents
    if event.to_unit != event.from_unit:
        case.reassign(to_unit, at=at.now)
        take_over(work, case, f"更正承办单位:{event.reason}", at)
    announce(work, _reassigned(work, case, from_unit, event, at), at)


def _correct_limit(work: SupervisionStore, case: Case, event: ComplaintCorrectedV1, at: Moment) -> None:
    """The resident's clock counts on from its start, with the budget of the right class and what it was extended by."""
    clock = _clock_of(work, case, event)
    budget = event.due_at - clock.started_at - clock.ledger.extended
    withdrawn = clock.correct(budget, now=at.now, marks=clocks.marks_of(clock, at))
    if withdrawn:
        marks = [mark.value for mark in withdrawn]
        told = ClockCorrectedV1(**clocks.whose(clock), withdrawn=marks, reason=event.reason, corrected_at=at.now)
        announce(work, told, at)
    clocks.arm(work, clock, at)


def _clock_of(work: SupervisionStore, case: Case, event: ComplaintCorrectedV1) -> Clock:
    """Of the corrected order, which is the only one of the issue."""
    (clock,) = clocks.resident_clocks(work, case, [event.order_no])
    return clock


def _reassigned(
    work: SupervisionStore, case: Case, from_unit: str, event: ComplaintCorrectedV1, at: Moment
) -> IssueReassignedV1:
    return IssueReassignedV1(
        issue_id=case.issue_id,
        from_unit=from_unit,
        to_unit=case.unit_code,
        title=case.title,
        publicity=case.publicity,
        respondents=case.respondents,
        category=case.category,
        sla_class=case.sla_class,
        route=case.route,
        reason=event.reason,
        due_at=_clock_of(work, case, event).due_at,
        reassigned_by=event.corrected_by,
        reassigned_at=at.now,
    )
