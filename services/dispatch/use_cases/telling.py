"""What dispatch tells of issues and tasks for more than one reason."""

from collections.abc import Iterable

from services.dispatch.domain.issue import Issue
from services.dispatch.domain.task import Task
from services.dispatch.storage.repository import DispatchStore
from services.dispatch.use_cases.assignments import of_task
from shared.bus.moment import Moment
from shared.contracts.dispatch import IssueHandledV1, TaskCorrectedV1, TaskWithdrawnV1
from shared.contracts.orders import ComplaintRedispatchedV1
from shared.contracts.supervision import IssueReassignedV1


def tell_handled(work: DispatchStore, issue: Issue, result: str, at: Moment) -> None:
    handled = IssueHandledV1(issue_id=issue.id, unit_code=issue.unit_code, result=result, handled_at=at.now)
    work.outbox.add(handled, at=at.now)


def tell_withdrawn(work: DispatchStore, ended: Iterable[Task], at: Moment) -> None:
    for task in ended:
        whither = {"to_unit": task.withdrawn_to, "reason": task.withdrawn_because}
        event = TaskWithdrawnV1(**of_task(task), **whither, withdrawn_at=at.now)
        work.outbox.add(event, at=at.now)


def tell_corrected(
    work: DispatchStore, tasks: Iterable[Task], event: IssueReassignedV1 | ComplaintRedispatchedV1, at: Moment
) -> None:
    for task in tasks:
        if task.is_open and task.due_at != event.due_at:
            task.due_at, task.sla_class = event.due_at, event.sla_class
            told = TaskCorrectedV1(**of_task(task), reason=event.reason, due_at=task.due_at, corrected_at=at.now)
            work.outbox.add(told, at=at.now)
