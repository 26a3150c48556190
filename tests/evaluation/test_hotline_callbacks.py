"""Who asks: the hotline's results are the samples, ours a self-check beside them; and each order ends by its own."""

from datetime import datetime
from typing import Any

import pytest

from services.evaluation.service import EvaluationService
from shared.auth import Role
from shared.contracts.evaluation import (
    CallbackCompletedV1,
    CallbackNotAskedV1,
    CallbackStartedV1,
    IssueEvaluatedV1,
    RedoOrderedV1,
)
from shared.contracts.intake import CallbackReceivedV1, ComplaintUrgedV1
from shared.contracts.vocabulary import Asker, Outcome, Solved
from shared.errors import Refused
from tests.evaluation.builders import LIMIT_OVER, MONDAY, closed, days, handled, hours, linked, reopened
from tests.harness import Bus

DONE = MONDAY + days(2)


@pytest.fixture
def bus(engine):
    return Bus(engine, EvaluationService, MONDAY)


def called(order_no="A", **changes: Any):
    """Somebody called the hotline."""
    return linked(order_no, channel="phone", **changes)


def result(
    at: datetime, solved: Solved | None = Solved.YES, order_no="A", *, round: int = 1, satisfaction: int = 5
) -> CallbackReceivedV1:
    said = {"contacted": True, "solved": solved, "satisfaction": satisfaction} if solved else {}
    return CallbackReceivedV1(
        order_no=order_no,
        issue_id="I-A",
        dispatch_no=1,
        round=round,
        called_at=at,
        reached=solved is not None,
        received_at=at,
        **said,
    )


def checks(bus: Bus, solved: str = "yes", order_no: str = "A", key: str = "k") -> Any:
    said = {"reached": True, "contacted": True, "solved": solved, "satisfaction": 5}
    return bus.ask("record_callback", said | {"order_no": order_no, "idempotency_key": key}, Role.CALLBACK_AGENT)


def survey(bus: Bus, order_no: str = "A") -> Any:
    return bus.ask("get_survey", {"order_no": order_no}, Role.CALLBACK_AGENT)


def rates(bus: Bus) -> Any:
    asked = {"from_at": MONDAY.isoformat(), "to_at": (MONDAY + days(90)).isoformat()}
    return bus.ask("get_rates", asked, Role.EVALUATOR)["overall"]


def test_the_hotline_is_told_by_when_to_ask_and_its_result_judges_the_handling(bus):
    bus.hear(called(), handled(DONE))
    bus.move(LIMIT_OVER)
    bus.hear(result(LIMIT_OVER))

    (started,) = bus.told(CallbackStartedV1)
    assert (started.asker, started.answer_by) == (Asker.HOTLINE, LIMIT_OVER + days(7))
    assert [one.outcome for one in bus.told(IssueEvaluatedV1)] == [Outcome.SOLVED]
    assert bus.move(LIMIT_OVER + days(20)) == 0


def test_where_both_asked_both_are_kept_and_the_hotlines_word_counts(bus):
    bus.hear(called(), handled(DONE))
    bus.move(LIMIT_OVER)
    checks(bus, "yes")
    assert (rates(bus)["samples"], bus.told(IssueEvaluatedV1)) == (0, [])
    bus.hear(result(LIMIT_OVER, Solved.NO, satisfaction=1), times=2)

    shown = survey(bus)
    assert shown["disagrees"]
    assert [(one["asked_by"], one["is_self_check"], one["solved"]) for one in shown["callbacks"]] == [
        ("hotline", False, "no"),
        ("own", True, "yes"),
    ]
    assert (rates(bus)["samples"], rates(bus)["resolution_ratio"]) == (1, 0.0)
    assert [one.order_nos for one in bus.told(RedoOrderedV1)] == [["A"]]


def test_a_self_check_may_be_made_once_it_is_handled_and_so_often_as_the_policy_tries(bus):
    bus.hear(called())
    with pytest.raises(Refused):
        checks(bus)
    bus.hear(handled(DONE))
    for number in range(3):
        checks(bus, key=f"k{number}")
    with pytest.raises(Refused):
        checks(bus, key="k3")

    assert survey(bus)["state"] == "waiting"
    assert [one.is_self_check for one in bus.told(CallbackCompletedV1)] == [True] * 3


def test_a_call_that_the_hotline_never_makes_ends_as_not_asked_and_stops_nothing(bus):
    bus.hear(called(), called("B"), handled(DONE))
    bus.move(LIMIT_OVER)
    bus.hear(result(LIMIT_OVER, order_no="B"))
    assert bus.told(IssueEvaluatedV1) == []
    bus.move(LIMIT_OVER + days(7))

    assert [(one.order_no, one.asker) for one in bus.told(CallbackNotAskedV1)] == [("A", Asker.HOTLINE)]
    (evaluated,) = bus.told(IssueEvaluatedV1)
    assert (evaluated.outcome, evaluated.asked, evaluated.reached) == (Outcome.SOLVED, 1, 1)
    assert {one.order_no: one.outcome for one in evaluated.orders} == {"A": Outcome.NOT_ASKED, "B": Outcome.SOLVED}


def test_a_call_that_our_agent_never_makes_ends_after_the_days_of_its_tries(bus):
    bus.hear(linked(), handled(DONE))
    bus.move(LIMIT_OVER)
    bus.move(LIMIT_OVER + days(3))

    assert [one.asker for one in bus.told(CallbackNotAskedV1)] == [Asker.OWN]
    assert [one.outcome for one in bus.told(IssueEvaluatedV1)] == [Outcome.NOT_ASKED]


def test_a_result_that_comes_after_its_time_is_a_sample_and_counts_for_the_order(bus):
    bus.hear(called(), handled(DONE))
    bus.move(LIMIT_OVER)
    bus.move(LIMIT_OVER + days(7))
    bus.hear(closed(LIMIT_OVER + days(7)), result(LIMIT_OVER + days(8)))

    assert (rates(bus)["samples"], survey(bus)["outcome"]) == (1, "solved")
    assert [one.outcome for one in bus.told(IssueEvaluatedV1)] == [Outcome.NOT_ASKED]


def test_a_result_before_the_handling_ended_is_a_sample_and_judges_nothing(bus):
    bus.hear(called())
    bus.move(LIMIT_OVER)
    bus.hear(result(LIMIT_OVER, Solved.NO))
    assert (rates(bus)["samples"], bus.told(RedoOrderedV1)) == (1, [])

    late = LIMIT_OVER + days(1)
    bus.hear(handled(late))
    bus.move(late)
    bus.hear(result(late + hours(1), round=2))

    assert [one.round for one in bus.told(CallbackStartedV1)] == [1, 2]
    assert [one.outcome for one in bus.told(IssueEvaluatedV1)] == [Outcome.SOLVED]
    assert (rates(bus)["samples"], rates(bus)["resolution_ratio"]) == (1, 1.0)


def test_twenty_say_no_and_work_is_redone_at_once_though_another_has_just_joined(bus):
    twenty = [f"O-{number:02}" for number in range(20)]
    bus.hear(*(called(order_no) for order_no in twenty), handled(DONE))
    bus.hear(called("Z", linked_at=LIMIT_OVER - hours(1), due_at=LIMIT_OVER + days(7)))
    bus.move(LIMIT_OVER)
    bus.hear(*(result(LIMIT_OVER, Solved.NO, order_no) for order_no in twenty))
    redos = bus.told(RedoOrderedV1)
    assert ([one.order_nos for one in redos], {one.handled_at for one in redos}) == ([[one] for one in twenty], {DONE})
    assert (rates(bus)["samples"], rates(bus)["resolution_ratio"]) == (20, 0.0)
    assert (survey(bus, "Z")["state"], survey(bus, "Z")["callbacks"]) == ("waiting", [])

    again = LIMIT_OVER + days(3)
    bus.hear(handled(again))
    bus.move(again)
    asked = [one.order_no for one in bus.told(CallbackStartedV1)]
    assert sorted(asked) == sorted(twenty * 2)

    bus.move(LIMIT_OVER + days(7))
    bus.hear(result(LIMIT_OVER + days(7), order_no="Z"))
    assert (rates(bus)["samples"], rates(bus)["resolution_ratio"]) == (21, round(1 / 21, 4))


def test_solved_for_those_asked_is_told_with_the_newcomer_who_keeps_the_issue_open(bus):
    bus.hear(called(), handled(DONE), called("Z", linked_at=DONE + days(1), due_at=LIMIT_OVER + days(7)))
    bus.move(LIMIT_OVER)
    bus.hear(result(LIMIT_OVER))
    bus.hear(handled(LIMIT_OVER + days(1)))
    bus.move(LIMIT_OVER + days(7))
    bus.hear(result(LIMIT_OVER + days(7), order_no="Z"))

    told = bus.told(IssueEvaluatedV1)
    assert [([order.order_no for order in one.orders], one.newcomers) for one in told] == [(["A"], 1), (["Z"], 0)]


def test_after_the_redo_only_the_caller_who_said_no_is_asked_again(bus):
    bus.hear(called(), called("B"), handled(DONE))
    bus.move(LIMIT_OVER)
    bus.hear(result(LIMIT_OVER), result(LIMIT_OVER, Solved.NO, "B"))
    again = LIMIT_OVER + days(3)
    bus.hear(handled(again))
    bus.move(again)
    bus.hear(result(again, order_no="B", round=2))

    assert [one.order_no for one in bus.told(CallbackStartedV1)] == ["A", "B", "B"]
    (evaluated,) = bus.told(IssueEvaluatedV1)
    assert [one.order_no for one in evaluated.orders] == ["A", "B"]


def test_a_caller_who_comes_back_reopens_that_order_and_nobody_elses_survey(bus):
    bus.hear(called(), called("B"), handled(DONE))
    bus.move(LIMIT_OVER)
    bus.hear(result(LIMIT_OVER), result(LIMIT_OVER, order_no="B"))
    back = LIMIT_OVER + days(5)
    bus.hear(closed(LIMIT_OVER), reopened(back, order_no="B"), handled(back + days(1), unit="110105017"))
    bus.move(back + days(1))

    assert [one.order_no for one in bus.told(CallbackStartedV1)] == ["A", "B", "B"]
    assert (survey(bus)["outcome"], survey(bus, "B")["outcome"]) == ("solved", None)


def test_who_calls_again_about_an_order_that_ended_in_an_open_issue_has_it_redone(bus):
    bus.hear(called(), called("B", due_at=LIMIT_OVER + days(5)), handled(DONE))
    bus.move(LIMIT_OVER)
    bus.hear(result(LIMIT_OVER))
    urged_at = LIMIT_OVER + days(1)
    bus.hear(ComplaintUrgedV1(order_no="A2", first_order_no="A", issue_id="I-A", urged_at=urged_at), times=2)

    assert [one.order_nos for one in bus.told(RedoOrderedV1)] == [["A"]]


def test_the_agents_list_has_those_we_are_to_ask_and_apart_from_them_those_whom_the_hotline_asks(bus):
    bus.hear(called(), linked("V"))
    bus.move(LIMIT_OVER)
    lists = {
        asker: bus.ask("list_callbacks_due", {"asker": asker}, Role.CALLBACK_AGENT)["callbacks"]
        for asker in ("own", "hotline")
    }

    assert {asker: [one["order_no"] for one in due] for asker, due in lists.items()} == {"own": ["V"], "hotline": ["A"]}


def test_a_result_that_is_heard_before_the_orders_link_waits_for_it(bus):
    bus.hear(result(MONDAY))
    assert bus.inbox_statuses() == ["early"]
    bus.hear(called())

    assert (bus.inbox_statuses(), rates(bus)["samples"]) == (["handled", "handled"], 1)


def test_who_says_no_while_it_is_done_again_has_it_done_for_them_as_well(bus):
    later = LIMIT_OVER + days(1)
    bus.hear(called(), called("B", due_at=later), handled(DONE))
    bus.move(LIMIT_OVER)
    bus.hear(result(LIMIT_OVER, Solved.NO))
    bus.move(later)
    bus.hear(result(later, Solved.NO, "B"))

    redos = [(one.order_no, one.order_nos, one.handled_at) for one in bus.told(RedoOrderedV1)]
    assert redos == [("A", ["A"], DONE), ("B", ["B"], DONE)]
    assert bus.told(IssueEvaluatedV1) == []


def test_who_says_no_after_the_redo_was_not_enough_either_orders_nothing_more(bus):
    again, later = LIMIT_OVER + days(3), LIMIT_OVER + days(9)
    bus.hear(called(), called("B", due_at=later), handled(DONE))
    bus.move(LIMIT_OVER)
    bus.hear(result(LIMIT_OVER, Solved.NO))
    bus.hear(handled(again))
    bus.move(again)
    bus.hear(result(again, Solved.NO, round=2))
    bus.move(later)
    bus.hear(result(later, Solved.NO, "B"))

    assert len(bus.told(RedoOrderedV1)) == 1
    assert [one.outcome for one in bus.told(IssueEvaluatedV1)] == [Outcome.UNSOLVED]
