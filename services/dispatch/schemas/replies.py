"""What dispatch answers, and how each answer is made from what is known."""

from collections.abc import Iterable, Sequence
from dataclasses import field
from datetime import datetime

from services.dispatch.domain.desk import Post
from services.dispatch.domain.task import Milestone, Task, TaskState
from services.dispatch.schemas.requests import ShownPart
from shared.bus.rpc.messages import reply
from shared.contracts.base import part
from shared.contracts.deliberation import FundingSharePart
from shared.contracts.vocabulary import SlaClass, TaskOrigin


@reply
class TaskReply:
    """A task as it stands. The ids are those of the directory; `person_id` is empty for whom it does not know.

    A withdrawn one says why, and which unit has the matter now. `order_nos` are answered once it is accepted, whatever
    else of the issue is still to be done.
    """

    task_id: str
    issue_id: str
    unit_code: str
    state: TaskState
    origin: TaskOrigin
    what: str
    leader: str
    department: str
    person: str
    organisation_id: str
    desk_id: str
    person_id: str = ""
    co_units: list[str] = field(default_factory=list)
    assisting_ids: list[str] = field(default_factory=list)
    due_at: datetime
    sla_class: SlaClass
    assigned_at: datetime
    attempt: int
    is_forced: bool
    extensions: int
    milestone: Milestone | None = None
    blocked_because: str = ""
    withdrawn_to: str = ""
    withdrawn_because: str = ""
    result: str = ""
    evidence: list[ShownPart] = field(default_factory=list)
    funding: list[FundingSharePart] = field(default_factory=list)
    order_nos: list[str] = field(default_factory=list)


@reply
class TaskInSightReply(TaskReply):
    """A task as whoever asks for it sees it: whether they have it in hand, and whether they lead in its unit."""

    in_hand: bool = False
    in_charge: bool = False


@reply
class TasksReply:
    """`next_after` is empty on the last page."""

    tasks: list[TaskReply] = field(default_factory=list)
    next_after: str = ""


@part
class PostPart:
    """A desk of a department, who is responsible for it, and who sits there now."""

    department: str
    person: str
    leader: str
    desk: str
    organisation_id: str
    desk_id: str
    person_id: str


@reply
class DeskReply:
    """Departments in order of competence; `leader` is the first one's."""

    lead_unit: str
    leader: str
    posts: list[PostPart] = field(default_factory=list)


def task_reply(task: Task) -> TaskReply:
    """What is told of a task."""
    return TaskReply(
        task_id=task.id,
        issue_id=task.issue_id,
        unit_code=task.unit_code,
        state=task.state,
        origin=task.origin,
        what=task.what,
        leader=task.leader,
        department=task.department,
        person=task.person,
        organisation_id=task.organisation_id,
        desk_id=task.desk_id,
        person_id=task.person_id,
        co_units=list(task.co_units),
        assisting_ids=list(task.assisting_ids),
        due_at=task.due_at,
        sla_class=task.sla_class,
        assigned_at=task.assigned_at,
        attempt=task.attempt,
        is_forced=task.is_forced,
        extensions=task.extensions,
        milestone=task.milestone,
        blocked_because=task.blocked_because,
        withdrawn_to=task.withdrawn_to,
        withdrawn_because=task.withdrawn_because,
        result=task.result,
        evidence=[ShownPart(uri=shown.uri, sha256=shown.sha256) for shown in task.evidence],
        funding=task.funding,
        order_nos=list(task.order_nos),
    )


def tasks_reply(tasks: Sequence[Task], next_after: str = "") -> TasksReply:
    return TasksReply(tasks=[task_reply(task) for task in tasks], next_after=next_after)


def desk_reply(first: Post, posts: Iterable[Post]) -> DeskReply:
    """The desks of the unit that would lead."""
    parts = [
        PostPart(
            department=post.department,
            person=post.person,
            leader=post.leader,
            desk=post.desk,
            organisation_id=post.organisation_id,
            desk_id=post.desk_id,
            person_id=post.person_id,
        )
        for post in posts
    ]
    return DeskReply(lead_unit=first.unit_code, leader=first.leader, posts=parts)
