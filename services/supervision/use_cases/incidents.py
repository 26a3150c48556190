"""Incidents 异常事件: nobody is left above, or nobody moved in time; settled by the district as the backstop 兜底."""

from services.supervision.domain.case import Case
from services.supervision.domain.errors import OutsideYourUnit
from services.supervision.domain.incident import Decision, Incident
from services.supervision.domain.timeline import TimelineEntry, entry
from services.supervision.schemas.replies import CaseReply, case_reply
from services.supervision.schemas.requests import SettleIncident
from services.supervision.storage.repository import SupervisionStore
from services.supervision.use_cases import cases
from services.supervision.use_cases.timeline import announce, say_why_not
from shared.bus.moment import Moment
from shared.contracts.supervision import IncidentOpenedV1
from shared.contracts.vocabulary import IncidentKind, Outcome


def open_incident(work: SupervisionStore, case: Case, reason: str, at: Moment) -> Incident:
    """One at a time: while one is open, the timeline says that nothing new was opened."""
    known = work.incidents.of(issue_id=case.issue_id)
    open_one = next((one for one in known if one.is_open and one.kind is IncidentKind.BACKSTOP), None)
    if open_one is not None:
        say_why_not(work, case, "escalated", f"{open_one.id} is open: {reason}", at)
        return open_one
    return _open(work, case, case.unit_code, IncidentKind.BACKSTOP, "", reason, at)


def open_incident_about(
    work: SupervisionStore, case: Case, unit_code: str, kind: IncidentKind, about: str, reason: str, at: Moment
) -> None:
    """For a unit to look into, once for each thing it is about. The case goes on."""
    if not any((one.kind, one.about) == (kind, about) for one in work.incidents.of(issue_id=case.issue_id)):
        _open(work, case, unit_code, kind, about, reason, at)


def settle_incident(work: SupervisionStore, request: SettleIncident, at: Moment) -> CaseReply:
    """The district decides: noted, and it goes on; again with new strength; or closed as unsolved, in public.

    Raises WrongDecision where it holds up no case, and is to be noted.
    """
    case = work.cases.find_and_lock(request.subject)
    incident = work.incidents.get(request.incident_id)
    if not at.caller.may_act_in(incident.unit_code):
        raise OutsideYourUnit(f"{incident.id} is for {incident.unit_code} to settle, not for {at.caller.unit}")
    assert case is not None, "an incident has its case"
    incident.settle(request.decision, by=at.caller.subject, remark=request.reason, at=at.now)
    work.timeline.add(_settlement_entry(case, incident, at))
    if case.is_open and incident.decision is Decision.CLOSE_UNSOLVED:
        cases.close(work, case, Outcome.UNSOLVED, at)
    elif case.is_open and incident.decision is Decision.AGAIN:
        cases.begin_again(work, case, request.reason, at)
    return case_reply(work, case, at.now)


def _open(
    work: SupervisionStore, case: Case, unit_code: str, kind: IncidentKind, about: str, reason: str, at: Moment
) -> Incident:
    incident = Incident(
        id=f"{case.issue_id}/B{len(work.incidents.of(issue_id=case.issue_id)) + 1}",
        issue_id=case.issue_id,
        unit_code=unit_code,
        kind=kind,
        about=about,
        reason=reason,
        opened_at=at.now,
    )
    work.incidents.add(incident)
    event = IncidentOpenedV1(
        incident_id=incident.id,
        issue_id=case.issue_id,
        unit_code=unit_code,
        kind=kind,
        about=about,
        reason=reason,
        opened_at=at.now,
    )
    announce(work, event, at)
    return incident


def _settlement_entry(case: Case, incident: Incident, at: Moment) -> TimelineEntry:
    return entry(
        case.issue_id,
        at=at.now,
        kind="incident_settled",
        actor=incident.settled_by,
        unit_code=case.unit_code,
        facts={"incident_id": incident.id, "decision": str(incident.decision), "remark": incident.remark},
    )
