"""Loads and saves issues with their tasks. A whole batch is loaded by `preload`; after it, finding asks no more.

New issues are kept aside until the end of the unit of work and written in bulk, as they are by then: a query in the
same unit of work does not see them, only `find` does.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from services.dispatch.domain.errors import UnknownIssue, UnknownTask
from services.dispatch.domain.issue import Issue
from services.dispatch.domain.task import Task, TaskState
from services.dispatch.storage.tables import issues, tasks
from shared.bus import Store
from shared.storage import Row, Writes, is_any

ISSUE_COLUMNS, TASK_COLUMNS = tuple(issues.columns.keys()), tuple(tasks.columns.keys())


class IssueRepository:
    """Issues by id, remembered for the time of one unit of work, also that some are not there."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[str, Issue | None] = {}
        self._new: list[Issue] = []

    def preload(self, ids: Collection[str]) -> None:
        """One query for the issues of a batch and one for their tasks; locks them against commands on PostgreSQL."""
        wanted = sorted(set(ids) - self._known.keys())
        if not wanted:
            return
        self._known.update(dict.fromkeys(wanted))
        whole = _whole().where(is_any(issues.c.id, wanted)).order_by(issues.c.id).with_for_update(of=issues)
        self._known.update((issue.id, issue) for issue in self._session.scalars(whole))

    def find(self, issue_id: str) -> Issue | None:
        """The issue, to be changed."""
        if issue_id not in self._known:
            self.preload([issue_id])
        return self._known[issue_id]

    def get_for_task(self, task_id: str) -> Issue:
        """The issue of a task, to be changed. Raises UnknownTask."""
        issue = self.find(task_id.rpartition("/")[0])
        if issue is None:
            raise UnknownTask(f"no task has the id {task_id!r}", {"task_id": ["Unknown task."]})
        return issue

    def add(self, issue: Issue) -> None:
        self._known[issue.id] = issue
        self._new.append(issue)

    def write_new(self, writes: Writes) -> None:
        """Write what was added. The unit of work calls it at its end."""
        fresh, self._new = self._new, []
        writes.insert(issues, [_row_of(issue, ISSUE_COLUMNS) for issue in fresh])
        writes.insert(tasks, [_row_of(task, TASK_COLUMNS) for issue in fresh for task in issue.tasks])


class TaskRepository:
    """Tasks to be looked at. Changes go through their issue."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, task_id: str) -> Task:
        """Raises UnknownTask."""
        task = self._session.get(Task, task_id)
        if task is None:
            raise UnknownTask(f"no task has the id {task_id!r}", {"task_id": ["Unknown task."]})
        return task

    def of_issue(self, issue_id: str) -> Sequence[Task]:
        """In the order they were made. Raises UnknownIssue."""
        if self._session.scalar(select(issues.c.id).where(issues.c.id == issue_id)) is None:
            raise UnknownIssue(f"no issue has the id {issue_id!r}", {"issue_id": ["Unknown issue."]})
        return self._session.scalars(select(Task).where(tasks.c.issue_id == issue_id).order_by(tasks.c.number)).all()

    def of_unit(
        self, unit_code: str, states: Collection[TaskState], *, after: str = "", most: int = 100
    ) -> Sequence[Task]:
        """Tasks of a unit and the units inside it, by id; `after` is the last id of the page before."""
        inside = (tasks.c.unit_code >= unit_code, tasks.c.unit_code < f"{unit_code}z")
        query = select(Task).where(*inside, tasks.c.state.in_(states), tasks.c.id > after)
        return self._session.scalars(query.order_by(tasks.c.id).limit(most)).all()

    def counts(self) -> dict[str, int]:
        """How many tasks there are in each state."""
        rows = self._session.execute(select(tasks.c.state, func.count()).group_by(tasks.c.state))
        return {str(state): number for state, number in rows}


class DispatchStore(Store):
    """What a handler of dispatch works on."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.issues = IssueRepository(session)
        self.tasks = TaskRepository(session)

    def flush(self) -> None:
        self.issues.write_new(self.writes)
        super().flush()


def _whole() -> Any:
    return select(Issue).options(selectinload(Issue.tasks))  # type: ignore[arg-type]


def _row_of(kept: Issue | Task, columns: tuple[str, ...]) -> Row:
    values = vars(kept)
    return {name: values[name] for name in columns}
