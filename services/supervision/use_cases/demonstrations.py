"""Demonstration projects 示范性项目: guiding, general, participatory. They climb with the district's consent."""

from services.supervision.domain.case import Case
from services.supervision.schemas.requests import AskDemonstration
from services.supervision.storage.repository import SupervisionStore
from services.supervision.use_cases import asking
from shared.bus.moment import Moment
from shared.contracts.requests import Want
from shared.contracts.vocabulary import IssueOrigin
from shared.requests.messages import RequestReply, request_reply


def ask_demonstration(work: SupervisionStore, request: AskDemonstration, at: Moment) -> RequestReply:
    """Once the district has consented, whoever may escalate the issue gives `demonstration` as the reason."""
    case = asking.case_to_ask_about(work, request.issue_id, at)
    asked = asking.ask(
        work,
        case,
        at,
        wants=Want.DEMONSTRATION,
        asked=request,
        decided_in=work.units(at.now).district,
        decide_by=at.now + at.policy_in(case.unit_code).escalation.consent_within,
    )
    return request_reply(asked)


def has_consent(work: SupervisionStore, case: Case) -> bool:
    """The district's: to this, or as it raised the issue as a demonstration itself."""
    granted = (one.wants is Want.DEMONSTRATION and one.is_granted for one in asking.requests_of(work, case))
    return case.origin is IssueOrigin.DEMONSTRATION or any(granted)
