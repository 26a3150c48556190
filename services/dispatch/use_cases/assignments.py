"""Who gets a task: the issue's lead unit, whom a resolution names, or after an objection the next department."""

from datetime import datetime

from services.dispatch.domain.assignment import FiveThings
from services.dispatch.domain.issue import Issue
from services.dispatch.domain.task import Task
from services.dispatch.storage.repository import DispatchStore
from shared.bus.moment import Moment
from shared.contracts.deliberation import ResolvedTaskPart
from shared.contracts.dispatch import TaskAssignedV1
from shared.contracts.vocabulary import TaskOrigin


def assign_lead(
    work: DispatchStore, issue: Issue, at: Moment, *, origin: TaskOrigin, due_at: datetime, what: str = ""
) -> None:
    """A task for the issue's lead unit; who did it there before does it again."""
    unit_code = work.desks.lead_unit(issue.unit_code, issue.category)
    department = next((task.department for task in reversed(issue.tasks) if task.unit_code == unit_code), "")
    task = issue.assign(
        _five_things(work, issue, unit_code, due_at, department=department),
        unit_code=unit_code,
        origin=origin,
        what=what or issue.title,
        returns=at.policy.returns,
        at=at.now,
    )
    work.tasks.add(task)
    _announce(work, task, at)


def assign_resolved(
    work: DispatchStore, issue: Issue, resolved: ResolvedTaskPart, at: Moment, *, resolved_in: str
) -> None:
    """As the resolution names it; co-units from the desk where it names none."""
    unit_code = work.desks.lead_unit(min(resolved_in, issue.unit_code, key=len), issue.category)
    staffing = work.desks.staffing(unit_code, issue.category, department=resolved.department, helper=issue.unit_code)
    co_units = resolved.co_units or staffing.co_units
    task = issue.assign(
        FiveThings(resolved.leader, resolved.department, resolved.person, co_units, resolved.due_at),
        unit_code=unit_code,
        origin=TaskOrigin.RESOLUTION,
        what=resolved.what,
        returns=at.policy.returns,
        at=at.now,
        funding=resolved.funding,
    )
    work.tasks.add(task)
    _announce(work, task, at)


def hand_on(work: DispatchStore, issue: Issue, task: Task, at: Moment) -> None:
    """To the department next in competence, which gets it by force where no return is left."""
    following = work.desks.desk(task.unit_code, issue.category).after(task.department)
    things = _five_things(work, issue, task.unit_code, task.due_at, department=following)
    issue.hand_over(task, things, returns=at.policy.returns, at=at.now)
    _announce(work, task, at)


def _five_things(work: DispatchStore, issue: Issue, unit_code: str, due_at: datetime, *, department: str) -> FiveThings:
    who = work.desks.staffing(unit_code, issue.category, department=department, helper=issue.unit_code)
    return FiveThings(who.leader, who.department, who.person, who.co_units, due_at)


def _announce(work: DispatchStore, task: Task, at: Moment) -> None:
    event = TaskAssignedV1(
        task_id=task.id,
        issue_id=task.issue_id,
        unit_code=task.unit_code,
        origin=task.origin,
        what=task.what,
        leader=task.leader,
        department=task.department,
        person=task.person,
        co_units=list(task.co_units),
        due_at=task.due_at,
        attempt=task.attempt,
        forced=task.is_forced,
        assigned_at=task.assigned_at,
    )
    work.outbox.add(event, at=at.now)
