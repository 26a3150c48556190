"""What evaluation hears: which order belongs to which issue, who holds it, when it was handled and when it ended.

Nothing of issues waits for anything but the directory here: whatever comes first makes the record, and what comes later
completes it. Who stands for a holder in the ranks is settled as of the instant at which it came to hold the issue.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from services.evaluation.domain.issue import Issue
from services.evaluation.domain.ranking import rank_unit_of
from services.evaluation.schemas.requests import RecordCallback
from services.evaluation.storage.repository import EvaluationStore
from services.evaluation.use_cases import surveys
from services.evaluation.use_cases.judgements import settle, settle_by
from services.evaluation.use_cases.leads import Ended
from shared.bus.inbox.reading import NotYet
from shared.bus.moment import Moment
from shared.bus.timers.timers import Due
from shared.contracts import Event
from shared.contracts.base import Subject
from shared.contracts.dispatch import IssueHandledV1, OrderHandledV1, TaskAssignedV1
from shared.contracts.intake import (
    CallbackReceivedV1,
    ComplaintCorrectedV1,
    ComplaintLinkedV1,
    ComplaintUnlinkedV1,
    ComplaintUrgedV1,
)
from shared.contracts.orders import ComplaintRedispatchedV1, OrderRequestDecidedV1
from shared.contracts.requests import Want
from shared.contracts.supervision import (
    EscalationUndoneV1,
    IssueClosedV1,
    IssueEscalatedV1,
    IssueExtendedV1,
    IssuePendedV1,
    IssueReassignedV1,
    IssueReopenedV1,
    IssueReturnedDownV1,
    IssueUnpendedV1,
)

Moved = IssueEscalatedV1 | IssueReturnedDownV1 | IssueReassignedV1 | IssueReopenedV1
_ABOUT_AN_ORDER = (
    ComplaintLinkedV1,
    ComplaintUnlinkedV1,
    ComplaintCorrectedV1,
    ComplaintRedispatchedV1,
    OrderHandledV1,
)
_ASKS_ALL = (ComplaintUnlinkedV1, ComplaintRedispatchedV1, ComplaintUrgedV1, IssueHandledV1, IssueReopenedV1)


def prepare(work: EvaluationStore, subjects: Sequence[Subject | Due]) -> None:
    """Lock and read what a batch of events, answers or timers is about, in a handful of queries, whatever its size."""
    events = [one for one in subjects if isinstance(one, Event)]
    work.issues.lock_all(event.subject for event in events)
    work.surveys.load(event.order_no for event in events if isinstance(event, _ABOUT_AN_ORDER))
    work.surveys.load_of("issue_id", (event.issue_id for event in events if isinstance(event, _ASKS_ALL)))
    answered = {one.order_no for one in subjects if isinstance(one, RecordCallback | CallbackReceivedV1)}
    due = {one.ref for one in subjects if isinstance(one, Due) and one.kind == surveys.CALLBACK}
    work.surveys.lock_all(answered | due)
    work.callbacks.load_of("order_no", answered)
    work.leads.load_of("issue_id", _led(work, events, answered))


def _led(work: EvaluationStore, events: Sequence[Event], order_nos: Iterable[str]) -> set[str]:
    """The issues of which it is asked who answers for them, or of which it changes."""
    changed = {one.issue_id for one in events if isinstance(one, Ended)}
    handed_on = {one.issue_id for one in events if isinstance(one, TaskAssignedV1) and one.attempt > 1}
    asked = {survey.issue_id for one in order_nos if (survey := work.surveys.find(one)) is not None}
    return changed | handed_on | asked


def follow_link(work: EvaluationStore, event: ComplaintLinkedV1, at: Moment) -> None:
    """The order belongs to this issue: its caller is asked when its limit expires. A moved order keeps its survey."""
    survey = work.surveys.find(event.order_no)
    if survey is None:
        surveys.open_survey(work, event, at)
    elif survey.link(event.issue_id, at=event.linked_at):
        surveys.redispatch(work, survey, event, at)
        surveys.arm(work, survey)
    else:
        return
    settle(work, _find_or_add(work, event.issue_id, event.unit_code), at)


def follow_unlink(work: EvaluationStore, event: ComplaintUnlinkedV1, at: Moment) -> None:
    """The order left this issue; the others need not wait for its caller any more."""
    issue = work.issues.find_and_lock(event.issue_id)
    survey = work.surveys.find(event.order_no)
    if survey is not None and survey.unlink(event.issue_id) and issue is not None:
        settle(work, issue, at)


def follow_redispatch(work: EvaluationStore, event: ComplaintRedispatchedV1, at: Moment) -> None:
    """The order went out again: what its caller says counts for the unit that has it since, and is asked by that limit.

    Of an order that is not known the link says the same.
    """
    survey = work.surveys.find(event.order_no)
    if survey is None or survey.issue_id != event.issue_id:
        return
    surveys.redispatch(work, survey, event, at)
    surveys.arm(work, survey)
    settle(work, _find_or_add(work, event.issue_id, event.to_unit), at)


def follow_correction(work: EvaluationStore, event: ComplaintCorrectedV1, at: Moment) -> None:
    """The order was for another unit all the while, which it counts for; and it may have another limit."""
    work.issues.find_and_lock(event.issue_id)
    survey = work.surveys.find(event.order_no)
    if survey is not None:
        units = work.units(event.corrected_at)
        right = (event.to_unit, rank_unit_of(event.to_unit, units), units.community_of(event.to_unit))
        survey.correct(*right, due_at=event.due_at, at=event.corrected_at)
        surveys.arm(work, survey)


def follow_extension(work: EvaluationStore, event: IssueExtendedV1, at: Moment) -> None:
    """Its orders have more time: their callers are asked when that is over."""
    work.issues.find_and_lock(event.issue_id)
    for order in event.orders:
        survey = work.surveys.find(order.order_no)
        if survey is None or survey.dispatch_no != order.dispatch_no:
            continue
        if survey.extend(order.due_at, at=event.extended_at):
            surveys.arm(work, survey)


def follow_request(work: EvaluationStore, event: OrderRequestDecidedV1, at: Moment) -> None:
    """The hotline left the order out of the rates 剔除. What was frozen before stays as it is."""
    survey = work.surveys.find_and_lock(event.order_no)
    if survey is not None and event.wants is Want.EXCLUSION and event.granted:
        survey.excluded_at = survey.excluded_at or at.now


def put_off(work: EvaluationStore, event: IssuePendedV1, at: Moment) -> None:
    """It is on the pending list: who was not asked yet is asked when it is handled, or off the list."""
    work.issues.find_and_lock(event.issue_id)
    for survey in work.surveys.of(issue_id=event.issue_id):
        if survey.order_no in event.order_nos and survey.put_off():
            surveys.arm(work, survey)


def ask_after_all(work: EvaluationStore, event: IssueUnpendedV1, at: Moment) -> None:
    work.issues.find_and_lock(event.issue_id)
    for survey in work.surveys.of(issue_id=event.issue_id):
        if survey.ask_after_all(now=at.now):
            surveys.arm(work, survey)


def take_urge(work: EvaluationStore, event: ComplaintUrgedV1, at: Moment) -> None:
    """Who calls again about an order that had ended says "not solved". After its issue's end it is a relapse."""
    issue = work.issues.find_and_lock(event.issue_id)
    survey = work.surveys.find(event.first_order_no)
    if issue is None or survey is None or survey.issue_id != issue.id or issue.closed_at is not None:
        return
    if survey.deny():
        settle_by(work, issue, survey, at)


def take_handling(work: EvaluationStore, event: IssueHandledV1, at: Moment) -> None:
    """Handled: callers who were asked before are asked again now, the others when their limit expires."""
    issue = _find_or_add(work, event.issue_id, event.unit_code)
    issue.handle(event.unit_code, at=event.handled_at)
    settle(work, issue, at)


def take_handled_order(work: EvaluationStore, event: OrderHandledV1, at: Moment) -> None:
    """What was done for one order alone: its caller is asked about that when its limit expires, or was asked before.

    Raises NotYet where its link was not heard of yet. One that has left the issue is none of this any more.
    """
    issue = _find_or_add(work, event.issue_id, event.unit_code)
    survey = work.surveys.find(event.order_no)
    if survey is None:
        raise NotYet(f"order {event.order_no} was handled, but is not linked yet as far as is known")
    if survey.issue_id == issue.id and survey.take_up_alone(event.handled_at):
        settle_by(work, issue, survey, at)


def move_issue(work: EvaluationStore, event: Moved, at: Moment) -> None:
    """Another holder has it, or the same one again; what the last one did is judged only where its work goes on."""
    if isinstance(event, IssueReassignedV1) and event.from_unit == event.to_unit:
        return  # another category or class; the holder goes on
    moved_at = _moved_at(event)
    issue = _find_or_add(work, event.issue_id, event.to_unit)
    was_closed = issue.closed_at is not None
    work_goes_on = isinstance(event, IssueEscalatedV1) and not event.was_handled
    has_moved = issue.move(event.to_unit, at=moved_at, work_goes_on=work_goes_on)
    if has_moved and isinstance(event, IssueReopenedV1):
        _reopen_orders(work, event, was_closed=was_closed)
    settle(work, issue, at)


def undo_escalation(work: EvaluationStore, event: EscalationUndoneV1, at: Moment) -> None:
    """The unit it had climbed from has held it all the while: what that unit did is judged after all."""
    issue = _find_or_add(work, event.issue_id, event.to_unit)
    issue.take_back(event.to_unit, held_since=event.held_since, at=event.undone_at)
    settle(work, issue, at)


def close_issue(work: EvaluationStore, event: IssueClosedV1, at: Moment) -> None:
    """Nothing is judged any more. Callers whose limit still runs are asked when it expires, closed or not (Art. 23)."""
    _find_or_add(work, event.issue_id, event.unit_code).close(at=event.closed_at)


def _reopen_orders(work: EvaluationStore, event: IssueReopenedV1, *, was_closed: bool) -> None:
    """Whose caller came back is asked again, and nobody else; a relapse that somebody saw concerns all."""
    for survey in work.surveys.of(issue_id=event.issue_id):
        if survey.order_no == event.order_no or (was_closed and not event.order_no):
            survey.reopen()


def _find_or_add(work: EvaluationStore, issue_id: str, unit_code: str) -> Issue:
    """The issue, locked; what is heard of it first makes the record."""
    issue = work.issues.find_and_lock(issue_id)
    if issue is None:
        issue = Issue(issue_id, unit_code)
        work.issues.add(issue)
    return issue


def _moved_at(event: Moved) -> datetime:
    if isinstance(event, IssueEscalatedV1):
        return event.escalated_at
    if isinstance(event, IssueReassignedV1):
        return event.reassigned_at
    return event.returned_at if isinstance(event, IssueReturnedDownV1) else event.reopened_at
