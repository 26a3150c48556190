"""News of what was done in time, heard after a clock said otherwise: what is taken back, what is undone, what stays."""

from dataclasses import replace
from typing import Any

import pytest

from services.supervision.domain.clock import ClockState
from services.supervision.use_cases import escalations, events
from shared.bus.inbox.reading import NotYet
from shared.bus.timers.timers import Due
from shared.contracts import supervision as told
from shared.contracts.vocabulary import Outcome
from tests.fakes import a_moment
from tests.supervision.builders import (
    COMMUNITY,
    DISTRICT,
    ISSUE,
    MONDAY,
    STREET,
    complaint_urged,
    days,
    hours,
    issue_evaluated,
    issue_handled,
    issue_raised,
    redo_ordered,
    resolution_adopted,
    session_scheduled,
    task_signed_for,
    task_taken_over,
)
from tests.supervision.fakes import a_work

RESIDENT, TIER_1, TIER_2, TIER_3 = (f"{ISSUE}/{name}" for name in ("resident", "tier-1", "tier-2", "tier-3"))
LIMIT, TIME_OF_THE_COMMUNITY = MONDAY + days(7), MONDAY + days(15)


def opened(unit: str = COMMUNITY, **given: Any) -> Any:
    work = a_work()
    events.open_case(work, issue_raised(unit_code=unit, **given), a_moment(MONDAY))
    return work


def ring(work: Any, clock_id: str, at: Any) -> None:
    escalations.ring(work, Due("clock", clock_id, at), a_moment(at))


def climbed() -> Any:
    """The community's time was over, as far as was known, and its order has a longer limit."""
    work = opened(due_at=MONDAY + days(60))
    ring(work, TIER_1, TIME_OF_THE_COMMUNITY + hours(2))
    assert work.cases.find(ISSUE).unit_code == STREET
    return work


def hear_handled(work: Any, handled_at: Any, heard_at: Any, unit: str = COMMUNITY) -> None:
    events.await_evaluation(work, issue_handled(handled_at, unit), a_moment(heard_at))


@pytest.mark.parametrize("early", [hours(1), hours(0)])
def test_handled_in_time_and_heard_late_is_no_breach_of_the_residents_clock(early):
    work = opened()
    ring(work, RESIDENT, LIMIT + hours(1))

    hear_handled(work, LIMIT - early, LIMIT + hours(2))

    clock = work.clocks.find(RESIDENT)
    assert (clock.state, clock.breached_at, clock.red_at) == (ClockState.PAUSED, None, None)
    (corrected,) = work.outbox.of(told.ClockCorrectedV1)
    assert corrected.withdrawn == ["red", "breach"]
    assert "clock_corrected.v1" in work.timeline.kinds


def test_a_warning_that_was_due_before_it_was_handled_stays():
    work = opened()
    ring(work, RESIDENT, MONDAY + days(6))
    ring(work, RESIDENT, LIMIT + hours(1))

    hear_handled(work, LIMIT - hours(1), LIMIT + hours(2))

    assert work.clocks.find(RESIDENT).yellow_at == MONDAY + days(6)


def test_handled_too_late_stays_a_breach():
    work = opened()
    ring(work, RESIDENT, LIMIT + hours(1))

    hear_handled(work, LIMIT + hours(0.5), LIMIT + hours(2))

    assert work.clocks.find(RESIDENT).breached_at == LIMIT + hours(1)
    assert work.outbox.of(told.ClockCorrectedV1) == []


def test_an_order_of_supervision_that_was_not_due_yet_is_taken_back_too():
    work = opened(DISTRICT)
    ring(work, RESIDENT, LIMIT + days(8))

    hear_handled(work, LIMIT - hours(1), LIMIT + days(8), DISTRICT)

    assert work.outbox.of(told.ClockCorrectedV1)[0].withdrawn == ["red", "breach", "order"]


def test_a_climb_only_for_time_is_undone_when_it_had_been_handled_in_time():
    work = climbed()
    handled_at, heard_at = TIME_OF_THE_COMMUNITY - hours(1), TIME_OF_THE_COMMUNITY + hours(3)

    hear_handled(work, handled_at, heard_at)

    case = work.cases.find(ISSUE)
    assert (case.unit_code, case.came_from, case.held_since) == (COMMUNITY, [], MONDAY)
    assert case.handled_at == handled_at
    assert work.clocks.find(TIER_1).breached_at is None
    assert work.clocks.find(TIER_2).state is ClockState.ENDED
    (undone,) = work.outbox.of(told.EscalationUndoneV1)
    assert (undone.from_unit, undone.to_unit, undone.held_since) == (STREET, COMMUNITY, MONDAY)
    assert work.escalations.find(f"{ISSUE}/E1").withdrawn_at == heard_at
    assert "escalation_undone.v1" in work.timeline.kinds


def test_the_holders_clock_then_rests_where_it_stood_when_it_was_handled():
    work = climbed()
    handled_at = TIME_OF_THE_COMMUNITY - hours(1)

    hear_handled(work, handled_at, TIME_OF_THE_COMMUNITY + hours(3))

    clock = work.clocks.find(TIER_3)
    assert (clock.state, clock.unit_code, clock.started_at) == (ClockState.PAUSED, COMMUNITY, MONDAY)
    assert clock.ledger.remaining(TIME_OF_THE_COMMUNITY + days(9)) == hours(1)
    assert set(work.timers.due) == set()


def test_after_it_the_residents_are_asked_and_the_case_closes_at_its_holder():
    work = climbed()
    hear_handled(work, TIME_OF_THE_COMMUNITY - hours(1), TIME_OF_THE_COMMUNITY + hours(3))
    evaluated = issue_evaluated(Outcome.SOLVED, TIME_OF_THE_COMMUNITY + days(1))
    events.take_evaluation(work, evaluated, a_moment(evaluated.evaluated_at))

    assert [event.unit_code for event in work.outbox.of(told.IssueClosedV1)] == [COMMUNITY]


def test_handled_after_its_time_the_issue_stays_with_the_next_holder():
    work = climbed()

    hear_handled(work, TIME_OF_THE_COMMUNITY + hours(1), TIME_OF_THE_COMMUNITY + hours(3))

    assert work.cases.find(ISSUE).unit_code == STREET
    assert work.outbox.of(told.EscalationUndoneV1) == work.outbox.of(told.ClockCorrectedV1) == []


def test_what_the_next_holder_has_handled_meanwhile_stays_with_it_and_only_the_clock_is_corrected():
    work = climbed()
    hear_handled(work, TIME_OF_THE_COMMUNITY + hours(3), TIME_OF_THE_COMMUNITY + hours(3), STREET)

    hear_handled(work, TIME_OF_THE_COMMUNITY - hours(1), TIME_OF_THE_COMMUNITY + hours(4))

    assert work.cases.find(ISSUE).unit_code == STREET
    assert [event.clock_id for event in work.outbox.of(told.ClockCorrectedV1)] == [TIER_1]
    assert "not_undone" in work.timeline.kinds


@pytest.mark.parametrize("act", [task_signed_for(STREET, TIME_OF_THE_COMMUNITY + hours(3)), task_taken_over(STREET)])
def test_a_climb_on_which_the_next_holder_has_acted_stands_and_what_was_handled_is_judged_there(act):
    work = climbed()
    events.follow_trial(work, act, a_moment(TIME_OF_THE_COMMUNITY + hours(3)))
    handled_at = TIME_OF_THE_COMMUNITY - hours(1)

    hear_handled(work, handled_at, TIME_OF_THE_COMMUNITY + hours(4))

    case = work.cases.find(ISSUE)
    assert (case.unit_code, case.handled_at, work.outbox.of(told.EscalationUndoneV1)) == (STREET, handled_at, [])
    assert work.clocks.find(TIER_1).breached_at is None
    assert {work.clocks.find(name).state for name in (RESIDENT, TIER_2)} == {ClockState.PAUSED}
    assert "not_undone" in work.timeline.kinds


def test_what_people_of_the_next_holder_did_for_the_one_below_is_no_act_of_its_own_however_late_it_is_heard():
    """A street's desk works for its communities: signed for and handled in time, and all heard after the climb."""
    work, handled_at = climbed(), TIME_OF_THE_COMMUNITY - hours(1)
    events.follow_trial(work, task_signed_for(STREET, handled_at), a_moment(TIME_OF_THE_COMMUNITY + hours(3)))

    hear_handled(work, handled_at, TIME_OF_THE_COMMUNITY + hours(4))

    assert (work.cases.find(ISSUE).unit_code, len(work.outbox.of(told.EscalationUndoneV1))) == (COMMUNITY, 1)


def test_what_a_unit_below_does_after_the_climb_is_no_act_of_the_next_holder():
    work = climbed()
    events.follow_trial(work, task_signed_for(COMMUNITY), a_moment(TIME_OF_THE_COMMUNITY + hours(3)))

    hear_handled(work, TIME_OF_THE_COMMUNITY - hours(1), TIME_OF_THE_COMMUNITY + hours(4))

    assert work.cases.find(ISSUE).unit_code == COMMUNITY


def test_handled_too_late_and_heard_after_the_climb_it_is_judged_at_the_next_holder_whoever_did_it():
    work, done = climbed(), TIME_OF_THE_COMMUNITY + hours(1)
    hear_handled(work, done, TIME_OF_THE_COMMUNITY + hours(3))
    asked_at = TIME_OF_THE_COMMUNITY + hours(1.5)
    events.take_evaluation(work, issue_evaluated(Outcome.SOLVED, asked_at), a_moment(asked_at + days(1)))

    assert [event.unit_code for event in work.outbox.of(told.IssueClosedV1)] == [STREET]


def test_an_evaluation_of_that_waits_for_the_handling_it_is_about():
    work = climbed()

    with pytest.raises(NotYet):
        events.take_evaluation(
            work, issue_evaluated(Outcome.SOLVED, TIME_OF_THE_COMMUNITY), a_moment(TIME_OF_THE_COMMUNITY + days(1))
        )


def test_what_was_done_again_before_the_climb_is_heard_lets_the_next_holders_clock_go_on():
    work, done = climbed(), TIME_OF_THE_COMMUNITY + hours(1)
    hear_handled(work, done, TIME_OF_THE_COMMUNITY + hours(3))
    events.resume_work(work, redo_ordered(done + hours(0.5)), a_moment(TIME_OF_THE_COMMUNITY + hours(4)))

    assert (work.cases.find(ISSUE).handled_at, work.clocks.find(TIER_2).state) == (None, ClockState.COUNTING)


@pytest.mark.parametrize(("is_late", "state"), [(False, ClockState.COUNTING), (True, ClockState.PAUSED)])
def test_who_says_so_later_sets_clocks_going_unless_it_was_done_again_since(is_late, state):
    work, done, again = opened(), MONDAY + days(1), MONDAY + days(3)
    hear_handled(work, done, done)
    redo = replace(redo_ordered(MONDAY + days(2)), handled_at=done)
    events.resume_work(work, redo, a_moment(redo.ordered_at))
    if is_late:
        hear_handled(work, again, again)
    events.resume_work(work, replace(redo, ordered_at=again), a_moment(again + hours(1)))

    assert {work.clocks.find(name).state for name in (RESIDENT, TIER_1)} == {state}


def test_a_climb_because_it_is_not_solved_says_so_and_what_was_handled_before_it_is_judged_no_more():
    work, done = opened(), MONDAY + days(2)
    hear_handled(work, done, done)
    unsolved = issue_evaluated(Outcome.UNSOLVED, done + days(1))
    events.take_evaluation(work, unsolved, a_moment(unsolved.evaluated_at))
    hear_handled(work, done + hours(20), done + days(2))

    assert [event.was_handled for event in work.outbox.of(told.IssueEscalatedV1)] == [True]
    assert work.cases.find(ISSUE).handled_at is None


@pytest.mark.parametrize(
    ("hear", "event"),
    [
        (events.wait_for_session, session_scheduled(MONDAY + days(16))),
        (events.carry_out_resolution, resolution_adopted(MONDAY + days(60))),
    ],
)
def test_time_that_was_due_before_the_limit_takes_the_breach_back_and_leaves_the_climb(hear, event):
    work = climbed()

    hear(work, event, a_moment(TIME_OF_THE_COMMUNITY + hours(3)))

    assert work.cases.find(ISSUE).unit_code == STREET
    assert "breach" in work.outbox.of(told.ClockCorrectedV1)[0].withdrawn
    assert "not_undone" in work.timeline.kinds


def test_time_that_was_over_by_the_limit_anyway_takes_nothing_back():
    work = climbed()

    events.wait_for_session(work, session_scheduled(MONDAY + days(1)), a_moment(TIME_OF_THE_COMMUNITY + hours(3)))

    assert work.outbox.of(told.ClockCorrectedV1) == []
    assert "not_undone" not in work.timeline.kinds


def test_after_a_relapse_the_residents_clock_counts_from_when_the_caller_told_of_it():
    work = opened()
    hear_handled(work, MONDAY + days(2), MONDAY + days(2))
    events.take_evaluation(work, issue_evaluated(Outcome.SOLVED, MONDAY + days(3)), a_moment(MONDAY + days(3)))

    events.take_urge(work, complaint_urged(MONDAY + days(9)), a_moment(MONDAY + days(10)))

    assert work.clocks.find(RESIDENT).ledger.counted(MONDAY + days(10)) == days(3)
