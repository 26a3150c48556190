"""What a correction of an order, or another dispatch of it, does to the case of its issue: the right holder and limit.

A correction lets time go on; another dispatch ends the clock of the one before and begins its own.
"""

from services.supervision.domain.case import Case
from services.supervision.domain.clock import Clock
from services.supervision.domain.timeline import SERVICE
from services.supervision.storage.repository import SupervisionStore
from services.supervision.use_cases import clocks, pending
from services.supervision.use_cases.cases import alarm_anew, raise_class, take_over
from services.supervision.use_cases.timeline import announce
from shared.bus.moment import Moment
from shared.contracts.intake import ComplaintCorrectedV1
from shared.contracts.orders import ComplaintRedispatchedV1
from shared.contracts.supervision import ClockCorrectedV1, IssueReassignedV1

THE_HOTLINE = "hotline"
Placed = ComplaintCorrectedV1 | ComplaintRedispatchedV1


def reassign(work: SupervisionStore, case: Case, event: ComplaintCorrectedV1, at: Moment) -> None:
    """Nothing, where the issue began as it is said to be, or is closed."""
    is_so = (case.origin_unit, case.category, case.sla_class) == (event.to_unit, event.category, event.sla_class)
    if is_so or not case.is_open:
        return
    from_unit, was_urgent = case.unit_code, case.sla_class.is_urgent
    if event.sla_class is not case.sla_class:
        _correct_limit(work, case, event, at)
    _correct(case, event)
    if event.sla_class.is_urgent and not was_urgent:
        pending.take_off(work, case, f"更正为紧急:{event.reason}", at, by=event.corrected_by)
    if event.to_unit != event.from_unit:
        _give_to_right_unit(work, case, event, f"更正承办单位:{event.reason}", at)
        clock = _clock_of(work, case, event)
        if clock.is_handled_alone:  # in the wrong hands
            clocks.go_on(work, clock, at, since=event.corrected_at, by=SERVICE)
    clocks.fit_holder(work, case, at, since=event.corrected_at, reason="工单更正", order_no=event.order_no)
    announce(work, _reassigned(work, case, from_unit, event, at), at)
    pending.tell_new_holder(work, case, at)
    alarm_anew(work, case, event, at, was_urgent=was_urgent)


def redispatch(work: SupervisionStore, case: Case, event: ComplaintRedispatchedV1, at: Moment) -> None:
    """The second time changes nothing. Where other orders are in the issue, they and its holder go on as they were."""
    before = clocks.resident_clocks(work, case, [event.order_no])
    if not case.is_open or any((clock.dispatch_no or 0) >= event.dispatch_no for clock in before):
        return
    for clock in before:
        clocks.end_dispatch(work, clock, event.reason, at)
    clocks.start_resident_clock(work, case, event, at)
    if [clock.order_no for clock in clocks.resident_clocks(work, case)] != [event.order_no]:
        clocks.fit_holder(work, case, at, since=event.redispatched_at, reason="重新派单", order_no=event.order_no)
        raise_class(work, case, event, at)
        return
    from_unit, was_urgent = case.unit_code, case.sla_class.is_urgent
    _correct(case, event)
    pending.take_off(work, case, event.reason, at, by=THE_HOTLINE)
    if event.to_unit != event.from_unit:
        _give_to_right_unit(work, case, event, event.reason, at)
        announce(work, _reassigned(work, case, from_unit, event, at), at)
    elif case.handled_at is not None:
        case.handled_at = None
        clocks.stop_waiting(work, case, at, since=event.redispatched_at)
    clocks.fit_holder(work, case, at, since=event.redispatched_at, reason="重新派单", order_no=event.order_no)
    alarm_anew(work, case, event, at, was_urgent=was_urgent)


def _correct(case: Case, event: Placed) -> None:
    case.correct(
        event.to_unit,
        category=event.category,
        title=event.title,
        sla_class=event.sla_class,
        route=event.route,
    )
    case.respondents = event.respondents


def _give_to_right_unit(work: SupervisionStore, case: Case, event: Placed, why: str, at: Moment) -> None:
    case.reassign(work.units(at.now).heir_of(event.to_unit), at=at.now)
    take_over(work, case, why, at)


def _correct_limit(work: SupervisionStore, case: Case, event: ComplaintCorrectedV1, at: Moment) -> None:
    """The resident's clock counts on from its start, with the budget of the right class and what it was extended by."""
    clock = _clock_of(work, case, event)
    budget = event.due_at - clock.started_at - clock.ledger.extended
    withdrawn = clock.correct(budget, now=at.now, marks=clocks.marks_of(clock, at))
    if withdrawn:
        marks = [mark.value for mark in withdrawn]
        told = ClockCorrectedV1(**clocks.whose(clock), withdrawn=marks, reason=event.reason, corrected_at=at.now)
        announce(work, told, at)
    clock.sla_class = event.sla_class
    clocks.arm(work, clock, at)


def _clock_of(work: SupervisionStore, case: Case, event: Placed) -> Clock:
    """Of the order in question, which is the only one of the issue."""
    (clock,) = clocks.resident_clocks(work, case, [event.order_no])
    return clock


def _reassigned(work: SupervisionStore, case: Case, from_unit: str, event: Placed, at: Moment) -> IssueReassignedV1:
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
        reassigned_by=event.corrected_by if isinstance(event, ComplaintCorrectedV1) else THE_HOTLINE,
        reassigned_at=at.now,
    )
