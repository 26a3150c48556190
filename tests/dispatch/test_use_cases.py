"""What dispatch does with each event: its job; twice, once; early or late, no harm."""

from dataclasses import replace

import pytest

from services.dispatch.domain.issue import IssueState
from services.dispatch.domain.task import TaskState
from services.dispatch.use_cases import events
from shared.bus.inbox.reading import NotYet
from shared.contracts import dispatch as told
from shared.contracts.assigning import FundingNotWhole, IncompleteAssignment
from tests.dispatch.builders import (
    COMMUNITY,
    GRID,
    MONDAY,
    STREET,
    a_resolved_task,
    a_share,
    days,
    escalation_undone,
    finished,
    hours,
    issue_closed,
    issue_escalated,
    issue_listed,
    issue_of,
    issue_raised,
    issue_reassigned,
    issue_reopened,
    issue_returned_down,
    kinds,
    redo_ordered,
    resolution_adopted,
)
from tests.fakes import a_moment
from tests.wordings import WORDS, worded


def accept_all(work):
    for task in issue_of(work).open_tasks:
        finished(task).accept(at=MONDAY)


def test_an_issue_to_be_handled_gets_its_first_task_with_the_five_things(work):
    events.open_issue(work, issue_raised(), a_moment(MONDAY))

    assigned = work.outbox.events[0]
    assert kinds(work) == [told.TaskAssignedV1]
    assert (assigned.task_id, assigned.unit_code, assigned.attempt, assigned.forced) == ("I-1/T1", GRID, 1, False)
    assert all((assigned.leader, assigned.department, assigned.person, assigned.co_units))
    assert (assigned.origin, assigned.due_at) == ("complaint", MONDAY + days(7))


def test_a_matter_outside_the_communitys_duty_goes_to_its_street_and_the_grid_assists(work):
    events.open_issue(work, issue_raised(category="heating"), a_moment(MONDAY))

    assert work.outbox.events[0].unit_code == STREET
    assert GRID in work.outbox.events[0].co_units


def test_an_issue_to_be_deliberated_waits_for_its_resolution(work):
    events.open_issue(work, issue_raised(route="deliberate"), a_moment(MONDAY))

    assert issue_of(work).is_awaiting_resolution
    assert work.outbox.events == []


def test_an_issue_raised_twice_gets_one_task(raised):
    events.open_issue(raised, issue_raised(), a_moment(MONDAY))

    assert len(issue_of(raised).tasks) == 1
    assert raised.outbox.events == []


@pytest.mark.parametrize(
    "tell",
    [
        lambda work: events.await_resolution(work, issue_listed(), a_moment(MONDAY)),
        lambda work: events.carry_out_resolution(work, resolution_adopted(), a_moment(MONDAY)),
        lambda work: events.do_again(work, redo_ordered(), a_moment(MONDAY)),
        lambda work: events.move_issue(work, issue_escalated(), a_moment(MONDAY)),
        lambda work: events.move_issue(work, issue_returned_down(), a_moment(MONDAY)),
        lambda work: events.move_issue(work, issue_reopened(), a_moment(MONDAY)),
        lambda work: events.close_issue(work, issue_closed(), a_moment(MONDAY)),
        lambda work: events.undo_escalation(work, escalation_undone(), a_moment(MONDAY)),
        lambda work: events.reassign_issue(work, issue_reassigned(), a_moment(MONDAY)),
    ],
    ids=["listed", "resolution", "redo", "escalated", "returned down", "reopened", "closed", "undone", "reassigned"],
)
def test_what_comes_before_its_issue_waits_and_changes_nothing(work, tell):
    with pytest.raises(NotYet, match="I-1"):
        tell(work)
    assert (work.issues.find("I-1"), work.outbox.events) == (None, [])


def test_a_listed_issue_is_not_handled_by_its_interim_work(raised):
    events.await_resolution(raised, issue_listed(), a_moment(MONDAY))
    accept_all(raised)

    assert issue_of(raised).settle(MONDAY) is None


def test_a_listing_that_comes_again_after_the_resolution_changes_nothing(raised):
    for _ in range(2):
        events.await_resolution(raised, issue_listed(), a_moment(MONDAY))
        events.carry_out_resolution(raised, resolution_adopted(), a_moment(MONDAY))

    assert not issue_of(raised).is_awaiting_resolution


def test_a_listing_below_the_holder_comes_too_late(raised):
    events.move_issue(raised, issue_escalated(), a_moment(MONDAY))
    events.await_resolution(raised, issue_listed(unit_code=GRID), a_moment(MONDAY))

    assert not issue_of(raised).is_awaiting_resolution


def test_a_resolution_gives_each_of_its_tasks_as_it_names_them(raised):
    tasks = [a_resolved_task(what="加桶"), a_resolved_task(what="立牌", person="周强")]
    events.carry_out_resolution(raised, resolution_adopted(tasks=tasks), a_moment(MONDAY))

    assigned = raised.outbox.of(told.TaskAssignedV1)
    assert [(one.what, one.person, one.origin) for one in assigned] == [
        ("加桶", "孙丽", "resolution"),
        ("立牌", "周强", "resolution"),
    ]


def test_a_resolution_told_twice_gives_its_tasks_once(raised):
    for _ in range(2):
        events.carry_out_resolution(raised, resolution_adopted(), a_moment(MONDAY))

    assert len(issue_of(raised).tasks) == 2


def test_a_resolution_without_tasks_is_carried_out_all_the_same(raised):
    events.carry_out_resolution(raised, resolution_adopted(tasks=[]), a_moment(MONDAY))

    assert [one.what for one in raised.outbox.of(told.TaskAssignedV1)] == ["加装垃圾桶"]


def test_to_leave_it_as_it_is_handles_the_issue_without_a_task(work):
    events.open_issue(work, issue_raised(route="deliberate"), a_moment(MONDAY))
    adopted = resolution_adopted(tasks=[], leaves_as_is=True, motion="维持现状")
    for _ in range(2):
        events.carry_out_resolution(work, adopted, a_moment(MONDAY))

    (handled,) = work.outbox.of(told.IssueHandledV1)
    assert ("维持现状" in handled.result, issue_of(work).state) == (True, IssueState.HANDLED)
    assert not work.outbox.of(told.TaskAssignedV1)


def test_to_leave_it_as_it_is_lets_a_task_that_is_open_go_on(raised):
    events.carry_out_resolution(raised, resolution_adopted(tasks=[], leaves_as_is=True), a_moment(MONDAY))

    assert (issue_of(raised).state, len(issue_of(raised).open_tasks)) == (IssueState.OPEN, 1)
    assert not raised.outbox.events


def test_a_resolved_task_without_co_units_is_refused_as_the_council_would_have_been(raised):
    with pytest.raises(IncompleteAssignment, match="co_units"):
        events.carry_out_resolution(raised, resolution_adopted(tasks=[a_resolved_task(co_units=[])]), a_moment(MONDAY))


def test_a_resolved_task_keeps_its_funding(raised):
    shares = [a_share("街道", 0.6), a_share("居民", 0.4)]
    events.carry_out_resolution(raised, resolution_adopted(tasks=[a_resolved_task(funding=shares)]), a_moment(MONDAY))

    assert [share.share_ratio for share in issue_of(raised).tasks[-1].funding] == [0.6, 0.4]


def test_a_resolution_whose_funding_has_a_gap_is_refused(raised):
    shares = [a_share("街道", 0.6)]

    with pytest.raises(FundingNotWhole):
        events.carry_out_resolution(
            raised, resolution_adopted(tasks=[a_resolved_task(funding=shares)]), a_moment(MONDAY)
        )


def test_a_resolution_that_comes_after_a_climb_is_carried_out_by_the_new_holder(raised):
    events.move_issue(raised, issue_escalated(route="deliberate"), a_moment(MONDAY))
    events.carry_out_resolution(raised, resolution_adopted(unit_code=GRID), a_moment(MONDAY))

    assert raised.outbox.of(told.TaskAssignedV1)[-1].unit_code == COMMUNITY
    assert not issue_of(raised).is_awaiting_resolution


def test_a_redo_goes_to_whoever_did_it_with_its_own_limit(raised):
    accept_all(raised)
    issue_of(raised).settle(MONDAY)
    issue_of(raised).tasks[0].department = "网格巡查组"
    events.do_again(raised, redo_ordered(), a_moment(MONDAY))

    again = raised.outbox.events[0]
    assert (again.origin, again.department, again.due_at) == ("redo", "网格巡查组", MONDAY + days(11))
    assert issue_of(raised).state is IssueState.OPEN


def test_a_redo_ordered_twice_is_one_task(raised):
    for _ in range(2):
        events.do_again(raised, redo_ordered(), a_moment(MONDAY))

    assert len(issue_of(raised).tasks) == 2


def test_who_says_later_that_it_was_not_enough_gets_no_second_task(raised):
    first = redo_ordered(handled_at=MONDAY + days(6))
    events.do_again(raised, first, a_moment(MONDAY))
    later = replace(first, order_no="2", order_nos=["2"], ordered_at=MONDAY + days(8), due_at=MONDAY + days(12))
    events.do_again(raised, later, a_moment(MONDAY))

    assert len(issue_of(raised).tasks) == 2


def test_a_redo_that_a_climb_overtook_is_passed_over(raised):
    accept_all(raised)
    issue_of(raised).settle(MONDAY)
    events.move_issue(raised, issue_escalated(was_handled=True), a_moment(MONDAY))
    events.do_again(raised, redo_ordered(unit_code=GRID), a_moment(MONDAY))

    assert [task.origin for task in issue_of(raised).open_tasks] == ["escalation"]


def test_a_resolution_without_tasks_gives_the_limit_from_its_adoption_on_however_late_it_is_heard(raised):
    resolution = resolution_adopted(tasks=[])
    events.carry_out_resolution(raised, resolution, a_moment(MONDAY + days(5)))

    assert issue_of(raised).tasks[-1].due_at == resolution.adopted_at + days(7)


def test_a_closed_issue_takes_no_more_work_until_it_is_reopened(raised):
    events.close_issue(raised, issue_closed(), a_moment(MONDAY))
    events.await_resolution(raised, issue_listed(), a_moment(MONDAY))
    events.carry_out_resolution(raised, resolution_adopted(), a_moment(MONDAY))
    events.do_again(raised, redo_ordered(), a_moment(MONDAY))
    nothing = list(raised.outbox.events)
    events.move_issue(raised, issue_reopened(), a_moment(MONDAY))

    assert nothing == []
    assert kinds(raised) == [told.TaskAssignedV1]
    assert issue_of(raised).state is IssueState.OPEN


def test_an_old_closing_that_comes_again_does_not_close_what_was_reopened(raised):
    events.close_issue(raised, issue_closed(), a_moment(MONDAY))
    events.move_issue(raised, issue_reopened(), a_moment(MONDAY))
    events.close_issue(raised, issue_closed(), a_moment(MONDAY))

    assert issue_of(raised).state is IssueState.OPEN


def test_a_reopened_issue_is_handled_again_with_its_new_task(raised):
    accept_all(raised)
    issue_of(raised).settle(MONDAY)
    events.move_issue(raised, issue_reopened(), a_moment(MONDAY + hours(1)))
    accept_all(raised)

    assert issue_of(raised).settle(MONDAY + days(1)) is not None
    assert [task.state for task in issue_of(raised).tasks] == [TaskState.ACCEPTED] * 2


# Corrected


def test_a_task_in_the_wrong_unit_is_withdrawn_and_the_right_one_gets_one_due_with_the_order(raised):
    due_at = MONDAY + days(7)
    for _ in range(2):
        events.reassign_issue(raised, issue_reassigned(to_unit=STREET, due_at=due_at), a_moment(MONDAY + days(2)))

    withdrawn, assigned = raised.outbox.events
    assert (withdrawn.task_id, withdrawn.unit_code, withdrawn.to_unit, withdrawn.reason) == (
        "I-1/T1",
        GRID,
        STREET,
        "属该街道",
    )
    assert (assigned.task_id, assigned.unit_code, assigned.due_at) == ("I-1/T2", STREET, due_at)
    wrong, right = issue_of(raised).tasks
    assert (wrong.withdrawn_to, wrong.withdrawn_because) == (STREET, "属该街道")
    assert (right.withdrawn_to, issue_of(raised).unit_code) == ("", STREET)


def test_of_another_class_the_task_stays_where_it_is_and_is_due_otherwise(raised):
    due_at = MONDAY + hours(2)
    same = {"to_unit": GRID, "category": issue_of(raised).category, "sla_class": "emergency", "due_at": due_at}
    events.reassign_issue(raised, issue_reassigned(**same), a_moment(MONDAY))

    (corrected,) = raised.outbox.events
    assert (corrected.task_id, corrected.due_at, len(issue_of(raised).tasks)) == ("I-1/T1", due_at, 1)


def test_what_is_to_be_deliberated_in_the_right_unit_waits_there_for_its_resolution(raised):
    moved = issue_reassigned(to_unit=STREET, route="deliberate")
    events.reassign_issue(raised, moved, a_moment(MONDAY))

    assert kinds(raised) == [told.TaskWithdrawnV1]
    assert issue_of(raised).is_awaiting_resolution


def test_confirmed_words_stand_for_the_issue_and_for_open_tasks_that_have_no_others(work):
    events.open_issue(work, issue_raised(), a_moment(MONDAY))
    issue = work.issues.find("I-1")

    for _ in range(2):
        events.take_wording(work, worded("I-1", COMMUNITY, at=MONDAY), a_moment(MONDAY))

    assert (issue.title, [task.what for task in issue.tasks]) == (WORDS, [WORDS])


def test_what_a_resolution_asks_for_keeps_its_own_words(work):
    events.open_issue(work, issue_raised(route="deliberate"), a_moment(MONDAY))
    events.carry_out_resolution(work, resolution_adopted(), a_moment(MONDAY))
    (before,) = [task.what for task in work.issues.find("I-1").tasks]

    events.take_wording(work, worded("I-1", COMMUNITY, at=MONDAY), a_moment(MONDAY))

    assert [task.what for task in work.issues.find("I-1").tasks] == [before]


def test_words_for_an_issue_that_is_not_known_yet_wait(work):
    with pytest.raises(NotYet):
        events.take_wording(work, worded("I-1", COMMUNITY, at=MONDAY), a_moment(MONDAY))
