"""Incidents 异常事件 settled by hand, with a reason."""

from services.supervision.domain.errors import OutsideYourUnit
from services.supervision.domain.incident import Decision
from services.supervision.schemas.replies import CaseReply, case_reply
from services.supervision.schemas.requests import SettleIncident
from services.supervision.storage.repository import SupervisionStore
from services.supervision.use_cases import cases
from services.supervision.use_cases.incidents import tell_settled
from shared.bus.moment import Moment
from shared.contracts.vocabulary import Outcome


def settle_incident(work: SupervisionStore, request: SettleIncident, at: Moment) -> CaseReply:
    """Noted, and it goes on; by the district also: again with new strength; or closed as unsolved, in public."""
    case = work.cases.find_and_lock(request.subject)
    incident = work.incidents.get(request.incident_id)
    if not at.caller.may_act_in(incident.unit_code):
        raise OutsideYourUnit(f"{incident.id} is for {incident.unit_code} to settle, not for {at.caller.unit}")
    assert case is not None, "an incident has its case"
    incident.settle(request.decision, by=at.caller.subject, remark=request.reason, at=at.now)
    tell_settled(work, case, incident, at)
    if case.is_open and incident.decision is Decision.CLOSE_UNSOLVED:
        cases.close(work, case, Outcome.UNSOLVED, at)
    elif case.is_open and incident.decision is Decision.AGAIN:
        cases.begin_again(work, case, request.reason, at)
    return case_reply(work, case, at.now)
