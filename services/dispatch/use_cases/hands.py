"""In whose hands a task is: the organisation that has it, or whoever the roster has at its desk now."""

from services.dispatch.domain.issue import Issue
from services.dispatch.domain.task import Task
from services.dispatch.storage.repository import DispatchStore
from shared.bus.inbox.reading import NotYet
from shared.bus.moment import Moment
from shared.errors import NotAllowed


def task_in_hand(work: DispatchStore, task_id: str, at: Moment) -> tuple[Issue, Task]:
    """A task with its issue, to be changed by the organisation that has it, whatever their unit, or at its desk."""
    issue, task = locked_task(work, task_id)
    must_have(work, task, at)
    return issue, task


def locked_task(work: DispatchStore, task_id: str) -> tuple[Issue, Task]:
    issue = work.issues.lock_for_task(task_id)
    return issue, issue.task(task_id)


def known(work: DispatchStore, issue_id: str) -> Issue:
    """The issue of an event, to be changed. Raises NotYet, having changed nothing."""
    issue = work.issues.find_and_lock(issue_id)
    if issue is None:
        raise NotYet(f"issue {issue_id} has not been raised here yet")
    return issue


def has(work: DispatchStore, task: Task, at: Moment) -> bool:
    """Whether the caller is of the organisation that has it, or on duty at its desk now."""
    caller = at.caller
    at_desk = (task.organisation_id, task.desk_id, caller.person_id)
    return caller.acts_for_any([task.organisation_id]) or work.offices(at.now).seats_at(*at_desk)


def must_have(work: DispatchStore, task: Task, at: Moment) -> None:
    """Raises NotAllowed for whoever is of another organisation and not on duty at the desk."""
    if not has(work, task, at):
        raise NotAllowed(
            f"{task.id} is a task of {task.organisation_id}, not of {at.caller.organisation}, "
            "and the roster has somebody else at its desk now"
        )
