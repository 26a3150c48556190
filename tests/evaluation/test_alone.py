"""An order that was handled alone is judged by its own caller, before and beside its issue."""

from typing import Any

import pytest

from services.evaluation.service import EvaluationService
from shared.auth import Role
from shared.contracts.dispatch import OrderHandledV1
from shared.contracts.evaluation import (
    CallbackNotAskedV1,
    CallbackStartedV1,
    IssueEvaluatedV1,
    OrderEvaluatedV1,
    RedoOrderedV1,
)
from shared.contracts.intake import ComplaintUrgedV1
from shared.contracts.vocabulary import Outcome, Solved
from tests.evaluation.builders import (
    COMMUNITY,
    LIMIT_OVER,
    MONDAY,
    STREET,
    closed,
    corrected,
    days,
    handled,
    hours,
    linked,
    reassigned,
    returned_down,
    unlinked,
)
from tests.evaluation.test_hotline_callbacks import result
from tests.harness import Bus

NOON = MONDAY + days(1)
DONE, DUE = NOON + hours(1), NOON + hours(2)
JOINS = linked("B", channel="phone", linked_at=NOON, dispatched_at=NOON, due_at=DUE, sla_class="emergency")


def alone(at=DONE, order_no="B", issue_id="I-A") -> OrderHandledV1:
    return OrderHandledV1(
        order_no=order_no, issue_id=issue_id, task_id="I-A/T2", unit_code=COMMUNITY, result="已救出", handled_at=at
    )


@pytest.fixture
def bus(engine):
    """An emergency has joined an issue that waits, and was handled within the hour."""
    made = Bus(engine, EvaluationService, MONDAY)
    made.hear(linked(channel="phone"))
    made.move(NOON)
    made.hear(JOINS)
    made.move(DONE)
    made.hear(alone(), times=2)
    return made


def ended(bus: Bus) -> list[Any]:
    return [(one.order_no, one.outcome) for one in bus.told(OrderEvaluatedV1)]


def test_its_caller_is_asked_when_its_limit_is_over_and_ends_it_while_the_issue_waits(bus):
    assert bus.told(CallbackStartedV1) == []
    bus.move(DUE)
    assert [one.order_no for one in bus.told(CallbackStartedV1)] == ["B"]
    bus.hear(result(DUE, order_no="B"), times=2)

    assert ended(bus) == [("B", Outcome.SOLVED)]
    assert bus.told(IssueEvaluatedV1) == []


def test_nobody_who_asks_ends_it_as_not_asked(bus):
    bus.move(DUE)
    bus.move(DUE + days(30))

    assert [one.order_no for one in bus.told(CallbackNotAskedV1)] == ["B"]
    assert ended(bus) == [("B", Outcome.NOT_ASKED)]


def test_who_says_no_has_it_done_again_every_time_and_then_ends_it(bus):
    for hour in (2, 4):
        at = NOON + hours(hour)
        bus.move(at)
        bus.hear(result(at, Solved.NO, "B", round=hour))
        bus.move(at + hours(1))
        bus.hear(alone(at + hours(1)))
        bus.move(at + hours(1.5))
    bus.hear(result(NOON + hours(6), order_no="B", round=6))

    redos = bus.told(RedoOrderedV1)
    assert [(one.order_nos, one.handled_at) for one in redos] == [(["B"], DONE), (["B"], NOON + hours(3))]
    assert [one.due_at - one.ordered_at for one in redos] == [hours(1)] * 2
    assert ended(bus) == [("B", Outcome.SOLVED)]


def test_the_issue_is_judged_with_it_later_and_names_it_again(bus):
    bus.move(DUE)
    bus.hear(result(DUE, order_no="B"))
    bus.hear(handled(MONDAY + days(2)))
    bus.move(LIMIT_OVER)
    bus.hear(result(LIMIT_OVER))

    assert [one.order_no for one in bus.told(CallbackStartedV1)] == ["B", "A"]
    (judged,) = bus.told(IssueEvaluatedV1)
    assert (judged.asked, judged.solved, [one.order_no for one in judged.orders]) == (2, 2, ["A", "B"])


def test_an_issue_of_which_no_other_order_is_left_is_judged_by_it(bus):
    bus.move(DUE)
    bus.hear(result(DUE, order_no="B"), unlinked("A", at=DUE))
    bus.hear(handled(MONDAY + days(2)))

    (judged,) = bus.told(IssueEvaluatedV1)
    assert (judged.outcome, [one.order_no for one in judged.orders]) == (Outcome.SOLVED, ["B"])


def test_handled_with_the_issue_before_its_caller_was_heard_it_is_judged_with_the_issue(bus):
    bus.hear(handled(DONE + hours(0.5)))
    bus.move(DUE)
    bus.hear(result(DUE, Solved.NO, "B"))

    assert ended(bus) == []
    (redo,) = bus.told(RedoOrderedV1)
    assert (redo.order_nos, redo.handled_at) == (["B"], DONE + hours(0.5))


def test_once_the_last_who_kept_it_open_has_left_an_issue_is_over_for_which_all_others_spoke(engine):
    bus = Bus(engine, EvaluationService, MONDAY)
    bus.hear(linked(channel="phone"), handled(MONDAY + hours(1)))
    bus.hear(linked("B", linked_at=LIMIT_OVER - hours(3), dispatched_at=LIMIT_OVER, due_at=LIMIT_OVER + days(7)))
    bus.move(LIMIT_OVER)
    bus.hear(result(LIMIT_OVER))
    bus.hear(unlinked("B", at=LIMIT_OVER))

    judged = bus.told(IssueEvaluatedV1)
    assert [(one.outcome, one.newcomers) for one in judged] == [(Outcome.SOLVED, 1), (Outcome.SOLVED, 0)]


def test_who_said_no_while_its_issue_was_being_handled_is_asked_about_what_is_done_again_and_not_before(bus):
    bus.move(DUE)
    bus.hear(result(DUE, Solved.NO, "B"))
    bus.hear(handled(DUE - hours(0.5)))
    assert [one.handled_at for one in bus.told(RedoOrderedV1)] == [DONE]

    bus.move(LIMIT_OVER)
    bus.hear(result(LIMIT_OVER))
    assert [one.order_no for one in bus.told(CallbackStartedV1)] == ["B", "A"]
    assert bus.told(IssueEvaluatedV1) == []

    bus.hear(handled(LIMIT_OVER + hours(1)))
    bus.move(LIMIT_OVER + hours(1))
    bus.hear(result(LIMIT_OVER + hours(1), order_no="B", round=2))
    assert [one.order_no for one in bus.told(CallbackStartedV1)] == ["B", "A", "B"]
    (judged,) = bus.told(IssueEvaluatedV1)
    assert (judged.outcome, [one.order_no for one in judged.orders]) == (Outcome.SOLVED, ["A", "B"])


def test_while_it_is_not_heard_it_keeps_the_issue_open_for_which_the_others_spoke(engine):
    bus = Bus(engine, EvaluationService, MONDAY)
    bus.hear(linked(channel="phone"), handled(MONDAY + hours(1)))
    bus.hear(linked("B", linked_at=LIMIT_OVER - hours(3), dispatched_at=LIMIT_OVER, due_at=LIMIT_OVER + days(7)))
    bus.hear(alone(LIMIT_OVER - hours(1)))
    bus.move(LIMIT_OVER)
    bus.hear(result(LIMIT_OVER))

    (judged,) = bus.told(IssueEvaluatedV1)
    assert ([one.order_no for one in judged.orders], judged.newcomers) == (["A"], 1)


def test_who_calls_again_after_the_end_of_it_has_it_done_again(bus):
    bus.move(DUE)
    bus.hear(result(DUE, order_no="B"))
    bus.hear(ComplaintUrgedV1(order_no="C", first_order_no="B", issue_id="I-A", urged_at=DUE + hours(1)))

    (redo,) = bus.told(RedoOrderedV1)
    assert (redo.order_nos, redo.handled_at) == (["B"], DONE)


def test_news_of_an_order_that_left_or_whose_issue_ended_change_nothing(bus):
    bus.hear(unlinked("B", at=DONE), closed(DUE))
    bus.hear(alone(DONE + hours(1)))
    bus.move(DUE + days(3))

    assert (ended(bus), bus.told(RedoOrderedV1)) == ([], [])


def test_news_of_one_whose_link_was_not_heard_yet_wait_for_it(engine):
    bus = Bus(engine, EvaluationService, MONDAY)
    bus.move(DUE)
    bus.hear(alone())
    bus.hear(JOINS)
    bus.move(DUE + hours(1))
    bus.hear(result(DUE + hours(1), order_no="B"))

    assert ended(bus) == [("B", Outcome.SOLVED)]


def test_what_the_wrong_unit_did_is_not_what_its_caller_is_asked_about(bus):
    bus.hear(unlinked("A", at=DONE), corrected(DONE, STREET, order_no="B", due_at=DUE))
    bus.move(DUE)
    bus.hear(result(DUE, order_no="B"))
    assert ended(bus) == []

    bus.hear(reassigned(DONE, STREET), handled(DUE + hours(1), STREET))
    bus.move(DUE + hours(1))
    assert [one.order_no for one in bus.told(CallbackStartedV1)] == ["B", "B"]


def test_after_a_move_it_is_still_its_own_handling_that_counts(bus):
    bus.hear(returned_down(DONE + hours(0.5)))
    bus.move(DUE)
    bus.hear(result(DUE, order_no="B"))

    assert ended(bus) == [("B", Outcome.SOLVED)]
    survey = bus.ask("get_survey", {"order_no": "B"}, Role.CALLBACK_AGENT)
    assert survey["state"] == "asked"
