"""An issue with its tasks: returns, moves, and when everything is done."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.dispatch.domain.errors import AssignmentForced, ReturnTooLate, TaskStateForbids
from services.dispatch.domain.issue import IssueState
from services.dispatch.domain.task import TaskState
from shared.contracts.assigning import FundingNotWhole
from shared.contracts.vocabulary import TaskOrigin
from tests.dispatch.builders import (
    COMMUNITY,
    GRID,
    MONDAY,
    POLICY,
    a_share,
    a_task,
    an_issue,
    days,
    finished,
    five_things,
    hours,
)

WEEK = days(7)


def give_back(issue, task, at=MONDAY, limit=WEEK):
    issue.must_be_returnable(task, window=POLICY.returns.window(limit), at=at)
    issue.give_back(task)


def hand_over(issue, task, department, at=MONDAY):
    issue.hand_over(task, five_things(department=department), unit_code=GRID, returns=POLICY.returns, at=at)


def test_tasks_are_numbered_in_their_issue():
    issue = an_issue()

    assert [(task.id, task.number) for task in (a_task(issue), a_task(issue))] == [("I-1/T1", 1), ("I-1/T2", 2)]


def test_after_two_returns_the_assignment_is_forced():
    issue = an_issue()
    task = a_task(issue)
    give_back(issue, task)
    hand_over(issue, task, "网格巡查组")
    was_forced_at_once = task.is_forced
    give_back(issue, task)
    hand_over(issue, task, "楼门长工作组")

    assert not was_forced_at_once
    assert (task.is_forced, task.attempt) == (True, 3)
    with pytest.raises(AssignmentForced):
        give_back(issue, task)


def test_a_department_that_objected_once_gets_it_back_by_force():
    issue = an_issue()
    task = a_task(issue)
    give_back(issue, task)
    hand_over(issue, task, "网格服务组")

    assert task.is_forced


@given(some.lists(some.sampled_from(["网格服务组", "网格巡查组", "楼门长工作组"]), max_size=8))
def test_never_more_returns_than_the_policy_grants(departments):
    issue = an_issue()
    task = a_task(issue)
    for department in departments:
        if task.is_forced:
            break
        give_back(issue, task)
        hand_over(issue, task, department)

    assert len(issue.returns) <= POLICY.returns.per_order
    assert all(issue.returns.count(one) <= POLICY.returns.per_unit for one in issue.returns)


def test_a_new_task_is_forced_where_the_returns_are_used_up():
    issue = an_issue(returns=["a", "b"])

    assert a_task(issue).is_forced


@pytest.mark.parametrize(
    ("limit", "after", "is_in_time"),
    [
        (WEEK, hours(24), True),
        (WEEK, hours(24.01), False),
        (hours(2), hours(0.5), True),
        (hours(2), hours(0.51), False),
    ],
    ids=["a day later", "more than a day later", "2-hour order, half an hour later", "2-hour order, later than that"],
)
def test_objections_have_a_window(limit, after, is_in_time):
    issue = an_issue()
    task = a_task(issue)
    if is_in_time:
        give_back(issue, task, at=MONDAY + after, limit=limit)
        assert issue.returns == [f"{GRID} 网格服务组"]
    else:
        with pytest.raises(ReturnTooLate):
            give_back(issue, task, at=MONDAY + after, limit=limit)


def test_what_was_signed_for_is_not_returned():
    issue = an_issue()
    task = a_task(issue)
    task.sign_for()

    with pytest.raises(TaskStateForbids):
        give_back(issue, task)


def test_an_issue_is_handled_when_its_last_task_is_accepted_and_only_once():
    issue = an_issue()
    first, second = finished(a_task(issue), "清运了"), finished(a_task(issue), "加了桶")
    first.accept(at=MONDAY)
    after_first = issue.settle(MONDAY)
    second.accept(at=MONDAY)

    assert after_first is None
    assert issue.settle(MONDAY) == "清运了；加了桶"
    assert issue.settle(MONDAY) is None
    assert issue.state is IssueState.HANDLED


def test_a_redo_speaks_of_the_new_work_only():
    issue = an_issue()
    finished(a_task(issue), "清运了").accept(at=MONDAY)
    issue.settle(MONDAY)
    finished(a_task(issue), "又清运了").accept(at=MONDAY)

    assert issue.settle(MONDAY) == "又清运了"


def test_interim_work_does_not_handle_what_waits_for_a_resolution():
    issue = an_issue()
    task = finished(a_task(issue))
    issue.await_resolution()
    task.accept(at=MONDAY)

    assert issue.settle(MONDAY) is None


@given(some.lists(some.sampled_from(["accept", "fail", "leave open"]), min_size=1, max_size=6), some.booleans())
def test_handled_means_nothing_open_nothing_awaited_and_something_accepted(fates, awaiting):
    issue = an_issue()
    for fate in fates:
        task = a_task(issue)
        if fate == "accept":
            finished(task).accept(at=MONDAY)
        elif fate == "fail":
            task.fail()
    if awaiting:
        issue.await_resolution()

    is_handled = issue.settle(MONDAY) is not None

    assert is_handled == (not awaiting and "leave open" not in fates and "accept" in fates)


def test_what_is_given_up_ends_unless_it_is_done_already():
    issue = an_issue()
    over, done, fresh = finished(a_task(issue)), finished(a_task(issue)), a_task(issue)
    over.accept(at=MONDAY)

    assert issue.give_up(lambda task: True) == [fresh]
    assert [task.state for task in issue.tasks] == [TaskState.ACCEPTED, TaskState.DONE, TaskState.MOVED_UP]
    assert done.is_open


def test_a_move_changes_the_holder_and_its_time_and_no_task():
    issue = an_issue()
    task = a_task(issue)
    issue.move_to(COMMUNITY, due_at=MONDAY + days(22))

    assert (issue.unit_code, issue.due_at) == (COMMUNITY, MONDAY + days(22))
    assert task.state is TaskState.ASSIGNED


def test_what_is_done_is_not_taken_over_but_judged():
    issue = an_issue()
    done, fresh = finished(a_task(issue)), a_task(issue)
    issue.take_over(fresh)

    assert fresh.state is TaskState.MOVED_UP
    with pytest.raises(TaskStateForbids, match="done"):
        issue.take_over(done)


def test_closing_ends_the_open_tasks():
    issue = an_issue()
    task = a_task(issue)
    issue.close()

    assert (issue.state, task.state) == (IssueState.CLOSED, TaskState.ENDED)


def test_a_cause_has_its_effect_once():
    issue = an_issue()

    assert [issue.hears("I-1/E1"), issue.hears("I-1/E1"), issue.hears("I-1/E2")] == [True, False, True]


def test_a_task_with_a_funding_gap_is_not_assigned():
    issue = an_issue()
    shares = [a_share("街道", 0.5), a_share("物业", 0.4)]

    with pytest.raises(FundingNotWhole):
        issue.assign(
            five_things(),
            unit_code=GRID,
            origin=TaskOrigin.RESOLUTION,
            what="加装",
            returns=POLICY.returns,
            at=MONDAY,
            funding=shares,
        )
    assert issue.tasks == []
