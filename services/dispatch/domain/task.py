"""A task 办理任务 and what may be done with it in which state. Instants are arguments; nothing here reads a clock."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from services.dispatch.domain.assignment import FiveThings
from services.dispatch.domain.errors import (
    EvidenceMissing,
    MilestoneOutOfOrder,
    NotResolved,
    TaskStateForbids,
)
from shared.auth import Caller, Role
from shared.contracts.deliberation import FundingSharePart
from shared.contracts.vocabulary import Publicity, SlaClass, TaskOrigin


class TaskState(StrEnum):
    """assigned → signed_for → in_hand → done → accepted; sent_back is in hand again; the rest are ends but blocked.

    A returned task is at once assigned to the next department. `ended` is a task whose issue was closed over it.
    """

    ASSIGNED = "assigned"
    SIGNED_FOR = "signed_for"
    IN_HAND = "in_hand"
    BLOCKED = "blocked"
    SENT_BACK = "sent_back"
    DONE = "done"
    ACCEPTED = "accepted"
    FAILED = "failed"
    MOVED_UP = "moved_up"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"


AT_WORK = (TaskState.SIGNED_FOR, TaskState.IN_HAND, TaskState.BLOCKED, TaskState.SENT_BACK)
UNFINISHED = (TaskState.ASSIGNED, *AT_WORK)
OPEN = (*UNFINISHED, TaskState.DONE)
OVERSEERS = frozenset({Role.LEADER, Role.CLERK, Role.CHAIR, Role.SUPERVISOR, Role.STREET_SYSTEM})
"""They are shown tasks of every organisation. A handler sees those of their own."""


class Milestone(StrEnum):
    """节点: those that apply, in this order."""

    PROJECT_APPROVAL = "project_approval"
    PROCUREMENT = "procurement"
    HANDLING = "handling"
    ACCEPTANCE = "acceptance"

    @property
    def place(self) -> int:
        return list(Milestone).index(self)


@dataclass(frozen=True)
class Evidence:
    """A file that shows something, by address and content hash."""

    uri: str
    sha256: str


@dataclass(kw_only=True)
class Task:
    """Work given to a desk of a department of a unit. `assigned_at` is the latest hand-off, `made_at` the first.

    `person` was on duty at the desk when the work was given to it. A resolution may name somebody whom the directory
    does not know: `organisation_id` is then who answers for it. `order_nos` are the orders that are answered when it
    is accepted, whatever else of the issue is still to be done; where it `is_alone` it is for them and nobody else.
    """

    id: str
    issue_id: str
    number: int
    unit_code: str
    origin: TaskOrigin
    what: str
    leader: str
    department: str
    person: str
    co_units: list[str]
    due_at: datetime
    made_at: datetime
    assigned_at: datetime
    organisation_id: str
    desk_id: str
    person_id: str = ""
    assisting_ids: list[str] = field(default_factory=list)
    state: TaskState = TaskState.ASSIGNED
    attempt: int = 1
    is_forced: bool = False
    extensions: int = 0
    milestone: Milestone | None = None
    blocked_because: str = ""
    withdrawn_to: str = ""
    withdrawn_because: str = ""
    result: str = ""
    evidence: list[Evidence] = field(default_factory=list)
    funding: list[FundingSharePart] = field(default_factory=list)
    accepted_at: datetime | None = None
    publicity: Publicity = Publicity.PUBLIC
    sla_class: SlaClass = SlaClass.GENERAL
    resolution_id: str = ""
    order_nos: list[str] = field(default_factory=list)
    is_alone: bool = False

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def is_for(self, caller: Caller) -> bool:
        """Whether they may know of it: the organisations in charge and assisting, who oversees its unit, and of what is

        public others who oversee.
        """
        if caller.acts_for_any([self.organisation_id, *self.assisting_ids]):
            return True
        is_shown = self.publicity is Publicity.PUBLIC or caller.may_act_in(self.unit_code)
        return is_shown and caller.is_any_of(OVERSEERS)

    def answer(self, order_nos: Iterable[str]) -> None:
        """It is done for these orders, too, and answers them."""
        self.order_nos = list(dict.fromkeys([*self.order_nos, *order_nos]))

    def must_be_unsigned(self) -> None:
        """Objections are over once it is signed for. Raises TaskStateForbids."""
        self.must_be("returned", TaskState.ASSIGNED)

    def sign_for(self) -> None:
        self.must_be("signed for", TaskState.ASSIGNED)
        self.state = TaskState.SIGNED_FOR

    def hand_over(self, things: FiveThings, *, unit_code: str, forced: bool, at: datetime) -> None:
        """To another department after a return; the time limit stays."""
        self.must_be("returned", TaskState.ASSIGNED)
        self._give_to(things, unit_code)
        self.attempt += 1
        self.is_forced, self.assigned_at = forced, at

    def pass_on(self, things: FiveThings, *, unit_code: str, forced: bool, at: datetime) -> bool:
        """The unit has ended: a desk that came after it has the task, and signs for it anew. Whether it must sign.

        What is done already only waits there to be accepted.
        """
        self.must_be("passed on", *OPEN)
        self._give_to(things, unit_code)
        if self.state is TaskState.DONE:
            return False
        self.state, self.blocked_because = TaskState.ASSIGNED, ""
        self.attempt += 1
        self.is_forced, self.assigned_at = forced, at
        return True

    def _give_to(self, things: FiveThings, unit_code: str) -> None:
        self.unit_code = unit_code
        self.leader, self.department, self.person = things.leader, things.department, things.person
        self.organisation_id, self.desk_id, self.person_id = things.organisation_id, things.desk_id, things.person_id
        self.co_units, self.assisting_ids = list(things.co_units), list(things.assisting_ids)
        self.due_at = things.due_at

    def extend(self, added: timedelta) -> bool:
        """Its issue has so much more time; no task gets more than its own limit once more. False if it is done."""
        if self.state not in UNFINISHED:
            return False
        self.due_at += min(added, max(self.due_at - self.made_at, timedelta(0)))
        self.extensions += 1
        return True

    def postpone(self, due_at: datetime) -> bool:
        """It is due no sooner than then. False if it is done, or due later already."""
        if self.state not in UNFINISHED or due_at <= self.due_at:
            return False
        self.due_at = due_at
        return True

    def block(self, explanation: str) -> None:
        """For now nothing can be done. Any later step takes it in hand again."""
        self.must_be("blocked", *AT_WORK)
        self.state, self.blocked_because = TaskState.BLOCKED, explanation

    def reach(self, milestone: Milestone) -> bool:
        """False if it was reached already. Milestones that don't apply may be left out, none can be made up for."""
        self.must_be("moved on to a milestone", *AT_WORK)
        if milestone is self.milestone:
            return False
        if self.milestone is not None and milestone.place < self.milestone.place:
            raise MilestoneOutOfOrder(f"{self.id} reached {self.milestone} already; {milestone} comes before it")
        self.milestone, self.state, self.blocked_because = milestone, TaskState.IN_HAND, ""
        return True

    def finish(self, result: str, evidence: list[Evidence]) -> None:
        self.must_be("done", *AT_WORK)
        if not evidence:
            raise EvidenceMissing(
                "show at least one piece of evidence", {"evidence": ["Must have at least one entry."]}
            )
        self.state, self.blocked_because = TaskState.DONE, ""
        self.result, self.evidence = result, list(evidence)

    def accept(self, *, at: datetime) -> None:
        self.must_be("accepted", TaskState.DONE)
        self.state, self.accepted_at = TaskState.ACCEPTED, at

    def send_back(self) -> None:
        self.must_be("sent back", TaskState.DONE)
        self.state = TaskState.SENT_BACK

    def fail(self) -> None:
        self.must_be("given up", *UNFINISHED)
        self.state = TaskState.FAILED

    def move_up(self) -> None:
        self.must_be("moved up", *OPEN)
        self.state = TaskState.MOVED_UP

    def withdraw(self, to_unit: str, because: str) -> None:
        """It was in the wrong hands: nobody there has failed, and who had it is shown why, and where it is now."""
        self.must_be("withdrawn", *OPEN)
        self.state, self.withdrawn_to, self.withdrawn_because = TaskState.WITHDRAWN, to_unit, because

    def decline(self) -> None:
        """What a council resolved is declined before it is signed for; an order from above is returned instead."""
        self.must_be("declined", TaskState.ASSIGNED)
        if not self.resolution_id:
            raise NotResolved(
                f"{self.id} comes from a {self.origin}; only what a council resolved can be declined (return_task)"
            )
        self.state = TaskState.DECLINED

    def end(self) -> None:
        self.must_be("ended", *OPEN)
        self.state = TaskState.ENDED

    def must_be(self, wanted: str, *states: TaskState) -> None:
        if self.state not in states:
            raise TaskStateForbids(
                f"{self.id} is {self.state} and can't be {wanted}; it would have to be {' or '.join(states)}",
                {"task_id": [f"The task is {self.state}."]},
            )


def issue_of(task_id: str) -> str:
    """The issue that a task belongs to: the task's id without the last part."""
    return task_id.rpartition("/")[0]


def orders_of(tasks: Iterable[Task]) -> list[str]:
    """The orders that these alone answer, each once."""
    return list(dict.fromkeys(order_no for task in tasks for order_no in task.order_nos))


def urgent_of(tasks: Iterable[Task]) -> list[Task]:
    """Those for urgent orders alone, which wait for no council."""
    return [task for task in tasks if task.sla_class.is_urgent and task.order_nos]
