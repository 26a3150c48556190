"""Objections 派单异议: a department asks to be rid of a task, and somebody above its unit decides.

Granted, the department next in competence gets it; refused, or decided by nobody in time, it stays where it is. Against
a refusal the policy grants an appeal.
"""

from services.dispatch.domain.errors import ReturnRefused
from services.dispatch.domain.issue import Issue
from services.dispatch.domain.task import Task, TaskState, issue_of
from services.dispatch.schemas.requests import ReturnTask
from services.dispatch.storage.repository import DispatchStore
from services.dispatch.use_cases.assignments import hand_on, of_task
from services.dispatch.use_cases.hands import must_have, task_in_hand
from shared.bus.moment import Moment
from shared.bus.timers.timers import Due
from shared.contracts.dispatch import TaskReturnAskedV1, TaskReturnDecidedV1, TaskReturnedV1
from shared.contracts.requests import Want
from shared.errors import OwnMatter
from shared.requests import appeals, deciding
from shared.requests.messages import (
    AppealRequest,
    DecideRequest,
    GetRequest,
    RequestReply,
    request_reply,
)
from shared.requests.request import Request

SERVICE = "dispatch"


def return_task(work: DispatchStore, request: ReturnTask, at: Moment) -> RequestReply:
    """Ask, once for each hand-off. Raises AssignmentForced, ReturnTooLate, ReturnRefused, AlreadyAsked."""
    issue, task = task_in_hand(work, request.task_id, at)
    window = at.policy.returns.window(at.policy.sla.limit(task.sla_class))
    issue.must_be_returnable(task, window=window, at=at.now)
    before = work.requests.of(about=task.id)
    attempt = str(task.attempt)
    if any(not one.is_open and one.facts["attempt"] == attempt for one in before):
        raise ReturnRefused(f"that {task.id} is returned was refused: appeal_request may take that higher up")
    asked = deciding.ask(
        work,
        at,
        wants=Want.TASK_RETURN,
        about=task.id,
        unit_code=task.unit_code,
        reason=request.reason,
        words=request.words,
        evidence=request.evidence,
        facts={"attempt": attempt, "department": task.department},
        decided_in=work.units(at.now).so_far_up(task.unit_code, at.policy.returns.decided_tiers_up),
        decide_by=at.now + window,
    )
    return _tell_asked(work, asked, at)


def appeal_request(work: DispatchStore, request: AppealRequest, at: Moment) -> RequestReply:
    """By whoever has the task still. Raises NotAppealable, TaskStateForbids."""
    _, task, first = _locked(work, request.request_id)
    must_have(work, task, at)
    task.must_be_unsigned()
    again = appeals.appeal(
        work,
        first,
        request,
        at,
        decided_in=appeals.one_level_up(work.units(at.now), first.decided_in),
        decide_by=at.now + at.policy.appeal.decide_within,
    )
    return _tell_asked(work, again, at)


def decide_request(work: DispatchStore, request: DecideRequest, at: Moment) -> RequestReply:
    """By somebody above who is of another organisation. Raises OwnRequest, AlreadyDecided, OwnMatter, DecidedBefore."""
    issue, task, asked = _locked(work, request.request_id)
    if at.caller.acts_for_any([task.organisation_id, *issue.respondents]):
        raise OwnMatter(f"{task.id} is a matter of {at.caller.organisation}: somebody else decides")
    if request.grant:
        task.must_be_unsigned()
    decided = deciding.decided(work, asked.id, at, grant=request.grant, answer=request.reason)
    _follow(work, issue, task, decided, at)
    return request_reply(decided)


def decide_by_default(work: DispatchStore, due: Due, at: Moment) -> None:
    """Nobody did in time: the task stays where it is. One that was signed for since is not returned any more."""
    issue, task, asked = _locked(work, due.ref)
    if task.state is not TaskState.ASSIGNED:
        deciding.end_open(work, task.id, "已签收或已另行处理", at, by=SERVICE)
        return
    decided = deciding.defaulted(work, due, at, grant=False, by=SERVICE)
    if decided is not None:
        _follow(work, issue, task, asked, at)


def get_request(work: DispatchStore, request: GetRequest, at: Moment) -> RequestReply:
    """For whoever asked, whoever has the task, and who decides."""
    one = work.requests.get(request.request_id)
    if not at.caller.may_act_in(one.decided_in) and not work.tasks.get(one.about).is_for(at.caller):
        raise work.requests.unknown(one.id)
    return request_reply(one)


def _follow(work: DispatchStore, issue: Issue, task: Task, asked: Request, at: Moment) -> None:
    told = TaskReturnDecidedV1(
        request_id=asked.id,
        **of_task(task),
        granted=asked.is_granted,
        is_default=asked.is_default,
        answer=asked.answer,
        decided_by=asked.decided_by,
        decided_at=at.now,
    )
    work.outbox.add(told, at=at.now)
    if asked.is_granted:
        _give_back(work, issue, task, asked, at)


def _give_back(work: DispatchStore, issue: Issue, task: Task, asked: Request, at: Moment) -> None:
    issue.give_back(task)
    event = TaskReturnedV1(
        **of_task(task),
        department=task.department,
        reason=asked.words,
        returned_by=asked.asked_by,
        returned_at=at.now,
    )
    work.outbox.add(event, at=at.now)
    hand_on(work, issue, task, at)


def _locked(work: DispatchStore, request_id: str) -> tuple[Issue, Task, Request]:
    """Raises UnknownRequest."""
    asked = work.requests.get(request_id)
    issue = work.issues.lock(issue_of(asked.about))
    return issue, issue.task(asked.about), work.requests.lock(request_id)


def _tell_asked(work: DispatchStore, asked: Request, at: Moment) -> RequestReply:
    told = TaskReturnAskedV1(
        request_id=asked.id,
        task_id=asked.about,
        issue_id=issue_of(asked.about),
        unit_code=asked.unit_code,
        reason=asked.reason,
        words=asked.words,
        appeals=asked.appeals,
        decided_in=asked.decided_in,
        decide_by=asked.decide_by,
        asked_by=asked.asked_by,
        asked_at=asked.asked_at,
    )
    work.outbox.add(told, at=at.now)
    return request_reply(asked)
