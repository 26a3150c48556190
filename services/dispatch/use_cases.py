"""What dispatch can be told and asked, one function each: load, decide, save, announce.

Events first, then the commands of handlers and leaders. Every task that is assigned or ends is announced; when the
last one is accepted, the issue is handled.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from services.dispatch import schemas
from services.dispatch.domain.assignment import FiveThings
from services.dispatch.domain.desk import DeskDirectory
from services.dispatch.domain.funding import FundingShare
from services.dispatch.domain.issue import Issue, IssueState
from services.dispatch.domain.task import OPEN, Evidence, Task, TaskState
from shared.auth import Caller
from shared.bus import NotYet
from shared.contracts import dispatch as told
from shared.contracts.deliberation import ResolutionAdoptedV1, ResolvedTaskPart
from shared.contracts.evaluation import RedoOrderedV1
from shared.contracts.intake import IssueListedV1, IssueRaisedV1
from shared.contracts.supervision import IssueClosedV1, IssueEscalatedV1, IssueReopenedV1, IssueReturnedDownV1
from shared.contracts.vocabulary import Route, TaskOrigin
from shared.errors import BadRequest
from shared.policy import Policy
from shared.units import ancestors_of, tier_of

if TYPE_CHECKING:
    from services.dispatch.storage.repository import DispatchStore

Moved = IssueEscalatedV1 | IssueReturnedDownV1 | IssueReopenedV1


def prepare(work: "DispatchStore", events: Iterable[Any]) -> None:
    """Load all issues that a batch of events is about, at once."""
    work.issues.preload({event.issue_id for event in events})


def open_issue(
    work: "DispatchStore", event: IssueRaisedV1, *, desks: DeskDirectory, policy: Policy, now: datetime
) -> None:
    """To be handled: its first task is assigned. To be deliberated: it waits for a resolution."""
    if work.issues.find(event.issue_id) is not None:
        return
    issue = Issue(
        id=event.issue_id,
        unit_code=event.unit_code,
        category=event.category,
        title=event.title,
        sla_class=event.sla_class,
        raised_at=event.raised_at,
    )
    if event.route is Route.HANDLE:
        _assign_lead(work, issue, TaskOrigin.COMPLAINT, due_at=event.due_at, desks=desks, policy=policy, now=now)
    else:
        issue.await_resolution()
    work.issues.add(issue)


def await_resolution(work: "DispatchStore", event: IssueListedV1) -> None:
    """The issue is on a deliberation list. A list it has climbed past since is none of its business any more."""
    issue = _known(work, event.issue_id)
    is_below = issue.unit_code != event.unit_code and event.unit_code.startswith(issue.unit_code)
    if not issue.hears(f"listed {event.unit_code} {event.listed_at.isoformat()}"):
        return
    if not is_below and issue.state is not IssueState.CLOSED:
        issue.await_resolution()


def carry_out_resolution(
    work: "DispatchStore", event: ResolutionAdoptedV1, *, desks: DeskDirectory, policy: Policy, now: datetime
) -> None:
    """A task for each the resolution names. It holds for the holder, also if the issue has climbed meanwhile."""
    issue = _known(work, event.issue_id)
    if not issue.hears(event.resolution_id) or issue.state is IssueState.CLOSED:
        return
    issue.is_awaiting_resolution = False
    if not event.tasks:
        due_at = now + policy.sla.limit(issue.sla_class)
        _assign_lead(
            work, issue, TaskOrigin.RESOLUTION, due_at=due_at, desks=desks, policy=policy, now=now, what=event.motion
        )
    for resolved in event.tasks:
        _assign_resolved(work, issue, event.unit_code, resolved, desks=desks, policy=policy, now=now)


def do_again(
    work: "DispatchStore", event: RedoOrderedV1, *, desks: DeskDirectory, policy: Policy, now: datetime
) -> None:
    """The same department once more. Passed over where another unit took over since and is at work already."""
    issue = _known(work, event.issue_id)
    if not issue.hears(f"redo {event.order_no} {event.ordered_at.isoformat()}") or issue.state is IssueState.CLOSED:
        return
    is_in_other_hands = event.unit_code != issue.unit_code and (issue.open_tasks or issue.is_awaiting_resolution)
    if is_in_other_hands:
        return
    _assign_lead(work, issue, TaskOrigin.REDO, due_at=event.due_at, desks=desks, policy=policy, now=now)


def move_issue(work: "DispatchStore", event: Moved, *, desks: DeskDirectory, policy: Policy, now: datetime) -> None:
    """Another unit holds the issue: what is open below ends; the new one gets a task or waits for a resolution."""
    issue = _known(work, event.issue_id)
    if not issue.hears(_cause_of(event)):
        return
    for task in issue.move_to(event.to_unit):
        work.outbox.add(
            told.TaskMovedUpV1(task_id=task.id, issue_id=issue.id, unit_code=task.unit_code, moved_up_at=now), at=now
        )
    issue.is_awaiting_resolution = event.route is Route.DELIBERATE
    if event.route is Route.HANDLE:
        _assign_lead(work, issue, TaskOrigin.ESCALATION, due_at=event.due_at, desks=desks, policy=policy, now=now)


def close_issue(work: "DispatchStore", event: IssueClosedV1) -> None:
    issue = _known(work, event.issue_id)
    if issue.hears(f"closed {event.closed_at.isoformat()}"):
        issue.close()


def sign_for_task(
    work: "DispatchStore", request: schemas.SignForTask, *, by: Caller, now: datetime
) -> schemas.TaskReply:
    _, task = _task_in_hand_of(work, request.task_id, by)
    task.sign_for()
    work.outbox.add(told.TaskSignedForV1(**_of(task), signed_by=by.subject, signed_at=now), at=now)
    return schemas.task_reply(task)


def return_task(
    work: "DispatchStore",
    request: schemas.ReturnTask,
    *,
    desks: DeskDirectory,
    policy: Policy,
    by: Caller,
    now: datetime,
) -> schemas.TaskReply:
    """The department objects; the next one gets the task, by force after the last objection the policy grants."""
    issue, task = _task_in_hand_of(work, request.task_id, by)
    issue.give_back(task, returns=policy.returns, limit=policy.sla.limit(issue.sla_class), at=now)
    work.outbox.add(
        told.TaskReturnedV1(
            **_of(task), department=task.department, reason=request.reason, returned_by=by.subject, returned_at=now
        ),
        at=now,
    )
    following = desks.desk(task.unit_code, issue.category).after(task.department)
    things = _five_things(desks, issue, task.unit_code, task.due_at, department=following)
    issue.hand_over(task, things, returns=policy.returns, at=now)
    _announce_assigned(work, task)
    return schemas.task_reply(task)


def extend_task(
    work: "DispatchStore", request: schemas.ExtendTask, *, policy: Policy, by: Caller, now: datetime
) -> schemas.TaskReply:
    """More time, approved as many tiers up as the policy says; the district approves its own."""
    task = work.issues.get_for_task(request.task_id).task(request.task_id)
    chain = (task.unit_code, *ancestors_of(task.unit_code))
    by.must_act_in(chain[min(policy.extension.approved_tiers_up, len(chain) - 1)])
    task.extend(policy.extension, at=now)
    work.outbox.add(
        told.TaskExtendedV1(
            **_of(task), reason=request.reason, approved_by=by.subject, due_at=task.due_at, extended_at=now
        ),
        at=now,
    )
    return schemas.task_reply(task)


def block_task(work: "DispatchStore", request: schemas.BlockTask, *, by: Caller, now: datetime) -> schemas.TaskReply:
    _, task = _task_in_hand_of(work, request.task_id, by)
    task.block(request.explanation)
    work.outbox.add(told.TaskBlockedV1(**_of(task), explanation=request.explanation, blocked_at=now), at=now)
    return schemas.task_reply(task)


def reach_milestone(
    work: "DispatchStore", request: schemas.ReachMilestone, *, by: Caller, now: datetime
) -> schemas.TaskReply:
    """Reaching the same one again changes nothing."""
    _, task = _task_in_hand_of(work, request.task_id, by)
    if task.reach(request.milestone):
        work.outbox.add(told.MilestoneReachedV1(**_of(task), milestone=request.milestone, reached_at=now), at=now)
    return schemas.task_reply(task)


def finish_task(work: "DispatchStore", request: schemas.FinishTask, *, by: Caller, now: datetime) -> schemas.TaskReply:
    _, task = _task_in_hand_of(work, request.task_id, by)
    task.finish(request.result, [Evidence(shown.uri, shown.sha256) for shown in request.evidence])
    evidence = [told.EvidencePart(uri=shown.uri, sha256=shown.sha256) for shown in task.evidence]
    work.outbox.add(
        told.TaskDoneV1(**_of(task), result=task.result, evidence=evidence, done_by=by.subject, done_at=now), at=now
    )
    return schemas.task_reply(task)


def accept_task(work: "DispatchStore", request: schemas.AcceptTask, *, by: Caller, now: datetime) -> schemas.TaskReply:
    """When nothing else is to be done the issue is handled."""
    issue, task = _task_in_hand_of(work, request.task_id, by)
    task.accept(at=now)
    work.outbox.add(told.TaskAcceptedV1(**_of(task), accepted_by=by.subject, accepted_at=now), at=now)
    result = issue.settle(now)
    if result is not None:
        work.outbox.add(
            told.IssueHandledV1(issue_id=issue.id, unit_code=issue.unit_code, result=result, handled_at=now), at=now
        )
    return schemas.task_reply(task)


def send_back_task(
    work: "DispatchStore", request: schemas.SendBackTask, *, by: Caller, now: datetime
) -> schemas.TaskReply:
    _, task = _task_in_hand_of(work, request.task_id, by)
    task.send_back()
    work.outbox.add(
        told.TaskSentBackV1(**_of(task), reason=request.reason, sent_back_by=by.subject, sent_back_at=now), at=now
    )
    return schemas.task_reply(task)


def fail_task(work: "DispatchStore", request: schemas.FailTask, *, by: Caller, now: datetime) -> schemas.TaskReply:
    """The unit can't solve it by handling: the issue goes to the residents, and is not handled before they resolved."""
    issue, task = _task_in_hand_of(work, request.task_id, by)
    task.fail()
    issue.await_resolution()
    work.outbox.add(
        told.HandlingFailedV1(
            issue_id=issue.id,
            unit_code=issue.unit_code,
            task_id=task.id,
            reason=request.reason,
            failed_by=by.subject,
            failed_at=now,
        ),
        at=now,
    )
    return schemas.task_reply(task)


def get_task(work: "DispatchStore", request: schemas.GetTask) -> schemas.TaskReply:
    return schemas.task_reply(work.tasks.get(request.task_id))


def list_tasks(work: "DispatchStore", request: schemas.ListTasks) -> schemas.TasksReply:
    """All of an issue, or a page of those of a unit and the units inside it."""
    if bool(request.issue_id) == bool(request.unit_code):
        raise BadRequest("name either an issue or a unit", {"unit_code": ["Give this or issue_id."]})
    if request.issue_id:
        found = work.tasks.of_issue(request.issue_id)
        return schemas.TasksReply(tasks=[schemas.task_reply(task) for task in found])
    tier_of(request.unit_code)
    states = tuple(TaskState) if request.ended_too else OPEN
    found = work.tasks.of_unit(request.unit_code, states, after=request.after, most=request.most)
    following = found[-1].id if len(found) == request.most else ""
    return schemas.TasksReply(tasks=[schemas.task_reply(task) for task in found], next_after=following)


def get_desk(request: schemas.GetDesk, *, desks: DeskDirectory) -> schemas.DeskReply:
    """Who would do it: the lead unit for a matter of this category, and its people in order of competence."""
    lead = desks.lead_unit(request.unit_code, request.category)
    desk = desks.desk(lead, request.category)
    posts = [schemas.PostPart(department=department, person=person) for department, person in desk.departments]
    return schemas.DeskReply(lead_unit=lead, leader=desk.leader, posts=posts)


def _known(work: "DispatchStore", issue_id: str) -> Issue:
    issue = work.issues.find(issue_id)
    if issue is None:
        raise NotYet(f"issue {issue_id} has not been raised here yet")
    return issue


def _task_in_hand_of(work: "DispatchStore", task_id: str, by: Caller) -> tuple[Issue, Task]:
    """The task and its issue, if the caller may act for the task's unit."""
    issue = work.issues.get_for_task(task_id)
    task = issue.task(task_id)
    by.must_act_in(task.unit_code)
    return issue, task


def _cause_of(event: Moved) -> str:
    if isinstance(event, IssueEscalatedV1):
        return event.escalation_id
    if isinstance(event, IssueReturnedDownV1):
        return f"down {event.to_unit} {event.returned_at.isoformat()}"
    return f"reopened {event.to_unit} {event.reopened_at.isoformat()}"


def _assign_lead(
    work: "DispatchStore",
    issue: Issue,
    origin: TaskOrigin,
    *,
    due_at: datetime,
    desks: DeskDirectory,
    policy: Policy,
    now: datetime,
    what: str = "",
) -> None:
    """A task for the issue's lead unit; who did it there before does it again."""
    unit_code = desks.lead_unit(issue.unit_code, issue.category)
    department = next((task.department for task in reversed(issue.tasks) if task.unit_code == unit_code), "")
    things = _five_things(desks, issue, unit_code, due_at, department=department)
    task = issue.assign(
        things, unit_code=unit_code, origin=origin, what=what or issue.title, returns=policy.returns, at=now
    )
    _announce_assigned(work, task)


def _assign_resolved(
    work: "DispatchStore",
    issue: Issue,
    resolved_at: str,
    resolved: ResolvedTaskPart,
    *,
    desks: DeskDirectory,
    policy: Policy,
    now: datetime,
) -> None:
    """As the resolution names it; co-units from the desk where it names none."""
    unit_code = desks.lead_unit(min(resolved_at, issue.unit_code, key=len), issue.category)
    staffing = desks.staffing(unit_code, issue.category, department=resolved.department, helper=issue.unit_code)
    co_units = resolved.co_units or staffing.co_units
    task = issue.assign(
        FiveThings(resolved.leader, resolved.department, resolved.person, co_units, resolved.due_at),
        unit_code=unit_code,
        origin=TaskOrigin.RESOLUTION,
        what=resolved.what,
        returns=policy.returns,
        at=now,
        funding=[FundingShare(share.payer, share.share_ratio) for share in resolved.funding],
    )
    _announce_assigned(work, task)


def _five_things(
    desks: DeskDirectory, issue: Issue, unit_code: str, due_at: datetime, *, department: str
) -> FiveThings:
    who = desks.staffing(unit_code, issue.category, department=department, helper=issue.unit_code)
    return FiveThings(who.leader, who.department, who.person, who.co_units, due_at)


def _announce_assigned(work: "DispatchStore", task: Task) -> None:
    work.outbox.add(
        told.TaskAssignedV1(
            **_of(task),
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
        ),
        at=task.assigned_at,
    )


def _of(task: Task) -> dict[str, str]:
    return {"task_id": task.id, "issue_id": task.issue_id, "unit_code": task.unit_code}
