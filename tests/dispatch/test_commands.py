"""What handlers and leaders may ask of dispatch, and what is told then."""

from dataclasses import replace

import pytest

from services.dispatch.domain.errors import TaskStateForbids, UnknownIssue, UnknownTask
from services.dispatch.domain.task import Milestone, TaskState
from services.dispatch.schemas.requests import (
    AcceptTask,
    BlockTask,
    FailTask,
    FinishTask,
    GetDesk,
    GetTask,
    ListTasks,
    ReachMilestone,
    ReturnTask,
    SendBackTask,
    SignForTask,
)
from services.dispatch.use_cases import events, queries, tasks
from shared.bus.rpc.messages import read_request, write_reply
from shared.contracts import dispatch as told
from shared.errors import BadRequest, NotAllowed
from tests.dispatch.builders import (
    GRID,
    MONDAY,
    SHA,
    STREET,
    a_handler,
    a_leader,
    a_work,
    days,
    hours,
    issue_extended,
    issue_listed,
    issue_pended,
    issue_raised,
)
from tests.fakes import a_moment

TASK = {"task_id": "I-1/T1", "idempotency_key": "k1"}
SHOWN = [{"uri": "https://example.org/1.jpg", "sha256": SHA}]
ELSEWHERE = "110105018"


@pytest.fixture
def work():
    made = a_work()
    events.open_issue(made, issue_raised(), a_moment(MONDAY))
    made.outbox.events.clear()
    return made


def ask(which, work, request, *, by=None, at=MONDAY):
    return which(work, request, a_moment(at, asked_by=by or a_handler(GRID)))


def read(kind, **fields):
    return read_request(kind, TASK | fields)


def sign(work, by=None):
    return ask(tasks.sign_for_task, work, read(SignForTask), by=by)


def finish(work, by=None, result="已清运"):
    wanted = read(FinishTask, result=result, evidence=SHOWN)
    return ask(tasks.finish_task, work, wanted, by=by, at=MONDAY + hours(3))


def accept(work, by=None):
    return ask(tasks.accept_task, work, read(AcceptTask), by=by or a_leader(GRID), at=MONDAY + hours(4))


def kinds(work):
    return [type(event) for event in work.outbox.events]


def test_from_signing_to_the_handled_issue(work):
    sign(work)
    ask(tasks.reach_milestone, work, read(ReachMilestone, milestone="handling"), at=MONDAY + hours(2))
    finish(work)
    reply = accept(work)

    assert reply.state is TaskState.ACCEPTED
    assert kinds(work) == [
        told.TaskSignedForV1,
        told.MilestoneReachedV1,
        told.TaskDoneV1,
        told.TaskAcceptedV1,
        told.IssueHandledV1,
    ]
    assert (work.outbox.events[-1].unit_code, work.outbox.events[-1].result) == (GRID, "已清运")


def test_the_holder_is_named_when_a_lifted_task_handles_the_issue():
    work = a_work()
    events.open_issue(work, issue_raised(category="heating"), a_moment(MONDAY))
    for step in (sign, finish, accept):
        with pytest.raises(NotAllowed):
            step(work)
    street, leader = a_handler(STREET), a_leader(STREET)
    sign(work, street)
    finish(work, street, "已供热")
    accept(work, leader)

    assert work.outbox.of(told.IssueHandledV1)[0].unit_code == GRID


@pytest.mark.parametrize("unit", [ELSEWHERE, "110105017003006"], ids=["another street", "the grid beside"])
def test_nobody_acts_for_anothers_unit(work, unit):
    with pytest.raises(NotAllowed):
        sign(work, a_handler(unit))
    assert work.outbox.events == []


def test_a_handler_of_another_organisation_of_the_same_unit_is_refused(work):
    other = replace(a_handler(GRID), organisation=f"{GRID}/网格巡查组")
    for step in (sign, finish):
        with pytest.raises(NotAllowed, match="is a task of 110105017003005/网格服务组"):
            step(work, other)
    assert work.outbox.events == []


def test_an_extended_issue_moves_the_limit_of_its_task_once_and_says_so(work):
    event = issue_extended(days(7))
    for _ in range(2):
        events.extend_tasks(work, event, a_moment(MONDAY + days(1)))

    (extended,) = work.outbox.of(told.TaskExtendedV1)
    assert extended.due_at == work.issues.get("I-1").task("I-1/T1").due_at == MONDAY + days(14)
    assert (extended.reason, extended.approved_by) == (event.words, event.extended_by)


def test_what_is_not_done_of_a_pending_issue_is_due_when_that_is_reviewed(work):
    review_at = MONDAY + days(60)

    events.postpone_tasks(work, issue_pended(review_at), a_moment(MONDAY + days(1)))

    (extended,) = work.outbox.of(told.TaskExtendedV1)
    assert extended.due_at == work.issues.get("I-1").task("I-1/T1").due_at == review_at


def test_a_block_is_explained(work):
    sign(work)
    wanted = read(BlockTask, explanation="等待业主同意")
    reply = ask(tasks.block_task, work, wanted)

    assert reply.blocked_because == work.outbox.of(told.TaskBlockedV1)[0].explanation == "等待业主同意"


def test_the_same_milestone_again_is_told_once(work):
    sign(work)
    for _ in range(2):
        wanted = read(ReachMilestone, milestone="procurement")
        reply = ask(tasks.reach_milestone, work, wanted)

    assert reply.milestone is Milestone.PROCUREMENT
    assert len(work.outbox.of(told.MilestoneReachedV1)) == 1


def test_what_is_sent_back_is_not_handled(work):
    sign(work)
    finish(work)
    wanted = read(SendBackTask, reason="照片不清楚")
    reply = ask(tasks.send_back_task, work, wanted, by=a_leader(GRID))

    assert reply.state is TaskState.SENT_BACK
    assert told.IssueHandledV1 not in kinds(work)


def test_giving_up_goes_to_the_residents_and_is_not_handled_meanwhile(work):
    sign(work)
    reply = ask(tasks.fail_task, work, read(FailTask, reason="居民意见不一"))

    failed = work.outbox.of(told.HandlingFailedV1)[0]
    assert reply.state is TaskState.FAILED
    assert (failed.unit_code, failed.task_id, failed.reason) == (GRID, "I-1/T1", "居民意见不一")
    assert work.issues.find("I-1").is_awaiting_resolution


def test_an_accepted_interim_task_does_not_handle_a_listed_issue(work):
    events.await_resolution(work, issue_listed(), a_moment(MONDAY))
    sign(work)
    finish(work)
    accept(work)

    assert kinds(work)[-1] is told.TaskAcceptedV1


def test_a_refused_command_tells_nothing(work):
    with pytest.raises(TaskStateForbids):
        accept(work)
    assert work.outbox.events == []


@pytest.mark.parametrize("task_id", ["I-1/T9", "I-9/T1", "T1", "/", "I-1"])
def test_an_unknown_task_is_said_to_be_unknown(work, task_id):
    wanted = read_request(SignForTask, TASK | {"task_id": task_id})

    with pytest.raises(UnknownTask):
        ask(tasks.sign_for_task, work, wanted, by=a_handler())


@pytest.mark.parametrize(
    ("kind", "fields", "faulty"),
    [
        (ReturnTask, {"reason": "weather", "words": ""}, "words"),
        (FinishTask, {"result": "好", "evidence": []}, "evidence"),
        (FinishTask, {"result": "好", "evidence": [{"uri": "x", "sha256": "abc"}]}, "evidence.0.sha256"),
        (ReachMilestone, {"milestone": "lunch"}, "milestone"),
        (SignForTask, {"haste": True}, "haste"),
    ],
)
def test_a_bad_request_names_the_field(kind, fields, faulty):
    with pytest.raises(BadRequest) as refused:
        read(kind, **fields)

    assert faulty in refused.value.fields


@pytest.mark.parametrize("fields", [{}, {"issue_id": "I-1", "unit_code": GRID}, {"unit_code": "12"}])
def test_a_list_of_nothing_or_of_two_things_is_refused(work, fields):
    with pytest.raises(BadRequest):
        ask(queries.list_tasks, work, read_request(ListTasks, fields))


def test_tasks_of_an_unknown_issue_are_not_an_empty_list(work):
    with pytest.raises(UnknownIssue):
        ask(queries.list_tasks, work, read_request(ListTasks, {"issue_id": "I-9"}))


def test_the_desk_says_who_would_lead(work):
    wanted = read_request(GetDesk, {"unit_code": GRID, "category": "heating"})
    reply = ask(queries.get_desk, work, wanted)

    assert reply.lead_unit == STREET
    assert [(post.department, post.person) for post in reply.posts] == [
        ("市民诉求处置中心", "李明"),
        ("城市管理办公室", "李明"),
    ]


def test_a_reply_is_plain_json(work):
    reply = write_reply(ask(queries.get_task, work, read_request(GetTask, {"task_id": "I-1/T1"})))

    assert reply["state"] == "assigned"
    assert reply["due_at"] == (MONDAY + days(7)).isoformat()
