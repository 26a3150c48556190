"""What becomes of tasks when an issue changes its holder: they go on, unless somebody says otherwise."""

from functools import partial
from itertools import pairwise

import pytest

from services.dispatch.domain.errors import NothingToTakeOver
from services.dispatch.domain.issue import IssueState
from services.dispatch.schemas.requests import AcceptTask, TakeOverTask
from services.dispatch.use_cases import events, orders, tasks
from shared.contracts import dispatch as told
from shared.errors import NotAllowed
from tests.dispatch.builders import (
    COMMUNITY,
    DISTRICT,
    GRID,
    MONDAY,
    STREET,
    a_leader,
    an_order_joins,
    days,
    escalation_undone,
    finished,
    issue_escalated,
    issue_of,
    issue_raised,
    issue_reopened,
    issue_returned_down,
    kinds,
    resolution_adopted,
)
from tests.fakes import a_moment

BEGUN_ANEW = [
    partial(issue_escalated, reason="over_duty"),
    partial(issue_returned_down, from_unit=GRID, to_unit=COMMUNITY),
    issue_reopened,
]


def handle(work):
    for task in issue_of(work).open_tasks:
        finished(task).accept(at=MONDAY)
    issue_of(work).settle(MONDAY)


def take_over(work, task_id, unit=COMMUNITY):
    request = TakeOverTask(task_id=task_id, reason="由本级直接办理", idempotency_key="k")
    return tasks.take_over_task(work, request, a_moment(MONDAY + days(8), asked_by=a_leader(unit)))


@pytest.mark.parametrize("reached", ["assigned", "signed for", "done"])
def test_a_clock_that_runs_out_changes_the_holder_and_no_task(raised, reached):
    (task,) = issue_of(raised).tasks
    if reached == "signed for":
        task.sign_for()
    if reached == "done":
        finished(task)
    before = task.state
    events.move_issue(raised, issue_escalated(), a_moment(MONDAY + days(7)))

    assert (issue_of(raised).unit_code, raised.outbox.events) == (COMMUNITY, [])
    assert ([one.id for one in issue_of(raised).open_tasks], task.state) == (["I-1/T1"], before)


def test_what_was_done_before_the_climb_handles_the_issue_once_it_is_accepted(raised):
    finished(issue_of(raised).tasks[0])
    events.move_issue(raised, issue_escalated(), a_moment(MONDAY + days(7)))
    accepted = AcceptTask(task_id="I-1/T1", idempotency_key="k")
    tasks.accept_task(raised, accepted, a_moment(MONDAY + days(8), asked_by=a_leader(COMMUNITY)))

    (handled,) = raised.outbox.of(told.IssueHandledV1)
    assert (handled.unit_code, issue_of(raised).state) == (COMMUNITY, IssueState.HANDLED)


def test_what_was_handled_before_the_climb_was_heard_stays_handled(raised):
    handle(raised)
    events.move_issue(raised, issue_escalated(), a_moment(MONDAY + days(7)))

    assert (issue_of(raised).unit_code, issue_of(raised).state) == (COMMUNITY, IssueState.HANDLED)
    assert raised.outbox.events == []


def test_when_what_was_handled_is_not_enough_the_next_holder_gets_a_task(raised):
    handle(raised)
    orders.work_on_newcomer(raised, an_order_joins(), a_moment(MONDAY + days(2)))
    events.move_issue(raised, issue_escalated(was_handled=True), a_moment(MONDAY + days(7)))

    newcomers, own = issue_of(raised).open_tasks
    assert (newcomers.origin, newcomers.unit_code) == ("complaint", GRID)
    assert (own.origin, own.unit_code, own.due_at) == ("escalation", COMMUNITY, MONDAY + days(22))


@pytest.mark.parametrize("reason", ["over_level", "over_duty", "cross_area", "demonstration"])
def test_who_says_that_it_is_not_for_them_gives_up_their_own_work(raised, reason):
    events.move_issue(raised, issue_escalated(reason=reason), a_moment(MONDAY + days(3)))

    given_up, assigned = raised.outbox.events
    assert (type(given_up), given_up.task_id) == (told.TaskMovedUpV1, "I-1/T1")
    assert (assigned.unit_code, assigned.origin, assigned.due_at) == (COMMUNITY, "escalation", MONDAY + days(22))


def test_who_says_that_it_is_not_for_them_gives_up_nothing_that_a_unit_above_does_already(work):
    events.open_issue(work, issue_raised(category="heating", unit_code=COMMUNITY), a_moment(MONDAY))
    moved = issue_escalated(reason="over_duty", from_unit=COMMUNITY, to_unit=STREET)
    events.move_issue(work, moved, a_moment(MONDAY + days(3)))

    assert [(task.id, task.unit_code) for task in issue_of(work).open_tasks] == [("I-1/T1", STREET)]


def test_who_gives_it_back_gives_up_their_own_work_and_what_is_done_below_goes_on(raised):
    events.move_issue(raised, issue_escalated(), a_moment(MONDAY + days(7)))
    take_over(raised, "I-1/T1")
    events.carry_out_resolution(raised, resolution_adopted(unit_code=GRID), a_moment(MONDAY + days(8)))
    issue_of(raised).tasks[-1].unit_code = GRID
    events.move_issue(raised, issue_returned_down(from_unit=COMMUNITY, to_unit=GRID), a_moment(MONDAY + days(9)))

    assert [event.task_id for event in raised.outbox.of(told.TaskMovedUpV1)] == ["I-1/T2"]
    assert [task.id for task in issue_of(raised).open_tasks] == ["I-1/T3"]


def test_the_holder_takes_over_what_goes_on_below_with_the_time_that_it_has(raised):
    events.move_issue(raised, issue_escalated(), a_moment(MONDAY + days(7)))
    reply = take_over(raised, "I-1/T1")

    (taken,) = raised.outbox.of(told.TaskTakenOverV1)
    assert (taken.task_id, taken.unit_code, taken.to_unit) == ("I-1/T1", GRID, COMMUNITY)
    assert (reply.task_id, reply.unit_code, reply.due_at) == ("I-1/T2", COMMUNITY, MONDAY + days(22))
    assert [task.id for task in issue_of(raised).open_tasks] == ["I-1/T2"]


def test_a_unit_that_does_not_hold_the_issue_takes_nothing_over(raised):
    with pytest.raises(NothingToTakeOver, match=GRID):
        take_over(raised, "I-1/T1", GRID)
    events.move_issue(raised, issue_escalated(), a_moment(MONDAY + days(7)))
    with pytest.raises(NotAllowed):
        take_over(raised, "I-1/T1", GRID)


def test_when_a_climb_is_undone_it_is_back_where_it_was_as_it_is(raised):
    handle(raised)
    events.move_issue(raised, issue_escalated(), a_moment(MONDAY))
    for _ in range(2):
        events.undo_escalation(raised, escalation_undone(), a_moment(MONDAY))

    issue = issue_of(raised)
    assert (issue.unit_code, issue.state, issue.open_tasks, raised.outbox.events) == (GRID, "handled", [], [])


@pytest.mark.parametrize("moved", BEGUN_ANEW)
def test_with_such_a_move_the_old_task_ends_and_the_new_holder_gets_one(raised, moved):
    events.move_issue(raised, moved(), a_moment(MONDAY))

    ended, assigned = raised.outbox.events
    assert (type(ended), ended.task_id) == (told.TaskMovedUpV1, "I-1/T1")
    assert (assigned.unit_code, assigned.origin, assigned.due_at) == (COMMUNITY, "escalation", MONDAY + days(22))


@pytest.mark.parametrize("moved", BEGUN_ANEW)
def test_such_a_move_to_a_council_ends_the_old_task_and_waits(raised, moved):
    events.move_issue(raised, moved(route="deliberate"), a_moment(MONDAY))

    assert kinds(raised) == [told.TaskMovedUpV1]
    assert issue_of(raised).is_awaiting_resolution


def test_a_climb_to_a_council_waits_for_a_resolution_while_the_task_goes_on(raised):
    events.move_issue(raised, issue_escalated(route="deliberate"), a_moment(MONDAY))

    assert (raised.outbox.events, issue_of(raised).is_awaiting_resolution) == ([], True)
    assert [task.id for task in issue_of(raised).open_tasks] == ["I-1/T1"]


@pytest.mark.parametrize("moved", BEGUN_ANEW)
def test_such_a_move_told_twice_happens_once(raised, moved):
    for _ in range(2):
        events.move_issue(raised, moved(), a_moment(MONDAY))

    assert kinds(raised) == [told.TaskMovedUpV1, told.TaskAssignedV1]


def test_each_rung_for_a_reason_gives_the_next_holder_its_task(raised):
    for rung, (from_unit, to_unit) in enumerate(pairwise([GRID, COMMUNITY, STREET, DISTRICT]), start=1):
        climbed = issue_escalated(rung=rung, from_unit=from_unit, to_unit=to_unit, reason="over_duty")
        events.move_issue(raised, climbed, a_moment(MONDAY))

    assert [task.unit_code for task in issue_of(raised).tasks] == [GRID, COMMUNITY, STREET, DISTRICT]
    assert len(issue_of(raised).open_tasks) == 1
