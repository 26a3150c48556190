"""Clocks: starting, striking and arming them, and what a supervisor may do to one.

A clock is guarded by the lock on its case; whoever changes one has locked the case before.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from services.supervision.domain.case import Case, issue_of
from services.supervision.domain.clock import Clock, ClockState, Mark, Marks
from services.supervision.domain.errors import ClockForbids, OutsideYourUnit
from services.supervision.domain.ledger import Ledger
from services.supervision.domain.timeline import SERVICE
from services.supervision.schemas.replies import ClockReply, clock_reply
from services.supervision.schemas.requests import PauseClock, ResumeClock
from services.supervision.storage.repository import SupervisionStore
from services.supervision.use_cases.timeline import announce
from shared.bus.moment import Moment
from shared.contracts import Event
from shared.contracts.alarms import ClockLateV1, SupervisionOrderedV1
from shared.contracts.intake import ComplaintLinkedV1, IssueRaisedV1
from shared.contracts.orders import ComplaintRedispatchedV1
from shared.contracts.supervision import (
    ClockBreachedV1,
    ClockEndedV1,
    ClockExtendedV1,
    ClockFittedV1,
    ClockMetV1,
    ClockPausedV1,
    ClockResumedV1,
    ClockStartedV1,
    ClockWarnedV1,
)
from shared.contracts.vocabulary import ClockKind, Outcome, SlaClass, WarningLevel

Dispatched = IssueRaisedV1 | ComplaintLinkedV1 | ComplaintRedispatchedV1
TIMER = "clock"
AWAITING = "办结后等待回访评价"
"""Why clocks rest after an issue was handled: it is the residents' turn to answer."""
GOES_ON = "恢复计时"


def pause_clock(work: SupervisionStore, request: PauseClock, at: Moment) -> ClockReply:
    """Put a clock on hold. Pausing a paused clock changes nothing. Raises ClockForbids once it is over."""
    clock = _clock_to_change(work, request.clock_id, at)
    if clock.state not in (ClockState.COUNTING, ClockState.PAUSED):
        raise ClockForbids(f"{clock.id} is {clock.state.value} and can't be put on hold")
    hold(work, clock, at, since=at.now, by=at.caller.subject, reason=request.reason)
    fit_holder(work, work.cases.get(clock.issue_id), at, since=at.now, reason=request.reason)
    return clock_reply(clock, at.now)


def resume_clock(work: SupervisionStore, request: ResumeClock, at: Moment) -> ClockReply:
    """Let it count again. Raises ClockForbids while the residents' answer is waited for."""
    clock = _clock_to_change(work, request.clock_id, at)
    if clock.state is ClockState.PAUSED and clock.ledger.current.by == SERVICE:
        raise ClockForbids(f"{clock.id} waits for the residents' answer and goes on by itself")
    go_on(work, clock, at, since=at.now, by=at.caller.subject, reason=request.reason)
    fit_holder(work, work.cases.get(clock.issue_id), at, since=at.now, reason=request.reason)
    return clock_reply(clock, at.now)


def start_resident_clock(work: SupervisionStore, case: Case, event: Dispatched, at: Moment) -> None:
    """Counts from dispatch, however late the order joins. There is one in the life of each dispatch of an order."""
    case.resident_clocks += 1
    limit = event.due_at - event.dispatched_at
    clock = _clock_of(case, at, case.resident_clock_id, ClockKind.RESIDENT, event.dispatched_at, limit)
    clock.order_no, clock.sla_class, clock.joined_at = event.order_no, event.sla_class, joined_at(event)
    clock.dispatch_no = event.dispatch_no if event.order_no else None
    _start(work, clock, at)
    arrived_at = event.redispatched_at if isinstance(event, ComplaintRedispatchedV1) else event.received_at
    if arrived_at is not None and clock.due_at <= arrived_at:
        clock.late_at = arrived_at
        announce(work, ClockLateV1(**whose(clock), due_at=clock.due_at, late_at=arrived_at), at)
        arm(work, clock, at)


def start_tier_clock(work: SupervisionStore, case: Case, at: Moment, *, started_at: datetime) -> Clock:
    """A new one for every holder, the district too: the policy's time, and no longer than what its orders need."""
    case.tier_clocks += 1
    limit = at.policy_in(case.unit_code).escalation.after(case.tier)
    clock = _clock_of(case, at, case.tier_clock_id, ClockKind.TIER, started_at, limit)
    clock.fit(needs_of(work, clock, at), since=started_at)
    _start(work, clock, at)
    return clock


def fit_holder(
    work: SupervisionStore, case: Case, at: Moment, *, since: datetime, reason: str, order_no: str = ""
) -> None:
    """Orders came, went, or have other limits `since`: the present holder has as long as they need now."""
    clock = work.clocks.find(case.tier_clock_id)
    if clock is not None:
        _fit(work, clock, at, since=since, reason=reason, order_no=order_no)


def continue_tier_clock(work: SupervisionStore, case: Case, ended: Clock, at: Moment) -> None:
    """The holder that had lost the issue has it again: a clock of its own goes on where the ended one stood."""
    case.tier_clocks += 1
    clock = ended.begun_again(case.tier_clock_id)
    work.clocks.add(clock)
    _tell_started(work, clock, at)
    arm(work, clock, at)


def resident_clocks(work: SupervisionStore, case: Case, order_nos: Collection[str] | None = None) -> list[Clock]:
    """One for each order of the issue, or of these orders: that of its latest dispatch, also once it is over."""
    found = [one for one in work.clocks.of(issue_id=case.issue_id) if one.kind is ClockKind.RESIDENT]
    return [one for one in found if one.dispatch_ended_at is None and (order_nos is None or one.order_no in order_nos)]


def running_clocks(work: SupervisionStore, case: Case) -> list[Clock]:
    """The residents', each until its order has ended, and the present holder's."""
    tier = work.clocks.find(case.tier_clock_id)
    return [*(one for one in resident_clocks(work, case) if not one.is_over), *([tier] if tier is not None else [])]


def pass_to_holder(work: SupervisionStore, case: Case, at: Moment) -> None:
    """The residents' clocks go on, and warn the present holder. What was due by now they say to the one before."""
    for clock in resident_clocks(work, case):
        if not clock.is_over and strike(work, clock, at):
            arm(work, clock, at)
        clock.unit_code = case.unit_code


def count_on(work: SupervisionStore, case: Case, order_nos: Collection[str], at: Moment, *, since: datetime) -> None:
    """What was done for these orders was not enough: their clocks go on, also those of orders that had ended."""
    for clock in resident_clocks(work, case, order_nos):
        if clock.is_over:
            relapse(work, clock, at, since=since, by=SERVICE, reason="未解决")
        elif clock.ledger.current.by == SERVICE:
            go_on(work, clock, at, since=since, by=SERVICE)


def end_orders(
    work: SupervisionStore, case: Case, outcomes: Mapping[str, Outcome], at: Moment, *, handled_at: datetime
) -> None:
    """These orders end by what their callers said of a handling, whatever becomes of the issue: their clocks stop.

    But not that of a later dispatch.
    """
    for clock in resident_clocks(work, case, outcomes):
        if not clock.is_over and not clock.is_after(handled_at):
            outcome = outcomes[clock.order_no]
            close_clock(work, clock, at, is_met=outcome is not Outcome.UNSOLVED, reason=f"办结:{outcome.value}")


def joined_at(event: Dispatched) -> datetime:
    """When the order came into the issue, or went out again."""
    if isinstance(event, IssueRaisedV1):
        return event.raised_at
    return event.linked_at if isinstance(event, ComplaintLinkedV1) else event.redispatched_at


def arm(work: SupervisionStore, clock: Clock, at: Moment) -> None:
    """Have the clock looked at when it next has something to say."""
    next_at = clock.next_mark_at(marks_of(clock, at))
    if next_at is None:
        work.timers.cancel(TIMER, clock.id)
    else:
        work.timers.set(TIMER, clock.id, next_at, subject=clock.issue_id)


def strike(work: SupervisionStore, clock: Clock, at: Moment) -> list[Mark]:
    """Say what the clock has reached, once."""
    made = clock.strike(at.now, marks_of(clock, at))
    for mark in made:
        announce(work, _mark_event(clock, mark, at.now), at)
    return made


def hold(work: SupervisionStore, clock: Clock, at: Moment, *, since: datetime, by: str, reason: str) -> None:
    """Put a clock on hold. One that rests already stays as it is."""
    if clock.pause(at=since, by=by, reason=reason):
        event = ClockPausedV1(clock_id=clock.id, issue_id=clock.issue_id, reason=reason, paused_by=by, paused_at=since)
        announce(work, event, at)
        arm(work, clock, at)


def go_on(work: SupervisionStore, clock: Clock, at: Moment, *, since: datetime, by: str, reason: str = "") -> None:
    """Let a clock on hold count again. A counting or closed one stays as it is."""
    if clock.resume(at=since, by=by, reason=reason):
        _tell_resumed(work, clock, at, since=since, by=by)
        if clock.kind is ClockKind.TIER:
            _fit(work, clock, at, since=since, reason=reason or GOES_ON)


def end_dispatch(work: SupervisionStore, clock: Clock, reason: str, at: Moment) -> None:
    """Its order left the issue or went out again. What it still had to say it says first."""
    if not clock.is_over:
        strike(work, clock, at)
    work.timers.cancel(TIMER, clock.id)
    was_over = clock.is_over
    clock.end_dispatch(at=at.now, by=SERVICE, reason=reason)
    if not was_over:
        _tell_ended(work, clock, reason, at)


def relapse(work: SupervisionStore, clock: Clock, at: Moment, *, since: datetime, by: str, reason: str) -> None:
    """What it had ended with was not enough, or came undone: it counts on."""
    clock.relapse(at=since, by=by, reason=reason)
    _tell_resumed(work, clock, at, since=since, by=by)


def resume_holder(work: SupervisionStore, case: Case, at: Moment, *, since: datetime) -> None:
    """The holder is at work again. While the issue is on the pending list its clock rests nevertheless."""
    if case.is_pending:
        return
    clock = work.clocks.find(case.tier_clock_id)
    if clock is not None and clock.ledger.current.by == SERVICE:
        go_on(work, clock, at, since=since, by=SERVICE)


def stop_waiting(work: SupervisionStore, case: Case, at: Moment, *, since: datetime) -> None:
    """The residents' answer is no longer waited for. What a supervisor put on hold, or was handled alone, rests on."""
    if case.is_pending:
        return
    for clock in running_clocks(work, case):
        if clock.ledger.current.by == SERVICE and not clock.is_handled_alone:
            go_on(work, clock, at, since=since, by=SERVICE)


def give_holder_time(
    work: SupervisionStore, case: Case, at: Moment, *, since: datetime, due_at: datetime, reason: str
) -> None:
    """What was called or resolved at `since` is waited for: the present holder has until `due_at` at least."""
    clock = work.clocks.find(case.tier_clock_id)
    if clock is not None and clock.wait_until(due_at, since=since, by=SERVICE, reason=reason):
        _tell_extended(work, clock, at, by=SERVICE, reason=reason)


def extend_holder(work: SupervisionStore, case: Case, at: Moment, *, added: timedelta, by: str, reason: str) -> None:
    """Give the present holder so much more time, as far as its orders, which have more now, need it."""
    clock = work.clocks.find(case.tier_clock_id)
    if clock is None:
        return
    before = clock.due_at
    if clock.extend_to(before + added, at=at.now, by=by, reason=reason):
        clock.fit(needs_of(work, clock, at), since=at.now)
        if clock.due_at > before:
            _tell_extended(work, clock, at, by=by, reason=reason)


def extend(work: SupervisionStore, clock: Clock, at: Moment, *, due_at: datetime, by: str, reason: str) -> bool:
    """Give a clock time until `due_at`. False for one that has run out, was closed or has more: it stays as it is."""
    if not clock.extend_to(due_at, at=at.now, by=by, reason=reason):
        return False
    _tell_extended(work, clock, at, by=by, reason=reason)
    return True


def end_tier_clock(work: SupervisionStore, case: Case, reason: str, at: Moment) -> None:
    clock = work.clocks.find(case.tier_clock_id)
    if clock is not None and not clock.is_over:
        clock.end(at=at.now, by=SERVICE, reason=reason)
        work.timers.cancel(TIMER, clock.id)
        _tell_ended(work, clock, reason, at)


def close_clocks(work: SupervisionStore, case: Case, at: Moment, *, is_met: bool, reason: str) -> None:
    """All clocks of the issue stop. What they still had to say they say first."""
    for clock in running_clocks(work, case):
        close_clock(work, clock, at, is_met=is_met, reason=reason)


def close_clock(work: SupervisionStore, clock: Clock, at: Moment, *, is_met: bool, reason: str) -> None:
    """It stops, if it has not before; what it still had to say it says first."""
    strike(work, clock, at)
    work.timers.cancel(TIMER, clock.id)
    if clock.is_over:
        return
    if is_met and clock.meet(at=at.now, by=SERVICE, reason=reason):
        announce(work, ClockMetV1(**whose(clock), met_at=at.now), at)
        return
    clock.end(at=at.now, by=SERVICE, reason=reason)
    _tell_ended(work, clock, reason, at)


def marks_of(clock: Clock, at: Moment) -> Marks:
    policy = at.policy_in(clock.unit_code)
    is_resident = clock.kind is ClockKind.RESIDENT
    return Marks(
        yellow_ratio=policy.warnings.yellow_ratio,
        red_ratio=policy.warnings.red_ratio,
        overdue=policy.supervision_order.overdue if is_resident else None,
    )


def _clock_of(case: Case, at: Moment, clock_id: str, kind: ClockKind, started_at: datetime, limit: timedelta) -> Clock:
    version = at.policy_in(case.unit_code).version
    ledger = Ledger.begin(at=started_at, budget=limit, rule_version=version, by=SERVICE)
    return Clock(id=clock_id, issue_id=case.issue_id, unit_code=case.unit_code, kind=kind, ledger=ledger)


def _start(work: SupervisionStore, clock: Clock, at: Moment) -> None:
    work.clocks.add(clock)
    _tell_started(work, clock, at)
    arm(work, clock, at)


def _fit(
    work: SupervisionStore, holder: Clock, at: Moment, *, since: datetime, reason: str, order_no: str = ""
) -> None:
    """The order is told beside the reason, which everybody may see."""
    if holder.fit(needs_of(work, holder, at), since=since):
        event = ClockFittedV1(
            clock_id=holder.id,
            issue_id=holder.issue_id,
            reason=reason,
            order_no=order_no,
            fitted_at=at.now,
            due_at=holder.due_at,
        )
        announce(work, event, at)
        arm(work, holder, at)


def needs_of(work: SupervisionStore, holder: Clock, at: Moment) -> list[timedelta]:
    """How long each order of the issue that sets a bound lets its holder count."""
    clocks = work.clocks.of(issue_id=holder.issue_id)
    needs = (one.need_of(holder.ledger, _first_contact(one, at)) for one in clocks if one.order_no)
    return [one for one in needs if one is not None]


def _first_contact(clock: Clock, at: Moment) -> timedelta:
    """By the rule of its dispatch."""
    rule = at.policy_then(clock.started_at).first_contact
    return rule(clock.ledger.budget, clock.sla_class or SlaClass.GENERAL)


def _tell_started(work: SupervisionStore, clock: Clock, at: Moment) -> None:
    event = ClockStartedV1(
        **whose(clock), started_at=clock.started_at, due_at=clock.due_at, rule_version=clock.ledger.rule_version
    )
    announce(work, event, at)


def _tell_resumed(work: SupervisionStore, clock: Clock, at: Moment, *, since: datetime, by: str) -> None:
    event = ClockResumedV1(
        clock_id=clock.id, issue_id=clock.issue_id, resumed_by=by, resumed_at=since, due_at=clock.due_at
    )
    announce(work, event, at)
    arm(work, clock, at)


def _tell_extended(work: SupervisionStore, clock: Clock, at: Moment, *, by: str, reason: str) -> None:
    event = ClockExtendedV1(
        clock_id=clock.id,
        issue_id=clock.issue_id,
        order_no=clock.order_no,
        dispatch_no=clock.dispatch_no,
        reason=reason,
        extended_by=by,
        extended_at=at.now,
        due_at=clock.due_at,
    )
    announce(work, event, at)
    arm(work, clock, at)


def _tell_ended(work: SupervisionStore, clock: Clock, reason: str, at: Moment) -> None:
    announce(work, ClockEndedV1(**whose(clock), reason=reason, ended_at=at.now), at)


def _mark_event(clock: Clock, mark: Mark, now: datetime) -> Event:
    if mark is Mark.BREACH:
        return ClockBreachedV1(**whose(clock), due_at=clock.due_at, breached_at=now)
    if mark is Mark.ORDER:
        return SupervisionOrderedV1(
            issue_id=clock.issue_id, unit_code=clock.unit_code, overdue_since=clock.due_at, ordered_at=now
        )
    return ClockWarnedV1(**whose(clock), level=WarningLevel(mark.value), due_at=clock.due_at, warned_at=now)


def _clock_to_change(work: SupervisionStore, clock_id: str, at: Moment) -> Clock:
    """Only a unit above may change the time of a unit."""
    work.cases.find_and_lock(issue_of(clock_id))
    clock = work.clocks.get(clock_id)
    tiers_up = at.policy_in(clock.unit_code).extension.approved_tiers_up
    approver = work.units(at.now).so_far_up(clock.unit_code, tiers_up)
    if not at.caller.may_act_in(approver):
        raise OutsideYourUnit(
            f"the time of {clock.unit_code} is changed by {approver} or above, not by {at.caller.unit}"
        )
    return clock


def whose(clock: Clock) -> dict[str, Any]:
    """What every event of a clock says of it."""
    return {
        "clock_id": clock.id,
        "issue_id": clock.issue_id,
        "unit_code": clock.unit_code,
        "kind": clock.kind,
        "order_no": clock.order_no,
        "dispatch_no": clock.dispatch_no,
    }
