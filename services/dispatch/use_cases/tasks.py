"""What handlers and leaders do with a task. When the last one is accepted, the issue is handled."""

from services.dispatch.domain.errors import NothingToTakeOver, WaitsForNoCouncil
from services.dispatch.domain.issue import Issue
from services.dispatch.domain.task import Evidence, Task
from services.dispatch.schemas.replies import TaskReply, task_reply
from services.dispatch.schemas.requests import (
    AcceptTask,
    BlockTask,
    DeclineTask,
    FailTask,
    FinishTask,
    ReachMilestone,
    SendBackTask,
    SignForTask,
    TakeOverTask,
)
from services.dispatch.storage.repository import DispatchStore
from services.dispatch.use_cases.assignments import assign_lead, of_task
from services.dispatch.use_cases.hands import locked_task, must_have, task_in_hand
from services.dispatch.use_cases.telling import tell_handled
from shared.auth import Role
from shared.bus.moment import Moment
from shared.contracts import dispatch as told
from shared.contracts.vocabulary import TaskOrigin


def sign_for_task(work: DispatchStore, request: SignForTask, at: Moment) -> TaskReply:
    _, task = task_in_hand(work, request.task_id, at)
    task.sign_for()
    event = told.TaskSignedForV1(**of_task(task), signed_by=at.caller.subject, signed_at=at.now)
    work.outbox.add(event, at=at.now)
    return task_reply(task)


def decline_task(work: DispatchStore, request: DeclineTask, at: Moment) -> TaskReply:
    """The organisation can't do what the council resolved: who called the session decides what becomes of it."""
    issue, task = task_in_hand(work, request.task_id, at)
    task.decline()
    issue.await_resolution()
    event = told.TaskDeclinedV1(
        **of_task(task),
        resolution_id=task.resolution_id,
        organisation_id=task.organisation_id,
        department=task.department,
        reasons=request.reason,
        declined_by=at.caller.subject,
        declined_at=at.now,
    )
    work.outbox.add(event, at=at.now)
    return task_reply(task)


def block_task(work: DispatchStore, request: BlockTask, at: Moment) -> TaskReply:
    _, task = task_in_hand(work, request.task_id, at)
    task.block(request.explanation)
    event = told.TaskBlockedV1(**of_task(task), explanation=request.explanation, blocked_at=at.now)
    work.outbox.add(event, at=at.now)
    return task_reply(task)


def reach_milestone(work: DispatchStore, request: ReachMilestone, at: Moment) -> TaskReply:
    """Reaching the same one again changes nothing."""
    _, task = task_in_hand(work, request.task_id, at)
    if task.reach(request.milestone):
        event = told.MilestoneReachedV1(**of_task(task), milestone=request.milestone, reached_at=at.now)
        work.outbox.add(event, at=at.now)
    return task_reply(task)


def finish_task(work: DispatchStore, request: FinishTask, at: Moment) -> TaskReply:
    _, task = task_in_hand(work, request.task_id, at)
    task.finish(request.result, [Evidence(shown.uri, shown.sha256) for shown in request.evidence])
    evidence = [told.EvidencePart(uri=shown.uri, sha256=shown.sha256) for shown in task.evidence]
    event = told.TaskDoneV1(
        **of_task(task), result=task.result, evidence=evidence, done_by=at.caller.subject, done_at=at.now
    )
    work.outbox.add(event, at=at.now)
    return task_reply(task)


def accept_task(work: DispatchStore, request: AcceptTask, at: Moment) -> TaskReply:
    """When nothing else is to be done the issue is handled; else the orders that this task alone was for."""
    issue, task = _task_led(work, request.task_id, at)
    task.accept(at=at.now)
    event = told.TaskAcceptedV1(**of_task(task), accepted_by=at.caller.subject, accepted_at=at.now)
    work.outbox.add(event, at=at.now)
    result = issue.settle(at.now)
    if result is not None:
        tell_handled(work, issue, result, at)
    else:
        _tell_orders_handled(work, issue, task, at)
    return task_reply(task)


def send_back_task(work: DispatchStore, request: SendBackTask, at: Moment) -> TaskReply:
    _, task = _task_led(work, request.task_id, at)
    task.send_back()
    event = told.TaskSentBackV1(
        **of_task(task), reason=request.reason, sent_back_by=at.caller.subject, sent_back_at=at.now
    )
    work.outbox.add(event, at=at.now)
    return task_reply(task)


def fail_task(work: DispatchStore, request: FailTask, at: Moment) -> TaskReply:
    """The unit can't solve it by handling: the issue goes to the residents, and is not handled before they resolved."""
    issue, task = locked_task(work, request.task_id)
    if not (at.caller.is_any_of({Role.LEADER}) and at.caller.may_act_in(task.unit_code)):
        must_have(work, task, at)
    if task.sla_class.is_urgent:
        raise WaitsForNoCouncil(
            f"{task.id} is urgent and waits for no council: block it and say why, or have the issue escalated",
            {"task_id": ["An urgent task can't be given up."]},
        )
    task.fail()
    issue.await_resolution()
    event = told.HandlingFailedV1(
        issue_id=issue.id,
        unit_code=issue.unit_code,
        task_id=task.id,
        reason=request.reason,
        failed_by=at.caller.subject,
        failed_at=at.now,
    )
    work.outbox.add(event, at=at.now)
    return task_reply(task)


def take_over_task(work: DispatchStore, request: TakeOverTask, at: Moment) -> TaskReply:
    """The issue's holder has it done by a desk of its own, with the time that it has itself. The new task is told."""
    issue, task = locked_task(work, request.task_id)
    at.caller.must_act_in(issue.unit_code)
    if task.unit_code == issue.unit_code or not work.units(at.now).is_within(task.unit_code, issue.unit_code):
        raise NothingToTakeOver(
            f"{task.id} is a task of {task.unit_code}, and {issue.unit_code} holds the issue: only what is done below "
            "the holder can be taken over",
            {"task_id": [f"Not below {issue.unit_code}."]},
        )
    issue.take_over(task)
    event = told.TaskTakenOverV1(
        **of_task(task),
        to_unit=issue.unit_code,
        reason=request.reason,
        taken_over_by=at.caller.subject,
        taken_over_at=at.now,
    )
    work.outbox.add(event, at=at.now)
    due_at = max(task.due_at, issue.due_at)
    own = assign_lead(work, issue, at, origin=TaskOrigin.ESCALATION, due_at=due_at, instead_of=task)
    return task_reply(own)


def _tell_orders_handled(work: DispatchStore, issue: Issue, task: Task, at: Moment) -> None:
    for order_no in task.order_nos:
        handled = told.OrderHandledV1(
            order_no=order_no,
            issue_id=issue.id,
            task_id=task.id,
            unit_code=issue.unit_code,
            result=task.result,
            handled_at=at.now,
        )
        work.outbox.add(handled, at=at.now)


def _task_led(work: DispatchStore, task_id: str, at: Moment) -> tuple[Issue, Task]:
    """A task with its issue, to be changed by a leader of its unit or above."""
    issue, task = locked_task(work, task_id)
    at.caller.must_act_in(task.unit_code)
    return issue, task
