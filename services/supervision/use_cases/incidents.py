"""Incidents 异常事件: opened where somebody must look, and ended by themselves when their cause is mended.

The case counts those that are open, so that nobody asks for incidents where there are none.
"""

from services.supervision.domain.case import Case
from services.supervision.domain.incident import Incident
from services.supervision.domain.timeline import SERVICE
from services.supervision.storage.repository import SupervisionStore
from services.supervision.use_cases.timeline import announce, say_why_not
from shared.bus.moment import Moment
from shared.contracts.alarms import IncidentOpenedV1, IncidentSettledV1
from shared.contracts.vocabulary import IncidentKind


def open_incident(
    work: SupervisionStore,
    case: Case,
    reason: str,
    at: Moment,
    *,
    kind: IncidentKind = IncidentKind.BACKSTOP,
    unit_code: str = "",
    about: str = "",
) -> Incident:
    """One at a time of a kind: while one is open, the timeline says that nothing new was opened."""
    known = work.incidents.of(issue_id=case.issue_id)
    open_one = next((one for one in known if one.is_open and (one.kind, one.about) == (kind, about)), None)
    if open_one is not None:
        what = "escalated" if kind is IncidentKind.BACKSTOP else "opened"
        say_why_not(work, case, what, f"{open_one.id} is open: {reason}", at)
        return open_one
    incident = Incident(
        id=f"{case.issue_id}/B{len(known) + 1}",
        issue_id=case.issue_id,
        unit_code=unit_code or case.unit_code,
        reason=reason,
        opened_at=at.now,
        kind=kind,
        about=about,
    )
    work.incidents.add(incident)
    case.open_incidents += 1
    event = IncidentOpenedV1(
        incident_id=incident.id,
        issue_id=case.issue_id,
        unit_code=incident.unit_code,
        kind=kind,
        about=about,
        reason=reason,
        opened_at=at.now,
    )
    announce(work, event, at)
    return incident


def end_incidents(
    work: SupervisionStore, case: Case, kind: IncidentKind, remark: str, at: Moment, *, about: str = ""
) -> None:
    """Their cause is mended: those of a kind that are open, or only what is about one session."""
    if not case.open_incidents:
        return
    for incident in work.incidents.of(issue_id=case.issue_id):
        if incident.is_open and incident.kind is kind and about in ("", incident.about):
            incident.end(remark, by=SERVICE, at=at.now)
            tell_settled(work, case, incident, at)


def tell_settled(work: SupervisionStore, case: Case, incident: Incident, at: Moment) -> None:
    """It is over, by a decision or by itself."""
    case.open_incidents -= 1
    event = IncidentSettledV1(
        incident_id=incident.id,
        issue_id=incident.issue_id,
        unit_code=incident.unit_code,
        kind=incident.kind,
        decision=incident.decision.value if incident.decision else "",
        remark=incident.remark,
        settled_by=incident.settled_by,
        settled_at=at.now,
    )
    announce(work, event, at)
