"""What an issue is given its orders are given: more time 延期, an interim reply 阶段性答复. Callers hear why."""

from datetime import datetime

from services.intake.domain.complaint import Complaint
from services.intake.domain.history import Decided, HistoryEntry, entry_on
from services.intake.storage.repository import IntakeStore
from shared.bus.moment import Moment
from shared.clock import for_people
from shared.contracts.intake import ComplaintExtendedV1, ComplaintRepliedV1
from shared.contracts.supervision import IssueExtendedV1, IssuePendedV1


def extend_orders(work: IntakeStore, event: IssueExtendedV1, at: Moment) -> None:
    """What comes twice extends once."""
    work.issues.find_and_lock(event.issue_id)
    due = {(one.order_no, one.dispatch_no): one.due_at for one in event.orders}
    because = event.words if at.policy.extension.is_told_to_caller else ""
    for complaint in work.complaints.linked_to(event.issue_id):
        before, after = complaint.due_at, due.get((complaint.order_no, complaint.dispatch_no), complaint.due_at)
        if complaint.extend(after, because):
            work.history.add(_entry(complaint, before, event))
            work.outbox.add(_extended(complaint, event), at=at.now)


def reply_in_the_interim(work: IntakeStore, event: IssuePendedV1, at: Moment) -> None:
    """The issue is on the pending list: the callers of these orders and the hotline are told so, each once."""
    work.issues.find_and_lock(event.issue_id)
    answered = [one for one in work.complaints.linked_to(event.issue_id) if one.order_no in event.order_nos]
    for complaint in answered:
        if complaint.reply_in_the_interim(event.interim_reply, at=event.pended_at):
            about = {"order_no": complaint.order_no, "issue_id": event.issue_id, "reply": complaint.reply}
            work.outbox.add(ComplaintRepliedV1(**about, is_interim=True, replied_at=at.now), at=at.now)


def _entry(complaint: Complaint, before: datetime, event: IssueExtendedV1) -> HistoryEntry:
    return entry_on(
        complaint,
        Decided.EXTENDED,
        reason=event.words,
        by=event.extended_by,
        at=event.extended_at,
        before={"due_at": for_people(before)},
        after={"due_at": for_people(complaint.due_at)},
    )


def _extended(complaint: Complaint, event: IssueExtendedV1) -> ComplaintExtendedV1:
    return ComplaintExtendedV1(
        order_no=complaint.order_no,
        issue_id=event.issue_id,
        due_at=complaint.due_at,
        reason=event.reason,
        words=event.words,
        extended_by=event.extended_by,
        extended_at=event.extended_at,
    )
