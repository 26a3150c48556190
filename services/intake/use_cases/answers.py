"""The six classes of Art. 11: answered and not dispatched, by the hotline's own word or a clerk's decision; and back.

No word in a title answers an order; it only suggests. Whoever called may have it taken up after all.
"""

from services.intake.domain.complaint import Complaint, ComplaintState
from services.intake.domain.errors import HandOverInstead
from services.intake.domain.history import Decided, entry_on
from services.intake.domain.waits import IN_HAND, WAITS
from services.intake.schemas.replies import ComplaintReply, complaint_reply
from services.intake.schemas.requests import AnswerOrder, ReinstateOrder
from services.intake.storage.repository import IntakeStore
from services.intake.use_cases.groups import take_up
from services.intake.use_cases.links import leave_issue
from services.intake.use_cases.matters import tell_if_ended
from services.intake.use_cases.respondents import must_not_be_against
from services.intake.use_cases.settling import end_waiting, wait_again
from shared.bus.moment import Moment
from shared.contracts.intake import ComplaintAnsweredV1, ComplaintReinstatedV1
from shared.contracts.vocabulary import Disposition


def answer_order(work: IntakeStore, request: AnswerOrder, at: Moment) -> ComplaintReply:
    """A clerk above the order's unit answers it. It leaves its issue, whose task ends if it was the last order.

    Raises HandOverInstead for an emergency, which no word ends.
    """
    if request.disposition is Disposition.EMERGENCY_LINE:
        fault = "Is handed over, and goes on: intake.hand_over_order."
        raise HandOverInstead(f"no word ends an emergency such as {request.order_no}", {"disposition": [fault]})
    complaint = take_out_of_hand(work, request.order_no, "answered", request.answer, at)
    by, after = at.caller.subject, {"disposition": request.disposition.value}
    work.history.add(entry_on(complaint, Decided.ANSWERED, reason=request.answer, by=by, at=at.now, after=after))
    for one in (complaint, *work.complaints.of(first_order_no=complaint.order_no)):
        one.answer(request.disposition, request.answer, at=at.now)
        tell_answered(work, one, at, by=by)
    tell_if_ended(work, complaint, at)
    return complaint_reply(complaint, work.history.of_order(complaint))


def reinstate_order(work: IntakeStore, request: ReinstateOrder, at: Moment) -> ComplaintReply:
    """The hotline has it taken up after all: its word, as the caller told it, is not for anybody here to decide."""
    complaint = work.complaints.lock(request.order_no)
    reinstate(work, complaint, request.reason, at, by=at.caller.subject)
    return complaint_reply(complaint, work.history.of_order(complaint))


def reinstate(work: IntakeStore, complaint: Complaint, reason: str, at: Moment, *, by: str) -> None:
    """Taken up after all. What no clerk had given to a unit waits for one again."""
    before = complaint.state
    complaint.reinstate(at.policy.sla.limit(complaint.sla_class), at=at.now)
    take_up_again(work, complaint, before, reason, at, by=by)


def take_up_again(
    work: IntakeStore, complaint: Complaint, was: ComplaintState, reason: str, at: Moment, *, by: str
) -> None:
    """In hand again, it goes where it would have gone; the hotline hears of it."""
    before = {"state": was.value}
    work.history.add(entry_on(complaint, Decided.REINSTATED, reason=reason, by=by, at=at.now, before=before))
    waiting = work.unsettled.find_and_lock(complaint.order_no)
    is_placed = waiting is None or waiting.unit_code != complaint.unit_code
    settles_at = wait_again(work, complaint, waiting, at) if waiting is not None and not is_placed else None
    told = ComplaintReinstatedV1(
        order_no=complaint.order_no,
        unit_code=complaint.unit_code,
        dispatched_at=complaint.dispatched_at,
        due_at=complaint.due_at,
        settles_at=settles_at,
        reason=reason,
        reinstated_by=by,
        reinstated_at=at.now,
    )
    work.outbox.add(told, at=at.now)
    if is_placed:
        take_up(work, complaint, work.gist_of(complaint), at, by=by)


def take_out_of_hand(work: IntakeStore, order_no: str, wanted: str, reason: str, at: Moment) -> Complaint:
    """The order leaves its issue or the list of its desk; whoever calls is above its unit. Raises OrderStateForbids."""
    complaint = work.complaints.get(order_no)
    if complaint.issue_id:
        work.issues.find_and_lock(complaint.issue_id)
    complaint = work.complaints.lock(order_no)
    _must_be_above(work, complaint, at)
    complaint.must_be(wanted, *WAITS, *IN_HAND)
    if complaint.is_linked:
        leave_issue(work, complaint, reason, at, by=at.caller.subject)
    elif (waiting := work.unsettled.find_and_lock(order_no)) is not None:
        end_waiting(work, waiting, at)
    return complaint


def tell_answered(work: IntakeStore, complaint: Complaint, at: Moment, *, by: str) -> None:
    assert complaint.disposition is not None, "what is answered has its class"
    told = ComplaintAnsweredV1(
        order_no=complaint.order_no,
        disposition=complaint.disposition,
        answer=complaint.reply,
        answered_by=by,
        answered_at=at.now,
    )
    work.outbox.add(told, at=at.now)


def _must_be_above(work: IntakeStore, complaint: Complaint, at: Moment) -> None:
    """The unit itself does not decide that it need not handle an order; the desk whose list it is on may."""
    must_not_be_against(complaint.respondents, at)
    unit = complaint.unit_code
    is_on_list = complaint.state is ComplaintState.TO_SETTLE
    at.caller.must_act_in(unit if is_on_list else work.units(at.now).parent_of(unit) or unit)
