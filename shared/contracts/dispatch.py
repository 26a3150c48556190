"""What dispatch 办 tells: tasks, their hand-offs and returns, and when an issue is handled."""

from collections.abc import Iterable
from dataclasses import field
from datetime import datetime

from marshmallow import validate

from shared.contracts.base import Event, Part, checked, event, part, text
from shared.contracts.requests import RequestReason
from shared.contracts.vocabulary import SlaClass, TaskOrigin


@part
class EvidencePart(Part):
    """A file that shows something, by address and content hash."""

    uri: str = text(longest=500)
    sha256: str = checked(validate.Length(min=64, max=64, error="Must be 64 hexadecimal digits."))


def plain_evidence(parts: Iterable[EvidencePart]) -> list[dict[str, str]]:
    """As it is kept in JSON."""
    return [{"uri": one.uri, "sha256": one.sha256} for one in parts]


@event(publisher="dispatch", subject="issue_id")
class TaskAssignedV1(Event):
    """A task has its five things: leader, department, person, co-units, time limit. `attempt` counts hand-offs.

    The ids are those of the directory; `assisting_ids` of the co-units that are organisations there. Where a resolution
    names somebody whom it does not know, `person_id` is empty, and the organisation is who answers for it.
    """

    task_id: str
    issue_id: str
    unit_code: str
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
    attempt: int
    forced: bool
    assigned_at: datetime


@event(publisher="dispatch", subject="issue_id")
class TaskSignedForV1(Event):
    """The person took the task on 签收; objections are over."""

    task_id: str
    issue_id: str
    unit_code: str
    signed_by: str
    signed_at: datetime


@event(publisher="dispatch", subject="issue_id")
class TaskReturnAskedV1(Event):
    """A department objects to a task 派单异议 within its window: somebody in `decided_in` decides, or it stays there.

    `appeals` is the request whose refusal this appeals against; empty for the first.
    """

    request_id: str
    task_id: str
    issue_id: str
    unit_code: str
    reason: RequestReason
    words: str
    appeals: str = ""
    decided_in: str
    decide_by: datetime
    asked_by: str
    asked_at: datetime


@event(publisher="dispatch", subject="issue_id")
class TaskReturnDecidedV1(Event):
    """It was granted or refused by somebody else, with reasons; or refused as nobody decided in time (`is_default`)."""

    request_id: str
    task_id: str
    issue_id: str
    unit_code: str
    granted: bool
    is_default: bool
    answer: str
    decided_by: str
    decided_at: datetime


@event(publisher="dispatch", subject="issue_id")
class TaskReturnedV1(Event):
    """An objection 派单异议 was granted: the task goes to another department, after the second by force."""

    task_id: str
    issue_id: str
    unit_code: str
    department: str
    reason: str
    returned_by: str
    returned_at: datetime


@event(publisher="dispatch", subject="issue_id")
class TaskExtendedV1(Event):
    """The time limit was moved once, approved one tier up; the caller is told."""

    task_id: str
    issue_id: str
    unit_code: str
    reason: str
    approved_by: str
    due_at: datetime
    extended_at: datetime


@event(publisher="dispatch", subject="issue_id")
class TaskBlockedV1(Event):
    """Nothing can be done for now, and why (Art. 15)."""

    task_id: str
    issue_id: str
    unit_code: str
    explanation: str
    blocked_at: datetime


@event(publisher="dispatch", subject="issue_id")
class MilestoneReachedV1(Event):
    """立项, 采购, 办理 or 验收: `milestone` is project_approval, procurement, handling or acceptance."""

    task_id: str
    issue_id: str
    unit_code: str
    milestone: str
    reached_at: datetime


@event(publisher="dispatch", subject="issue_id")
class TaskDoneV1(Event):
    """The person says it is done and shows the evidence."""

    task_id: str
    issue_id: str
    unit_code: str
    result: str
    evidence: list[EvidencePart] = field(default_factory=list)
    done_by: str
    done_at: datetime


@event(publisher="dispatch", subject="issue_id")
class TaskAcceptedV1(Event):
    """The leader accepted what was done."""

    task_id: str
    issue_id: str
    unit_code: str
    accepted_by: str
    accepted_at: datetime


@event(publisher="dispatch", subject="issue_id")
class TaskSentBackV1(Event):
    """The leader did not accept what was done; the task is in hand again."""

    task_id: str
    issue_id: str
    unit_code: str
    reason: str
    sent_back_by: str
    sent_back_at: datetime


@event(publisher="dispatch", subject="issue_id")
class TaskMovedUpV1(Event):
    """The issue moved, and the task ends unfinished: its unit gave it up, or the holder begins anew with its own."""

    task_id: str
    issue_id: str
    unit_code: str
    moved_up_at: datetime


@event(publisher="dispatch", subject="issue_id")
class TaskTakenOverV1(Event):
    """The holder decided that a task does not go on below it: `to_unit` does it from now on, by a task of its own."""

    task_id: str
    issue_id: str
    unit_code: str
    to_unit: str
    reason: str
    taken_over_by: str
    taken_over_at: datetime


@event(publisher="dispatch", subject="issue_id")
class TaskWithdrawnV1(Event):
    """The task ends, and why: a correction gave the issue to `to_unit`, or what was resolved there is no more."""

    task_id: str
    issue_id: str
    unit_code: str
    to_unit: str
    reason: str
    withdrawn_at: datetime


@event(publisher="dispatch", subject="issue_id")
class TaskDeclinedV1(Event):
    """Before it has signed for it, the organisation declines what a council resolved for it, and why 政府把关."""

    task_id: str
    issue_id: str
    unit_code: str
    resolution_id: str
    organisation_id: str
    department: str
    reasons: str
    declined_by: str
    declined_at: datetime


@event(publisher="dispatch", subject="issue_id")
class TaskCorrectedV1(Event):
    """The task has another time limit, because the class of urgency was corrected."""

    task_id: str
    issue_id: str
    unit_code: str
    reason: str
    due_at: datetime
    corrected_at: datetime


@event(publisher="dispatch", subject="issue_id")
class IssueHandledV1(Event):
    """All tasks of the issue are done and accepted."""

    issue_id: str
    unit_code: str
    result: str
    handled_at: datetime


@event(publisher="dispatch", subject="issue_id")
class OrderHandledV1(Event):
    """What was done for this order alone is accepted, while other work of the issue goes on: its caller is answered."""

    order_no: str
    issue_id: str
    task_id: str
    unit_code: str
    result: str
    handled_at: datetime


@event(publisher="dispatch", subject="issue_id")
class HandlingFailedV1(Event):
    """The unit could not solve the issue by handling it; it goes on the deliberation list."""

    issue_id: str
    unit_code: str
    task_id: str
    reason: str
    failed_by: str
    failed_at: datetime
