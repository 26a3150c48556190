"""Answers to questions: cases, clocks, timelines. Nothing here changes anything."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

from services.supervision.domain.case import Case, CaseState
from services.supervision.domain.clock import Clock
from services.supervision.domain.errors import OutsideYourUnit, UnknownClock, UnknownIssue
from services.supervision.domain.explanation import explain
from services.supervision.schemas import (
    CaseLine,
    CaseReply,
    CasesReply,
    ClockLine,
    ClockReply,
    EscalationLine,
    ExplainClock,
    ExplainClockReply,
    ExtensionLine,
    GetCase,
    GetTimeline,
    IncidentLine,
    ListCases,
    LookBackLine,
    SegmentLine,
    TimelineLine,
    TimelineReply,
)
from shared.auth import Caller


def get_case(work: Any, request: GetCase, *, by: Caller, now: datetime) -> CaseReply:
    return case_reply(work, _case(work, request.issue_id, by), now=now)


def list_cases(work: Any, request: ListCases, *, by: Caller) -> CasesReply:
    if not by.may_act_in(request.unit_code):
        raise OutsideYourUnit(f"{request.unit_code} is outside {by.unit}", {"unit_code": ["Outside your unit."]})
    state = CaseState(request.state) if request.state else None
    return CasesReply(cases=[case_line(case) for case in work.cases.list_in(request.unit_code, state, request.most)])


def get_timeline(work: Any, request: GetTimeline, *, by: Caller) -> TimelineReply:
    case = _case(work, request.issue_id, by)
    return TimelineReply(
        entries=[
            TimelineLine(at=one.at, kind=one.kind, actor=one.actor, unit_code=one.unit_code, facts=one.facts)
            for one in work.timeline.of_issue(case.issue_id, request.most)
        ]
    )


def explain_clock(work: Any, request: ExplainClock, *, by: Caller, now: datetime) -> ExplainClockReply:
    """The ledger of a clock in words."""
    clock: Clock | None = work.clocks.find(request.clock_id)
    if clock is None:
        raise UnknownClock(f"no clock has the id {request.clock_id!r}", {"clock_id": ["Unknown clock."]})
    _case(work, clock.issue_id, by)
    return ExplainClockReply(clock=clock_line(clock, now), words=explain(clock, now))


def case_reply(work: Any, case: Case, *, now: datetime) -> CaseReply:
    """The whole file of a case."""
    issue_id = case.issue_id
    return CaseReply(
        case=case_line(case),
        order_no=case.order_no,
        origin_unit=case.origin_unit,
        came_from=case.came_from,
        raised_at=case.raised_at,
        handled_at=case.handled_at,
        closed_at=case.closed_at,
        clocks=clock_lines(work.clocks.of_issue(issue_id), now),
        escalations=[_escalation_line(one) for one in work.escalations.of_issue(issue_id)],
        incidents=[_incident_line(one) for one in work.incidents.of_issue(issue_id)],
        look_backs=[_look_back_line(one) for one in work.look_backs.of_issue(issue_id)],
        case_url=case_url(issue_id),
    )


def case_line(case: Case) -> CaseLine:
    return CaseLine(
        issue_id=case.issue_id,
        title=case.title,
        category=case.category,
        unit_code=case.unit_code,
        tier=case.tier.value,
        route=case.route.value,
        state=case.state.value,
        outcome=case.outcome.value if case.outcome else "",
        rung=case.rung,
        relapses=case.relapses,
        held_since=case.held_since,
    )


def clock_reply(clock: Clock, *, now: datetime) -> ClockReply:
    ledger = clock.ledger
    return ClockReply(
        clock=clock_line(clock, now),
        budget_seconds=ledger.budget.total_seconds(),
        counted_seconds=ledger.counted(now).total_seconds(),
        rule_version=ledger.rule_version,
        calendar_version=ledger.calendar_version,
        segments=[
            SegmentLine(kind=one.kind.value, begins_at=one.begins_at, ends_at=one.ends_at, by=one.by, reason=one.reason)
            for one in ledger.segments
        ],
        extensions=[
            ExtensionLine(at=one.at, length_seconds=one.length.total_seconds(), by=one.by, reason=one.reason)
            for one in ledger.extensions
        ],
    )


def clock_lines(clocks: list[Clock], now: datetime) -> list[ClockLine]:
    """The resident's first, then the tiers' in the order in which they began."""
    return [clock_line(clock, now) for clock in sorted(clocks, key=lambda one: (one.kind, one.started_at, one.id))]


def clock_line(clock: Clock, now: datetime) -> ClockLine:
    return ClockLine(
        clock_id=clock.id,
        kind=clock.kind,
        unit_code=clock.unit_code,
        state=clock.state.value,
        started_at=clock.started_at,
        due_at=clock.due_at,
        remaining_seconds=clock.ledger.remaining(now).total_seconds(),
    )


def case_url(issue_id: str) -> str:
    """Where people find the case, below the address of the console."""
    return f"/cases/{quote(issue_id, safe='')}"


def _case(work: Any, issue_id: str, by: Caller) -> Case:
    """A case that the caller may see: of a unit it has been in."""
    case: Case | None = work.cases.look_up(issue_id)
    if case is None:
        raise UnknownIssue(f"no issue has the id {issue_id!r}", {"issue_id": ["Unknown issue."]})
    if not any(by.may_act_in(unit) for unit in (case.unit_code, case.origin_unit, *case.came_from)):
        raise OutsideYourUnit(f"{issue_id} has never been in {by.unit}")
    return case


def _escalation_line(one: Any) -> EscalationLine:
    return EscalationLine(
        escalation_id=one.id,
        rung=one.rung,
        from_unit=one.from_unit,
        to_unit=one.to_unit,
        reason=one.reason,
        explanation=one.explanation,
        escalated_by=one.escalated_by,
        escalated_at=one.escalated_at,
        due_at=one.due_at,
        withdrawn_at=one.withdrawn_at,
    )


def _incident_line(one: Any) -> IncidentLine:
    return IncidentLine(
        incident_id=one.id,
        reason=one.reason,
        opened_at=one.opened_at,
        settled_at=one.settled_at,
        decision=one.decision.value if one.decision else "",
    )


def _look_back_line(one: Any) -> LookBackLine:
    return LookBackLine(
        number=one.number,
        due_at=one.due_at,
        announced_at=one.announced_at,
        done_at=one.done_at,
        has_relapsed=one.has_relapsed,
        remark=one.remark,
    )
