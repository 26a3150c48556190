"""What only the hotline decides: objections to its own dispatch 退单, exclusions 剔除, callbacks made again.

Somebody of the order's unit asks; it is passed on, and the hotline's answer is taken in and prevails. When it does not
answer in the policy's time, all stays as it is.
"""

from services.intake.domain.complaint import Complaint
from services.intake.domain.errors import RelayedByDistrict, ReturnTooLate
from services.intake.domain.history import THE_HOTLINE
from services.intake.domain.rejection import rejected
from services.intake.schemas.hotline_requests import OF_THE_HOTLINE, AskHotline, ListHotlineRequests
from services.intake.storage.repository import IntakeStore
from services.intake.use_cases.orders import reject
from services.intake.use_cases.respondents import must_not_be_against
from shared.bus.moment import Moment
from shared.bus.timers.timers import Due
from shared.contracts.dispatch import EvidencePart
from shared.contracts.hotline import OrderRequestAnsweredV1
from shared.contracts.orders import OrderRequestAskedV1, OrderRequestDecidedV1
from shared.contracts.requests import Want
from shared.contracts.vocabulary import DispatchKind
from shared.errors import BadRequest
from shared.requests import appeals, deciding
from shared.requests.messages import AppealRequest, RequestReply, RequestsReply, request_reply
from shared.requests.request import NotAppealable, Request


def ask_hotline(work: IntakeStore, request: AskHotline, at: Moment) -> RequestReply:
    """Raises OwnMatter, RelayedByDistrict, ReturnTooLate, BadRequest, AlreadyAsked."""
    complaint = work.complaints.lock(request.order_no)
    at.caller.must_act_in(complaint.unit_code)
    must_not_be_against(complaint.respondents, at)
    _must_be_askable(complaint, request, at)
    asked = deciding.ask(
        work,
        at,
        wants=request.wants,
        about=complaint.order_no,
        unit_code=complaint.unit_code,
        reason=request.reason,
        words=request.words,
        evidence=request.evidence,
        facts={"dispatch_no": str(complaint.dispatch_no), "issue_id": complaint.issue_id},
        decided_in=complaint.unit_code,
        decide_by=at.policy.exclusion.decide_within.ends_at(at.now, work.calendar),
    )
    work.outbox.add(_asked(complaint, asked, request.evidence), at=at.now)
    return request_reply(asked)


def appeal_request(work: IntakeStore, request: AppealRequest, at: Moment) -> RequestReply:
    """Against what the hotline refused, or left unanswered: it is passed on once more. Raises NotAppealable."""
    first = work.requests.get(request.request_id)
    complaint = work.complaints.lock(first.about) if first.wants in OF_THE_HOTLINE else None
    if complaint is None:
        raise NotAppealable(f"what is decided of {first.wants} is final")
    at.caller.must_act_in(complaint.unit_code)
    must_not_be_against(complaint.respondents, at)
    decide_by = at.policy.exclusion.decide_within.ends_at(at.now, work.calendar)
    again = appeals.appeal(work, first, request, at, decided_in=complaint.unit_code, decide_by=decide_by)
    work.outbox.add(_asked(complaint, again, request.evidence), at=at.now)
    return request_reply(again)


def take_answer(work: IntakeStore, event: OrderRequestAnsweredV1, at: Moment) -> None:
    """The same again changes nothing. An answer that comes after the policy's prevails over it."""
    request = work.requests.find_and_lock(event.request_id)
    if request is None or request.about != event.order_no:
        fields = {"request_id": ["No such request of this order was passed on."]}
        told = rejected(order_no=event.order_no, reason="unknown_request", fields=fields, at=at.now)
        reject(work, told, at)
        return
    if request.is_open or request.is_default:
        request.answered(grant=event.granted, by=THE_HOTLINE, answer=event.answer, at=at.now)
        work.timers.cancel(deciding.REQUEST, request.id)
        work.outbox.add(_decided(request, at), at=at.now)


def stay_as_it_is(work: IntakeStore, due: Due, at: Moment) -> None:
    """The hotline did not answer in time."""
    request = deciding.defaulted(work, due, at, grant=False, by="intake")
    if request is not None:
        work.outbox.add(_decided(request, at), at=at.now)


def list_hotline_requests(work: IntakeStore, request: ListHotlineRequests, at: Moment) -> RequestsReply:
    """What was asked for orders of a unit and inside it, and what the hotline answered."""
    at.caller.must_act_in(request.unit_code)
    units = work.units(at.now).ever_inside(request.unit_code)
    return deciding.listed(work, units, open_only=request.open_only, most=request.most, wants=OF_THE_HOTLINE)


def _must_be_askable(complaint: Complaint, request: AskHotline, at: Moment) -> None:
    policy = at.policy
    if request.wants is Want.EXCLUSION and request.reason not in policy.exclusion.reasons:
        allowed = ", ".join(policy.exclusion.reasons)
        raise BadRequest(f"{request.reason} excludes nothing", {"reason": [f"The policy has: {allowed}."]})
    if request.wants is not Want.RETURN:
        return
    if complaint.dispatch_kind is DispatchKind.RELAYED:
        raise RelayedByDistrict(
            f"the district relayed {complaint.order_no}: a clerk above corrects its unit by correct_order"
        )
    window = policy.returns.window(complaint.due_at - complaint.dispatched_at)
    if at.now > complaint.dispatched_at + window:
        raise ReturnTooLate(f"{complaint.order_no} could be returned until {complaint.dispatched_at + window}")


def _asked(complaint: Complaint, asked: Request, evidence: list[EvidencePart]) -> OrderRequestAskedV1:
    return OrderRequestAskedV1(
        request_id=asked.id,
        order_no=complaint.order_no,
        dispatch_no=complaint.dispatch_no,
        unit_code=complaint.unit_code,
        wants=asked.wants,
        reason=asked.reason,
        words=asked.words,
        appeals=asked.appeals,
        evidence=evidence,
        answer_by=asked.decide_by,
        asked_by=asked.asked_by,
        asked_at=asked.asked_at,
    )


def _decided(request: Request, at: Moment) -> OrderRequestDecidedV1:
    return OrderRequestDecidedV1(
        request_id=request.id,
        order_no=request.about,
        issue_id=request.facts["issue_id"],
        wants=request.wants,
        granted=request.is_granted,
        is_default=request.is_default,
        answer=request.answer,
        decided_by=request.decided_by,
        decided_at=at.now,
    )
