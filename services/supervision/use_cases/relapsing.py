"""What comes after the end: relapses 反弹, look-backs 回头看, and what the district decides at an incident."""

from datetime import datetime
from typing import Any

from services.supervision.domain.case import Case
from services.supervision.domain.errors import (
    IssueOpen,
    NoLookBackDue,
    OutsideYourUnit,
    UnknownIncident,
    UnknownIssue,
)
from services.supervision.domain.incident import Decision, Incident
from services.supervision.domain.look_back import LookBack
from services.supervision.domain.timeline import SERVICE, entry
from services.supervision.use_cases import clocks
from services.supervision.use_cases.announcing import announce, noted_case
from services.supervision.use_cases.cases import LOOK_BACK, close
from services.supervision.use_cases.climbing import take_over
from shared.auth import Caller
from shared.contracts.intake import ComplaintUrgedV1
from shared.contracts.supervision import IssueReopenedV1, LookBackDueV1
from shared.contracts.vocabulary import Outcome


def take_urge(work: Any, event: ComplaintUrgedV1, *, policies: Any, now: datetime) -> None:
    """The same caller again: after the closing it is a relapse; before, it stays in the timeline."""
    case = noted_case(work, event)
    if case.has_relapsed(event.urged_at):
        reopen(work, case, f"同一诉求再次来电:{event.order_no}", policies=policies, now=now)


def reopen(work: Any, case: Case, reason: str, *, policies: Any, now: datetime) -> None:
    """Open again higher up. The resident's clock counts on from where it stood; look-backs ahead are dropped."""
    tiers_up = policies.at(now, case.unit_code).look_back.relapse_tiers_up
    from_unit = case.reopen(tiers_up=tiers_up, at=now)
    _drop_look_backs(work, case, now)
    resident = work.clocks.find(case.resident_clock_id)
    resident.relapse(at=now, by=SERVICE, reason=reason)
    tier_clock = take_over(work, case, "反弹重开", policies=policies, now=now)
    clocks.arm(work, resident, policies=policies, now=now)
    announce(work, _reopened(case, from_unit, reason, tier_clock, policies, now), now=now)


def announce_look_back(work: Any, look_back_id: str, *, now: datetime) -> None:
    """A closed matter is to be looked at again. One that was dropped meanwhile is not."""
    look_back: LookBack | None = work.look_backs.find(look_back_id)
    if look_back is None or not look_back.is_ahead or look_back.announced_at is not None:
        return
    case = work.cases.find(look_back.issue_id)
    look_back.announced_at = now
    event = LookBackDueV1(
        issue_id=case.issue_id, unit_code=case.unit_code, number=look_back.number, due_at=look_back.due_at
    )
    announce(work, event, now=now)


def record_look_back(work: Any, request: Any, *, by: Caller, policies: Any, now: datetime) -> Case:
    """What was found at the longest due look-back. A relapse opens the issue again. Raises NoLookBackDue."""
    case = _case_to_change(work, request.issue_id)
    if not by.may_act_in(case.unit_code):
        raise OutsideYourUnit(f"{case.issue_id} is in {case.unit_code}, outside {by.unit}")
    if case.is_open:
        raise IssueOpen(f"{case.issue_id} is open: there is nothing to look back at")
    due = [look_back for look_back in work.look_backs.of_issue(case.issue_id) if look_back.is_due]
    if not due:
        raise NoLookBackDue(f"no look-back of {case.issue_id} is due")
    look_back = min(due, key=lambda one: one.due_at)
    look_back.record(has_relapsed=request.relapsed, remark=request.remark, by=by.subject, at=now)
    work.timeline.add(_look_back_entry(case, look_back, now))
    if request.relapsed:
        reopen(work, case, f"回头看发现反弹:{request.remark}", policies=policies, now=now)
    return case


def settle_incident(work: Any, request: Any, *, by: Caller, policies: Any, now: datetime) -> Case:
    """The district decides: again with new strength, or closed as unsolved, in public."""
    known: Incident | None = work.incidents.find(request.incident_id)
    if known is None:
        raise UnknownIncident(f"no incident has the id {request.incident_id!r}", {"incident_id": ["Unknown incident."]})
    if not by.may_act_in(known.unit_code):
        raise OutsideYourUnit(f"{known.id} is for {known.unit_code} to settle, not for {by.unit}")
    case = _case_to_change(work, known.issue_id)
    known.settle(request.decision, by=by.subject, remark=request.reason, at=now)
    work.timeline.add(_settlement_entry(case, known, now))
    if case.is_open and known.decision is Decision.CLOSE_UNSOLVED:
        close(work, case, Outcome.UNSOLVED, policies=policies, now=now)
    elif case.is_open:
        _begin_again(work, case, request.reason, policies, now)
    return case


def _begin_again(work: Any, case: Case, reason: str, policies: Any, now: datetime) -> None:
    case.begin_again(at=now)
    tier_clock = take_over(work, case, "重新办理", policies=policies, now=now)
    announce(work, _reopened(case, case.unit_code, reason, tier_clock, policies, now), now=now)


def _drop_look_backs(work: Any, case: Case, now: datetime) -> None:
    for look_back in work.look_backs.of_issue(case.issue_id):
        if look_back.is_ahead:
            look_back.dropped_at = now
            work.timers.cancel(LOOK_BACK, look_back.id)


def _case_to_change(work: Any, issue_id: str) -> Case:
    case: Case | None = work.cases.find(issue_id)
    if case is None:
        raise UnknownIssue(f"no issue has the id {issue_id!r}", {"issue_id": ["Unknown issue."]})
    return case


def _reopened(
    case: Case, from_unit: str, reason: str, tier_clock: Any, policies: Any, now: datetime
) -> IssueReopenedV1:
    return IssueReopenedV1(
        issue_id=case.issue_id,
        from_unit=from_unit,
        to_unit=case.unit_code,
        to_tier=case.tier.value,
        relapse=case.relapses,
        reason=reason,
        route=case.route,
        title=case.title,
        category=case.category,
        due_at=clocks.holder_due_at(case, tier_clock, policies=policies, now=now),
        reopened_at=now,
    )


def _look_back_entry(case: Case, look_back: LookBack, now: datetime) -> Any:
    return entry(
        case.issue_id,
        at=now,
        kind="look_back_recorded",
        actor=look_back.done_by,
        unit_code=case.unit_code,
        facts={"number": look_back.number, "has_relapsed": look_back.has_relapsed, "remark": look_back.remark},
    )


def _settlement_entry(case: Case, incident: Incident, now: datetime) -> Any:
    return entry(
        case.issue_id,
        at=now,
        kind="incident_settled",
        actor=incident.settled_by,
        unit_code=case.unit_code,
        facts={"incident_id": incident.id, "decision": str(incident.decision), "remark": incident.remark},
    )
