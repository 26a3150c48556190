"""What dispatch can be asked. A request refuses fields it doesn't know; every command carries an idempotency key.

The `subject` of a command is the issue of its task: commands on one issue are done in the order in which they came.
"""

from marshmallow import validate

from services.dispatch.domain.task import Milestone, issue_of
from shared.bus.rpc.messages import reason_for, request, unit_code
from shared.contracts.base import checked, listed, part, text
from shared.contracts.dispatch import EvidencePart
from shared.contracts.fields import FullMatch
from shared.contracts.requests import RequestReason, Want


def _task_id() -> str:
    return text(longest=140)  # type: ignore[no-any-return]


def _key() -> str:
    return text(longest=100, says="The same key gives the same reply, and the command is carried out once.")  # type: ignore[no-any-return]


def _reason() -> str:
    return text(longest=1000)  # type: ignore[no-any-return]


class _OnTask:
    task_id: str

    @property
    def subject(self) -> str:
        return issue_of(self.task_id)


@request
class SignForTask(_OnTask):
    """签收: the department takes the task on."""

    task_id: str = _task_id()
    idempotency_key: str = _key()


@request
class ReturnTask(_OnTask):
    """派单异议: ask in the policy's window that a task is taken back: not our duty, or area. Somebody above decides."""

    task_id: str = _task_id()
    reason: RequestReason = reason_for(Want.TASK_RETURN)
    words: str = text(longest=1000)
    evidence: list[EvidencePart] = listed(validate.Length(max=50))
    idempotency_key: str = _key()


@request
class DeclineTask(_OnTask):
    """不予承办: what a council resolved is not lawful, or can't be done by us; before it is signed for."""

    task_id: str = _task_id()
    reason: str = _reason()
    idempotency_key: str = _key()


@request
class BlockTask(_OnTask):
    """Nothing can be done for now, and why (Art. 15)."""

    task_id: str = _task_id()
    explanation: str = _reason()
    idempotency_key: str = _key()


@request
class ReachMilestone(_OnTask):
    """节点: project_approval, procurement, handling or acceptance, in this order, those that apply."""

    task_id: str = _task_id()
    milestone: Milestone
    idempotency_key: str = _key()


@part
class ShownPart:
    """A file that shows what was done."""

    uri: str = text(longest=500)
    sha256: str = checked(FullMatch("[0-9a-f]{64}", error="Must be 64 hexadecimal digits."))


@request
class FinishTask(_OnTask):
    """Done: what came of it, and at least one piece of evidence."""

    task_id: str = _task_id()
    result: str = text(longest=2000)
    evidence: list[ShownPart] = checked(validate.Length(min=1, max=50))
    idempotency_key: str = _key()


@request
class AcceptTask(_OnTask):
    """The leader accepts what was done."""

    task_id: str = _task_id()
    idempotency_key: str = _key()


@request
class SendBackTask(_OnTask):
    """The leader does not accept it, and says why."""

    task_id: str = _task_id()
    reason: str = _reason()
    idempotency_key: str = _key()


@request
class FailTask(_OnTask):
    """It can't be solved by handling; the residents shall deliberate."""

    task_id: str = _task_id()
    reason: str = _reason()
    idempotency_key: str = _key()


@request
class TakeOverTask(_OnTask):
    """The holder of the issue does it itself instead of the unit below, and says why."""

    task_id: str = _task_id()
    reason: str = _reason()
    idempotency_key: str = _key()


@request
class GetTask:
    """A task: who has it, by when, where it stands, and what happened to it."""

    task_id: str = _task_id()


@request
class ListTasks:
    """Of an issue; a person, desk or organisation by their ids in the directory; or a unit and the units inside it.

    One of them is named. `after` is the `next_after` of the page before.
    """

    issue_id: str = text(longest=120, shortest=0, default="")
    person_id: str = text(longest=120, shortest=0, default="")
    desk_id: str = text(longest=120, shortest=0, default="")
    organisation_id: str = text(longest=120, shortest=0, default="")
    unit_code: str = unit_code(may_be_empty=True)
    ended_too: bool = False
    after: str = text(longest=140, shortest=0, default="")
    most: int = checked(validate.Range(min=1, max=500), default=100)


@request
class GetDesk:
    """Who is competent for a matter of this category in this unit."""

    unit_code: str = unit_code()
    category: str = text(longest=60, says="A code: ./gongshang call intake list_categories")
