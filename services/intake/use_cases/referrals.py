"""Another channel has an order: a court, an arbitration body or the petition office 法定途径.

That order alone leaves its issue, whose others go on. An issue that is wholly there has no order left: it is withdrawn
and off every list, so that no council decides what is before the court.
"""

from services.intake.domain.complaint import Complaint, ComplaintState
from services.intake.domain.history import Decided, entry_on
from services.intake.domain.referral import Referral, must_have_been
from services.intake.schemas.replies import ComplaintReply, complaint_reply
from services.intake.schemas.requests import ReferOrder
from services.intake.storage.repository import IntakeStore
from services.intake.use_cases.answers import take_out_of_hand, take_up_again
from services.intake.use_cases.matters import tell_if_ended
from shared.bus.moment import Moment
from shared.contracts.intake import ComplaintReferredV1

SPLIT_OFF = "所并入的工单转其他渠道,本单恢复办理"
"""Why somebody else's order goes on; nothing is said of who went where."""


def refer_order(work: IntakeStore, request: ReferOrder, at: Moment) -> ComplaintReply:
    """A clerk above the order's unit notes it. What its caller urged it with goes with it. Raises BadRequest."""
    must_have_been(request.entered_on, now=at.now)
    referral = Referral(request.channel, request.reference.strip(), request.entered_on)
    _let_others_go_on(work, work.complaints.get(request.order_no), at)
    complaint = take_out_of_hand(work, request.order_no, "referred", referral.reason, at)
    by, after = at.caller.subject, referral.noted()
    work.history.add(entry_on(complaint, Decided.REFERRED, reason=referral.reason, by=by, at=at.now, after=after))
    for one in (complaint, *work.complaints.of(first_order_no=complaint.order_no)):
        one.refer(referral.words, at=at.now)
        work.outbox.add(_referred(one, referral, at), at=at.now)
    tell_if_ended(work, complaint, at)
    return complaint_reply(complaint, work.history.of_order(complaint))


def _let_others_go_on(work: IntakeStore, complaint: Complaint, at: Moment) -> None:
    """What the hotline merged into it and somebody else said is not before the court: it goes on by itself."""
    for one in work.complaints.of(first_order_no=complaint.order_no):
        if one.state is ComplaintState.MERGED and not _is_by_same_caller(one, complaint):
            one.split_off(at.policy.sla.limit(one.sla_class), at=at.now)
            take_up_again(work, one, ComplaintState.MERGED, SPLIT_OFF, at, by=at.caller.subject)


def _is_by_same_caller(one: Complaint, other: Complaint) -> bool:
    return bool(one.caller_ref) and one.caller_ref == other.caller_ref


def _referred(complaint: Complaint, referral: Referral, at: Moment) -> ComplaintReferredV1:
    return ComplaintReferredV1(
        order_no=complaint.order_no,
        channel=referral.channel,
        reference=referral.reference,
        entered_on=referral.entered_on,
        referred_by=at.caller.subject,
        referred_at=at.now,
    )
