"""Finding and keeping issues with their tasks. The lock on an issue guards its tasks."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, or_, select, union

from services.dispatch.domain.desk import Offices
from services.dispatch.domain.errors import UnknownIssue, UnknownTask
from services.dispatch.domain.issue import Issue, IssueState
from services.dispatch.domain.task import OPEN, OVERSEERS, Task, TaskState, issue_of
from services.dispatch.storage import offices, tables
from shared.auth import Caller
from shared.bus.work import Store
from shared.calendars import shipped
from shared.contracts.directory import DeskPart
from shared.contracts.vocabulary import Publicity
from shared.requests.tables import RequestRepository
from shared.storage import Repository, is_any
from shared.storage.work import Work


class TaskRepository(Repository[Task]):
    """Tasks by id. New ones are added here as well as to their issue."""

    entity, table = Task, tables.tasks

    def unknown(self, key: str) -> UnknownTask:
        return UnknownTask(f"no task has the id {key!r}", {"task_id": ["Unknown task."]})

    def list_of(
        self,
        column: str,
        values: Iterable[str],
        states: Collection[TaskState],
        sight: ColumnElement[bool],
        *,
        after: str = "",
        most: int = 100,
    ) -> list[Task]:
        """Those that are seen and have one of these values, by id; `after` is the last id of the page before."""
        at = tables.tasks.c
        wanted = self._wanted(column, values, states).where(sight, at.id > after)
        return self.look_up(wanted.order_by(at.id).limit(most))

    def list_waiting(
        self, column: str, values: Iterable[str], states: Collection[TaskState], *, most: int
    ) -> list[Task]:
        """Those that have one of these values, the soonest due first."""
        at = tables.tasks.c
        return self.look_up(self._wanted(column, values, states).order_by(at.due_at, at.id).limit(most))

    def _wanted(self, column: str, values: Iterable[str], states: Collection[TaskState]) -> Select[Any]:
        at = tables.tasks.c
        return self.select_from_here().where(is_any(at[column], values), at.state.in_(states))

    def seen_by(self, caller: Caller, inside: Iterable[str]) -> ColumnElement[bool]:
        """As `Task.is_for` says, for whose unit has these inside it; but who assists finds tasks by their issue."""
        at = tables.tasks.c
        own = at.organisation_id == caller.organisation
        if not caller.is_any_of(OVERSEERS):
            return own
        return or_(own, at.publicity == Publicity.PUBLIC, is_any(at.unit_code, inside))


class IssueRepository(Repository[Issue]):
    """Issues by id, each with its tasks as this unit of work has them by then."""

    entity, table = Issue, tables.issues

    def __init__(self, work: Work) -> None:
        super().__init__(work)
        self.tasks = TaskRepository(work)

    def unknown(self, key: str) -> UnknownIssue:
        return UnknownIssue(f"no issue has the id {key!r}", {"issue_id": ["Unknown issue."]})

    def lock_for_task(self, task_id: str) -> Issue:
        """The issue of a task, both to be changed. Raises UnknownTask."""
        issue = self.find_and_lock(issue_of(task_id))
        if issue is None:
            raise self.tasks.unknown(task_id)
        return issue

    def ids_left_in(self, unit_codes: Collection[str], most: int) -> list[str]:
        """Issues that are open or have open tasks in one of these units, so many at most."""
        issue, task = tables.issues.c, tables.tasks.c
        held = select(issue.id).where(is_any(issue.unit_code, unit_codes), issue.state != IssueState.CLOSED)
        worked_on = select(task.issue_id).where(is_any(task.unit_code, unit_codes), task.state.in_(OPEN))
        return list(self.connection.scalars(union(held, worked_on).limit(most)))

    def add(self, one: Issue) -> None:
        super().add(one)
        self.tasks.none_of("issue_id", one.id)

    def completed(self, some: Sequence[Issue]) -> None:
        self.tasks.load_of("issue_id", (issue.id for issue in some))

    def _seen(self, key: str) -> Issue | None:
        """Whoever may change it may change its tasks: they are remembered with it."""
        issue = super()._seen(key)
        if issue is not None:
            issue.tasks = sorted(self.tasks.of(issue_id=key), key=lambda one: one.number)
        return issue


class RequestsOfTasks(RequestRepository):
    table = tables.requests


class DispatchStore(Store):
    """The unit of work that dispatch's use cases see."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.issues = IssueRepository(self)
        self.tasks = self.issues.tasks
        self.requests = RequestsOfTasks(self)
        self.rosters = offices.Rosters(self.directory)

    def offices(self, now: datetime) -> Offices:
        """The directory as it is at an instant. Raises NotTold before it was told."""
        organisations = offices.organisations_as_of(self.directory, now)
        calendar = shipped()
        return Offices(self.units(now), self.duties(now), organisations, self.rosters.of, calendar, now)

    def desks_with(self, caller: Caller, now: datetime) -> list[str]:
        """The desks of the caller's unit at which they sit now."""
        desks = self.directory.list_in(DeskPart, [caller.unit or ""], now)
        rosters, calendar = self.rosters.load({one.organisation for one in desks}), shipped()
        known = (one for desk in desks for one in rosters[desk.organisation] if one.desk == desk)
        return [one.desk.id for one in known if one.seats(caller.person_id, now, calendar)]

    def load_rosters(self, places: Iterable[tuple[str, str]], now: datetime) -> None:
        """Read at once who sits at the desks that may be given matters of these units and categories."""
        asked = self.offices(now)
        leading = {(asked.lead_units(unit, category)[0], category) for unit, category in places}
        self.rosters.load({one.id for unit, category in leading for one in asked.competent(unit, category)})
