"""What may be done with a task in which state."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.dispatch.domain.errors import (
    EvidenceMissing,
    MilestoneOutOfOrder,
    TaskStateForbids,
)
from services.dispatch.domain.task import AT_WORK, Evidence, Milestone, TaskState
from tests.dispatch.builders import GRID, MONDAY, SHA, a_task, days, finished, five_things, hours

PHOTO = Evidence("https://example.org/1.jpg", SHA)
STEPS = {
    "sign": lambda task: task.sign_for(),
    "block": lambda task: task.block("等待业主"),
    "handling": lambda task: task.reach(Milestone.HANDLING),
    "finish": lambda task: task.finish("已清运", [PHOTO]),
    "accept": lambda task: task.accept(at=MONDAY),
    "send back": lambda task: task.send_back(),
    "fail": lambda task: task.fail(),
    "move up": lambda task: task.move_up(),
    "end": lambda task: task.end(),
}
ENDS = {TaskState.ACCEPTED, TaskState.FAILED, TaskState.MOVED_UP, TaskState.ENDED}


def test_a_task_goes_from_hand_to_accepted():
    task = a_task()
    task.sign_for()
    task.reach(Milestone.HANDLING)
    task.finish("已清运", [PHOTO])
    task.accept(at=MONDAY + hours(5))

    assert task.state is TaskState.ACCEPTED
    assert task.evidence == [PHOTO]


@given(some.lists(some.sampled_from(sorted(STEPS)), max_size=12))
def test_an_end_is_never_left_and_acceptance_always_has_evidence(steps):
    task = a_task()
    for step in steps:
        before = task.state
        with contextlib.suppress(TaskStateForbids, MilestoneOutOfOrder):
            STEPS[step](task)
        if before in ENDS:
            assert task.state is before
    if task.state in (TaskState.DONE, TaskState.ACCEPTED):
        assert task.evidence


@given(some.lists(some.sampled_from(Milestone), max_size=8))
def test_milestones_only_go_forward(wanted):
    task = a_task()
    task.sign_for()
    reached = []
    for milestone in wanted:
        with contextlib.suppress(MilestoneOutOfOrder):
            if task.reach(milestone):
                reached.append(milestone.place)

    assert reached == sorted(set(reached))


def test_a_refusal_says_what_the_task_is_and_would_have_to_be():
    with pytest.raises(TaskStateForbids, match="is assigned and can't be accepted; it would have to be done"):
        a_task().accept(at=MONDAY)


@pytest.mark.parametrize("state", [state for state in TaskState if state is not TaskState.ASSIGNED])
def test_only_a_task_nobody_signed_for_is_handed_over(state):
    task = a_task()
    task.state = state

    with pytest.raises(TaskStateForbids):
        task.hand_over(five_things(department="网格巡查组"), unit_code=GRID, forced=False, at=MONDAY)
    assert (task.department, task.attempt) == ("网格服务组", 1)


def test_what_was_sent_back_can_be_done_again():
    task = finished(a_task())
    task.send_back()
    task.finish("又清运了一次", [PHOTO])

    assert task.state is TaskState.DONE
    assert task.result == "又清运了一次"


def test_a_blocked_task_is_in_hand_again_with_its_next_step():
    task = a_task()
    task.sign_for()
    task.block("等待业主")
    task.reach(Milestone.PROCUREMENT)

    assert (task.state, task.blocked_because) == (TaskState.IN_HAND, "")


def test_nothing_is_done_without_evidence():
    task = a_task()
    task.sign_for()

    with pytest.raises(EvidenceMissing):
        task.finish("已清运", [])
    assert task.state is TaskState.SIGNED_FOR


def test_a_task_gets_the_time_of_its_issue_but_no_more_than_its_own_limit_again():
    long, short = a_task(due_at=MONDAY + days(7)), a_task(due_at=MONDAY + days(2))

    assert long.extend(days(7))
    assert short.extend(days(7))
    assert (long.due_at, short.due_at) == (MONDAY + days(14), MONDAY + days(4))


def test_what_is_done_needs_no_more_time():
    task = a_task()
    task.sign_for()
    task.finish("已清运", [PHOTO])

    assert not task.extend(days(7))


@pytest.mark.parametrize("state", AT_WORK)
def test_work_in_hand_can_be_given_up(state):
    task = a_task()
    task.state = state
    task.fail()

    assert not task.is_open
