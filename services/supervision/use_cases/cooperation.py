"""Asking an organisation that nobody here commands, such as the railway. Its answer, or its silence, is on record.

While it is asked for the first time, the holder's clock rests and says why; the residents' go on.
"""

from services.supervision.domain.case import Case
from services.supervision.domain.errors import CommandedNotAsked
from services.supervision.domain.ledger import SegmentKind
from services.supervision.domain.timeline import SERVICE
from services.supervision.schemas.requests import AskOrganisation, RecordAnswer
from services.supervision.storage.repository import SupervisionStore
from services.supervision.use_cases import asking, clocks
from shared.bus.moment import Moment
from shared.clock import for_people
from shared.contracts.directory import OrganisationPart
from shared.contracts.directory_words import Standing
from shared.contracts.dispatch import plain_evidence
from shared.contracts.requests import Want
from shared.requests import deciding
from shared.requests.messages import RequestReply, request_reply
from shared.requests.request import Request

ASKING = "征询"
"""How the reason begins for which a holder's clock rests meanwhile."""


def ask_organisation(work: SupervisionStore, request: AskOrganisation, at: Moment) -> RequestReply:
    """Raises BadRequest for an organisation nobody knows, CommandedNotAsked for one that is given tasks."""
    case = asking.case_to_ask_about(work, request.issue_id, at)
    organisation = _must_be_asked(work, request.organisation_id, at)
    is_first = all(one.whom != organisation.id for one in asking.requests_of(work, case))
    asked = asking.ask(
        work,
        case,
        at,
        wants=Want.COOPERATION,
        asked=request,
        decided_in=case.unit_code,
        decide_by=at.now + at.policy_in(case.unit_code).cooperation.answer_within,
        facts={"whom": organisation.id, "name": organisation.name},
    )
    holder = work.clocks.find(case.tier_clock_id)
    if is_first and holder is not None and case.handled_at is None:
        reason = f"{ASKING}{organisation.name},答复期限 {for_people(asked.decide_by)}"
        clocks.hold(work, holder, at, since=at.now, by=SERVICE, reason=reason)
    return request_reply(asked)


def record_answer(work: SupervisionStore, request: RecordAnswer, at: Moment) -> tuple[Case, Request]:
    """What it wrote, by somebody else than who asked. Raises OwnRequest, AlreadyDecided."""
    case = work.cases.find_and_lock(request.subject)
    if case is None or not work.requests.get(request.request_id).whom:
        raise work.requests.unknown(request.request_id)
    asking.must_not_be_against(case, at)
    asked = deciding.decided(work, request.request_id, at, grant=request.agrees, answer=request.words)
    asked.facts = asked.facts | {"answered_by": request.answered_by}
    asked.evidence = [*asked.evidence, *plain_evidence(request.evidence)]
    return case, asked


def go_on(work: SupervisionStore, case: Case, request: Request, at: Moment) -> None:
    """It answered, or did not: the holder's clock counts again, unless another is still asked or it is handled."""
    clock = work.clocks.find(case.tier_clock_id)
    is_asking = any(one.is_open and one.whom for one in asking.requests_of(work, case))
    if clock is None or is_asking or case.handled_at is not None:
        return
    current = clock.ledger.current
    is_ours = current.kind is SegmentKind.PAUSED and current.by == SERVICE
    if is_ours and current.reason.startswith(ASKING):
        outcome = "同意" if request.is_granted else "不同意"
        said = request.answer if request.is_default else f"{outcome}:{request.answer}"
        clocks.go_on(work, clock, at, since=at.now, by=SERVICE, reason=f"{request.facts['name']}{said}")


def _must_be_asked(work: SupervisionStore, organisation_id: str, at: Moment) -> OrganisationPart:
    organisation = asking.organisation_named(work, "organisation_id", organisation_id, at)
    if organisation.standing is Standing.COMMANDED:
        raise CommandedNotAsked(f"{organisation.name} is given tasks, and need not be asked")
    return organisation
