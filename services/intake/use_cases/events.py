"""What the other stages report about an issue, and what follows for its orders.

Issues are born here, so an event about one that intake does not know is not about ours and changes nothing. An event
may come twice or late: what is already so stays as it is, and a closed order stays closed. Orders that come in are in
`orders`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from services.intake.domain.complaint import LINKED_BY_INTAKE, Complaint, newcomers_in
from services.intake.domain.reported import reported_id
from services.intake.domain.update import Update, update_id
from services.intake.schemas.requests import AboutIssue, AboutOrder
from services.intake.storage.repository import IntakeStore
from services.intake.use_cases import links, moves, orders, successions
from services.intake.use_cases.lists import list_issue
from services.intake.use_cases.matters import tell_if_ended
from shared.bus.moment import Moment
from shared.bus.timers.timers import Due
from shared.contracts.base import Event, Subject
from shared.contracts.deliberation import ResolutionAdoptedV1, ResolutionReviewedV1
from shared.contracts.dispatch import HandlingFailedV1, IssueHandledV1, OrderHandledV1, TaskAssignedV1
from shared.contracts.evaluation import CallbackCompletedV1, IssueEvaluatedV1, OrderEvaluatedV1, RedoOrderedV1
from shared.contracts.hotline import CallbackReportedV1, ComplaintFiledV1, OrderRequestAnsweredV1
from shared.contracts.intake import ComplaintClosedV1, ComplaintRepliedV1
from shared.contracts.supervision import (
    EscalationUndoneV1,
    IssueClosedV1,
    IssueEscalatedV1,
    IssueReassignedV1,
    IssueReopenedV1,
    IssueReturnedDownV1,
)
from shared.contracts.vocabulary import ListingReason, Outcome, Review, Route

AFTER_THE_END = "原议题已办结"
Moved = IssueEscalatedV1 | IssueReturnedDownV1 | IssueReassignedV1


def prepare(work: IntakeStore, subjects: Sequence[Subject | Due], at: Moment) -> None:
    """Lock the issues of a batch, all at once, and then load with a few queries what its handlers will ask for."""
    dues = [one for one in subjects if isinstance(one, Due)]
    due = {one.ref for one in dues}
    filed = [one for one in subjects if isinstance(one, ComplaintFiledV1)]
    asked = [one for one in subjects if isinstance(one, AboutOrder)]
    about_issues = {one.issue_id for one in subjects if isinstance(one, AboutIssue)}
    called = [one for one in subjects if isinstance(one, CallbackReportedV1)]
    updated = [one for one in subjects if isinstance(one, Update)]
    others = ComplaintFiledV1 | CallbackReportedV1 | TaskAssignedV1 | Update | OrderRequestAnsweredV1
    reported = {one.subject for one in subjects if isinstance(one, Event) and not isinstance(one, others)}
    about_orders = [*asked, *updated]
    reported |= about_issues | links.issues_of(work, about_orders)
    reported.update(successions.held_in_split(work, dues, at), moves.left_behind(work, dues, at))
    work.issues.lock_all(reported | orders.likely_issues(work, filed, at))
    work.complaints.load_of("issue_id", reported)
    links.load_orders(work, about_orders)
    work.complaints.lock_all(due)
    work.unsettled.lock_all(due | {one.order_no for one in updated})
    orders.load_earlier(work, filed, at)
    work.complaints.load({event.order_no for event in called})
    work.complaints.lock_orders_of_several()
    work.reports.load({reported_id(event) for event in called} | {update_id(event) for event in updated})


def reply_to_callers(work: IntakeStore, event: IssueHandledV1, at: Moment) -> None:
    """Every linked order that has not ended gets the result as its reply (Art. 15), unless it has one of its own."""
    for complaint in _orders_of(work, event.issue_id):
        _reply(work, complaint, event, at)


def reply_to_caller(work: IntakeStore, event: OrderHandledV1, at: Moment) -> None:
    """What was done for one order alone is its reply, while the issue goes on."""
    for complaint in _orders_of(work, event.issue_id):
        if complaint.order_no == event.order_no and not complaint.is_after(event.handled_at):
            _reply(work, complaint, event, at, alone=True)


def list_failed_issue(work: IntakeStore, event: HandlingFailedV1, at: Moment) -> None:
    """The unit that could not solve it meets on it; not if the issue has moved on, or is on that list already."""
    issue = work.issues.find_and_lock(event.issue_id)
    if issue is None or not issue.is_open or issue.is_listed_at(event.unit_code):
        return
    if issue.moved_at is None or event.failed_at >= issue.moved_at:
        list_issue(work, issue, event.unit_code, ListingReason.HANDLING_FAILED, at)


def settle_listing(work: IntakeStore, event: ResolutionAdoptedV1, at: Moment) -> None:
    """The council resolved: the issue is off its list. Should the tasks fail, it may come onto it again."""
    issue = work.issues.find_and_lock(event.issue_id)
    if issue is not None and issue.is_listed_at(event.unit_code):
        issue.settle_by_resolution()


def list_again(work: IntakeStore, event: ResolutionReviewedV1, at: Moment) -> None:
    """What was resolved is no more: its holder meets anew. Referred, it is listed as it climbs, if it does."""
    issue = work.issues.find_and_lock(event.issue_id)
    if issue is None or not issue.is_open or event.review is Review.STANDS or issue.is_listed_at(issue.unit_code):
        return
    if event.review is Review.RETURNED or issue.unit_code != event.unit_code:
        list_issue(work, issue, issue.unit_code, ListingReason.RECONSIDERED, at)


def move_issue(work: IntakeStore, event: Moved, at: Moment) -> None:
    """Another unit holds it now."""
    issue = work.issues.find_and_lock(event.issue_id)
    if issue is not None:
        issue.move(event.to_unit, event.route, at=_moved_at(event))


def undo_escalation(work: IntakeStore, event: EscalationUndoneV1, at: Moment) -> None:
    """The unit it had climbed from has it again; handled as it is, nobody need meet on it."""
    issue = work.issues.find_and_lock(event.issue_id)
    if issue is not None:
        issue.move(event.to_unit, Route.HANDLE, at=event.undone_at)


def reopen_issue(work: IntakeStore, event: IssueReopenedV1, at: Moment) -> None:
    """A relapse: the issue is open again one tier up, and with it the order whose caller came back, or else all."""
    issue = work.issues.find_and_lock(event.issue_id)
    if issue is None:
        return
    issue.reopen()
    issue.move(event.to_unit, event.route, at=event.reopened_at)
    for complaint in work.complaints.linked_to(issue.id):
        if event.order_no in ("", complaint.order_no):
            complaint.reopen()


def close_issue(work: IntakeStore, event: IssueClosedV1, at: Moment) -> None:
    """Every linked order ends with the issue's outcome; nothing is linked to it any more.

    One that joined when all others had their answer, and the end was on its way already, begins an issue of its own.
    """
    issue = work.issues.find_and_lock(event.issue_id)
    if issue is None or not issue.is_open:
        return
    issue.close(event.outcome, at=event.closed_at)
    linked = work.complaints.linked_to(issue.id)
    newcomers = [] if event.outcome is Outcome.UNSOLVED else newcomers_in(linked)
    for complaint in linked:
        if complaint in newcomers:
            links.move_out(work, complaint, issue, AFTER_THE_END, at, by=LINKED_BY_INTAKE)
        else:
            _close(work, complaint, event.outcome, event.closed_at, at)


def end_orders(work: IntakeStore, event: IssueEvaluatedV1, at: Moment) -> None:
    """Orders whose callers were asked end by what each of them said, whatever becomes of the issue.

    One that was dispatched again since is in hand.
    """
    _end(work, event, {one.order_no: one.outcome for one in event.orders}, at)


def end_order(work: IntakeStore, event: OrderEvaluatedV1, at: Moment) -> None:
    """What was handled alone ends by what its own caller said."""
    _end(work, event, {event.order_no: event.outcome}, at)


def note_callback(work: IntakeStore, event: CallbackCompletedV1, at: Moment) -> None:
    """The caller was asked; a self-check changes nothing."""
    if event.is_self_check:
        return
    for complaint in _orders_of(work, event.issue_id):
        if complaint.order_no == event.order_no:
            complaint.note_callback()


def order_redo(work: IntakeStore, event: RedoOrderedV1, at: Moment) -> None:
    """It is done again for the orders whose callers said "not solved", also if one had ended before its issue."""
    issue = work.issues.find_and_lock(event.issue_id)
    for complaint in _orders_of(work, event.issue_id):
        if complaint.order_no in event.order_nos:
            if issue is not None and issue.is_open:
                complaint.reopen()
            complaint.redo()


def _moved_at(event: Moved) -> datetime:
    if isinstance(event, IssueEscalatedV1):
        return event.escalated_at
    return event.reassigned_at if isinstance(event, IssueReassignedV1) else event.returned_at


def _reply(
    work: IntakeStore, complaint: Complaint, event: IssueHandledV1 | OrderHandledV1, at: Moment, *, alone: bool = False
) -> None:
    if not complaint.is_closed and complaint.reply_with(event.result, at=event.handled_at, alone=alone):
        told = ComplaintRepliedV1(
            order_no=complaint.order_no, issue_id=event.issue_id, reply=event.result, replied_at=at.now
        )
        work.outbox.add(told, at=at.now)


def _end(
    work: IntakeStore, event: IssueEvaluatedV1 | OrderEvaluatedV1, outcomes: Mapping[str, Outcome], at: Moment
) -> None:
    for complaint in _orders_of(work, event.issue_id):
        if complaint.order_no in outcomes and not complaint.is_after(event.handled_at):
            _close(work, complaint, outcomes[complaint.order_no], event.evaluated_at, at)
    if (issue := work.issues.find(event.issue_id)) is not None:
        links.settle_class(work, issue)


def _close(work: IntakeStore, complaint: Complaint, outcome: Outcome, closed_at: datetime, at: Moment) -> None:
    if complaint.close(outcome, at=closed_at):
        told = ComplaintClosedV1(
            order_no=complaint.order_no, issue_id=complaint.issue_id, outcome=outcome, closed_at=closed_at
        )
        work.outbox.add(told, at=at.now)
        tell_if_ended(work, complaint, at)


def _orders_of(work: IntakeStore, issue_id: str) -> list[Complaint]:
    """The orders linked to an issue, under its lock."""
    work.issues.find_and_lock(issue_id)
    return work.complaints.linked_to(issue_id)
