"""What the other stages report about an issue, and what follows for its orders.

Issues are born here, so an event about one that intake does not know is not about ours and changes nothing. An event
may come twice or late: what is already so stays as it is, and a closed order stays closed.
"""

from datetime import datetime
from typing import Any

from services.intake.use_cases.linking import list_issue
from shared.contracts.deliberation import ResolutionAdoptedV1
from shared.contracts.dispatch import HandlingFailedV1, IssueHandledV1
from shared.contracts.evaluation import CallbackCompletedV1, RedoOrderedV1
from shared.contracts.intake import ComplaintClosedV1, ComplaintRepliedV1
from shared.contracts.supervision import IssueClosedV1, IssueEscalatedV1, IssueReopenedV1, IssueReturnedDownV1
from shared.contracts.vocabulary import ListingReason


def reply_to_callers(work: Any, event: IssueHandledV1, *, now: datetime) -> None:
    """Every linked order gets the result as its reply (Art. 15)."""
    for complaint in work.complaints.of_issue(event.issue_id):
        if complaint.reply_with(event.result, at=event.handled_at):
            told = ComplaintRepliedV1(
                order_no=complaint.order_no, issue_id=event.issue_id, reply=event.result, replied_at=now
            )
            work.outbox.add(told, at=now)


def list_failed_issue(work: Any, event: HandlingFailedV1, *, now: datetime) -> None:
    """The unit that could not solve it meets on it; not if the issue has moved on, or is on that list already."""
    issue = work.issues.find(event.issue_id)
    if issue is None or not issue.is_open or issue.is_listed_at(event.unit_code):
        return
    if issue.moved_at is None or event.failed_at >= issue.moved_at:
        list_issue(work, issue, event.unit_code, ListingReason.HANDLING_FAILED, now)


def settle_listing(work: Any, event: ResolutionAdoptedV1) -> None:
    """The council resolved: the issue is off its list. Should the tasks fail, it may come onto it again."""
    issue = work.issues.find(event.issue_id)
    if issue is not None and issue.is_listed_at(event.unit_code):
        issue.settle_by_resolution()


def move_issue(
    work: Any, event: IssueEscalatedV1 | IssueReturnedDownV1 | IssueReopenedV1, *, moved_at: datetime
) -> None:
    """Another unit holds it now."""
    issue = work.issues.find(event.issue_id)
    if issue is not None:
        before = issue.unit_code
        issue.move(event.to_unit, event.route, at=moved_at)
        work.issues.changed(issue, from_unit=before)


def reopen_issue(work: Any, event: IssueReopenedV1) -> None:
    """A relapse: the issue is open again one tier up, and its orders with it."""
    issue = work.issues.find(event.issue_id)
    if issue is None:
        return
    issue.reopen()
    for complaint in work.complaints.of_issue(event.issue_id):
        complaint.reopen()
    move_issue(work, event, moved_at=event.reopened_at)


def close_issue(work: Any, event: IssueClosedV1, *, now: datetime) -> None:
    """Every linked order ends with the issue's outcome; nothing is linked to it any more."""
    issue = work.issues.find(event.issue_id)
    if issue is None or not issue.is_open:
        return
    issue.close(event.outcome, at=event.closed_at)
    work.issues.changed(issue, from_unit=issue.unit_code)
    for complaint in work.complaints.of_issue(event.issue_id):
        if complaint.close(event.outcome, at=event.closed_at):
            told = ComplaintClosedV1(
                order_no=complaint.order_no, issue_id=event.issue_id, outcome=event.outcome, closed_at=event.closed_at
            )
            work.outbox.add(told, at=now)


def note_callback(work: Any, event: CallbackCompletedV1) -> None:
    """The caller was asked."""
    for complaint in work.complaints.of_issue(event.issue_id):
        if complaint.order_no == event.order_no:
            complaint.note_callback()


def order_redo(work: Any, event: RedoOrderedV1) -> None:
    """It is done again for the order whose caller said "not solved"."""
    for complaint in work.complaints.of_issue(event.issue_id):
        if complaint.order_no == event.order_no:
            complaint.redo()
