"""Emergencies go to 110, 119 or 120 at once, and somebody follows what comes of it. The order goes on in its hands."""

from services.intake.domain.complaint import Complaint
from services.intake.domain.errors import NotHandedOver
from services.intake.domain.handover import Handover, handover_id
from services.intake.domain.history import THE_HOTLINE, Decided, entry_on
from services.intake.domain.waits import IN_HAND, WAITS
from services.intake.schemas.replies import ComplaintReply, complaint_reply
from services.intake.schemas.requests import FollowHandover, HandOverOrder
from services.intake.storage.repository import IntakeStore
from services.intake.use_cases.respondents import must_not_be_against
from shared.bus.moment import Moment
from shared.bus.timers.timers import Due
from shared.contracts.orders import ComplaintHandedOverV1, HandoverFollowedV1, HandoverMissedV1
from shared.contracts.vocabulary import EmergencyLine

FOLLOWING = "handover"
"""The kind of the timer; it refers to the handover."""
BY_HOTLINE = "热线已转紧急服务"


def hand_over_order(work: IntakeStore, request: HandOverOrder, at: Moment) -> ComplaintReply:
    """A clerk told the emergency line, and says under what it has the matter. Raises OrderStateForbids."""
    complaint = work.complaints.lock(request.order_no)
    at.caller.must_act_in(complaint.unit_code)
    must_not_be_against(complaint.respondents, at)
    complaint.must_be("handed over", *WAITS, *IN_HAND)
    _hand_over(work, complaint, request.line, request.reference, request.words, at, by=at.caller.subject)
    return complaint_reply(complaint, work.history.of_order(complaint))


def hand_over_by_hotline(work: IntakeStore, complaint: Complaint, at: Moment) -> None:
    """The hotline put the caller through before it sent the order."""
    _hand_over(work, complaint, None, "", BY_HOTLINE, at, by=THE_HOTLINE)


def follow_handover(work: IntakeStore, request: FollowHandover, at: Moment) -> ComplaintReply:
    """What came of it. The order's own task goes on. Raises NotHandedOver."""
    complaint = work.complaints.lock(request.order_no)
    at.caller.must_act_in(complaint.unit_code)
    must_not_be_against(complaint.respondents, at)
    waiting = [one for one in work.handovers.of(order_no=complaint.order_no) if one.is_open]
    if not waiting:
        raise NotHandedOver(f"nothing of order {complaint.order_no} waits to be followed")
    by = at.caller.subject
    for one in waiting:
        one.follow(request.outcome, by=by, at=at.now)
        work.timers.cancel(FOLLOWING, one.id)
        told = HandoverFollowedV1(
            order_no=complaint.order_no,
            issue_id=complaint.issue_id,
            line=one.line,
            outcome=request.outcome,
            followed_by=by,
            followed_at=at.now,
        )
        work.outbox.add(told, at=at.now)
    after = {"outcome": request.outcome.value}
    work.history.add(entry_on(complaint, Decided.FOLLOWED, reason=request.words, by=by, at=at.now, after=after))
    return complaint_reply(complaint, work.history.of_order(complaint))


def miss_handover(work: IntakeStore, due: Due, at: Moment) -> None:
    """Nobody said in time what came of it: supervision hears so. It waits on the list until somebody does."""
    handover = work.handovers.find_and_lock(due.ref)
    if handover is None or not handover.is_open:
        return
    complaint = work.complaints.get(handover.order_no)
    told = HandoverMissedV1(
        order_no=handover.order_no,
        issue_id=complaint.issue_id,
        unit_code=work.units(at.now).heir_of(complaint.unit_code),
        line=handover.line,
        handed_at=handover.handed_at,
        missed_at=at.now,
    )
    work.outbox.add(told, at=at.now)


def _hand_over(
    work: IntakeStore,
    complaint: Complaint,
    line: EmergencyLine | None,
    reference: str,
    words: str,
    at: Moment,
    *,
    by: str,
) -> None:
    after = {"line": line.value if line is not None else "", "reference": reference}
    work.history.add(entry_on(complaint, Decided.HANDED_OVER, reason=words, by=by, at=at.now, after=after))
    handover = Handover(
        id=handover_id(complaint.order_no, complaint.decisions),
        order_no=complaint.order_no,
        line=line,
        reference=reference,
        unit_code=complaint.unit_code,
        handed_by=by,
        handed_at=at.now,
        follow_by=at.now + at.policy.settling.within(complaint.due_at - complaint.dispatched_at),
    )
    work.handovers.add(handover)
    work.timers.set(FOLLOWING, handover.id, handover.follow_by, subject=complaint.order_no)
    told = ComplaintHandedOverV1(
        order_no=complaint.order_no,
        issue_id=complaint.issue_id,
        line=line,
        reference=reference,
        follow_by=handover.follow_by,
        handed_by=by,
        handed_at=at.now,
    )
    work.outbox.add(told, at=at.now)
