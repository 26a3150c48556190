"""How an issue changes its holder: up a rung, back down, and what happens where nobody is left above."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.supervision.domain.case import Case
from services.supervision.domain.clock import Clock, Mark
from services.supervision.domain.errors import OutsideYourUnit, UnknownIssue
from services.supervision.domain.escalation import Escalation
from services.supervision.domain.incident import Incident
from services.supervision.domain.timeline import SERVICE
from services.supervision.use_cases import clocks
from services.supervision.use_cases.announcing import announce, say_why_not
from shared.auth import Caller
from shared.contracts.dispatch import EvidencePart
from shared.contracts.supervision import IncidentOpenedV1, IssueEscalatedV1, IssueReturnedDownV1
from shared.contracts.vocabulary import ClockKind, EscalationReason
from shared.units import Tier


def ring(work: Any, clock_id: str, *, policies: Any, now: datetime) -> None:
    """A clock has something to say. A tier that ran out of time hands on; a clock that is not there says nothing."""
    case: Case | None = work.cases.find(clock_id.rpartition("/")[0])
    clock: Clock | None = work.clocks.find(clock_id)
    if case is None or clock is None:
        return
    made = clocks.strike(work, clock, policies=policies, now=now)
    clocks.arm(work, clock, policies=policies, now=now)
    if not made:
        say_why_not(work, case, "rung", f"{clock_id} is {clock.state.value}", now=now)
    if Mark.BREACH in made and clock.kind is ClockKind.TIER:
        climb_or_open_incident(work, case, f"{case.tier.value} 承办时限已到,仍未解决", policies=policies, now=now)


def climb_or_open_incident(work: Any, case: Case, explanation: str, *, policies: Any, now: datetime) -> None:
    """Unresolved here: to the unit above; at the district an incident opens and the case stays."""
    if case.tier is Tier.DISTRICT:
        open_incident(work, case, explanation, now=now)
        return
    climb(
        work,
        case,
        to_unit=case.next_holder(EscalationReason.UNRESOLVED),
        reason=EscalationReason.UNRESOLVED,
        explanation=explanation,
        by=SERVICE,
        policies=policies,
        now=now,
    )


def climb(
    work: Any,
    case: Case,
    *,
    to_unit: str,
    reason: EscalationReason,
    explanation: str,
    by: str,
    policies: Any,
    now: datetime,
    evidence: Sequence[EvidencePart] = (),
) -> Escalation:
    """One rung. The tier's clock ends and the next holder's begins; the resident's goes on."""
    from_unit = case.unit_code
    rung = case.climb(to_unit, at=now)
    tier_clock = take_over(work, case, f"已提级至 {to_unit}", policies=policies, now=now)
    escalation = Escalation(
        id=case.escalation_id,
        issue_id=case.issue_id,
        rung=rung,
        from_unit=from_unit,
        to_unit=to_unit,
        reason=reason,
        explanation=explanation,
        evidence=[{"uri": one.uri, "sha256": one.sha256} for one in evidence],
        escalated_by=by,
        escalated_at=now,
        due_at=clocks.holder_due_at(case, tier_clock, policies=policies, now=now),
    )
    work.escalations.add(escalation)
    announce(work, _escalated(case, escalation, evidence), now=now)
    return escalation


def open_incident(work: Any, case: Case, reason: str, *, now: datetime) -> Incident:
    """The backstop 兜底. One at a time: while one is open, the timeline says that nothing new was opened."""
    known: list[Incident] = work.incidents.of_issue(case.issue_id)
    open_one = next((incident for incident in known if incident.is_open), None)
    if open_one is not None:
        say_why_not(work, case, "escalated", f"{open_one.id} is open: {reason}", now=now)
        return open_one
    incident = Incident(
        id=f"{case.issue_id}/B{len(known) + 1}",
        issue_id=case.issue_id,
        unit_code=case.unit_code,
        reason=reason,
        opened_at=now,
    )
    work.incidents.add(incident)
    event = IncidentOpenedV1(
        incident_id=incident.id, issue_id=case.issue_id, unit_code=case.unit_code, reason=reason, opened_at=now
    )
    announce(work, event, now=now)
    return incident


def return_down(work: Any, request: Any, *, by: Caller, policies: Any, now: datetime) -> Case:
    """The holder gives the issue back to the unit it came from, with advice."""
    case: Case | None = work.cases.find(request.issue_id)
    if case is None:
        raise UnknownIssue(f"no issue has the id {request.issue_id!r}", {"issue_id": ["Unknown issue."]})
    if not by.may_act_in(case.unit_code):
        raise OutsideYourUnit(f"{case.issue_id} is held by {case.unit_code}, and {by.unit} can't give it back")
    give_back(work, case, request.reason, by=by.subject, policies=policies, now=now)
    return case


def give_back(work: Any, case: Case, reason: str, *, by: str, policies: Any, now: datetime) -> None:
    from_unit = case.unit_code
    to_unit = case.return_down(at=now)
    tier_clock = take_over(work, case, f"已退回 {to_unit}", policies=policies, now=now)
    event = IssueReturnedDownV1(
        issue_id=case.issue_id,
        from_unit=from_unit,
        to_unit=to_unit,
        reason=reason,
        route=case.route,
        title=case.title,
        category=case.category,
        due_at=clocks.holder_due_at(case, tier_clock, policies=policies, now=now),
        returned_by=by,
        returned_at=now,
    )
    announce(work, event, now=now)


def take_over(work: Any, case: Case, why: str, *, policies: Any, now: datetime) -> Clock | None:
    """The holder has changed: the old tier's clock ends, the new one's begins, the resident's goes on and warns it."""
    clocks.end_tier_clock(work, case, why, now=now)
    work.clocks.find(case.resident_clock_id).unit_code = case.unit_code
    clocks.stop_waiting(work, case, at=now, policies=policies, now=now)
    return clocks.start_tier_clock(work, case, started_at=now, policies=policies, now=now)


def _escalated(case: Case, escalation: Escalation, evidence: Sequence[EvidencePart]) -> IssueEscalatedV1:
    return IssueEscalatedV1(
        escalation_id=escalation.id,
        issue_id=case.issue_id,
        rung=escalation.rung,
        from_unit=escalation.from_unit,
        to_unit=escalation.to_unit,
        to_tier=case.tier.value,
        reason=escalation.reason,
        explanation=escalation.explanation,
        evidence=list(evidence),
        route=case.route,
        title=case.title,
        category=case.category,
        due_at=escalation.due_at,
        escalated_by=escalation.escalated_by,
        escalated_at=escalation.escalated_at,
    )
