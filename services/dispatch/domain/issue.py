"""An issue 议题 as dispatch sees it: who holds it, its tasks, and whether all that is to be done is done.

The issue is changed as one with its tasks: load it, change it, save it; never a task past its issue.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from services.dispatch.domain.assignment import FiveThings
from services.dispatch.domain.errors import AssignmentForced, ReturnTooLate, UnknownTask
from services.dispatch.domain.task import UNFINISHED, Task, TaskState
from shared.contracts.assigning import check_funding
from shared.contracts.deliberation import FundingSharePart
from shared.contracts.vocabulary import Publicity, SlaClass, TaskOrigin
from shared.policy.clocks import Returns


class IssueState(StrEnum):
    OPEN = "open"
    HANDLED = "handled"
    CLOSED = "closed"


@dataclass(kw_only=True)
class Issue:
    """`heard` keeps what already had its effect, so that nothing has it twice; `returns` who objected how often.

    `settled_tasks` is how many tasks there were when it was last handled. `respondents` are the organisations it is
    against: none of them gets a task of it. `due_at` is until when the holder has time, as it was told.
    `left_as_is` is what it comes to once what single orders have for themselves is done: nothing else is.
    """

    id: str
    unit_code: str
    category: str
    title: str
    sla_class: SlaClass
    raised_at: datetime
    due_at: datetime
    state: IssueState = IssueState.OPEN
    is_awaiting_resolution: bool = False
    handled_at: datetime | None = None
    settled_tasks: int = 0
    heard: list[str] = field(default_factory=list)
    returns: list[str] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    respondents: list[str] = field(default_factory=list)
    publicity: Publicity = Publicity.PUBLIC
    left_as_is: str = ""

    @property
    def open_tasks(self) -> list[Task]:
        return [task for task in self.tasks if task.is_open]

    @property
    def is_at_work(self) -> bool:
        """Whether somebody is at work on it; what single orders have for themselves is not work on the others."""
        return any(not task.is_alone for task in self.open_tasks)

    def task(self, task_id: str) -> Task:
        """Raises UnknownTask."""
        found = next((task for task in self.tasks if task.id == task_id), None)
        if found is None:
            raise UnknownTask(f"no task has the id {task_id!r}", {"task_id": ["Unknown task."]})
        return found

    def hears(self, cause: str) -> bool:
        """True the first time; what has had its effect already is to be passed over."""
        if cause in self.heard:
            return False
        self.heard = [*self.heard, cause]
        return True

    def assign(
        self,
        things: FiveThings,
        *,
        unit_code: str,
        origin: TaskOrigin,
        what: str,
        returns: Returns,
        at: datetime,
        funding: Sequence[FundingSharePart] = (),
        resolution_id: str = "",
        sla_class: SlaClass | None = None,
        order_nos: Sequence[str] = (),
        is_alone: bool = False,
    ) -> Task:
        """A new task. It is forced from the start where no return is left. Raises FundingNotWhole."""
        check_funding(funding)
        task = Task(
            id=f"{self.id}/T{len(self.tasks) + 1}",
            issue_id=self.id,
            number=len(self.tasks) + 1,
            unit_code=unit_code,
            origin=origin,
            what=what,
            leader=things.leader,
            department=things.department,
            person=things.person,
            co_units=list(things.co_units),
            due_at=things.due_at,
            made_at=at,
            assigned_at=at,
            organisation_id=things.organisation_id,
            desk_id=things.desk_id,
            person_id=things.person_id,
            assisting_ids=list(things.assisting_ids),
            is_forced=not self._may_object(unit_code, things.department, returns),
            funding=list(funding),
            publicity=self.publicity,
            resolution_id=resolution_id,
            sla_class=sla_class or self.sla_class,
            order_nos=list(order_nos),
            is_alone=is_alone,
        )
        self.tasks.append(task)
        self.state = IssueState.OPEN
        return task

    def must_be_returnable(self, task: Task, *, window: timedelta, at: datetime) -> None:
        """Whether there may be an objection 派单异议 against a task now.

        Raises AssignmentForced when the returns are used up, ReturnTooLate after the window.
        """
        task.must_be_unsigned()
        if task.is_forced:
            raise AssignmentForced(f"{task.id} was assigned by force and can't be returned")
        closes_at = task.assigned_at + window
        if at > closes_at:
            raise ReturnTooLate(f"{task.id} could be returned until {closes_at.isoformat()}")

    def give_back(self, task: Task) -> None:
        """An objection against a task was granted."""
        task.must_be_unsigned()
        self.returns = [*self.returns, _objector(task.unit_code, task.department)]

    def hand_over(self, task: Task, things: FiveThings, *, unit_code: str, returns: Returns, at: datetime) -> None:
        """Give a returned task to the next department, by force where no return is left."""
        forced = not self._may_object(unit_code, things.department, returns)
        task.hand_over(things, unit_code=unit_code, forced=forced, at=at)

    def pass_on(self, task: Task, things: FiveThings, *, unit_code: str, returns: Returns, at: datetime) -> bool:
        """Give a task whose unit has ended to what came after it; whether somebody must sign for it anew."""
        forced = not self._may_object(unit_code, things.department, returns)
        return task.pass_on(things, unit_code=unit_code, forced=forced, at=at)

    def await_resolution(self) -> None:
        """The residents decide; open tasks go on as interim measures."""
        self.is_awaiting_resolution, self.left_as_is = True, ""
        self.state = IssueState.OPEN

    def leave_as_it_is(self, result: str, at: datetime) -> bool:
        """The residents resolved that nothing is done. Whether the issue is handled by that: what is open goes on."""
        self.is_awaiting_resolution = False
        if self.state is not IssueState.OPEN or self.open_tasks:
            self.left_as_is = "" if self.is_at_work else result
            return False
        self.state, self.handled_at, self.settled_tasks = IssueState.HANDLED, at, len(self.tasks)
        return True

    def move_to(self, unit_code: str, *, due_at: datetime) -> None:
        """Another unit holds the issue from now on, and its tasks go on under it."""
        self.unit_code, self.due_at = unit_code, due_at

    @property
    def due_with_orders(self) -> list[Task]:
        """What the orders together gave rise to, and is open; what a council resolved has its own time."""
        return [task for task in self.open_tasks if task.origin is TaskOrigin.COMPLAINT and not task.is_alone]

    def alone_for(self, order_no: str) -> list[Task]:
        """What this order has, or had, for itself."""
        return [task for task in self.tasks if task.is_alone and order_no in task.order_nos]

    def urgent_work_by(self, due_at: datetime) -> Task | None:
        """What is urgent and due by then, if somebody is at work on that already."""
        urgent = (task for task in self.open_tasks if task.sla_class.is_urgent and task.state is not TaskState.DONE)
        return next((task for task in urgent if task.due_at <= due_at), None)

    def accepted_alone(self, at: datetime) -> list[Task]:
        """What answered its own orders at that instant, while the issue was not handled by it."""
        if at == self.handled_at:
            return []
        return [task for task in self.tasks if task.accepted_at == at and task.order_nos]

    def give_up(self, is_given_up: Callable[[Task], bool]) -> list[Task]:
        """Unfinished tasks of which that is so end with a move; they are returned. What is done waits to be judged."""
        ending = [task for task in self.open_tasks if task.state is not TaskState.DONE and is_given_up(task)]
        for task in ending:
            task.move_up()
        return ending

    def take_over(self, task: Task) -> None:
        """The holder does it itself from now on, by a task of its own. Raises TaskStateForbids once it is done."""
        task.must_be("taken over", *UNFINISHED)
        task.move_up()

    def correct(self, unit_code: str, category: str, title: str, sla_class: SlaClass) -> bool:
        """What it is about and where are put right. Whether that is for other hands than it was in."""
        is_elsewhere = (unit_code, category) != (self.unit_code, self.category)
        self.unit_code, self.category, self.title, self.sla_class = unit_code, category, title, sla_class
        return is_elsewhere

    def word(self, title: str, publicity: Publicity) -> None:
        """So it is spoken of from now on, and so far; and so are open tasks that have no other words."""
        for task in self.tasks:
            task.publicity = publicity
            if task.is_open and task.what == self.title:
                task.what = title
        self.title, self.publicity = title, publicity

    def withdraw_tasks(self, to_unit: str, because: str) -> list[Task]:
        """It was in the wrong hands: the open tasks end there; they are returned."""
        ending = self.open_tasks
        for task in ending:
            task.withdraw(to_unit, because)
        self.state = IssueState.OPEN
        return ending

    def let_go(self, order_no: str, because: str) -> list[Task]:
        """The order is in it no more: what was to be done for it alone ends; it is returned."""
        ending = []
        for task in self.open_tasks:
            if order_no in task.order_nos:
                task.order_nos = [one for one in task.order_nos if one != order_no]
                if task.is_alone and not task.order_nos:
                    task.withdraw(self.unit_code, because)
                    ending.append(task)
        return ending

    def give_up_resolution(self, resolution_id: str, because: str) -> list[Task]:
        """What was resolved is no more: what is open of it ends, and is returned; what is done stays done."""
        ending = [task for task in self.open_tasks if task.resolution_id == resolution_id]
        for task in ending:
            task.withdraw(self.unit_code, because)
        self.await_resolution()
        return ending

    def settle(self, at: datetime) -> str | None:
        """What the issue came to, once: when everything is done and accepted and no resolution is waited for.

        None while it is not so. Only tasks made since the issue was last handled speak, and of those not what has
        answered its own orders before.
        """
        if self.state is not IssueState.OPEN or self.is_awaiting_resolution or self.open_tasks:
            return None
        fresh = [task for task in self.tasks[self.settled_tasks :] if task.state is TaskState.ACCEPTED]
        if not fresh and not self.left_as_is:
            return None
        self.state, self.handled_at, self.settled_tasks = IssueState.HANDLED, at, len(self.tasks)
        for_all = [task for task in fresh if not task.is_alone or task.accepted_at == at]
        results = [task.result for task in for_all or fresh]
        if self.left_as_is:
            results, self.left_as_is = [self.left_as_is, *(task.result for task in for_all)], ""
        return "；".join(dict.fromkeys(results))

    def settle_as_before(self) -> None:
        """It is as it was when it was handled last, where what came up since has gone, and nothing else is open."""
        if self.handled_at is not None and not self.is_awaiting_resolution and not self.open_tasks:
            self.state, self.settled_tasks = IssueState.HANDLED, len(self.tasks)

    def close(self) -> None:
        """The end, also of tasks that are still open."""
        for task in self.open_tasks:
            task.end()
        self.state, self.is_awaiting_resolution = IssueState.CLOSED, False

    def _may_object(self, unit_code: str, department: str, returns: Returns) -> bool:
        own = self.returns.count(_objector(unit_code, department))
        return len(self.returns) < returns.per_order and own < returns.per_unit


def _objector(unit_code: str, department: str) -> str:
    return f"{unit_code} {department}"
