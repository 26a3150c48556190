"""What was given for one order alone answers it when it is accepted, while the rest of its issue goes on."""

from dataclasses import replace

import pytest

from services.dispatch.domain.issue import IssueState
from services.dispatch.domain.task import TaskState
from services.dispatch.schemas.requests import AcceptTask, TakeOverTask
from services.dispatch.use_cases import events, orders, tasks
from shared.contracts import dispatch as told
from shared.contracts.intake import ComplaintUnlinkedV1
from shared.contracts.vocabulary import SlaClass, TaskOrigin
from tests.dispatch.builders import (
    COMMUNITY,
    GRID,
    MONDAY,
    STREET,
    a_leader,
    a_work,
    an_order_joins,
    days,
    finished,
    hours,
    issue_escalated,
    issue_listed,
    issue_of,
    issue_raised,
    issue_reassigned,
    redo_ordered,
    resolution_adopted,
)
from tests.dispatch.test_redispatches import DUE_AT, again
from tests.fakes import a_moment

NOON = MONDAY + days(2) + hours(3)
DONE = NOON + hours(1)


def joins(order_no="1009", **changed):
    return an_order_joins(**{"order_no": order_no, "sla_class": "emergency", "linked_at": NOON} | changed)


JOINS = joins(due_at=NOON + hours(2))


@pytest.fixture
def work(general):
    """An emergency has joined a general issue."""
    orders.work_on_newcomer(general, JOINS, a_moment(NOON))
    return general


@pytest.fixture
def urgent():
    """An issue that began with an emergency."""
    work, due = a_work(), {"sla_class": "emergency", "due_at": MONDAY + hours(2)}
    events.open_issue(work, issue_raised(**due), a_moment(MONDAY))
    orders.work_on_newcomer(work, joins(linked_at=MONDAY, **due), a_moment(MONDAY))
    return work


def accept(work, task_id, result, at):
    finished(issue_of(work).task(task_id), result)
    request = AcceptTask(task_id=task_id, idempotency_key="k")
    tasks.accept_task(work, request, a_moment(at, asked_by=a_leader()))


def handled(work):
    return [(one.order_no, one.result, one.handled_at) for one in work.outbox.of(told.OrderHandledV1)]


def test_its_order_is_handled_when_its_task_is_accepted_and_the_issue_is_not(work):
    accept(work, "I-1/T2", "电梯里的人已救出", DONE)

    assert handled(work) == [("1009", "电梯里的人已救出", DONE)]
    assert work.outbox.of(told.IssueHandledV1) == []


def test_with_the_last_task_the_issue_is_handled_by_what_was_done_for_all(work):
    accept(work, "I-1/T2", "电梯里的人已救出", DONE)
    issue = issue_of(work)
    issue.is_awaiting_resolution = False
    accept(work, "I-1/T1", "路灯已修好", DONE + days(1))

    (together,) = work.outbox.of(told.IssueHandledV1)
    assert (together.result, len(handled(work))) == ("路灯已修好", 1)


def test_where_its_task_is_the_last_one_the_issue_is_handled_for_all(work):
    issue = issue_of(work)
    issue.is_awaiting_resolution = False
    accept(work, "I-1/T1", "路灯已修好", NOON)
    accept(work, "I-1/T2", "电梯里的人已救出", DONE)

    (together,) = work.outbox.of(told.IssueHandledV1)
    assert (together.result, handled(work)) == ("路灯已修好；电梯里的人已救出", [])


def test_what_an_urgent_issue_began_with_is_for_all_also_when_it_answers_its_own_order_before(urgent):
    soon = joins("1010", due_at=MONDAY + hours(1), linked_at=MONDAY)
    orders.work_on_newcomer(urgent, soon, a_moment(MONDAY))
    accept(urgent, "I-1/T1", "燃气已关闭", MONDAY + hours(0.5))
    accept(urgent, "I-1/T2", "被困者已救出", MONDAY + hours(0.6))

    (together,) = urgent.outbox.of(told.IssueHandledV1)
    assert [order_no for order_no, *_ in handled(urgent)] == ["1009"]
    assert together.result == "燃气已关闭；被困者已救出"


def test_another_emergency_for_which_somebody_is_at_work_already_is_answered_with_it(work):
    orders.work_on_newcomer(work, joins("1010", due_at=NOON + hours(2.1)), a_moment(NOON))
    accept(work, "I-1/T2", "电梯里的人已救出", DONE)

    assert [order_no for order_no, *_ in handled(work)] == ["1009", "1010"]


def test_who_joined_an_issue_that_was_handled_is_answered_while_another_of_them_waits():
    work = a_work()
    events.open_issue(work, issue_raised(), a_moment(MONDAY))
    accept(work, "I-1/T1", "路灯已修好", MONDAY + days(1))
    for order_no in ("1009", "1010"):
        slow = joins(order_no, sla_class="general", due_at=NOON + days(7))
        orders.work_on_newcomer(work, slow, a_moment(NOON))
        if order_no == "1009":
            events.await_resolution(work, issue_listed(listed_at=NOON), a_moment(NOON))
    accept(work, "I-1/T2", "再次检修", DONE)

    assert handled(work) == [("1009", "再次检修", DONE)]


def test_who_joins_a_handled_issue_in_which_somebody_has_work_of_their_own_gets_some_too():
    work = a_work()
    events.open_issue(work, issue_raised(), a_moment(MONDAY))
    accept(work, "I-1/T1", "路灯已修好", MONDAY + days(1))
    orders.work_on_newcomer(work, JOINS, a_moment(NOON))
    orders.work_on_newcomer(work, joins("1010", sla_class="general", due_at=NOON + days(7)), a_moment(NOON))
    accept(work, "I-1/T2", "电梯里的人已救出", DONE)

    assert [task.order_nos for task in issue_of(work).open_tasks] == [["1010"]]
    assert handled(work) == [("1009", "电梯里的人已救出", DONE)]


def test_for_who_says_no_it_is_done_again_as_urgently_and_answered_again(work):
    accept(work, "I-1/T2", "电梯里的人已救出", DONE)
    redo = redo_ordered(ordered_at=DONE + hours(2), order_nos=["1009"], handled_at=DONE, unit_code=GRID)
    for _ in range(2):
        events.do_again(work, redo, a_moment(DONE + hours(2)))

    *_, again = issue_of(work).tasks
    assert (again.id, again.origin, again.sla_class) == ("I-1/T3", TaskOrigin.REDO, SlaClass.EMERGENCY)
    accept(work, "I-1/T3", "已换新门锁", DONE + hours(3))
    assert [result for _, result, _ in handled(work)] == ["电梯里的人已救出", "已换新门锁"]


def test_two_who_say_no_about_the_same_work_have_it_done_again_each(work):
    orders.work_on_newcomer(work, joins("1010", due_at=NOON + hours(2.1)), a_moment(NOON))
    accept(work, "I-1/T2", "电梯里的人已救出", DONE)
    for order_no in ("1009", "1010"):
        redo = redo_ordered(ordered_at=DONE + hours(2), order_nos=[order_no], handled_at=DONE, unit_code=GRID)
        events.do_again(work, redo, a_moment(DONE + hours(2)))

    assert [task.order_nos for task in issue_of(work).tasks[2:]] == [["1009"], ["1010"]]


def test_another_limit_for_the_rest_changes_nothing_of_it(work):
    orders.follow_redispatch(work, again(order_no="1"), a_moment(NOON))

    rest, own = issue_of(work).open_tasks
    assert (rest.due_at, own.due_at, own.sla_class) == (DUE_AT, JOINS.due_at, SlaClass.EMERGENCY)


def test_by_another_limit_of_its_own_it_alone_is_due(work):
    sooner = again(order_no="1009", sla_class=SlaClass.EMERGENCY, due_at=NOON + hours(1))
    orders.follow_redispatch(work, sooner, a_moment(NOON))

    rest, own = issue_of(work).open_tasks
    assert (own.order_nos, own.due_at) == (["1009"], NOON + hours(1))
    assert (rest.order_nos, rest.due_at, rest.sla_class) == ([], MONDAY + days(7), SlaClass.GENERAL)


@pytest.mark.parametrize("sla_class", [SlaClass.EMERGENCY, SlaClass.GENERAL])
def test_dispatched_again_after_it_was_answered_it_gets_new_work_of_its_own(work, sla_class):
    accept(work, "I-1/T2", "电梯里的人已救出", DONE)
    anew = again(order_no="1009", sla_class=sla_class, due_at=DONE + hours(2), redispatched_at=DONE)
    for _ in range(2):
        orders.follow_redispatch(work, anew, a_moment(DONE))

    (own,) = issue_of(work).tasks[2:]
    assert (own.order_nos, own.sla_class, own.due_at) == (["1009"], sla_class, DONE + hours(2))


def leaves(order_no="1009", at=DONE):
    return ComplaintUnlinkedV1(
        order_no=order_no, issue_id="I-1", reason="诉求人撤回诉求", unlinked_at=at, unlinked_by="hotline"
    )


@pytest.mark.parametrize("it_leaves", [False, True])
def test_an_issue_that_is_left_as_it_is_says_so_to_the_others_once_it_is_done_or_gone(it_leaves):
    work = a_work()
    events.open_issue(work, issue_raised(route="deliberate"), a_moment(MONDAY))
    orders.work_on_newcomer(work, JOINS, a_moment(NOON))
    resolved = resolution_adopted(tasks=[], leaves_as_is=True, motion="不装门禁")
    events.carry_out_resolution(work, resolved, a_moment(NOON))
    assert work.outbox.of(told.IssueHandledV1) == []
    if it_leaves:
        orders.leave_issue(work, leaves(), a_moment(DONE))
    else:
        accept(work, "I-1/T1", "电梯里的人已救出", DONE)

    (together,) = work.outbox.of(told.IssueHandledV1)
    own = [] if it_leaves else ["电梯里的人已救出"]
    assert together.result == "；".join(["经协商,维持现状:不装门禁", *own])


def test_once_its_order_has_left_nobody_works_on_it(work):
    for _ in range(2):
        orders.leave_issue(work, leaves(), a_moment(DONE))

    (withdrawn,) = work.outbox.of(told.TaskWithdrawnV1)
    assert (withdrawn.task_id, withdrawn.reason) == ("I-1/T2", "诉求人撤回诉求")
    assert [task.id for task in issue_of(work).open_tasks] == ["I-1/T1"]


def test_shared_with_another_order_it_goes_on_for_that_one(work):
    orders.work_on_newcomer(work, joins("1010", due_at=NOON + hours(2.1)), a_moment(NOON))
    orders.leave_issue(work, leaves(), a_moment(DONE))
    accept(work, "I-1/T2", "电梯里的人已救出", DONE)

    assert [order_no for order_no, *_ in handled(work)] == ["1010"]


def test_where_it_was_the_last_open_one_the_issue_is_handled_when_its_order_leaves(work):
    issue_of(work).is_awaiting_resolution = False
    accept(work, "I-1/T1", "路灯已修好", NOON)
    orders.leave_issue(work, leaves(), a_moment(DONE))

    (together,) = work.outbox.of(told.IssueHandledV1)
    assert (together.result, together.handled_at) == ("路灯已修好", DONE)


def test_an_issue_that_was_handled_before_its_order_joined_still_is_when_that_leaves():
    work = a_work()
    events.open_issue(work, issue_raised(), a_moment(MONDAY))
    accept(work, "I-1/T1", "路灯已修好", MONDAY + days(1))
    orders.work_on_newcomer(work, joins(sla_class="general"), a_moment(NOON))
    orders.leave_issue(work, leaves(), a_moment(DONE))

    assert issue_of(work).state is IssueState.HANDLED
    assert len(work.outbox.of(told.IssueHandledV1)) == 1
    orders.work_on_newcomer(work, joins("1010", sla_class="general", linked_at=DONE), a_moment(DONE))
    assert [task.order_nos for task in issue_of(work).open_tasks] == [["1010"]]


@pytest.mark.parametrize("route", ["handle", "deliberate"])
def test_given_up_with_a_climb_it_goes_on_at_the_new_holder_whatever_is_deliberated_there(work, route):
    climbs = issue_escalated(from_unit=GRID, to_unit=COMMUNITY, route=route, reason="over_level")
    events.move_issue(work, climbs, a_moment(NOON + hours(0.5)))

    assert issue_of(work).tasks[1].state is TaskState.MOVED_UP
    last = issue_of(work).tasks[-1]
    assert (last.order_nos, last.sla_class, last.is_open) == (["1009"], SlaClass.EMERGENCY, True)
    assert issue_of(work).is_awaiting_resolution == (route == "deliberate")


def test_given_up_with_a_climb_it_keeps_its_own_limit(work):
    climbs = issue_escalated(from_unit=GRID, to_unit=COMMUNITY, reason="over_level")
    events.move_issue(work, climbs, a_moment(NOON + hours(0.5)))

    rest, own = issue_of(work).open_tasks
    assert (rest.order_nos, rest.sla_class, rest.due_at) == ([], SlaClass.GENERAL, climbs.due_at)
    assert (own.order_nos, own.due_at) == (["1009"], JOINS.due_at)


def test_where_only_it_waits_to_be_accepted_the_new_holder_gets_work_on_the_rest(work):
    finished(issue_of(work).task("I-1/T2"), "电梯里的人已救出")
    events.move_issue(work, issue_escalated(from_unit=GRID, reason="over_level"), a_moment(NOON))
    tasks.accept_task(work, AcceptTask(task_id="I-1/T2", idempotency_key="k"), a_moment(DONE, asked_by=a_leader()))

    (rest,) = issue_of(work).open_tasks
    assert (rest.unit_code, rest.order_nos) == (COMMUNITY, [])
    assert (work.outbox.of(told.IssueHandledV1), len(handled(work))) == ([], 1)


def test_given_up_while_somebody_is_at_work_on_the_rest_it_goes_on(work):
    slow = joins("1010", sla_class="general", due_at=NOON + days(7))
    issue = issue_of(work)
    issue.is_awaiting_resolution = False
    accept(work, "I-1/T1", "路灯已修好", NOON)
    accept(work, "I-1/T2", "电梯里的人已救出", NOON)
    orders.work_on_newcomer(work, replace(slow, linked_at=DONE), a_moment(DONE))
    events.do_again(work, redo_ordered(handled_at=NOON, ordered_at=DONE), a_moment(DONE))
    finished(issue.task("I-1/T4"))
    events.move_issue(work, issue_escalated(from_unit=GRID, reason="over_level"), a_moment(DONE + hours(1)))

    assert [task.order_nos for task in issue.open_tasks] == [[], ["1010"]]


def test_withdrawn_by_a_correction_it_goes_on_in_the_right_unit(work):
    corrected = issue_reassigned(to_unit=STREET, route="deliberate")
    events.reassign_issue(work, corrected, a_moment(NOON + hours(0.5)))

    last = issue_of(work).tasks[-1]
    assert (last.unit_code, last.order_nos, last.sla_class) == (STREET, ["1009"], SlaClass.EMERGENCY)


def test_taken_over_from_below_it_still_answers_its_order(work):
    events.move_issue(work, issue_escalated(from_unit=GRID, to_unit=STREET, reason="unresolved"), a_moment(NOON))
    urgent = next(task for task in issue_of(work).tasks if task.order_nos)
    request = TakeOverTask(task_id=urgent.id, reason="由本级直接办理", idempotency_key="k")
    tasks.take_over_task(work, request, a_moment(NOON, asked_by=a_leader(STREET)))

    (open_one,) = [task for task in issue_of(work).open_tasks if task.order_nos]
    assert (open_one.unit_code, open_one.order_nos) == (STREET, ["1009"])
