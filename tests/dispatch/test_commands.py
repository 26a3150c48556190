"""What handlers and leaders may ask of dispatch, and what is told then."""

import pytest

from services.dispatch import schemas, use_cases
from services.dispatch.domain.errors import AssignmentForced, TaskStateForbids, UnknownIssue, UnknownTask
from services.dispatch.domain.task import Milestone, TaskState
from shared.bus.rpc.messages import read_request, write_reply
from shared.contracts import dispatch as told
from shared.errors import BadRequest, NotAllowed
from tests.dispatch.builders import (
    COMMUNITY,
    DESKS,
    DISTRICT,
    GRID,
    MONDAY,
    POLICY,
    SHA,
    STREET,
    a_handler,
    a_leader,
    days,
    hours,
    issue_listed,
    issue_raised,
    rules,
)
from tests.dispatch.fakes import a_work

TASK = {"task_id": "I-1/T1", "idempotency_key": "k1"}
SHOWN = [{"uri": "https://example.org/1.jpg", "sha256": SHA}]
ELSEWHERE = "110105018"


@pytest.fixture
def work():
    made = a_work()
    use_cases.open_issue(made, issue_raised(), **rules())
    made.outbox.events.clear()
    return made


def read(kind, **fields):
    return read_request(kind, TASK | fields)


def sign(work, by=None):
    return use_cases.sign_for_task(work, read(schemas.SignForTask), by=by or a_handler(GRID), now=MONDAY)


def finish(work):
    wanted = read(schemas.FinishTask, result="已清运", evidence=SHOWN)
    return use_cases.finish_task(work, wanted, by=a_handler(GRID), now=MONDAY + hours(3))


def accept(work, by=None):
    return use_cases.accept_task(work, read(schemas.AcceptTask), by=by or a_leader(GRID), now=MONDAY + hours(4))


def give_back(work, at=MONDAY):
    wanted = read(schemas.ReturnTask, reason="不属于本部门职责")
    return use_cases.return_task(work, wanted, by=a_handler(GRID), **rules(at))


def kinds(work):
    return [type(event) for event in work.outbox.events]


def test_from_signing_to_the_handled_issue(work):
    sign(work)
    use_cases.reach_milestone(
        work, read(schemas.ReachMilestone, milestone="handling"), by=a_handler(GRID), now=MONDAY + hours(2)
    )
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
    use_cases.open_issue(work, issue_raised(category="heating"), **rules())
    for step in (sign, finish, accept):
        with pytest.raises(NotAllowed):
            step(work)
    street, leader = a_handler(STREET), a_leader(STREET)
    sign(work, street)
    wanted = read(schemas.FinishTask, result="已供热", evidence=SHOWN)
    use_cases.finish_task(work, wanted, by=street, now=MONDAY)
    accept(work, leader)

    assert work.outbox.of(told.IssueHandledV1)[0].unit_code == GRID


@pytest.mark.parametrize("unit", [ELSEWHERE, "110105017003006"], ids=["another street", "the grid beside"])
def test_nobody_acts_for_anothers_unit(work, unit):
    with pytest.raises(NotAllowed):
        sign(work, a_handler(unit))
    assert work.outbox.events == []


def test_an_objection_gives_the_task_to_the_next_department(work):
    first = work.issues.kept["I-1"].tasks[0].department
    reply = give_back(work)

    returned, assigned = work.outbox.events
    assert (returned.department, assigned.attempt, assigned.forced) == (first, 2, False)
    assert assigned.department == reply.department == DESKS.desk(GRID, "sanitation").after(first)


def test_the_third_assignment_is_forced(work):
    give_back(work)
    give_back(work)

    assert work.outbox.events[-1].forced
    with pytest.raises(AssignmentForced):
        give_back(work)


@pytest.mark.parametrize("unit", [GRID, ELSEWHERE], ids=["its own unit", "another street"])
def test_an_extension_takes_the_tier_above(work, unit):
    wanted = read(schemas.ExtendTask, reason="等待备件")

    with pytest.raises(NotAllowed):
        use_cases.extend_task(work, wanted, policy=POLICY, by=a_leader(unit), now=MONDAY)


def test_an_extension_moves_the_limit_and_is_told(work):
    wanted = read(schemas.ExtendTask, reason="等待备件")
    reply = use_cases.extend_task(work, wanted, policy=POLICY, by=a_leader(COMMUNITY), now=MONDAY)

    assert reply.due_at == work.outbox.of(told.TaskExtendedV1)[0].due_at == MONDAY + days(14)


def test_the_district_approves_its_own_extensions():
    work = a_work()
    use_cases.open_issue(work, issue_raised(unit_code=DISTRICT), **rules())
    wanted = read(schemas.ExtendTask, reason="等待备件")
    reply = use_cases.extend_task(work, wanted, policy=POLICY, by=a_leader(DISTRICT), now=MONDAY)

    assert reply.extensions == 1


def test_a_block_is_explained(work):
    sign(work)
    wanted = read(schemas.BlockTask, explanation="等待业主同意")
    reply = use_cases.block_task(work, wanted, by=a_handler(GRID), now=MONDAY)

    assert reply.blocked_because == work.outbox.of(told.TaskBlockedV1)[0].explanation == "等待业主同意"


def test_the_same_milestone_again_is_told_once(work):
    sign(work)
    for _ in range(2):
        wanted = read(schemas.ReachMilestone, milestone="procurement")
        reply = use_cases.reach_milestone(work, wanted, by=a_handler(GRID), now=MONDAY)

    assert reply.milestone is Milestone.PROCUREMENT
    assert len(work.outbox.of(told.MilestoneReachedV1)) == 1


def test_what_is_sent_back_is_not_handled(work):
    sign(work)
    finish(work)
    wanted = read(schemas.SendBackTask, reason="照片不清楚")
    reply = use_cases.send_back_task(work, wanted, by=a_leader(GRID), now=MONDAY)

    assert reply.state is TaskState.SENT_BACK
    assert told.IssueHandledV1 not in kinds(work)


def test_giving_up_goes_to_the_residents_and_is_not_handled_meanwhile(work):
    sign(work)
    reply = use_cases.fail_task(work, read(schemas.FailTask, reason="居民意见不一"), by=a_handler(GRID), now=MONDAY)

    failed = work.outbox.of(told.HandlingFailedV1)[0]
    assert reply.state is TaskState.FAILED
    assert (failed.unit_code, failed.task_id, failed.reason) == (GRID, "I-1/T1", "居民意见不一")
    assert work.issues.kept["I-1"].is_awaiting_resolution


def test_an_accepted_interim_task_does_not_handle_a_listed_issue(work):
    use_cases.await_resolution(work, issue_listed())
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
    wanted = read_request(schemas.SignForTask, TASK | {"task_id": task_id})

    with pytest.raises(UnknownTask):
        use_cases.sign_for_task(work, wanted, by=a_handler(), now=MONDAY)


@pytest.mark.parametrize(
    ("kind", "fields", "faulty"),
    [
        (schemas.ReturnTask, {"reason": ""}, "reason"),
        (schemas.FinishTask, {"result": "好", "evidence": []}, "evidence"),
        (schemas.FinishTask, {"result": "好", "evidence": [{"uri": "x", "sha256": "abc"}]}, "evidence.0.sha256"),
        (schemas.ReachMilestone, {"milestone": "lunch"}, "milestone"),
        (schemas.SignForTask, {"haste": True}, "haste"),
    ],
)
def test_a_bad_request_names_the_field(kind, fields, faulty):
    with pytest.raises(BadRequest) as refused:
        read(kind, **fields)

    assert faulty in refused.value.fields


def test_tasks_are_listed_by_issue_and_by_unit(work):
    use_cases.open_issue(work, issue_raised("I-2", category="heating"), **rules())
    of_issue = use_cases.list_tasks(work, read_request(schemas.ListTasks, {"issue_id": "I-1"}))
    of_street = use_cases.list_tasks(work, read_request(schemas.ListTasks, {"unit_code": STREET}))
    of_grid = use_cases.list_tasks(work, read_request(schemas.ListTasks, {"unit_code": GRID}))

    assert [[task.task_id for task in found.tasks] for found in (of_issue, of_street, of_grid)] == [
        ["I-1/T1"],
        ["I-1/T1", "I-2/T1"],
        ["I-1/T1"],
    ]


def test_a_long_list_comes_in_pages(work):
    use_cases.open_issue(work, issue_raised("I-2"), **rules())
    page = use_cases.list_tasks(work, read_request(schemas.ListTasks, {"unit_code": GRID, "most": 1}))
    rest = use_cases.list_tasks(
        work, read_request(schemas.ListTasks, {"unit_code": GRID, "after": page.next_after, "most": 5})
    )

    assert [task.task_id for task in (*page.tasks, *rest.tasks)] == ["I-1/T1", "I-2/T1"]
    assert rest.next_after == ""


@pytest.mark.parametrize("fields", [{}, {"issue_id": "I-1", "unit_code": GRID}, {"unit_code": "12"}])
def test_a_list_of_nothing_or_of_two_things_is_refused(work, fields):
    with pytest.raises(BadRequest):
        use_cases.list_tasks(work, read_request(schemas.ListTasks, fields))


def test_tasks_of_an_unknown_issue_are_not_an_empty_list(work):
    with pytest.raises(UnknownIssue):
        use_cases.list_tasks(work, read_request(schemas.ListTasks, {"issue_id": "I-9"}))


def test_the_desk_says_who_would_lead():
    wanted = read_request(schemas.GetDesk, {"unit_code": GRID, "category": "heating"})
    reply = use_cases.get_desk(wanted, desks=DESKS)

    assert reply.lead_unit == STREET
    assert reply.posts[0].department == "城市管理办公室"


def test_a_reply_is_plain_json(work):
    reply = write_reply(use_cases.get_task(work, read_request(schemas.GetTask, {"task_id": "I-1/T1"})))

    assert reply["state"] == "assigned"
    assert reply["due_at"] == (MONDAY + days(7)).isoformat()
