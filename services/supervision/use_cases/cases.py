"""A case from its opening to its end, and open again: what changes its holder's clocks and its look-backs."""

from dataclasses import replace
from datetime import datetime

from services.supervision.domain.case import Case
from services.supervision.domain.clock import Clock
from services.supervision.domain.look_back import look_backs_after
from services.supervision.domain.timeline import SERVICE, entry
from services.supervision.storage.repository import SupervisionStore
from services.supervision.use_cases import asking, clocks, pending
from services.supervision.use_cases.incidents import end_incidents
from services.supervision.use_cases.timeline import announce
from shared.bus.moment import Moment
from shared.bus.timers.timers import Due
from shared.contracts.alarms import IssueAlarmedV1
from shared.contracts.intake import ComplaintCorrectedV1, ComplaintLinkedV1, IssueRaisedV1
from shared.contracts.orders import ComplaintRedispatchedV1
from shared.contracts.supervision import IssueClosedV1, IssueReopenedV1
from shared.contracts.vocabulary import IncidentKind, Outcome
from shared.directory.ending import UNIT_END, heirs_of

Placed = IssueRaisedV1 | ComplaintLinkedV1 | ComplaintCorrectedV1 | ComplaintRedispatchedV1
LOOK_BACK = "look_back"
MOST_AT_ONCE = 500
"""Cases that leave a unit that has ended, in one transaction."""


def open_case(work: SupervisionStore, event: IssueRaisedV1, at: Moment) -> None:
    """A case with the clocks of its first order, if it has one, and of its holder."""
    case = _case_of(event, work.units(at.now).heir_of(event.unit_code))
    work.cases.add(case)
    work.clocks.none_of("issue_id", case.issue_id)
    clocks.start_resident_clock(work, case, event, at)
    alarm_anew(work, case, event, at, was_urgent=False)
    clocks.start_tier_clock(work, case, at, started_at=event.raised_at)


def raise_class(work: SupervisionStore, case: Case, event: Placed, at: Moment) -> None:
    """An order has come in: the case is as urgent as that, or more."""
    was_urgent = case.sla_class.is_urgent
    case.become([case.sla_class, event.sla_class])
    alarm_anew(work, case, event, at, was_urgent=was_urgent)


def alarm_anew(work: SupervisionStore, case: Case, event: Placed, at: Moment, *, was_urgent: bool) -> None:
    """Tell at once that something urgent came up, and where; not while something else is urgent there already."""
    if was_urgent or not case.sla_class.is_urgent:
        return
    alarm = IssueAlarmedV1(
        issue_id=case.issue_id,
        unit_code=case.unit_code,
        order_no=event.order_no,
        title=case.title,
        publicity=case.publicity,
        respondents=case.respondents,
        category=case.category,
        sla_class=case.sla_class,
        due_at=event.due_at,
        alarmed_at=at.now,
    )
    announce(work, alarm, at)


def settle_class(work: SupervisionStore, case: Case) -> None:
    """An order has ended or left: the others say how urgent the issue is."""
    running = (one for one in clocks.resident_clocks(work, case) if not one.is_over)
    case.become(one.sla_class for one in running if one.sla_class is not None)


def close(work: SupervisionStore, case: Case, outcome: Outcome, at: Moment) -> None:
    """The clocks stop, the end is announced, and look-backs are planned."""
    is_met = outcome not in (Outcome.UNSOLVED, Outcome.WITHDRAWN)
    end_incidents(work, case, IncidentKind.UNSCHEDULABLE, f"结案:{outcome.value}", at)
    clocks.close_clocks(work, case, at, is_met=is_met, reason=f"结案:{outcome.value}")
    asking.end_open(work, case, f"结案:{outcome.value}", at)
    case.close(outcome, at=at.now)
    pending.take_off(work, case, f"结案:{outcome.value}", at, by=SERVICE)
    event = IssueClosedV1(issue_id=case.issue_id, unit_code=case.unit_code, outcome=outcome, closed_at=at.now)
    announce(work, event, at)
    if outcome is Outcome.WITHDRAWN:
        return
    for look_back in look_backs_after(case, at.policy_in(case.unit_code).look_back.after, at=at.now):
        work.look_backs.add(look_back)
        work.timers.set(LOOK_BACK, look_back.id, look_back.due_at, subject=case.issue_id)


def end_if_done(work: SupervisionStore, case: Case, at: Moment) -> None:
    """Of what no order is about, nobody is asked: it ends with its tasks."""
    if case.is_open and case.handled_at is not None and case.is_without_orders:
        close(work, case, Outcome.DONE, at)


def reopen(work: SupervisionStore, case: Case, reason: str, at: Moment, *, since: datetime, order_no: str = "") -> None:
    """Open again higher up. The residents' clocks count on from where they stood, `since` the relapse was told.

    Look-backs ahead are dropped. `order_no` is the order whose caller came back: its clock alone goes on.
    """
    tiers_up = at.policy_in(case.unit_code).look_back.relapse_tiers_up
    from_unit = case.reopen(work.units(at.now), tiers_up=tiers_up, at=at.now)
    _drop_look_backs(work, case, at)
    of_orders = clocks.resident_clocks(work, case, [order_no] if order_no else None)
    for resident in of_orders:
        resident.relapse(at=since, by=SERVICE, reason=reason)
    tier_clock = take_over(work, case, "反弹重开", at)
    for resident in of_orders:
        clocks.arm(work, resident, at)
    announce(work, replace(_reopened(case, from_unit, reason, tier_clock, at), order_no=order_no), at)


def begin_again(work: SupervisionStore, case: Case, reason: str, at: Moment) -> None:
    """The same holder starts over, as the district may decide at an incident."""
    case.begin_again(at=at.now)
    tier_clock = take_over(work, case, "重新办理", at)
    announce(work, _reopened(case, case.unit_code, reason, tier_clock, at), at)


def take_over(work: SupervisionStore, case: Case, why: str, at: Moment) -> Clock:
    """The holder has changed: the old tier's clock ends, the new one's begins, the residents' go on and warn it."""
    end_incidents(work, case, IncidentKind.UNSCHEDULABLE, why, at)
    clocks.end_tier_clock(work, case, why, at)
    clocks.pass_to_holder(work, case, at)
    clocks.stop_waiting(work, case, at, since=at.now)
    clock = clocks.start_tier_clock(work, case, at, started_at=at.now)
    pending.rest(work, case, at)
    return clock


def leave_ended_unit(work: SupervisionStore, due: Due, at: Moment) -> None:
    """A unit has ended: what came after it holds its open cases. So many at once, then the rest."""
    heir = heirs_of(work, [due], at).get(due.ref)
    if heir is None:
        return
    left = work.cases.ids_left_in([due.ref], MOST_AT_ONCE)
    work.cases.lock_all(left)
    work.clocks.load_of("issue_id", left)
    for issue_id in left:
        case = work.cases.lock(issue_id)
        if case.is_open and case.unit_code == due.ref:
            pass_to_heir(work, case, heir, at)
    if len(left) == MOST_AT_ONCE:
        work.timers.set(UNIT_END, due.ref, at.now, subject=due.ref)


def pass_to_heir(work: SupervisionStore, case: Case, heir: str, at: Moment) -> None:
    """The holding goes on with its clocks: what time is left to the unit that ended is left to its successor."""
    facts = {"from_unit": case.unit_code, "to_unit": heir}
    case.pass_to_heir(heir)
    for clock in clocks.running_clocks(work, case):
        clock.unit_code = heir
        clocks.arm(work, clock, at)
    said = entry(case.issue_id, at=at.now, kind="holder_replaced", actor=SERVICE, unit_code=heir, facts=facts)
    work.timeline.add(said)


def _drop_look_backs(work: SupervisionStore, case: Case, at: Moment) -> None:
    for look_back in work.look_backs.of(issue_id=case.issue_id):
        if look_back.is_ahead:
            look_back.dropped_at = at.now
            work.timers.cancel(LOOK_BACK, look_back.id)


def _reopened(case: Case, from_unit: str, reason: str, tier_clock: Clock, at: Moment) -> IssueReopenedV1:
    return IssueReopenedV1(
        issue_id=case.issue_id,
        from_unit=from_unit,
        to_unit=case.unit_code,
        to_tier=case.tier.value,
        relapse=case.relapses,
        reason=reason,
        route=case.route,
        title=case.title,
        publicity=case.publicity,
        respondents=case.respondents,
        category=case.category,
        due_at=tier_clock.due_at,
        reopened_at=at.now,
    )


def _case_of(event: IssueRaisedV1, holder: str) -> Case:
    return Case(
        issue_id=event.issue_id,
        order_no=event.order_no,
        title=event.title,
        publicity=event.publicity,
        respondents=event.respondents,
        category=event.category,
        request_kind=event.request_kind,
        sla_class=event.sla_class,
        dispatch_kind=event.dispatch_kind,
        origin_unit=event.unit_code,
        unit_code=holder,
        route=event.route,
        raised_at=event.raised_at,
        held_since=event.raised_at,
        concerned=[event.unit_code],
        origin=event.origin,
    )
