"""Requests to dispatch and its replies. A request refuses fields it doesn't know; every command carries a key."""

from dataclasses import field
from datetime import datetime

from marshmallow import validate

from services.dispatch.domain.task import Milestone, Task, TaskState
from shared.bus import reply, request
from shared.contracts.base import checked, part, text
from shared.contracts.vocabulary import TaskOrigin


def _key() -> str:
    return text(longest=100, says="The same key gives the same reply, and the command is carried out once.")  # type: ignore[no-any-return]


def _reason() -> str:
    return text(longest=1000)  # type: ignore[no-any-return]


@request
class SignForTask:
    """签收: the department takes the task on."""

    task_id: str = text(longest=140)
    idempotency_key: str = _key()


@request
class ReturnTask:
    """派单异议: not our duty, or not our area; within the policy's window."""

    task_id: str = text(longest=140)
    reason: str = _reason()
    idempotency_key: str = _key()


@request
class ExtendTask:
    """延期: approved by the leader one tier up."""

    task_id: str = text(longest=140)
    reason: str = _reason()
    idempotency_key: str = _key()


@request
class BlockTask:
    """Nothing can be done for now, and why (Art. 15)."""

    task_id: str = text(longest=140)
    explanation: str = _reason()
    idempotency_key: str = _key()


@request
class ReachMilestone:
    """节点: project_approval, procurement, handling or acceptance, in this order, those that apply."""

    task_id: str = text(longest=140)
    milestone: Milestone
    idempotency_key: str = _key()


@part
class ShownPart:
    """A file that shows what was done."""

    uri: str = text(longest=500)
    sha256: str = checked(validate.Regexp(r"^[0-9a-f]{64}$", error="Must be 64 hexadecimal digits."))


@request
class FinishTask:
    """Done: what came of it, and at least one piece of evidence."""

    task_id: str = text(longest=140)
    result: str = text(longest=2000)
    evidence: list[ShownPart] = checked(validate.Length(min=1, max=50))
    idempotency_key: str = _key()


@request
class AcceptTask:
    """The leader accepts what was done."""

    task_id: str = text(longest=140)
    idempotency_key: str = _key()


@request
class SendBackTask:
    """The leader does not accept it, and says why."""

    task_id: str = text(longest=140)
    reason: str = _reason()
    idempotency_key: str = _key()


@request
class FailTask:
    """It can't be solved by handling; the residents shall deliberate."""

    task_id: str = text(longest=140)
    reason: str = _reason()
    idempotency_key: str = _key()


@request
class GetTask:
    task_id: str = text(longest=140)


@request
class ListTasks:
    """Of an issue, or of a unit and the units inside it; `after` is the `next_after` of the page before."""

    issue_id: str = text(longest=120, shortest=0, default="")
    unit_code: str = text(longest=15, shortest=0, default="")
    ended_too: bool = False
    after: str = text(longest=140, shortest=0, default="")
    most: int = checked(validate.Range(min=1, max=500), default=100)


@request
class GetDesk:
    """Who is competent for a matter of this category in this unit."""

    unit_code: str = text(longest=15)
    category: str = text(longest=60)


@part
class FundingPart:
    payer: str
    share_ratio: float


@reply
class TaskReply:
    """A task as it stands."""

    task_id: str
    issue_id: str
    unit_code: str
    state: TaskState
    origin: TaskOrigin
    what: str
    leader: str
    department: str
    person: str
    co_units: list[str] = field(default_factory=list)
    due_at: datetime
    assigned_at: datetime
    attempt: int
    is_forced: bool
    extensions: int
    milestone: Milestone | None = None
    blocked_because: str = ""
    result: str = ""
    evidence: list[ShownPart] = field(default_factory=list)
    funding: list[FundingPart] = field(default_factory=list)


@reply
class TasksReply:
    """`next_after` is empty on the last page."""

    tasks: list[TaskReply] = field(default_factory=list)
    next_after: str = ""


@part
class PostPart:
    department: str
    person: str


@reply
class DeskReply:
    """Departments in order of competence."""

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
        co_units=list(task.co_units),
        due_at=task.due_at,
        assigned_at=task.assigned_at,
        attempt=task.attempt,
        is_forced=task.is_forced,
        extensions=task.extensions,
        milestone=task.milestone,
        blocked_because=task.blocked_because,
        result=task.result,
        evidence=[ShownPart(uri=shown.uri, sha256=shown.sha256) for shown in task.evidence],
        funding=[FundingPart(payer=share.payer, share_ratio=share.share_ratio) for share in task.funding],
    )
