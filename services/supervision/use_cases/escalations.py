"""How an issue changes its holder: up a rung, taken back, given back down.

A preview is an escalation on a work that is never written: it decides by the same code and can't answer otherwise.
"""

from collections.abc import Sequence
from dataclasses import replace

from services.supervision.domain.case import Case, issue_of
from services.supervision.domain.clock import Mark
from services.supervision.domain.errors import AlreadyAtDistrict, OutsideYourUnit, SentBackTooOften, UnknownEscalation
from services.supervision.domain.escalation import Asked, Escalation, check_withdrawable, planned_holder
from services.supervision.domain.timeline import SERVICE
from services.supervision.schemas.replies import CaseReply, EscalateReply, case_reply, escalate_reply
from services.supervision.schemas.requests import Escalate, Preview, ReturnDown, Withdraw
from services.supervision.storage.repository import SupervisionStore
from services.supervision.use_cases import clocks, demonstrations
from services.supervision.use_cases.cases import take_over
from services.supervision.use_cases.incidents import end_incidents, open_incident
from services.supervision.use_cases.timeline import announce, say_why_not
from shared.bus.moment import Moment
from shared.bus.timers.timers import Due
from shared.contracts.dispatch import EvidencePart, plain_evidence
from shared.contracts.supervision import IssueEscalatedV1, IssueReturnedDownV1
from shared.contracts.vocabulary import ClockKind, EscalationReason, IncidentKind
from shared.units import Tier


def escalate(work: SupervisionStore, request: Escalate, at: Moment) -> EscalateReply:
    """Climb one rung for a street system. At the district it is refused, and an incident opens nevertheless."""
    _must_act_in(request.from_unit, at)
    case = work.cases.lock(request.issue_id)
    try:
        return _climb_as_asked(work, case, request, at)
    except AlreadyAtDistrict:
        open_incident(work, case, f"{request.reason.value}: {request.explanation}", at)
        raise


def preview(work: SupervisionStore, request: Preview, at: Moment) -> EscalateReply:
    """What `escalate` would answer now, with the same refusals; no id, no incident."""
    _must_act_in(request.from_unit, at)
    case = work.cases.get(request.issue_id)
    reply = _climb_as_asked(work, case, request, at)
    running = {clock.id for clock in clocks.running_clocks(work, case)}
    return replace(reply, escalation_id="", clocks=[line for line in reply.clocks if line.clock_id in running])


def withdraw(work: SupervisionStore, request: Withdraw, at: Moment) -> CaseReply:
    """Take an escalation back, while the next holder has not begun. The issue returns; the rung stays used."""
    case = work.cases.find_and_lock(request.subject)
    escalation = work.escalations.find(request.escalation_id)
    if case is None or escalation is None:
        raise UnknownEscalation(
            f"no escalation has the id {request.escalation_id!r}", {"escalation_id": ["Unknown escalation."]}
        )
    if not at.caller.may_act_in(escalation.from_unit):
        raise OutsideYourUnit(f"{escalation.id} was made in {escalation.from_unit}, outside {at.caller.unit}")
    check_withdrawable(case, escalation)
    escalation.withdrawn_at = at.now
    _give_back(work, case, f"撤回提级:{request.reason}", at)
    return case_reply(work, case, at.now)


def return_down(work: SupervisionStore, request: ReturnDown, at: Moment) -> CaseReply:
    """The holder gives the issue back to the unit it came from, with advice; past the policy's most, only the district.

    What the district gives back then is its decision, and stays there until its time is over. Raises SentBackTooOften.
    """
    case = work.cases.lock(request.issue_id)
    if not at.caller.may_act_in(case.unit_code):
        raise OutsideYourUnit(f"{case.issue_id} is held by {case.unit_code}, and {at.caller.unit} can't give it back")
    most = at.policy_in(case.unit_code).escalation.most_sent_back
    is_past = case.sent_back >= most
    if is_past and case.tier is not Tier.DISTRICT:
        raise SentBackTooOften(
            f"{case.issue_id} was sent back {case.sent_back} times, and the policy allows {most}: handle it in "
            f"{case.unit_code}, or escalate it, and the district decides"
        )
    _give_back(work, case, request.reason, at)
    if is_past:
        case.is_decided = True
        end_incidents(work, case, IncidentKind.DISPUTED, f"区级裁定:{request.reason}", at)
    return case_reply(work, case, at.now)


def ring(work: SupervisionStore, due: Due, at: Moment) -> None:
    """A clock has something to say. A tier that ran out of time hands on; a clock that is not there says nothing."""
    case = work.cases.find_and_lock(issue_of(due.ref))
    clock = work.clocks.find(due.ref)
    if case is None or clock is None:
        return
    made = clocks.strike(work, clock, at)
    clocks.arm(work, clock, at)
    if not made:
        say_why_not(work, case, "rung", f"{clock.id} is {clock.state.value}", at)
    if Mark.BREACH in made and clock.kind is ClockKind.TIER and case.tier is Tier.DISTRICT:
        open_incident(work, case, "区级承办时限已到,仍未解决", at, kind=IncidentKind.OVERDUE, about=clock.id)
    elif Mark.BREACH in made and clock.kind is ClockKind.TIER:
        climb_or_open_incident(work, case, f"{case.tier.value} 承办时限已到,仍未解决", at)


def climb_or_open_incident(work: SupervisionStore, case: Case, explanation: str, at: Moment) -> None:
    """Unresolved here: to the unit above; at the district an incident opens and the case stays."""
    if case.tier is Tier.DISTRICT:
        open_incident(work, case, explanation, at)
        return
    to_unit = case.next_holder(EscalationReason.UNRESOLVED, work.units(at.now))
    climb(work, case, at, to_unit=to_unit, reason=EscalationReason.UNRESOLVED, explanation=explanation, by=SERVICE)


def climb(
    work: SupervisionStore,
    case: Case,
    at: Moment,
    *,
    to_unit: str,
    reason: EscalationReason,
    explanation: str,
    by: str,
    tried: str = "",
    evidence: Sequence[EvidencePart] = (),
) -> Escalation:
    """One rung. The tier's clock ends and the next holder's begins; the resident's goes on."""
    from_unit, was_handled = case.unit_code, case.handled_at is not None
    rung = case.climb(to_unit, at=at.now)
    tier_clock = take_over(work, case, f"已提级至 {to_unit}", at)
    escalation = Escalation(
        id=case.escalation_id,
        issue_id=case.issue_id,
        rung=rung,
        from_unit=from_unit,
        to_unit=to_unit,
        reason=reason,
        explanation=explanation,
        tried=tried,
        evidence=plain_evidence(evidence),
        escalated_by=by,
        escalated_at=at.now,
        due_at=tier_clock.due_at,
        was_handled=was_handled,
    )
    work.escalations.add(escalation)
    announce(work, _escalated(case, escalation, evidence), at)
    return escalation


def _climb_as_asked(work: SupervisionStore, case: Case, request: Escalate | Preview, at: Moment) -> EscalateReply:
    units, most = work.units(at.now), at.policy_in(case.unit_code).escalation.most_sent_back
    work.clocks.load_of("issue_id", [case.issue_id])  # all at once, also those for the reply
    asked = _asked(work, case, request, at)
    to_unit = planned_holder(case, asked, duties=work.duties(at.now), units=units, most_sent_back=most)
    escalation = climb(
        work,
        case,
        at,
        to_unit=to_unit,
        reason=request.reason,
        explanation=request.explanation,
        tried=request.tried,
        evidence=request.evidence,
        by=at.caller.subject,
    )
    if case.sent_back >= most:
        why = f"上下往返已达 {case.sent_back} 次,由区级裁定由谁办理:{request.explanation}"
        open_incident(work, case, why, at, kind=IncidentKind.DISPUTED)
    return escalate_reply(work, escalation, case.tier.value, at.now)


def _asked(work: SupervisionStore, case: Case, request: Escalate | Preview, at: Moment) -> Asked:
    clock = work.clocks.find(case.tier_clock_id)
    due_at = clock.due_at if clock is not None and case.handled_at is None else None
    most_failed = at.policy_in(case.unit_code).escalation.failed_meetings
    return Asked(
        from_unit=request.from_unit,
        reason=request.reason,
        also=request.units_concerned,
        tried=request.tried,
        has_consent=demonstrations.has_consent(work, case),
        due_at=due_at,
        is_unresolved=(due_at is not None and due_at <= at.now) or case.failed_meetings >= most_failed,
    )


def _give_back(work: SupervisionStore, case: Case, reason: str, at: Moment) -> None:
    from_unit = case.unit_code
    to_unit = case.return_down(work.units(at.now), at=at.now)
    tier_clock = take_over(work, case, f"已退回 {to_unit}", at)
    event = IssueReturnedDownV1(
        issue_id=case.issue_id,
        from_unit=from_unit,
        to_unit=to_unit,
        reason=reason,
        route=case.route,
        title=case.title,
        publicity=case.publicity,
        respondents=case.respondents,
        category=case.category,
        due_at=tier_clock.due_at,
        returned_by=at.caller.subject,
        returned_at=at.now,
    )
    announce(work, event, at)


def _must_act_in(from_unit: str, at: Moment) -> None:
    """Who may not act there is told no more than that."""
    if not at.caller.may_act_in(from_unit):
        raise OutsideYourUnit(
            f"{at.caller.subject} may act in {at.caller.unit or 'no unit'}, not in {from_unit}",
            {"from_unit": ["Outside your unit."]},
        )


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
        tried=escalation.tried,
        evidence=list(evidence),
        route=case.route,
        title=case.title,
        publicity=case.publicity,
        respondents=case.respondents,
        category=case.category,
        due_at=escalation.due_at,
        was_handled=escalation.was_handled,
        escalated_by=escalation.escalated_by,
        escalated_at=escalation.escalated_at,
    )
