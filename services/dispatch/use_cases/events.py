"""What dispatch hears: an issue gets its tasks, moves on to another unit, and ends.

An issue remembers what it heard, so that what comes twice has its effect once.
"""

from collections.abc import Iterable

from services.dispatch.domain.issue import Issue, IssueState
from services.dispatch.domain.task import Task
from services.dispatch.storage.repository import DispatchStore
from services.dispatch.use_cases.assignments import assign_lead, assign_resolved
from shared.bus.inbox.reading import NotYet
from shared.bus.moment import Moment
from shared.contracts.base import Subject
from shared.contracts.deliberation import ResolutionAdoptedV1
from shared.contracts.dispatch import TaskMovedUpV1
from shared.contracts.evaluation import RedoOrderedV1
from shared.contracts.intake import IssueListedV1, IssueRaisedV1
from shared.contracts.supervision import (
    EscalationUndoneV1,
    IssueClosedV1,
    IssueEscalatedV1,
    IssueReopenedV1,
    IssueReturnedDownV1,
)
from shared.contracts.vocabulary import Route, TaskOrigin

Moved = IssueEscalatedV1 | IssueReturnedDownV1 | IssueReopenedV1


def prepare(work: DispatchStore, subjects: Iterable[Subject]) -> None:
    """Lock the issues of a batch and read their tasks, in a query each."""
    work.issues.lock_all({one.subject for one in subjects})


def open_issue(work: DispatchStore, event: IssueRaisedV1, at: Moment) -> None:
    """To be handled: its first task is assigned. To be deliberated: it waits for a resolution."""
    if work.issues.find_and_lock(event.issue_id) is not None:
        return
    issue = Issue(
        id=event.issue_id,
        unit_code=event.unit_code,
        category=event.category,
        title=event.title,
        sla_class=event.sla_class,
        raised_at=event.raised_at,
    )
    work.issues.add(issue)
    if event.route is Route.HANDLE:
        assign_lead(work, issue, at, origin=TaskOrigin.COMPLAINT, due_at=event.due_at)
    else:
        issue.await_resolution()


def await_resolution(work: DispatchStore, event: IssueListedV1, at: Moment) -> None:
    """The issue is on a deliberation list. A list it has climbed past since is none of its business any more."""
    issue = _known(work, event.issue_id)
    is_below = issue.unit_code != event.unit_code and event.unit_code.startswith(issue.unit_code)
    if not issue.hears(f"listed {event.unit_code} {event.listed_at.isoformat()}"):
        return
    if not is_below and issue.state is not IssueState.CLOSED:
        issue.await_resolution()


def carry_out_resolution(work: DispatchStore, event: ResolutionAdoptedV1, at: Moment) -> None:
    """A task for each the resolution names. It holds for the holder, also if the issue has climbed meanwhile."""
    issue = _known(work, event.issue_id)
    if not issue.hears(event.resolution_id) or issue.state is IssueState.CLOSED:
        return
    issue.is_awaiting_resolution = False
    if not event.tasks:
        due_at = event.adopted_at + at.policy.sla.limit(issue.sla_class)
        assign_lead(work, issue, at, origin=TaskOrigin.RESOLUTION, due_at=due_at, what=event.motion)
    for resolved in event.tasks:
        assign_resolved(work, issue, resolved, at, resolved_in=event.unit_code)


def do_again(work: DispatchStore, event: RedoOrderedV1, at: Moment) -> None:
    """The same department once more. Passed over where another unit took over since and is at work already."""
    issue = _known(work, event.issue_id)
    if not issue.hears(f"redo {event.order_no} {event.ordered_at.isoformat()}") or issue.state is IssueState.CLOSED:
        return
    is_in_other_hands = event.unit_code != issue.unit_code and (issue.open_tasks or issue.is_awaiting_resolution)
    if is_in_other_hands:
        return
    assign_lead(work, issue, at, origin=TaskOrigin.REDO, due_at=event.due_at)


def move_issue(work: DispatchStore, event: Moved, at: Moment) -> None:
    """Another unit holds the issue: what is open below ends; the new one gets a task or waits for a resolution."""
    issue = _known(work, event.issue_id)
    if not issue.hears(_cause_of(event)):
        return
    _tell_ended(work, issue.move_to(event.to_unit), at)
    issue.is_awaiting_resolution = event.route is Route.DELIBERATE
    if event.route is Route.HANDLE:
        assign_lead(work, issue, at, origin=TaskOrigin.ESCALATION, due_at=event.due_at)


def undo_escalation(work: DispatchStore, event: EscalationUndoneV1, at: Moment) -> None:
    """It had been handled in time and never should have climbed: what the next holder has open ends."""
    issue = _known(work, event.issue_id)
    if issue.hears(f"undone {event.escalation_id}"):
        _tell_ended(work, issue.take_back(event.to_unit), at)


def close_issue(work: DispatchStore, event: IssueClosedV1, at: Moment) -> None:
    issue = _known(work, event.issue_id)
    if issue.hears(f"closed {event.closed_at.isoformat()}"):
        issue.close()


def _tell_ended(work: DispatchStore, ended: Iterable[Task], at: Moment) -> None:
    for task in ended:
        event = TaskMovedUpV1(task_id=task.id, issue_id=task.issue_id, unit_code=task.unit_code, moved_up_at=at.now)
        work.outbox.add(event, at=at.now)


def _known(work: DispatchStore, issue_id: str) -> Issue:
    """The issue of an event, to be changed. Raises NotYet, having changed nothing."""
    issue = work.issues.find_and_lock(issue_id)
    if issue is None:
        raise NotYet(f"issue {issue_id} has not been raised here yet")
    return issue


def _cause_of(event: Moved) -> str:
    if isinstance(event, IssueEscalatedV1):
        return event.escalation_id
    if isinstance(event, IssueReturnedDownV1):
        return f"down {event.to_unit} {event.returned_at.isoformat()}"
    return f"reopened {event.to_unit} {event.reopened_at.isoformat()}"
