"""Clocks: starting, striking and arming them, and what a supervisor may do to one."""

from datetime import datetime, timedelta
from typing import Any

from services.supervision.domain.case import Case
from services.supervision.domain.clock import Clock, ClockState, Mark, Marks
from services.supervision.domain.errors import ClockForbids, ExtensionUsedUp, OutsideYourUnit, UnknownClock
from services.supervision.domain.ledger import Ledger
from services.supervision.domain.timeline import SERVICE
from services.supervision.use_cases.announcing import announce
from shared.auth import Caller
from shared.contracts.supervision import (
    ClockBreachedV1,
    ClockExtendedV1,
    ClockMetV1,
    ClockPausedV1,
    ClockResumedV1,
    ClockStartedV1,
    ClockWarnedV1,
    SupervisionOrderedV1,
)
from shared.contracts.vocabulary import ClockKind, WarningLevel
from shared.units import ancestors_of

TIMER = "clock"
AWAITING = "办结后等待回访评价"
"""Why clocks rest after an issue was handled: it is the residents' turn to answer."""


def start_resident_clock(
    work: Any, case: Case, *, started_at: datetime, limit: timedelta, policies: Any, now: datetime
) -> Clock:
    """Counts from dispatch. There is one in the life of an issue."""
    return _start(work, case, case.resident_clock_id, ClockKind.RESIDENT, started_at, limit, policies, now)


def start_tier_clock(work: Any, case: Case, *, started_at: datetime, policies: Any, now: datetime) -> Clock | None:
    """A new one for every holder; None at the district, which can't hand on."""
    case.tier_clocks += 1
    limit = policies.at(now, case.unit_code).escalation.after(case.tier)
    if limit is None:
        return None
    return _start(work, case, case.tier_clock_id, ClockKind.TIER, started_at, limit, policies, now)


def holder_due_at(case: Case, tier_clock: Clock | None, *, policies: Any, now: datetime) -> datetime:
    """Until when a new holder has time: its tier clock's due time; the district has the longest limit there is."""
    if tier_clock is not None:
        return tier_clock.due_at
    limit: timedelta = policies.at(now, case.unit_code).sla.limit("complex")
    return now + limit


def running_clocks(work: Any, case: Case) -> list[Clock]:
    """The resident's and the present holder's."""
    found = (work.clocks.find(case.resident_clock_id), work.clocks.find(case.tier_clock_id))
    return [clock for clock in found if clock is not None]


def arm(work: Any, clock: Clock, *, policies: Any, now: datetime) -> None:
    """Have the clock looked at when it next has something to say."""
    next_at = clock.next_mark_at(marks_of(clock, policies, now))
    if next_at is None:
        work.timers.cancel(TIMER, clock.id)
    else:
        work.timers.set(TIMER, clock.id, next_at)


def strike(work: Any, clock: Clock, *, policies: Any, now: datetime) -> list[Mark]:
    """Say what the clock has reached, once."""
    made = clock.strike(now, marks_of(clock, policies, now))
    for mark in made:
        announce(work, _mark_event(clock, mark, now), now=now)
    return made


def hold(work: Any, clock: Clock, *, at: datetime, by: str, reason: str, policies: Any, now: datetime) -> None:
    """Put a clock on hold. One that rests already stays as it is."""
    if clock.pause(at=at, by=by, reason=reason):
        announce(
            work,
            ClockPausedV1(clock_id=clock.id, issue_id=clock.issue_id, reason=reason, paused_by=by, paused_at=at),
            now=now,
        )
        arm(work, clock, policies=policies, now=now)


def go_on(work: Any, clock: Clock, *, at: datetime, by: str, policies: Any, now: datetime, reason: str = "") -> None:
    """Let a clock on hold count again. A counting or closed one stays as it is."""
    if clock.resume(at=at, by=by, reason=reason):
        announce(
            work,
            ClockResumedV1(
                clock_id=clock.id, issue_id=clock.issue_id, resumed_by=by, resumed_at=at, due_at=clock.due_at
            ),
            now=now,
        )
        arm(work, clock, policies=policies, now=now)


def stop_waiting(work: Any, case: Case, *, at: datetime, policies: Any, now: datetime) -> None:
    """The residents' answer is no longer waited for. What a supervisor put on hold stays on hold."""
    for clock in running_clocks(work, case):
        if clock.ledger.current.by == SERVICE:
            go_on(work, clock, at=at, by=SERVICE, policies=policies, now=now)


def extend_holder(work: Any, case: Case, due_at: datetime, reason: str, *, policies: Any, now: datetime) -> None:
    """Give the present holder time until `due_at`, if that is later than what it has."""
    clock = work.clocks.find(case.tier_clock_id)
    if clock is not None and clock.extend_to(due_at, at=now, by=SERVICE, reason=reason):
        _announce_extension(work, clock, reason, SERVICE, policies, now)


def end_tier_clock(work: Any, case: Case, reason: str, *, now: datetime) -> None:
    clock = work.clocks.find(case.tier_clock_id)
    if clock is not None:
        clock.end(at=now, by=SERVICE, reason=reason)
        work.timers.cancel(TIMER, clock.id)


def close_clocks(work: Any, case: Case, *, is_met: bool, reason: str, policies: Any, now: datetime) -> None:
    """All clocks of the issue stop. What they still had to say they say first."""
    for clock in running_clocks(work, case):
        strike(work, clock, policies=policies, now=now)
        work.timers.cancel(TIMER, clock.id)
        if not is_met:
            clock.end(at=now, by=SERVICE, reason=reason)
        elif clock.meet(at=now, by=SERVICE, reason=reason):
            announce(work, ClockMetV1(**_whose(clock), met_at=now), now=now)


def pause_clock(work: Any, request: Any, *, by: Caller, policies: Any, now: datetime) -> Clock:
    """Put a clock on hold. Pausing a paused clock changes nothing. Raises ClockForbids once it is over."""
    clock = _clock_to_change(work, request.clock_id, by, policies, now)
    if clock.state not in (ClockState.COUNTING, ClockState.PAUSED):
        raise ClockForbids(f"{clock.id} is {clock.state.value} and can't be put on hold")
    hold(work, clock, at=now, by=by.subject, reason=request.reason, policies=policies, now=now)
    return clock


def resume_clock(work: Any, request: Any, *, by: Caller, policies: Any, now: datetime) -> Clock:
    """Let it count again. Raises ClockForbids while the residents' answer is waited for."""
    clock = _clock_to_change(work, request.clock_id, by, policies, now)
    if clock.state is ClockState.PAUSED and clock.ledger.current.by == SERVICE:
        raise ClockForbids(f"{clock.id} waits for the residents' answer and goes on by itself")
    go_on(work, clock, at=now, by=by.subject, reason=request.reason, policies=policies, now=now)
    return clock


def extend_clock(work: Any, request: Any, *, by: Caller, policies: Any, now: datetime) -> Clock:
    """Give more time, as much and as often as the policy says. Raises ClockForbids or ExtensionUsedUp."""
    clock = _clock_to_change(work, request.clock_id, by, policies, now)
    rule = policies.at(now, clock.unit_code).extension
    granted = [extension for extension in clock.ledger.extensions if extension.by != SERVICE]
    if clock.state not in (ClockState.COUNTING, ClockState.PAUSED):
        raise ClockForbids(f"{clock.id} is {clock.state.value} and can't be extended")
    if len(granted) >= rule.times:
        raise ExtensionUsedUp(f"{clock.id} was extended by {', '.join(one.by for one in granted) or 'nobody'} already")
    due_at = clock.due_at + rule.granted_for(clock.ledger.budget)
    clock.extend_to(due_at, at=now, by=by.subject, reason=request.reason)
    _announce_extension(work, clock, request.reason, by.subject, policies, now)
    return clock


def marks_of(clock: Clock, policies: Any, now: datetime) -> Marks:
    policy = policies.at(now, clock.unit_code)
    is_resident = clock.kind is ClockKind.RESIDENT
    return Marks(
        yellow_ratio=policy.warnings.yellow_ratio,
        red_ratio=policy.warnings.red_ratio,
        overdue=policy.supervision_order.overdue if is_resident else None,
    )


def _start(
    work: Any,
    case: Case,
    clock_id: str,
    kind: ClockKind,
    at: datetime,
    limit: timedelta,
    policies: Any,
    now: datetime,
) -> Clock:
    version = policies.at(now, case.unit_code).version
    ledger = Ledger.begin(at=at, budget=limit, rule_version=version, by=SERVICE)
    clock = Clock(id=clock_id, issue_id=case.issue_id, unit_code=case.unit_code, kind=kind, ledger=ledger)
    work.clocks.add(clock)
    announce(work, ClockStartedV1(**_whose(clock), started_at=at, due_at=clock.due_at), now=now)
    arm(work, clock, policies=policies, now=now)
    return clock


def _mark_event(clock: Clock, mark: Mark, now: datetime) -> Any:
    if mark is Mark.BREACH:
        return ClockBreachedV1(**_whose(clock), due_at=clock.due_at, breached_at=now)
    if mark is Mark.ORDER:
        return SupervisionOrderedV1(
            issue_id=clock.issue_id, unit_code=clock.unit_code, overdue_since=clock.due_at, ordered_at=now
        )
    return ClockWarnedV1(**_whose(clock), level=WarningLevel(mark.value), due_at=clock.due_at, warned_at=now)


def _announce_extension(work: Any, clock: Clock, reason: str, by: str, policies: Any, now: datetime) -> None:
    event = ClockExtendedV1(
        clock_id=clock.id,
        issue_id=clock.issue_id,
        reason=reason,
        extended_by=by,
        extended_at=now,
        due_at=clock.due_at,
    )
    announce(work, event, now=now)
    arm(work, clock, policies=policies, now=now)


def _clock_to_change(work: Any, clock_id: str, by: Caller, policies: Any, now: datetime) -> Clock:
    """Locks its case first, as all who change an issue do. Only a unit above may change the time of a unit."""
    work.cases.find(clock_id.rpartition("/")[0])
    clock: Clock | None = work.clocks.find(clock_id)
    if clock is None:
        raise UnknownClock(f"no clock has the id {clock_id!r}", {"clock_id": ["Unknown clock."]})
    above = (clock.unit_code, *ancestors_of(clock.unit_code))
    tiers_up = policies.at(now, clock.unit_code).extension.approved_tiers_up
    approver = above[min(tiers_up, len(above) - 1)]
    if not by.may_act_in(approver):
        raise OutsideYourUnit(f"the time of {clock.unit_code} is changed by {approver} or above, not by {by.unit}")
    return clock


def _whose(clock: Clock) -> dict[str, Any]:
    return {"clock_id": clock.id, "issue_id": clock.issue_id, "unit_code": clock.unit_code, "kind": clock.kind}
