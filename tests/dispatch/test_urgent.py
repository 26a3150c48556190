"""What is urgent gets a task at once, whatever the issue waits for, and nobody gives it up to a council."""

from dataclasses import replace

import pytest

from services.dispatch.domain.errors import ReturnTooLate, WaitsForNoCouncil
from services.dispatch.schemas.requests import FailTask, ReturnTask
from services.dispatch.use_cases import events, orders, returns, tasks
from shared.contracts import dispatch as told
from shared.contracts.requests import RequestReason
from tests.dispatch.builders import (
    GRID,
    MONDAY,
    a_handler,
    a_work,
    an_order_joins,
    days,
    hours,
    issue_pended,
    issue_raised,
    issue_reassigned,
)
from tests.fakes import a_moment

NOON = MONDAY + days(2) + hours(3)
JOINS = an_order_joins(sla_class="emergency", linked_at=NOON, due_at=NOON + hours(2))


@pytest.fixture
def work(general):
    return general


def test_an_emergency_that_joins_gets_a_task_of_its_own_once_and_the_others_keep_theirs(work):
    for _ in range(2):
        orders.work_on_newcomer(work, JOINS, a_moment(NOON))

    (assigned,) = work.outbox.of(told.TaskAssignedV1)
    assert (assigned.sla_class, assigned.due_at) == ("emergency", NOON + hours(2))
    first, _ = work.issues.find("I-1").tasks
    assert (first.sla_class, first.due_at, first.is_open) == ("general", MONDAY + days(7), True)


def test_what_is_urgent_keeps_its_time_in_a_pending_issue_whoever_joins_after_it(work):
    pended = issue_pended(MONDAY + days(60))
    events.postpone_tasks(work, pended, a_moment(MONDAY))
    orders.work_on_newcomer(work, JOINS, a_moment(NOON))

    events.postpone_tasks(work, replace(pended, order_nos=["1009"], pended_at=NOON), a_moment(NOON))

    *_, urgent = work.issues.find("I-1").tasks
    assert (urgent.sla_class, urgent.due_at) == ("emergency", NOON + hours(2))


def test_what_is_urgent_keeps_its_time_when_the_rest_of_its_issue_is_put_on_the_list_or_stays_there(work):
    orders.work_on_newcomer(work, JOINS, a_moment(NOON))
    for order_nos in (["1001"], []):
        pended = replace(issue_pended(MONDAY + days(60)), order_nos=order_nos)
        events.postpone_tasks(work, pended, a_moment(NOON))

    first, urgent = work.issues.find("I-1").tasks
    assert (first.due_at, urgent.due_at) == (MONDAY + days(60), NOON + hours(2))


def test_nine_callers_in_one_emergency_are_one_task(work):
    for number in range(9):
        joins = an_order_joins(order_no=f"N{number}", sla_class="emergency", due_at=NOON + hours(2 + number / 60))
        orders.work_on_newcomer(work, joins, a_moment(NOON))

    assert len(work.outbox.of(told.TaskAssignedV1)) == 1


def test_the_order_that_an_urgent_issue_began_with_gets_no_second_task():
    work = a_work()
    due = {"sla_class": "emergency", "due_at": MONDAY + hours(2)}
    events.open_issue(work, issue_raised(**due), a_moment(MONDAY))
    orders.work_on_newcomer(work, an_order_joins(linked_at=MONDAY, **due), a_moment(MONDAY))

    assert [one.sla_class for one in work.outbox.of(told.TaskAssignedV1)] == ["emergency"]


def test_a_task_of_a_two_hour_order_is_returned_within_half_an_hour_whatever_else_is_in_its_issue(work):
    orders.work_on_newcomer(work, JOINS, a_moment(NOON))
    back = ReturnTask(task_id="I-1/T2", reason=RequestReason.NOT_OUR_DUTY, words="不属本部门", idempotency_key="k")

    with pytest.raises(ReturnTooLate):
        returns.return_task(work, back, a_moment(NOON + hours(1), asked_by=a_handler(GRID)))


def test_an_urgent_task_is_not_given_up_to_a_council(work):
    orders.work_on_newcomer(work, JOINS, a_moment(NOON))
    given_up = FailTask(task_id="I-1/T2", reason="居民意见不一", idempotency_key="k")

    with pytest.raises(WaitsForNoCouncil, match="escalated"):
        tasks.fail_task(work, given_up, a_moment(NOON, asked_by=a_handler(GRID)))


def test_what_turns_out_to_be_urgent_waits_for_no_council_any_more():
    work = a_work()
    events.open_issue(work, issue_raised(route="deliberate"), a_moment(MONDAY))
    corrected = issue_reassigned(to_unit=GRID, sla_class="emergency", due_at=MONDAY + hours(2))
    events.reassign_issue(work, corrected, a_moment(MONDAY + hours(1)))

    (assigned,) = work.outbox.of(told.TaskAssignedV1)
    assert (assigned.due_at, assigned.sla_class) == (MONDAY + hours(2), "emergency")
    assert not work.issues.find("I-1").is_awaiting_resolution
