"""The escalation RPC: what street systems ask for. A preview decides exactly as the real thing, and changes nothing."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from services.supervision.domain.case import Case
from services.supervision.domain.clock import Clock
from services.supervision.domain.duty_list import DutyList
from services.supervision.domain.errors import (
    AlreadyAtDistrict,
    OutsideYourUnit,
    UnknownEscalation,
    UnknownIssue,
)
from services.supervision.domain.escalation import Escalation, check_withdrawable, planned_holder
from services.supervision.domain.timeline import SERVICE
from services.supervision.schemas import ClockLine, Escalate, EscalateReply, Preview, Status, Withdraw
from services.supervision.use_cases.climbing import climb, give_back, open_incident
from services.supervision.use_cases.reading import case_url, clock_line, clock_lines
from shared.auth import Caller
from shared.contracts.vocabulary import ClockKind
from shared.units import tier_of


def escalate(
    work: Any, request: Escalate, *, by: Caller, duties: DutyList, policies: Any, now: datetime
) -> EscalateReply:
    """Climb one rung for a street system. At the district it is refused, and an incident opens nevertheless."""
    case = _case_of(work.cases.find(request.issue_id), request, by)
    try:
        to_unit = _planned(case, request, duties)
    except AlreadyAtDistrict:
        open_incident(work, case, f"{request.reason.value}: {request.explanation}", now=now)
        raise
    work.clocks.of_issue(case.issue_id)  # all in one query, before anything is changed
    escalation = climb(
        work,
        case,
        to_unit=to_unit,
        reason=request.reason,
        explanation=request.explanation,
        evidence=request.evidence,
        by=by.subject,
        policies=policies,
        now=now,
    )
    lines = clock_lines(work.clocks.of_issue(case.issue_id), now)
    return _reply(case.issue_id, escalation.id, to_unit, escalation.due_at, lines)


def preview(
    work: Any, request: Preview, *, by: Caller, duties: DutyList, policies: Any, now: datetime
) -> EscalateReply:
    """What `escalate` would answer now, with the same refusals; no id, no incident."""
    case = _case_of(work.cases.look_up(request.issue_id), request, by)
    to_unit = _planned(case, request, duties)
    limit: timedelta | None = policies.at(now, to_unit).escalation.after(tier_of(to_unit))
    due_at = now + (limit or policies.at(now, to_unit).sla.limit("complex"))
    lines = [
        clock_line(_taken_over(one, to_unit, now), now)
        for one in work.clocks.of_issue(case.issue_id)
        if one.kind is ClockKind.RESIDENT
    ]
    if limit is not None:
        lines.append(
            ClockLine(
                clock_id=f"{case.issue_id}/tier-{case.tier_clocks + 1}",
                kind=ClockKind.TIER,
                unit_code=to_unit,
                state="counting",
                started_at=now,
                due_at=due_at,
                remaining_seconds=limit.total_seconds(),
            )
        )
    return _reply(case.issue_id, "", to_unit, due_at, lines)


def status(work: Any, request: Status, *, by: Caller) -> Case:
    """Where the issue is now. A street may ask for what is in it, came from it or has been in it."""
    case: Case | None = work.cases.look_up(request.issue_id)
    if case is None:
        raise _unknown(request.issue_id)
    if not any(by.may_act_in(unit) for unit in (case.unit_code, case.origin_unit, *case.came_from)):
        raise OutsideYourUnit(f"{case.issue_id} has never been in {by.unit}")
    return case


def withdraw(work: Any, request: Withdraw, *, by: Caller, policies: Any, now: datetime) -> Case:
    """Take an escalation back, while the next holder has not begun. The issue returns; the rung stays used."""
    issue_id = request.escalation_id.rpartition("/")[0]
    case = work.cases.find(issue_id)
    escalation: Escalation | None = work.escalations.find(request.escalation_id)
    if case is None or escalation is None:
        raise UnknownEscalation(
            f"no escalation has the id {request.escalation_id!r}", {"escalation_id": ["Unknown escalation."]}
        )
    if not by.may_act_in(escalation.from_unit):
        raise OutsideYourUnit(f"{escalation.id} was made in {escalation.from_unit}, outside {by.unit}")
    check_withdrawable(case, escalation)
    escalation.withdrawn_at = now
    give_back(work, case, f"撤回提级:{request.reason}", by=by.subject, policies=policies, now=now)
    return case  # type: ignore[no-any-return]


def _case_of(case: Case | None, request: Escalate | Preview, by: Caller) -> Case:
    """The case asked about. Who may not act there is told no more than that."""
    if not by.may_act_in(request.from_unit):
        raise OutsideYourUnit(
            f"{by.subject} may act in {by.unit or 'no unit'}, not in {request.from_unit}",
            {"from_unit": ["Outside your unit."]},
        )
    if case is None:
        raise _unknown(request.issue_id)
    return case


def _planned(case: Case, request: Escalate | Preview, duties: DutyList) -> str:
    return planned_holder(
        case, from_unit=request.from_unit, reason=request.reason, also=request.units_concerned, duties=duties
    )


def _taken_over(clock: Clock, to_unit: str, now: datetime) -> Clock:
    """A copy of the resident's clock as it would be with the next holder."""
    seen = replace(clock, unit_code=to_unit)
    if seen.ledger.current.by == SERVICE:
        seen.resume(at=now, by=SERVICE)
    return seen


def _reply(issue_id: str, escalation_id: str, to_unit: str, due_at: datetime, lines: list[ClockLine]) -> EscalateReply:
    return EscalateReply(
        escalation_id=escalation_id,
        to_unit=to_unit,
        to_tier=tier_of(to_unit).value,
        due_at=due_at,
        clocks=lines,
        case_url=case_url(issue_id),
    )


def _unknown(issue_id: str) -> UnknownIssue:
    return UnknownIssue(f"no issue has the id {issue_id!r}", {"issue_id": ["Unknown issue."]})
