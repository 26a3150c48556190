"""Asking for what another decides about an order or an issue: a transfer, its urgency, to take it up, to give it up."""

from datetime import timedelta

from services.intake.domain.complaint import REINSTATABLE, Complaint
from services.intake.domain.errors import HasOrders
from services.intake.domain.issue import Issue
from services.intake.schemas.order_requests import AskReinstatement, AskTransfer, AskUrgency, AskWithdrawal
from services.intake.storage.repository import IntakeStore
from services.intake.use_cases.corrections import Placing, nothing_else, placing_of, unit_above
from services.intake.use_cases.respondents import must_be_for, must_not_be_against
from shared.bus.moment import Moment
from shared.contracts.requests import Want
from shared.contracts.vocabulary import SlaClass
from shared.requests import deciding
from shared.requests.messages import RequestReply, request_reply


def ask_transfer(work: IntakeStore, request: AskTransfer, at: Moment) -> RequestReply:
    """Raises UnknownUnit, OwnMatter, NotLinked, NothingToCorrect, AlreadyAsked, BadRequest."""
    complaint = _order_in_hand(work, request.order_no, at)
    unit = work.units(at.now).get(request.unit_code).code
    must_be_for(work, complaint, unit, at)
    after = placing_of(complaint)._replace(unit_code=unit)
    return _ask_change(work, complaint, Want.TRANSFER, request, after, {"unit_code": unit}, at)


def ask_urgency(work: IntakeStore, request: AskUrgency, at: Moment) -> RequestReply:
    """The more urgent it is said to be, the sooner it is decided. Raises NotLinked, NothingToCorrect, AlreadyAsked."""
    complaint = _order_in_hand(work, request.order_no, at)
    after = placing_of(complaint)._replace(sla_class=request.sla_class)
    facts = {"sla_class": request.sla_class.value}
    if is_raised(complaint.sla_class, request.sla_class):
        facts["raises"] = complaint.sla_class.value
    return _ask_change(work, complaint, Want.URGENCY, request, after, facts, at)


def ask_reinstatement(work: IntakeStore, request: AskReinstatement, at: Moment) -> RequestReply:
    """Raises OrderStateForbids, AlreadyAsked, BadRequest."""
    complaint = work.complaints.lock(request.order_no)
    at.caller.must_act_in(complaint.unit_code)
    must_not_be_against(complaint.respondents, at)
    complaint.must_be("reinstated", *REINSTATABLE)
    units = work.units(at.now)
    decided_in = units.parent_of(complaint.unit_code) or complaint.unit_code
    within = at.policy.returns.usual_window
    return _keep(work, Want.REINSTATEMENT, complaint.order_no, complaint.unit_code, request, decided_in, within, {}, at)


def ask_withdrawal(work: IntakeStore, request: AskWithdrawal, at: Moment) -> RequestReply:
    """Raises HasOrders, IssueClosed, AlreadyAsked, BadRequest."""
    issue = work.issues.lock(request.issue_id)
    at.caller.must_act_in(issue.unit_code)
    must_not_be_against(issue.respondents, at)
    issue.must_be_open()
    must_be_without_orders(work, issue)
    decided_in = work.units(at.now).parent_of(issue.unit_code) or issue.unit_code
    within = at.policy.returns.usual_window
    return _keep(work, Want.WITHDRAWAL, issue.id, issue.unit_code, request, decided_in, within, {}, at)


def must_be_without_orders(work: IntakeStore, issue: Issue) -> None:
    """Raises HasOrders: what somebody called about is theirs to withdraw."""
    if issue.first_order_no or work.complaints.linked_to(issue.id):
        raise HasOrders(f"residents called about {issue.id}: it ends with its orders, and each withdraws their own")


def is_raised(before: SlaClass, after: SlaClass) -> bool:
    """Whether it becomes more urgent by that."""
    return _urgency(after) < _urgency(before)


def _order_in_hand(work: IntakeStore, order_no: str, at: Moment) -> Complaint:
    work.issues.find_and_lock(work.complaints.get(order_no).issue_id)
    complaint = work.complaints.lock(order_no)
    at.caller.must_act_in(complaint.unit_code)
    must_not_be_against(complaint.respondents, at)
    complaint.must_be_linked()
    return complaint


def _ask_change(
    work: IntakeStore,
    complaint: Complaint,
    wants: Want,
    request: AskTransfer | AskUrgency,
    after: Placing,
    facts: dict[str, str],
    at: Moment,
) -> RequestReply:
    before = placing_of(complaint)
    if after == before:
        raise nothing_else(complaint.order_no, before)
    issue = work.issues.find_and_lock(complaint.issue_id)
    decided_in = unit_above(work, before, after, issue, at)
    within = at.policy.returns.window(at.policy.sla.limit(min(before.sla_class, after.sla_class, key=_urgency)))
    return _keep(work, wants, complaint.order_no, complaint.unit_code, request, decided_in, within, facts, at)


def _urgency(sla_class: SlaClass) -> int:
    return list(SlaClass).index(sla_class)


def _keep(
    work: IntakeStore,
    wants: Want,
    about: str,
    unit_code: str,
    request: deciding.Grounds,
    decided_in: str,
    within: timedelta,
    facts: dict[str, str],
    at: Moment,
) -> RequestReply:
    asked = deciding.ask(
        work,
        at,
        wants=wants,
        about=about,
        unit_code=unit_code,
        reason=request.reason,
        words=request.words,
        evidence=request.evidence,
        facts=facts,
        decided_in=decided_in,
        decide_by=at.now + within,
    )
    return request_reply(asked)
