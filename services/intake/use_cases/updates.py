"""What the hotline says of an order after it was sent: it is merged, recalled, withdrawn or amended, or there is more.

What is dispatched again is in `redispatches`. Each is done once, or refused with the reason; the hotline's word
prevails over whatever was decided here.
"""

from services.intake.domain.complaint import Complaint, ComplaintState
from services.intake.domain.history import THE_HOTLINE, Decided, entry_on
from services.intake.domain.rejection import rejected
from services.intake.domain.reported import Report
from services.intake.domain.update import (
    ENDED,
    Ending,
    Refusal,
    Update,
    Words,
    cannot_be_merged,
    fingerprint_of,
    others_merged,
    refusal_of,
    said_at,
    update_id,
)
from services.intake.storage.repository import IntakeStore
from services.intake.use_cases.links import leave_issue
from services.intake.use_cases.matters import tell_if_ended
from services.intake.use_cases.orders import reject
from services.intake.use_cases.settling import end_waiting
from shared.bus.moment import Moment
from shared.contracts.hotline import OrderAmendedV1, OrderMergedV1, OrderRecalledV1, OrderWithdrawnV1
from shared.contracts.orders import ComplaintAmendedV1, ComplaintMergedV1, ComplaintRecalledV1, ComplaintWithdrawnV1

WHY: dict[Decided, str] = {
    Decided.MERGED: "热线合并工单",
    Decided.RECALLED: "热线撤回派单",
    Decided.WITHDRAWN: "诉求人撤回诉求",
}
"""What the units are told; what the hotline or the caller said of it is kept with the order."""


def merge(work: IntakeStore, event: OrderMergedV1, at: Moment) -> None:
    """It is answered with another one, and so is what urged it; nobody works on it by itself any more."""
    into = _root_of(work, event.into_order_no)
    complaint = take_down(work, event, at, cannot_be_merged(event, into))
    if complaint is None:
        return
    assert into is not None, "what is merged into nothing is refused"
    for matter in in_hand(work, complaint):
        _end(work, matter, event, Decided.MERGED, at, after={"first_order_no": into.order_no})
        for one in (matter, *work.complaints.of(first_order_no=matter.order_no)):
            one.merge(into.order_no, into.issue_id)
            told = ComplaintMergedV1(
                order_no=one.order_no, first_order_no=into.order_no, issue_id=into.issue_id, merged_at=at.now
            )
            work.outbox.add(told, at=at.now)
    tell_if_ended(work, complaint, at)


def recall(work: IntakeStore, event: OrderRecalledV1, at: Moment) -> None:
    """The hotline has it again, maybe to send it out anew."""
    complaint = take_down(work, event, at)
    if complaint is None:
        return
    for matter in in_hand(work, complaint):
        _end(work, matter, event, Decided.RECALLED, at)
        matter.end_as(ComplaintState.RECALLED)
        told = ComplaintRecalledV1(order_no=matter.order_no, dispatch_no=matter.dispatch_no, recalled_at=at.now)
        work.outbox.add(told, at=at.now)
    tell_if_ended(work, complaint, at)


def withdraw(work: IntakeStore, event: OrderWithdrawnV1, at: Moment) -> None:
    """Its caller has it no longer pursued. What others said, and was merged into it, is not theirs to take back."""
    urging = work.complaints.of(first_order_no=event.order_no)
    complaint = take_down(work, event, at, others_merged(urging))
    if complaint is None:
        return
    matters = in_hand(work, complaint)
    for matter in matters:
        _end(work, matter, event, Decided.WITHDRAWN, at)
    for one in (*matters, *urging):
        one.end_as(ComplaintState.WITHDRAWN)
        work.outbox.add(ComplaintWithdrawnV1(order_no=one.order_no, withdrawn_at=at.now), at=at.now)
    tell_if_ended(work, complaint, at)


def amend(work: IntakeStore, event: Words, at: Moment) -> None:
    """Other or more words. Whatever stands of the order, its time goes on, and who has the duty reads them."""
    complaint = take_down(work, event, at)
    if complaint is None:
        return
    is_supplement = not isinstance(event, OrderAmendedV1)
    words = work.words.of(complaint)
    words = (
        words.amend(event.title, event.content, at=event.amended_at)
        if isinstance(event, OrderAmendedV1)
        else words.supplement(event.content, at=event.supplemented_at)
    )
    complaint.said = work.words.close(words, complaint.order_no)
    issue = work.issues.find_and_lock(complaint.issue_id) if complaint.is_linked else None
    if issue is not None and issue.first_order_no == complaint.order_no:
        issue.say(work.gist_of(complaint))
        work.issues.touch(issue)
    kind = Decided.SUPPLEMENTED if is_supplement else Decided.AMENDED
    after = {"number": str(event.number)}
    work.history.add(entry_on(complaint, kind, reason="", by=THE_HOTLINE, at=at.now, after=after))
    told = ComplaintAmendedV1(
        order_no=complaint.order_no,
        issue_id=complaint.issue_id,
        is_supplement=is_supplement,
        number=event.number,
        amended_at=at.now,
    )
    work.outbox.add(told, at=at.now)


def in_hand(work: IntakeStore, complaint: Complaint) -> list[Complaint]:
    """What names an order of several matters is about each that has not ended; the number of one, about that alone."""
    return [one for one in work.complaints.matters_of(complaint) if one.state not in ENDED]


def take_down(work: IntakeStore, update: Update, at: Moment, beside: Refusal | None = None) -> Complaint | None:
    """The order that this is about. None for what was heard before, or is refused: `beside` says why else it may be."""
    key, fingerprint = update_id(update), fingerprint_of(update)
    known, complaint = work.reports.find(key), work.complaints.find_and_lock(update.order_no)
    if known is not None and known.fingerprint == fingerprint:
        return None
    about = next(iter(in_hand(work, complaint)), complaint) if complaint is not None else None
    refusal = refusal_of(update, about, now=at.now) or beside
    if known is not None:
        refusal = Refusal("update_reused", {"number": ["Stands for something else already: take the next one."]})
    if refusal is not None:
        told = rejected(
            order_no=update.order_no,
            reason=refusal.reason,
            fields=refusal.fields,
            fingerprint=f"{key} {fingerprint}",
            at=at.now,
        )
        reject(work, told, at)
        return None
    work.reports.add(Report(id=key, order_no=update.order_no, fingerprint=fingerprint, received_at=said_at(update)))
    return complaint


def _end(
    work: IntakeStore,
    complaint: Complaint,
    event: Ending,
    kind: Decided,
    at: Moment,
    after: dict[str, str] | None = None,
) -> None:
    """Out of hand: the issue goes on without it, or is withdrawn with its last order."""
    if complaint.is_linked:
        leave_issue(work, complaint, WHY[kind], at, by=THE_HOTLINE)
    elif (waiting := work.unsettled.find_and_lock(complaint.order_no)) is not None and waiting.is_open:
        end_waiting(work, waiting, at)
    before = {"state": complaint.state.value}
    reason = event.reason or WHY[kind]
    work.history.add(entry_on(complaint, kind, reason=reason, by=THE_HOTLINE, at=at.now, before=before, after=after))


def _root_of(work: IntakeStore, order_no: str) -> Complaint | None:
    """The order itself, or the one with which it is answered."""
    complaint = work.complaints.find(order_no)
    return complaint and (work.complaints.find(complaint.root) or complaint)
